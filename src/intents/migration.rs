//! The data migration of a service: who performs it, its lines, or why the customer declines (M1 to M10).

mod form;
mod line;
mod status;

pub use line::Write;
pub use status::{OpenStatuses, SetStatuses};

use form::Sheet;

use super::service::{AtService, Find, of_fields};
use crate::cards::{Card, migration as words, notices, render};
use crate::domain::access::Act;
use crate::domain::finding::Findings;
use crate::domain::id::{Id, Submission, Tenant};
use crate::domain::migration::{
    Context, Draft, LINE_FIELDS, LineDraft, LineFields, MOST_LINES, Migration, Obstacle, hints,
};
use crate::domain::service::Service;
use crate::store::change_history::SeenRow;
use crate::store::migration::StoredMigration;
use crate::store::service::ServiceDesk;
use crate::turn::{Fault, Fields, Intent, Malformed, Ready, Reply, Saying, Turn, Usage};

/// Rows that an empty form begins with.
const FIRST_ROWS: usize = 2;

/// Reads what follows `migration`: a tenant and a service open the form, a text after a colon is saved once it is
/// confirmed.
pub fn hear(words: &str) -> Result<Box<dyn Ready>, Usage> {
    if let Some(write) = Write::from_words(words) {
        return Ok(Box::new(write));
    }
    Ok(Box::new(Find::<Open>::from_words(words)?))
}

/// The form as it is saved; where nothing is, the question who migrates.
#[derive(Debug)]
pub struct Open {
    tenant: Id<Tenant>,
    service: &'static Service,
}

impl AtService for Open {
    const FIND: &'static str = "migration.find";

    fn at(tenant: Id<Tenant>, service: &'static Service) -> Self {
        Self { tenant, service }
    }

    fn fits(service: &Service) -> bool {
        service.data_migration
    }
}

impl Intent for Open {
    const NAME: &'static str = "migration.open";

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        Ok(Self { tenant: fields.id("tenant")?, service: of_fields(fields)? })
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let at = turn.service_desk(self.tenant, self.service, Act::See).await?;
        if !at.desk.allows(Act::EditMigration) && at.desk.allows(Act::SetMigrationStatus) {
            return OpenStatuses { tenant: self.tenant, service: self.service }.run(turn).await;
        }
        let at = open(turn, self.tenant, self.service).await?;
        let stored = turn.scope.migration(&at).await?;
        let obstacle = Obstacle::of(at.service, in_progress(&at));
        match stored {
            Some(stored) if obstacle.is_none() || stored.migration.lines().is_empty() => {
                let draft = Draft::from(&stored.migration);
                let sheet = Sheet::new(&at, Id::new(turn.now()), &draft).stored(Some(&stored));
                Ok(render(&sheet.hints(&told(turn, &stored)).form())?.into())
            }
            stored => Ok(render(&form::question(&at, obstacle, stored.as_ref()))?.into()),
        }
    }
}

/// A place at a service for planning its migration. A service whose data is not migrated says so (M1).
async fn open(turn: &mut Turn, tenant: Id<Tenant>, service: &'static Service) -> Result<ServiceDesk, Fault> {
    let at = turn.service_desk(tenant, service, Act::EditMigration).await?;
    if at.service.data_migration {
        return Ok(at);
    }
    Err(render(&notices::not_migrated(&at.desk.customer_name, at.service, tenant))?.into())
}

fn in_progress(at: &ServiceDesk) -> u64 {
    u64::try_from(at.in_progress).unwrap_or(0)
}

fn told(turn: &Turn, stored: &StoredMigration) -> Vec<String> {
    let changed = turn.day_of(stored.changed);
    hints(&stored.migration, changed, turn.today(), Turn::rules()).iter().map(words::hint).collect()
}

/// What a button of the form does besides saving.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reshape {
    /// Shows the form of an answer.
    Answer,
    /// Opens one more row.
    AddLine,
    /// Puts what is missing on No Migration.
    PutRest,
}

impl Reshape {
    fn code(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::AddLine => "line",
            Self::PutRest => "rest",
        }
    }

    fn of(code: &str) -> Option<Self> {
        [Self::Answer, Self::AddLine, Self::PutRest].into_iter().find(|shape| shape.code() == code)
    }
}

/// The form again, with what was typed and in another shape. Saves nothing.
#[derive(Debug)]
pub struct Shape {
    tenant: Id<Tenant>,
    service: &'static Service,
    version: i64,
    becomes: Reshape,
    draft: Draft,
}

