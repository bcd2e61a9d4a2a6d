//! What a rule holds against an input. The sentences that people read are in `cards::finding`.

use std::borrow::Cow;

use chrono::NaiveDate;

use super::contact::ContactRule;
use super::grid::GridRule;

/// A rule that an input can break.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    /// The field must be filled in (E1).
    Required,
    /// More characters than the field takes.
    TooLong {
        /// How many it takes.
        max: usize,
    },
    /// A character that cannot be shown (V2).
    ControlCharacter,
    /// Not one of the choices (V1).
    UnknownChoice,
    /// A tenant that the person is not assigned to, or none at all (A10, P6).
    NotYourTenant,
    /// Not a calendar date (V1).
    NotADate,
    /// A date outside 2000 to 2099 (V1).
    DateOutOfRange,
    /// A date that lies ahead where it must not (E2).
    InFuture {
        /// The user's own today.
        today: NaiveDate,
    },
    /// Something is wrong with an assignment (DOMAIN 3.9).
    Assignment(Misassigned),
    /// A next action comes with its date and its owner, or not at all (DOMAIN 2.4).
    NextActionIncomplete,
    /// Not a whole number, or one that is too small or too large (V1).
    NotAWholeNumber {
        /// The smallest that is taken.
        least: i32,
        /// The largest that is taken.
        most: i32,
    },
    /// The data of this service cannot be migrated (M1).
    NotMigrated,
    /// Belongs to the other answer on who migrates: dates and lines if Microsoft does, a reason and a note if the
    /// customer declines (M2, M6).
    OfTheOtherAnswer,
    /// A migration that ends before it starts (M4).
    BeforeStart {
        /// Its start.
        start: NaiveDate,
    },
    /// A date outside the migration's own (M4).
    OutsideMigration {
        /// First day of the migration.
        starts: NaiveDate,
        /// Its last day.
        ends: NaiveDate,
    },
    /// A migration type that belongs to other services.
    OfAnotherService,
    /// A second line of the same migration type (DOMAIN 2.7).
    TypeTwice,
    /// More lines than a migration can have.
    TooManyLines {
        /// How many it can have.
        most: usize,
    },
    /// The lines do not add up to the In Progress entitlements (M3).
    SumOff {
        /// What the lines add up to.
        sum: u64,
        /// What they should.
        in_progress: u64,
    },
    /// A new date that does not lie ahead (F2 to F4, F6).
    NotAhead {
        /// The user's own today.
        today: NaiveDate,
    },
    /// A date that must lie after another one (F2, F3, F4).
    NotAfter {
        /// The other one's name.
        what: String,
        /// The other one.
        date: NaiveDate,
    },
    /// A date that must not lie before another one (F4).
    Before {
        /// The other one's name.
        what: String,
        /// The other one.
        date: NaiveDate,
    },
    /// A date, and the word that it will not be reached (F5).
    DateAndOptOut,
    /// A milestone that cannot be opted out of (F5).
    AlwaysReached,
    /// A share of usage that is no milestone (F10).
    NoSuchMilestone {
        /// Names of those that are.
        known: String,
    },
    /// One line says it twice.
    SaidTwice,
    /// No entitlements of the service are In Progress (D2).
    NothingInProgress,
    /// A reason for a change that is none (D5).
    NothingToExplain,
    /// Not an e-mail address (V3).
    NotAnEmail,
    /// More than one e-mail address (V3).
    OneEmailOnly,
    /// Not a telephone number with its country prefix (V3).
    NotAPhone,
    /// A rule of contacts.
    Contact(ContactRule),
    /// This choice is made by a ticket, not here (G5).
    ByTicket,
    /// A rule of status rows.
    Grid(GridRule),
}

/// What can be wrong with an assignment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Misassigned {
    /// Not on the firm's list, or no longer (A2).
    NotOfTheFirm,
    /// Several people of the firm are called so (A2).
    SeveralPeople {
        /// Their user names.
        names: Vec<String>,
    },
    /// A person is needed here: only P-RM may carry the firm's name (A7).
    PersonNeeded,
    /// Primary where nothing is assigned (A5).
    PrimaryNotAssigned {
        /// The scopes, by name.
        scopes: Vec<String>,
    },
    /// Without its last P-RM the tenant would leave the firm (A7).
    LastRegionalManager,
}

impl From<Misassigned> for Rule {
    fn from(what: Misassigned) -> Self {
        Self::Assignment(what)
    }
}

/// A rule and the field that breaks it, by the id of the form's input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The input's id; a made one where a form repeats its rows, such as `type_2`.
    pub field: Cow<'static, str>,
    /// What it breaks.
    pub rule: Rule,
}

/// Everything that is wrong with an input, at once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings(Vec<Finding>);

impl Findings {
    /// Adds what `rule` holds against `field`.
    pub fn add(&mut self, field: impl Into<Cow<'static, str>>, rule: Rule) {
        self.0.push(Finding { field: field.into(), rule });
    }

    /// Keeps the finding of a failed check and goes on.
    pub fn keep<T>(&mut self, field: impl Into<Cow<'static, str>>, checked: Result<T, Rule>) -> Option<T> {
        checked.map_err(|rule| self.add(field, rule)).ok()
    }

    /// Whether something is wrong with `field`.
    pub fn has(&self, field: &str) -> bool {
        self.0.iter().any(|finding| finding.field == field)
    }

    /// The findings, in the order of the form.
    pub fn iter(&self) -> impl Iterator<Item = &Finding> {
        self.0.iter()
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
impl Findings {
    /// Field and rule of each, as tests compare them.
    pub fn pairs(self) -> Vec<(&'static str, Rule)> {
        self.0.into_iter().map(|f| (&*f.field.into_owned().leak(), f.rule)).collect()
    }
}
