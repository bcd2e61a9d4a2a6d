//! `tenantry suggest --jsonl`: levels for notes, a line for a line.

use std::io::{BufRead as _, Write as _};
use std::process::ExitCode;

use clap::Args;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tenantry::domain::service::catalogue;
use tenantry::domain::suggestion::{Band, Grade, Lack, Ranked, Suggestion};
use tenantry::suggest::suggestion::Engine;

/// How notes come and suggestions go.
#[derive(Debug, Args)]
pub struct Arguments {
    /// One JSON object a line on standard input (`id`, `service`, `note`), and one on standard output.
    #[arg(long, required = true)]
    jsonl: bool,
}

#[derive(Deserialize)]
struct Question {
    #[serde(default)]
    id: Value,
    service: String,
    note: String,
}

#[derive(Serialize)]
struct Levels<'a> {
    l1: &'a str,
    l2: Option<&'a str>,
    l3: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    p: Option<f32>,
}

#[derive(Serialize)]
struct Answer<'a> {
    id: &'a Value,
    #[serde(flatten)]
    levels: Option<Levels<'a>>,
    confidence: f32,
    band: Band,
    ranked: Vec<Levels<'a>>,
    grade: Grade,
    missing: Option<Lack>,
    ambiguous: &'a [String],
    words: &'a [String],
}

/// Answers each line. Lines that are no question are named on standard error by their number.
pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    debug_assert!(arguments.jsonl);
    let engine = Engine::shipped();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut bad = false;
    for (number, line) in (1_u64..).zip(std::io::stdin().lock().split(b'\n')) {
        let line = line?;
        if line.trim_ascii().is_empty() {
            continue;
        }
        match question(&line) {
            Ok(question) => {
                let suggestion = engine.suggest(&question.service, &question.note);
                serde_json::to_writer(&mut out, &answer(&question.id, &suggestion))?;
                out.write_all(b"\n")?;
            }
            Err(reason) => {
                bad = true;
                super::complain(&reason.context(format!("line {number}")));
            }
        }
    }
    out.flush()?;
    Ok(if bad { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn question(line: &[u8]) -> anyhow::Result<Question> {
    let question: Question = serde_json::from_slice(line)?;
    let known = catalogue().services().iter().any(|service| service.code == question.service);
    anyhow::ensure!(known, "no service has the code {:?}", question.service);
    Ok(question)
}

fn answer<'a>(id: &'a Value, suggestion: &'a Suggestion) -> Answer<'a> {
    Answer {
        id,
        levels: suggestion.ranked.first().map(|first| Levels { p: None, ..levels(first) }),
        confidence: suggestion.confidence,
        band: suggestion.band,
        ranked: suggestion.ranked.iter().map(levels).collect(),
        grade: suggestion.grade,
        missing: suggestion.lacks,
        ambiguous: &suggestion.ambiguous,
        words: &suggestion.words,
    }
}

fn levels(ranked: &Ranked) -> Levels<'_> {
    let path = &ranked.path;
    Levels { l1: &path.l1, l2: given(&path.l2), l3: given(&path.l3), p: Some(ranked.p) }
}

fn given(code: &str) -> Option<&str> {
    Some(code).filter(|code| !code.is_empty())
}
