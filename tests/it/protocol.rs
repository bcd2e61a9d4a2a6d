//! Recorded-like activities in, every answer out.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use proptest::prelude::*;
use serde_json::{Value, json};
use tenantry::protocol::activity::{Activity, Installation, Kind, NoCaller};
use tenantry::protocol::answer::{Answer, Choice, DialogSize, SearchRow};
use tenantry::protocol::body::BodyError;
use tenantry::protocol::invoke::{Invoke, MalformedInvoke, Trigger};

/// The activities of `tests/it/activities`, by file name, in order.
pub fn recorded() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/activities");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let name = |path: &Path| path.file_stem().unwrap().to_string_lossy().into_owned();
    files.iter().map(|path| (name(path), fs::read(path).unwrap())).collect()
}

fn named(name: &str) -> Value {
    let (_, body) = recorded().into_iter().find(|(file, _)| file == name).unwrap();
    serde_json::from_slice(&body).unwrap()
}

fn read(value: &Value) -> Activity {
    Activity::parse(value.to_string().into_bytes()).unwrap()
}

/// `name` with the member at `pointer`'s place set to `value`.
fn with(name: &str, parent: &str, key: &str, value: Value) -> Value {
    let mut activity = named(name);
    let parent = activity.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    parent.insert(key.to_owned(), value);
    activity
}

#[test]
fn recorded_activities_are_understood() {
    let mut seen = String::new();
    for (name, body) in recorded() {
        let activity = Activity::parse(body).unwrap();
        let said = activity.spoken_text();
        let mentions: Vec<_> = activity.mentions().map(|mention| mention.id.as_str()).collect();
        writeln!(
            seen,
            "{name}: {:?} {:?} caller={} zone={:?} said={said:?} mentions={mentions:?} event={:?} install={:?}",
            activity.kind,
            activity.conversation.kind,
            activity.caller().is_ok(),
            activity.local_timezone,
            activity.channel_data.event_type,
            activity.installation,
        )
        .unwrap();
        match (activity.kind, activity.submitted()) {
            (Kind::Invoke, _) => writeln!(seen, "  {:?}", Invoke::of(&activity)).unwrap(),
            (_, Ok(Some(value))) => writeln!(seen, "  submits {value}").unwrap(),
            _ => {}
        }
    }
    insta::assert_snapshot!(seen);
}

#[test]
fn what_is_not_known_survives() {
    for (name, body) in recorded() {
        let before: Value = serde_json::from_slice(&body).unwrap();
        let after: Value = serde_json::from_str(Activity::parse(body).unwrap().json()).unwrap();
        assert_eq!(after, before, "{name}");
    }
    let mut strange = named("message.personal");
    strange["type"] = json!("somethingNew");
    strange["entities"] =
        json!([5, null, { "type": "mention" }, { "type": "clientInfo", "timezone": "Asia/Tokyo" }]);
    strange["channelData"] = json!(["not", "an", "object"]);
    strange["membersAdded"] = json!("nobody");
    strange["conversation"]["conversationType"] = json!("hologram");
    strange["localTimezone"] = Value::Null;
    let activity = read(&strange);
    assert_eq!(activity.kind, Kind::Other);
    assert_eq!(activity.installation, Installation::Unknown);
    assert_eq!(activity.local_timezone.as_deref(), Some("Asia/Tokyo"));
    assert!(!activity.is_personal(), "a kind of conversation we do not know is not private");
    assert_eq!(serde_json::from_str::<Value>(activity.json()).unwrap(), strange);
}

#[test]
fn sr_a08_an_envelope_of_another_shape_is_refused() {
    let refused = |value: &Value| Activity::parse(value.to_string().into_bytes()).unwrap_err();
    for (parent, key, value) in [
        ("", "text", json!(5)),
        ("", "serviceUrl", json!({})),
        ("", "from", json!(["29:x", "Ann", "9c2f7d11-0a43-4e0e-8a06-7b5f3c9d2e44"])),
        ("", "conversation", json!("a:1")),
        ("/conversation", "tenantId", json!(7)),
        ("/from", "aadObjectId", json!(true)),
    ] {
        assert_eq!(refused(&with("message.personal", parent, key, value)), BodyError::Malformed, "{key}");
    }
    for (parent, key, value) in [
        ("", "type", json!("")),
        ("", "type", Value::Null),
        ("", "conversation", Value::Null),
        ("/conversation", "id", json!("")),
        ("", "id", json!("1\u{0}")),
    ] {
        assert_eq!(refused(&with("message.personal", parent, key, value)), BodyError::Incomplete, "{key}");
    }
    let twice = br#"{"type":"message","conversation":{"id":"a","id":"b"}}"#.to_vec();
    assert_eq!(Activity::parse(twice).unwrap_err(), BodyError::Malformed);
}

