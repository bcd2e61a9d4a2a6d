//! Forms of every kind, for the golden cards.

use super::super::button::{Button, Style};
use super::super::difference::Difference;
use super::super::sample::{HEBREW, HOSTILE, id};
use super::{Choice, Field, Form, Theirs};
use crate::domain::finding::{Findings, Rule};

const FABRIKAM: &str = "Fabrikam Retail Group";

pub(super) fn all() -> Vec<(&'static str, Form)> {
    vec![
        ("empty", buttons(contact(&Typed::default()).about(FABRIKAM, "fabrikam.onmicrosoft.com"))),
        ("typical", buttons(forecast("1 Mar 2026"))),
        ("lines", buttons(migration())),
        (
            "contact",
            buttons(contact(&Typed::all("").with_name("Eva Marková")).about(FABRIKAM, "Eva Marková")),
        ),
        ("findings", buttons(forecast("1 Mar 2026").findings(&some()))),
        ("conflict", conflict()),
        ("message", message()),
        ("right_to_left", buttons(contact(&Typed::all(HEBREW)).about(HEBREW, HEBREW).line(HEBREW))),
        (
            "hostile",
            buttons(
                contact(&Typed::all(HOSTILE))
                    .about(HOSTILE, HOSTILE)
                    .line(HOSTILE)
                    .findings(&every())
                    .theirs(theirs(HOSTILE)),
            ),
        ),
        (
            "longest",
            buttons(
                contact(&Typed::all(&"𠀀".repeat(4000)))
                    .about(&"漢".repeat(300), &"漢".repeat(300))
                    .line("漢".repeat(4000))
                    .findings(&every())
                    .theirs(theirs(&"𠀀".repeat(4000))),
            ),
        ),
    ]
}

fn buttons(form: Form) -> Form {
    let open = |title| Button::new(title, "tenant.show").with("tenant", id::<()>(1).to_string()).plain();
    let save = Button::new("Save", "note.save").with("tenant", id::<()>(1).to_string()).with("version", 7);
    form.button(save.with("form", id::<()>(2).to_string())).button(open("Cancel"))
}

fn forecast(submitted: &str) -> Form {
    Form::new("Forecast dates")
        .about(FABRIKAM, "Exchange Online")
        .intro(format!("Today is 21 Nov 2026. Submitted (RFA): {submitted}."))
        .row([
            Field::date("target_15", "15% AU").value("2027-02-01").required(),
            Field::date("target_40", "40% AU").value("2027-01-01").required(),
            Field::date("target_max", "Max AU"),
        ])
        .row([
            Field::tick("none_15", "15% AU not reached"),
            Field::tick("none_40", "40% AU not reached"),
            Field::tick("none_max", "Max AU not reached").value("true"),
        ])
        .hint("A date counts when it lies after today and after the milestone before it.")
}

fn migration() -> Form {
    let types = || {
        [("mailboxes", "Mailboxes"), ("files", "Files"), ("sites", "Sites")]
            .map(|(value, title)| Choice::new(title, value))
            .to_vec()
    };
    let line = |form: Form, number: usize, kind: &str, count: &str| {
        form.section(format!("Line {number}"))
            .row([
                Field::choice(format!("type_{number}"), "Type").choices(types()).value(kind).required(),
                Field::number(format!("entitlements_{number}"), "Entitlements").value(count).required(),
            ])
            .row([
                Field::date(format!("date_{number}"), "Estimated date"),
                Field::number(format!("size_{number}"), "Size in GB"),
            ])
    };
    let form = Form::new("Data migration").about(FABRIKAM, "Exchange Online").row([Field::choice(
        "by",
        "Who migrates",
    )
    .choices(vec![Choice::new("Microsoft", "microsoft"), Choice::new("The customer", "customer")])
    .value("microsoft")
    .expanded()
    .required()]);
    line(line(form, 1, "mailboxes", "305"), 2, "", "some")
}

