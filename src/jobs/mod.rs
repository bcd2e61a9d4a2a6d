//! Errands done later: the outbox is sent, old rows are pruned, requests about personal data are done,
//! digests are posted, and what a firm decided is learnt.
//!
//! Begin with [`runner`]: it takes what is due and lets [`send`] do it; [`retry`] decides what a failure leads to.

pub mod clerk;
pub mod digest;
pub mod learner;
pub mod prune;
pub mod retry;
pub mod runner;
pub mod scheduler;
pub mod send;
pub mod sweep;
