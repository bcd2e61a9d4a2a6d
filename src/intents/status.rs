//! The entitlement status of a service (N1 to N16): its grid, the form of its parts, one line of chat, and moves.

mod form;
mod line;
mod open;
mod save;
mod sheet;
mod shift;
mod suggest;

pub use line::Write;
pub use open::{Open, Report, Reshape, SplitLargest, Suggest};
pub use save::Save;
pub use sheet::Kind;
pub use shift::{Delete, Move};

use super::service::{AtService, Find, of_fields};
use crate::cards::button::Style;
use crate::cards::grid::{Grid as Face, Row as FaceRow};
use crate::cards::text::{clip, number};
use crate::cards::{Button, render};
use crate::domain::access::Act;
use crate::domain::grid::{self, Grid, arrived};
use crate::domain::id::{Id, Tenant};
use crate::domain::service::Service;
use crate::domain::taxonomy::{Path, Taxonomy, taxonomy};
use crate::store::service::ServiceDesk;
use crate::turn::{Fault, Fields, Intent, Malformed, Ready, Reply, Turn, Usage};

/// Most rows that new entitlements can be moved to by one press.
const MOVES: usize = 3;
/// Most characters of such a button, so that a phone does not cut it.
const MOVE_SHOWN: usize = 31;

/// Reads what follows `ent`: a tenant and a service open the grid, parts after a colon are saved once they are
/// confirmed.
pub fn hear(words: &str) -> Result<Box<dyn Ready>, Usage> {
    if let Some(write) = Write::from_words(words) {
        return Ok(Box::new(write));
    }
    Ok(Box::new(Find::<Show>::from_words(words)?))
}

/// Reads what follows `split`: the same, but without parts it opens the form that splits the largest row.
pub fn hear_split(words: &str) -> Result<Box<dyn Ready>, Usage> {
    if let Some(write) = Write::from_words(words) {
        return Ok(Box::new(write));
    }
    Ok(Box::new(Find::<SplitLargest>::from_words(words)?))
}

/// The grid.
#[derive(Debug)]
pub struct Show {
    /// The tenant.
    pub tenant: Id<Tenant>,
    /// The service.
    pub service: &'static Service,
    /// From 1.
    pub page: usize,
}

impl AtService for Show {
    const FIND: &'static str = "status.find";

    fn at(tenant: Id<Tenant>, service: &'static Service) -> Self {
        Self { tenant, service, page: 1 }
    }
}

impl Intent for Show {
    const NAME: &'static str = "status.grid";

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        let page = usize::try_from(fields.page("page")?).map_err(|_| Malformed("page"))?;
        Ok(Self { tenant: fields.id("tenant")?, service: of_fields(fields)?, page })
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let at = turn.service_desk(self.tenant, self.service, Act::See).await?;
        let grid = turn.scope.grid(&at).await?;
        let edits = at.desk.allows(Act::EditStatus);
        let pages = grid.rows.len().div_ceil(Face::PAGE).max(1);
        let page = self.page.min(pages);
        let first = (page - 1) * Face::PAGE;
        let rows = grid.rows.iter().enumerate().skip(first).take(Face::PAGE);
        let rows = rows
            .map(|(index, row)| {
                FaceRow::new(row, if edits { of_row(&at, index + 1, row) } else { Vec::new() })
            })
            .collect();
        let mut face = Face::new(&at.desk.customer_name, &at.service.name, &grid, page, rows);
        if edits {
            face = face.button(
                button(&at, "Add a part", Open::NAME).with("kind", Kind::Add.code()).style(Style::Positive),
            );
            for (title, to) in moves(&grid) {
                let move_on = button(&at, &title, Move::NAME).with("version", at.version);
                face = face.button(move_on.with("row", arrived().code()).with("to", to.code()));
            }
        }
        if page < pages {
            face = face.button(button(&at, "Next rows", Self::NAME).with("page", page + 1));
        }
        if page > 1 {
            face = face.button(button(&at, "Rows before", Self::NAME).with("page", page - 1));
        }
        let changes = button(&at, "Changes", "change.history")
            .with("field", "status")
            .with("range", "all")
            .with("page", 1);
        Ok(render(&face.button(changes).button(button(&at, "Open service", "service.show")))?.into())
    }
}

/// A button at the desk's service.
fn button(at: &ServiceDesk, title: &str, verb: &'static str) -> Button {
    Button::new(title, verb)
        .with("tenant", at.desk.tenant.to_string())
        .with("service", at.service.code.as_str())
}

/// What can be done with one row, by its number on the card.
fn of_row(at: &ServiceDesk, number: usize, row: &grid::Row) -> Vec<Button> {
    let open = |title: &str, kind: Kind| {
        button(at, &format!("{title} {number}"), Open::NAME)
            .with("kind", kind.code())
            .with("row", row.path.code())
    };
    let mut buttons = vec![open("Edit", Kind::Edit)];
    if row.entitlements > 1 {
        buttons.push(open("Split", Kind::Split));
    }
    let delete = button(at, &format!("Delete {number}"), Delete::NAME)
        .with("row", row.path.code())
        .style(Style::Destructive);
    buttons.push(delete);
    buttons
}

/// Where the entitlements that wait can go by one press, and what the button says (N4).
fn moves(grid: &Grid) -> Vec<(String, Path)> {
    let Some(waiting) = grid.row(&arrived()) else { return Vec::new() };
    let amount = number(u64::try_from(waiting.entitlements).unwrap_or(0));
    let list = taxonomy();
    let listed = |row: &&grid::Row| list.has(&row.path.l1, &row.path.l2, &row.path.l3);
    let others = grid.rows.iter().filter(|row| row.path.l1 != waiting.path.l1);
    let mut rows: Vec<_> = others.filter(listed).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.entitlements));
    let title = |row: &grid::Row| {
        let to = format!("Move {amount} to ");
        let name = clip(apart(&list, grid, &row.path), MOVE_SHOWN.saturating_sub(to.len()));
        (format!("{to}{name}"), row.path.clone())
    };
    rows.into_iter().take(MOVES).map(title).collect()
}

/// The first level of a row whose name no other row has there: its status, unless there are several of that.
fn apart<'n>(list: &'n Taxonomy, grid: &Grid, path: &'n Path) -> &'n str {
    let Path { l1, l2, l3 } = path;
    let others = || grid.rows.iter().map(|row| &row.path).filter(|other| *other != path);
    if others().all(|other| other.l1 != *l1) {
        list.name(l1, "", "")
    } else if others().all(|other| (&other.l1, &other.l2) != (l1, l2)) {
        list.name(l1, l2, "")
    } else {
        list.name(l1, l2, l3)
    }
}

/// What a row is called in a choice: "12 Status Unknown › New Subscription or Workload".
fn title(row: &grid::Row) -> String {
    format!("{} {}", number(u64::try_from(row.entitlements).unwrap_or(0)), row.path.words())
}
