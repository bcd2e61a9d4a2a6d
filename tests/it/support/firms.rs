//! Two competing firms with a customer in common: the world that most tests play in.

use chrono::{DateTime, Utc};
use uuid::{Uuid, uuid};

use super::database::TestDatabase;

/// The instant at which most tests play: a Saturday at noon in Europe.
pub fn noon() -> DateTime<Utc> {
    "2026-11-21T11:00:00Z".parse().unwrap()
}

/// A person who can sign in.
#[derive(Debug, Clone, Copy)]
pub struct Somebody {
    pub directory: Uuid,
    pub object: Uuid,
    pub id: Uuid,
    pub name: &'static str,
}

pub const ALPINE: Uuid = uuid!("aaaaaaaa-0000-4000-8000-000000000001");
pub const ALPINE_DIRECTORY: Uuid = uuid!("aaaaaaaa-0000-4000-8000-0000000000d1");
pub const BOREAL_DIRECTORY: Uuid = uuid!("bbbbbbbb-0000-4000-8000-0000000000d1");

/// P-FM of Contoso, Contoso Pharma and Fabrikam at Alpine.
pub const ANN: Somebody = Somebody {
    directory: ALPINE_DIRECTORY,
    object: uuid!("aaaaaaaa-0000-4000-8000-00000000000a"),
    id: uuid!("aaaaaaaa-0000-4000-8000-0000000000a1"),
    name: "Ann Okafor",
};
/// P-FE of Contoso at Alpine.
pub const JIRI: Somebody = Somebody {
    directory: ALPINE_DIRECTORY,
    object: uuid!("aaaaaaaa-0000-4000-8000-00000000000b"),
    id: uuid!("aaaaaaaa-0000-4000-8000-0000000000a2"),
    name: "Jiří Novák",
};
/// Admin and team lead of Alpine, assigned to nothing.
pub const MEG: Somebody = Somebody {
    directory: ALPINE_DIRECTORY,
    object: uuid!("aaaaaaaa-0000-4000-8000-00000000000c"),
    id: uuid!("aaaaaaaa-0000-4000-8000-0000000000a3"),
    name: "Meg Bowen",
};
/// P-FM of the competitor.
pub const BOB: Somebody = Somebody {
    directory: BOREAL_DIRECTORY,
    object: uuid!("bbbbbbbb-0000-4000-8000-00000000000a"),
    id: uuid!("bbbbbbbb-0000-4000-8000-0000000000a1"),
    name: "Bob CANARY",
};
/// On nobody's list, in Alpine's directory.
pub const GUEST: Somebody = Somebody {
    directory: ALPINE_DIRECTORY,
    object: uuid!("aaaaaaaa-0000-4000-8000-0000000000ff"),
    id: Uuid::nil(),
    name: "A Guest",
};
/// Of a directory that belongs to no firm.
pub const STRANGER: Somebody = Somebody {
    directory: uuid!("cccccccc-0000-4000-8000-0000000000d1"),
    object: uuid!("cccccccc-0000-4000-8000-00000000000a"),
    id: Uuid::nil(),
    name: "A Stranger",
};

/// A customer of both firms.
pub const CONTOSO: Uuid = uuid!("11111111-0000-4000-8000-000000000001");
pub const FABRIKAM: Uuid = uuid!("11111111-0000-4000-8000-000000000003");
/// On Alpine's Partner List, assigned to nobody of the above.
pub const NORTHWIND: Uuid = uuid!("11111111-0000-4000-8000-000000000004");
/// The competitor's alone.
pub const SECRET: Uuid = uuid!("22222222-0000-4000-8000-000000000001");
/// The competitor's contact there.
pub const CAROL: Uuid = uuid!("bbbbbbbb-0000-4000-8000-0000000000c1");
/// Nobody's.
pub const ABSENT: Uuid = uuid!("99999999-0000-4000-8000-000000000009");

/// Fills an empty database with the two firms. Everything of the competitor carries the word CANARY.
pub async fn settle(database: &TestDatabase) {
    database.run(include_str!("firms.sql")).await;
}
