//! What can be asked. Made from the registry of intents, so that it lists what there is.

use serde::Serialize;

use super::view::View;

/// The commands, grouped.
#[derive(Debug, Clone, Serialize)]
pub struct Help {
    /// Groups in the order of a day's work.
    pub groups: Vec<Group>,
    /// Whether it stands in a channel or group chat: there one must mention the bot.
    pub shared: bool,
}

/// Commands about one thing.
#[derive(Debug, Clone, Serialize)]
pub struct Group {
    /// "Tenants".
    pub title: String,
    /// Its commands.
    pub commands: Vec<Command>,
}

/// One command.
#[derive(Debug, Clone, Serialize)]
pub struct Command {
    /// How it is typed: `note <tenant>: <text>`.
    pub usage: String,
    /// What it does, in one sentence.
    pub says: String,
}

impl Group {
    /// A group of (usage, says) pairs.
    pub fn new(title: &str, commands: &[(&str, &str)]) -> Self {
        let command =
            |(usage, says): &(&str, &str)| Command { usage: (*usage).to_owned(), says: (*says).to_owned() };
        Self { title: title.to_owned(), commands: commands.iter().map(command).collect() }
    }
}

impl View for Help {
    const TEMPLATE: &'static str = "help.json";

    fn samples() -> Vec<(&'static str, Self)> {
        let groups = vec![
            Group::new(
                "Tenants",
                &[
                    ("tenants", "Your active tenants, with the age of each status note."),
                    ("tenants inactive", "Your inactive tenants."),
                    ("tenants partner retail", "All tenants of your firm that match “retail”."),
                    ("tenant contoso", "One tenant: services, entitlements, assignments."),
                ],
            ),
            Group::new(
                "Status notes",
                &[
                    ("note contoso", "Opens the form for the two-weekly status note."),
                    ("note contoso: all on track", "Saves a note in one line and keeps the overall status."),
                    ("history contoso", "The notes of the last 30 days; longer with a range."),
                    ("undo", "Takes back your last change."),
                ],
            ),
            Group::new("Help", &[("help", "This list.")]),
        ];
        vec![
            ("empty", Self { groups: Vec::new(), shared: false }),
            ("typical", Self { groups: groups.clone(), shared: false }),
            ("channel", Self { groups, shared: true }),
        ]
    }

    fn summary(&self) -> String {
        "What you can ask Tenantry, with examples to copy.".to_owned()
    }
}
