//! What a card hands in: inputs and button data. Claims of the client, all of it (P6); unknown ones are
//! ignored (P7).

use serde_json::{Map, Value};
use uuid::Uuid;

use crate::domain::id::Id;

/// The fields of a submit, by name.
#[derive(Debug, Clone, Default)]
pub struct Fields(Map<String, Value>);

/// A field that no card of ours would send: altered, or from a card that is older than the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("malformed field {0}")]
pub struct Malformed(pub &'static str);

impl From<Map<String, Value>> for Fields {
    fn from(map: Map<String, Value>) -> Self {
        Self(map)
    }
}

impl Fields {
    /// What was typed, as text. Clients send numbers and ticks as text or as themselves; absent is empty.
    ///
    /// # Errors
    /// A list or an object, which no input hands in.
    pub fn text(&self, name: &'static str) -> Result<String, Malformed> {
        self.made(name).ok_or(Malformed(name))
    }

    /// The same for a name that is made, such as that of a milestone; `None`: a list or an object.
    pub fn made(&self, name: &str) -> Option<String> {
        match self.0.get(name) {
            None | Some(Value::Null) => Some(String::new()),
            Some(Value::String(text)) => Some(text.clone()),
            Some(Value::Number(number)) => Some(number.to_string()),
            Some(Value::Bool(tick)) => Some(tick.to_string()),
            Some(Value::Array(_) | Value::Object(_)) => None,
        }
    }

    /// An id that must be there.
    pub fn id<T>(&self, name: &'static str) -> Result<Id<T>, Malformed> {
        self.optional_id(name)?.ok_or(Malformed(name))
    }

    /// An id that may be absent.
    pub fn optional_id<T>(&self, name: &'static str) -> Result<Option<Id<T>>, Malformed> {
        let text = self.text(name)?;
        if text.is_empty() {
            return Ok(None);
        }
        // Only the form that we write ourselves: braces and URNs are somebody else's.
        let hyphenated = (text.len() == 36).then(|| Uuid::try_parse(&text).ok()).flatten();
        hyphenated.map(|id| Some(id.into())).ok_or(Malformed(name))
    }

    /// A whole number of at least `least` that must be there, such as a row version.
    pub fn whole(&self, name: &'static str, least: i64) -> Result<i64, Malformed> {
        let text = self.text(name)?;
        let plain = !text.is_empty() && text.len() <= 15 && text.bytes().all(|b| b.is_ascii_digit());
        let number = plain.then(|| text.parse().ok()).flatten().ok_or(Malformed(name))?;
        if number >= least { Ok(number) } else { Err(Malformed(name)) }
    }

    /// A page number; absent is the first.
    pub fn page(&self, name: &'static str) -> Result<i64, Malformed> {
        if self.text(name)?.is_empty() { Ok(1) } else { self.whole(name, 1) }
    }

    /// A tick.
    pub fn tick(&self, name: &'static str) -> Result<bool, Malformed> {
        match self.text(name)?.as_str() {
            "true" => Ok(true),
            "" | "false" => Ok(false),
            _ => Err(Malformed(name)),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::domain::id::Tenant;

    fn fields(value: &Value) -> Fields {
        value.as_object().cloned().unwrap_or_default().into()
    }

    #[test]
    fn sr_v1_inputs_come_as_text_or_as_themselves() {
        let sent = fields(&json!({ "a": 5, "b": "true", "c": true, "d": null, "v": "7" }));
        assert_eq!(sent.text("a").as_deref(), Ok("5"));
        assert_eq!(sent.tick("b"), Ok(true));
        assert_eq!(sent.tick("c"), Ok(true));
        assert_eq!(sent.text("d").as_deref(), Ok(""));
        assert_eq!(sent.whole("v", 1), Ok(7));
        assert_eq!(sent.page("page"), Ok(1));
    }

    #[test]
    fn sr_p7_what_no_card_of_ours_sends_is_malformed() {
        let sent = fields(&json!({
            "tenant": "{7e2a1c5e-0000-4000-8000-000000000001}", "list": ["a"], "object": {},
            "neg": -1, "float": 1.5, "exp": "1e3", "space": " 7", "zero": 0, "page": "x",
        }));
        assert!(sent.id::<Tenant>("tenant").is_err());
        assert!(sent.id::<Tenant>("absent").is_err());
        assert!(sent.text("list").is_err() && sent.text("object").is_err());
        for name in ["neg", "float", "exp", "space", "zero", "absent"] {
            assert_eq!(sent.whole(name, 1), Err(Malformed(name)));
        }
        assert!(sent.page("page").is_err());
    }

    proptest! {
        #[test]
        fn nothing_that_is_sent_makes_reading_panic(text in any::<String>()) {
            let sent = fields(&json!({ "x": text }));
            let _ = (sent.id::<Tenant>("x"), sent.whole("x", 0), sent.tick("x"), sent.page("x"));
        }
    }
}
