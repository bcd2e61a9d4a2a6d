//! Every view with every sample: what it becomes, and what no card may do.

use serde_json::Value;
use tenantry::cards::{self, LIMIT};
use tenantry::intents::registry;

/// Part of every hostile sample, and of nothing that we say ourselves.
const MARK: &str = "evil.example";

struct Card {
    content: Value,
    bytes: usize,
    summary: String,
}

fn exhibits() -> Vec<(&'static str, &'static str, Card)> {
    let rendered = |e: cards::Exhibit| {
        let card = e.card.unwrap_or_else(|error| panic!("{} / {}: {error}", e.template, e.sample));
        let text = card.content.get();
        let content = serde_json::from_str(text).unwrap();
        (e.template, e.sample, Card { content, bytes: text.len(), summary: card.summary })
    };
    cards::gallery().into_iter().map(rendered).collect()
}

/// Calls `look` with every object of the card.
fn objects(value: &Value, look: &mut impl FnMut(&serde_json::Map<String, Value>)) {
    match value {
        Value::Object(fields) => {
            look(fields);
            fields.values().for_each(|field| objects(field, look));
        }
        Value::Array(items) => items.iter().for_each(|item| objects(item, look)),
        _ => {}
    }
}

#[test]
fn golden_cards() {
    cards::ready().unwrap();
    for (template, sample, card) in exhibits() {
        let name = format!("{}__{sample}", template.trim_end_matches(".json"));
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_json_snapshot!(name, card.content);
        });
    }
}

#[test]
fn every_card_keeps_the_rules_of_the_checklist() {
    let mut found = Vec::new();
    for (template, sample, card) in exhibits() {
        let here = cards::check::check(&card.content, &registry::verbs());
        found.extend(here.into_iter().map(|finding| format!("{template} / {sample}: {finding}")));
        assert!(!card.summary.trim().is_empty(), "{template} / {sample} has no summary");
        assert!(card.summary.len() < 1_000, "{template} / {sample} has a long summary");
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn sr_o1_user_text_stands_only_in_text_runs_titles_and_input_values() {
    let mut seen = 0;
    for (template, sample, card) in exhibits() {
        let place = format!("{template} / {sample}");
        objects(&card.content, &mut |object| {
            let kind = object.get("type").and_then(Value::as_str).unwrap_or_default();
            let input = kind.starts_with("Input.");
            for (key, text) in object.iter().filter_map(|(key, value)| Some((key.as_str(), value.as_str()?)))
            {
                if text.contains(MARK) {
                    seen += 1;
                    let run = kind == "TextRun" && key == "text";
                    let title = kind.starts_with("Action.") && key == "title";
                    // What a page asked for goes back and forth as data, never as something shown.
                    let data = kind.is_empty() && key == "filter";
                    // A choice that is there already is offered again.
                    let choice = kind.is_empty() && matches!(key, "title" | "value");
                    assert!(
                        run || title || data || choice || (input && key == "value"),
                        "{place}: {kind}.{key}: {text}"
                    );
                }
                if !input && key != "filter" && key != "value" {
                    assert!(!text.contains("{{") && !text.contains("<at>"), "{place}: {key}: {text}");
                    assert!(!text.contains(['\u{202E}', '\u{200B}']), "{place}: {key}: {text}");
                }
            }
        });
    }
    assert!(seen > 30, "the hostile samples were not looked at");
}

#[test]
fn sr_o2_only_the_links_of_an_answer_open_an_address_all_of_them_https_and_no_picture_is_fetched() {
    for (template, sample, card) in exhibits() {
        objects(&card.content, &mut |object| {
            let kind = object.get("type").and_then(Value::as_str).unwrap_or_default();
            assert!(!matches!(kind, "Image" | "Media"), "{template} / {sample}: {kind}");
            let Some(url) = object.get("url").and_then(Value::as_str) else {
                return assert!(kind != "Action.OpenUrl", "{template} / {sample}");
            };
            // They come from the topics of the help, which the operator writes, and from nothing that people type.
            let allowed =
                template == "answer.json" && kind == "Action.OpenUrl" && url.starts_with("https://");
            assert!(allowed, "{template} / {sample}: {url}");
        });
    }
}

#[test]
fn sr_o4_the_card_that_everybody_opens_is_small() {
    for (template, sample, card) in exhibits() {
        let bytes = card.bytes;
        assert!(bytes <= LIMIT, "{template} / {sample}: {bytes}");
        if (template, sample) == ("tenant.summary.json", "typical") {
            assert!((5_000..8_192).contains(&bytes), "five services and twenty rows take {bytes} bytes");
        }
    }
}

#[test]
fn sr_c4_buttons_hold_ids_and_every_one_works_in_old_clients() {
    for (template, sample, card) in exhibits() {
        objects(&card.content, &mut |object| {
            let is = |kind| object.get("type").and_then(Value::as_str) == Some(kind);
            let Some(fallback) = object.get("fallback").filter(|_| is("Action.Execute")) else { return };
            let mut same = object.get("data").and_then(Value::as_object).unwrap().clone();
            same.insert("verb".into(), object.get("verb").unwrap().clone());
            assert_eq!(fallback.get("data").and_then(Value::as_object), Some(&same), "{template} / {sample}");
            assert_eq!(fallback.get("title"), object.get("title"), "{template} / {sample}");
            assert_eq!(
                fallback.get("associatedInputs"),
                object.get("associatedInputs"),
                "{template} / {sample}"
            );
        });
    }
}

#[test]
fn v4_a_form_that_comes_back_keeps_everything_that_was_typed() {
    let card = exhibits().into_iter().find(|(t, s, _)| (*t, *s) == ("note.form.json", "longest")).unwrap().2;
    let mut body = String::new();
    objects(&card.content, &mut |object| {
        if object.get("id").and_then(Value::as_str) == Some("body") {
            object.get("value").and_then(Value::as_str).unwrap_or_default().clone_into(&mut body);
        }
    });
    assert_eq!(body.chars().count(), 4_000, "a whole note, four bytes a character");
}
