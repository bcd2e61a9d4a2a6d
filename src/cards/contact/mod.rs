//! Contacts of a tenant: the list, and who gets which survey. Never where others read along, but for the surveys
//! without their recipients (P8).

mod list;
mod survey;

pub use list::{Contacts, Row};
pub use survey::SurveyLine;

/// Words in a row: "name", "name and e-mail", "name, e-mail and country".
fn enumerated(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
