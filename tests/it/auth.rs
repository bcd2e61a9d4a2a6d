//! Who may speak to us (A1 to A14): a table of signed requests, each with the check that must stop it.
//!
//! The table is in `cases`, what its cases are made of in `table`, the life of keys in `keys`.

use std::sync::LazyLock;
use std::sync::atomic::Ordering::SeqCst;

use proptest::prelude::*;
use serde_json::json;
use tenantry::connector::keys::KeySet;
use tenantry::connector::refusal::Refusal;
use tenantry::connector::service_url::ServiceOrigins;
use tenantry::connector::token::{Token, bearer};
use tenantry::http::authenticate::NotLocal;
use tenantry::http::{Gate, Limits};
use tenantry::protocol::activity::Activity;

use crate::support::tokens::{Authority, SERVICE_URL, client, rules};
use crate::support::wire;

use self::cases::cases;
use self::table::{Case, activity, good, keys, now, with};

mod cases;
mod keys;
mod table;

/// The checks in their order, with keys and time at hand and nothing else.
fn judge(case: &Case, keys: &KeySet) -> Result<(), Refusal> {
    let rules = rules();
    let token = Token::parse(bearer(case.authorizations.iter().map(Vec::as_slice))?)?;
    let key = keys.get(token.key_id()).ok_or(Refusal::UnknownKey)?;
    let verified = token.verify(key, rules.expected(), now())?;
    let activity = Activity::parse(case.body.clone())?;
    rules.vouch(&verified, &activity).map(drop)
}

fn key_set() -> KeySet {
    KeySet::read(json!({ "keys": keys() }).to_string().as_bytes()).unwrap()
}

