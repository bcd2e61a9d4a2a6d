//! Which fields of a row are worth a line, and in which order.

use serde_json::Value;

use crate::domain::edit::{FieldChange, RowChange};

/// As forms have them; what is not listed follows.
const ORDER: [&str; 13] = [
    "name",
    "email",
    "contact_type",
    "survey_eligible",
    "survey_language",
    "country",
    "services",
    "is_engaged",
    "by_microsoft",
    "starts",
    "ends",
    "rejection_reason",
    "rejection_note",
];

/// The fields that differ. A tick that is not set says nothing about a contact that is added or deleted.
pub(super) fn arranged(row: &RowChange) -> Vec<FieldChange<'_>> {
    let mut fields = row.fields();
    if row.kind == "contact" && (row.before.is_none() || row.after.is_none()) {
        let unset = |value: &Value| matches!(value, Value::Null | Value::Bool(false));
        fields
            .retain(|change| change.field == "survey_eligible" || !(unset(change.old) && unset(change.new)));
    }
    fields.sort_by_key(|change| ORDER.iter().position(|field| *field == change.field).unwrap_or(ORDER.len()));
    fields
}
