//! The sentences in which a broken rule is told to the person who can mend it: field, problem, fix (V4).

use serde::Serializer;
use serde::ser::SerializeMap as _;

use super::text::{clip, day, number, plain};
use crate::domain::contact::ContactRule;
use crate::domain::finding::{Finding, Findings, Misassigned, Rule};
use crate::domain::grid::GridRule;
use crate::domain::suggestion::Lack;

/// Most words of a note that advice names.
const MOST_WORDS: usize = 3;

/// What a finding says, with the field's usual name.
pub fn sentence(finding: &Finding) -> String {
    sentence_of(label(&finding.field), &finding.rule)
}

/// What a broken rule says of the field that is labelled so.
pub fn sentence_of(field: &str, rule: &Rule) -> String {
    match rule {
        Rule::Required => format!("{field} is missing. Please fill it in."),
        Rule::TooLong { max } => {
            let max = number(u64::try_from(*max).unwrap_or(u64::MAX));
            format!("{field} is too long. Please keep it within {max} characters.")
        }
        Rule::ControlCharacter => {
            format!("{field} holds a character that cannot be shown. Please type it again.")
        }
        Rule::UnknownChoice => format!("{field} is none of the choices. Please choose one of the list."),
        Rule::NotYourTenant => format!(
            "{field} is none that you are assigned to. Choose one of the list, or ask your team lead to assign you."
        ),
        Rule::NotADate => format!("{field} is no date of the calendar. Write it as 2026-11-21."),
        Rule::DateOutOfRange => format!("{field} lies outside the years 2000 to 2099."),
        Rule::InFuture { today } => {
            format!("{field} lies in the future. The latest day is today, {}.", day(*today))
        }
        Rule::Assignment(what) => misassigned(field, what),
        Rule::ByTicket => {
            format!("{field} is changed this way by a ticket only: category Engagement Scenario Change.")
        }
        Rule::NextActionIncomplete => {
            format!(
                "{field} is missing. A next action needs its text, date and owner, or leave all three empty."
            )
        }
        Rule::NotAWholeNumber { least, .. } => {
            format!("{field} is no whole number. Type digits only, {least} or more, for example 305.")
        }
        Rule::NotMigrated => format!("{field} does not apply: the data of this service is not migrated."),
        Rule::OfTheOtherAnswer => {
            format!("{field} does not go with the answer on who migrates. Please leave it empty.")
        }
        Rule::BeforeStart { start } => {
            format!("{field} lies before the start, {}. Choose that day or a later one.", day(*start))
        }
        Rule::OutsideMigration { starts, ends } => {
            format!("{field} lies outside the migration, {} to {}.", day(*starts), day(*ends))
        }
        Rule::OfAnotherService => format!("{field} is not offered for this service. Please choose another."),
        Rule::TypeTwice => format!("{field} stands on an earlier line already. Use one line for each type."),
        Rule::TooManyLines { most } => format!("{field} are too many. At most {most} fit."),
        Rule::SumOff { sum, in_progress } => off(*sum, *in_progress),
        Rule::NotAhead { today } => {
            format!("{field} must lie in the future. Please choose a day later than today, {}.", day(*today))
        }
        Rule::NotAfter { what, date } => {
            format!("{field} must lie after {what}, {}. Please choose a later day.", day(*date))
        }
        Rule::Before { what, date } => {
            format!(
                "{field} must not lie before {what}, {}. Please choose that day or a later one.",
                day(*date)
            )
        }
        Rule::DateAndOptOut => {
            format!("{field} has a date and is marked as not to be reached. Please keep one of the two.")
        }
        Rule::AlwaysReached => {
            format!("{field} cannot be left out. Please choose the day of the highest usage.")
        }
        Rule::NoSuchMilestone { known } => format!("{field} is no milestone. There are {known}."),
        Rule::SaidTwice => format!("{field} is said twice. Please say it once."),
        Rule::NothingInProgress => {
            format!("{field} is only for services with In Progress entitlements, and this one has none.")
        }
        Rule::NothingToExplain => {
            format!(
                "{field} goes with a change, but the date is as it was. Change it, or write a note instead."
            )
        }
        Rule::NotAnEmail => format!("{field} is no e-mail address. Write one, such as name@company.com."),
        Rule::OneEmailOnly => format!("{field} holds more than one address. Please give one only."),
        Rule::NotAPhone => {
            format!("{field} is no number with its country prefix. Write it as +420 123 456 789.")
        }
        Rule::Contact(rule) => of_contact(field, rule),
        Rule::Grid(rule) => of_grid(field, rule),
    }
}

/// What a broken rule of status rows says.
fn of_grid(field: &str, rule: &GridRule) -> String {
    match rule {
        GridRule::ZeroRow => "A row with 0 entitlements cannot be saved. Delete the row instead.".to_owned(),
        GridRule::PathTwice => {
            format!("{field}: an earlier part has this status already. One row holds all of them.")
        }
        GridRule::NewNoteNeeded => {
            format!("{field} is that of the former status. Please write why it is another one now.")
        }
        GridRule::NoteUnclear { lacks, ambiguous } => {
            let advice = advice(*lacks, ambiguous);
            let advice =
                advice.as_deref().unwrap_or("Say whether they will use the service, and why or why not.");
            format!("{field} does not tell the status yet. {advice}")
        }
        GridRule::PartsOff { sum, there } => parts_off(*sum, *there),
        GridRule::RowsOff { sum, total } => rows_off(*sum, *total),
        GridRule::MigrationOff { lines, in_progress } => format!(
            "The migration lines add up to {}, but {} would be In Progress. Save with the corrected lines below, or change the numbers.",
            amount(*lines),
            amount(*in_progress)
        ),
    }
}

