//! Answers to questions: `help <question>`, a line that looks like a question, and the act that an answer ends with.
//! They are the same for everybody, so they need no turn; what the act does is checked in its own.

use super::registry::{COMMANDS, uncalled};
use super::smalltalk;
use crate::cards::answer::Answer;
use crate::cards::{Card, RenderError, help_notices, notices, render};
use crate::domain::help::{Flaw, Found, Topic, Topics};
use crate::domain::text::search_key;
use crate::turn::words::{Heard, hear};
use crate::turn::{Fields, Ready};

/// The verb of the button that does what an answer is about.
pub const DO: &str = "help.do";

/// Words before a question.
const ASKING: &[&str] = &["help", "hilfe", "aide", "ayuda", "hlep", "halp"];
/// Words that a question begins with.
const QUESTIONS: &[&str] = &[
    "what", "whats", "how", "when", "where", "which", "who", "whose", "why", "can", "could", "may", "must",
    "should", "shall", "do", "does", "did", "is", "are", "was", "were", "will", "am", "wie", "wann", "wo",
    "wer", "warum",
];

/// The answer to a line that asks something; `None`: it does not, or a command does what it says.
pub fn answer(topics: &Topics, line: &str) -> Option<Result<Card, RenderError>> {
    let (first, rest) = line.trim().split_once(char::is_whitespace).unwrap_or((line.trim(), ""));
    if ASKING.contains(&search_key(first).as_str()) && !rest.is_empty() {
        return Some(explain(topics, rest.trim()));
    }
    let mark = line.trim_end().ends_with(['?', '？']);
    let long = line.split_whitespace().nth(2).is_some();
    // What stands behind a colon is to be written down.
    let dictates = line.contains([':', '：', '\n']);
    match hear(line, COMMANDS) {
        // A line that begins as a command is one, unless a topic is surely meant: “Who maintains a service?”
        Heard::Command(..) if !mark || !long || dictates => None,
        Heard::Command(..) => match topics.find(line) {
            Found::Sure(topic) => Some(card(topic)),
            Found::Perhaps(_) | Found::Nothing => None,
        },
        Heard::Unknown(_) if uncalled(line).is_some() => None,
        Heard::Unknown(_) => match topics.find(line) {
            Found::Sure(topic) if mark || long => Some(card(topic)),
            Found::Perhaps(near) if mark || asks(first) => Some(render(&help_notices::did_you_mean(&near))),
            Found::Nothing if asks(first) => Some(render(&help_notices::no_answer())),
            _ => None,
        },
    }
}

fn asks(first: &str) -> bool {
    QUESTIONS.contains(&search_key(first).as_str())
}

/// What `help <asked>` answers: of a command's word how it is written, else the topic.
fn explain(topics: &Topics, asked: &str) -> Result<Card, RenderError> {
    let found = topics.find(asked);
    let word = search_key(asked);
    if let Some(command) = COMMANDS.iter().find(|command| command.words.contains(&word.as_str())) {
        let near = match found {
            Found::Sure(topic) => vec![topic],
            Found::Perhaps(near) => near,
            Found::Nothing => Vec::new(),
        };
        return render(&help_notices::command(command.usage, command.says, &near));
    }
    match found {
        Found::Sure(topic) => card(topic),
        Found::Perhaps(near) => render(&help_notices::did_you_mean(&near)),
        Found::Nothing => render(&help_notices::no_answer()),
    }
}

fn card(topic: &Topic) -> Result<Card, RenderError> {
    render(&Answer::new(topic, DO))
}

/// What a help button shows: the topic that it names, or else what can be asked.
pub fn show(topics: &Topics, fields: &Fields) -> Result<Card, RenderError> {
    let name = fields.text("topic").unwrap_or_default();
    match topics.topic(&name) {
        Some(topic) => card(topic),
        None if name.is_empty() => smalltalk::help(),
        None => render(&notices::outdated_card()),
    }
}

/// What the button of an answer leads to.
pub enum Act {
    /// This is done.
    Done(Box<dyn Ready>),
    /// This is shown: something is still to be chosen, or the topic is not there any more.
    Shown(Result<Card, RenderError>),
}

/// Reads the button of an answer.
pub fn act(topics: &Topics, fields: &Fields) -> Act {
    let text = |name| fields.text(name).unwrap_or_default();
    let Some((topic, act)) =
        topics.topic(&text("topic")).and_then(|topic| Some((topic, topic.act.as_ref()?)))
    else {
        return Act::Shown(render(&notices::outdated_card()));
    };
    let (tenant, service) = (text("tenant"), text("service"));
    if (act.asks_tenant() && tenant.is_empty()) || (act.asks_service() && service.is_empty()) {
        return Act::Shown(render(&Answer::new(topic, DO).unfilled(&tenant, &service)));
    }
    match ready(&act.filled(&tenant, &service)) {
        Some(ready) => Act::Done(ready),
        None => Act::Shown(render(&notices::outdated_card())),
    }
}

/// What a chat line does; `None`: it is no whole command.
fn ready(line: &str) -> Option<Box<dyn Ready>> {
    match hear(line, COMMANDS) {
        Heard::Command(command, rest) => (command.hear)(rest).ok(),
        Heard::Unknown(_) => None,
    }
}

/// The topics whose act is no command.
pub fn flaws(topics: &Topics) -> Vec<Flaw> {
    let broken = |topic: &&Topic| {
        topic.act.as_ref().is_some_and(|act| ready(&act.filled("contoso", "exchange")).is_none())
    };
    let flaw = |topic: &Topic| Flaw {
        file: format!("{}.json", topic.name),
        field: "act.line".to_owned(),
        advice: "give a whole command, as in note <tenant> or ent <tenant> <service>".to_owned(),
    };
    topics.all().iter().filter(broken).map(flaw).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(line: &str) -> String {
        let topics = Topics::shipped();
        answer(&topics, line).map(|card| card.unwrap().summary).unwrap_or_default()
    }

    #[test]
    fn every_shipped_topic_ends_with_a_whole_command() {
        assert_eq!(flaws(&Topics::shipped()), []);
    }

    #[test]
    fn a_command_stays_one_though_it_may_be_asked_as_a_question() {
        for line in [
            "undo?",
            "gaps?",
            "who contoso exo?",
            "why contoso?",
            "who is who?",
            "tenants inactive?",
            "history contoso",
            "note contoso: may we remove the P-RM?",
            "contoso exo: 300 in progress why not",
            "start contoso exo",
            "next 14d",
            "contoso",
            "contoso?",
            "forecast contoso teams 15% 1 mar?",
            "find fabrikam?",
            "stats?",
        ] {
            assert_eq!(says(line), "", "{line}");
        }
        assert!(says("Who maintains a service?").starts_with("Who maintains a service?"));
        assert!(says("Remove the P-RM?").starts_with("May I remove the P-RM?"));
    }

    #[test]
    fn help_with_a_commands_word_says_how_it_is_written() {
        assert!(says("help note").contains("note <tenant>: <text>"));
        assert!(says("help undo").contains("how it is written"));
        assert!(says("help how do I undo something").starts_with("How do I undo"));
        assert_eq!(says("help"), "");
    }
}
