//! The engagement scenario of a service (G1 to G9).

use super::service::{AtService, of_fields};
use crate::cards::form::{Choice, Field, Form, Theirs};
use crate::cards::{Button, Card, render};
use crate::domain::access::Act;
use crate::domain::finding::Findings;
use crate::domain::id::{Id, Submission, Tenant};
use crate::domain::scenario::{PARTNER_LED, chosen};
use crate::domain::service::{Service, catalogue};
use crate::store::change_history::SeenRow;
use crate::store::service::ServiceDesk;
use crate::turn::{Fault, Fields, Intent, Malformed, Reply, Saying, Turn};

/// The form.
#[derive(Debug)]
pub struct Open {
    tenant: Id<Tenant>,
    service: &'static Service,
}

impl AtService for Open {
    const FIND: &'static str = "scenario.find";

    fn at(tenant: Id<Tenant>, service: &'static Service) -> Self {
        Self { tenant, service }
    }
}

impl Intent for Open {
    const NAME: &'static str = "scenario.open";

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        Ok(Self { tenant: fields.id("tenant")?, service: of_fields(fields)? })
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let at = turn.service_desk(self.tenant, self.service, Act::SetScenario).await?;
        // What an admin comes here for, unless it is so already (G2).
        let form = form(&at, Id::new(turn.now()), PARTNER_LED, &Findings::default(), None)?;
        Ok(form.into())
    }
}

/// The form, sent.
#[derive(Debug)]
pub struct Save {
    tenant: Id<Tenant>,
    service: &'static Service,
    version: i64,
    submission: Id<Submission>,
    scenario: String,
}

impl Intent for Save {
    const NAME: &'static str = "scenario.save";
    const WRITES: bool = true;

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        Ok(Self {
            tenant: fields.id("tenant")?,
            service: of_fields(fields)?,
            version: fields.whole("version", 1)?,
            submission: fields.id("form")?,
            scenario: fields.text("scenario")?,
        })
    }

    fn submission(&self) -> Option<String> {
        Some(self.submission.to_string())
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let at = turn.service_desk(self.tenant, self.service, Act::SetScenario).await?;
        let mut findings = Findings::default();
        let Some(scenario) = findings.keep("scenario", chosen(&at.scenario, &self.scenario)) else {
            return Err(form(&at, self.submission, &self.scenario, &findings, None)?.into());
        };
        let edit = turn.edit(&at.desk, Self::NAME).await?;
        if !turn.scope.set_scenario(&at, self.version, scenario).await? {
            let code = &at.service.code;
            let seen =
                SeenRow { kind: "tenant_service", service: code, subject: code, version: self.version };
            let theirs = turn.theirs(self.tenant, seen).await?;
            return Err(form(&at, Id::new(turn.now()), &self.scenario, &findings, theirs)?.into());
        }
        let saying = Saying::done("Engagement scenario saved").about(&at.service.name);
        edit.receipt(turn, saying).await
    }
}

fn form(
    at: &ServiceDesk,
    submission: Id<Submission>,
    value: &str,
    findings: &Findings,
    theirs: Option<Theirs>,
) -> Result<Card, Fault> {
    let choices = catalogue()
        .scenarios()
        .iter()
        .map(|item| Choice::new(item.name.as_str(), item.code.as_str()))
        .collect();
    let press = if theirs.is_some() { "Save mine on top" } else { "Save" };
    let save = Button::new(press, Save::NAME)
        .with("tenant", at.desk.tenant.to_string())
        .with("service", at.service.code.as_str())
        .with("version", at.version)
        .with("form", submission.to_string());
    let cancel = Button::new("Cancel", "service.show")
        .with("tenant", at.desk.tenant.to_string())
        .with("service", at.service.code.as_str())
        .plain();
    let form = Form::new("Engagement scenario")
        .about(&at.desk.customer_name, &at.service.name)
        .intro("It names the team that is responsible for the service and its data. Your firm is credited only while it is FTC-FTP Led.")
        .theirs(theirs)
        .row([Field::choice("scenario", "Engagement scenario").choices(choices).value(value).required()])
        .findings(findings)
        .hint("An approved CPOR claim sets FTC-FTP Led by itself. Free and trial licences cannot be changed; leaving CSS, FTP or CXP Led goes by ticket.")
        .button(save)
        .button(cancel);
    Ok(render(&form)?)
}
