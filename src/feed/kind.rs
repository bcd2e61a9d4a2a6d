//! What a row of the feed is about.

use std::fmt;

use serde::Deserialize;

/// The kinds of rows, in the order in which they rest on each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The firm itself and its allow-listed directories.
    Partner,
    /// A person of the firm.
    Person,
    /// A customer's tenant.
    Tenant,
    /// A service of a tenant, with its entitlement total.
    Service,
    /// A CPOR claim (K1).
    Claim,
    /// Who works on what.
    Assignment,
    /// Somebody to talk to at a tenant (DOMAIN 2.5).
    Contact,
    /// A status row: how a service's entitlements are split.
    Entitlement,
    /// A note of the notes library.
    Note,
}

impl Kind {
    /// All kinds, in order.
    pub const ALL: [Self; 9] = [
        Self::Partner,
        Self::Person,
        Self::Tenant,
        Self::Service,
        Self::Claim,
        Self::Assignment,
        Self::Contact,
        Self::Entitlement,
        Self::Note,
    ];

    /// The word that the feed uses.
    pub fn word(self) -> &'static str {
        match self {
            Self::Partner => "partner",
            Self::Person => "person",
            Self::Tenant => "tenant",
            Self::Service => "service",
            Self::Claim => "claim",
            Self::Assignment => "assignment",
            Self::Contact => "contact",
            Self::Entitlement => "entitlement",
            Self::Note => "note",
        }
    }

    /// The kind of this word.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// Whether a file may say that it lists all rows of this kind that the firm has.
    pub fn can_be_complete(self) -> bool {
        matches!(
            self,
            Self::Person | Self::Tenant | Self::Service | Self::Claim | Self::Assignment | Self::Contact
        )
    }

    /// Whether a row that a complete list no longer has is removed. The others are only reported.
    pub fn goes_when_gone(self) -> bool {
        matches!(self, Self::Claim | Self::Assignment | Self::Contact)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// Reads a kind from the command line.
impl std::str::FromStr for Kind {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        Self::of(word).ok_or_else(|| format!("no kind of row: {word}"))
    }
}
