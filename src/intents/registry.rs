//! Everything that can be called: by a card's verb, and by a chat line. Help, the manifest's command list
//! and the checks of the cards are made from these two tables.

use super::{
    assignment, change, compliance, confirm, contact, digest, engagement_start, forecast, history,
    message_note, migration, note, privacy, scenario, service, status, suggestion, tenant, undo,
};
use crate::turn::{Command, Entry, Ready, Topic};

/// What a card button can call.
pub static INTENTS: &[Entry] = &[
    Entry::of::<tenant::List>(),
    Entry::of::<tenant::Show>(),
    Entry::of::<tenant::Find>(),
    Entry::of::<note::Open>(),
    Entry::of::<note::Save>(),
    Entry::of::<note::Write>(),
    Entry::of::<message_note::Save>(),
    Entry::of::<history::History>(),
    Entry::of::<change::History>(),
    Entry::of::<service::Find<service::Show>>(),
    Entry::of::<service::Show>(),
    Entry::of::<service::Find<scenario::Open>>(),
    Entry::of::<contact::List>(),
    Entry::of::<contact::Surveys>(),
    Entry::of::<contact::Add>(),
    Entry::of::<contact::Open>(),
    Entry::of::<contact::Save>(),
    Entry::of::<contact::Line>(),
    Entry::of::<contact::Delete>(),
    Entry::of::<scenario::Open>(),
    Entry::of::<scenario::Save>(),
    Entry::of::<service::Find<forecast::Open>>(),
    Entry::of::<forecast::Open>(),
    Entry::of::<forecast::Save>(),
    Entry::of::<forecast::line::Write>(),
    Entry::of::<forecast::lines::Write>(),
    Entry::of::<forecast::shift::Move>(),
    Entry::of::<service::Find<engagement_start::Open>>(),
    Entry::of::<engagement_start::Open>(),
    Entry::of::<engagement_start::Save>(),
    Entry::of::<engagement_start::Write>(),
    Entry::of::<service::Find<migration::Open>>(),
    Entry::of::<migration::Open>(),
    Entry::of::<migration::Shape>(),
    Entry::of::<migration::Save>(),
    Entry::of::<migration::Write>(),
    Entry::of::<migration::OpenStatuses>(),
    Entry::of::<migration::SetStatuses>(),
    Entry::of::<assignment::list::Who>(),
    Entry::of::<assignment::list::List>(),
    Entry::of::<assignment::form::Add>(),
    Entry::of::<assignment::form::Edit>(),
    Entry::of::<assignment::form::Tick>(),
    Entry::of::<assignment::form::Save>(),
    Entry::of::<assignment::remove::Remove>(),
    Entry::of::<assignment::line::Assign>(),
    Entry::of::<assignment::line::Unassign>(),
    Entry::of::<assignment::handover::Handover>(),
    Entry::of::<service::Find<status::Show>>(),
    Entry::of::<status::Show>(),
    Entry::of::<status::Open>(),
    Entry::of::<status::Suggest>(),
    Entry::of::<status::Reshape>(),
    Entry::of::<status::Report>(),
    Entry::of::<service::Find<status::SplitLargest>>(),
    Entry::of::<status::SplitLargest>(),
    Entry::of::<status::Save>(),
    Entry::of::<status::Move>(),
    Entry::of::<status::Delete>(),
    Entry::of::<status::Write>(),
    Entry::of::<compliance::List>(),
    Entry::of::<compliance::Next>(),
    Entry::of::<compliance::Show>(),
    Entry::of::<compliance::Today>(),
    Entry::of::<compliance::Stats>(),
    Entry::of::<digest::Unsubscribe>(),
    Entry::of::<digest::List>(),
    Entry::of::<digest::Show>(),
    Entry::of::<digest::Subscribe>(),
    Entry::of::<digest::Quieten>(),
    Entry::of::<digest::Snooze>(),
    Entry::of::<suggestion::Show>(),
    Entry::of::<suggestion::Use>(),
    Entry::of::<confirm::Confirm>(),
    Entry::of::<undo::Undo>(),
    Entry::of::<privacy::List>(),
    Entry::of::<privacy::Ask>(),
    Entry::of::<privacy::Take>(),
    Entry::of::<privacy::Withdraw>(),
    Entry::of::<privacy::Page>(),
];

