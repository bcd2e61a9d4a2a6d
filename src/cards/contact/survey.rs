//! One survey of a tenant: who would get it, and why (C5).

use serde::Serialize;

use super::super::text::{UserText, clip};
use super::super::tone::{Tone, Toned};
use crate::domain::contact::MIGRATION;
use crate::domain::contact::survey::{Route, Survey};

/// Most names of a line.
const NAMES: usize = 4;

/// A survey as a line: "O365: Eva Novák · names one of its services".
#[derive(Debug, Clone, Serialize)]
pub struct SurveyLine {
    name: String,
    who: UserText,
    why: Toned,
}

impl SurveyLine {
    /// The survey, with the names of all contacts of the tenant in the order in which it was routed.
    pub fn new(survey: &Survey, names: &[&str]) -> Self {
        let recipients: Vec<&str> =
            survey.route.recipients().iter().filter_map(|place| names.get(*place).copied()).collect();
        let shown = recipients.iter().take(NAMES).map(|name| clip(name, 50).into_owned());
        let more = recipients.len().saturating_sub(NAMES);
        let more = (more > 0).then(|| format!("{more} more"));
        let who =
            if is_asked(survey) { shown.chain(more).collect::<Vec<_>>().join(", ") } else { String::new() };
        let space = if who.is_empty() { "" } else { " · " };
        let why = why(survey, recipients.len());
        Self {
            name: format!("{}: ", survey.name),
            who: who.into(),
            why: Toned::new(format!("{space}{}", why.words), why.tone),
        }
    }

    /// The survey for a place where others read along: only whether it reaches somebody (P8).
    pub fn shared(survey: &Survey) -> Self {
        let why = match &survey.route {
            _ if !is_asked(survey) => why(survey, 0),
            Route::Direct(_) => Toned::new("✓ covered", Tone::Good),
            Route::Fallback(_) => Toned::new("✓ covered by the contacts of other services", Tone::Good),
            Route::Nobody => why(survey, 0),
        };
        Self { name: format!("{}: ", survey.name), who: UserText::default(), why }
    }
}

/// Whether the customer is asked at all: has a service of the group, or somebody is named for it.
fn is_asked(survey: &Survey) -> bool {
    survey.concerned || matches!(survey.route, Route::Direct(_))
}

fn why(survey: &Survey, recipients: usize) -> Toned {
    if !is_asked(survey) {
        return Toned::new("not sent, the customer has no service of this group", Tone::Default);
    }
    let what = if survey.group == MIGRATION { "Migration" } else { "one of its services" };
    match (&survey.route, recipients) {
        (Route::Direct(_), 1) => Toned::new(format!("names {what}"), Tone::Default),
        (Route::Direct(_), _) => Toned::new(format!("name {what}"), Tone::Default),
        (Route::Fallback(_), _) => {
            Toned::new(format!("nobody names {what}, so it goes to all survey contacts"), Tone::Default)
        }
        (Route::Nobody, _) => Toned::new("⚠ reaches nobody", Tone::Warning),
    }
}
