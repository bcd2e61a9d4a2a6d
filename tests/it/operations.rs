//! What an operator sees of a running `tenantry serve`: the metrics, and one trace from an activity to its messages.

use reqwest::header::HeaderMap;
use serde_json::{Value, json};

use crate::support::firms::{ANN, BOB};
use crate::support::program::{Place, Program};
use crate::support::teams::Fault;
use crate::support::tokens::client;

const NOTE: &str = "note contoso: Kick-off held, waiting for the DNS change of the customer";

async fn says(place: &Place, program: &Program, id: &str, text: &str) {
    let activity = place.activity(ANN, id, json!({ "text": text }));
    assert_eq!(program.post(&place.token(), &activity, HeaderMap::new()).await, 200);
}

/// The value of a line of the metrics, written as it is there up to the last blank.
#[track_caller]
fn value(text: &str, line: &str) -> f64 {
    let found = text.lines().find_map(|there| there.strip_prefix(line)?.strip_prefix(' '));
    found.unwrap_or_else(|| panic!("no {line} in:\n{text}")).parse().unwrap()
}

/// The values of all labels, besides the bounds of histograms.
fn labels(text: &str) -> Vec<String> {
    let pair = regex::Regex::new(r#"(\w+)="([^"]*)""#).unwrap();
    let samples = text.lines().filter(|line| !line.starts_with('#'));
    let pairs = samples.flat_map(|line| pair.captures_iter(line).collect::<Vec<_>>());
    pairs.filter(|pair| &pair[1] != "le").map(|pair| pair[2].to_owned()).collect()
}

#[tokio::test]
async fn sr_l7_the_metrics_count_what_happened_on_a_listener_of_their_own() {
    let place = Place::new().await;
    place.teams.fail("a:chat", [Fault::Busy(429, "0".to_owned())]);
    let program = place.serve().await;
    says(&place, &program, "1", NOTE).await;
    program.until("message sent").await;
    says(&place, &program, "2", "tenants").await;
    let press = json!({ "action": { "type": "Action.Execute", "verb": "tenant.list", "data": { "list": "active", "page": 1 } }, "trigger": "manual" });
    let pressed = json!({ "type": "invoke", "name": "adaptiveCard/action", "value": press });
    assert_eq!(program.post(&place.token(), &place.activity(ANN, "3", pressed), HeaderMap::new()).await, 200);
    assert_eq!(program.post("a.b.c", &json!({}), HeaderMap::new()).await, 401);

    let text = program.scrape().await;
    for (line, expected) in [
        (r#"tenantry_activities_total{kind="message",outcome="answered"}"#, 2.0),
        (r#"tenantry_activities_total{kind="invoke",outcome="answered"}"#, 1.0),
        (r#"tenantry_answer_seconds_bucket{le="10.0",kind="invoke"}"#, 1.0),
        (r#"tenantry_answer_seconds_count{kind="invoke"}"#, 1.0),
        (r#"tenantry_refusals_total{reason="A2 shape"}"#, 1.0),
        (r#"tenantry_turns_total{outcome="answered"}"#, 3.0),
        (r#"tenantry_turn_seconds_count{verb="note.write"}"#, 1.0),
        (r#"tenantry_turn_seconds_count{verb="tenant.list"}"#, 2.0),
        (r#"tenantry_connector_calls_total{call="reply",status="429"}"#, 1.0),
        (r#"tenantry_throttled_total{by="channel"}"#, 1.0),
        (r#"tenantry_messages_total{outcome="sent"}"#, 1.0),
        (r#"tenantry_outbox_messages{state="waiting"}"#, 0.0),
        (r#"tenantry_outbox_messages{state="dead"}"#, 0.0),
        ("tenantry_outbox_oldest_seconds", 0.0),
        ("tenantry_database_up", 1.0),
        (r#"tenantry_database_connections{pool="app",state="most"}"#, 10.0),
        (r#"tenantry_firms{state="all"}"#, 2.0),
        (r#"tenantry_firms{state="never_imported"}"#, 2.0),
        (concat!(r#"tenantry_build_info{version=""#, env!("CARGO_PKG_VERSION"), r#""}"#), 1.0),
    ] {
        #[expect(clippy::float_cmp, reason = "counts are whole")]
        let same = value(&text, line) == expected;
        assert!(same, "{line} is not {expected} in:\n{text}");
    }
    let public = client().get(format!("http://{}/metrics", program.address)).send().await.unwrap();
    assert_eq!(public.status(), 404, "what Teams reaches says nothing of this");
}

#[tokio::test]
async fn sr_166_no_label_holds_a_name_or_an_id() {
    let place = Place::new().await;
    let program = place.serve().await;
    says(&place, &program, "1", NOTE).await;
    says(&place, &program, "2", "tenant contoso exo").await;
    says(&place, &program, "3", "Zebra quagga okapi").await;
    let odd = json!({ "type": "Ann Okafor", "name": "contoso" });
    program.post(&place.token(), &place.activity(ANN, "4", odd), HeaderMap::new()).await;
    let press = json!({ "action": { "type": "Action.Execute", "verb": "contoso.eat", "data": {} }, "trigger": "manual" });
    let pressed = json!({ "type": "invoke", "name": "adaptiveCard/action", "value": press });
    program.post(&place.token(), &place.activity(BOB, "5", pressed), HeaderMap::new()).await;
    program.until("message sent").await;

    let text = program.scrape().await;
    let labels = labels(&text);
    assert!(labels.len() > 20, "{text}");
    let word = regex::Regex::new(r"^[A-Za-z0-9_.: ]{1,40}$").unwrap();
    for label in labels {
        let said =
            ["ann", "okafor", "bob", "canary", "contoso", "zebra", "aaaaaaaa", "bbbbbbbb", "29:", "a:chat"];
        assert!(!said.iter().any(|word| label.to_lowercase().contains(word)), "a label is {label}");
        assert!(word.is_match(&label) && uuid::Uuid::parse_str(&label).is_err(), "a label is {label}");
    }
}

#[tokio::test]
async fn a_turn_and_the_sending_of_its_message_have_one_trace_in_the_log_and_in_the_outbox() {
    let place = Place::new().await;
    let program = place.serve().await;
    let given = "4bf92f3577b34da6a3ce929d0e0e4736";
    let headers = HeaderMap::from_iter([(
        "traceparent".parse().unwrap(),
        format!("00-{given}-00f067aa0ba902b7-01").parse().unwrap(),
    )]);
    let activity = place.activity(ANN, "1", json!({ "text": NOTE }));
    assert_eq!(program.post(&place.token(), &activity, headers).await, 200);
    for message in ["activity", "message sent"] {
        let line =
            program.until_line(|line| line["message"] == message && line["span"]["trace_id"] == given).await;
        assert_eq!(line["level"], "INFO");
    }
    says(&place, &program, "2", "note contoso: The customer's DNS is changed, pilots begin next week").await;
    let own = |line: &Value| line["message"] == "message sent" && line["span"]["trace_id"] != given;
    let sent = program.until_line(own).await["span"]["trace_id"].clone();
    assert!(
        program.log().iter().any(|line| line["message"] == "activity" && line["span"]["trace_id"] == sent)
    );

    let owner = place.database.owner();
    let rows: Vec<String> =
        sqlx::query_scalar("select replace(trace_id::text, '-', '') from outbox order by place")
            .fetch_all(&owner)
            .await
            .unwrap();
    assert_eq!(rows, [given, sent.as_str().unwrap()]);

    place.database.run("update outbox set sent_at = null, dead_at = now(), reason = '403 x'").await;
    let listed = place.run(&["outbox", "list"], &[]).await;
    assert!(listed.text.contains(&format!("trace {given}")), "{}", listed.text);
    assert!(listed.text.contains("2 dead letters, 0 messages wait"), "{}", listed.text);
    let letter: uuid::Uuid =
        sqlx::query_scalar("select id from outbox order by place").fetch_one(&owner).await.unwrap();
    let again = place.run(&["outbox", "retry", &letter.to_string()], &[]).await;
    assert_eq!(again.code, 0, "{}", again.text);
    let sent_again = |line: &&Value| line["message"] == "message sent" && line["span"]["trace_id"] == given;
    while program.log().iter().filter(sent_again).count() < 2 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_ne!(place.run(&["outbox", "retry", &letter.to_string()], &[]).await.code, 0, "once");
}
