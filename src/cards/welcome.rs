//! The one greeting after an installation: value, how to start, main commands, limits here (checklist 74).

use serde::Serialize;

use super::sample::{HEBREW, HOSTILE};
use super::text::UserText;
use super::view::View;

/// The greeting in a personal chat.
#[derive(Debug, Clone, Serialize)]
pub struct Personal {
    /// The person's display name; empty when not known.
    pub name: UserText,
    /// Whether the person is on a partner firm's list. If not, the card says who can change that (checklist 78).
    pub listed: bool,
}

/// The greeting in a team or a group chat.
#[derive(Debug, Clone, Serialize)]
pub struct Team {
    /// Display name of whoever added the bot; empty when not known. The mention itself, text and entity,
    /// belongs to the message that carries the card (checklist 76, O3).
    pub added_by: UserText,
    /// The bot's name, as it must be mentioned.
    pub bot: UserText,
}

impl View for Personal {
    const TEMPLATE: &'static str = "welcome.personal.json";

    fn samples() -> Vec<(&'static str, Self)> {
        let greeting = |name: &str, listed| Self { name: name.into(), listed };
        vec![
            ("empty", greeting("", true)),
            ("typical", greeting("Ann Okafor", true)),
            ("not_listed", greeting("Ann Okafor", false)),
            ("right_to_left", greeting(HEBREW, true)),
            ("hostile", greeting(HOSTILE, true)),
        ]
    }

    fn summary(&self) -> String {
        "Tenantry is here: see your tenants, write the status note, read its history.".to_owned()
    }
}

impl View for Team {
    const TEMPLATE: &'static str = "welcome.team.json";

    fn samples() -> Vec<(&'static str, Self)> {
        let greeting = |added_by: &str| Self { added_by: added_by.into(), bot: "Tenantry".into() };
        vec![
            ("empty", greeting("")),
            ("typical", greeting("Ann Okafor")),
            ("right_to_left", greeting(HEBREW)),
            ("hostile", greeting(HOSTILE)),
        ]
    }

    fn summary(&self) -> String {
        "Tenantry is here: mention it to look at a tenant together.".to_owned()
    }
}
