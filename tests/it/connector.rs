//! The bot's way to Teams: whom its token goes to, what it says, how it reads refusals (N1, N2, R4, G2).

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use secrecy::SecretString;
use serde_json::json;
use tenantry::connector::addressee::Addressee;
use tenantry::connector::client::Connector;
use tenantry::connector::credential::{Credential, Settings, TokenError};
use tenantry::connector::error::Verdict;
use tenantry::connector::https;
use tenantry::connector::service_url::ServiceOrigins;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::support::clock::TestClock;
use crate::support::firms::noon;
use crate::support::teams::{Fault, SECRET, Teams};

const CHANNEL: &str = "19:a/b@thread.tacv2;messageid=1700000000000";

fn clock() -> TestClock {
    TestClock::at(noon())
}

#[tokio::test]
async fn every_operation_is_the_call_that_the_protocol_names() {
    let teams = Teams::start().await;
    let (connector, at) = (teams.connector(Arc::new(clock())), teams.at());
    let activity = json!({"type": "message", "text": "x", "a": {"b": null, "c": [null, {"d": null}]}});
    assert_eq!(connector.send(&at, CHANNEL, &activity).await.unwrap().id.as_deref(), Some("2"));
    connector.reply(&at, CHANNEL, "17/1", &activity).await.unwrap();
    assert_eq!(connector.update(&at, CHANNEL, "18", &activity).await.unwrap().id.as_deref(), Some("18"));
    connector.delete(&at, CHANNEL, "18").await.unwrap();
    let created = connector.create_conversation(&at, &json!({"isGroup": false})).await.unwrap();
    assert_eq!((created.id.as_str(), created.activity_id.as_deref()), ("a:new", Some("6")));
    let one = connector.member(&at, CHANNEL, "29:1").await.unwrap();
    assert_eq!((one.object_id.as_deref(), one.directory_id.as_deref()), (Some("o1"), Some("t1")));
    let first = connector.members(&at, CHANNEL, 100, None).await.unwrap();
    let second = connector.members(&at, CHANNEL, 100, first.continuation_token.as_deref()).await.unwrap();
    assert_eq!(second.members[0].object_id.as_deref(), Some("o2"));
    assert_eq!(second.continuation_token, None);
    assert_eq!(format!("{:?}", first.members), r#"[Member { id: "29:1", .. }]"#);

    let calls = teams.calls();
    let lines: Vec<String> = calls.iter().map(|call| format!("{} {}", call.method, call.path)).collect();
    let conversation = "/emea/v3/conversations/19:a%2Fb@thread.tacv2;messageid=1700000000000";
    assert_eq!(
        lines,
        [
            format!("POST {conversation}/activities"),
            format!("POST {conversation}/activities/17%2F1"),
            format!("PUT {conversation}/activities/18"),
            format!("DELETE {conversation}/activities/18"),
            "POST /emea/v3/conversations".to_owned(),
            format!("GET {conversation}/members/29:1"),
            format!("GET {conversation}/pagedmembers?pageSize=100"),
            format!("GET {conversation}/pagedmembers?pageSize=100&continuationToken=a+b%26c"),
        ]
    );
    assert!(calls.iter().all(|call| call.authorization.as_deref() == Some("Bearer token-1")));
    // Nulls are not said, but a place in a list stays a place.
    assert_eq!(calls[0].body, json!({"type": "message", "text": "x", "a": {"c": [null, {}]}}));
    assert!(connector.send(&at, "..", &activity).await.is_err());
    assert_eq!(teams.calls().len(), 8);
}

#[test]
fn an_activity_says_whom_it_is_from_and_to() {
    let directory = Uuid::from_u128(7);
    let to = Addressee {
        conversation: "a:1",
        directory,
        bot: "28:b",
        user: Some("29:u"),
        object: Some(Uuid::nil()),
    };
    let said = to.address(
        json!({"type": "message", "from": {"id": "forged"}, "channelData": {"tenant": {"id": "forged"}, "x": 1}}),
        Some("17"),
    );
    assert_eq!(
        said,
        json!({
            "type": "message", "from": {"id": "28:b"}, "replyToId": "17",
            "conversation": {"id": "a:1", "tenantId": directory},
            "recipient": {"id": "29:u", "aadObjectId": Uuid::nil()},
            "channelData": {"tenant": {"id": directory}, "x": 1},
        })
    );
}

#[tokio::test]
async fn sr_n2_a_redirect_is_not_followed_and_the_token_stays_here() {
    let (teams, elsewhere) = (Teams::start().await, Teams::start().await);
    let connector = teams.connector(Arc::new(clock()));
    for to in [format!("{}v3/conversations/a:1/activities", elsewhere.service_url()), "/token".to_owned()] {
        teams.fail("a:1", [Fault::Redirect(to)]);
        let error = connector.send(&teams.at(), "a:1", &json!({})).await.unwrap_err();
        assert_eq!((error.verdict, error.code.as_str()), (Verdict::Refused, "302"));
    }
    assert!(elsewhere.calls().is_empty());
    assert_eq!(teams.token_calls().len(), 1);
    assert!(elsewhere.origins().check(&teams.service_url()).is_err());
}

#[tokio::test]
async fn sr_n2_without_a_credential_nothing_leaves_this_machine() {
    let teams = Teams::start().await;
    let http = https::client(Duration::from_secs(1)).unwrap();
    let connector = Connector::new(http.clone(), Credential::none(), Arc::new(clock()));
    let _ = connector.send(&teams.at(), "a:1", &json!({})).await;
    assert_eq!(teams.calls()[0].authorization, None);
    // Reserved by RFC 6761: were it asked for, the error would be one of connecting.
    let origins = ServiceOrigins::parse(["https://teams.invalid"]).unwrap();
    let error = connector
        .send(&origins.check("https://teams.invalid/").unwrap(), "a:1", &json!({}))
        .await
        .unwrap_err();
    assert_eq!((error.verdict, error.code.as_str()), (Verdict::Refused, "no token for this address"));

    let settings = Settings {
        token_url: "http://login.example/token".parse().unwrap(),
        client_id: "b".to_owned(),
        client_secret: SecretString::from(SECRET),
        scope: "s".to_owned(),
    };
    let insecure = Credential::new(settings, http, Arc::new(clock()));
    assert_eq!(insecure.unwrap_err(), TokenError::Insecure);
}

#[tokio::test]
async fn sr_n2_a_large_or_late_answer_is_not_waited_for() {
    let teams = Teams::start().await;
    let connector = teams.connector(Arc::new(clock()));
    teams.fail("a:1", [Fault::Large(2 << 20), Fault::Late(Duration::from_secs(5)), Fault::Reset]);
    // Taken is taken, whatever else was said.
    assert_eq!(connector.send(&teams.at(), "a:1", &json!({})).await.unwrap().id, None);
    for code in ["timeout", "reset"] {
        let error = connector.send(&teams.at(), "a:1", &json!({})).await.unwrap_err();
        assert_eq!((error.code.as_str(), error.may_have_arrived), (code, true));
        assert_eq!(error.verdict, Verdict::Retry { after: None });
    }
    teams.fail("a:1", [Fault::Reset, Fault::Large(2 << 20)]);
    let error = connector.update(&teams.at(), "a:1", "1", &json!({})).await.unwrap_err();
    assert!(!error.may_have_arrived, "an update may be repeated");
    assert!(connector.member(&teams.at(), "a:1", "29:1").await.is_err());
}

#[tokio::test]
async fn sr_r4_nobody_at_home_is_no_repeat() {
    let teams = Teams::start().await;
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let origins = ServiceOrigins::parse([format!("http://{gone}").as_str()]).unwrap();
    let at = origins.check(&format!("http://{gone}/")).unwrap();
    let error = teams.connector(Arc::new(clock())).send(&at, "a:1", &json!({})).await.unwrap_err();
    assert_eq!((error.code.as_str(), error.may_have_arrived), ("connect", false));
    assert_eq!(error.verdict, Verdict::Retry { after: None });
}

#[tokio::test]
async fn sr_r4_a_refused_token_is_renewed_once() {
    let (teams, clock) = (Teams::start().await, clock());
    let connector = teams.connector(Arc::new(clock.clone()));
    connector.send(&teams.at(), "a:1", &json!({})).await.unwrap();
    teams.revoke();
    clock.pass(TimeDelta::minutes(1));
    // Many at once notice it; one of them fetches.
    let mut sends = JoinSet::new();
    for conversation in 0..20 {
        let (connector, at) = (connector.clone(), teams.at());
        sends.spawn(async move { connector.send(&at, &conversation.to_string(), &json!({})).await });
    }
    assert!(sends.join_all().await.iter().all(Result::is_ok));
    assert_eq!(teams.token_calls().len(), 2);

    // Refused for good: one more token, then an end, and no storm on the token service.
    clock.pass(TimeDelta::minutes(1));
    teams.fail("a:1", vec![Fault::Status(401, "BotNotRegistered"); 4]);
    for tokens in [3, 3] {
        let error = connector.send(&teams.at(), "a:1", &json!({})).await.unwrap_err();
        assert_eq!((error.verdict, error.code.as_str()), (Verdict::Refused, "401 BotNotRegistered"));
        assert_eq!(teams.token_calls().len(), tokens);
    }
}

#[tokio::test]
async fn a_token_is_kept_until_shortly_before_its_end() {
    let (teams, clock) = (Teams::start().await, clock());
    let credential = teams.credential(Arc::new(clock.clone()));
    for (minutes, fetched) in [(0, 1), (54, 1), (2, 2), (10, 2)] {
        clock.pass(TimeDelta::minutes(minutes));
        credential.token().await.unwrap();
        assert_eq!(teams.token_calls().len(), fetched, "{minutes}");
    }
    let asked = teams.token_calls()[0].body.as_str().unwrap().to_owned();
    for part in ["grant_type=client_credentials", "client_id=the-bot", "client_secret=a+secret+of+the+bot"] {
        assert!(asked.contains(part), "{asked}");
    }
    assert!(asked.contains("scope=https%3A%2F%2Fapi.botframework.com%2F.default"));
    assert_eq!(teams.token_calls()[0].authorization, None);

    // Near its end a token still serves while the next one cannot be had.
    clock.pass(TimeDelta::minutes(46));
    teams.fail_tokens(Some(500));
    assert!(credential.token().await.is_ok());
    clock.pass(TimeDelta::minutes(5));
    assert!(credential.token().await.is_err());
}

#[tokio::test]
async fn waiters_share_one_fetch_and_its_failure() {
    let (teams, clock) = (Teams::start().await, clock());
    let credential = Arc::new(teams.credential(Arc::new(clock.clone())));
    let all_at_once = || async {
        let mut waiters = JoinSet::new();
        for _ in 0..50 {
            let credential = Arc::clone(&credential);
            waiters.spawn(async move { credential.token().await.map(drop) });
        }
        waiters.join_all().await
    };
    teams.tokens_are(Duration::from_millis(50), 3600);
    teams.fail_tokens(Some(401));
    let refused = TokenError::Refused("AADSTS7000215".to_owned());
    assert_eq!(all_at_once().await, vec![Err(refused.clone()); 50]);
    assert_eq!(teams.token_calls().len(), 1);
    teams.fail_tokens(None);
    clock.pass(TimeDelta::seconds(29));
    assert_eq!(all_at_once().await, vec![Err(refused); 50]);
    clock.pass(TimeDelta::seconds(2));
    assert_eq!(all_at_once().await, vec![Ok(()); 50]);
    assert_eq!(teams.token_calls().len(), 2);
}

#[tokio::test]
async fn sr_g5_no_secret_is_ever_printed() {
    let teams = Teams::start().await;
    let credential = teams.credential(Arc::new(clock()));
    let token = credential.token().await.unwrap().unwrap();
    let connector = teams.connector(Arc::new(clock()));
    let printed = format!("{credential:?} {token:?} {connector:?}");
    assert!(!printed.contains("token-1") && !printed.contains(SECRET), "{printed}");
    teams.fail_tokens(Some(400));
    let error = teams.credential(Arc::new(clock())).token().await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains("the-bot"), "the description stays unsaid");
}
