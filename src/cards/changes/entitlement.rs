//! What an edit did to a status row: "Blocked › Legal/Regulatory: 5 → 12", and whatever else of it changed.

use serde_json::{Map, Value};

use super::value::shown;
use crate::domain::edit::RowChange;
use crate::domain::taxonomy::Path;

/// Columns besides the number, as they are told.
const REST: [(&str, &str); 4] = [
    ("note", "note"),
    ("target_date", "target date"),
    ("owner", "owner"),
    ("next_action_date", "next action date"),
];

/// Label, old and new of each line. A row that came or went is one line with all of it.
pub(super) fn lines(row: &RowChange) -> Vec<(String, String, String)> {
    let path = Path::new(row.text("l1"), row.text("l2"), row.text("l3")).words();
    let (Some(before), Some(after)) = (&row.before, &row.after) else {
        let whole = |side: &Option<Map<String, Value>>| side.as_ref().map(whole).unwrap_or_default();
        return vec![(path, whole(&row.before), whole(&row.after))];
    };
    let number = (path.clone(), value(before, "entitlements"), value(after, "entitlements"));
    let rest = REST
        .iter()
        .map(|(column, name)| (format!("{path}, {name}"), value(before, column), value(after, column)));
    [number].into_iter().chain(rest).filter(|(_, old, new)| old != new).collect()
}

fn value(row: &Map<String, Value>, column: &str) -> String {
    row.get(column).map(|value| shown(column, value)).unwrap_or_default()
}

/// "5 · the firewall drops traffic · 1 Mar 2027 · Account Team".
fn whole(row: &Map<String, Value>) -> String {
    let parts = ["entitlements", "note", "target_date", "owner"].map(|column| value(row, column));
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}
