//! Suggests status and reasons for a status note (N7, N9, DOMAIN 5 and 6): in process, without network, and the same
//! answer for the same note.
//!
//! [`suggestion`] is what it is for. A note is read as English [`word`]s ([`language`]), which become [`feature`]s;
//! a [`model`] of [`linear`] parts scores them; a [`calibration`] makes likelihoods of the scores. [`train`] makes
//! the model from the [`corpus`], [`evaluate`] says how good it is; [`habit`] is what a firm teaches it beside. Methods and figures: `docs/suggestions.md`.

pub mod calibration;
pub mod concept;
pub mod corpus;
pub mod evaluate;
pub mod feature;
pub mod grade;
pub mod habit;
pub mod label;
pub mod language;
pub mod linear;
pub mod model;
pub mod piece;
pub mod rival;
pub mod suggestion;
pub mod train;
pub mod word;
