//! Requests: taken down, listed with the days that are left, withdrawn (Y2, Y4).

use chrono::NaiveDate;

use super::{deed_called, entitled, person, split};
use crate::cards::privacy::{Row, Sheet};
use crate::cards::text::{count, day};
use crate::cards::{Button, Tone, privacy_notices, render};
use crate::domain::field::required_date;
use crate::domain::id::{Id, Request};
use crate::domain::personal::Deed;
use crate::domain::personal::request::due;
use crate::domain::time::Today;
use crate::domain::when::{Lean, Reading, When, read};
use crate::store::privacy::request::Open;
use crate::turn::{Fault, Fields, Intent, Malformed, Reply, Turn, Usage};

/// `privacy`: what is open.
#[derive(Debug)]
pub struct List;

impl Intent for List {
    const NAME: &'static str = "privacy.list";

    fn from_fields(_: &Fields) -> Result<Self, Malformed> {
        Ok(Self)
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        entitled(turn)?;
        let open = turn.scope.open_requests().await?;
        let help = Button::new("What can I ask?", "help");
        if open.is_empty() {
            let text = "Write “privacy request erase” and the e-mail address when somebody asks, “privacy export” or “privacy \
                        erase” to do it at once.";
            return Ok(render(&Sheet::new("No open requests", text).button(help))?.into());
        }
        let title = count(u64::try_from(open.len()).unwrap_or(0), "open request", "open requests");
        let text =
            format!("Each is to be done within {} days; the most urgent first.", Turn::rules().privacy_days);
        let rows = open.iter().map(|open| row(open, turn.today())).collect();
        Ok(render(&Sheet::new(title, text).rows(rows).button(help))?.into())
    }
}

/// An open request, with the ways to end it.
fn row(open: &Open, today: Today) -> Row {
    let left = -today.days_since(open.due);
    let (words, tone) = match left {
        ..0 => (format!("{} days overdue", -left), Tone::Attention),
        0 => ("due today".to_owned(), Tone::Attention),
        1 => ("due tomorrow".to_owned(), Tone::Attention),
        2..=7 => (format!("{left} days left"), Tone::Warning),
        _ => (format!("{left} days left"), Tone::Default),
    };
    let (what, does) = match open.deed {
        Deed::Export => ("Export", "Export"),
        Deed::Erase => ("Erasure", "Erase"),
    };
    let detail = format!(
        "{what}, asked for on {}, due {}, taken down by {}",
        day(open.received),
        day(open.due),
        open.taker
    );
    let row = Row::new(open.subject.text(), &detail);
    if open.confirmed {
        return row.state("being done", Tone::Good);
    }
    let id = open.id.to_string();
    row.state(words, tone)
        .button(does, "privacy.ask", &[("deed", open.deed.code()), ("request", &id)])
        .button(
            if open.deed == Deed::Erase { "Not to erase" } else { "Not to export" },
            "privacy.withdraw",
            &[("request", &id)],
        )
}

/// `privacy request erase <person> [day]`, as it was typed.
#[derive(Debug)]
pub(super) struct Typed {
    deed: Deed,
    words: String,
}

impl Typed {
    pub(super) fn from_words(words: &str) -> Result<Self, Usage> {
        let (deed, rest) = split(words);
        let deed = deed_called(&deed).filter(|_| !rest.is_empty()).ok_or(Usage)?;
        Ok(Self { deed, words: rest.to_owned() })
    }
}

impl Intent for Typed {
    const NAME: &'static str = "privacy.request.typed";
    const WRITES: bool = true;

    fn from_fields(_: &Fields) -> Result<Self, Malformed> {
        Err(Malformed("words"))
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        entitled(turn)?;
        let reading =
            Reading { today: turn.today(), order: None, lean: Lean::Back, month_is_its_first_day: false };
        let (who, received) = match person_and_day(&self.words, reading) {
            (who, None) => (who, turn.today().0),
            (who, Some(When::One(day))) => (who, day),
            (who, Some(When::Ambiguous(days))) => {
                return Err(render(&privacy_notices::which_day(self.deed, who, &days))?.into());
            }
            (_, Some(When::NotADate)) => (self.words.as_str(), turn.today().0),
        };
        Take { deed: self.deed, who: who.to_owned(), received }.run(turn).await
    }
}

