//! The form of the parts, before it is saved: opened, with suggestions, with one more part.

use super::form::{Around, card};
use super::sheet::{Kind, Sheet};
use super::suggest::Adviser;
use crate::domain::access::Act;
use crate::domain::finding::{Findings, Rule};
use crate::domain::grid::{MOST_PARTS, PART_FIELDS, PartDraft, arrived};
use crate::domain::id::{Id, Tenant};
use crate::domain::service::Service;
use crate::domain::taxonomy::Path;
use crate::turn::{Fault, Fields, Intent, Malformed, Reply, Turn};

use super::super::service::{AtService, of_fields};

/// Opens the form.
#[derive(Debug)]
pub struct Open {
    tenant: Id<Tenant>,
    service: &'static Service,
    kind: Kind,
    row: Path,
}

impl Intent for Open {
    const NAME: &'static str = "status.open";

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        Ok(Self {
            tenant: fields.id("tenant")?,
            service: of_fields(fields)?,
            kind: Kind::of_fields(fields)?,
            row: Path::of_code(&fields.text("row")?),
        })
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let at = turn.service_desk(self.tenant, self.service, Act::EditStatus).await?;
        let grid = turn.scope.grid(&at).await?.settled();
        let row = grid.row(&self.row);
        let (kind, parts) = match (self.kind, row) {
            (Kind::Edit, Some(row)) => (Kind::Edit, vec![PartDraft::of_row(row)]),
            (Kind::Split, Some(row)) if row.path.l1 != arrived().l1 => {
                let own = PartDraft { entitlements: String::new(), ..PartDraft::of_row(row) };
                (Kind::Split, vec![own, PartDraft::default()])
            }
            (Kind::Split, Some(_)) => (Kind::Split, vec![PartDraft::default(); 2]),
            // The row that was meant is gone: the part is taken from what is there now.
            _ => (Kind::Add, vec![PartDraft::default()]),
        };
        let from = match kind {
            Kind::Edit => arrived(),
            _ => grid.source().map(|row| row.path.clone()).unwrap_or_default(),
        };
        let sheet = Sheet {
            tenant: self.tenant,
            service: self.service,
            version: at.version,
            submission: Id::new(turn.now()),
            kind,
            row: self.row,
            from,
            parts,
        };
        // Nothing is suggested yet, so nobody needs to be asked.
        Ok(card(&Adviser::default(), &at, &grid, &sheet, Around::default())?.into())
    }
}

/// `split contoso exo`: opens the form that splits the largest row.
#[derive(Debug)]
pub struct SplitLargest {
    tenant: Id<Tenant>,
    service: &'static Service,
}

impl AtService for SplitLargest {
    const FIND: &'static str = "status.split.find";

    fn at(tenant: Id<Tenant>, service: &'static Service) -> Self {
        Self { tenant, service }
    }
}

impl Intent for SplitLargest {
    const NAME: &'static str = "status.split";

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        Ok(Self { tenant: fields.id("tenant")?, service: of_fields(fields)? })
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let at = turn.service_desk(self.tenant, self.service, Act::EditStatus).await?;
        let grid = turn.scope.grid(&at).await?.settled();
        let largest = grid.rows.iter().filter(|row| row.entitlements > 1).max_by_key(|row| row.entitlements);
        let row = largest.map(|row| row.path.clone()).unwrap_or_default();
        Open { tenant: self.tenant, service: self.service, kind: Kind::Split, row }.run(turn).await
    }
}

/// Asks what the notes suggest.
#[derive(Debug)]
pub struct Suggest {
    sheet: Sheet,
}

impl Intent for Suggest {
    const NAME: &'static str = "status.suggest";
    const WRITES: bool = true;

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        Ok(Self { sheet: Sheet::from_fields(fields)? })
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let mut sheet = self.sheet;
        let at = turn.service_desk(sheet.tenant, sheet.service, Act::EditStatus).await?;
        let grid = turn.scope.grid(&at).await?.settled();
        let adviser = Adviser::of(turn).await?;
        sheet.suggest(turn, &adviser, &at, &grid, true).await?;
        sheet.complete(&grid);
        let mut findings = Findings::default();
        for (names, part) in PART_FIELDS.iter().zip(&sheet.parts) {
            if part.note.trim().is_empty() {
                findings.add(names.note, Rule::Required);
            }
        }
        Ok(card(&adviser, &at, &grid, &sheet, Around { findings, ..Around::default() })?.into())
    }
}

/// Reports that what is suggested does not help (checklist 173).
#[derive(Debug)]
pub struct Report {
    sheet: Sheet,
}

impl Intent for Report {
    const NAME: &'static str = "status.report";
    const WRITES: bool = true;

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        Ok(Self { sheet: Sheet::from_fields(fields)? })
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let mut sheet = self.sheet;
        let at = turn.service_desk(sheet.tenant, sheet.service, Act::EditStatus).await?;
        let grid = turn.scope.grid(&at).await?.settled();
        let adviser = Adviser::of(turn).await?;
        let actor = turn.actor.clone();
        for part in &sheet.parts {
            if let Ok(id) = part.suggestion.parse::<uuid::Uuid>() {
                turn.scope.report_suggestion(&at, &actor, id.into()).await?;
            }
        }
        sheet.complete(&grid);
        Ok(card(&adviser, &at, &grid, &sheet, Around { reported: true, ..Around::default() })?.into())
    }
}

/// Shows the form with one more part.
#[derive(Debug)]
pub struct Reshape {
    sheet: Sheet,
}

impl Intent for Reshape {
    const NAME: &'static str = "status.form";

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        Ok(Self { sheet: Sheet::from_fields(fields)? })
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let mut sheet = self.sheet;
        let at = turn.service_desk(sheet.tenant, sheet.service, Act::EditStatus).await?;
        let grid = turn.scope.grid(&at).await?.settled();
        let adviser = Adviser::of(turn).await?;
        if sheet.parts.len() < MOST_PARTS {
            sheet.parts.push(PartDraft::default());
        }
        sheet.complete(&grid);
        Ok(card(&adviser, &at, &grid, &sheet, Around::default())?.into())
    }
}
