//! What every card must satisfy before it may be sent: the rules of the app checklist that can be
//! seen on the expanded JSON. Runs over every template with every sample, as a test and as `check`.

use std::collections::HashSet;

use serde_json::{Map, Value};

#[cfg(test)]
mod tests;

/// Elements that every client of schema 1.5 can draw.
const ELEMENTS: [&str; 19] = [
    "Column",
    "ColumnSet",
    "Container",
    "ActionSet",
    "FactSet",
    "Image",
    "ImageSet",
    "Media",
    "RichTextBlock",
    "Table",
    "TableCell",
    "TableRow",
    "TextBlock",
    "Input.ChoiceSet",
    "Input.Date",
    "Input.Number",
    "Input.Text",
    "Input.Time",
    "Input.Toggle",
];

/// Actions that every client of schema 1.5 can carry out.
const ACTIONS: [&str; 5] =
    ["Action.Execute", "Action.OpenUrl", "Action.ShowCard", "Action.Submit", "Action.ToggleVisibility"];

/// Where elements hold elements.
const CHILDREN: [&str; 5] = ["items", "rows", "cells", "images", "columns"];

/// Colours and styles that mean something.
const SIGNALS: [&str; 3] = ["attention", "good", "warning"];

/// Most bytes of a card in UTF-8 (O4). Below this the 80 KB of UTF-16 that Teams takes (94) cannot be reached.
const LARGEST: usize = 24 * 1024;

/// Most people whose view may refresh by itself (107).
const REFRESHED: usize = 60;

/// Most inputs of a card behind a button (102).
const SHOWN_INPUTS: usize = 3;

/// What is wrong with `card`, one sentence for each finding, with its place and the number of the
/// checklist rule; nothing when it may be sent. `verbs` are the intents a button may name.
pub fn check(card: &Value, verbs: &[&str]) -> Vec<String> {
    let mut check = Check { verbs, findings: Vec::new(), ids: HashSet::new(), titles: HashSet::new() };
    check.card(card);
    check.findings
}

struct Check<'a> {
    verbs: &'a [&'a str],
    findings: Vec<String>,
    ids: HashSet<&'a str>,
    titles: HashSet<&'a str>,
}

/// What surrounds an element or action.
#[expect(clippy::struct_excessive_bools, reason = "four independent facts, each asked alone")]
#[derive(Clone, Copy, Default)]
struct Within {
    table: bool,
    bar: bool,
    shown: bool,
    /// Drawn instead of something else, so that names may repeat.
    fallback: bool,
}

impl<'a> Check<'a> {
    fn find(&mut self, place: &str, what: impl AsRef<str>) {
        self.findings.push(format!("{place}: {}", what.as_ref()));
    }

    fn must(&mut self, holds: bool, place: &str, what: &str) {
        if !holds {
            self.find(place, what);
        }
    }

    fn card(&mut self, card: &'a Value) {
        let schema = text(card, "$schema").trim_start_matches("https://").trim_start_matches("http://");
        self.must(text(card, "type") == "AdaptiveCard", "$", "is no AdaptiveCard");
        self.must(schema == "adaptivecards.io/schemas/adaptive-card.json", "$", "names no schema");
        self.must(text(card, "version") == "1.5", "$", "version is not 1.5 (103)");
        self.must(has_words(text(card, "fallbackText")), "$", "has no fallbackText (103)");
        let size = card.to_string().len();
        self.must(size <= LARGEST, "$", &format!("{size} bytes are more than {LARGEST} (O4, 94)"));
        let title = first_text(card.get("body"));
        let heading = title.is_some_and(|title| text(title, "style") == "heading");
        self.must(heading, "$", "does not begin with a heading (159)");
        self.residue(card, "$");
        if let Some(refresh) = card.get("refresh") {
            self.refresh(refresh);
        }
        self.content(card, "$", Within::default());
    }

    /// Body and buttons of a card, also of one behind a button.
    fn content(&mut self, card: &'a Value, place: &str, within: Within) {
        for (index, element) in list(card, "body").iter().enumerate() {
            self.element(element, &format!("{place}.body[{index}]"), within);
        }
        self.buttons(card, place, within);
        self.pressable(card, place, within);
    }

