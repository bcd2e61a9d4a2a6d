//! What an edit did, in the words of the field: rows before and after become lines of old and new.

mod assignment;
mod entitlement;
mod order;
mod value;

use super::difference::Difference;
use super::text::UserText;
use crate::domain::edit::RowChange;
use crate::domain::rules::rules;
use crate::domain::service::catalogue;

/// One line for each field that says something else, grouped by what it is about.
pub fn differences(rows: &[RowChange]) -> Vec<Difference> {
    let several = rows.iter().any(|row| Some(&row.customer) != rows.first().map(|first| &first.customer));
    let (assignments, others): (Vec<_>, Vec<_>) = rows.iter().partition(|row| row.kind == "assignment");
    let others = others.into_iter().flat_map(|row| of_row(row, several));
    others.chain(assignment::lines(assignments.into_iter(), several)).collect()
}

fn of_row(row: &RowChange, several: bool) -> Vec<Difference> {
    let about = about(row, several);
    let line = |label: String, old: String, new: String| Difference {
        label,
        about: about.clone(),
        old: old.into(),
        new: new.into(),
    };
    match row.kind.as_str() {
        "entitlement" => {
            entitlement::lines(row).into_iter().map(|(label, old, new)| line(label, old, new)).collect()
        }
        // The row says one thing: the whole of it is the value.
        "forecast_target" | "migration_line" => {
            let (old, new) = (value::whole(row, row.before.as_ref()), value::whole(row, row.after.as_ref()));
            if old == new { Vec::new() } else { vec![line(subject(row), old, new)] }
        }
        _ => order::arranged(row)
            .iter()
            .map(|change| {
                line(
                    label(change.field),
                    value::shown(change.field, change.old),
                    value::shown(change.field, change.new),
                )
            })
            .filter(|line| line.old != line.new)
            .collect(),
    }
}

/// Where the row belongs: the service, and the customer where there are several; a contact's own name.
fn about(row: &RowChange, several: bool) -> UserText {
    let service = (!row.service.is_empty()).then(|| catalogue().service_name(&row.service));
    let contact = (row.kind == "contact").then(|| row.text("name"));
    let customer = several.then_some(row.customer.as_str());
    let parts: Vec<_> = [customer, service, contact].into_iter().flatten().collect();
    parts.join(" · ").into()
}

/// What a row that says one thing is called.
fn subject(row: &RowChange) -> String {
    match row.kind.as_str() {
        "forecast_target" => {
            let milestone = rules().milestones.iter().find(|milestone| milestone.code == row.subject);
            milestone.map_or_else(|| row.subject.clone(), |milestone| milestone.name.clone())
        }
        _ => catalogue().migration_type_name(&row.subject).to_owned(),
    }
}

/// What a field is called.
fn label(field: &str) -> String {
    let label = match field {
        "submitted" => "Submitted (RFA)",
        "scenario" => "Engagement scenario",
        "engagement_start" => "Engagement start date",
        "by_microsoft" => "Who migrates",
        "starts" => "Migration start",
        "ends" => "Migration end",
        "rejection_reason" => "Reason",
        "rejection_note" => "Note on the reason",
        "contact_type" => "Contact type",
        "is_engaged" => "Engaged",
        "is_fasttrack" => "FastTrack contact",
        "email" => "E-mail",
        "survey_eligible" => "Survey eligible",
        "survey_language" => "Survey language",
        "services" => "Services deployed or migrated",
        "time_zone" => "Time zone",
        "do_not_call" => "Do not call",
        "do_not_call_reason" => "Do not call reason",
        "skill_type" => "Skill type",
        "ms_role" => "Microsoft role",
        "approved_survey" => "Approved survey",
        other => return capitalised(other),
    };
    label.to_owned()
}

fn capitalised(column: &str) -> String {
    let words = column.replace('_', " ");
    let mut characters = words.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
