//! What the tests share: a database each, tokens, a fake Teams.

pub mod bot;
pub mod clock;
pub mod database;
pub mod firms;
pub mod post;
pub mod program;
pub mod teams;
pub mod tokens;
pub mod wire;
