//! The form of a contact: only the fields that its kind calls for, the rest of them folded.

use super::super::search::{COUNTRIES, ZONES};
use super::consent::CONSENT;
use super::kind::Kind;
use crate::cards::Button;
use crate::cards::button::Style;
use crate::cards::form::{Choice, Field, Form};
use crate::domain::contact::{Contact, Context, Draft, MIGRATION, roles};
use crate::domain::country::countries;
use crate::domain::field::EMAIL_MAX;
use crate::domain::finding::Findings;
use crate::domain::id::{Id, Submission, Tenant};
use crate::domain::service::catalogue;
use crate::store::contact::ContactRow;
use crate::store::desk::Desk;
use crate::turn::{Fault, Turn};

/// Everything that a form of this tenant needs.
pub struct Sheet {
    tenant: Id<Tenant>,
    customer: String,
    /// Codes of the services that may be chosen.
    services: Vec<String>,
    /// The tenant's country, by code.
    country: Option<String>,
    /// Countries that are offered before somebody types.
    usual: Vec<String>,
    /// The user's own time zone, which is offered first.
    zone: String,
    /// The contact that is edited; none: a new one.
    existing: Option<ContactRow>,
    kind: Kind,
    submission: Id<Submission>,
    /// Somebody else saved meanwhile: what Save does then is said.
    on_top: bool,
}

impl Sheet {
    /// A fresh form for `existing`, or for a new contact.
    pub async fn new(
        turn: &mut Turn,
        desk: &Desk,
        kind: Kind,
        existing: Option<ContactRow>,
    ) -> Result<Self, Fault> {
        let mut services = turn.scope.entitled_services(desk).await?;
        for named in existing.iter().flat_map(|row| &row.contact.services) {
            if named != MIGRATION && !services.contains(named) {
                services.push(named.clone());
            }
        }
        let order = |code: &String| catalogue().services().iter().position(|known| known.code == *code);
        services.sort_by_key(order);
        let (country, usual) = turn.scope.usual_countries(desk).await?;
        Ok(Self {
            tenant: desk.tenant,
            customer: desk.customer_name.clone(),
            services,
            country,
            usual,
            zone: turn.zone.name().to_owned(),
            existing,
            kind,
            submission: Id::new(turn.now()),
            on_top: false,
        })
    }

    /// The same form as it was handed out: what was sent again from it is a repeat (R1), and whoever saved since is
    /// noticed (C1).
    #[must_use]
    pub fn shown_before(mut self, submission: Id<Submission>, version: Option<i64>) -> Self {
        self.submission = submission;
        if let (Some(row), Some(version)) = (&mut self.existing, version) {
            row.version = version;
        }
        self
    }

    /// The form for somebody who was slower: it shows what they typed, to be saved over what is stored now (C2).
    #[must_use]
    pub fn on_top(mut self) -> Self {
        self.on_top = true;
        self
    }

    /// The contact that is edited; none: a new one.
    pub fn existing(&self) -> Option<&ContactRow> {
        self.existing.as_ref()
    }

    /// What is stored, as a draft; empty for a new contact.
    pub fn stored(&self) -> Draft {
        self.existing.as_ref().map(|row| Draft::of(&row.contact)).unwrap_or_default()
    }

    /// What was typed, completed by what the form does not ask for.
    pub fn complete(&self, typed: &Draft) -> Draft {
        self.kind.complete(typed, &self.stored())
    }

    /// What a form begins with: what is stored, or the defaults of a new contact; what surveys need is filled in
    /// from the tenant where it is clear.
    pub fn beginning(&self) -> Draft {
        let stored = match &self.existing {
            Some(_) => self.stored(),
            None => Draft { is_engaged: true, ..Draft::default() },
        };
        self.filled_in(self.kind.complete(&stored, &stored))
    }

    /// Fills in what surveys need and what is clear: the tenant's country, the language that is usual there, and
    /// the service if the tenant has one only.
    pub fn filled_in(&self, draft: Draft) -> Draft {
        let mut draft = draft.filled_in(self.country.as_deref());
        if let ([only], true) =
            (self.services.as_slice(), draft.services.is_empty() && self.kind == Kind::Survey)
        {
            draft.services.push(only.clone());
        }
        draft
    }

    /// What the draft is judged by.
    pub fn check(&self, draft: &Draft) -> Result<Contact, Findings> {
        let services: Vec<&str> = self.services.iter().map(String::as_str).collect();
        let role = self.existing.as_ref().map(|row| row.contact.role.as_str()).unwrap_or_default();
        draft.check(Context { services: &services, role, rules: Turn::rules() })
    }

    /// The form, with this draft in it, that asks whether the person agreed to be entered again.
    pub fn form_with_consent(&self, draft: &Draft, findings: &Findings) -> Form {
        let agreed = Field::tick(CONSENT, "They agreed to be entered again");
        self.form(draft, findings).section("Consent").row([agreed])
    }

    /// The form, with this draft in it.
    pub fn form(&self, draft: &Draft, findings: &Findings) -> Form {
        let (title, detail) = match &self.existing {
            Some(row) => (self.kind.title(), super::called(&row.contact)),
            None => (self.kind.new_title(), ""),
        };
        let form = Form::new(title).about(&self.customer, detail).findings(findings);
        let form = self.fields(form, draft);
        let form = match &self.existing {
            Some(row) if row.is_synchronised => form.hint(
                "This contact is synchronised: the nightly feed writes over it when its source has something newer, and brings it back after a deletion.",
            ),
            _ => form,
        };
        self.buttons().into_iter().fold(form, Form::button)
    }

