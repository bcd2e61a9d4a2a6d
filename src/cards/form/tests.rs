use proptest::prelude::*;
use serde_json::Value;

use super::super::view::{LIMIT, render};
use super::*;
use crate::domain::finding::Rule;

/// Every object of the card that has an id, by its id, and the whole card.
fn drawn(form: &Form) -> Value {
    serde_json::from_str(render(form).unwrap().content.get()).unwrap()
}

/// The object of that id.
fn find<'v>(value: &'v Value, id: &str) -> Option<&'v Value> {
    match value {
        Value::Object(members) if members.get("id").is_some_and(|it| it == id) => Some(value),
        Value::Object(members) => members.values().find_map(|member| find(member, id)),
        Value::Array(items) => items.iter().find_map(|item| find(item, id)),
        _ => None,
    }
}

fn says(card: &Value, words: &str) -> bool {
    card.to_string().contains(words)
}

#[test]
fn v4_each_finding_stands_beside_its_field_under_the_fields_own_name() {
    let mut findings = Findings::default();
    findings.add("type_2".to_owned(), Rule::Required);
    findings.add("next_action", Rule::Required);
    let form = Form::new("Lines").row([Field::text("type_2", "Type of line 2")]).findings(&findings);
    let card = drawn(&form);
    assert!(says(&card, "✕ Type of line 2 is missing."));
    assert!(says(&card, "\"Next action is missing."), "what has no field here is said above");
}

#[test]
fn v4_what_is_no_number_or_date_is_given_back_as_it_was_typed() {
    let kind = |field: Field| {
        let card = drawn(&Form::new("Kinds").row([field]));
        let input = find(&card, "x").unwrap();
        (input["type"].as_str().unwrap().to_owned(), input.get("value").cloned())
    };
    let number = |value: &str| kind(Field::number("x", "Size").value(value));
    let date = |value: &str| kind(Field::date("x", "Start").value(value));
    let of = |kind: &str, value: Value| (kind.to_owned(), Some(value));
    assert_eq!(number("305"), of("Input.Number", 305.into()));
    assert_eq!(number(""), ("Input.Number".to_owned(), None));
    for typed in ["30 5", "many", "1e999", "0x10", "NaN"] {
        assert_eq!(number(typed), of("Input.Text", typed.into()));
    }
    assert_eq!(date("2027-02-01"), of("Input.Date", "2027-02-01".into()));
    assert_eq!(date("1.2.2027"), of("Input.Text", "1.2.2027".into()));
    assert_eq!(kind(Field::tick("x", "Survey").value("yes")), of("Input.Toggle", "false".into()));
}

#[test]
fn rows_are_folded_until_there_is_something_in_them() {
    let form = |field: Field| Form::new("Fold").folded("More fields", [[field]]);
    let folded = |form: &Form| says(&drawn(form), "\"isVisible\":false");
    let phone = || Field::text("phone", "Phone");
    let mut findings = Findings::default();
    findings.add("phone", Rule::Required);
    assert!(folded(&form(phone())));
    assert!(folded(&form(Field::tick("phone", "Phone").value("false"))));
    assert!(!folded(&form(phone().value("1"))));
    assert!(!folded(&form(phone().required())), "a client would refuse to send without saying why");
    assert!(!folded(&form(phone()).findings(&findings)));
    assert!(!says(&drawn(&form(phone().value("1"))), "More fields"));
}

#[test]
fn a_row_keeps_to_the_width_of_a_phone() {
    let columns = |fields: Vec<Field>| {
        let form = serde_json::to_value(Form::new("Row").row(fields)).unwrap();
        let rows = form["sections"][0]["rows"].as_array().unwrap().clone();
        rows.iter().map(|row| row["columns"].as_array().unwrap().len()).collect::<Vec<_>>()
    };
    let date = |id: &'static str| Field::date(id, "Date");
    let tick = |id: &'static str| Field::tick(id, "Tick");
    assert_eq!(columns(vec![date("a")]), [1]);
    assert_eq!(columns(vec![date("a"), date("b")]), [2]);
    assert_eq!(columns(vec![date("a"), date("b"), date("c")]), [2, 2]);
    assert_eq!(columns(vec![tick("a"), tick("b"), tick("c")]), [3]);
}

proptest! {
    #[test]
    fn sr_o4_a_form_fits_whatever_was_typed_and_cuts_nothing_that_has_room(
        typed in prop::collection::vec(("\\PC{0,40}", 1_usize..400), 1..8),
    ) {
        let texts: Vec<String> = typed.iter().map(|(text, times)| text.repeat(*times)).collect();
        let fields = texts.iter().enumerate();
        let form = fields.fold(Form::new("Any").about("Fabrikam", "Teams"), |form, (index, text)| {
            form.row([Field::text(format!("field_{index}"), "Text").value(text).multiline()])
        });
        let card = render(&form).unwrap();
        prop_assert!(card.content.get().len() <= LIMIT);
        let sizes: usize = form.fields().map(Field::size).sum();
        let content: Value = serde_json::from_str(card.content.get()).unwrap();
        for (index, text) in texts.iter().enumerate() {
            let shown = find(&content, &format!("field_{index}")).unwrap()["value"].as_str().unwrap();
            prop_assert!(text.starts_with(shown));
            prop_assert!(sizes > LIMIT - 5_000 || shown == text, "{} of {}", shown.len(), text.len());
            prop_assert!(text.len() < 2_000 || shown.len() >= 1_990, "the longest are cut first");
        }
    }
}
