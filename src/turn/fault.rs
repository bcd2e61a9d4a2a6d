//! What may go wrong in a turn, by who can do something about it. A fault saves nothing.

use crate::cards::{Card, RenderError};
use crate::store::StoreError;

/// Why a turn saved nothing.
#[derive(Debug)]
pub enum Fault {
    /// The user can do something about it, and this card says what: findings, a conflict, a refusal.
    Shown(Box<Card>),
    /// The transaction lost against another one: run the turn again (R10).
    Again,
    /// The database is away: try later (R10).
    Unavailable,
    /// We are wrong. Logged once, answered with an apology and a reference.
    Broken(anyhow::Error),
}

impl Fault {
    /// The reason for the log: no word that anybody typed, and no row (G2).
    pub fn reason(&self) -> String {
        match self {
            Self::Shown(_) => "refused".to_owned(),
            Self::Again => "lost against another transaction".to_owned(),
            Self::Unavailable => "the database is away".to_owned(),
            Self::Broken(error) => format!("{error:#}"),
        }
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Again(_) => Self::Again,
            StoreError::Unavailable(_) => Self::Unavailable,
            StoreError::Broken(_) => Self::Broken(error.into()),
        }
    }
}

impl From<RenderError> for Fault {
    fn from(error: RenderError) -> Self {
        Self::Broken(error.into())
    }
}

impl From<Card> for Fault {
    fn from(card: Card) -> Self {
        Self::Shown(Box::new(card))
    }
}
