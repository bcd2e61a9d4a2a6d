//! A topic's file, read strictly: what is wrong is named by its field, everything at once.

use chrono::NaiveDate;
use serde_json::{Map, Value};

use super::{Act, Flaw, Link, Topic};
use crate::domain::text::clean;

/// Most characters of a title: it stands on a button.
const TITLE_MAX: usize = 80;
/// Most other ways to ask, and most characters of one.
const ALSO_MAX: (usize, usize) = (40, 200);
/// Most characters of an answer: with all else it has to fit a card (O4).
const ANSWER_MAX: usize = 3_000;
/// Most characters of a source.
const SOURCE_MAX: usize = 300;
/// Most characters of a chat line.
const LINE_MAX: usize = 200;
/// Most links: with the act's button they make one row.
const LINKS_MAX: usize = 4;
/// Most characters of an address.
const URL_MAX: usize = 500;

/// The topic of this file.
///
/// # Errors
/// Everything that is wrong with it.
pub(super) fn topic(file: &str, content: &str) -> Result<Topic, Vec<Flaw>> {
    let mut reader = Reader { file, flaws: Vec::new() };
    let name = reader.name();
    let Some(fields) = reader.object(content) else { return Err(reader.flaws) };
    reader.known("", &fields, &["title", "also", "answer", "act", "links", "source", "as_of"]);
    let topic = Topic {
        name,
        title: reader.line("title", fields.get("title"), TITLE_MAX),
        also: reader.also(fields.get("also")),
        answer: reader.text("answer", fields.get("answer"), ANSWER_MAX),
        act: fields.get("act").map(|act| reader.act(act)),
        links: reader.links(fields.get("links")),
        source: reader.line("source", fields.get("source"), SOURCE_MAX),
        as_of: reader.day("as_of", fields.get("as_of")),
    };
    if reader.flaws.is_empty() { Ok(topic) } else { Err(reader.flaws) }
}

struct Reader<'a> {
    file: &'a str,
    flaws: Vec<Flaw>,
}

impl Reader<'_> {
    fn flaw(&mut self, field: &str, advice: impl Into<String>) {
        let (file, field) = (self.file.to_owned(), field.to_owned());
        self.flaws.push(Flaw { file, field, advice: advice.into() });
    }

    fn name(&mut self) -> String {
        let name = self.file.strip_suffix(".json").unwrap_or_default();
        let sign = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if name.is_empty() || name.len() > 60 || !name.chars().all(sign) {
            self.flaw("", "name it with small letters, digits and -, at most 60 of them, and .json");
        }
        name.to_owned()
    }

    fn object(&mut self, content: &str) -> Option<Map<String, Value>> {
        match serde_json::from_str(content.trim_start_matches('\u{FEFF}')) {
            Ok(Value::Object(fields)) => return Some(fields),
            Ok(_) => self.flaw("", "must be one JSON object"),
            Err(error) => self.flaw("", format!("is no JSON: {error}")),
        }
        None
    }

    /// A text that must be there, of at most `max` characters.
    fn text(&mut self, field: &str, value: Option<&Value>, max: usize) -> String {
        let text = value.and_then(Value::as_str).and_then(|text| clean(text).ok()).unwrap_or_default();
        if !(1..=max).contains(&text.chars().count()) {
            self.flaw(field, format!("give a text of 1 to {max} characters, without control characters"));
        }
        text
    }

    /// A text on one line.
    fn line(&mut self, field: &str, value: Option<&Value>, max: usize) -> String {
        let text = self.text(field, value, max);
        if text.contains('\n') {
            self.flaw(field, "write it on one line");
        }
        text
    }

    fn also(&mut self, value: Option<&Value>) -> Vec<String> {
        let (count, max) = ALSO_MAX;
        let ways = self.list("also", value, count).iter().enumerate();
        ways.map(|(at, way)| self.line(&format!("also[{at}]"), Some(way), max)).collect()
    }

    fn act(&mut self, value: &Value) -> Act {
        self.known("act", value.as_object().unwrap_or(&Map::new()), &["title", "line"]);
        Act {
            title: self.line("act.title", value.get("title"), TITLE_MAX),
            line: self.line("act.line", value.get("line"), LINE_MAX),
        }
    }

    fn links(&mut self, value: Option<&Value>) -> Vec<Link> {
        let links = self.list("links", value, LINKS_MAX).iter().enumerate();
        links.map(|(at, link)| self.link(&format!("links[{at}]"), link)).collect()
    }

    fn link(&mut self, field: &str, value: &Value) -> Link {
        self.known(field, value.as_object().unwrap_or(&Map::new()), &["title", "url"]);
        let link = Link {
            title: self.line(&format!("{field}.title"), value.get("title"), TITLE_MAX),
            url: self.line(&format!("{field}.url"), value.get("url"), URL_MAX),
        };
        if !link.url.is_empty() && !is_https(&link.url) {
            self.flaw(&format!("{field}.url"), "give an address that begins with https://");
        }
        link
    }

    fn day(&mut self, field: &str, value: Option<&Value>) -> NaiveDate {
        let text = value.and_then(Value::as_str).unwrap_or_default();
        NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap_or_else(|_| {
            self.flaw(field, "give a day as in 2026-11-29");
            NaiveDate::default()
        })
    }

    /// A list that may be absent.
    fn list<'v>(&mut self, field: &str, value: Option<&'v Value>, max: usize) -> &'v [Value] {
        match value {
            None => &[],
            Some(Value::Array(items)) if items.len() <= max => items,
            Some(_) => {
                self.flaw(field, format!("give a list of at most {max}"));
                &[]
            }
        }
    }

    /// What nobody reads is most often misspelt. `of`: the object that has the fields; empty for the topic itself.
    fn known(&mut self, of: &str, fields: &Map<String, Value>, known: &[&str]) {
        for field in fields.keys().filter(|field| !known.contains(&field.as_str())) {
            let path = if of.is_empty() { field.clone() } else { format!("{of}.{field}") };
            self.flaw(&path, "is not a field here");
        }
    }
}

