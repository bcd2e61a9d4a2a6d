//! What an edit did: rows before and after, and the fields in which they differ.

use serde_json::{Map, Value};

/// One row, before and after an edit.
#[derive(Debug, Clone, PartialEq)]
pub struct RowChange {
    /// The customer's name, for edits of several tenants.
    pub customer: String,
    /// Service code; empty where the row belongs to the tenant as a whole.
    pub service: String,
    /// What kind of row it is: the name of its table.
    pub kind: String,
    /// The row's own key within tenant and service, for example a milestone.
    pub subject: String,
    /// Whose row it is where it belongs to a person of the firm, by name. Personal.
    pub holder: String,
    /// Before; `None`: the edit added it.
    pub before: Option<Map<String, Value>>,
    /// After; `None`: the edit removed it.
    pub after: Option<Map<String, Value>>,
}

/// One field, before and after.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FieldChange<'a> {
    /// The column's name.
    pub field: &'a str,
    /// Before; null where there was no row.
    pub old: &'a Value,
    /// After; null where there is none any more.
    pub new: &'a Value,
}

/// Columns that say nothing of the business.
const BOOKKEEPING: [&str; 10] = [
    "partner_id",
    "tenant_id",
    "id",
    "service",
    "row_version",
    "created_at",
    "updated_at",
    "origin",
    "person_id",
    "holder",
];

impl RowChange {
    /// The fields that differ, in the alphabetic order of their columns. Nothing and an empty text are the same.
    pub fn fields(&self) -> Vec<FieldChange<'_>> {
        const NOTHING: &Value = &Value::Null;
        let (before, after) = (self.before.as_ref(), self.after.as_ref());
        let Some(columns) = after.or(before) else { return Vec::new() };
        let side = |row: Option<&'_ Map<String, Value>>, field: &str| -> bool {
            row.and_then(|row| row.get(field)).is_none_or(says_nothing)
        };
        columns
            .keys()
            .filter(|field| !BOOKKEEPING.contains(&field.as_str()))
            .map(|field| FieldChange {
                field,
                old: before.and_then(|row| row.get(field)).unwrap_or(NOTHING),
                new: after.and_then(|row| row.get(field)).unwrap_or(NOTHING),
            })
            .filter(|change| {
                change.old != change.new && !(side(before, change.field) && side(after, change.field))
            })
            .collect()
    }

    /// A column's text on the newest side that has the row; empty where it is none.
    pub fn text(&self, field: &str) -> &str {
        let row = self.after.as_ref().or(self.before.as_ref());
        row.and_then(|row| row.get(field)).and_then(Value::as_str).unwrap_or_default()
    }
}

fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn change(before: Value, after: Value) -> RowChange {
        let row = |value: Value| value.as_object().cloned();
        RowChange {
            customer: String::new(),
            service: "exchange".into(),
            kind: "contact".into(),
            subject: "x".into(),
            holder: String::new(),
            before: row(before),
            after: row(after),
        }
    }

    #[test]
    fn only_fields_that_say_something_else_differ() {
        let edited = change(
            json!({ "name": "Eva", "title": "", "row_version": 1, "services": ["exchange"], "phone": null }),
            json!({ "name": "Eva", "title": "CIO", "row_version": 2, "services": ["exchange"], "phone": "" }),
        );
        let fields: Vec<_> =
            edited.fields().iter().map(|f| (f.field, f.old.clone(), f.new.clone())).collect();
        assert_eq!(fields, [("title", json!(""), json!("CIO"))]);
        let added = change(Value::Null, json!({ "name": "Eva", "title": "", "do_not_call": false }));
        let fields: Vec<_> = added.fields().iter().map(|f| f.field.to_owned()).collect();
        assert_eq!(fields, ["do_not_call", "name"]);
    }
}
