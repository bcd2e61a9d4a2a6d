//! The status of the lines, which the migration role sets and nobody else (M7).

use super::form::button;
use crate::cards::form::{Choice, Field, Form, Theirs};
use crate::cards::text::number;
use crate::cards::{Card, render};
use crate::domain::access::Act;
use crate::domain::finding::Findings;
use crate::domain::id::{Id, Submission, Tenant};
use crate::domain::migration::{LINE_FIELDS, Line, Migration, set_statuses};
use crate::domain::service::{Service, catalogue};
use crate::intents::service::of_fields;
use crate::store::change_history::SeenRow;
use crate::store::migration::StoredMigration;
use crate::store::service::ServiceDesk;
use crate::turn::{Fault, Fields, Intent, Malformed, Reply, Saying, Turn};

/// The form with the status of each line.
#[derive(Debug)]
pub struct OpenStatuses {
    /// The tenant.
    pub tenant: Id<Tenant>,
    /// The service.
    pub service: &'static Service,
}

impl Intent for OpenStatuses {
    const NAME: &'static str = "migration.statuses";

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        Ok(Self { tenant: fields.id("tenant")?, service: of_fields(fields)? })
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let at = turn.service_desk(self.tenant, self.service, Act::SetMigrationStatus).await?;
        let stored = turn.scope.migration(&at).await?;
        let sheet = Sheet { at: &at, submission: Id::new(turn.now()), stored: stored.as_ref(), typed: &[] };
        Ok(sheet.card(&Findings::default(), None)?.into())
    }
}

/// The statuses, sent.
#[derive(Debug)]
pub struct SetStatuses {
    tenant: Id<Tenant>,
    service: &'static Service,
    version: i64,
    submission: Id<Submission>,
    typed: Vec<String>,
}

impl Intent for SetStatuses {
    const NAME: &'static str = "migration.status";
    const WRITES: bool = true;

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        let typed = LINE_FIELDS.iter().map(|row| fields.text(row.status));
        Ok(Self {
            tenant: fields.id("tenant")?,
            service: of_fields(fields)?,
            version: fields.whole("version", 1)?,
            submission: fields.id("form")?,
            typed: typed.collect::<Result<_, _>>()?,
        })
    }

    fn submission(&self) -> Option<String> {
        Some(self.submission.to_string())
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let at = turn.service_desk(self.tenant, self.service, Act::SetMigrationStatus).await?;
        let stored = turn.scope.migration(&at).await?;
        let sheet =
            Sheet { at: &at, submission: self.submission, stored: stored.as_ref(), typed: &self.typed };
        let Some(StoredMigration {
            version, migration: Migration::Performed { starts, ends, lines }, ..
        }) = &stored
        else {
            return Err(sheet.card(&Findings::default(), None)?.into());
        };
        // Lines are told apart by their place, so the form is right for the version that it showed only (C1).
        if *version != self.version {
            let code = &at.service.code;
            let seen =
                SeenRow { kind: "data_migration", service: code, subject: code, version: self.version };
            let theirs = turn.theirs(self.tenant, seen).await?;
            let sheet = Sheet { submission: Id::new(turn.now()), typed: &[], ..sheet };
            return Err(sheet.card(&Findings::default(), theirs)?.into());
        }
        let lines = match set_statuses(lines, &self.typed) {
            Ok(lines) => lines,
            Err(findings) => return Err(sheet.card(&findings, None)?.into()),
        };
        let migration = Migration::Performed { starts: *starts, ends: *ends, lines };
        let edit = turn.edit(&at.desk, Self::NAME).await?;
        if !turn.scope.save_migration(&at, *version, &migration).await? {
            // The tenant is locked by this turn, so nobody can have been faster.
            return Err(Fault::Again);
        }
        edit.receipt(turn, Saying::done("Migration status saved").about(&at.service.name)).await
    }
}

/// What the form shows.
struct Sheet<'a> {
    at: &'a ServiceDesk,
    submission: Id<Submission>,
    stored: Option<&'a StoredMigration>,
    typed: &'a [String],
}

impl Sheet<'_> {
    fn card(&self, findings: &Findings, theirs: Option<Theirs>) -> Result<Card, Fault> {
        let form = Form::new("Migration status").about(&self.at.desk.customer_name, &self.at.service.name);
        let close = button(self.at, "Open service", "service.show").plain();
        let lines = self.stored.map_or(&[][..], |stored| stored.migration.lines());
        if lines.is_empty() {
            let form =
                form.intro("There are no migration lines. Those who are assigned to the tenant write them.");
            return Ok(render(&form.button(close))?);
        }
        let statuses = catalogue().migration_statuses().iter();
        let statuses: Vec<_> = statuses.map(|s| Choice::new(s.name.as_str(), s.code.as_str())).collect();
        let typed = self.typed.iter().map(String::as_str).chain(std::iter::repeat(""));
        let rows = LINE_FIELDS.iter().zip(lines).zip(typed);
        let form = rows.fold(form.theirs(theirs).findings(findings), |form, ((fields, line), typed)| {
            let value = if typed.is_empty() { line.status.as_str() } else { typed };
            form.row([Field::choice(fields.status, named(line)).choices(statuses.clone()).value(value)])
        });
        let save = button(self.at, "Save", SetStatuses::NAME)
            .with("version", self.stored.map_or(0, |stored| stored.version))
            .with("form", self.submission.to_string());
        Ok(render(&form.button(save).button(close))?)
    }
}

/// A line by its type and its entitlements.
fn named(line: &Line) -> String {
    let entitlements = number(u64::from(line.entitlements.unsigned_abs()));
    format!("{} · {entitlements}", catalogue().migration_type_name(&line.kind))
}
