//! What the tests share: a database each, tokens, a fake Teams.

pub mod database;
pub mod firms;
