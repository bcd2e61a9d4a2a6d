//! Everything that stands in the form of the parts, as it was typed, and what it asks of the grid.

use super::suggest::Adviser;
use crate::domain::grid::{Context, Grid, MOST_PARTS, PART_FIELDS, PartDraft, PartFields, Plan, Pot, Row};
use crate::domain::id::{Id, Submission, Tenant};
use crate::domain::service::Service;
use crate::domain::suggestion::Band;
use crate::domain::taxonomy::{Need, Path, taxonomy};
use crate::store::service::ServiceDesk;
use crate::turn::{Fault, Fields, Malformed, Turn};

use super::super::service::of_fields;

/// What is done with the parts of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// They are taken from a row.
    Add,
    /// One of them takes the place of a row; another row gives or gets the difference.
    Edit,
    /// They take the place of a row.
    Split,
    /// They take the place of all rows.
    Set,
}

impl Kind {
    const ALL: [Self; 4] = [Self::Add, Self::Edit, Self::Split, Self::Set];

    /// Stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Edit => "edit",
            Self::Split => "split",
            Self::Set => "set",
        }
    }

    pub(super) fn of_fields(fields: &Fields) -> Result<Self, Malformed> {
        let code = fields.text("kind")?;
        Self::ALL.into_iter().find(|kind| kind.code() == code).ok_or(Malformed("kind"))
    }

    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Add => "Add a part",
            Self::Edit => "Edit a status row",
            Self::Split => "Split a status row",
            Self::Set => "Split the entitlements",
        }
    }
}

/// Everything that stands in the form.
#[derive(Debug, Clone)]
pub(super) struct Sheet {
    pub tenant: Id<Tenant>,
    pub service: &'static Service,
    pub version: i64,
    pub submission: Id<Submission>,
    pub kind: Kind,
    /// The row that is edited or split.
    pub row: Path,
    /// The row that parts are taken from, or that gives and gets the difference.
    pub from: Path,
    pub parts: Vec<PartDraft>,
}

impl Sheet {
    pub(super) fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        let count = usize::try_from(fields.whole("parts", 1)?).map_err(|_| Malformed("parts"))?;
        let parts = PART_FIELDS.iter().take(count.min(MOST_PARTS)).map(|part| draft(fields, part));
        Ok(Self {
            tenant: fields.id("tenant")?,
            service: of_fields(fields)?,
            version: fields.whole("version", 1)?,
            submission: fields.id("form")?,
            kind: Kind::of_fields(fields)?,
            row: Path::of_code(&fields.text("row")?),
            from: Path::of_code(&fields.text("from")?),
            parts: parts.collect::<Result<_, _>>()?,
        })
    }

    /// What the form would hand in, so that a question can be answered by it.
    pub(super) fn fields(&self) -> serde_json::Value {
        let mut fields = serde_json::Map::new();
        let mut put = |name: &str, value: serde_json::Value| fields.insert(name.to_owned(), value);
        put("tenant", self.tenant.to_string().into());
        put("service", self.service.code.as_str().into());
        put("version", self.version.into());
        put("form", self.submission.to_string().into());
        put("kind", self.kind.code().into());
        put("row", self.row.code().into());
        put("from", self.from.code().into());
        put("parts", self.parts.len().into());
        for (names, part) in PART_FIELDS.iter().zip(&self.parts) {
            for (name, value) in named(names, part) {
                put(name, value.into());
            }
        }
        fields.into()
    }

    /// How the parts change the grid.
    pub(super) fn plan(&self, grid: &Grid, parts: &[Row]) -> Plan {
        let (pot, rest) = match self.kind {
            Kind::Add => (Pot::Row(self.from.clone()), Some(self.from.clone())),
            Kind::Edit => (Pot::Row(self.row.clone()), Some(self.from.clone())),
            Kind::Split => (Pot::Row(self.row.clone()), None),
            Kind::Set => (grid.pot_for(parts), None),
        };
        Plan { pot, rest }
    }

    /// The row that the parts come of; none where they only take from one.
    pub(super) fn before<'g>(&self, grid: &'g Grid) -> Option<&'g Row> {
        match self.kind {
            Kind::Edit | Kind::Split => grid.row(&self.row),
            Kind::Add | Kind::Set => None,
        }
    }

    pub(super) fn context<'g>(&self, turn: &Turn, grid: &'g Grid) -> Context<'g> {
        let there = match self.kind {
            Kind::Add => grid.row(&self.from).map(|row| row.entitlements),
            Kind::Edit | Kind::Split => grid.row(&self.row).map(|row| row.entitlements),
            Kind::Set => Some(grid.total),
        };
        Context { service: &self.service.code, today: turn.today(), before: self.before(grid), there }
    }

    /// Fills in what goes without saying: levels below the chosen ones, the owner of a blocker unless one is named,
    /// and what the row that a part joins has already.
    pub(super) fn complete(&mut self, grid: &Grid) {
        // What the list no longer offers stays with the row that has it.
        let own = self.before(grid).map(|row| row.path.clone());
        for part in &mut self.parts {
            if part.path() != own {
                part.prune(&self.service.code);
            }
            let Some(path) = part.path() else { continue };
            let asks = taxonomy().fields(&path.l1);
            if let Some(row) = grid.row(&path) {
                if part.target_date.is_empty() {
                    part.target_date = row.target_date.map(|date| date.to_string()).unwrap_or_default();
                }
                if part.owner.is_empty() {
                    part.owner.clone_from(&row.owner);
                }
            }
            if asks.owner == Need::Required && part.owner.is_empty() {
                part.owner = Turn::rules().blocker_owners.first().cloned().unwrap_or_default();
            }
        }
    }

    /// Asks what the notes suggest and takes it: of every part, or only of those that have no levels yet. The part of
    /// a split that stays what the row was is not asked about. What is shown is kept (N7).
    pub(super) async fn suggest(
        &mut self,
        turn: &mut Turn,
        adviser: &Adviser,
        at: &ServiceDesk,
        grid: &Grid,
        all: bool,
    ) -> Result<(), Fault> {
        let stays = self.before(grid).filter(|_| self.kind == Kind::Split);
        for part in &mut self.parts {
            let note = part.note.trim().to_owned();
            let path = part.path();
            let same = stays.is_some_and(|row| row.note == note && path.as_ref() == Some(&row.path));
            if note.is_empty() || same || (path.is_some() && !all) {
                continue;
            }
            let suggestion = adviser.suggest(at.service, &note);
            let kept = turn.scope.keep_suggestion(at, &turn.actor, &note, &suggestion).await?;
            part.suggestion = kept.to_string();
            match suggestion.first() {
                Some(first) => part.take(first),
                None => part.pick.clear(),
            }
        }
        Ok(())
    }
}

