//! Everything that is said in a notice, one function each. No notice is a dead end (checklist 56).

use chrono::NaiveDate;

use super::button::Button;
use super::notice::Notice;
use crate::domain::access::{Act, Refusal};
use crate::domain::id::{Id, Tenant};
use crate::domain::service::{Service, catalogue};

/// Said where not even a card can be made.
pub const APOLOGY: &str = "Something went wrong on our side. Nothing was saved; please try again.";

fn my_tenants() -> Button {
    Button::new("My tenants", "tenant.list").with("list", "active").with("filter", "").with("page", 1)
}

fn help() -> Button {
    Button::new("What can I ask?", "help")
}

fn open(tenant: Id<Tenant>) -> Button {
    Button::new("Open the tenant", "tenant.show").with("tenant", tenant.to_string())
}

/// A tenant that is not in the firm's scope, whether it exists elsewhere or not (P6).
pub fn no_such_tenant() -> Notice {
    Notice::warning("This tenant is not open to you")
        .text("It does not exist, or it is not on your firm's list. Ask your team lead if you need it.")
        .button(my_tenants())
        .button(help())
}

/// Something that the person may not do with a tenant that they see (DOMAIN section 4).
pub fn refused(refusal: Refusal, act: Act, customer: &str, tenant: Id<Tenant>) -> Notice {
    let notice = match (refusal, act) {
        (Refusal::NotAssigned, _) => Notice::warning("You can read this tenant, but not write to it").text(
            "Only people who are assigned as P-RM, P-FM or P-FE write. Ask your team lead to assign you.",
        ),
        (Refusal::CssLed, _) => Notice::warning("Microsoft keeps the data of this service").text(
            "Its engagement scenario is FTC-CSS Led, so the FastTrack Center maintains it. You can write notes.",
        ),
        (Refusal::OtherRole, Act::SetScenario) => {
            Notice::warning("The engagement scenario is changed by your firm's admin").text(
                "An admin can set it to FTC-FTP Led. For any other change, open a ticket of the category \
                 Engagement Scenario Change.",
            )
        }
        (Refusal::OtherRole, Act::SetMigrationStatus) => {
            Notice::warning("The status of a migration line is set by the migration role")
                .text("Ask the Migration Velocity Manager of this tenant.")
        }
        (Refusal::OtherRole, _) => Notice::warning("This is for your firm's admin or team lead")
            .text("Ask one of them to do it."),
    };
    notice.line(customer).button(open(tenant)).button(my_tenants())
}

/// A message that somebody wants as a note who is assigned to no tenant (A10).
pub fn nowhere_to_write() -> Notice {
    Notice::warning("You are not assigned to any tenant, so there is none to keep this note for")
        .text("Only people who are assigned as P-RM, P-FM or P-FE write. Ask your team lead to assign you.")
        .button(help())
}

/// A service that the customer has no licences for.
pub fn not_entitled(customer: &str, service: &Service, tenant: Id<Tenant>) -> Notice {
    Notice::info(format!("{} has no entitlements here", service.name))
        .text("Only services with entitlements can be opened. New licences arrive with the nightly feed.")
        .line(customer)
        .button(open(tenant))
        .button(my_tenants())
}

/// A day that may be any of several. `field` is what the day is for, in our words; `button` takes one of them.
pub fn which_day(
    field: &str,
    customer: &str,
    typed: &str,
    days: &[NaiveDate],
    button: impl Fn(NaiveDate) -> Button,
) -> Notice {
    let notice = Notice::info(format!("Which day do you mean for {field}?")).line(customer).line(typed);
    days.iter().fold(notice, |notice, meant| notice.button(button(*meant)))
}

/// A service whose data is not migrated (M1).
pub fn not_migrated(customer: &str, service: &Service, tenant: Id<Tenant>) -> Notice {
    let services = catalogue().services().iter().filter(|service| service.data_migration);
    let migrated = services.map(|service| service.name.as_str()).collect::<Vec<_>>().join(", ");
    Notice::info(format!("The data of {} is not migrated", service.name))
        .text(format!("Only mail and files are: {migrated}. There is nothing to fill in here."))
        .line(customer)
        .button(open(tenant))
        .button(my_tenants())
}

