//! Who works on a tenant and on what of it: the partner's assignments (DOMAIN 2.9, 3.9).
//!
//! Begin with [`team::Team`]: all assignments of one tenant, and what may become of them.

pub mod assignee;
pub mod line;
pub mod onboarding;
pub mod team;
#[cfg(test)]
mod tests;

use std::cmp::Ordering;
use std::collections::BTreeSet;

use super::id::{Id, Person};
use super::service::{catalogue, name_of};
use super::text::search_key;

/// A role that the partner fills (A1). Onboarding roles are Microsoft's and read-only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// P-RM. Normally held under the firm's name; without one the tenant leaves the firm (A7).
    RegionalManager,
    /// P-FM.
    FastTrackManager,
    /// P-FE.
    Engineer,
}

impl Role {
    /// All of them, in the programme's order.
    pub const ALL: [Self; 3] = [Self::RegionalManager, Self::FastTrackManager, Self::Engineer];

    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::RegionalManager => "p_rm",
            Self::FastTrackManager => "p_fm",
            Self::Engineer => "p_fe",
        }
    }

    /// The name that people read, for example `P-FM`.
    pub fn name(self) -> &'static str {
        name_of(catalogue().roles(), self.code())
    }

    /// The role of this code; `None`: it is none of the partner's.
    pub fn stored(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }

    /// The role that somebody means by one word: `P-FM`, `pfm`, `p_fm`.
    pub fn of(typed: &str) -> Option<Self> {
        let key = search_key(typed).replace(' ', "");
        Self::ALL.into_iter().find(|role| role.code().replace('_', "") == key)
    }
}

/// What an assignment covers: the tenant as such, or one of its services (A3). A code that the catalogue no
/// longer has stays readable.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Scope(String);

impl Scope {
    const TENANT: &'static str = "tenant";

    /// The tenant as such.
    pub fn tenant() -> Self {
        Self(Self::TENANT.to_owned())
    }

    /// The scope as a row has it.
    pub fn stored(code: &str) -> Self {
        Self(code.to_owned())
    }

    /// The scope that somebody means: `tenant`, or a service by code, short form, name or alias.
    pub fn of(typed: &str) -> Option<Self> {
        if search_key(typed) == Self::TENANT {
            return Some(Self::tenant());
        }
        catalogue().service(typed).map(|service| Self(service.code.clone()))
    }

    /// All of them: the tenant and every service, 27 in all.
    pub fn all() -> impl Iterator<Item = Self> {
        let services = catalogue().services().iter().map(|service| Self(service.code.clone()));
        std::iter::once(Self::tenant()).chain(services)
    }

    /// The stored code.
    pub fn code(&self) -> &str {
        &self.0
    }

    /// The name that people read.
    pub fn name(&self) -> &str {
        if self.is_tenant() { "Tenant" } else { catalogue().service_name(&self.0) }
    }

    /// Whether it is the tenant as such.
    pub fn is_tenant(&self) -> bool {
        self.0 == Self::TENANT
    }

    /// The tenant first, then the services in the programme's order, then codes that are gone.
    fn place(&self) -> (bool, usize, &str) {
        let services = catalogue().services();
        let place = services.iter().position(|service| service.code == self.0).unwrap_or(services.len());
        (!self.is_tenant(), place, &self.0)
    }
}

impl Ord for Scope {
    fn cmp(&self, other: &Self) -> Ordering {
        self.place().cmp(&other.place())
    }
}

impl PartialOrd for Scope {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Who holds a role.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Holder {
    /// A person of the firm.
    Person(Id<Person>),
    /// A firm or a queue, by name.
    Named(String),
}

/// Scopes, and those of them in which one is to be primary.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    /// The scopes.
    pub scopes: BTreeSet<Scope>,
    /// Where primary.
    pub primaries: BTreeSet<Scope>,
}