impl Sheet {
    /// The parts that have a note and no levels yet.
    fn untold(&self) -> impl Iterator<Item = usize> + '_ {
        let parts = self.parts.iter().enumerate();
        parts
            .filter(|(_, part)| part.path().is_none() && !part.note.trim().is_empty())
            .map(|(index, _)| index)
    }

    /// Whether any part has a note and no levels yet.
    pub(super) fn is_untold(&self) -> bool {
        self.untold().next().is_some()
    }

    /// Gives the parts without levels what their notes suggest, if that is sure (N9) for each of them. False: it is
    /// not, and nothing was taken.
    pub(super) fn take_sure(&mut self, adviser: &Adviser) -> bool {
        let sure = |index: usize| {
            let suggestion = adviser.suggest(self.service, self.parts.get(index)?.note.trim());
            let first = suggestion.first().filter(|_| suggestion.band == Band::Green)?;
            Some((index, first.clone()))
        };
        let Some(sure): Option<Vec<(usize, Path)>> = self.untold().map(sure).collect() else { return false };
        for (index, path) in &sure {
            if let Some(part) = self.parts.get_mut(*index) {
                part.take(path);
                part.unseen = true;
            }
        }
        true
    }
}

fn draft(fields: &Fields, names: &PartFields) -> Result<PartDraft, Malformed> {
    Ok(PartDraft {
        note: fields.text(names.note)?,
        pick: fields.text(names.pick)?,
        l1: fields.text(names.l1)?,
        l2: fields.text(names.l2)?,
        l3: fields.text(names.l3)?,
        entitlements: fields.text(names.entitlements)?,
        target_date: fields.text(names.target_date)?,
        owner: fields.text(names.owner)?,
        suggestion: fields.text(names.suggestion)?,
        unseen: false,
    })
}

fn named<'p>(names: &'static PartFields, part: &'p PartDraft) -> [(&'static str, &'p str); 9] {
    [
        (names.note, &part.note),
        (names.pick, &part.pick),
        (names.l1, &part.l1),
        (names.l2, &part.l2),
        (names.l3, &part.l3),
        (names.entitlements, &part.entitlements),
        (names.target_date, &part.target_date),
        (names.owner, &part.owner),
        (names.suggestion, &part.suggestion),
    ]
}
