//! The rules of the programme: pure functions of values. No I/O, no clock, no randomness.
//!
//! Begin with [`note`] to see the shape of them all: a draft as typed goes in, a valid value or every
//! finding comes out.

pub mod access;
pub mod assignment;
pub mod claim;
pub mod compliance;
pub mod contact;
pub mod country;
pub mod digest;
pub mod edit;
pub mod engagement_start;
pub mod entitlement;
pub mod field;
pub mod finding;
pub mod forecast;
pub mod grid;
pub mod help;
pub mod history;
pub mod id;
pub mod link;
pub mod migration;
pub mod note;
pub mod personal;
pub mod pick;
pub mod quote;
pub mod rules;
pub mod scenario;
pub mod schedule;
pub mod search;
pub mod service;
pub mod service_record;
pub mod suggestion;
pub mod taxonomy;
pub mod tenant;
pub mod text;
pub mod time;
pub mod when;
pub mod zone;
