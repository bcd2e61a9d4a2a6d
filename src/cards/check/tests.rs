use serde_json::{Value, json};

use super::check;

const VERBS: [&str; 3] = ["note.save", "undo", "tenant.show"];

/// A card that uses about everything that is allowed.
fn good() -> Value {
    json!({
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": "1.5",
        "fallbackText": "Status note for Contoso",
        "refresh": {"userIds": ["29:a"], "action": {"type": "Action.Execute", "verb": "tenant.show"}},
        "body": [
            {"type": "Container", "items": [
                {"type": "TextBlock", "text": "Contoso", "style": "heading", "wrap": true},
                {"type": "Image", "url": "https://bot.example/logo.png", "altText": ""}
            ]},
            {"type": "ColumnSet", "columns": [
                {"type": "Column", "width": 60, "style": "good", "items": [{"type": "TextBlock", "text": " ", "wrap": true}]},
                {"type": "Column", "width": "20", "style": "attention"},
                {"type": "Column", "width": 10, "style": "warning"},
                {"type": "Column", "width": 10}
            ]},
            {"type": "ColumnSet", "selectAction": {"type": "Action.Execute", "title": "Open Contoso", "verb": "tenant.show"},
             "columns": [{"type": "Column", "width": "stretch"}, {"type": "Column", "width": "auto"}]},
            {"type": "RichTextBlock", "inlines": ["plain", {"type": "TextRun", "text": "Blocked ${x}", "color": "Attention"}]},
            {"type": "Table", "columns": [{"width": 1}], "rows": [{"type": "TableRow", "cells": [
                {"type": "TableCell", "style": "attention", "items": [{"type": "TextBlock", "text": "Overdue", "wrap": true}]}]}]},
            {"type": "Badge", "text": "New", "fallback": {"type": "TextBlock", "text": "New", "wrap": true}},
            {"type": "Input.Text", "id": "body", "label": "Note", "isRequired": true, "errorMessage": "Write a note."}
        ],
        "actions": [
            {"type": "Action.Execute", "id": "save", "title": "Save note", "verb": "note.save", "data": {"tenant": "t", "list": []},
             "fallback": {"type": "Action.Submit", "id": "save", "title": "Save note", "data": {"tenant": "t"}}},
            {"type": "Action.ShowCard", "title": "More fields", "card": {"type": "AdaptiveCard", "body": [
                {"type": "Input.Date", "id": "due", "label": "Due date"}]}},
            {"type": "Action.OpenUrl", "title": "View in Learn", "url": "https://learn.microsoft.com/"},
            {"type": "Action.Execute", "title": "Delete note", "verb": "undo", "style": "destructive"}
        ]
    })
}

#[test]
fn a_good_card_has_no_findings() {
    assert_eq!(check(&good(), &VERBS), Vec::<String>::new());
}

/// The one finding after `value` is put at `pointer` ("-" at its end appends; null removes the member).
fn finding(pointer: &str, value: Value) -> String {
    let mut card = good();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    match card.pointer_mut(parent).unwrap() {
        Value::Array(items) if key == "-" => items.push(value),
        Value::Array(items) => items[key.parse::<usize>().unwrap()] = value,
        Value::Object(members) if value.is_null() => drop(members.remove(key).unwrap()),
        Value::Object(members) => drop(members.insert(key.to_owned(), value)),
        other => panic!("{pointer} leads into {other}"),
    }
    let findings = check(&card, &VERBS);
    assert_eq!(findings.len(), 1, "{pointer}: {findings:?}");
    findings.concat()
}

fn button(title: &str) -> Value {
    json!({"type": "Action.Execute", "title": title, "verb": "undo"})
}

fn input(id: &str) -> Value {
    json!({"type": "Input.Text", "id": id, "label": "More"})
}

#[test]
fn the_card_itself() {
    for (pointer, value, expected) in [
        ("/type", json!("Card"), "$: is no AdaptiveCard"),
        ("/$schema", json!(null), "$: names no schema"),
        ("/version", json!("1.6"), "$: version is not 1.5"),
        ("/version", json!(null), "$: version is not 1.5"),
        ("/fallbackText", json!(" "), "$: has no fallbackText"),
        ("/body/0/items/0/style", json!(null), "$: does not begin with a heading"),
        ("/actions/0/data/tenant", json!("x".repeat(25_000)), "bytes are more than 24576 (O4, 94)"),
        ("/actions/0/data/list", json!([null]), "$.actions[0].data.list[0]: is null"),
        ("/body/0/$when", json!("${x}"), "$.body[0]: still has $when (110)"),
        ("/refresh/userIds", json!(null), "$.refresh: needs userIds"),
        ("/refresh/userIds", json!(vec!["29:a"; 61]), "$.refresh: needs userIds"),
        ("/refresh/action/verb", json!("other"), "$.refresh.action: verb “other” is no intent"),
        ("/refresh/action/type", json!("Action.Submit"), "$.refresh: needs an Action.Execute"),
    ] {
        let found = finding(pointer, value);
        assert!(found.contains(expected), "{pointer}: {found}");
    }
}

