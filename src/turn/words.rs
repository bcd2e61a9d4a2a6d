//! The grammar of a chat line: a command's word and what follows it.

use strsim::{damerau_levenshtein, normalized_damerau_levenshtein};

use super::Command;
use crate::domain::text::search_key;

/// How a line was understood.
#[derive(Debug)]
pub enum Heard<'a> {
    /// A command, and the words after it.
    Command(&'static Command, &'a str),
    /// Nothing that we know; perhaps this command was meant.
    Unknown(Option<&'static Command>),
}

/// The command that `line` begins with. One typing error in a word of four letters or more is forgiven.
pub fn hear<'a>(line: &'a str, commands: &'static [Command]) -> Heard<'a> {
    let line = line.trim().trim_start_matches('/');
    let (word, rest) = split_word(line);
    let word = search_key(word);
    let known = |wanted: &dyn Fn(&str) -> bool| {
        commands.iter().find(|command| command.words.iter().any(|other| wanted(other)))
    };
    let meant = known(&|other| other == word)
        .or_else(|| known(&|other| word.chars().count() >= 4 && damerau_levenshtein(other, &word) == 1));
    match meant {
        Some(command) => Heard::Command(command, rest),
        None => Heard::Unknown(known(&|other| normalized_damerau_levenshtein(other, &word) >= 0.5)),
    }
}

/// The first word, which a colon may end, and the rest.
fn split_word(line: &str) -> (&str, &str) {
    let end = line.find(|c: char| c.is_whitespace() || c == ':').unwrap_or(line.len());
    let (word, rest) = line.split_at(end);
    (word, rest.trim_start_matches(':').trim())
}

/// Splits `contoso: all is well` into the name and the text; `None`: there is no colon.
pub fn name_and_text(words: &str) -> Option<(&str, &str)> {
    // A full-width colon is what a Japanese keyboard gives.
    let (name, text) = words.split_once([':', '：'])?;
    Some((name.trim(), text.trim()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Ready, Usage};
    use super::*;

    static COMMANDS: &[Command] = &[
        Command { words: &["tenants", "portfolio"], usage: "", says: "", hear: nothing },
        Command { words: &["tenant", "show"], usage: "", says: "", hear: nothing },
        Command { words: &["note"], usage: "", says: "", hear: nothing },
    ];

    fn nothing(_: &str) -> Result<Box<dyn Ready>, Usage> {
        Err(Usage)
    }

    fn heard(line: &str) -> (&'static str, String) {
        match hear(line, COMMANDS) {
            Heard::Command(command, rest) => (command.word(), rest.to_owned()),
            Heard::Unknown(meant) => ("unknown", meant.map(|c| c.word().to_owned()).unwrap_or_default()),
        }
    }

    #[test]
    fn case_slash_synonyms_and_one_typing_error_are_understood() {
        assert_eq!(heard("TENANTS"), ("tenants", String::new()));
        assert_eq!(heard("/tenant  contoso ltd "), ("tenant", "contoso ltd".to_owned()));
        assert_eq!(heard("portfolio"), ("tenants", String::new()));
        assert_eq!(heard("tenatn contoso"), ("tenant", "contoso".to_owned()));
        assert_eq!(heard("note: contoso"), ("note", "contoso".to_owned()));
        assert_eq!(heard("not contoso"), ("unknown", "note".to_owned()));
        assert_eq!(heard("what is the weather"), ("unknown", String::new()));
    }

    #[test]
    fn the_first_colon_ends_the_name() {
        assert_eq!(name_and_text("contoso: at 10:30 we met"), Some(("contoso", "at 10:30 we met")));
        assert_eq!(name_and_text("コントソ：進行中"), Some(("コントソ", "進行中")));
        assert_eq!(name_and_text("contoso"), None);
    }

    proptest! {
        #[test]
        fn no_line_is_too_odd_to_be_heard(line in any::<String>()) {
            let _ = hear(&line, COMMANDS);
            let _ = name_and_text(&line);
        }
    }
}
