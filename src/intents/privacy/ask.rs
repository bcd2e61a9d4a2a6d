//! `privacy export` and `privacy erase`: two steps (C4). The second one orders it; it is done by a job, because
//! reading every word of a firm may take longer than anybody waits for an answer.

use serde_json::json;

use super::{entitled, name_of, person};
use crate::cards::confirm::Confirm;
use crate::cards::text::{count, day};
use crate::cards::{Button, Card, Difference, privacy_notices, render};
use crate::domain::id::{Id, Request};
use crate::domain::personal::request::due;
use crate::domain::personal::{Deed, Known};
use crate::store::privacy::Standing;
use crate::store::privacy::request::Open;
use crate::turn::{Fault, Fields, Intent, Malformed, Reply, Turn};

/// What is to be done, and for whom.
#[derive(Debug)]
pub struct Ask {
    deed: Deed,
    whom: Whom,
}

/// Who is meant.
#[derive(Debug)]
enum Whom {
    /// As somebody called them.
    Called(String),
    /// The person of an open request.
    OfRequest(Id<Request>),
}

impl Ask {
    /// What a chat line asks for.
    pub(super) fn of_words(deed: Deed, who: &str) -> Self {
        Self { deed, whom: Whom::Called(who.to_owned()) }
    }
}

impl Intent for Ask {
    const NAME: &'static str = "privacy.ask";
    const WRITES: bool = true;

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        let deed = Deed::of(&fields.text("deed")?).ok_or(Malformed("deed"))?;
        let whom = match fields.optional_id("request")? {
            Some(request) => Whom::OfRequest(request),
            None => Whom::Called(fields.text("who")?),
        };
        Ok(Self { deed, whom })
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        entitled(turn)?;
        let open = turn.scope.open_requests().await?;
        let typed = match &self.whom {
            Whom::Called(typed) => typed.clone(),
            Whom::OfRequest(id) => match open.iter().find(|open| open.id == *id) {
                Some(open) => open.subject.text().to_owned(),
                None => return Err(render(&privacy_notices::no_such_request())?.into()),
            },
        };
        let known = person(turn, &typed, (Self::NAME, &[("deed", self.deed.code())])).await?;
        let request = open.into_iter().find(|open| open.deed == self.deed && open.subject == known.subject);
        if request.as_ref().is_some_and(|open| open.confirmed) {
            return Err(render(&privacy_notices::request_under_way())?.into());
        }
        let standing = turn.scope.person_standing(&known.subject, &known.names).await?;
        if self.deed == Deed::Erase && standing.colleague == Some(turn.actor.person) {
            return Err(render(&privacy_notices::nobody_erases_themselves())?.into());
        }
        let shown = json!([
            self.deed.code(),
            known.subject.key(),
            standing.contacts,
            standing.synchronised,
            standing.roles,
            standing.colleague.map(Id::uuid),
        ]);
        if !turn.confirms(&shown) {
            let fields = json!({ "deed": self.deed.code(), "who": known.subject.text() });
            let confirmation = turn.ask(Self::NAME, fields, &shown).await?;
            let ask = question(self.deed, &known, &standing, request.as_ref());
            let cancel = Button::new("Cancel", "privacy.list");
            let press = if self.deed == Deed::Erase { "Erase for good" } else { "Make the export" };
            return Ok(render(&ask.confirm(press, confirmation, cancel))?.into());
        }
        Ok(order(turn, self.deed, &known).await?.into())
    }
}

fn question(deed: Deed, known: &Known, standing: &Standing, request: Option<&Open>) -> Confirm {
    let address = known.subject.address().unwrap_or_default();
    let number = |n: i64, one: &str, many: &str| count(u64::try_from(n).unwrap_or(0), one, many);
    let mut ask = match deed {
        Deed::Export => Confirm::new("Export all data of this person", name_of(known))
            .hint("One file with everything that your firm's data says of them: contacts, words that name them, roles, \
                   changes, lines of the audit log. It comes into this chat, for you alone, for an hour."),
        Deed::Erase => Confirm::new("Erase all data of this person", name_of(known))
            .differences(erased(standing, &number))
            .hint("What names them in notes and other words becomes [erased]; the words around it stay.")
            .warning("This cannot be undone, and what was changed on their contacts cannot be undone any more."),
    }
    .detail(address);
    if let Some(open) = request {
        ask = ask.hint(format!("They asked on {}; due {}.", day(open.received), day(open.due)));
    }
    if standing.contacts == 0 && standing.colleague.is_none() && standing.roles == 0 {
        ask =
            ask.hint("They are no contact and hold no role. What names them in words is found all the same.");
    }
    if deed == Deed::Export {
        return ask;
    }
    if standing.synchronised > 0 {
        ask = ask.hint(
            "The feed will not bring them back here. They come back to the portal until they are removed at \
                        the origin, too (C10).",
        );
    }
    if standing.namesakes > 0 {
        let others = number(standing.namesakes, "other contact has", "other contacts have");
        ask = ask.hint(format!("{others} the same name: where words name them, they become [erased], too."));
    }
    if standing.colleague.is_some() {
        ask = ask.hint(
            "They are of your firm: they are signed out for good, and what they hold stays without a name. \
                        Hand over their tenants first.",
        );
    }
    ask
}

fn erased(standing: &Standing, number: &dyn Fn(i64, &str, &str) -> String) -> Vec<Difference> {
    let mut lines = Vec::new();
    if standing.contacts > 0 {
        lines.push(Difference::new("Contacts", number(standing.contacts, "contact", "contacts"), ""));
    }
    if standing.roles > 0 {
        lines.push(Difference::new("Roles", number(standing.roles, "role", "roles"), "without a name"));
    }
    if standing.colleague.is_some() {
        lines.push(Difference::new("Person of the firm", "can sign in", "without a name, signed out"));
    }
    lines
}

/// Orders it. A request that nobody took down before was received today.
async fn order(turn: &mut Turn, deed: Deed, known: &Known) -> Result<Card, Fault> {
    let conversation = turn.place.conversation.clone();
    let received = turn.today().0;
    let dates = (received, due(received, Turn::rules()));
    let id = turn.scope.take_down(&turn.actor, &conversation, deed, &known.subject, dates).await?;
    if !turn.scope.order(&turn.actor, &conversation, id).await? {
        return Err(Fault::Again);
    }
    Ok(render(&privacy_notices::ordered(deed))?)
}
