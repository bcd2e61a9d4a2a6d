//! Answers to questions: `help <question>`, lines that look like a question, and the act that an answer ends with.

use std::fs;
use std::process::Command;

use serde_json::json;
use tenantry::domain::help::{Found, Topic, Topics};

use crate::support::bot::World;
use crate::support::firms::{ANN, GUEST, STRANGER};

/// Wordings with the topic that each wants, `-` for none: written before the topics' own ways to ask were, and then
/// used to better these.
const KNOWN: &str = include_str!("help/questions.tsv");
/// More of them, which nothing was ever bettered with: how well a new wording fares.
const UNSEEN: &str = include_str!("help/unseen.tsv");

/// Of wordings: how many want a topic, how many get it first and how many are offered it; and those that get an
/// answer that they do not want.
fn judged(wordings: &'static str) -> (usize, usize, usize, Vec<&'static str>) {
    let topics = Topics::shipped();
    let (mut asked, mut first, mut offered, mut wrong) = (0, 0, 0, Vec::new());
    for (wanted, wording) in wordings.lines().skip(1).filter_map(|line| line.split_once('\t')) {
        let found = match topics.find(wording) {
            Found::Sure(topic) => vec![topic],
            Found::Perhaps(near) => near,
            Found::Nothing => Vec::new(),
        };
        let is_wanted = |topic: &&Topic| topic.name == wanted;
        asked += usize::from(wanted != "-");
        first += usize::from(found.first().is_some_and(is_wanted));
        offered += usize::from(found.iter().any(is_wanted));
        if matches!(topics.find(wording), Found::Sure(topic) if topic.name != wanted) {
            wrong.push(wording);
        }
    }
    (asked, first, offered, wrong)
}

#[test]
fn wordings_lead_to_their_topic_and_none_is_surely_wrong() {
    let (asked, first, offered, wrong) = judged(KNOWN);
    assert!(
        asked >= 160 && first * 100 >= asked * 95 && offered * 100 >= asked * 98,
        "{asked} {first} {offered}"
    );
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn wordings_that_nothing_was_bettered_with_are_offered_their_topic() {
    let (asked, first, offered, wrong) = judged(UNSEEN);
    assert!(
        asked >= 45 && first * 100 >= asked * 80 && offered * 100 >= asked * 95,
        "{asked} {first} {offered}"
    );
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[tokio::test]
async fn ann_asks_in_her_own_words_reads_the_answer_and_does_the_thing() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    let answer = chat.says("help which contact gets the suvrey").await.remove(0);
    for said in ["Which contact gets the survey?", "As of 1 May 2020", "FTOP Partner User Guide"] {
        assert!(answer.says(said), "{said}: {}", answer.words());
    }
    let unchosen = chat.presses("help.do", answer.sends("help.do", json!({}))).await;
    assert!(unchosen.says("Please choose a tenant."), "{}", unchosen.words());
    let chosen = json!({ "tenant": "contoso.onmicrosoft.com" });
    let surveys = chat.presses("help.do", unchosen.sends("help.do", chosen)).await;
    assert!(surveys.says("Who would get which survey"), "{}", surveys.words());
}

#[tokio::test]
async fn a_line_that_looks_like_a_question_is_answered_and_an_unsure_one_offers_topics() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    let answer = chat.says("May we take away the P-RM?").await.remove(0);
    assert!(answer.says("May I remove the P-RM?") && answer.says("would leave your firm"));
    let unsure = chat.says("what should a status note look like?").await.remove(0);
    assert!(unsure.says("Did you mean"), "{}", unsure.words());
    let chosen = chat.presses("help", unsure.button("help")).await;
    assert!(chosen.says("As of"), "{}", chosen.words());
    let none = chat.says("help with my tax return").await.remove(0);
    assert!(none.says("no answer to that") && none.offers("help"), "{}", none.words());
    assert!(chat.says("what is the weather in berlin?").await[0].says("no answer to that"));
    assert!(
        chat.presses("help", json!({ "topic": "gone" })).await.says("out of date"),
        "a topic that is there no more"
    );
}

#[tokio::test]
async fn everybody_gets_answers_but_the_act_is_for_the_firms_people() {
    let world = World::start().await;
    for who in [GUEST, STRANGER] {
        let answer = world.chat(who).says("help I see no tenants").await.remove(0);
        assert!(answer.says("ask your team manager"), "{}", answer.words());
        let refused = world.chat(who).presses("help.do", answer.button("help.do")).await;
        assert!(
            refused.says("not on your firm's list") || refused.says("not set up here yet"),
            "{}",
            refused.words()
        );
    }
}

fn house_rule(title: &str, line: &str) -> String {
    json!({ "title": title, "answer": "At the bar.", "act": { "title": "Do it", "line": line },
        "source": "House rules", "as_of": "2026-11-29" })
    .to_string()
}

#[test]
fn an_operator_adds_a_topic_and_replaces_one() {
    let own = [("coffee", "Where is the coffee?"), ("undo", "Undo, as we do it")];
    let own = own.map(|(name, title)| (format!("{name}.json"), house_rule(title, "gaps")));
    let topics = Topics::with(&own).unwrap();
    assert_eq!(topics.all().len(), Topics::shipped().all().len() + 1);
    assert!(matches!(topics.find("where do I find coffee"), Found::Sure(topic) if topic.name == "coffee"));
    assert_eq!(topics.topic("undo").unwrap().title, "Undo, as we do it");
}

#[test]
fn the_program_does_not_start_with_a_broken_topic_and_names_file_and_field() {
    let folder = tempfile::tempdir().unwrap();
    let starts = |file: &str, content: String| {
        fs::write(folder.path().join(file), content).unwrap();
        let run = Command::new(env!("CARGO_BIN_EXE_tenantry"))
            .arg("demo")
            .env_clear()
            .env("DATA_DIR", folder.path().join("data"))
            .env("HELP_DIR", folder.path())
            .output();
        let run = run.unwrap();
        assert!(!run.status.success());
        String::from_utf8(run.stderr).unwrap()
    };
    let said = starts("coffee.json", house_rule("Where is the coffee?", "brew <tenant>"));
    assert!(said.contains("coffee.json: act.line: give a whole command"), "{said}");
    let said = starts("tea.json", house_rule("", "gaps"));
    assert!(said.contains("tea.json: title: give a text"), "{said}");
}
