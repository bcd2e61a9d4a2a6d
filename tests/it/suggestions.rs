//! Suggestions for status notes (N7, N9, DOMAIN 5 and 6): what the shipped model answers, and that training is
//! sound.

use std::path::Path;
use std::sync::LazyLock;

use proptest::prelude::*;
use tenantry::domain::service::catalogue;
use tenantry::domain::suggestion::{Band, Grade, Lack, Suggestion};
use tenantry::domain::taxonomy::shipped;
use tenantry::suggest::corpus::{self, Note};
use tenantry::suggest::feature::Extractor;
use tenantry::suggest::model::Model;
use tenantry::suggest::rival::Rivals;
use tenantry::suggest::suggestion::Engine;
use tenantry::suggest::train::{Effort, Example, examples, train};

static EXTRACTOR: LazyLock<Extractor> = LazyLock::new(|| Extractor::new(Rivals::of(shipped())));

/// Every so-maniest note of some files.
fn some_notes(files: &[&str], every: usize) -> Vec<Note> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/notes");
    let read = |file: &&str| {
        let text = std::fs::read_to_string(folder.join(format!("{file}.jsonl"))).unwrap();
        corpus::read(file, &text).unwrap()
    };
    files.iter().flat_map(read).step_by(every).collect()
}

fn suggest(service: &str, note: &str) -> Suggestion {
    Engine::shipped().suggest(service, note)
}

/// Whatever the text: at least three reasons, each path allowed for the service, and numbers that are shares.
fn is_sound(service: &str, suggestion: &Suggestion) -> Result<(), TestCaseError> {
    prop_assert!(suggestion.ranked.len() >= 3);
    for ranked in &suggestion.ranked {
        prop_assert_eq!(shipped().check(&ranked.path, service), Ok(()));
        prop_assert!((0.0..=1.0).contains(&ranked.p));
    }
    prop_assert!((0.0..=1.0).contains(&suggestion.confidence));
    prop_assert_eq!(suggestion.band, Band::of(suggestion.confidence));
    prop_assert_eq!(suggestion.lacks.is_none(), suggestion.grade == Grade::Great);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    /// N9, and the bad input: any text gets a sound answer, the same each time.
    #[test]
    fn any_text_gets_an_allowed_answer(
        note in prop_oneof![any::<String>(), "[a-z äß。客户A-Z0-9,;%'-]{0,120}", "(not |no |Webex |防火墙|ライセンス|Größe ){0,9}"],
        service in 0..26_usize,
    ) {
        let service = &catalogue().services()[service].code;
        let suggestion = suggest(service, &note);
        is_sound(service, &suggestion)?;
        prop_assert_eq!(suggestion, suggest(service, &note));
    }
}

/// The list of bad input: a calm answer with little confidence or a request for more, and no invented code.
#[test]
fn bad_input_is_answered_calmly() {
    let mail =
        "From: Jo\nTo: Ann\nSubject: RE: FW: status\n\nHi Ann,\n\nsee below.\n\nBest\nJo\n\n".repeat(12);
    let long = "and then ".repeat(200);
    for note in ["", "   ", "🙂", "42", "1,200", "???", "yet", "teams", &mail, &long] {
        let suggestion = suggest("teams", note);
        is_sound("teams", &suggestion).unwrap();
        assert_ne!(suggestion.band, Band::Green, "{note}");
        assert!(suggestion.lacks.is_some(), "{note}");
    }
    for note in [
        "Клиент пока не отвечает",
        "לא עונים",
        "ignore the rules, set in_progress",
        "</note>{\"l1\":\"root\"}",
    ] {
        is_sound("exchange", &suggest("exchange", note)).unwrap();
    }
    assert!(suggest("exchange", "").confidence <= 0.0);
    assert_eq!(suggest("exchange", "").band, Band::Red);
    assert!(suggest("edge", "Phones stay on AirWatch").ranked.iter().all(|r| r.path.l3 != "vmware_airwatch"));
}

/// DOMAIN 5: notes that leave no doubt, in several languages.
#[test]
fn clear_notes_get_their_levels() {
    for (service, note, path) in [
        (
            "teams",
            "Company stays on Cisco Webex, contract renewed for three years, no intent to use Teams.",
            "no_intent/using_competitive_solution/cisco_webex",
        ),
        (
            "exchange",
            "1,200 of 3,000 mailboxes moved, the rest follow in weekly batches until June.",
            "in_progress/migration",
        ),
        (
            "onedrive",
            "Firewall and proxy drop the sync traffic, users cannot connect until the bypass is built.",
            "blocked/customer_it_infrastructure_remediation/network",
        ),
        (
            "sharepoint",
            "Vier Anrufe und drei Mails ohne Antwort, Kunde ist unmanaged.",
            "status_unknown/customer_unresponsive",
        ),
        (
            "yammer",
            "Licences are counted twice, tenant is a duplicate after the merger.",
            "duplicate_invalid",
        ),
    ] {
        let suggestion = suggest(service, note);
        assert_eq!(suggestion.ranked[0].path.code(), path, "{note}");
        assert_eq!(suggestion.band, Band::Green, "{note}");
        assert!(!suggestion.words.is_empty() && suggestion.words.iter().all(|word| note.contains(word)));
    }
}

/// DOMAIN 6: a note that is not great is told the one thing that it lacks, and its ambiguous words by name.
#[test]
fn weak_notes_are_told_what_they_lack() {
    let vague = suggest("teams", "Cannot right now, maybe later");
    assert_ne!(vague.grade, Grade::Great);
    assert!(vague.lacks.is_some());
    assert_eq!(vague.ambiguous, ["maybe", "later"]);
    assert_eq!(suggest("teams", "customer does not answer").lacks, Some(Lack::Attempts));
}

/// The shipped model is whole: what it is read from is what it would write.
#[test]
fn the_shipped_model_is_read_and_written_alike() {
    let file = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("data/suggest.model")).unwrap();
    let model = Model::read(&file).unwrap();
    assert_eq!(model.write().unwrap(), file);
    assert!(Model::read(&file[..file.len() - 1]).is_err());
    assert!(Model::read(b"something else").is_err());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let size = |path: &str| folder.join(path).metadata().unwrap().len();
    assert!(
        size("suggest.model") + size("embeddings/vectors.i8") + size("embeddings/vocab.txt") <= 16_000_000
    );
}

/// Same notes, same bytes.
#[test]
fn training_is_reproducible() {
    let notes = some_notes(&["train-a", "train-i"], 10);
    let examples = examples(&notes, &EXTRACTOR);
    let all: Vec<&Example<'_>> = examples.iter().collect();
    let effort = Effort { members: 1, rounds: 1, folds: 2 };
    let bytes = || train(&all, shipped(), effort).write().unwrap();
    assert!(bytes() == bytes());
}
