//! What a firm's admin sees of the suggestions.

use super::button::Button;
use super::notice::Notice;
use super::text::UserText;

/// Most versions that are listed.
pub const VERSIONS: usize = 8;

/// Figures and versions, a line each, after a word on what was just done.
pub fn sheet(said: &str, lines: &[String], learns_from: i64, buttons: Vec<Button>) -> Notice {
    let text = format!(
        "{said}Each decision is kept. From {learns_from} on, a version of your firm's own is trained once a day on your firm's \
         decisions alone; it takes over when it is not worse on decisions that it has not seen."
    );
    let mut notice = Notice::info("Suggestions for status notes").text(text);
    for line in lines {
        notice = notice.line(UserText::clipped(line, 200));
    }
    for button in buttons {
        notice = notice.button(button);
    }
    notice.button(Button::new("What can I ask?", "help"))
}

/// Somebody who may not decide what suggests to the whole firm.
pub fn refused() -> Notice {
    Notice::warning("This is for your firm's admin or team lead")
        .text("They see how often suggestions are taken, and choose which version suggests.")
        .button(Button::new("What can I ask?", "help"))
}
