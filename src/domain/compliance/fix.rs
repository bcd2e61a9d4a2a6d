//! The shortest way to mend a gap: a line of chat, and the form that opens.

use super::super::scenario::{PARTNER_LED, chosen};
use super::super::service::catalogue;
use super::rule::{Element, Rule};
use super::snapshot::{Service, Snapshot};

/// The way to mend a gap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What to write in the chat.
    pub line: String,
    /// What a button is called that leads there.
    pub title: &'static str,
    /// The verb of the form that opens.
    pub verb: &'static str,
    /// What the verb is told.
    pub data: Vec<(&'static str, String)>,
}

impl Fix {
    /// How a breach of `rule` is mended.
    pub(super) fn of(rule: Rule, snapshot: &Snapshot, service: Option<&Service>) -> Self {
        let by_ticket = || service.is_some_and(|service| chosen(&service.scenario, PARTNER_LED).is_err());
        let (word, title, verb) = match rule.element() {
            Element::EntitlementStatus => ("ent", "Set status", "status.grid"),
            Element::OverallStatus => ("note", "Write note", "note.open"),
            Element::Forecast => ("forecast", "Set dates", "forecast.open"),
            Element::SurveyContact => ("contact", "Add contact", "contact.add"),
            Element::Money if rule != Rule::NotPartnerLed => ("who", "Assign", "assignment.list"),
            // Leaving CSS, FTP or CXP Led goes by ticket, so there is no form (G5).
            Element::Money if by_ticket() => ("service", "Open service", "service.show"),
            Element::Money => ("scenario", "Set scenario", "scenario.open"),
        };
        let mut data = vec![("tenant", snapshot.tenant.to_string())];
        let mut line = format!("{word} {}", snapshot.name);
        if let Some(service) = service {
            data.push(("service", service.code.clone()));
            let known = catalogue().services().iter().find(|known| known.code == service.code);
            line.push(' ');
            line.push_str(&known.map_or(service.code.as_str(), |known| &known.short).to_lowercase());
        }
        if verb == "contact.add" {
            data.push(("kind", "survey".to_owned()));
        }
        Self { line, title, verb, data }
    }
}
