//! The grammar of a chat line: a command's word and what follows it.

use strsim::{damerau_levenshtein, normalized_damerau_levenshtein};

use super::Command;
use crate::domain::service::{Service, catalogue};
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

/// Splits `contoso exo, microsoft teams` into the name and the services that stand at its end, in their order. The
/// first word is the name's, even where a service is called so.
pub fn name_and_services(words: &str) -> (&str, Vec<&'static Service>) {
    let mut name = words.trim();
    let mut services = Vec::new();
    while let Some((before, service)) = last_service(name) {
        if !services.iter().any(|known: &&Service| known.code == service.code) {
            services.insert(0, service);
        }
        name = without_joiner(before);
    }
    (name, services)
}

/// The longest service name at the end of `words`, and what stands before it.
fn last_service(words: &str) -> Option<(&str, &'static Service)> {
    let starts = words.char_indices().zip(words.chars().skip(1));
    let mut starts = starts.filter(|((_, before), c)| is_between(*before) && !is_between(*c));
    starts.find_map(|((at, before), _)| {
        let (name, service) = words.split_at_checked(at + before.len_utf8())?;
        // Two services that a comma parts are not one that is called like both.
        let is_one = !service.trim_end_matches(is_between).contains([',', ';', '、', '，']);
        Some((name, catalogue().service(service).filter(|_| is_one)?))
    })
}

/// Without the comma or the word that joins the next service to this one.
fn without_joiner(words: &str) -> &str {
    let words = words.trim_end_matches(is_between);
    let joined = ["and", "und", "et", "y", "&", "+"]
        .iter()
        .find_map(|joiner| words.strip_suffix(joiner).filter(|before| before.ends_with(is_between)));
    joined.map_or(words, |before| before.trim_end_matches(is_between))
}

fn is_between(c: char) -> bool {
    c.is_whitespace() || matches!(c, ',' | ';' | '、' | '，')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Ready, Topic, Usage};
    use super::*;

    static COMMANDS: &[Command] = &[
        Command {
            words: &["tenants", "portfolio"],
            usage: "",
            says: "",
            topic: Topic::Tenants,
            listed: false,
            hear: nothing,
        },
        Command {
            words: &["tenant", "show"],
            usage: "",
            says: "",
            topic: Topic::Tenants,
            listed: false,
            hear: nothing,
        },
        Command {
            words: &["note"],
            usage: "",
            says: "",
            topic: Topic::Tenants,
            listed: false,
            hear: nothing,
        },
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
    fn services_are_taken_from_the_end_of_a_name() {
        let split = |words| {
            let (name, services) = name_and_services(words);
            (name, services.iter().map(|service| service.code.as_str()).collect::<Vec<_>>())
        };
        assert_eq!(split("contoso exo"), ("contoso", vec!["exchange"]));
        assert_eq!(
            split("Contoso Ltd. exo, Microsoft Teams and SPO"),
            ("Contoso Ltd.", vec!["exchange", "teams", "sharepoint"])
        );
        assert_eq!(split("contoso exchange online exo"), ("contoso", vec!["exchange"]));
        assert_eq!(
            split("contoso exchange, outlook mobile"),
            ("contoso", vec!["exchange", "outlook_mobile"])
        );
        assert_eq!(split("contoso exchange outlook mobile"), ("contoso", vec!["outlook_mobile"]));
        assert_eq!(split("Teams"), ("Teams", vec![]));
        assert_eq!(split("contoso and sons"), ("contoso and sons", vec![]));
        assert_eq!(split(""), ("", vec![]));
    }

    #[test]
    fn the_first_colon_ends_the_name() {
        assert_eq!(name_and_text("contoso: at 10:30 we met"), Some(("contoso", "at 10:30 we met")));
        assert_eq!(name_and_text("コントソ：進行中"), Some(("コントソ", "進行中")));
        assert_eq!(name_and_text("contoso"), None);
    }

    proptest! {
        #[test]
        fn splitting_a_name_never_panics_and_invents_nothing(words in "\\PC{0,40}( exo| teams|, spo)?") {
            prop_assert!(words.contains(name_and_services(&words).0));
        }

        #[test]
        fn no_line_is_too_odd_to_be_heard(line in any::<String>()) {
            let _ = hear(&line, COMMANDS);
            let _ = name_and_text(&line);
        }
    }
}