#[test]
fn sr_a02_to_a10_each_case_meets_its_check() {
    let (cases, keys) = (cases(), key_set());
    let signed =
        cases.iter().filter(|case| case.authorizations.iter().any(|value| value.len() > 500)).count();
    assert!(signed >= 120, "{signed} signed cases");
    let wrong: Vec<_> = cases
        .iter()
        .map(|case| (case, judge(case, &keys)))
        .filter(|(case, met)| *met != case.expected)
        .collect();
    let wrong: Vec<_> =
        wrong.iter().map(|(case, met)| format!("{}: {met:?}, not {:?}", case.name, case.expected)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn sr_a12_refusals_say_nothing_and_reach_nobody() {
    let authority = Authority::start(keys()).await;
    let (handler, reached) = wire::counting();
    let server = wire::start(Gate::Verified(authority.trust()), handler, Limits::default(), now()).await;
    let mut good = 0;
    for case in cases() {
        let headers: Vec<Vec<u8>> =
            case.authorizations.iter().map(|value| [b"authorization: ".as_slice(), value].concat()).collect();
        let headers: Vec<&[u8]> = headers.iter().map(Vec::as_slice).collect();
        let heard = wire::send(server.address, &wire::post(&headers, &case.body)).await;
        let expected = case.expected.map_or_else(Refusal::status, |()| 200);
        assert_eq!(heard.status, expected, "{}: {heard:?}", case.name);
        assert_eq!(heard.body, b"", "{}", case.name);
        assert!(heard.head.contains("x-content-type-options: nosniff"), "{}", heard.head);
        assert!(heard.head.contains("cache-control: no-store"), "{}", heard.head);
        assert!(!heard.head.contains("server:"), "{}", heard.head);
        good += u32::from(case.expected.is_ok());
        assert_eq!(reached.load(SeqCst), good, "{}", case.name);
    }
    assert_eq!(authority.fetches(), 1, "unknown keys within a minute of a fetch ask nobody");
}

#[tokio::test]
async fn sr_a01_only_one_place_takes_activities() {
    let authority = Authority::start(keys()).await;
    let (handler, reached) = wire::counting();
    let server = wire::start(Gate::Verified(authority.trust()), handler, Limits::default(), now()).await;
    let rest = format!(
        " HTTP/1.1\r\nhost: bot\r\nauthorization: Bearer {}\r\ncontent-length: {}\r\n\r\n{}",
        good(),
        activity().to_string().len(),
        activity()
    );
    for (line, status) in [
        ("POST /api/messages", 200),
        ("GET /api/messages", 405),
        ("PUT /api/messages", 405),
        ("OPTIONS /api/messages", 405),
        ("post /api/messages", 405),
        ("POST /api/messages/", 404),
        ("POST /api//messages", 404),
        ("POST /API/messages", 404),
        ("POST /api/./messages", 404),
        ("POST /api/%6dessages", 404),
        ("POST /", 404),
        ("POST /healthz", 405),
    ] {
        assert_eq!(
            wire::send(server.address, format!("{line}{rest}").as_bytes()).await.status,
            status,
            "{line}"
        );
    }
    assert_eq!(reached.load(SeqCst), 1);
    for (path, status) in [("/healthz", 200), ("/readyz", 200), ("/metrics", 404)] {
        let heard =
            wire::send(server.address, format!("GET {path} HTTP/1.1\r\nhost: bot\r\n\r\n").as_bytes()).await;
        assert_eq!((heard.status, heard.body.as_slice()), (status, b"".as_slice()), "{path}");
    }
}

#[tokio::test]
async fn sr_a11_the_demo_stays_on_this_machine() {
    let local = || ServiceOrigins::parse(["http://localhost:56150"]).unwrap();
    let public = ServiceOrigins::parse(["https://smba.trafficmanager.net"]).unwrap();
    assert_eq!(Gate::demo("0.0.0.0:3978".parse().unwrap(), local()).unwrap_err(), NotLocal);
    assert_eq!(Gate::demo("10.0.0.1:3978".parse().unwrap(), local()).unwrap_err(), NotLocal);
    assert_eq!(Gate::demo("127.0.0.1:3978".parse().unwrap(), public).unwrap_err(), NotLocal);

    let gate = || Gate::demo("127.0.0.1:0".parse().unwrap(), local()).unwrap();
    let (handler, reached) = wire::counting();
    let server = wire::start(gate(), handler.clone(), Limits::default(), now()).await;
    let said =
        |url: &str| wire::post(&[], with(activity(), "serviceUrl", Some(json!(url))).to_string().as_bytes());
    assert_eq!(wire::send(server.address, &said("http://localhost:56150/_connector")).await.status, 200);
    assert_eq!(wire::send(server.address, &said(SERVICE_URL)).await.status, 403);
    assert_eq!(wire::send(server.address, &said("http://localhost:1/_connector")).await.status, 403);
    assert_eq!(reached.load(SeqCst), 1);

    let everywhere = tokio::net::TcpListener::bind("0.0.0.0:0").await.unwrap();
    let ready = std::sync::Arc::new(|| Box::pin(async { true }) as _);
    let front =
        tenantry::http::Front::new(gate(), handler, ready, std::sync::Arc::new(now), Limits::default());
    let serving = tenantry::http::serve(everywhere, front, tokio_util::sync::CancellationToken::new());
    let refused = tokio::time::timeout(std::time::Duration::from_secs(1), serving).await;
    assert!(refused.expect("it does not serve").is_err());
}

#[test]
fn sr_a06_nobody_is_believed_by_default() {
    use tenantry::connector::trust::{Rules, Trust, TrustError};
    let metadata = "https://login.botframework.com/v1/.well-known/openidconfiguration";
    for rules in [
        Rules { app_id: String::new(), ..rules() },
        Rules { issuer: String::new(), ..rules() },
        Rules { channels: vec![], ..rules() },
        Rules { channels: vec![String::new()], ..rules() },
    ] {
        assert_eq!(Trust::new(rules, metadata, client()).unwrap_err(), TrustError::Empty);
    }
}

/// Made once, for the many cases of a property.
static KEYS: LazyLock<KeySet> = LazyLock::new(key_set);

proptest! {
    #[test]
    fn sr_x4_no_header_makes_the_parser_fail_otherwise_than_politely(value in proptest::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(text) = bearer([value.as_slice()]) {
            let _ = Token::parse(text);
        }
    }

    /// Whatever is done to one character of a good token, it is not good any more.
    #[test]
    fn sr_a05_no_changed_token_is_believed(at in 0_usize..700, with in "[A-Za-z0-9_.=-]") {
        let good = good();
        let at = at % good.len();
        let mut changed = good.clone();
        changed.replace_range(at..=at, &with);
        prop_assume!(changed != good);
        let case = Case {
            name: String::new(),
            authorizations: vec![format!("Bearer {changed}").into_bytes()],
            body: activity().to_string().into_bytes(),
            expected: Ok(()),
        };
        prop_assert!(judge(&case, &KEYS).is_err());
    }
}
