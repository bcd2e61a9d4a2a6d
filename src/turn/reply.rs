//! What a turn answers, free of transport.

use crate::cards::Card;

/// An answer.
#[derive(Debug)]
pub enum Reply {
    /// A card to show.
    Card(Card),
    /// Nothing is said.
    Silence,
}

impl From<Card> for Reply {
    fn from(card: Card) -> Self {
        Self::Card(card)
    }
}