/// What a broken rule of contacts says.
fn of_contact(field: &str, rule: &ContactRule) -> String {
    match rule {
        ContactRule::NeededForSurvey => {
            format!("{field} is missing. A contact who is to get surveys needs it.")
        }
        ContactRule::OnlyFor(whom) => format!("{field} is for {} contacts only.", whom.name()),
        ContactRule::ReasonWithoutTick => {
            format!("{field} stands alone. Tick “Do not call”, or leave the reason empty.")
        }
        ContactRule::AddressTaken { by } => {
            let by = plain(&clip(by, 80)).into_owned();
            format!("{field} belongs to a contact of this tenant already: {by}.")
        }
        ContactRule::AskedToBeErased => {
            format!(
                "{field}: this person asked to be erased. Enter them again only if they agreed, and tick that below."
            )
        }
        ContactRule::NotOfThisTenant => format!("{field}: one of them is no service of this tenant."),
    }
}

fn misassigned(field: &str, what: &Misassigned) -> String {
    match what {
        Misassigned::NotOfTheFirm => {
            format!(
                "{field}: not on your firm's list, or no longer active. Your administrator keeps the list."
            )
        }
        Misassigned::SeveralPeople { names } => {
            format!("{field}: several people are called so. Please type one of {}.", names.join(", "))
        }
        Misassigned::PersonNeeded => {
            format!("{field}: only P-RM may carry the firm's name. Please choose a person.")
        }
        Misassigned::PrimaryNotAssigned { scopes } => {
            format!("{field}: {} is not among the scopes. Tick it there as well.", scopes.join(", "))
        }
        Misassigned::LastRegionalManager => {
            "This is the tenant's last P-RM. Without one the tenant leaves your firm and its credit ends. \
             Assign a further P-RM first; then this one can go."
                .to_owned()
        }
    }
}

/// By how much the lines of a migration miss the In Progress entitlements, and in which direction (M3).
fn off(sum: u64, in_progress: u64) -> String {
    let (named, due) = (number(sum), number(in_progress));
    if sum < in_progress {
        let missing = number(in_progress - sum);
        format!("The lines add up to {named} of {due} In Progress entitlements: {missing} are missing.")
    } else {
        let over = number(sum - in_progress);
        format!("The lines add up to {named}, but {due} entitlements are In Progress: {over} too many.")
    }
}

fn amount(n: i64) -> String {
    number(n.unsigned_abs())
}

/// By how much parts miss what there is for them.
fn parts_off(sum: i64, there: i64) -> String {
    let (named, due) = (amount(sum), amount(there));
    if sum < there {
        format!("The parts take {named} of {due} entitlements: {} are left over.", amount(there - sum))
    } else {
        format!(
            "The parts take {named} entitlements, but only {due} are there: {} too many.",
            amount(sum - there)
        )
    }
}

/// By how much the rows of a service miss its total (N1).
fn rows_off(sum: i64, total: i64) -> String {
    let (named, due) = (amount(sum), amount(total));
    if sum < total {
        format!("The rows add up to {named} of {due} entitlements: {} are missing.", amount(total - sum))
    } else {
        format!("The rows add up to {named}, but the service has {due}: {} too many.", amount(sum - total))
    }
}

/// What a note should say besides.
fn lacking(lack: Lack) -> &'static str {
    match lack {
        Lack::Intent => "Say whether they will use the service.",
        Lack::Reason => "Name the main reason, or what stands in the way.",
        Lack::Detail => "Add the decisive detail: which device, rule, product or limit.",
        Lack::Attempts => "Say how often you tried, with whom, and whether the account is managed.",
        Lack::Phase => "Say in which phase they are and what they work on now.",
    }
}

/// What would make a note better: what it lacks, and its words that keep the intent open, by name (DOMAIN 6).
pub fn advice(lacks: Option<Lack>, ambiguous: &[String]) -> Option<String> {
    let words: Vec<String> =
        ambiguous.iter().take(MOST_WORDS).map(|word| format!("“{}”", plain(&clip(word, 40)))).collect();
    let open = match words.as_slice() {
        [] => None,
        [word] => Some(format!("{word} leaves the intent open.")),
        [first @ .., last] => Some(format!("{} and {last} leave the intent open.", first.join(", "))),
    };
    let sentences: Vec<String> = lacks.map(lacking).map(str::to_owned).into_iter().chain(open).collect();
    (!sentences.is_empty()).then(|| sentences.join(" "))
}

fn label(field: &str) -> &str {
    match field {
        "status" => "Overall status",
        "status_date" => "Status date",
        "body" => "Note",
        "next_action" => "Next action",
        "next_action_date" => "Next action date",
        "next_action_owner" => "Next action owner",
        other => other,
    }
}

/// Serialises findings for a form: one entry for each of `FIELDS`, empty where nothing is wrong, and
/// `headline`, empty where nothing is wrong at all.
pub(super) fn by_field<const N: usize, S: Serializer>(
    fields: [&'static str; N],
    findings: &Findings,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(N + 1))?;
    for field in fields {
        let of_field = findings.iter().filter(|finding| finding.field == field);
        map.serialize_entry(field, &of_field.map(sentence).collect::<Vec<_>>().join(" "))?;
    }
    map.serialize_entry("headline", headline(findings))?;
    map.end()
}

/// What stands above a form that came back; empty where nothing is wrong.
pub(super) fn headline(findings: &Findings) -> &'static str {
    match findings.iter().count() {
        0 => "",
        1 => "Not saved yet: one thing to mend below. What you typed is kept.",
        _ => "Not saved yet: some things to mend below. What you typed is kept.",
    }
}