    fn fields(&self, form: Form, draft: &Draft) -> Form {
        let text = |id, label: &str, value: &str| {
            Field::text(id, label).value(value).max(Turn::rules().contact_line_max)
        };
        let long = |id, label: &str, value: &str| {
            Field::text(id, label).value(value).max(Turn::rules().contact_note_max).multiline()
        };
        let tick = |id, label: &str, value: bool| Field::tick(id, label).value(value.to_string());
        let name = text("name", "Name", &draft.name).required();
        let email = Field::text("email", "E-mail").value(&draft.email).max(EMAIL_MAX).required();
        let engaged = tick("is_engaged", "Engaged", draft.is_engaged);
        let fasttrack = tick("is_fasttrack", "FastTrack contact", draft.is_fasttrack);
        let title = text("title", "Title", &draft.title);
        let phone = text("phone", "Phone", &draft.phone).placeholder("+420 123 456 789");
        let reason = text("do_not_call_reason", "Do not call reason", &draft.do_not_call_reason);
        let uncalled = [tick("do_not_call", "Do not call", draft.do_not_call), reason];
        let more = [
            vec![self.zone_field(&draft.time_zone), self.role(&draft.role)],
            vec![long("note", "Note", &draft.note)],
            vec![
                long("evidence", "Evidence", &draft.evidence),
                long("approved_survey", "Approved survey", &draft.approved_survey),
            ],
        ];
        let (country, language) = (self.country_field(&draft.country), language(&draft.survey_language));
        let services = self.services_field(&draft.services);
        let kinds = Kind::ALL.map(|kind| Choice::new(kind.choice(), kind.code())).to_vec();
        let kind = Field::choice("contact_type", "Contact type").choices(kinds).value(self.kind.code());
        let form = form.row([name]).row([email]).row([kind.required()]);
        match self.kind {
            Kind::Survey => {
                form.row([country.required(), language.required()]).row([services.required()]).folded(
                    "More fields",
                    [vec![title, phone], vec![fasttrack], uncalled.into()].into_iter().chain(more),
                )
            }
            Kind::Customer => form.row([title, phone]).row([engaged, fasttrack]).folded(
                "More fields",
                [uncalled.into(), vec![country, language], vec![services]].into_iter().chain(more),
            ),
            Kind::Partner => form
                .row([text("skill_type", "Skill type", &draft.skill_type), phone])
                .row([engaged, fasttrack])
                .folded("More fields", [vec![title, country], vec![services]].into_iter().chain(more)),
            Kind::Microsoft => form
                .row([text("ms_role", "Microsoft role", &draft.ms_role), phone])
                .row([engaged, fasttrack])
                .folded("More fields", [vec![title, country], vec![services]].into_iter().chain(more)),
        }
    }

    /// By name, because clients show the value of a searched input as it is.
    fn country_field(&self, value: &str) -> Field {
        let present = countries().called(value);
        let usual = self.country.iter().chain(&self.usual).filter_map(|code| countries().entry(code));
        let mut choices: Vec<Choice> = Vec::new();
        for country in present.into_iter().chain(usual) {
            if choices.iter().all(|known| known.value != country.title) {
                choices.push(Choice::new(country.title.as_str(), country.title.as_str()));
            }
        }
        Field::search("country", "Country", COUNTRIES)
            .choices(choices)
            .value(present.map_or(value, |country| country.title.as_str()))
            .placeholder("Type to search")
    }

    fn zone_field(&self, value: &str) -> Field {
        Field::search("time_zone", "Time zone", ZONES)
            .choices(vec![Choice::new(self.zone.as_str(), self.zone.as_str())])
            .value(value)
            .placeholder("Type to search")
    }

    fn role(&self, value: &str) -> Field {
        let stored = self.existing.as_ref().map(|row| row.contact.role.as_str());
        let other = stored.filter(|role| !role.is_empty() && !roles().iter().any(|known| known == role));
        let all = roles().iter().map(String::as_str).chain(other);
        Field::choice("role", "Role").choices(all.map(|role| Choice::new(role, role)).collect()).value(value)
    }

    fn services_field(&self, value: &[String]) -> Field {
        let service = |code: &String| Choice::new(catalogue().service_name(code), code.as_str());
        let choices =
            self.services.iter().map(service).chain([Choice::new("Migration", MIGRATION)]).collect();
        Field::choice("services", "Services deployed or migrated")
            .choices(choices)
            .multiple()
            .expanded()
            .value(value.join(","))
    }

    /// Save, and the way back; taking the contact away stands last.
    fn buttons(&self) -> Vec<Button> {
        let row = self.existing.as_ref();
        let save = Button::new(if self.on_top { "Save mine on top" } else { "Save" }, "contact.save")
            .with("tenant", self.tenant.to_string())
            .with("kind", self.kind.code())
            .with("form", self.submission.to_string());
        let save = match row {
            Some(row) => save.with("contact", row.id.to_string()).with("version", row.version),
            None => save,
        };
        let delete = row.map(|row| {
            Button::new("Delete", "contact.delete")
                .with("tenant", self.tenant.to_string())
                .with("contact", row.id.to_string())
                .style(Style::Destructive)
                .plain()
        });
        [save, super::all_contacts(self.tenant).plain()].into_iter().chain(delete).collect()
    }
}

fn language(value: &str) -> Field {
    let languages = catalogue().survey_languages().iter();
    let choices =
        languages.map(|language| Choice::new(language.name.as_str(), language.code.as_str())).collect();
    Field::choice("survey_language", "Survey language").choices(choices).value(value)
}
