//! The frame of every edit: opened at a desk, and closed by a receipt, or by a question that shows old and new.

use aws_lc_rs::digest::{SHA256, digest};
use serde_json::{Map, Value, json};

use super::{Fault, PlaceKind, Reply, Turn};
use crate::cards::button::Button;
use crate::cards::confirm::Confirm;
use crate::cards::form::Theirs;
use crate::cards::receipt::Receipt;
use crate::cards::{changes, notices, render};
use crate::domain::edit::RowChange;
use crate::domain::id::{Change, Confirmation, Id, Tenant};
use crate::store::change::{Making, Step};
use crate::store::change_history::SeenRow;
use crate::store::desk::Desk;

/// An edit in work. Whatever the turn writes from its opening on is part of it, and comes back with one Undo.
#[derive(Debug)]
#[must_use = "an edit ends with a receipt or a question"]
pub struct Edit {
    /// The change that it makes.
    pub change: Id<Change>,
    tenant: Option<Id<Tenant>>,
    customer: String,
}

/// The words around an edit's old and new.
#[derive(Debug, Clone, Default)]
pub struct Saying {
    done: String,
    question: String,
    press: &'static str,
    detail: String,
    warning: String,
    hints: Vec<String>,
    buttons: Vec<Button>,
}

impl Saying {
    /// What the receipt's title says, for example "Forecast saved".
    pub fn done(title: impl Into<String>) -> Self {
        Self { done: title.into(), press: "Confirm", ..Self::default() }
    }

    /// The question before it is done, and the word on the button.
    #[must_use]
    pub fn asks(mut self, question: impl Into<String>, press: &'static str) -> Self {
        self.question = question.into();
        self.press = press;
        self
    }

    /// What it is about besides the customer, for example the service.
    #[must_use]
    pub fn about(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    /// What somebody should know before pressing; the card is marked.
    #[must_use]
    pub fn warning(mut self, warning: impl Into<String>) -> Self {
        self.warning = warning.into();
        self
    }

    /// One more thing worth knowing.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// A way on from the receipt.
    #[must_use]
    pub fn button(mut self, button: Button) -> Self {
        self.buttons.push(button);
        self
    }
}

impl Turn {
    /// For an act that leaves no images: whether this turn is the answer to exactly the question that says `shown`.
    pub fn confirms(&self, shown: &Value) -> bool {
        self.confirming.as_deref() == Some(sha256(&shown.to_string()).as_slice())
    }

    /// Remembers the question that says `shown`, before an act that leaves no images (C4).
    pub async fn ask(
        &mut self,
        act: &'static str,
        fields: Value,
        shown: &Value,
    ) -> Result<Id<Confirmation>, Fault> {
        let fields: Map<String, Value> = fields.as_object().cloned().unwrap_or_default();
        Ok(self.scope.ask(&self.actor, act, &fields, &sha256(&shown.to_string())).await?)
    }

    /// Opens an edit of the desk's tenant. `act` is the intent's name.
    pub async fn edit(&mut self, desk: &Desk, act: &'static str) -> Result<Edit, Fault> {
        self.open_edit(act, Some(desk.tenant), desk.customer_name.clone()).await
    }

    /// Opens an edit of several tenants. Each of them needs a desk of its own.
    pub async fn edit_several(&mut self, act: &'static str) -> Result<Edit, Fault> {
        self.open_edit(act, None, String::new()).await
    }

    async fn open_edit(
        &mut self,
        act: &'static str,
        tenant: Option<Id<Tenant>>,
        customer: String,
    ) -> Result<Edit, Fault> {
        let place = match self.place.kind {
            PlaceKind::Personal => "personal",
            PlaceKind::Shared => "shared",
        };
        let making = Making { act, conversation: &self.place.conversation, place, tenant };
        let change = self.scope.open_change(&self.actor, making).await?;
        Ok(Edit { change, tenant, customer })
    }

    /// What others did to a row since a form showed it, newest first (C2); `None`: nothing that people did.
    pub async fn theirs(&mut self, tenant: Id<Tenant>, seen: SeenRow<'_>) -> Result<Option<Theirs>, Fault> {
        let made = self.scope.changes_since(tenant, seen).await?;
        let Some(latest) = made.first() else { return Ok(None) };
        let when = self.clock_time(latest.at);
        let lines = made.iter().flat_map(|made| changes::differences(&made.rows)).collect();
        Ok(Some(Theirs { who: latest.who.clone(), when, lines }))
    }
}

impl Edit {
    /// Adds how to take back what the edit did to notes, which are never deleted.
    pub async fn steps(&self, turn: &mut Turn, steps: &[Step]) -> Result<(), Fault> {
        Ok(turn.scope.keep_steps(self.change, steps).await?)
    }