/// Contacts, asked for where others read along (P8).
pub fn contacts_are_personal() -> Notice {
    Notice::info("Contacts are shown in your personal chat with me only")
        .text("Others read along here. Write to me directly; what you asked was not done. Whether the surveys reach somebody, “survey” and the tenant's name says here, too.")
        .button(help())
}

/// A contact that is not there, or no longer.
pub fn no_such_contact(customer: &str, tenant: Id<Tenant>) -> Notice {
    let list = Button::new("All contacts", "contact.list").with("tenant", tenant.to_string()).with("page", 1);
    Notice::info("This contact is not there any more")
        .text("It was deleted or replaced meanwhile. The list shows who is there now.")
        .line(customer)
        .button(list)
        .button(open(tenant))
}

/// A question that was answered before, is somebody else's, or never was.
pub fn nothing_to_confirm() -> Notice {
    Notice::info("This question is no longer open")
        .text("It was answered already, or it was asked of somebody else. Nothing was done now.")
        .button(my_tenants())
        .button(help())
}

/// An edit after which everything is as before.
pub fn nothing_changed(customer: &str, tenant: Option<Id<Tenant>>) -> Notice {
    let notice = Notice::info("Nothing changed").text("Everything you gave is what was stored already.");
    let notice = if customer.is_empty() { notice } else { notice.line(customer) };
    back_to(tenant, notice)
}

/// A name that is nobody's on the firm's list (A2).
pub fn nobody_called(name: &str) -> Notice {
    Notice::warning("Nobody on your firm's list is called so")
        .text("Only people of your firm's own directory can be assigned. Your administrator keeps the list.")
        .line(super::text::clip(name, 200).into_owned())
        .button(my_tenants())
        .button(help())
}

/// The last P-RM of a tenant, which stays (A7).
pub fn last_regional_manager(customer: &str, another: Button) -> Notice {
    Notice::warning("This is the tenant's last P-RM")
        .text(
            "Without one the tenant leaves your firm, and its credit ends. Assign a further P-RM first; then this \
             one can be removed.",
        )
        .line(customer)
        .button(another)
}

/// Somebody who has nothing to be taken away or handed over there.
pub fn holds_nothing(name: &str, place: &str) -> Notice {
    Notice::info("There is no such assignment").line(name).line(place)
}

/// A lookup that came upon nothing, whether there is something elsewhere or not (P6).
pub fn nothing_found() -> Notice {
    Notice::info("Nothing on your firm's list fits")
        .text("Look for a tenant by name, alias, domain or id, for one of its services as in “contoso exo”, for what is missing as in “contoso gaps”, or for a colleague.")
        .button(my_tenants())
}

/// A lookup of gaps where there are none.
pub fn nothing_missing() -> Notice {
    Notice::good("Nothing is missing here, and nothing soon will be")
        .text("These are the tenants that you are assigned to; “gaps firm” looks through all of your firm's.")
        .button(my_tenants())
}

/// Words that are no command. `meant` is the usage of the nearest one.
pub fn unknown(words: &str, meant: Option<&str>) -> Notice {
    let notice = Notice::info("I did not understand that");
    let notice = match meant {
        Some(usage) => notice.text("Did you mean this?").line(usage),
        None => notice
            .text("I know tenants, status notes and their history. A tenant's name alone finds it, too."),
    };
    let query = super::text::clip(words, 200);
    let find = Button::new("Look for a tenant of that name", "tenant.find").with("query", query.as_ref());
    let notice = if query.is_empty() { notice } else { notice.button(find) };
    notice.button(my_tenants()).button(help())
}

/// A command that lacks something.
pub fn usage(usage: &str, says: &str) -> Notice {
    Notice::info("That command needs a little more")
        .text(says)
        .line(usage)
        .button(my_tenants())
        .button(help())
}

/// `hi`.
pub fn hello() -> Notice {
    Notice::info("Hello! What shall we look at?")
        .text("I keep the data of your tenants true: status notes every two weeks, and what is due.")
        .button(my_tenants())
        .button(help())
}

