//! Identities. An id of one thing cannot be given where another is wanted.

use std::fmt;
use std::marker::PhantomData;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::{NoContext, Timestamp, Uuid};

/// An id of a `T`, made by us: a `UUIDv7`, so that ids sort by age.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
pub struct Id<T>(Uuid, #[serde(skip)] PhantomData<fn() -> T>);

impl<T> Id<T> {
    /// A new id, dated `now`.
    pub fn new(now: DateTime<Utc>) -> Self {
        let seconds = u64::try_from(now.timestamp()).unwrap_or(0);
        let stamp = Timestamp::from_unix(NoContext, seconds, now.timestamp_subsec_nanos());
        Self(Uuid::new_v7(stamp), PhantomData)
    }

    /// When it was made, to the millisecond; `None`: it is not one of ours.
    pub fn made(self) -> Option<DateTime<Utc>> {
        let (seconds, nanoseconds) = self.0.get_timestamp()?.to_unix();
        DateTime::from_timestamp(i64::try_from(seconds).ok()?, nanoseconds)
    }

    /// The bare id, as a statement or a card takes it.
    pub fn uuid(self) -> Uuid {
        self.0
    }
}

impl<T> From<Uuid> for Id<T> {
    fn from(value: Uuid) -> Self {
        Self(value, PhantomData)
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<T> Eq for Id<T> {}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> std::hash::Hash for Id<T> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}
impl<T> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// Marker: a partner firm.
#[derive(Debug)]
pub enum Partner {}
/// Marker: a person of a partner firm.
#[derive(Debug)]
pub enum Person {}
/// Marker: a customer tenant. Its id is the customer's directory id, not ours to make.
#[derive(Debug)]
pub enum Tenant {}
/// Marker: a note.
#[derive(Debug)]
pub enum Note {}
/// Marker: a change that can be undone.
#[derive(Debug)]
pub enum Change {}
/// Marker: one activity being handled.
#[derive(Debug)]
pub enum Turn {}
/// Marker: one form that was handed out; saving it twice has one effect (R1).
#[derive(Debug)]
pub enum Submission {}
/// Marker: a question that waits for one press of Confirm (C4).
#[derive(Debug)]
pub enum Confirmation {}
/// Marker: a contact of a tenant.
#[derive(Debug)]
pub enum Contact {}
/// Marker: one assignment of a role at a tenant.
#[derive(Debug)]
pub enum Assignment {}
/// Marker: one status row of a service.
#[derive(Debug)]
pub enum StatusRow {}
/// Marker: a suggestion that was shown.
#[derive(Debug)]
pub enum Suggestion {}
/// Marker: what a firm taught the suggestions, one version of it.
#[derive(Debug)]
pub enum Lore {}
/// Marker: what a person asked for about their own data.
#[derive(Debug)]
pub enum Request {}
/// Marker: a digest that was ordered.
#[derive(Debug)]
pub enum Subscription {}
/// Marker: an export that waits for its reader.
#[derive(Debug)]
pub enum Export {}
