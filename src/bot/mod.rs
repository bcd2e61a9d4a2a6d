//! An activity becomes a door, a name and a payload; a reply becomes an answer.

pub mod manifest;
