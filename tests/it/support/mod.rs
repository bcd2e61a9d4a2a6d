//! What the tests share: a database each, tokens, a fake Teams.

pub mod database;
pub mod firms;
pub mod tokens;
pub mod wire;