/// What a chat line can call, in the order of the help. The first word is the command's own; the others
/// are what people call it, too.
pub static COMMANDS: &[Command] = &[
    Command {
        words: &["tenants", "portfolio", "customers", "list", "mandanten", "kunden"],
        usage: "tenants [active | inactive | partner] [filter]",
        says: "Lists your tenants, the longest without a status note first.",
        topic: Topic::Tenants,
        listed: true,
        hear: |words| Ok(Box::new(tenant::List::from_words(words))),
    },
    Command {
        words: &["tenant", "show", "open", "find", "customer", "lookup", "status"],
        usage: "tenant <name, alias, domain or id> [services]",
        says: "Shows one tenant: status, services with their split, and who works on it; or one of its services.",
        topic: Topic::Tenants,
        listed: true,
        hear: |words| Ok(Box::new(tenant::Find::from_words(words)?)),
    },
    Command {
        words: &["service", "workload", "dienst"],
        usage: "service <tenant> <service>",
        says: "Shows one service: split, scenario, dates, migration, CPOR, and what is still missing.",
        topic: Topic::Tenants,
        listed: false,
        hear: |words| Ok(Box::new(service::Find::<service::Show>::from_words(words)?)),
    },
    Command {
        words: &["forecast", "dates", "rfa", "prognose"],
        usage: "forecast <tenant> <services> [rfa 3 mar, 15% 1 apr, 40% never, max end of june]",
        says: "Sets the forecast dates of services in one line, or of several tenants in several; without dates it opens the form.",
        topic: Topic::Services,
        listed: true,
        hear: forecast::hear,
    },
    Command {
        words: &["move", "shift", "verschiebe"],
        usage: "move <tenant> [services] <+30d | -2w | +3m>",
        says: "Moves every forecast date that lies ahead, after showing old and new.",
        topic: Topic::Services,
        listed: false,
        hear: |words| Ok(Box::new(forecast::shift::Move::from_words(words)?)),
    },
    Command {
        words: &["start", "kickoff"],
        usage: "start <tenant> <service> [1 mar: <reason>]",
        says: "Sets the engagement start date of a service, with the reason as a note.",
        topic: Topic::Services,
        listed: false,
        hear: engagement_start::hear,
    },
    Command {
        words: &["migration", "migrations"],
        usage: "migration <tenant> <service>: <type> <number>, …, from <day> to <day>",
        says: "Plans the data migration of a service; without a text it opens the form. “declined: <reason>, <note>” says why not.",
        topic: Topic::Services,
        listed: false,
        hear: migration::hear,
    },
    Command {
        words: &["ent", "entitlements", "l1"],
        usage: "ent <tenant> <services>[: <number> <status and reason>, <number> …]",
        says: "Shows how the entitlements of a service are split, or splits them in one line.",
        topic: Topic::Services,
        listed: true,
        hear: status::hear,
    },
    Command {
        words: &["split", "teile"],
        usage: "split <tenant> <service>",
        says: "Opens the form that splits the largest row of a service; with a colon and parts it splits in one line.",
        topic: Topic::Services,
        listed: false,
        hear: status::hear_split,
    },
    Command {
        words: &["contacts", "kontakte"],
        usage: "contacts <tenant>",
        says: "Lists a tenant's contacts with the surveys that they would get; from there they are edited.",
        topic: Topic::Contacts,
        listed: false,
        hear: contact::hear,
    },
    Command {
        words: &["contact", "kontakt"],
        usage: "contact <tenant>: <name> <e-mail> [country] [language] [services]",
        says: "Adds a contact in one line, in any order, such as Eva Novák eva@contoso.com ES spanish exo, migration.",
        topic: Topic::Contacts,
        listed: true,
        hear: contact::hear,
    },
    Command {
        words: &["survey", "surveys", "umfrage"],
        usage: "survey <tenant>",
        says: "Says who would get which customer survey and why, and what is missing for it.",
        topic: Topic::Contacts,
        listed: false,
        hear: contact::hear_survey,
    },
    Command {
        words: &["scenario"],
        usage: "scenario <tenant> <service>",
        says: "Sets the engagement scenario to FTC-FTP Led, for firm admins.",
        topic: Topic::Services,
        listed: false,
        hear: |words| Ok(Box::new(service::Find::<scenario::Open>::from_words(words)?)),
    },
    Command {
        words: &["note", "write", "notiz"],
        usage: "note <tenant>: <text>",
        says: "Writes the fortnightly status note in one line; without a text it opens the form.",
        topic: Topic::Notes,
        listed: true,
        hear: note::hear,
    },
    Command {
        words: &["history", "notes", "verlauf"],
        usage: "history <tenant> [service] [30 | 60 | 90 | all] [mine] [changes | forecast | contacts | …]",
        says: "Shows a tenant's notes, or who changed what, newest first, with filters.",
        topic: Topic::Notes,
        listed: true,
        hear: history::hear,
    },
    Command {
        words: &["who", "assignments", "assigned", "team", "wer"],
        usage: "who <tenant> [services]",
        says: "Says who is who: all roles of the tenant, or of its services, with the primaries.",
        topic: Topic::Assignments,
        listed: true,
        hear: |words| Ok(Box::new(assignment::list::Who::from_words(words)?)),
    },
    Command {
        words: &["assign", "zuweisen"],
        usage: assignment::line::ASSIGN,
        says: "Assigns a person of your firm, and shows what changes before it is done.",
        topic: Topic::Assignments,
        listed: true,
        hear: |words| Ok(Box::new(assignment::line::Assign::from_words(words)?)),
    },
    Command {
        words: &["unassign", "remove"],
        usage: assignment::line::UNASSIGN,
        says: "Takes a person's assignments at a tenant away, all of them or some.",
        topic: Topic::Assignments,
        listed: false,
        hear: |words| Ok(Box::new(assignment::line::Unassign::from_words(words)?)),
    },
    Command {
        words: &["handover", "übergabe"],
        usage: assignment::handover::USAGE,
        says: "Hands everything of one person over to another, in all tenants at once.",
        topic: Topic::Assignments,
        listed: false,
        hear: |words| Ok(Box::new(assignment::handover::Handover::from_words(words)?)),
    },
    Command {
        words: &["gaps", "gap", "red", "missing", "lücken"],
        usage: "gaps [red] [firm] [<tenant>] [svc:exo] [owner:<person>] [rule:note] [due<7d]",
        says: "Lists what is missing of the required customer data, the worst first, each one press from its form.",
        topic: Topic::Compliance,
        listed: true,
        hear: |words| Ok(Box::new(compliance::List::from_words(words))),
    },
    Command {
        words: &["next", "upcoming", "due", "demnächst"],
        usage: "next [7d] [filter]",
        says: "Lists what turns red in the days to come.",
        topic: Topic::Compliance,
        listed: false,
        hear: |words| Ok(Box::new(compliance::Next::from_words(words))),
    },
    Command {
        words: &["why", "warum"],
        usage: "why <tenant> [services]",
        says: "Says what is red at a tenant, since when, by which rule, and the line that mends it.",
        topic: Topic::Compliance,
        listed: false,
        hear: compliance::hear_why,
    },
    Command {
        words: &["today", "heute"],
        usage: "today",
        says: "Shows the figures of the day: gaps by kind, and your tenants that are worst off.",
        topic: Topic::Compliance,
        listed: false,
        hear: |_| Ok(Box::new(compliance::Today)),
    },
    Command {
        words: &["stats", "statistics", "statistik"],
        usage: "stats",
        says: "Counts the firm's gaps by person and severity.",
        topic: Topic::Compliance,
        listed: false,
        hear: |_| Ok(Box::new(compliance::Stats::first())),
    },
    Command {
        words: &["subscribe", "digest", "abonnieren"],
        usage: "subscribe [days] [at <time>] [overdue] [rule:note] [svc:exo] [for <tenants>]",
        says: "Orders a digest of what is red, for this channel or for your own chat, such as mon, thu at 8:30.",
        topic: Topic::Compliance,
        listed: false,
        hear: |words| Ok(Box::new(digest::Subscribe::from_words(words)?)),
    },
    Command {
        words: &["unsubscribe", "abbestellen"],
        usage: "unsubscribe",
        says: "Stops the digest of this place.",
        topic: Topic::Compliance,
        listed: false,
        hear: |_| Ok(Box::new(digest::Unsubscribe)),
    },
    Command {
        words: &["subscriptions", "digests"],
        usage: "subscriptions",
        says: "Lists the digests: when, where, and by whom ordered.",
        topic: Topic::Compliance,
        listed: false,
        hear: |_| Ok(Box::new(digest::List)),
    },
    Command {
        words: &["snooze", "mute", "stumm"],
        usage: "snooze <tenant> <until a day | off>",
        says: "Leaves a tenant out of this place's digests and alerts for a while.",
        topic: Topic::Compliance,
        listed: false,
        hear: digest::hear_snooze,
    },
    Command {
        words: &["quiet", "ruhe"],
        usage: "quiet [18:00-08:00 | off]",
        says: "Sets the hours in which nothing is posted here.",
        topic: Topic::Compliance,
        listed: false,
        hear: |words| Ok(Box::new(digest::Quieten::from_words(words)?)),
    },
    Command {
        words: &["suggestions", "vorschläge"],
        usage: "suggestions",
        says: "Shows how often suggestions are taken, and which version suggests. For admins and team leads.",
        topic: Topic::Services,
        listed: false,
        hear: |_| Ok(Box::new(suggestion::Show)),
    },
    Command {
        words: &["privacy", "gdpr", "datenschutz"],
        usage: "privacy [export | erase | request export | request erase] [<name or e-mail>] [received on]",
        says: "Lists what people asked for about their data; exports or erases it. For admins and team leads.",
        topic: Topic::Privacy,
        listed: false,
        hear: privacy::hear,
    },
    Command {
        words: &["undo", "revert"],
        usage: "undo",
        says: "Takes back your latest change in this chat.",
        topic: Topic::Notes,
        listed: false,
        hear: |_| Ok(Box::new(undo::Undo { change: None })),
    },
];

/// What a message means that begins with no command: parts of entitlements, `contoso exo: 300 in progress …`.
pub fn uncalled(words: &str) -> Option<Box<dyn Ready>> {
    Some(Box::new(status::Write::from_bare(words)?))
}

/// The intent of this name.
pub fn intent(name: &str) -> Option<&'static Entry> {
    INTENTS.iter().find(|entry| entry.name == name)
}

/// Every verb that a card may carry.
pub fn verbs() -> Vec<&'static str> {
    INTENTS.iter().map(|entry| entry.name).chain([super::smalltalk::HELP, super::help::DO]).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_two_intents_or_commands_share_a_name() {
        let names: HashSet<_> = INTENTS.iter().map(|entry| entry.name).collect();
        assert_eq!(names.len(), INTENTS.len());
        let words: Vec<_> = COMMANDS.iter().flat_map(|command| command.words).collect();
        assert_eq!(words.iter().collect::<HashSet<_>>().len(), words.len());
    }
}
