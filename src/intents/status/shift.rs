//! All of a row's entitlements put elsewhere: moved on by one press, or given back when the row is deleted.

use super::save::{Ready, said};
use super::{Show, button};
use crate::cards::notice::Notice;
use crate::cards::render;
use crate::domain::access::Act;
use crate::domain::grid::{Grid, Plan, Pot, Row, arrived};
use crate::domain::id::{Id, Tenant};
use crate::domain::service::Service;
use crate::domain::taxonomy::Path;
use crate::store::service::ServiceDesk;
use crate::turn::{Fault, Fields, Intent, Malformed, Reply, Turn};

use super::super::service::of_fields;

/// Warning on a question that changes the migration, too (M9).
pub(super) const LINES_TOO: &str =
    "The migration lines are corrected along, so that they add up to In Progress.";

/// Moves all of a row to another one, by one press (N4).
#[derive(Debug)]
pub struct Move {
    tenant: Id<Tenant>,
    service: &'static Service,
    version: i64,
    row: Path,
    to: Path,
}

impl Intent for Move {
    const NAME: &'static str = "status.move";
    const WRITES: bool = true;

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        Ok(Self {
            tenant: fields.id("tenant")?,
            service: of_fields(fields)?,
            version: fields.whole("version", 1)?,
            row: Path::of_code(&fields.text("row")?),
            to: Path::of_code(&fields.text("to")?),
        })
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let at = turn.service_desk(self.tenant, self.service, Act::EditStatus).await?;
        let grid = turn.scope.grid(&at).await?.settled();
        let plan = Plan { pot: Pot::Row(self.row.clone()), rest: None };
        let parts = grid.row(&self.row).zip(grid.row(&self.to));
        let parts = parts.map(|(row, to)| Row { entitlements: row.entitlements, ..to.clone() });
        let after = parts.and_then(|part| grid.apply(&plan, vec![part]).ok());
        let Some(after) = after.filter(|_| self.version == at.version && self.row != self.to) else {
            // The rows are others than those that were shown: nothing is moved unseen.
            return Show { tenant: self.tenant, service: self.service, page: 1 }.run(turn).await;
        };
        let ready = Ready::moved(turn, &at, &grid, after).await?;
        let edit = turn.edit(&at.desk, Self::NAME).await?;
        if !ready.write(turn, &at).await? {
            return Err(Fault::Again);
        }
        let saying = said(&at, &ready);
        if ready.mended.is_none() {
            return edit.receipt(turn, saying).await;
        }
        let fields = serde_json::json!({
            "tenant": self.tenant.to_string(), "service": self.service.code, "version": self.version,
            "row": self.row.code(), "to": self.to.code(),
        });
        edit.confirmed(
            turn,
            Self::NAME,
            fields,
            saying.asks("Move these entitlements?", "Move").warning(LINES_TOO),
        )
        .await
    }
}

/// Deletes a row; its entitlements go to another one. Asked before it is done.
#[derive(Debug)]
pub struct Delete {
    tenant: Id<Tenant>,
    service: &'static Service,
    row: Path,
    /// Where the entitlements go; nothing: where new ones wait.
    from: String,
}

impl Intent for Delete {
    const NAME: &'static str = "status.delete";
    const WRITES: bool = true;

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        Ok(Self {
            tenant: fields.id("tenant")?,
            service: of_fields(fields)?,
            row: Path::of_code(&fields.text("row")?),
            from: fields.text("from")?,
        })
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let at = turn.service_desk(self.tenant, self.service, Act::EditStatus).await?;
        let grid = turn.scope.grid(&at).await?.settled();
        let Some(to) = self.to(&grid) else { return Err(render(&only_row(&at))?.into()) };
        let plan = Plan { pot: Pot::Row(self.row.clone()), rest: Some(to.clone()) };
        let Ok(after) = grid.apply(&plan, Vec::new()) else {
            return Show { tenant: self.tenant, service: self.service, page: 1 }.run(turn).await;
        };
        let ready = Ready::moved(turn, &at, &grid, after).await?;
        let edit = turn.edit(&at.desk, Self::NAME).await?;
        if !ready.write(turn, &at).await? {
            return Err(Fault::Again);
        }
        let fields = serde_json::json!({
            "tenant": self.tenant.to_string(), "service": self.service.code, "row": self.row.code(),
            "from": self.from,
        });
        let saying = said(&at, &ready)
            .asks("Delete this status row?", "Delete")
            .hint(format!("Its entitlements go to {}.", to.words()));
        let saying = if ready.mended.is_some() { saying.warning(LINES_TOO) } else { saying };
        edit.confirmed(turn, Self::NAME, fields, saying).await
    }
}

impl Delete {
    /// Where the entitlements go: the chosen row, or where new ones wait; from there, to the largest other row.
    fn to(&self, grid: &Grid) -> Option<Path> {
        let chosen = Path::of_code(&self.from);
        if chosen != self.row && grid.row(&chosen).is_some() {
            return Some(chosen);
        }
        if self.row != arrived() {
            return Some(arrived());
        }
        let others = grid.rows.iter().filter(|row| row.path != self.row);
        others.max_by_key(|row| row.entitlements).map(|row| row.path.clone())
    }
}

fn only_row(at: &ServiceDesk) -> Notice {
    Notice::info("This is the only row")
        .text("Its entitlements have nowhere to go. Edit or split it instead.")
        .line(at.desk.customer_name.as_str())
        .button(button(at, "Open status", Show::NAME).with("page", 1))
}
