//! Splits in chat: `contoso exo: 300 in progress pilots done, 5 blocked firewall drops traffic`. Each line of a
//! message is another tenant or service; all of it is one question and one change.

use super::form::{Around, card};
use super::save::{Ready, said};
use super::sheet::{Kind, Sheet};
use super::suggest::Adviser;
use crate::cards::finding::sentence_of;
use crate::cards::notice::Notice;
use crate::cards::{Button, Card, render};
use crate::domain::access::Act;
use crate::domain::finding::Findings;
use crate::domain::grid::{Grid, Named, Odd, PartDraft, Row, Said, arrived, hear};
use crate::domain::id::{Id, Tenant};
use crate::domain::service::Service;
use crate::domain::taxonomy::{Path, taxonomy};
use crate::domain::when::{Lean, When, read};
use crate::store::service::ServiceDesk;
use crate::turn::words::name_and_text;
use crate::turn::{Fault, Fields, Intent, Malformed, Reply, Saying, Turn};

use super::super::chat_line::{ChatLine, take_choice};
use super::super::tenant::Then;

/// Lines of chat, each `<tenant> <services>: <parts>`.
#[derive(Debug)]
pub struct Write {
    lines: Vec<ChatLine>,
}

/// What a line asks for at one service.
struct Asked {
    tenant: Id<Tenant>,
    service: &'static Service,
    said: Said,
    line: usize,
}

/// A service whose rows cannot be saved as a line wants them.
struct Refused {
    customer: String,
    service: &'static Service,
    findings: Findings,
    line: usize,
}

impl Write {
    /// Reads what follows `ent`; `None`: there are no parts after a colon.
    pub fn from_words(words: &str) -> Option<Self> {
        let lines = words.lines().filter(|line| !line.trim().is_empty()).map(read_line);
        let lines: Vec<ChatLine> = lines.collect::<Option<_>>()?;
        lines.first().filter(|line| !line.said.is_empty())?;
        Some(Self { lines })
    }

    /// Reads a message that begins with no command: its first line must name a service and give parts.
    pub fn from_bare(words: &str) -> Option<Self> {
        let write = Self::from_words(words)?;
        let first = write.lines.first()?;
        (!first.services.is_empty() && hear(&first.said) != Err(Odd::NoNumber)).then_some(write)
    }

    fn body(&self) -> String {
        self.lines.iter().map(written).collect::<Vec<_>>().join("\n")
    }
}

fn read_line(line: &str) -> Option<ChatLine> {
    let (about, parts) = name_and_text(line)?;
    ChatLine::read(about, parts)
}

fn written(line: &ChatLine) -> String {
    format!("{}: {}", line.about(), line.said)
}

impl Intent for Write {
    const NAME: &'static str = "status.line";
    const WRITES: bool = true;

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        let mut write = Self::from_words(&fields.text("body")?).ok_or(Malformed("body"))?;
        take_choice(&mut write.lines, fields)?;
        Ok(write)
    }

    async fn run(mut self, turn: &mut Turn) -> Result<Reply, Fault> {
        let mut asked = self.asked(turn).await?;
        // Everybody locks tenants in the same order.
        asked.sort_by_key(|asked| asked.tenant);
        let adviser = Adviser::of(turn).await?;
        let mut ready = Vec::with_capacity(asked.len());
        let mut refused = Vec::new();
        for one in &asked {
            let at = turn.service_desk(one.tenant, one.service, Act::EditStatus).await?;
            let grid = turn.scope.grid(&at).await?.settled();
            let sheet = sheet(turn, &adviser, &at, &grid, one);
            match Ready::of(turn, &adviser, &at, &grid, &sheet, false).await? {
                Ok(change) => ready.push((at, change)),
                Err(findings) if asked.len() == 1 => {
                    return Err(card(
                        &adviser,
                        &at,
                        &grid,
                        &sheet,
                        Around { findings, ..Around::default() },
                    )?
                    .into());
                }
                Err(findings) => {
                    let customer = at.desk.customer_name;
                    refused.push(Refused { customer, service: one.service, findings, line: one.line });
                }
            }
        }
        if !refused.is_empty() {
            return Err(self.troubles(&refused)?.into());
        }
        self.save(turn, &ready).await
    }
}

impl Write {
    /// Which tenants and services are meant. What is not clear is asked, and nothing is guessed.
    async fn asked(&mut self, turn: &mut Turn) -> Result<Vec<Asked>, Fault> {
        let mut asked: Vec<Asked> = Vec::new();
        for index in 0..self.lines.len() {
            let then = Then::carrying(Self::NAME, &self.body());
            let Some(line) = self.lines.get_mut(index) else { continue };
            let said = match hear(&line.said) {
                Ok(said) => said,
                Err(odd) => return Err(render(&unread(line, &odd))?.into()),
            };
            let tenant = line.settle(turn, Act::EditStatus, &then).await?;
            let services = line.services.clone();
            let desk = turn.desk(tenant, Act::EditStatus).await?;
            for service in services {
                if asked.iter().any(|other| other.tenant == tenant && other.service.code == service.code) {
                    return Err(render(&twice(&desk.customer_name, service))?.into());
                }
                asked.push(Asked { tenant, service, said: said.clone(), line: index });
            }
        }
        Ok(asked)
    }

