//! A stored value as people read it.

use chrono::NaiveDate;
use serde_json::{Map, Value};

use super::super::text::{count, day, number};
use crate::domain::country::country_name;
use crate::domain::edit::RowChange;
use crate::domain::service::{catalogue, name_of};

/// The value of one field.
pub(super) fn shown(field: &str, value: &Value) -> String {
    match value {
        Value::Bool(by_microsoft) if field == "by_microsoft" => {
            if *by_microsoft { "Microsoft" } else { "not Microsoft" }.to_owned()
        }
        Value::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        Value::Number(n) => n.as_u64().map_or_else(|| n.to_string(), number),
        Value::String(text) => text_of(field, text),
        Value::Array(items) => {
            let items = items.iter().filter_map(Value::as_str);
            items.map(|code| text_of(field, code)).collect::<Vec<_>>().join(", ")
        }
        Value::Null | Value::Object(_) => String::new(),
    }
}

fn text_of(field: &str, text: &str) -> String {
    let catalogue = catalogue();
    let named = match field {
        "scenario" => name_of(catalogue.scenarios(), text),
        "rejection_reason" => name_of(catalogue.migration_rejection_reasons(), text),
        "status" => name_of(catalogue.migration_statuses(), text),
        "contact_type" => name_of(catalogue.contact_types(), text),
        "survey_language" => name_of(catalogue.survey_languages(), text),
        "country" => country_name(text),
        "services" if text == "migration" => "Migration",
        "services" => catalogue.service_name(text),
        "submitted" | "target" | "starts" | "ends" | "estimated" | "engagement_start" | "target_date"
        | "next_action_date" => return day_of(text),
        _ => text,
    };
    named.to_owned()
}

fn day_of(text: &str) -> String {
    text.parse::<NaiveDate>().map_or_else(|_| text.to_owned(), day)
}

/// A row that says one thing, whole; empty where there is none.
pub(super) fn whole(change: &RowChange, row: Option<&Map<String, Value>>) -> String {
    let Some(row) = row else { return String::new() };
    let text = |field: &str| row.get(field).map(|value| shown(field, value)).unwrap_or_default();
    let amount = |field: &str| row.get(field).and_then(Value::as_u64).unwrap_or(0);
    let is = |field: &str| row.get(field).and_then(Value::as_bool).unwrap_or(false);
    match change.kind.as_str() {
        "forecast_target" if is("will_not_reach") => "will not be reached".to_owned(),
        "forecast_target" => text("target"),
        _ => {
            let size = amount("size_gb");
            let size = if size > 0 { format!("{} GB", number(size)) } else { String::new() };
            let status = text("status");
            let status = if row.get("status").is_some_and(|code| code == "not_specified") {
                String::new()
            } else {
                status
            };
            let parts = [
                count(amount("entitlements"), "entitlement", "entitlements"),
                text("estimated"),
                size,
                text("notes"),
                status,
            ];
            parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
        }
    }
}