/// `thanks`.
pub fn welcome() -> Notice {
    Notice::good("You are welcome.").button(my_tenants()).button(help())
}

/// `cancel`: every confirmation is a card of its own, so nothing is pending in the chat.
pub fn nothing_to_cancel() -> Notice {
    Notice::info("Nothing is waiting for an answer")
        .text("A form that you leave alone changes nothing. To take back your latest change, write “undo”.")
        .button(my_tenants())
        .button(help())
}

/// A card of an older version, or one that was altered.
pub fn outdated_card() -> Notice {
    Notice::info("This card is out of date")
        .text("It is from an earlier version, or it was changed. Nothing was saved; here is the way to a fresh one.")
        .button(my_tenants())
        .button(help())
}

/// An activity that does not say who sent it (P1).
pub fn nobody() -> Notice {
    Notice::warning("I cannot tell who you are")
        .text("Please write to me from Microsoft Teams with your work account. Guests cannot use me.")
        .button(help())
}

/// A directory that belongs to no partner firm.
pub fn no_firm() -> Notice {
    Notice::warning("Your organisation is not set up here yet")
        .text("Ask whoever runs Tenantry for your firm to add your Microsoft Entra directory. Help works meanwhile.")
        .button(help())
}

/// Somebody who is not on the firm's list, or no longer.
pub fn not_listed() -> Notice {
    Notice::warning("You are not on your firm's list")
        .text("Ask your team lead to have you added to the list of people. Help works meanwhile.")
        .button(help())
}

/// More requests than one person or firm may make (L4).
pub fn too_fast() -> Notice {
    Notice::warning("That was a lot at once")
        .text("Nothing is lost: please wait a few seconds and press or write it again.")
        .button(help())
}

/// Our own mistake.
pub fn broken(reference: &str) -> Notice {
    Notice::problem("That did not work, and nothing was saved")
        .text(format!("Please try again. If it stays so, tell your administrator the reference {reference}."))
        .button(help())
}

/// Nothing that could be undone.
pub fn nothing_to_undo() -> Notice {
    Notice::info("There is nothing to undo here")
        .text("I take back your own latest change in this chat. Older ones have an Undo button on their receipt.")
        .button(my_tenants())
        .button(help())
}

/// The change was taken back before.
pub fn undone_already(tenant: Option<Id<Tenant>>) -> Notice {
    back_to(tenant, Notice::info("This is undone already"))
}

/// An undo that comes too late.
pub fn too_late_to_undo(tenant: Option<Id<Tenant>>, minutes: i64) -> Notice {
    let notice = Notice::warning("This can no longer be undone").text(format!(
        "A change can be taken back for {minutes} minutes. Correct it with a new one: the history shows both."
    ));
    back_to(tenant, notice)
}

/// What was to be undone has been changed again since (C1).
pub fn changed_since(tenant: Option<Id<Tenant>>) -> Notice {
    let notice = Notice::warning("It was changed again since, so it was not undone")
        .text("Look at the history, and correct it with a new change if something is wrong.");
    let history = |tenant: Id<Tenant>| {
        Button::new("Show the history", "note.history")
            .with("tenant", tenant.to_string())
            .with("range", "30")
            .with("page", 1)
    };
    match tenant {
        Some(id) => back_to(tenant, notice.button(history(id))),
        None => back_to(tenant, notice),
    }
}

fn back_to(tenant: Option<Id<Tenant>>, notice: Notice) -> Notice {
    match tenant {
        Some(tenant) => notice.button(open(tenant)).button(my_tenants()),
        None => notice.button(my_tenants()),
    }
}

/// The change is taken back.
pub fn undone(customer: &str, tenant: Id<Tenant>) -> Notice {
    Notice::good("Undone").line(customer).button(open(tenant)).button(my_tenants())
}

/// The edited message no longer is a note for the same tenant: its note stays.
pub fn amendment_unclear(tenant: Id<Tenant>) -> Notice {
    Notice::warning("Your edit was not taken over into the note")
        .text(
            "Keep “note”, the same tenant and a colon before the text, or undo the note and write a new one.",
        )
        .button(open(tenant))
        .button(help())
}
