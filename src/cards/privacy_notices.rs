//! What is said about a person's data, one function each. None of them names the person: a notice stays readable in
//! the chat after they are erased.

use chrono::NaiveDate;

use super::button::Button;
use super::notice::Notice;
use super::text::{UserText, count, day};
use crate::domain::personal::Deed;

fn open_requests() -> Button {
    Button::new("Open requests", "privacy.list")
}

fn help() -> Button {
    Button::new("What can I ask?", "help")
}

fn number(n: i64, one: &str, many: &str) -> String {
    count(u64::try_from(n).unwrap_or(0), one, many)
}

/// Somebody who may not handle personal data (Y2, proposed).
pub fn privacy_refused() -> Notice {
    Notice::warning("This is for your firm's admin or team lead")
        .text("They export or erase what is known of a person. Ask one of them to do it.")
        .button(help())
}

/// Personal data are handled where nobody reads along (P8).
pub fn privacy_in_personal_chat() -> Notice {
    Notice::warning("Not here: others read along")
        .text("Write the same to me in our personal chat.")
        .button(help())
}

/// Nobody answers to that name.
pub fn nobody_known(typed: &str) -> Notice {
    Notice::info("Nobody of that name is known")
        .text("Neither among contacts, nor in your firm, nor as the holder of a role. Ask with the e-mail address: then \
               words that name it are found, too.")
        .line(UserText::clipped(typed, 120))
        .button(open_requests())
        .button(help())
}

/// A request that is done, withdrawn, or never was.
pub fn no_such_request() -> Notice {
    Notice::info("This request is no longer open")
        .text("It was done or withdrawn meanwhile.")
        .button(open_requests())
        .button(help())
}

/// Ordered before, and not done yet.
pub fn request_under_way() -> Notice {
    Notice::info("This is being done already")
        .text("The outcome comes into the chat where it was confirmed.")
        .button(open_requests())
}

/// The day lies ahead.
pub fn request_ahead() -> Notice {
    Notice::warning("A request cannot have come on a day that lies ahead")
        .text("Give the day on which the person asked, for example: privacy request erase kim@contoso.com 3 nov")
        .button(open_requests())
        .button(help())
}

/// The day may be one of these.
pub fn which_day(deed: Deed, who: &str, days: &[NaiveDate]) -> Notice {
    let notice = Notice::warning("On which day did they ask?").line(UserText::clipped(who, 120));
    days.iter().fold(notice, |notice, date| {
        let button = Button::new(day(*date), "privacy.request");
        notice.button(button.with("deed", deed.code()).with("who", who).with("received", date.to_string()))
    })
}

/// Taken down by mistake.
pub fn request_withdrawn() -> Notice {
    Notice::good("The request is withdrawn").text("Nothing was exported or erased.").button(open_requests())
}

/// An admin who asks for their own erasure would lock the door from outside.
pub fn nobody_erases_themselves() -> Notice {
    Notice::warning("You cannot erase yourself")
        .text("Another admin or team lead of your firm can.")
        .button(open_requests())
}

/// Confirmed: the job has it now.
pub fn ordered(deed: Deed) -> Notice {
    let notice = match deed {
        Deed::Export => Notice::good("The export is being made"),
        Deed::Erase => Notice::good("The data is being erased"),
    };
    notice.text("It takes a minute at most. The outcome comes into this chat.").button(open_requests())
}

/// What was erased: numbers only.
pub fn erased(outcome: &[(i64, &str, &str)], fingerprint: &str) -> Notice {
    let said: Vec<String> =
        outcome.iter().filter(|(n, _, _)| *n > 0).map(|(n, one, many)| number(*n, one, many)).collect();
    let said = if said.is_empty() { "Nothing was found under that name".to_owned() } else { said.join(", ") };
    Notice::good("A person's data is erased")
        .text(format!(
            "{said}. They do not come back with the feed. The audit log keeps that it was done, by whom and when, under \
             the fingerprint {fingerprint}."
        ))
        .button(open_requests())
}

/// What stands where a message named somebody who is erased.
pub fn message_erased() -> Notice {
    Notice::info("This message is gone").text("It named a person whose data was erased.").button(help())
}

/// An export that was fetched, has expired, or is somebody else's.
pub fn no_such_export() -> Notice {
    Notice::info("This export is no longer there")
        .text("It was fetched, its hour is over, or it was made for somebody else. Write “privacy export” to make it anew.")
        .button(open_requests())
        .button(help())
}

/// The file was put where its reader wanted it.
pub fn export_fetched() -> Notice {
    Notice::good("The file is in your OneDrive")
        .text("Nothing of it is kept here any more.")
        .button(open_requests())
}

/// The file could not be put there.
pub fn export_not_fetched() -> Notice {
    Notice::problem("The file could not be put into your OneDrive")
        .text("It waits here until its hour is over. Read it in the chat, or make it anew.")
        .button(open_requests())
}

/// The file was not wanted.
pub fn export_declined() -> Notice {
    Notice::good("The export is removed")
        .text("You did not want the file, so nothing of it is kept here.")
        .button(open_requests())
}
