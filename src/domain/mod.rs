//! The rules of the programme: pure functions of values. No I/O, no clock, no randomness.

pub mod id;
pub mod time;