#[test]
fn sr_p1_the_caller_is_a_directory_and_a_user_that_agree() {
    let caller = |value: Value| read(&value).caller();
    let known = caller(named("message.personal")).unwrap();
    assert_eq!(known.directory.to_string(), "4f1b0a8e-6f0c-4d3c-9a54-1f9e2d7c1a10");
    assert_eq!(known.person.to_string(), "9c2f7d11-0a43-4e0e-8a06-7b5f3c9d2e44");
    assert_eq!(caller(named("message.channel")), Ok(known), "a channel's conversation names no directory");
    let shouting = "4F1B0A8E-6F0C-4D3C-9A54-1F9E2D7C1A10";
    assert_eq!(caller(with("message.personal", "/conversation", "tenantId", json!(shouting))), Ok(known));
    for other in ["00000000-0000-4000-8000-000000000000", "", "contoso.com"] {
        let other = with("message.personal", "/conversation", "tenantId", json!(other));
        assert_eq!(caller(other), Err(NoCaller::Disagree));
    }
    for (parent, key, value) in [
        ("/from", "aadObjectId", Value::Null),
        ("/from", "aadObjectId", json!("29:1bSn")),
        ("/from", "aadObjectId", json!("{9c2f7d11-0a43-4e0e-8a06-7b5f3c9d2e44}")),
        ("/from", "aadObjectId", json!("9c2f7d110a434e0e8a067b5f3c9d2e44")),
        ("/channelData", "tenant", Value::Null),
        ("/channelData", "tenant", json!("4f1b0a8e-6f0c-4d3c-9a54-1f9e2d7c1a10")),
        ("/channelData/tenant", "id", json!("")),
        ("/channelData/tenant", "id", json!(["4f1b0a8e-6f0c-4d3c-9a54-1f9e2d7c1a10"])),
    ] {
        assert_eq!(caller(with("message.personal", parent, key, value)), Err(NoCaller::Absent), "{key}");
    }
}

#[test]
fn the_bots_own_mention_is_taken_out_and_others_are_read_by_their_name() {
    let said = |text: &str| read(&with("message.channel", "", "text", json!(text))).spoken_text();
    assert_eq!(said("<at>Tenantry</at> show <at>Bjarni</at>"), "show @Bjarni");
    assert_eq!(said("show <at>Tenantry</at>\u{a0}<at>Tenantry</at>"), "show <at>Tenantry</at>");
    assert_eq!(said("<at>Nobody</at> hi"), "<at>Nobody</at> hi", "no entity, no mention");
    assert_eq!(said("  "), "");

    let mention = |text: &str, mentioned: Value| {
        let entity = json!({ "type": "mention", "text": text, "mentioned": mentioned });
        let mut activity = with("message.personal", "", "entities", json!([entity]));
        activity["text"] = json!(format!("assign {text}&nbsp;P-FE contoso"));
        read(&activity).spoken_text()
    };
    let full = mention("<at>Jiří</at>", json!({ "id": "29:1", "name": " Jiří  Novák" }));
    assert_eq!(full, "assign @Jiří\u{a0}Novák P-FE contoso", "a name of several words stays one");
    assert_eq!(
        mention("<at>Jiří&nbsp;Novák</at>", json!({ "id": "29:1" })),
        full,
        "without a name: as written"
    );
}