impl Intent for Shape {
    const NAME: &'static str = "migration.form";

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        Ok(Self {
            tenant: fields.id("tenant")?,
            service: of_fields(fields)?,
            version: fields.whole("version", 0)?,
            becomes: Reshape::of(&fields.text("shape")?).ok_or(Malformed("shape"))?,
            draft: draft(fields)?,
        })
    }

    async fn run(mut self, turn: &mut Turn) -> Result<Reply, Fault> {
        let at = open(turn, self.tenant, self.service).await?;
        let stored = turn.scope.migration(&at).await?;
        match self.becomes {
            Reshape::Answer => {
                let kept = stored.as_ref().map(|stored| Draft::from(&stored.migration));
                if let Some(kept) = kept.filter(|kept| kept.by_microsoft == self.draft.by_microsoft) {
                    self.draft = kept;
                }
            }
            Reshape::AddLine => self.draft.add_line(at.service),
            Reshape::PutRest => self.draft.put_rest(at.service, in_progress(&at)),
        }
        let sheet = Sheet::new(&at, Id::new(turn.now()), &self.draft).stored(stored.as_ref());
        Ok(render(&sheet.version(self.version).form())?.into())
    }
}

/// The form, sent.
#[derive(Debug)]
pub struct Save {
    tenant: Id<Tenant>,
    service: &'static Service,
    version: i64,
    submission: Id<Submission>,
    draft: Draft,
}

impl Intent for Save {
    const NAME: &'static str = "migration.save";
    const WRITES: bool = true;

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        Ok(Self {
            tenant: fields.id("tenant")?,
            service: of_fields(fields)?,
            version: fields.whole("version", 0)?,
            submission: fields.id("form")?,
            draft: draft(fields)?,
        })
    }

    fn submission(&self) -> Option<String> {
        Some(self.submission.to_string())
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let at = open(turn, self.tenant, self.service).await?;
        let stored = turn.scope.migration(&at).await?;
        let migration = match check(&at, stored.as_ref(), &self.draft) {
            Ok(migration) => migration,
            Err(findings) => {
                let sheet = Sheet::new(&at, self.submission, &self.draft).stored(stored.as_ref());
                return Err(render(&sheet.version(self.version).findings(&findings).form())?.into());
            }
        };
        let edit = turn.edit(&at.desk, Self::NAME).await?;
        if !turn.scope.save_migration(&at, self.version, &migration).await? {
            return Err(conflict(turn, &at, stored.as_ref(), &self).await?.into());
        }
        edit.receipt(turn, saying(turn, &at, &migration)).await
    }
}

fn check(at: &ServiceDesk, stored: Option<&StoredMigration>, draft: &Draft) -> Result<Migration, Findings> {
    let before = stored.map_or(&[][..], |stored| stored.migration.lines());
    let context = Context { service: at.service, in_progress: in_progress(at), before };
    draft.check(&context, Turn::rules())
}

fn saying(turn: &Turn, at: &ServiceDesk, migration: &Migration) -> Saying {
    let saying = Saying::done("Data migration saved")
        .asks("Save this data migration?", "Save")
        .about(&at.service.name)
        .button(form::button(at, "Open service", "service.show").plain());
    let today = turn.today();
    hints(migration, today.0, today, Turn::rules())
        .iter()
        .fold(saying, |saying, hint| saying.hint(words::hint(hint)))
}

/// The form filled with what was typed, on the version of now, and what somebody else did meanwhile (C2).
async fn conflict(
    turn: &mut Turn,
    at: &ServiceDesk,
    stored: Option<&StoredMigration>,
    mine: &Save,
) -> Result<Card, Fault> {
    let code = &at.service.code;
    let seen = SeenRow { kind: "data_migration", service: code, subject: code, version: mine.version };
    let theirs = turn.theirs(mine.tenant, seen).await?;
    let sheet = Sheet::new(at, Id::new(turn.now()), &mine.draft).stored(stored);
    Ok(render(&sheet.theirs(theirs).form())?)
}

/// What was typed, row by row. How many rows the form had is in its data.
fn draft(fields: &Fields) -> Result<Draft, Malformed> {
    let rows = usize::try_from(fields.whole("rows", 0)?).map_err(|_| Malformed("rows"))?;
    if rows > MOST_LINES {
        return Err(Malformed("rows"));
    }
    Ok(Draft {
        by_microsoft: fields.text("by_microsoft")?,
        starts: fields.text("starts")?,
        ends: fields.text("ends")?,
        lines: LINE_FIELDS.iter().take(rows).map(|row| line_draft(fields, row)).collect::<Result<_, _>>()?,
        rejection_reason: fields.text("rejection_reason")?,
        rejection_note: fields.text("rejection_note")?,
    })
}

fn line_draft(fields: &Fields, row: &LineFields) -> Result<LineDraft, Malformed> {
    Ok(LineDraft {
        kind: fields.text(row.kind)?,
        entitlements: fields.text(row.entitlements)?,
        estimated: fields.text(row.estimated)?,
        size_gb: fields.text(row.size_gb)?,
        notes: fields.text(row.notes)?,
    })
}
