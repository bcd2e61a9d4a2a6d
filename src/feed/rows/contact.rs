//! Somebody to talk to at a tenant.

use serde_json::Value;
use uuid::Uuid;

use super::{NAME_MAX, code, name, truth, word};
use crate::domain::text::looks_alike;
use crate::feed::batch::{Cells, Given};
use crate::feed::cell::{self, Manner};
use crate::feed::codes;
use crate::feed::report::Rule;

/// Most characters of what is written about a contact.
const ABOUT_MAX: usize = 500;

fn about(value: &Value, _: Manner) -> Result<String, Rule> {
    cell::text(value, ABOUT_MAX)
}

/// A contact (DOMAIN 2.5). Whether a survey could be sent is no affair of the feed: a gap is to be seen, not refused.
pub(in crate::feed) struct Contact {
    pub line: usize,
    pub tenant: Uuid,
    pub kind: &'static str,
    pub name: String,
    /// In lower case.
    pub email: String,
    pub engaged: Given<bool>,
    pub fasttrack: Given<bool>,
    pub country: Given<String>,
    pub survey_eligible: Given<bool>,
    pub survey_language: Given<&'static str>,
    pub services: Given<Vec<&'static str>>,
    pub title: Given<String>,
    pub phone: Given<String>,
    pub time_zone: Given<String>,
    pub role: Given<String>,
    pub note: Given<String>,
    pub do_not_call: Given<bool>,
    pub do_not_call_reason: Given<String>,
    pub skill_type: Given<String>,
    pub ms_role: Given<String>,
    pub evidence: Given<String>,
    pub approved_survey: Given<String>,
}

/// What a contact is unless it is said (DOMAIN 2.5).
const DEFAULT_TYPE: &str = "customer";

impl Contact {
    pub(in crate::feed) fn read(mut cells: Cells<'_>) -> Option<Self> {
        let line = cells.line;
        let tenant = cells.required("tenant", super::guid);
        let kind = cells.optional("type", code(codes::contact_type)).value().unwrap_or(DEFAULT_TYPE);
        let called = cells.required("name", name);
        let email = cells.required("email", |v, _| cell::user_name(v));
        let engaged = cells.optional("engaged", truth);
        let fasttrack = cells.optional("fasttrack", truth);
        let country = cells.optional("country", |v, _| cell::country(v));
        let survey_eligible = cells.optional("survey_eligible", truth);
        let survey_language = cells.optional("survey_language", code(codes::survey_language));
        let entry = |value: &Value| codes::deployed(&cell::line(value, NAME_MAX)?);
        let services = cells.optional("services", |v, m| cell::list(v, m, entry));
        let title = cells.optional("title", word);
        let phone = cells.optional("phone", |v, _| cell::phone(v));
        let time_zone = cells.optional("time_zone", |v, _| cell::time_zone(v));
        let role = cells.optional("role", word);
        let note = cells.optional("note", about);
        let do_not_call = cells.optional("do_not_call", truth);
        let do_not_call_reason = cells.optional("do_not_call_reason", about);
        let skill_type = cells.optional("skill_type", word);
        let ms_role = cells.optional("ms_role", word);
        let evidence = cells.optional("evidence", about);
        let approved_survey = cells.optional("approved_survey", about);
        // Each kind of contact has fields of its own (DOMAIN 2.5).
        for (field, given, belongs) in [
            ("do_not_call", do_not_call == Given::Is(true), "customer"),
            ("skill_type", matches!(skill_type, Given::Is(_)), "partner"),
            ("ms_role", matches!(ms_role, Given::Is(_)), "microsoft"),
        ] {
            if given && kind != belongs {
                cells.refuse(field, Rule::NotApplicable);
            }
        }
        if matches!(do_not_call_reason, Given::Is(_)) && do_not_call != Given::Is(true) {
            cells.refuse("do_not_call_reason", Rule::NotApplicable);
        }
        if called.as_deref().is_some_and(looks_alike) {
            cells.warn("name", Rule::MixedScripts);
        }
        let sound = cells.finish();
        let (tenant, name, email) = (tenant?, called?, email?);
        #[rustfmt::skip]
        let row = Self {
            line, tenant, kind, name, email, engaged, fasttrack, country, survey_eligible, survey_language, services,
            title, phone, time_zone, role, note, do_not_call, do_not_call_reason, skill_type, ms_role, evidence,
            approved_survey,
        };
        sound.then_some(row)
    }
}

/// By its line only: the rest is personal (G2).
impl std::fmt::Debug for Contact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Contact").field("line", &self.line).finish_non_exhaustive()
    }
}