/// A message that becomes a note.
fn message() -> Form {
    let statuses = [("As it is: Blocked", "as_is"), ("Active", "active")];
    let statuses = statuses.map(|(title, value)| Choice::new(title, value)).to_vec();
    let fabrikam = Choice::new(format!("{FABRIKAM} (fabrikam.onmicrosoft.com)"), "fabrikam.onmicrosoft.com");
    let link = "https://teams.microsoft.com/l/message/19:a1b2@thread.tacv2/1785312345678?groupId=5f1c1b0e";
    let save = Button::new("Save note", "note.message.save").with("form", id::<()>(2).to_string());
    Form::new("Save as Tenantry note")
        .intro("The message is longer than a note may be. It was cut at the end.")
        .row([Field::search("tenant", "Tenant", "my_tenants")
            .value("fabrikam.onmicrosoft.com")
            .choices(vec![fabrikam])])
        .row([Field::text("body", "Note")
            .value("Pilot of 50 users runs.\n- DNS change next")
            .max(3_900)
            .multiline()
            .required()])
        .row([
            Field::choice("status", "Overall status").value("as_is").choices(statuses).required(),
            Field::date("status_date", "Status date").value("2026-11-21").required(),
        ])
        .folded("Next action", [[Field::text("next_action", "Next action")]])
        .hint(format!("A link back is added below the text: [the message]({link})"))
        .button(save)
}

/// What stands in the form of a contact.
#[derive(Default)]
struct Typed {
    name: String,
    text: String,
    choice: String,
}

impl Typed {
    fn all(text: &str) -> Self {
        Self { name: text.into(), text: text.into(), choice: text.into() }
    }

    fn with_name(self, name: &str) -> Self {
        Self { name: name.into(), choice: "primary".into(), ..self }
    }
}

fn contact(typed: &Typed) -> Form {
    let services =
        [("exchange", "Exchange Online"), ("teams", "Microsoft Teams"), ("sharepoint", "SharePoint Online")]
            .map(|(value, title)| Choice::new(title, value))
            .to_vec();
    let kinds = vec![Choice::new("Primary", "primary"), Choice::new("Technical", "technical")];
    let text = || typed.text.as_str();
    Form::new("Contact")
        .row([
            Field::text("name", "Name").value(&typed.name).required().max(120),
            Field::text("email", "Email address").value(text()).placeholder("name@company.com"),
        ])
        .row([
            Field::choice("type", "Kind").choices(kinds).value(&typed.choice).required(),
            Field::search("country", "Country", "countries").value(text()).placeholder("Type to search"),
        ])
        .row([Field::choice("services", "Services").choices(services).value(text()).multiple().expanded()])
        .row([Field::tick("survey", "Survey").placeholder("May be asked how things went").value(text())])
        .folded(
            "More fields",
            [
                vec![
                    Field::text("title", "Job title").value(text()),
                    Field::text("phone", "Phone").value(text()),
                ],
                vec![
                    Field::date("since", "Contact since").value(text()),
                    Field::number("floor", "Floor").value(text()),
                ],
                vec![Field::people("owner", "Known by").value(text())],
                vec![Field::text("note", "Note").value(text()).multiline().max(4_000)],
            ],
        )
}

fn some() -> Findings {
    let mut findings = Findings::default();
    findings.add("target_40", Rule::DateOutOfRange);
    findings
}

/// Something wrong with every field, and with one that is not there.
fn every() -> Findings {
    let mut findings = Findings::default();
    for field in
        ["name", "email", "type", "country", "services", "survey", "title", "phone", "since", "floor", "note"]
    {
        findings.add(field, Rule::TooLong { max: 200 });
        findings.add(field, Rule::ControlCharacter);
    }
    findings.add("body", Rule::Required);
    findings
}

fn theirs(text: &str) -> Theirs {
    let lines = vec![Difference::new("Note", text, text); 12];
    Theirs { who: text.to_owned(), when: "21 Nov 2026, 14:05".to_owned(), lines }
}

fn conflict() -> Form {
    let lines = vec![
        Difference::new("15% AU", "", "1 Feb 2027"),
        Difference::new("40% AU", "1 Mar 2027", "1 Apr 2027"),
    ];
    let save = Button::new("Save mine on top", "note.save").with("tenant", id::<()>(1).to_string());
    let open = Button::new("Keep theirs", "tenant.show").with("tenant", id::<()>(1).to_string());
    let delete = Button::new("Delete both", "undo").plain().style(Style::Destructive);
    forecast("1 Mar 2026")
        .theirs(Theirs { who: "Jiří Novák".into(), when: "21 Nov 2026, 14:05".into(), lines })
        .button(save)
        .button(open.plain())
        .button(delete)
}