/// Splits the words into a person and the day at their end, if there is one. The first word is the person's.
fn person_and_day(words: &str, reading: Reading) -> (&str, Option<When>) {
    let starts = words.char_indices().filter(|(_, c)| c.is_whitespace()).map(|(at, _)| at);
    for start in starts {
        let (who, day) = words.split_at(start);
        match read(day.trim(), reading) {
            When::NotADate => {}
            when => return (who.trim().trim_end_matches(','), Some(when)),
        }
    }
    (words, None)
}

/// A request with its day.
#[derive(Debug)]
pub struct Take {
    deed: Deed,
    who: String,
    received: NaiveDate,
}

impl Intent for Take {
    const NAME: &'static str = "privacy.request";
    const WRITES: bool = true;

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        Ok(Self {
            deed: Deed::of(&fields.text("deed")?).ok_or(Malformed("deed"))?,
            who: fields.text("who")?,
            received: required_date(&fields.text("received")?).map_err(|_| Malformed("received"))?,
        })
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        entitled(turn)?;
        if self.received > turn.today().0 {
            return Err(render(&privacy_notices::request_ahead())?.into());
        }
        let received = self.received.to_string();
        let then = [("deed", self.deed.code()), ("received", received.as_str())];
        let known = person(turn, &self.who, (Self::NAME, &then)).await?;
        let conversation = turn.place.conversation.clone();
        let dates = (self.received, due(self.received, Turn::rules()));
        let id = turn.scope.take_down(&turn.actor, &conversation, self.deed, &known.subject, dates).await?;
        let Some(open) = turn.scope.open_request(id).await? else { return Err(Fault::Again) };
        let reminders = Turn::rules().privacy_reminders.iter().map(ToString::to_string).collect::<Vec<_>>();
        let text = format!(
            "I remind you here {} days before the end. {}",
            reminders.join(" and "),
            if self.deed == Deed::Erase { "Until then nothing is erased." } else { "" }
        );
        let face = Sheet::new(format!("Request of {} taken down", day(open.received)), text.trim())
            .rows(vec![row(&open, turn.today())])
            .button(Button::new("Open requests", List::NAME));
        Ok(render(&face)?.into())
    }
}

/// Takes back a request that was taken down by mistake.
#[derive(Debug)]
pub struct Withdraw {
    request: Id<Request>,
}

impl Intent for Withdraw {
    const NAME: &'static str = "privacy.withdraw";
    const WRITES: bool = true;

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        Ok(Self { request: fields.id("request")? })
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        entitled(turn)?;
        if !turn.scope.withdraw(&turn.actor, self.request).await? {
            return Err(render(&privacy_notices::no_such_request())?.into());
        }
        Ok(render(&privacy_notices::request_withdrawn())?.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_at_the_end_is_when_the_person_asked() {
        let today = Today("2026-11-21".parse().unwrap());
        let reading = Reading { today, order: None, lean: Lean::Back, month_is_its_first_day: false };
        let read = |words| {
            let (who, day) = person_and_day(words, reading);
            (who, day.map(|day| if let When::One(day) = day { day.to_string() } else { "which?".to_owned() }))
        };
        assert_eq!(read("kim@contoso.example"), ("kim@contoso.example", None));
        assert_eq!(read("Kim Example"), ("Kim Example", None));
        assert_eq!(read("Kim Example 2026-11-01"), ("Kim Example", Some("2026-11-01".to_owned())));
        assert_eq!(read("Kim Example, 3 nov"), ("Kim Example", Some("2026-11-03".to_owned())));
        assert_eq!(
            read("kim@contoso.example yesterday"),
            ("kim@contoso.example", Some("2026-11-20".to_owned()))
        );
        assert_eq!(read("Kim Example 3/4/2026"), ("Kim Example", Some("which?".to_owned())));
    }
}
