//! Forecast dates of several tenants in one message: each line `contoso exo, teams max end of june`; one question, one
//! change.

use super::super::chat_line::{ChatLine, take_choice};
use super::super::tenant::Then;
use super::line::{Ready, check, save};
use super::{LONGEST, milestones};
use crate::cards::notice::Notice;
use crate::cards::render;
use crate::domain::access::Act;
use crate::domain::forecast::line::{self, Part, Word};
use crate::domain::id::{Id, Tenant};
use crate::domain::when::Lean;
use crate::turn::{Fault, Fields, Intent, Malformed, Reply, Saying, Turn};

/// Most lines of one message: all of them are shown before they are saved.
const LINES: usize = 20;

/// Lines of chat, each with the dates of one tenant.
#[derive(Debug)]
pub struct Write {
    lines: Vec<ChatLine>,
}

/// Reads `contoso exo, teams max end of june`.
fn read(line: &str) -> Option<ChatLine> {
    let (about, dates) = line::split(line, milestones());
    let is_whole = !dates.is_empty() && dates.len() <= LONGEST;
    ChatLine::read(about.trim_end_matches(':'), dates).filter(|_| is_whole)
}

fn written(line: &ChatLine) -> String {
    format!("{} {}", line.about(), line.said)
}

impl Write {
    /// Reads what follows `forecast`; `None`: it is one line, or one of its lines gives no dates.
    pub fn from_words(words: &str) -> Option<Self> {
        let lines = words.lines().map(str::trim).filter(|line| !line.is_empty());
        // Each line may begin with the command, as if it stood alone.
        let bare = lines.map(|line| line.strip_prefix("forecast ").unwrap_or(line));
        let lines: Vec<ChatLine> = bare.map(read).collect::<Option<_>>()?;
        (2..=LINES).contains(&lines.len()).then_some(Self { lines })
    }

    fn body(&self) -> String {
        self.lines.iter().map(written).collect::<Vec<_>>().join("\n")
    }

    /// Which tenants and services are meant. What is not clear is asked, and nothing is guessed.
    async fn settle(&mut self, turn: &mut Turn) -> Result<(), Fault> {
        for index in 0..self.lines.len() {
            let then = Then::carrying(Self::NAME, &self.body());
            let Some(line) = self.lines.get_mut(index) else { continue };
            line.settle(turn, Act::EditForecast, &then).await?;
        }
        // Everybody locks tenants in the same order.
        self.lines.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(())
    }
}

impl Intent for Write {
    const NAME: &'static str = "forecast.lines";
    const WRITES: bool = true;

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        let mut write = Self::from_words(&fields.text("body")?).ok_or(Malformed("body"))?;
        take_choice(&mut write.lines, fields)?;
        Ok(write)
    }

    async fn run(mut self, turn: &mut Turn) -> Result<Reply, Fault> {
        self.settle(turn).await?;
        let mut ready: Vec<Ready> = Vec::new();
        for line in &mut self.lines {
            let tenant: Id<Tenant> = line.name.parse::<uuid::Uuid>().map_err(|_| Fault::Again)?.into();
            let desk = turn.desk(tenant, Act::EditForecast).await?;
            let parts = line::read(&line.said, milestones(), turn.reading(Lean::Ahead));
            if let Some(part) = parts.iter().find(|part| matches!(part.word, Word::Either(_))) {
                return Err(render(&which_day(&desk.customer_name, part))?.into());
            }
            ready.extend(check(turn, &desk, &line.services, &parts).await?);
            // Days are written out, so that the answer means what was shown, whenever it comes.
            line.said = line::written(&parts);
        }
        let edit = turn.edit_several(Self::NAME).await?;
        let saying = Saying::done("Forecast saved").asks("Save these forecast dates?", "Save");
        let saying = save(turn, &ready, saying, false).await?;
        edit.confirmed(turn, Self::NAME, serde_json::json!({ "body": self.body() }), saying).await
    }
}

/// A day that may be any of several, where there is no room for a choice.
fn which_day(customer: &str, part: &Part) -> Notice {
    Notice::warning("Which day is meant?")
        .text("Nothing is saved yet. Write the month as a word, such as 3 apr, and send the lines again.")
        .line(format!("{customer}: {} {}", part.subject.name(), part.typed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_lines_are_several_tenants() {
        let write =
            Write::from_words("contoso exo, teams max end of june\n\nforecast fabrikam 15% 1 mar, max 1 jun")
                .unwrap();
        let lines: Vec<_> =
            write.lines.iter().map(|line| (line.name.as_str(), line.services.len())).collect();
        assert_eq!(lines, [("contoso", 2), ("fabrikam", 0)]);
        assert_eq!(Write::from_words(&write.body()).unwrap().body(), write.body());
        assert!(Write::from_words("contoso exo max 1 jun").is_none(), "one line");
        assert!(Write::from_words("contoso exo max 1 jun\nand fabrikam, too").is_none(), "no dates");
    }
}
