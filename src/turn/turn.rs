//! One activity being handled: the scope, the person, the place and their day.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::cards::{notices, render, text};
use crate::domain::access::{Act, Actor, refusal};
use crate::domain::id::{Id, Tenant};
use crate::domain::link::Links;
use crate::domain::rules::{Rules, rules};
use crate::domain::scenario::CSS_LED;
use crate::domain::service::Service;
use crate::domain::time::Today;
use crate::domain::when::{DayOrder, Lean, Reading};
use crate::store::desk::{Desk, Seat};
use crate::store::note::Message;
use crate::store::scope::PartnerScope;
use crate::store::service::ServiceDesk;

use super::Fault;
use super::intent::Sight;

/// What kind of place a turn happens in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlaceKind {
    /// One person and the bot.
    Personal,
    /// Others read along: no contact details (P8).
    Shared,
}

/// Where a turn happens.
#[derive(Debug, Clone)]
pub struct Place {
    /// Who reads along.
    pub kind: PlaceKind,
    /// The conversation's id in Teams.
    pub conversation: String,
    /// The chat message that the turn handles; none when a card was used.
    pub message: Option<String>,
}

impl Place {
    /// The chat message that the turn handles.
    pub fn message(&self) -> Option<Message<'_>> {
        let activity = self.message.as_deref()?;
        Some(Message { conversation: &self.conversation, activity })
    }
}

/// One turn. Everything that it reads and writes is of one firm, one person, one instant.
#[derive(Debug)]
pub struct Turn {
    /// The transaction.
    pub scope: PartnerScope,
    /// Who acts.
    pub actor: Actor,
    /// Where.
    pub place: Place,
    /// The person's time zone.
    pub zone: Tz,
    /// What comes first in the person's dates of bare numbers; `None`: nobody knows.
    pub day_order: Option<DayOrder>,
    /// The links of this installation.
    pub links: Links,
    /// Whether the turn may change anything.
    pub writes: bool,
    /// The digest of what the person has seen and confirmed, if this turn is a press of Confirm (C4).
    pub confirming: Option<Vec<u8>>,
}

impl Turn {
    /// The turn's one instant.
    pub fn now(&self) -> DateTime<Utc> {
        self.scope.now
    }

    /// The person's own calendar day.
    pub fn today(&self) -> Today {
        Today::at(self.now(), self.zone)
    }

    /// The person's calendar day of an instant.
    pub fn day_of(&self, instant: DateTime<Utc>) -> NaiveDate {
        Today::at(instant, self.zone).0
    }

    /// How the person looks at a tenant.
    pub fn sight(&self) -> Sight<'_> {
        Sight { now: self.now(), zone: self.zone, links: &self.links }
    }

    /// How the person's days are read: by their own calendar, and asked where they may mean two.
    pub fn reading(&self, lean: Lean) -> Reading {
        Reading { today: self.today(), order: self.day_order, lean, month_is_its_first_day: false }
    }

    /// The figures of the programme.
    pub fn rules() -> &'static Rules {
        rules()
    }

    /// An instant as words, on the person's own clock.
    pub fn clock_time(&self, instant: DateTime<Utc>) -> String {
        text::moment(&instant.with_timezone(&self.zone))
    }

    /// A desk at the tenant for `act`, or the refusal. Absent and foreign tenants get the same words (P6).
    /// A turn that writes holds the tenant for itself until it ends (C3).
    pub async fn desk(&mut self, tenant: Id<Tenant>, act: Act) -> Result<Desk, Fault> {
        if self.writes {
            self.scope.lock_tenant(tenant).await?;
        }
        match self.scope.desk(&self.actor, tenant, act).await? {
            Seat::Desk(desk) => Ok(desk),
            Seat::Refused(desk, refusal) => {
                Err(render(&notices::refused(refusal, act, &desk.customer_name, tenant))?.into())
            }
            Seat::None => Err(render(&notices::no_such_tenant())?.into()),
        }
    }

    /// A desk at one service of the tenant for `act`, or the refusal. A service without entitlements cannot be
    /// opened (DOMAIN 2.2); one that CSS leads is Microsoft's to keep (G7).
    pub async fn service_desk(
        &mut self,
        tenant: Id<Tenant>,
        service: &'static Service,
        act: Act,
    ) -> Result<ServiceDesk, Fault> {
        // The right to the tenant comes first, so that nothing of it is told before.
        let mut desk = self.desk(tenant, act).await?;
        let row = self.scope.service_row(&desk, &service.code).await?;
        let Some(row) = row.filter(|row| row.total > 0) else {
            return Err(render(&notices::not_entitled(&desk.customer_name, service, tenant))?.into());
        };
        desk.standing.css_led = row.scenario == CSS_LED;
        if let Some(refusal) = refusal(desk.standing, act) {
            return Err(render(&notices::refused(refusal, act, &desk.customer_name, tenant))?.into());
        }
        Ok(ServiceDesk {
            desk,
            service,
            total: row.total,
            in_progress: row.in_progress,
            active_users: row.active_users,
            scenario: row.scenario,
            engagement_start: row.engagement_start,
            version: row.version,
        })
    }
}
