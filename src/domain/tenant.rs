//! A customer's tenant: its overall status and which of the lists it stands in.

use serde::{Deserialize, Serialize};

/// Overall status of an engagement (DOMAIN 2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OverallStatus {
    /// Work goes on.
    Active,
    /// Something stands in the way.
    Blocked,
    /// Work rests.
    Paused,
}

impl OverallStatus {
    /// All of them, in the order of the form.
    pub const ALL: [Self; 3] = [Self::Active, Self::Blocked, Self::Paused];

    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Blocked => "blocked",
            Self::Paused => "paused",
        }
    }

    /// The name that people read.
    pub fn name(self) -> &'static str {
        match self {
            Self::Active => "Active",
            Self::Blocked => "Blocked",
            Self::Paused => "Paused",
        }
    }

    /// The status of this code, in any case.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.code().eq_ignore_ascii_case(code.trim()))
    }
}

/// A list of tenants (V1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Portfolio {
    /// Active tenants that the person is assigned to. The default.
    #[default]
    Active,
    /// The inactive ones among the person's tenants.
    Inactive,
    /// All tenants whose P-RM is the firm.
    Partner,
}

impl Portfolio {
    /// Code, as chat and cards use it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Inactive => "inactive",
            Self::Partner => "partner",
        }
    }

    /// The list of this code.
    pub fn of(code: &str) -> Option<Self> {
        [Self::Active, Self::Inactive, Self::Partner].into_iter().find(|list| list.code() == code)
    }
}

/// How entitlements of a service are reported: the override replaces the number of the licence feed (DOMAIN 2.2).
pub fn total(entitlements: i32, override_entitlements: Option<i32>) -> i32 {
    override_entitlements.unwrap_or(entitlements)
}
