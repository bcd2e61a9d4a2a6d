//! A migration in one line of chat, which is saved once old and new are confirmed.

use serde_json::json;

use super::form::{Sheet, button};
use super::{Open, check, in_progress, open, saying};
use crate::cards::form::Form;
use crate::cards::{Card, render};
use crate::domain::access::Act;
use crate::domain::finding::Findings;
use crate::domain::id::Id;
use crate::domain::migration::{Draft, Heard, Odd, hear, hear_declined};
use crate::domain::service::Service;
use crate::domain::when::{self, Lean, When};
use crate::intents::service::{AtService, of_fields, pick_where};
use crate::intents::tenant::{At, Then};
use crate::store::migration::StoredMigration;
use crate::store::service::ServiceDesk;
use crate::turn::words::{name_and_services, name_and_text};
use crate::turn::{Fault, Fields, Intent, Malformed, Reply, Turn};

/// Words that say that the customer declines.
const DECLINED: [&str; 6] = ["declined", "declines", "decline", "refused", "refuses", "rejected"];
/// Most meanings that are offered as buttons.
const BUTTONS: usize = 6;

/// `migration <tenant> <service>: <lines and dates>`, `migration <tenant> <service> declined: <reason>, <note>`.
#[derive(Debug)]
pub struct Write {
    at: At,
    service: Option<&'static Service>,
    body: Body,
}

/// What is said of the migration, after the tenant's name.
#[derive(Debug)]
struct Body {
    services: Vec<&'static Service>,
    declined: bool,
    text: String,
}

impl Body {
    /// The name before, and what is said; `None` where nothing is.
    fn of(words: &str) -> Option<(&str, Self)> {
        let (head, text) = match name_and_text(words) {
            Some(said) => said,
            None => (words, ""),
        };
        let (head, declined) = without_declined(head);
        if text.is_empty() && !declined {
            return None;
        }
        let (name, services) = name_and_services(head);
        Some((name, Self { services, declined, text: text.to_owned() }))
    }

    /// As it was written, with the services by their names.
    fn written(&self) -> String {
        let services: Vec<_> = self.services.iter().map(|service| service.name.as_str()).collect();
        let declined = if self.declined { " declined" } else { "" };
        format!("{}{declined}: {}", services.join(", "), self.text)
    }
}

/// The head of a line without its last word, if that says that the customer declines.
fn without_declined(head: &str) -> (&str, bool) {
    let (before, last) = head.trim_end().rsplit_once(char::is_whitespace).unwrap_or(("", head.trim_end()));
    if DECLINED.iter().any(|word| word.eq_ignore_ascii_case(last)) {
        (before.trim_end().trim_end_matches(',').trim_end(), true)
    } else {
        (head, false)
    }
}

impl Write {
    /// Reads what follows `migration`; `None`: it names a tenant and says no more.
    pub fn from_words(words: &str) -> Option<Self> {
        let (name, body) = Body::of(words)?;
        (!name.is_empty()).then(|| Self { at: At::Named(name.to_owned()), service: None, body })
    }
}

impl Intent for Write {
    const NAME: &'static str = "migration.line";
    const WRITES: bool = true;

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        // A name must stand before the services.
        let body = format!("x {}", fields.text("body")?);
        let (_, body) = Body::of(&body).ok_or(Malformed("body"))?;
        let service = if fields.text("service")?.is_empty() { None } else { Some(of_fields(fields)?) };
        Ok(Self { at: At::Chosen(fields.id("tenant")?), service, body })
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let then = Then::carrying(Self::NAME, &self.body.written());
        let tenant = self.at.tenant(turn, &then).await?;
        let service = if let Some(service) = self.service {
            service
        } else {
            let desk = turn.desk(tenant, Act::See).await?;
            pick_where(turn, &desk, &self.body.services, Open::fits, &then).await?
        };
        let at = open(turn, tenant, service).await?;
        let stored = turn.scope.migration(&at).await?;
        let heard = self.heard(turn, &at, stored.as_ref());
        if let Some(unclear) = heard.odd.iter().find(|odd| (1..=BUTTONS).contains(&odd.choices.len())) {
            return Err(self.asked(&at, unclear)?.into());
        }
        let migration = match check(&at, stored.as_ref(), &heard.draft) {
            Ok(migration) if heard.odd.is_empty() => migration,
            checked => return Err(self.form(turn, &at, stored.as_ref(), &heard, checked.err())?.into()),
        };
        let edit = turn.edit(&at.desk, Self::NAME).await?;
        let version = stored.map_or(0, |stored| stored.version);
        if !turn.scope.save_migration(&at, version, &migration).await? {
            // The tenant is locked by this turn, so nobody can have been faster.
            return Err(Fault::Again);
        }
        let fields = json!({
            "tenant": tenant.to_string(),
            "service": at.service.code,
            "body": self.body.written(),
        });
        edit.confirmed(turn, Self::NAME, fields, saying(turn, &at, &migration)).await
    }
}

impl Write {
    fn heard(&self, turn: &Turn, at: &ServiceDesk, stored: Option<&StoredMigration>) -> Heard {
        if self.body.declined {
            return hear_declined(&self.body.text);
        }
        let days = |typed: &str, lean: Lean| match when::read(typed, turn.reading(lean)) {
            When::One(day) => vec![day],
            When::Ambiguous(days) => days,
            When::NotADate => Vec::new(),
        };
        hear(&self.body.text, at.service, in_progress(at), stored.map(|stored| &stored.migration), &days)
    }

    /// Which of its meanings unclear words have; each button writes the whole line anew.
    fn asked(&self, at: &ServiceDesk, unclear: &Odd) -> Result<Card, Fault> {
        let form = Form::new("What do you mean?")
            .about(&at.desk.customer_name, &at.service.name)
            .intro("These words can mean more than one thing:")
            .line(unclear.words.as_str());
        let form = unclear.choices.iter().fold(form, |form, choice| {
            let body = Body { services: Vec::new(), declined: self.body.declined, text: choice.line.clone() };
            form.button(button(at, &choice.name, Self::NAME).with("body", body.written()))
        });
        Ok(render(&form)?)
    }

    /// The form with everything that was understood.
    fn form(
        &self,
        turn: &Turn,
        at: &ServiceDesk,
        stored: Option<&StoredMigration>,
        heard: &Heard,
        findings: Option<Findings>,
    ) -> Result<Card, Fault> {
        // Nothing was said yet that could be wrong.
        let findings = findings.filter(|_| !self.body.text.is_empty()).unwrap_or_default();
        let draft: &Draft = &heard.draft;
        let sheet = Sheet::new(at, Id::new(turn.now()), draft)
            .stored(stored)
            .findings(&findings)
            .odd(heard.odd.iter().map(|odd| odd.words.clone()));
        Ok(render(&sheet.form())?)
    }
}
