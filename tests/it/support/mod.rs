//! What the tests share: a database each, tokens, a fake Teams.

pub mod bot;
pub mod clock;
pub mod database;
pub mod firms;
pub mod post;
pub mod program;
#[expect(dead_code, reason = "the rigs use the rest")]
pub mod replica;
#[expect(dead_code, reason = "the rigs use the rest")]
pub mod teams;
pub mod tokens;
pub mod wire;