    /// Ends the edit: it is done, and this is what it did, with Undo.
    pub async fn receipt(self, turn: &mut Turn, saying: Saying) -> Result<Reply, Fault> {
        let rows = turn.scope.row_changes(self.change).await?;
        if rows.iter().all(|row| row.fields().is_empty()) {
            turn.scope.drop_change().await?;
            return Ok(render(&notices::nothing_changed(&self.customer, self.tenant))?.into());
        }
        self.done(turn, &rows, saying)
    }

    /// Ends an edit that asks first. If this turn is the answer to exactly this question, it is done. Otherwise
    /// nothing of it stays, and the question shows old and new (C4): the preview is the edit itself, taken back.
    pub async fn confirmed(
        self,
        turn: &mut Turn,
        act: &'static str,
        fields: Value,
        saying: Saying,
    ) -> Result<Reply, Fault> {
        let rows = turn.scope.row_changes(self.change).await?;
        let shown = digest_of(&rows);
        if turn.confirming.as_ref() == Some(&shown) {
            return self.done(turn, &rows, saying);
        }
        turn.scope.drop_change().await?;
        if rows.iter().all(|row| row.fields().is_empty()) {
            return Ok(render(&notices::nothing_changed(&self.customer, self.tenant))?.into());
        }
        let fields: Map<String, Value> = fields.as_object().cloned().unwrap_or_default();
        let confirmation = turn.scope.ask(&turn.actor, act, &fields, &shown).await?;
        let mut face = Confirm::new(&saying.question, &self.customer)
            .detail(&saying.detail)
            .differences(changes::differences(&rows))
            .warning(&saying.warning);
        for hint in saying.hints {
            face = face.hint(hint);
        }
        let face = face.confirm(saying.press, confirmation, self.way_out("Cancel"));
        Ok(render(&face)?.into())
    }

    /// Ends an edit that took another one back.
    pub async fn undone(self, turn: &mut Turn, saying: Saying) -> Result<Reply, Fault> {
        let mut rows = turn.scope.row_changes(self.change).await?;
        // P8: where others read along, nothing of a contact is told.
        if turn.place.kind == PlaceKind::Shared {
            rows.retain(|row| row.kind != "contact");
        }
        let mut face = Receipt::undone(&saying.done, &self.customer)
            .differences(changes::differences(&rows))
            .by(&turn.actor.name, &turn.clock_time(turn.now()));
        for hint in saying.hints {
            face = face.hint(hint);
        }
        Ok(render(&face.button(self.way_out("Open tenant")))?.into())
    }

    fn done(self, turn: &Turn, rows: &[RowChange], saying: Saying) -> Result<Reply, Fault> {
        let mut face = Receipt::new(&saying.done, &self.customer)
            .detail(&saying.detail)
            .differences(changes::differences(rows))
            .by(&turn.actor.name, &turn.clock_time(turn.now()))
            .undo(Some(self.change));
        for hint in saying.hints {
            face = face.hint(hint);
        }
        for button in saying.buttons {
            face = face.button(button);
        }
        Ok(render(&face.button(self.way_out("Open tenant")))?.into())
    }

    fn way_out(&self, title: &str) -> Button {
        match self.tenant {
            Some(tenant) => Button::new(title, "tenant.show").with("tenant", tenant.to_string()),
            None => {
                Button::new(title, "tenant.list").with("list", "active").with("filter", "").with("page", 1)
            }
        }
    }
}

/// What a person was shown, in short: the fields that differ, without ids and times that are new each time, and in
/// whatever order the database wrote the rows.
fn digest_of(rows: &[RowChange]) -> Vec<u8> {
    let row = |row: &RowChange| {
        let fields = row.fields();
        let fields: Vec<_> =
            fields.iter().map(|change| json!([change.field, change.old, change.new])).collect();
        let own = ["milestone", "type", "role", "scope", "l1", "l2", "l3"].map(|field| row.text(field));
        json!([row.customer, row.service, row.kind, row.holder, own, fields]).to_string()
    };
    let mut said: Vec<String> = rows.iter().map(row).collect();
    said.sort_unstable();
    sha256(&said.join("\n"))
}

fn sha256(said: &str) -> Vec<u8> {
    digest(&SHA256, said.as_bytes()).as_ref().to_vec()
}