/// An address with a host, without a name or password in it.
fn is_https(url: &str) -> bool {
    let host = url.strip_prefix("https://").and_then(|rest| rest.split(['/', '?', '#']).next());
    host.is_some_and(|host| host.contains('.') && !host.contains('@')) && !url.contains(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOUND: &str = r#"{"title": "Who buys the coffee?", "also": ["coffee"], "answer": "The office.\n\nAlways.",
        "act": {"title": "Look", "line": "who <tenant>"}, "links": [{"title": "More", "url": "https://example.com/a"}],
        "source": "House rules", "as_of": "2026-11-29"}"#;

    fn flaws(file: &str, content: &str) -> Vec<String> {
        topic(file, content).err().unwrap_or_default().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_topic_is_read() {
        let topic = topic("coffee.json", SOUND).unwrap();
        assert_eq!((topic.name.as_str(), topic.as_of.to_string().as_str()), ("coffee", "2026-11-29"));
        assert_eq!(topic.act.unwrap().filled("contoso", "exo"), "who contoso");
    }

    #[test]
    fn everything_that_is_wrong_is_named_by_file_and_field() {
        let wrong = SOUND
            .replace("https://", "http://")
            .replace("2026-11-29", "last week")
            .replace("\"source\"", "\"sauce\"")
            .replace("\"coffee\"", "7");
        let fields: Vec<String> = flaws("Coffee.json", &wrong)
            .iter()
            .map(|flaw| flaw.split(": ").take(2).collect::<Vec<_>>().join(": "))
            .collect();
        let named = ["name it with small letters, digits and -, at most 60 of them, and .json"]
            .into_iter()
            .chain(["sauce", "also[0]", "links[0].url", "source", "as_of"]);
        assert_eq!(fields, named.map(|field| format!("Coffee.json: {field}")).collect::<Vec<_>>());
        assert!(flaws("coffee.json", "[]")[0].contains("one JSON object"));
        assert!(flaws("coffee.json", "{")[0].contains("line 1"));
        let signed_in = SOUND.replace("https://example.com", "https://a@b.com");
        assert_eq!(flaws("coffee.json", &signed_in).len(), 1);
    }
}
