//! What is answered to everybody, known or not (checklist 45): greetings, thanks and help.

use std::sync::OnceLock;

use super::registry::COMMANDS;
use crate::cards::help::{Group, Help};
use crate::cards::{Card, RenderError, notices, render, welcome as faces};
use crate::domain::text::search_key;
use crate::turn::{Fault, Fields, Intent, Malformed, Ready, Reply, Topic, Turn};

/// The verb of the help button.
pub const HELP: &str = "help";

const GREETINGS: &[&str] = &[
    "hi",
    "hello",
    "hey",
    "hallo",
    "hola",
    "bonjour",
    "good morning",
    "good day",
    "moin",
    "servus",
    "start",
];
const THANKS: &[&str] =
    &["thanks", "thank you", "thx", "ty", "danke", "merci", "gracias", "great thanks", "many thanks"];
const HELPS: &[&str] = &[
    "help",
    "hilfe",
    "aide",
    "ayuda",
    "commands",
    "what can you do",
    "what can i ask",
    "menu",
    "hlep",
    "halp",
    "help me",
    "help please",
];
const CANCELS: &[&str] = &["cancel", "stop", "never mind", "nevermind"];

/// The answer to a line that asks nothing of a tenant; `None`: it is no such line.
pub fn answer(line: &str) -> Option<Result<Card, RenderError>> {
    let said = search_key(line);
    let is = |known: &[&str]| known.contains(&said.as_str());
    if said.is_empty() || is(HELPS) {
        Some(help())
    } else if is(GREETINGS)
        || said.strip_suffix(" tenantry").is_some_and(|greeting| GREETINGS.contains(&greeting))
    {
        Some(render(&notices::hello()))
    } else if is(THANKS) {
        Some(render(&notices::welcome()))
    } else if is(CANCELS) {
        Some(render(&notices::nothing_to_cancel()))
    } else {
        None
    }
}

/// All commands. It is the same for everybody, so it is made once.
pub fn help() -> Result<Card, RenderError> {
    static MADE: OnceLock<Card> = OnceLock::new();
    if let Some(card) = MADE.get() {
        return Ok(card.clone());
    }
    let group = |topic: Topic| {
        let commands = COMMANDS.iter().filter(|command| command.topic == topic);
        Group::new(topic.title(), &commands.map(|command| (command.usage, command.says)).collect::<Vec<_>>())
    };
    let groups = Topic::ALL.into_iter().map(group).filter(|group| !group.commands.is_empty()).collect();
    let card = render(&Help { groups, shared: false })?;
    Ok(MADE.get_or_init(|| card).clone())
}

/// The greeting of a personal chat.
pub fn welcome(name: &str) -> faces::Personal {
    faces::Personal { name: name.into(), listed: true }
}

/// The greeting of a team or a group chat.
pub fn team_welcome(added_by: &str) -> faces::Team {
    faces::Team { added_by: added_by.into(), bot: crate::NAME.into() }
}

/// What stands where a payload was read before and cannot be read again; never reached.
pub fn nothing() -> Box<dyn Ready> {
    Box::new(Nothing)
}

struct Nothing;

impl Intent for Nothing {
    const NAME: &'static str = "";

    fn from_fields(_: &Fields) -> Result<Self, Malformed> {
        Err(Malformed(""))
    }

    async fn run(self, _: &mut Turn) -> Result<Reply, Fault> {
        Ok(Reply::Silence)
    }
}