    /// Teams answers an explicit null with 400; a steering key shows that a template was not expanded (110).
    fn residue(&mut self, value: &Value, place: &str) {
        match value {
            Value::Null => self.find(place, "is null"),
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.residue(item, &format!("{place}[{index}]"));
                }
            }
            Value::Object(members) => {
                for (key, value) in members {
                    let steering = matches!(key.as_str(), "$data" | "$when" | "$root" | "$index");
                    self.must(!steering, place, &format!("still has {key} (110)"));
                    self.residue(value, &format!("{place}.{key}"));
                }
            }
            Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    fn refresh(&mut self, refresh: &Value) {
        let people = list(refresh, "userIds").len();
        let listed = (1..=REFRESHED).contains(&people);
        self.must(listed, "$.refresh", "needs userIds, 1 to 60 of them (107)");
        match refresh.get("action") {
            Some(action) if text(action, "type") == "Action.Execute" => self.verb(action, "$.refresh.action"),
            _ => self.find("$.refresh", "needs an Action.Execute (107)"),
        }
    }

    fn element(&mut self, element: &'a Value, place: &str, within: Within) {
        let kind = text(element, "type");
        if !ELEMENTS.contains(&kind) {
            let what = format!("“{kind}” is no element of 1.5 and has no fallback (103)");
            self.must(element.get("fallback").is_some(), place, &what);
            self.fallback(element, place, within, Self::element);
            return;
        }
        self.id(element, place, within);
        match kind {
            "TextBlock" => {
                let wraps = element.get("wrap") == Some(&Value::Bool(true));
                self.must(wraps, place, "TextBlock does not wrap (99)");
                self.colour(element, "color", place);
            }
            "RichTextBlock" => {
                for (index, run) in list(element, "inlines").iter().enumerate() {
                    let place = format!("{place}.inlines[{index}]");
                    let known = run.is_string() || text(run, "type") == "TextRun";
                    self.must(known, &place, "is no TextRun (103)");
                    self.colour(run, "color", &place);
                    self.pressable(run, &place, within);
                }
            }
            "Image" => {
                let described = element.get("altText").is_some_and(Value::is_string);
                self.must(described, place, "Image has no altText (158)");
                let safe =
                    ["https://", "data:image/"].iter().any(|start| text(element, "url").starts_with(start));
                self.must(safe, place, "Image is not https (O2)");
            }
            "ColumnSet" => self.columns(element, place),
            "ActionSet" => self.buttons(element, place, within),
            input if input.starts_with("Input.") => self.input(element, place, within),
            _ => {}
        }
        if !within.bar {
            self.colour(element, "style", place);
        }
        self.children(element, kind, place, within);
    }

    fn children(&mut self, element: &'a Value, kind: &str, place: &str, within: Within) {
        let bar = if kind == "ColumnSet" { is_bar(element) } else { within.bar };
        let inner = Within { table: within.table || kind == "Table", bar, ..within };
        for key in CHILDREN {
            // The columns of a table are widths and no elements.
            if key == "columns" && kind != "ColumnSet" {
                continue;
            }
            for (index, child) in list(element, key).iter().enumerate() {
                self.element(child, &format!("{place}.{key}[{index}]"), inner);
            }
        }
        self.pressable(element, place, inner);
        self.fallback(element, place, within, Self::element);
    }