#[test]
fn elements() {
    let auto = json!({"type": "Column", "width": "auto"});
    for (pointer, value, expected) in [
        ("/body/0/items/0/wrap", json!(null), "$.body[0].items[0]: TextBlock does not wrap (99)"),
        ("/body/5/fallback/wrap", json!(false), "$.body[5].fallback: TextBlock does not wrap (99)"),
        ("/body/5/fallback", json!(null), "$.body[5]: “Badge” is no element of 1.5"),
        ("/body/-", json!({"type": "Action.Execute"}), "$.body[7]: “Action.Execute” is no element"),
        ("/body/3/inlines/-", json!({"type": "TextBlock"}), "$.body[3].inlines[2]: is no TextRun"),
        ("/body/0/items/1/altText", json!(null), "Image has no altText (158)"),
        ("/body/0/items/1/url", json!("http://bot.example/x.png"), "Image is not https (O2)"),
        ("/body/2/columns", json!([auto, auto]), "all columns are auto (100)"),
        (
            "/body/2/columns",
            json!(vec![json!({"type": "Column", "width": "stretch"}); 4]),
            "more than 3 columns (100)",
        ),
        (
            "/body/-",
            json!({"type": "TextBlock", "text": "12", "color": "Warning", "wrap": true}),
            "colour without words (158)",
        ),
        ("/body/3/inlines/1/text", json!("!"), "$.body[3].inlines[1]: colour without words (158)"),
        ("/body/-", json!({"type": "Container", "style": "good"}), "$.body[7]: colour without words (158)"),
        ("/body/0/id", json!("body"), "$.body[6]: id “body” is not unique"),
    ] {
        let found = finding(pointer, value);
        assert!(found.contains(expected), "{pointer}: {found}");
    }
}

#[test]
fn a_bar_with_words_is_no_bar() {
    let mut card = good();
    card["body"][1]["columns"][0]["items"][0]["text"] = json!("60 of 100");
    assert!(check(&card, &VERBS).iter().any(|finding| finding.contains("more than 3 columns")));
}

#[test]
fn inputs() {
    let three = json!([input("x"), input("y"), input("z")]);
    for (pointer, value, expected) in [
        ("/body/6/id", json!(null), "$.body[6]: input has no id"),
        ("/body/6/label", json!(null), "$.body[6]: input has no label (157)"),
        ("/body/6/errorMessage", json!(null), "$.body[6]: input can be wrong but has no errorMessage (157)"),
        ("/actions/1/card/body/0/max", json!("2099-12-31"), "has no errorMessage (157)"),
        ("/body/4/rows/0/cells/0/items/-", input("x"), "input in a table (102)"),
        (
            "/actions/1/card/body/-",
            json!({"type": "Container", "items": three}),
            "more than 3 inputs behind a button",
        ),
    ] {
        let found = finding(pointer, value);
        assert!(found.contains(expected), "{pointer}: {found}");
    }
}

#[test]
fn actions() {
    let seven: Vec<Value> = ["a", "b", "c", "d", "e", "f", "g"].map(button).to_vec();
    let shown = json!([{"type": "Action.ShowCard", "title": "Even more", "card": {"body": []}}]);
    for (pointer, value, expected) in [
        ("/actions", json!(seven), "$: more than 6 actions (98)"),
        ("/body/-", json!({"type": "ActionSet", "actions": seven}), "$.body[7]: more than 6 actions (98)"),
        ("/actions/-", button("After it"), "$: destructive actions are not last (113)"),
        ("/actions/0/title", json!(""), "$.actions[0]: action has no title (159)"),
        ("/body/2/selectAction/title", json!(null), "$.body[2].selectAction: action has no title (159)"),
        ("/actions/0/title", json!("Delete note"), "$.actions[3]: title “Delete note” is not unique (159)"),
        ("/actions/0/verb", json!("note.sav"), "$.actions[0]: verb “note.sav” is no intent"),
        ("/actions/0/id", json!("body"), "$.actions[0]: id “body” is not unique"),
        ("/actions/0/type", json!("Action.Submit"), "$.actions[0]: Action.Submit is only a fallback (104)"),
        ("/actions/2/type", json!("Action.Http"), "$.actions[2]: “Action.Http” is no action"),
        ("/actions/2/url", json!("http://learn.microsoft.com/"), "$.actions[2]: link is not https (O2)"),
        ("/actions/1/card/actions", shown, "$.actions[1].card.actions[0]: a card behind a button"),
    ] {
        let found = finding(pointer, value);
        assert!(found.contains(expected), "{pointer}: {found}");
    }
}
