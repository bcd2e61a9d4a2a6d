//! What is said when a digest is ordered, listed or ended.

use super::button::Button;
use super::notice::Notice;
use super::text::UserText;

fn help() -> Button {
    Button::new("What can I ask?", "help")
}

/// Ends the digest of this place.
fn stop() -> Button {
    Button::new("Stop this digest", "digest.unsubscribe")
}

/// It is ordered. `when`: the days, the time and the zone.
pub fn subscribed(when: &str, shared: bool, only_overdue: bool) -> Notice {
    let what = if only_overdue { "what is overdue" } else { "what is red or turns red within days" };
    let text = if shared {
        format!(
            "One message of {what} in your firm's tenants, renewed in place while it changes. It names no contacts."
        )
    } else {
        format!("One message of {what} in your own tenants; none on a day without any.")
    };
    Notice::good(format!("Digest: {when}"))
        .text(text)
        .button(stop())
        .button(Button::new("All digests", "digest.list"))
}

/// Somebody who may not decide what a channel is told (P8).
pub fn place_refused() -> Notice {
    Notice::warning("A team lead or admin of your firm orders the digest of a channel")
        .text("Write “subscribe” to me in our personal chat, and you get one of your own tenants.")
        .button(help())
}

/// There is no digest here.
pub fn none_here() -> Notice {
    Notice::info("No digest comes here")
        .text("“subscribe” orders one for Monday to Friday at eight, “subscribe mon, thu at 7:30 overdue” one of your own making.")
        .button(Button::new("All digests", "digest.list"))
        .button(help())
}

/// It is ended.
pub fn unsubscribed() -> Notice {
    Notice::good("The digest is stopped")
        .text("“subscribe” orders it again, “today” shows it now.")
        .button(help())
}

/// The digests that the reader may know of, a line each.
pub fn subscriptions(lines: &[String], here: bool) -> Notice {
    let title = super::text::count(u64::try_from(lines.len()).unwrap_or(0), "digest", "digests");
    let mut notice = Notice::info(title)
        .text("“subscribe” changes the one of the place where you write it, “unsubscribe” stops it.");
    for line in lines {
        notice = notice.line(UserText::clipped(line, 200));
    }
    if here {
        notice = notice.button(stop());
    }
    notice.button(help())
}