    async fn save(&self, turn: &mut Turn, ready: &[(ServiceDesk, Ready)]) -> Result<Reply, Fault> {
        let Some((first, change)) = ready.first() else { return Err(Fault::Again) };
        let one_tenant = ready.iter().all(|(at, _)| at.desk.tenant == first.desk.tenant);
        let edit = if one_tenant {
            turn.edit(&first.desk, Self::NAME).await?
        } else {
            turn.edit_several(Self::NAME).await?
        };
        for (at, change) in ready {
            if !change.write(turn, at).await? {
                // The tenants are locked by this turn, so nobody can have been faster.
                return Err(Fault::Again);
            }
        }
        let saying =
            if ready.len() == 1 { said(first, change) } else { Saying::done("Entitlement status saved") };
        let saying = saying.asks("Save this entitlement status?", "Save");
        let mends = ready.iter().any(|(_, change)| change.mended.is_some());
        let saying = if mends { saying.warning(super::shift::LINES_TOO) } else { saying };
        let fields = serde_json::json!({ "body": self.body() });
        edit.confirmed(turn, Self::NAME, fields, saying).await
    }

    /// What is wrong with each service, and a way to mend it by its form.
    fn troubles(&self, refused: &[Refused]) -> Result<Card, Fault> {
        let notice = Notice::warning("No entitlement was saved")
            .text("Please mend what stands here, or write the lines again.");
        let notice = refused.iter().fold(notice, |notice, refused| {
            let found = refused.findings.iter().map(|found| sentence_of(label(&found.field), &found.rule));
            let sentences = found.collect::<Vec<_>>().join(" ");
            let alone: Vec<ChatLine> = self.lines.get(refused.line).cloned().into_iter().collect();
            let alone =
                alone.into_iter().map(|line| ChatLine { services: vec![refused.service], ..line }).collect();
            let body = Self { lines: alone }.body();
            let title = format!("Mend {} of {}", refused.service.name, refused.customer);
            notice
                .line(format!("{}, {}: {sentences}", refused.customer, refused.service.name))
                .button(Button::new(title, Self::NAME).with("body", body))
        });
        Ok(render(&notice)?)
    }
}

/// What a field is called where the form is not there.
fn label(field: &str) -> &'static str {
    match field.rsplit_once('_').map_or(field, |(name, _)| name) {
        "note" => "The note",
        "entitlements" => "A number",
        "target_date" => "The target date",
        "owner" => "The owner",
        "l2" => "The reason",
        "l3" => "The engineering reason",
        _ => "The status",
    }
}

fn unread(line: &ChatLine, odd: &Odd) -> Notice {
    let text = match odd {
        Odd::NoNumber => {
            "Each part begins with a number, “all” or “rest”: 300 in progress pilots done, 5 blocked firewall drops traffic."
        }
        Odd::TooMany => "At most four parts fit into one line. Put the rest into the form.",
    };
    Notice::warning("This line could not be read").text(text).line(written(line))
}

fn twice(customer: &str, service: &Service) -> Notice {
    Notice::warning("One service stands on two lines")
        .text("Please put all its parts on one line.")
        .line(format!("{customer}, {}", service.name))
}

/// The form that the line would have filled in.
fn sheet(turn: &Turn, adviser: &Adviser, at: &ServiceDesk, grid: &Grid, asked: &Asked) -> Sheet {
    let drafted = |part| drafted(turn, adviser, at.service, part);
    let parts: Vec<PartDraft> = asked.said.parts.iter().map(drafted).collect();
    let (kind, from) = meant(grid, &parts);
    let mut sheet = Sheet {
        tenant: asked.tenant,
        service: asked.service,
        version: at.version,
        submission: Id::new(turn.now()),
        kind,
        row: Path::default(),
        from,
        parts,
    };
    sheet.complete(grid);
    sheet
}

/// A part with the levels that it names, or else with those that its words suggest.
fn drafted(turn: &Turn, adviser: &Adviser, service: &'static Service, part: &Named) -> PartDraft {
    let mut draft = part.draft(&service.code);
    // A reason may be suggested below a status that needs none, too.
    let named = !part.levels.l2.is_empty() && taxonomy().check(&part.levels, &service.code).is_ok();
    if !named && !draft.note.is_empty() {
        let suggestion = adviser.suggest(service, &draft.note).below(&part.levels);
        // A status that somebody names stands, however sure the rest is: all of it is shown before it is saved.
        let first = suggestion.ranked.first().filter(|_| !part.levels.l1.is_empty());
        if let Some(first) = first.map(|ranked| &ranked.path).or_else(|| suggestion.first()) {
            draft.take(first);
        }
    }
    if let When::One(day) = read(&part.by, turn.reading(Lean::Ahead)) {
        draft.target_date = day.to_string();
    }
    draft
}

/// How the parts are meant. If they make up the total, alone or with the rows that they do not name, they are set.
/// Otherwise they are taken from what waits for a status, or from the only row that has as many; which one, is asked.
fn meant(grid: &Grid, parts: &[PartDraft]) -> (Kind, Path) {
    let sum: i64 = parts.iter().filter_map(|part| part.entitlements.parse::<i64>().ok()).sum();
    let total = i64::from(grid.total);
    let named: Vec<Path> = parts.iter().filter_map(PartDraft::path).collect();
    let others: Vec<&Row> = grid.rows.iter().filter(|row| !named.contains(&row.path)).collect();
    let kept: i64 = others.iter().map(|row| i64::from(row.entitlements)).sum();
    let rest = parts.iter().any(|part| part.entitlements.is_empty());
    if rest || sum >= total || sum + kept == total {
        return (Kind::Set, Path::default());
    }
    let has = |row: &Row| i64::from(row.entitlements) >= sum;
    if let Some(waiting) = grid.row(&arrived()).filter(|row| has(row)) {
        return (Kind::Add, waiting.path.clone());
    }
    let mut able = others.into_iter().filter(|row| has(row));
    match (able.next(), able.next()) {
        (Some(only), None) => (Kind::Add, only.path.clone()),
        (Some(_), Some(_)) => (Kind::Add, Path::default()),
        (None, _) => (Kind::Set, Path::default()),
    }
}
