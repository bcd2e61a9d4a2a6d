//! Which fields of a contact are worth a line, and in which order.

use serde_json::Value;

use crate::domain::edit::{FieldChange, RowChange};

/// What matters most comes first; what is not listed follows.
const ORDER: [&str; 8] = [
    "name",
    "email",
    "contact_type",
    "survey_eligible",
    "survey_language",
    "country",
    "services",
    "is_engaged",
];

/// The fields that differ. A tick that is not set says nothing about a contact that is added or deleted.
pub(super) fn arranged(row: &RowChange) -> Vec<FieldChange<'_>> {
    let mut fields = row.fields();
    if row.before.is_none() || row.after.is_none() {
        let unset = |value: &Value| matches!(value, Value::Null | Value::Bool(false));
        fields
            .retain(|change| change.field == "survey_eligible" || !(unset(change.old) && unset(change.new)));
    }
    fields.sort_by_key(|change| ORDER.iter().position(|field| *field == change.field).unwrap_or(ORDER.len()));
    fields
}
