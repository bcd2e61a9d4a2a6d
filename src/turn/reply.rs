//! What a turn answers, free of transport.

use crate::cards::Card;

/// An answer.
#[derive(Debug)]
pub enum Reply {
    /// A card to show.
    Card(Card),
    /// What a search found, best first. Each is a card that can be posted.
    Found(Vec<Hit>),
    /// What fits the words that somebody is typing into an input, best first.
    Choices(Vec<Choice>),
    /// Nothing is said.
    Silence,
}

/// Something that was found: the card that is posted, and the line that stands for it until then.
#[derive(Debug)]
pub struct Hit {
    /// The card.
    pub card: Card,
    /// The line's heading. Made harmless already.
    pub title: String,
    /// What stands below it.
    pub text: String,
}

/// A choice of an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is shown.
    pub title: String,
    /// What comes back, and what clients then show in the input.
    pub value: String,
}

impl From<Card> for Reply {
    fn from(card: Card) -> Self {
        Self::Card(card)
    }
}