    fn fallback(
        &mut self,
        instead_of: &'a Value,
        place: &str,
        within: Within,
        visit: fn(&mut Self, &'a Value, &str, Within),
    ) {
        if let Some(fallback) = instead_of.get("fallback").filter(|fallback| fallback.is_object()) {
            visit(self, fallback, &format!("{place}.fallback"), Within { fallback: true, ..within });
        }
    }

    fn id(&mut self, named: &'a Value, place: &str, within: Within) {
        if let Some(id) = named.get("id").and_then(Value::as_str).filter(|_| !within.fallback) {
            let new = self.ids.insert(id);
            self.must(new, place, &format!("id “{id}” is not unique"));
        }
    }

    /// Colour is never the only sign: what is coloured says it in words (158).
    fn colour(&mut self, element: &Value, key: &str, place: &str) {
        let signals = SIGNALS.contains(&text(element, key).to_ascii_lowercase().as_str());
        self.must(!signals || speaks(element), place, "colour without words (158)");
    }

    fn columns(&mut self, set: &Value, place: &str) {
        let columns = list(set, "columns");
        if is_bar(set) {
            return;
        }
        self.must(columns.len() <= 3, place, "more than 3 columns (100)");
        let all_auto = columns.len() > 1 && columns.iter().all(|column| text(column, "width") == "auto");
        self.must(!all_auto, place, "all columns are auto (100)");
    }

    fn input(&mut self, input: &Value, place: &str, within: Within) {
        self.must(!text(input, "id").is_empty(), place, "input has no id");
        self.must(has_words(text(input, "label")), place, "input has no label (157)");
        let checked = input.get("isRequired") == Some(&Value::Bool(true))
            || ["regex", "min", "max"].iter().any(|rule| input.get(rule).is_some());
        let explained = !checked || has_words(text(input, "errorMessage"));
        self.must(explained, place, "input can be wrong but has no errorMessage (157)");
        self.must(!within.table, place, "input in a table (102)");
    }

    fn buttons(&mut self, holder: &'a Value, place: &str, within: Within) {
        let actions = list(holder, "actions");
        self.must(actions.len() <= 6, place, "more than 6 actions (98)");
        let destructive = |action: &&Value| text(action, "style") == "destructive";
        let last =
            actions.iter().skip_while(|action| !destructive(action)).all(|action| destructive(&action));
        self.must(last, place, "destructive actions are not last (113)");
        for (index, action) in actions.iter().enumerate() {
            self.action(action, &format!("{place}.actions[{index}]"), within);
        }
    }

    /// What happens when the element itself is pressed.
    fn pressable(&mut self, element: &'a Value, place: &str, within: Within) {
        for key in ["selectAction", "inlineAction"] {
            if let Some(action) = element.get(key) {
                self.action(action, &format!("{place}.{key}"), within);
            }
        }
    }

    fn action(&mut self, action: &'a Value, place: &str, within: Within) {
        let kind = text(action, "type");
        if !ACTIONS.contains(&kind) {
            let what = format!("“{kind}” is no action of 1.5 and has no fallback (103)");
            self.must(action.get("fallback").is_some(), place, &what);
        }
        self.id(action, place, within);
        let title = text(action, "title");
        self.must(has_words(title), place, "action has no title (159)");
        let repeats = !within.fallback && !title.is_empty() && !self.titles.insert(title);
        self.must(!repeats, place, &format!("title “{title}” is not unique (159)"));
        match kind {
            "Action.Execute" => self.verb(action, place),
            "Action.Submit" => self.must(within.fallback, place, "Action.Submit is only a fallback (104)"),
            "Action.OpenUrl" => {
                self.must(text(action, "url").starts_with("https://"), place, "link is not https (O2)");
            }
            "Action.ShowCard" => self.shown(action, place, within),
            _ => {}
        }
        self.fallback(action, place, within, Self::action);
    }

    fn verb(&mut self, action: &Value, place: &str) {
        let verb = text(action, "verb");
        let known = self.verbs.contains(&verb);
        self.must(known, place, &format!("verb “{verb}” is no intent"));
    }

    fn shown(&mut self, action: &'a Value, place: &str, within: Within) {
        self.must(!within.shown, place, "a card behind a button of a card behind a button (102)");
        if let Some(card) = action.get("card") {
            self.must(inputs(card) <= SHOWN_INPUTS, place, "more than 3 inputs behind a button (102)");
            self.content(card, &format!("{place}.card"), Within { shown: true, ..within });
        }
    }
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn has_words(text: &str) -> bool {
    text.chars().any(char::is_alphabetic)
}

/// Every object in `value` and the value itself, from outside in.
fn objects<'v>(value: &'v Value, visit: &mut impl FnMut(&'v Map<String, Value>)) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| objects(item, visit)),
        Value::Object(members) => {
            visit(members);
            members.values().for_each(|member| objects(member, visit));
        }
        _ => {}
    }
}

/// Whether words are written anywhere in it.
fn speaks(value: &Value) -> bool {
    let mut found = false;
    objects(value, &mut |object| {
        let written = ["text", "title", "value", "label"].iter().filter_map(|key| object.get(*key));
        found |= written.filter_map(Value::as_str).any(has_words);
    });
    found
}

fn inputs(card: &Value) -> usize {
    let mut count = 0;
    objects(card, &mut |object| {
        let kind = object.get("type").and_then(Value::as_str).unwrap_or_default();
        count += usize::from(kind.starts_with("Input."));
    });
    count
}

/// A proportional bar: columns as wide as their numbers, with nothing to read in them.
fn is_bar(set: &Value) -> bool {
    let weighted = |column: &Value| match column.get("width") {
        Some(Value::Number(_)) => true,
        Some(Value::String(width)) => width.parse::<f64>().is_ok(),
        _ => false,
    };
    list(set, "columns").iter().all(weighted) && !speaks(set)
}

/// The first text block that is drawn.
fn first_text(value: Option<&Value>) -> Option<&Value> {
    match value? {
        Value::Array(items) => items.iter().find_map(|item| first_text(Some(item))),
        block if text(block, "type") == "TextBlock" => Some(block),
        holder => CHILDREN.iter().find_map(|key| first_text(holder.get(*key))),
    }
}
