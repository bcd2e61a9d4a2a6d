//! A person's own data: found, given out, erased, and never back by itself (DOMAIN 3.11, G1 to G4, C4).

mod columns;
mod erase;
mod requests;
mod traces;

use chrono::TimeDelta;
use sqlx::AssertSqlSafe;
use tenantry::store::database::{Role, pool};

use crate::support::bot::{Call, Shown, World};
use crate::support::firms::{ANN, MEG, Somebody};

/// Runs statements as `who` would through the program: in their scope, within a change of their own.
async fn as_a_person(world: &World, who: Somebody, statements: &[&str]) {
    let pool = pool(world.database.url(), Role::App, 1).unwrap();
    let mut turn = pool.begin().await.unwrap();
    let preamble = format!(
        "select open_scope('{}', '{}');
         insert into change (partner_id, id, turn_id, person_id, conversation_id, tenant_id, steps, created_at, act)
         values (current_partner(), gen_random_uuid(), gen_random_uuid(), '{}', 'a:{}', '11111111-0000-4000-8000-000000000001', '[]', '2026-11-20T09:00Z', 'contact.save');
         select set_config('app.change_id', (select id::text from change order by id desc limit 1), true);",
        who.directory, who.object, who.id, who.object
    );
    for statement in std::iter::once(preamble.as_str()).chain(statements.iter().copied()) {
        sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut *turn).await.unwrap();
    }
    turn.commit().await.unwrap();
}

/// A contact of Contoso at the firm of `who`, entered through the program.
fn contact(id: u8, name: &str, email: &str, more: &str) -> String {
    format!(
        "insert into contact (partner_id, id, tenant_id, contact_type, name, email, title, phone, note)
         values (current_partner(), '44444444-0000-4000-8000-0000000000{id:02}', '11111111-0000-4000-8000-000000000001',
            'customer', '{name}', '{email}', {more})"
    )
}

/// What the clerk and the outbox send.
async fn outcome(world: &World) -> Vec<Shown> {
    world.clerk.work_once().await.unwrap();
    cards(world).await
}

/// The cards that are sent.
async fn cards(world: &World) -> Vec<Shown> {
    let card = |call: Call| {
        let shown = call.body.pointer("/attachments/0")?;
        let is_card = shown["contentType"] == "application/vnd.microsoft.card.adaptive";
        is_card.then(|| Shown(shown["content"].clone()))
    };
    world.sent().await.into_iter().filter_map(card).collect()
}

/// `privacy erase <who>`, confirmed by the firm's admin; what came of it.
async fn erase(world: &World, who: &str) -> Vec<Shown> {
    let chat = world.chat(MEG);
    let question = chat.says(&format!("privacy erase {who}")).await.remove(0);
    assert!(question.says("cannot be undone"), "{}", question.words());
    let ordered = chat.presses("confirm", question.button("confirm")).await;
    assert!(ordered.says("being erased"), "{}", ordered.words());
    world.sent().await;
    let mut said = outcome(world).await;
    // A conversation takes only so many messages at a time (R5).
    for _ in 0..10 {
        world.later(TimeDelta::seconds(40));
        said.extend(cards(world).await);
    }
    said
}

/// Ann keeps notes, so her conversation is known.
async fn note(world: &World, words: &str) {
    let saved = world.chat(ANN).says(&format!("note contoso.onmicrosoft.com: {words}")).await;
    assert!(saved[0].says("Saved"), "{}", saved[0].words());
}
