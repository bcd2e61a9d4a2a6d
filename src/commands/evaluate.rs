//! `tenantry evaluate`: how good the suggestions are, on notes that the model has not seen.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use tenantry::domain::taxonomy::shipped;
use tenantry::suggest::evaluate::{Figures, Judged, Split, by, judge};
use tenantry::suggest::feature::Extractor;
use tenantry::suggest::rival::Rivals;
use tenantry::suggest::train::{Effort, examples};

use super::{notes, say};

/// English files that are held out in turn, and the file in other languages.
const ENGLISH: [&str; 4] = ["train-b", "train-d", "train-e", "train-g"];
const OTHERS: &str = "train-i";
/// Mistakes that are shown.
const CONFUSIONS: usize = 25;

/// What may not be undercut, and what it is called: of the mean over the English files, and of the other file.
const FLOOR: [(&str, f32); 6] = [
    ("L1", 0.92),
    ("L2", 0.825),
    ("top 3", 0.955),
    ("other L1", 0.80),
    ("other L2", 0.65),
    ("other top 3", 0.85),
];

/// What to evaluate.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Folder of labelled notes, `*.jsonl`.
    #[arg(long, default_value = "data/notes")]
    notes: PathBuf,
    /// Fails when a figure is below its floor.
    #[arg(long)]
    floor: bool,
}

/// Prints the tables.
pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let notes = notes::read(&arguments.notes)?;
    let extractor = Extractor::new(Rivals::of(shipped()));
    let examples = examples(&notes, &extractor);
    let held_out = |split: &Split| judge(&examples, &extractor, shipped(), split, Effort::FULL);
    say(&Figures::heading("held out"));
    let mut english: Vec<Judged<'_>> = Vec::new();
    let mut each = Vec::new();
    for file in ENGLISH {
        let judged = held_out(&Split::File(file.to_owned()));
        let figures = Figures::of(&judged);
        say(&figures.row(file));
        each.push(figures);
        english.extend(judged);
    }
    let others = held_out(&Split::File(OTHERS.to_owned()));
    let other = Figures::of(&others);
    say(&other.row(OTHERS));
    let fixed = held_out(&Split::Fixed);
    say(&Figures::of(&fixed).row("one note in eight"));
    let of_english = Figures::of(&english);
    section("English files, by quality", by(&english, |note| note.quality.code()));
    section("Other languages", by(&others, |note| note.lang.as_deref().unwrap_or("en")));
    section("Other languages, by quality", by(&others, |note| note.quality.code()));
    say("\nMost frequent mistakes, English files (right, suggested, how often)");
    for (right, suggested, count) in of_english.confusions(CONFUSIONS) {
        say(&format!("| {right} | {suggested} | {count} |"));
    }
    let mean = |figure: fn(&Figures) -> f32| each.iter().map(figure).sum::<f32>() / 4.0;
    let reached = [
        mean(|f| f.l1.value()),
        mean(|f| f.l2.value()),
        mean(|f| f.top3.value()),
        other.l1.value(),
        other.l2.value(),
        other.top3.value(),
    ];
    say("\nMean of the English files, and the file of other languages, against the floor");
    let mut below = false;
    for ((name, floor), reached) in FLOOR.iter().zip(reached) {
        say(&format!("| {name:<12} | {reached:.3} | {floor:.3} |"));
        below |= reached < *floor;
    }
    Ok(if arguments.floor && below { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn section(title: &str, figures: impl IntoIterator<Item = (String, Figures)>) {
    say(&format!("\n{title}\n{}", Figures::heading("")));
    for (name, figures) in figures {
        say(&figures.row(&name));
    }
}