#[test]
fn malformed_invokes_are_told_from_unknown_ones() {
    let of = |name: &str, value: Value| {
        let mut activity = named("invoke.card_action");
        activity["name"] = json!(name);
        activity["value"] = value;
        Invoke::of(&read(&activity))
    };
    for (name, value) in [
        ("adaptiveCard/action", Value::Null),
        ("adaptiveCard/action", json!({ "action": { "data": {} } })),
        ("adaptiveCard/action", json!({ "action": { "verb": "" } })),
        ("adaptiveCard/action", json!({ "action": { "verb": "help", "data": [1] } })),
        ("adaptiveCard/action", json!([{ "verb": "help" }])),
        ("task/fetch", json!("not json")),
        ("task/submit", json!({ "data": 5 })),
        ("composeExtension/query", json!({ "parameters": [] })),
        ("application/search", json!({ "queryText": 5 })),
    ] {
        let malformed = MalformedInvoke { name: name.to_owned() };
        assert_eq!(of(name, value), Err(malformed), "{name}");
    }
    assert_eq!(of("task/other", Value::Null), Ok(Invoke::Unknown("task/other".to_owned())));
    let trigger = |trigger: Value| {
        let value = json!({ "action": { "verb": "v", "data": "{\"a\":1}" }, "trigger": trigger });
        let Ok(Invoke::CardAction(action)) = of("adaptiveCard/action", json!(value.to_string())) else {
            panic!()
        };
        assert_eq!(action.data["a"], 1);
        action.trigger
    };
    assert_eq!(trigger(Value::Null), Trigger::Manual);
    assert_eq!(trigger(json!("manual")), Trigger::Manual);
    assert_eq!(trigger(json!("automatic")), Trigger::Automatic);
    assert_eq!(trigger(json!("dream")), Trigger::Automatic, "what we do not know changes nothing");
}

#[test]
fn every_answer_has_the_shape_of_its_row() {
    let card = || json!({ "type": "AdaptiveCard", "version": "1.5", "body": [] });
    let row = SearchRow { card: card().into(), title: "Contoso".to_owned(), text: String::new() };
    let choice = Choice { title: "Ann".to_owned(), value: "u1".to_owned() };
    let malformed = |name: &str| Answer::malformed(&MalformedInvoke { name: name.to_owned() });
    let answers = [
        ("accepted", Answer::accepted()),
        ("card", Answer::card(card())),
        ("message", Answer::message("Saved")),
        ("empty message", Answer::message(" ")),
        ("bad request", Answer::bad_request("No")),
        ("internal error", Answer::internal_error("Sorry")),
        ("dialog", Answer::dialog("Edit", DialogSize::Medium, card())),
        ("dialog message", Answer::dialog_message("Done")),
        ("results", Answer::results([row])),
        ("results message", Answer::results_message("None")),
        ("choices", Answer::choices(vec![choice])),
        ("not implemented", Answer::not_implemented()),
        ("malformed action", malformed("adaptiveCard/action")),
        ("malformed other", malformed("task/fetch")),
        ("failed", Answer::failed()),
        ("busy", Answer::busy(2)),
        ("stored", Answer::stored(200, Some(json!({ "a": 1 })))),
    ];
    let mut seen = String::new();
    for (name, answer) in answers {
        let body = answer.body().map(|body| String::from_utf8(body.unwrap()).unwrap()).unwrap_or_default();
        assert!(!body.contains("null"), "{name}");
        writeln!(seen, "{name}: {} {:?} {body}", answer.status(), answer.retry_after()).unwrap();
    }
    insta::assert_snapshot!(seen);
}

proptest! {
    #[test]
    fn sr_x4_no_body_makes_the_reader_fail_otherwise_than_politely(body in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = Activity::parse(body);
    }

    /// Cuts a good body, puts a byte elsewhere: read or refused, never a panic, and what is read is JSON.
    #[test]
    fn sr_x4_damaged_bodies_are_read_or_refused(which in 0_usize..21, cut in 0_usize..2000, at in 0_usize..2000, byte: u8) {
        let (_, mut body) = recorded().swap_remove(which);
        if let Some(place) = body.get_mut(at) { *place = byte; }
        body.truncate(body.len().max(1).min(cut.max(1)));
        if let Ok(activity) = Activity::parse(body) {
            prop_assert!(serde_json::from_str::<Value>(activity.json()).is_ok());
            let _ = (Invoke::of(&activity), activity.spoken_text(), activity.submitted());
        }
    }
}
