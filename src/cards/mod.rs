//! The face: one typed view for each Adaptive Card template in `cards/`.
//!
//! A view is a plain struct whose fields are what the template shows; [`render`] serialises it and
//! expands the template over it. Words that somebody typed or that came with a feed are of type
//! [`text::UserText`] and reach the card only as plain text runs or as input values (O1).

mod gallery;
mod run;
mod sample;
mod view;

pub mod answer;
pub mod assignment;
pub mod button;
pub mod change_history;
pub mod changes;
pub mod check;
pub mod claim;
pub mod compliance;
pub mod confirm;
pub mod contact;
pub mod difference;
pub mod digest_notices;
pub mod finding;
pub mod form;
pub mod grid;
pub mod help;
pub mod help_notices;
pub mod hint;
pub mod migration;
pub mod note;
pub mod notice;
pub mod notices;
pub mod privacy;
pub mod privacy_notices;
pub mod receipt;
mod refresh;
pub mod service;
pub mod suggestion_notices;
pub mod tenant;
pub mod text;
pub mod tone;
pub mod welcome;

pub use button::Button;
pub use difference::Difference;
pub use gallery::{Exhibit, gallery};
pub use text::UserText;
pub use tone::Tone;
pub use view::{Card, LIMIT, RenderError, View, ready, render};
