//! A card in a shared place that shows each of some readers a view of their own: their clients ask for it.

use serde_json::json;
use serde_json::value::{RawValue, Value};

use super::LIMIT;
use super::view::Card;

/// Most people whose clients ask by themselves (checklist 107).
const READERS: usize = 60;

impl Card {
    /// The card, for which the clients of these readers, by their Teams ids, ask `verb` when it comes into view. Of many
    /// it is the first 60, and as many as the card has room for (O4); with nobody it is the same card for all.
    #[must_use]
    pub fn refreshed_by(self, verb: &'static str, readers: &[String]) -> Self {
        let room = LIMIT.saturating_sub(self.content.get().len() + 200);
        let mut taken = 0;
        let fits = |reader: &&String| {
            taken += json!(reader).to_string().len() + 1;
            taken <= room
        };
        let readers: Vec<&String> = readers.iter().take(READERS).take_while(fits).collect();
        let Ok(Value::Object(mut card)) = serde_json::from_str(self.content.get()) else { return self };
        if readers.is_empty() {
            return self;
        }
        let action = json!({ "type": "Action.Execute", "title": "Refresh", "verb": verb, "data": {} });
        card.insert("refresh".to_owned(), json!({ "action": action, "userIds": readers }));
        match RawValue::from_string(Value::Object(card).to_string()) {
            Ok(content) => Self { content: content.into(), ..self },
            Err(_) => self,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::check::check;
    use super::super::compliance::Gaps;
    use super::super::render;
    use super::*;

    fn readers(number: usize, length: usize) -> Vec<String> {
        (0..number).map(|reader| format!("29:{reader}-{}", "x".repeat(length))).collect()
    }

    #[test]
    fn chk_107_the_first_sixty_readers_get_a_view_of_their_own() {
        let card = || render(&Gaps::new("What is red today")).unwrap();
        assert_eq!(card().refreshed_by("digest.show", &[]).content.get(), card().content.get());
        let refreshed = card().refreshed_by("digest.show", &readers(80, 60));
        let refreshed: Value = serde_json::from_str(refreshed.content.get()).unwrap();
        assert_eq!(check(&refreshed, &["digest.show"]), Vec::<String>::new());
        let listed = refreshed["refresh"]["userIds"].as_array().unwrap();
        assert_eq!((listed.len(), listed[0].as_str()), (60, Some(readers(1, 60)[0].as_str())));
        let crowded = card().refreshed_by("digest.show", &readers(60, 1_000));
        assert!(crowded.content.get().len() <= LIMIT, "as many as there is room for");
    }
}
