//! What is known of one tenant, as far as compliance goes. Days are those of the reader's own calendar.

use chrono::NaiveDate;

use super::super::assignment::{Role, Scope};
use super::super::id::{Id, Person, Tenant};
use super::super::rules::Milestone;
use super::super::scenario::PARTNER_LED;
use super::super::taxonomy::Path;
use super::super::tenant::OverallStatus;

/// One tenant of one firm. Nothing in it is personal but the ids of the firm's own people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The tenant.
    pub tenant: Id<Tenant>,
    /// The tenant's name.
    pub name: String,
    /// The customer's name.
    pub customer_name: String,
    /// Whether it is in work; an inactive tenant has no gaps (Q1).
    pub active: bool,
    /// Overall status; `None`: one that the programme does not know.
    pub status: Option<OverallStatus>,
    /// Since when the firm has it.
    pub known_since: NaiveDate,
    /// When the last status note was written (E4).
    pub last_note: Option<NaiveDate>,
    /// Whether some contact is complete for surveys (C2, C3).
    pub has_survey_contact: bool,
    /// Its services, by code.
    pub services: Vec<Service>,
    /// Who works on it, in the partner's roles.
    pub holdings: Vec<Holding>,
}

/// A service of a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Service code.
    pub code: String,
    /// Entitlements, the override included.
    pub total: i32,
    /// Engagement scenario, by code (G1).
    pub scenario: String,
    /// Active users, where the feed says so.
    pub active_users: Option<i32>,
    /// Whether its CPOR claim is the firm's own and approved (Q1).
    pub claimed: bool,
    /// Since when it is known.
    pub known_since: NaiveDate,
    /// When it was last written, by the feed or by a person.
    pub changed: NaiveDate,
    /// How its entitlements are split.
    pub rows: Vec<Row>,
    /// Its forecast, if there is one.
    pub forecast: Option<Forecast>,
}

/// A row of the entitlement status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Status and reasons.
    pub path: Path,
    /// How many.
    pub entitlements: i32,
    /// Whether it has a note.
    pub has_note: bool,
    /// When it shall be done.
    pub target_date: Option<NaiveDate>,
    /// Since when the row is there.
    pub since: NaiveDate,
    /// When it was last written.
    pub changed: NaiveDate,
}

/// The forecast of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forecast {
    /// When it was last written.
    pub changed: NaiveDate,
    /// Of each milestone of which something is said, by code: the day, or that it will not be reached (F5).
    pub targets: Vec<(String, Option<NaiveDate>)>,
}

/// Somebody in one of the partner's roles, in one scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    /// The role.
    pub role: Role,
    /// The tenant as such, or a service.
    pub scope: Scope,
    /// Primary there (A4).
    pub primary: bool,
    /// Who; `None`: the firm itself, under its name.
    pub person: Option<Id<Person>>,
    /// Whether the person is still with the firm.
    pub is_here: bool,
}

impl Snapshot {
    /// Whether it is the firm's to keep current: in work, and the firm holds its P-RM (V1, Q1).
    pub fn is_kept(&self) -> bool {
        self.active && self.managers().next().is_some()
    }

    /// The P-RMs.
    pub(super) fn managers(&self) -> impl Iterator<Item = &Holding> {
        self.holdings.iter().filter(|held| held.role == Role::RegionalManager)
    }

    /// The active services of the partner: entitlements, FTC-FTP Led, and a P-RM is primary for the service or the
    /// tenant (Q1).
    pub fn active_services(&self) -> impl Iterator<Item = &Service> {
        let credited = |service: &Service| {
            let covers = |held: &Holding| held.scope.is_tenant() || held.scope.code() == service.code;
            self.managers().any(|held| held.primary && covers(held))
        };
        self.services.iter().filter(move |service| {
            self.active && service.total > 0 && service.scenario == PARTNER_LED && credited(service)
        })
    }

    /// Whose it is to mend something of a service, or of the tenant (Q4): a primary P-FM, of the service before the
    /// tenant's; else another P-FM; else a P-RM who is a person.
    pub fn owner(&self, service: Option<&str>) -> Option<Id<Person>> {
        let rank = |held: &&Holding| {
            let fits = held.scope.is_tenant() || service.is_none_or(|code| held.scope.code() == code);
            let near = held.scope.is_tenant() == service.is_none();
            (held.role != Role::FastTrackManager, !fits, !held.primary, !near)
        };
        let people = self.holdings.iter().filter(|held| held.is_here && held.role != Role::Engineer);
        people.filter(|held| held.person.is_some()).min_by_key(rank)?.person
    }

    /// Whether this person works on it (A3).
    pub fn is_worked_on_by(&self, person: Id<Person>) -> bool {
        self.holdings.iter().any(|held| held.person == Some(person))
    }
}

impl Service {
    /// Total less rows (N1).
    pub fn remainder(&self) -> i64 {
        let sum: i64 = self.rows.iter().map(|row| i64::from(row.entitlements)).sum();
        i64::from(self.total) - sum
    }

    /// Whether usage is known to have reached a milestone; the last one is reached when everybody uses it.
    pub fn has_reached(&self, milestone: &Milestone) -> bool {
        let percent = i64::from(milestone.percent.unwrap_or(100));
        self.active_users.is_some_and(|users| i64::from(users) * 100 >= percent * i64::from(self.total))
    }

    /// What is said of a milestone: the day, or that it will not be reached; `None`: nothing.
    pub fn said_of(&self, milestone: &Milestone) -> Option<Option<NaiveDate>> {
        let targets = &self.forecast.as_ref()?.targets;
        targets.iter().find(|(code, _)| *code == milestone.code).map(|(_, date)| *date)
    }
}
