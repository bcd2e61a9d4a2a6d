//! Wire types of the Bot Framework and of Teams: activities in, answers out. Knows nothing of
//! tenants, of tokens or of HTTP servers, and would compile alone.
//!
//! Begin with [`activity::Activity`]; an invoke is read by [`invoke::Invoke::of`] and answered with
//! one of the constructors of [`answer::Answer`].

pub mod account;
pub mod activity;
pub mod answer;
pub mod body;
pub mod extension;
pub mod html;
pub mod invoke;
pub mod teams;
pub mod text;
mod wire;
