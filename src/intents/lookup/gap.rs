//! Gaps that are looked up: `gaps`, `red`, `contoso gaps`, `rule:note`. Each is a card of its own.

use super::super::compliance::{SEE_WHY, Single, is_condition, to_why};
use super::hit::{BELOW, HEADING, line};
use crate::cards::Button;
use crate::cards::compliance::{Gaps, Row, since};
use crate::cards::{render, text};
use crate::domain::service::catalogue;
use crate::domain::text::search_key;
use crate::turn::{Fault, Hit, Turn};

/// What was typed, as words that ask for gaps.
pub(super) struct Asked {
    /// What stands besides, for the filter.
    pub words: String,
    /// Whether it can mean nothing else: a customer may be called `red`.
    pub surely: bool,
}

/// Whether the words ask for gaps.
pub(super) fn asked(typed: &str) -> Option<Asked> {
    let is = |word: &str, names: &[&str]| names.contains(&search_key(word).as_str());
    let surely = typed.split_whitespace().any(|word| is(word, &["gaps", "gap"]) || is_condition(word));
    let red = typed.split_whitespace().any(|word| is(word, &["red"]));
    let words: Vec<&str> = typed.split_whitespace().filter(|word| !is(word, &["gaps", "gap"])).collect();
    (surely || red).then(|| Asked { words: words.join(" "), surely })
}

/// The card of a gap: of whom, since when, by which rule, and the line that mends it.
pub(super) fn hit(turn: &Turn, Single { tenant, customer, gap }: &Single) -> Result<Hit, Fault> {
    let service = gap.service.as_deref().map(|code| catalogue().service_name(code));
    let about: Vec<&str> = [customer.as_str()].into_iter().chain(service).collect();
    let about = about.join(" · ");
    let card = Gaps::new("What is missing")
        .about(customer)
        .rows(vec![Row::gap(customer, gap).explained(gap)])
        .button(Button { title: SEE_WHY.into(), ..to_why(*tenant) })
        .hint(format!("From Tenantry, as of {}.", text::day(turn.today().0)));
    let below = format!("{} · {}", gap.rule.name(), since(gap));
    Ok(Hit { card: render(&card)?, title: line(&about, HEADING), text: line(&below, BELOW) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_asked_for_by_their_name() {
        let read = |typed| asked(typed).map(|asked| (asked.words, asked.surely));
        assert_eq!(read("gaps"), Some((String::new(), true)));
        assert_eq!(read("Contoso  GAPS exo"), Some(("Contoso exo".to_owned(), true)));
        assert_eq!(read("red"), Some(("red".to_owned(), false)));
        assert_eq!(read("red cross"), Some(("red cross".to_owned(), false)));
        assert_eq!(read("rule:note contoso"), Some(("rule:note contoso".to_owned(), true)));
        assert_eq!(read("redmond"), None);
        assert_eq!(read("note:contoso"), None);
    }
}
