//! What is said when a digest is ordered, listed, narrowed or ended.

use super::button::Button;
use super::notice::Notice;
use super::text::{UserText, count};
use crate::domain::digest::Choice;
use crate::domain::id::{Id, Tenant};

fn help() -> Button {
    Button::new("What can I ask?", "help")
}

fn all_digests() -> Button {
    Button::new("All digests", "digest.list")
}

/// Ends the digest of this place.
fn stop() -> Button {
    Button::new("Stop this digest", "digest.unsubscribe")
}

/// It is ordered. `when`: the days, the time and the zone.
pub fn subscribed(when: &str, shared: bool, choice: &Choice) -> Notice {
    let what = if choice.only_overdue { "what is overdue" } else { "what is red or turns red within days" };
    let text = if shared {
        format!(
            "One message of {what} in your firm's tenants when there is news, kept true while things change. What costs money is told at once, and once only. It names no contacts."
        )
    } else {
        format!(
            "One message of {what} in your own tenants; none on a day without news. What costs money is told at once, and once only."
        )
    };
    let notice = Notice::good(format!("Digest: {when}")).text(text).button(stop()).button(all_digests());
    let words = choice.words();
    if words.is_empty() { notice } else { notice.line(UserText::clipped(&format!("Only: {words}"), 300)) }
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
        .text("“subscribe” orders one for the days of work at eight, “subscribe mon, thu at 7:30 overdue rule:note for contoso” one of your own making.")
        .button(all_digests())
        .button(help())
}

/// It is ended.
pub fn unsubscribed() -> Notice {
    Notice::good("The digest is stopped")
        .text("“subscribe” orders it again, “today” shows it now.")
        .button(help())
}

/// A name that may mean several tenants, or none. `near`: customers who are called nearly so.
pub fn which_tenant(name: &str, near: &[String]) -> Notice {
    let notice = Notice::warning("Which tenant do you mean?")
        .text(if near.is_empty() {
            "There is none of this name. Nothing is ordered yet."
        } else {
            "Nothing is ordered yet. Say the whole name, or the tenant's, of one of these:"
        })
        .line(UserText::clipped(name, 60));
    let notice = near.iter().take(5).fold(notice, |notice, name| notice.line(UserText::clipped(name, 60)));
    notice.button(help())
}

/// The digest would come while it is quiet. `when`: its days, time and zone.
pub fn quiet_then(when: &str, quiet: &str) -> Notice {
    Notice::warning("The digest would come while it is quiet here")
        .text(format!("It comes {when}, and it is quiet from {quiet}. Order it for another time, or choose other hours; “quiet off” ends them."))
        .button(all_digests())
}

/// When it is quiet here; `None`: at no time. `zone`: by which clock.
pub fn quiet(hours: Option<&str>, zone: &str) -> Notice {
    match hours {
        Some(hours) => Notice::good(format!("Quiet from {hours}"))
            .text(format!("Nothing is posted here in these hours ({zone}); what is due comes afterwards. “quiet off” ends them.")),
        None => Notice::good("No quiet hours here")
            .text("“quiet 18:00-08:00” sets some. Nobody is told anything unasked in the evening, at night or on a weekend."),
    }
    .button(all_digests())
}

/// The tenant is left out until that day; `None`: no longer.
pub fn snoozed(customer: &str, tenant: Id<Tenant>, until: Option<&str>) -> Notice {
    let wake =
        || Button::new("Wake it now", "digest.snooze").with("tenant", tenant.to_string()).with("body", "off");
    let gaps = Button::new("See its gaps", "gap.why").with("tenant", tenant.to_string());
    match until {
        Some(until) => Notice::good(format!("It rests until {until}"))
            .text("Digests and alerts of this place leave it out until then. Its gaps stay gaps, and “gaps” shows them.")
            .line(UserText::clipped(customer, 60))
            .button(wake())
            .button(gaps),
        None => Notice::good("It is told of again").line(UserText::clipped(customer, 60)).button(gaps),
    }
}

/// A day to which nothing can be snoozed. `farthest`: the last one.
pub fn snooze_until(typed: &str, farthest: &str) -> Notice {
    Notice::warning("Until which day?")
        .text(format!("A day after today and not after {farthest}, such as “snooze contoso until monday” or “… until {farthest}”."))
        .line(UserText::clipped(typed, 60))
        .button(all_digests())
}

/// The digests that the reader may know of, a line each.
pub fn subscriptions(lines: &[String], here: bool) -> Notice {
    let title = count(u64::try_from(lines.len()).unwrap_or(0), "digest", "digests");
    let mut notice = Notice::info(title)
        .text("“subscribe” changes the one of the place where you write it, “quiet 18:00-08:00” and “snooze contoso until monday” hold it back, “unsubscribe” stops it.");
    for line in lines {
        notice = notice.line(UserText::clipped(line, 300));
    }
    if here {
        notice = notice.button(stop());
    }
    notice.button(help())
}
