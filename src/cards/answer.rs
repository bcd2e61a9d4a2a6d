//! The answer to a question: what it says, as of when, where it is from, and what does the thing.

use std::fmt::Write as _;

use chrono::NaiveDate;
use serde::Serialize;

use super::button::Button;
use super::form::Choice;
use super::sample::{HEBREW, HOSTILE};
use super::text::{self, UserText};
use super::view::View;
use crate::domain::help::{Act, Link, Topic};
use crate::domain::service::catalogue;

/// The card of a topic.
#[derive(Debug, Clone, Serialize)]
pub struct Answer {
    title: UserText,
    paragraphs: Vec<UserText>,
    /// "As of 1 May 2020. Source: …"
    origin: UserText,
    /// What is still to be chosen before the act can be done; empty unless somebody tried without.
    finding: &'static str,
    asks_tenant: bool,
    asks_service: bool,
    services: Vec<Choice>,
    /// What was chosen, given back.
    tenant: String,
    service: String,
    act: Vec<Button>,
    links: Vec<Page>,
}

/// A page to read on.
#[derive(Debug, Clone, Serialize)]
struct Page {
    title: UserText,
    url: String,
}

impl Answer {
    /// The answer of a topic; its act is done by the intent `verb`.
    pub fn new(topic: &Topic, verb: &'static str) -> Self {
        let mut origin = format!("As of {}. ", text::day(topic.as_of));
        let _ = write!(origin, "Source: {}.", topic.source.trim_end_matches('.'));
        let act = topic.act.as_ref();
        let button = |act: &Act| Button::new(&act.title, verb).with("topic", topic.name.as_str());
        let asks_service = act.is_some_and(Act::asks_service);
        Self {
            title: UserText::new(&topic.title),
            paragraphs: topic.answer.split("\n\n").map(UserText::from).collect(),
            origin: origin.into(),
            finding: "",
            asks_tenant: act.is_some_and(Act::asks_tenant),
            asks_service,
            services: if asks_service { services() } else { Vec::new() },
            tenant: String::new(),
            service: String::new(),
            act: act.map(button).into_iter().collect(),
            links: topic.links.iter().map(Page::of).collect(),
        }
    }

    /// The same, for somebody who did not choose everything that the act needs; what they chose is given back.
    #[must_use]
    pub fn unfilled(mut self, tenant: &str, service: &str) -> Self {
        self.tenant = text::clip(tenant, 200).into_owned();
        self.service = text::clip(service, 100).into_owned();
        self.finding = match (self.asks_tenant && tenant.is_empty(), self.asks_service && service.is_empty())
        {
            (true, true) => "Please choose a tenant and a service.",
            (true, false) => "Please choose a tenant.",
            _ => "Please choose a service.",
        };
        self
    }
}

fn services() -> Vec<Choice> {
    catalogue().services().iter().map(|one| Choice::new(one.name.as_str(), one.code.as_str())).collect()
}

impl Page {
    fn of(link: &Link) -> Self {
        Self { title: UserText::new(&link.title), url: link.url.clone() }
    }
}

impl View for Answer {
    const TEMPLATE: &'static str = "answer.json";

    fn samples() -> Vec<(&'static str, Self)> {
        let topic = |words: &str, line: &str| Topic {
            name: "claim".to_owned(),
            title: words.to_owned(),
            also: Vec::new(),
            answer: words.to_owned(),
            act: Some(Act { title: words.to_owned(), line: line.to_owned() }),
            links: Vec::new(),
            source: words.to_owned(),
            as_of: NaiveDate::from_ymd_opt(2020, 5, 1).unwrap_or_default(),
        };
        let link = |title: &str, url: &str| Link { title: title.to_owned(), url: url.to_owned() };
        let typical = Topic {
            title: "How do I claim workloads for incentives?".to_owned(),
            answer: "Partners claim in Partner Center.\n\nClaims are shown here, and corrected there."
                .to_owned(),
            act: Some(Act {
                title: "See a service".to_owned(),
                line: "service <tenant> <service>".to_owned(),
            }),
            links: vec![link("Partner Center", "https://learn.microsoft.com/partner-center/")],
            source: "FTOP Partner User Guide".to_owned(),
            ..topic("", "")
        };
        let longest = Topic {
            title: "漢".repeat(80),
            answer: "𠀀".repeat(3_000),
            act: Some(Act { title: "𠀀".repeat(80), line: "service <tenant> <service>".to_owned() }),
            links: vec![link(&"漢".repeat(80), "https://example.com/?q=longest"); 1],
            source: "漢".repeat(300),
            ..topic("", "")
        };
        let of = |topic: &Topic| Self::new(topic, "help.do");
        vec![
            ("empty", of(&Topic { act: None, ..typical.clone() })),
            ("typical", of(&typical)),
            ("unfilled", of(&typical).unfilled("contoso.onmicrosoft.com", "")),
            ("right_to_left", of(&topic(HEBREW, "note <tenant>"))),
            ("hostile", of(&topic(HOSTILE, "gaps"))),
            ("longest", of(&longest)),
        ]
    }

    fn summary(&self) -> String {
        let first = self.paragraphs.first().map(UserText::shown).unwrap_or_default();
        format!("{} · {}", self.title.shown(), text::clip(&first, 120))
    }
}
