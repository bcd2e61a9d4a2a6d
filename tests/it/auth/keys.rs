//! The channel's keys, from a server that can be told to fail (A4, A13).

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use tenantry::connector::keys::KeySet;
use tenantry::connector::refusal::Refusal;
use tenantry::connector::token::Token;
use tenantry::connector::trust::Trust;
use tokio::task::JoinSet;

use super::table::{now, with};
use crate::support::tokens::{Authority, KEY_ID, SERVICE_URL, SIGNER, Script, claims, client, header, rules};

/// What goes wrong at the authority.
type Spoil = fn(&mut Script);

/// Whether a token signed with the key `name` is taken at `time`.
async fn met(trust: &Trust, name: &str, time: DateTime<Utc>) -> Result<(), Refusal> {
    let text = SIGNER
        .sign(&with(header(), "kid", Some(json!(name))).to_string(), &claims(SERVICE_URL, time).to_string());
    trust.verify(&Token::parse(&text).unwrap(), time).await.map(drop)
}

#[tokio::test]
async fn sr_a13_a_first_failure_is_not_ready_and_no_crash() {
    let authority = Authority::start(vec![SIGNER.jwk(KEY_ID)]).await;
    authority.tell(|script| script.status = 500);
    let trust = authority.trust();
    trust.refresh_if_due(now()).await;
    assert!(!trust.is_ready(now()));
    assert_eq!(met(&trust, KEY_ID, now()).await, Err(Refusal::NoKeys));
    assert_eq!(authority.fetches(), 1, "the failure is not repeated at once");
    authority.tell(|script| script.status = 200);
    trust.refresh_if_due(now() + TimeDelta::seconds(9)).await;
    assert!(!trust.is_ready(now()), "5 s after the first failure, 10 s after the second");
    trust.refresh_if_due(now() + TimeDelta::seconds(10)).await;
    assert!(trust.is_ready(now()));
    assert_eq!(met(&trust, KEY_ID, now()).await, Ok(()));
}

#[tokio::test]
async fn sr_a04_an_unknown_key_is_asked_for_once_a_minute_by_all_together() {
    let authority = Authority::start(vec![SIGNER.jwk(KEY_ID)]).await;
    let trust = authority.trust();
    trust.refresh_if_due(now()).await;
    assert_eq!(met(&trust, "next", now() + TimeDelta::seconds(59)).await, Err(Refusal::UnknownKey));
    assert_eq!(authority.fetches(), 1);
    authority.tell(|script| {
        script.keys = json!({ "keys": [SIGNER.jwk("next")] });
        script.delay = Duration::from_millis(100);
    });
    let later = now() + TimeDelta::seconds(60);
    let mut all = JoinSet::new();
    for _ in 0..20 {
        let trust = trust.clone();
        all.spawn(async move { met(&trust, "next", later).await });
    }
    tokio::time::sleep(Duration::from_millis(20)).await;
    let begun = Instant::now();
    assert_eq!(met(&trust, KEY_ID, later).await, Ok(()));
    assert!(begun.elapsed() < Duration::from_millis(70), "a known key waits for nobody");
    assert!(all.join_all().await.into_iter().all(|met| met == Ok(())));
    assert_eq!(authority.fetches(), 2);
    assert_eq!(met(&trust, KEY_ID, later).await, Err(Refusal::UnknownKey), "rolled over");
    assert_eq!(authority.fetches(), 2);
}

#[tokio::test]
async fn sr_a04_who_hangs_up_does_not_cut_the_fetch_short() {
    let authority = Authority::start(vec![SIGNER.jwk(KEY_ID)]).await;
    authority.tell(|script| script.delay = Duration::from_millis(50));
    let trust = authority.trust();
    let asked = tokio::time::timeout(Duration::from_millis(20), met(&trust, KEY_ID, now())).await;
    assert!(asked.is_err());
    tokio::time::sleep(Duration::from_millis(400)).await;
    assert_eq!((met(&trust, KEY_ID, now()).await, authority.fetches()), (Ok(()), 1));
}

#[tokio::test]
async fn sr_a13_keys_are_renewed_daily_and_kept_for_five_days() {
    let authority = Authority::start(vec![SIGNER.jwk(KEY_ID)]).await;
    let trust = authority.trust();
    trust.refresh_if_due(now()).await;
    trust.refresh_if_due(now() + TimeDelta::hours(23)).await;
    assert_eq!(authority.fetches(), 1);
    authority.tell(|script| script.status = 500);
    trust.refresh_if_due(now() + TimeDelta::hours(24)).await;
    assert_eq!(authority.fetches(), 2);
    let late = now() + TimeDelta::days(5);
    assert_eq!(met(&trust, KEY_ID, late - TimeDelta::seconds(1)).await, Ok(()));
    assert_eq!(met(&trust, KEY_ID, late).await, Err(Refusal::NoKeys));
    assert!(!trust.is_ready(late));
    authority.tell(|script| script.status = 200);
    assert_eq!(met(&trust, KEY_ID, late + TimeDelta::seconds(60)).await, Ok(()));
}

#[tokio::test]
async fn sr_a13_keys_come_only_from_where_they_should() {
    let spoilt: [(&str, Spoil); 9] = [
        ("redirection", |script| script.redirect = true),
        ("too large", |script| script.padding = 64 * 1024),
        ("another issuer", |script| script.metadata["issuer"] = json!("https://api.botframework.us")),
        ("no issuer", |script| script.metadata["issuer"] = Value::Null),
        ("another host", |script| script.metadata["jwks_uri"] = json!("https://evil.example/keys")),
        ("plain http elsewhere", |script| {
            script.metadata["jwks_uri"] = json!("http://evil.example/keys");
        }),
        ("a file", |script| script.metadata["jwks_uri"] = json!("file:///etc/passwd")),
        ("no keys", |script| script.keys = json!({ "keys": [] })),
        ("no document", |script| script.keys = json!("keys")),
    ];
    for (name, spoil) in spoilt {
        let authority = Authority::start(vec![SIGNER.jwk(KEY_ID)]).await;
        authority.tell(spoil);
        let trust = authority.trust();
        trust.refresh_if_due(now()).await;
        assert!(!trust.is_ready(now()), "{name}");
    }
    // Even with a client that follows where it is sent, which it should not.
    let authority = Authority::start(vec![SIGNER.jwk(KEY_ID)]).await;
    authority.tell(|script| script.redirect = true);
    let eager = reqwest::Client::builder().no_proxy().build().unwrap();
    let trust = Trust::new(rules(), &authority.metadata_url(), eager).unwrap();
    trust.refresh_if_due(now()).await;
    assert!(!trust.is_ready(now()));

    let trust = |metadata: &str| Trust::new(rules(), metadata, client());
    assert!(trust("http://login.botframework.com/metadata").is_err());
    assert!(trust("https://login.botframework.com/metadata").is_ok());
}

#[test]
fn sr_a13_at_most_64_keys() {
    let many: Vec<_> = (0..100).map(|i| SIGNER.jwk(&format!("k{i}"))).collect();
    assert_eq!(KeySet::read(json!({ "keys": many }).to_string().as_bytes()).unwrap().count(), 64);
}
