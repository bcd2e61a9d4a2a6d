//! The table of requests (A2 to A10).
//!
//! Every case but the good ones breaks exactly one rule and names the refusal that it must meet, so that a check
//! which is taken out lets its cases through, or lets them be stopped elsewhere, and either fails here. Which
//! cases stand guard over which check:
//!
//! | check | guarded by the cases |
//! | --- | --- |
//! | `token::bearer` | A2 authorization … |
//! | `Token::parse`, parts and base64url | A2 token … |
//! | `Token::parse`, object, `alg`, `crit`, `kid` | A3 …, A4 kid … |
//! | `KeySet::read`, each condition on an entry | A4 key … |
//! | `Key::signed` | A5 … |
//! | `Token::verify`, claims, `iss`, `aud` | A6 … |
//! | `in_time` | A7 … |
//! | `body::check`, `Activity::parse`, `Rules::vouch`, channel | A8 … |
//! | `Key::endorses` | A9 … |
//! | `Rules::vouch`, addresses | A10 … |

use serde_json::{Value, json};
use tenantry::connector::refusal::Refusal;
use tenantry::connector::token::LONGEST;
use tenantry::protocol::body::BodyError;

use super::table::{Case, Table, activity, good, now, with};
use crate::support::tokens::{APP_ID, KEY_ID, SERVICE_URL, SIGNER, Signer, claims, encode, header};

/// The whole table.
pub fn cases() -> Vec<Case> {
    let mut table = Table::default();
    headers(&mut table);
    tokens(&mut table);
    signatures(&mut table);
    parties(&mut table);
    times(&mut table);
    bodies(&mut table);
    addresses(&mut table);
    table.0
}

fn headers(table: &mut Table) {
    let good = good();
    let bearer = format!("Bearer {good}");
    let exactly = |length: usize| format!("Bearer {}", "a".repeat(length - "Bearer ".len()));
    table.authorization("good", &[bearer.as_bytes()], Ok(()));
    table.authorization("small letters", &[format!("bearer {good}").as_bytes()], Ok(()));
    table.authorization("capitals", &[format!("BEARER {good}").as_bytes()], Ok(()));
    table.authorization("absent", &[], Err(Refusal::NoAuthorization));
    table.authorization("twice", &[bearer.as_bytes(), bearer.as_bytes()], Err(Refusal::TwoAuthorizations));
    table.authorization("second is empty", &[bearer.as_bytes(), b""], Err(Refusal::TwoAuthorizations));
    table.authorization("too long", &[exactly(LONGEST + 1).as_bytes()], Err(Refusal::TooLong));
    table.authorization("as long as can be", &[exactly(LONGEST).as_bytes()], Err(Refusal::Shape));
    table.authorization("not text", &[b"Bearer \xff"], Err(Refusal::Scheme));
    table.authorization("no token", &[b"Bearer"], Err(Refusal::Scheme));
    for scheme in ["Basic", "Bearer:", "Token", "BearerX"] {
        let value = format!("{scheme} {good}");
        table.authorization(scheme, &[value.as_bytes()], Err(Refusal::Scheme));
    }
    table.authorization("token alone", &[good.as_bytes()], Err(Refusal::Scheme));
    table.authorization("tab", &[format!("Bearer\t{good}").as_bytes()], Err(Refusal::Scheme));
    table.authorization("two spaces", &[format!("Bearer  {good}").as_bytes()], Err(Refusal::Scheme));
    table.authorization("two tokens", &[format!("Bearer {good} {good}").as_bytes()], Err(Refusal::Scheme));
    table.authorization("list", &[format!("{bearer},{bearer}").as_bytes()], Err(Refusal::Scheme));
}

fn tokens(table: &mut Table) {
    let good = good();
    let (head, rest) = good.split_once('.').unwrap();
    let (body, signature) = rest.split_once('.').unwrap();
    for (name, token) in [
        ("two parts", format!("{head}.{body}")),
        ("four parts", format!("{good}.")),
        ("five parts", format!("{head}.a.{body}.b.{signature}")),
        ("one part", head.to_owned()),
        ("padding", format!("{good}==")),
        ("padded header", format!("{head}=.{rest}")),
        ("standard alphabet", format!("{head}.{body}.+/+/")),
        ("not base64", format!("{head}.{body}.*")),
        ("spare bits set", format!("{}{}", &good[..good.len() - 1], spare(&good))),
    ] {
        table.add(&format!("A2 token of {name}"), &token, &activity(), Err(Refusal::Shape));
    }
    let claims = claims(SERVICE_URL, now()).to_string();
    for (name, header) in [
        ("no JSON", "{".to_owned()),
        ("array", format!("[\"RS256\",\"{KEY_ID}\"]")),
        ("string", "\"RS256\"".to_owned()),
        ("empty", String::new()),
        ("two algorithms", format!("{{\"alg\":\"RS256\",\"alg\":\"RS256\",\"kid\":\"{KEY_ID}\"}}")),
        ("two keys", format!("{{\"alg\":\"RS256\",\"kid\":\"{KEY_ID}\",\"kid\":\"{KEY_ID}\"}}")),
        ("two documents", format!("{{\"alg\":\"RS256\",\"kid\":\"{KEY_ID}\"}}{{}}")),
        ("deep", format!("{{\"x\":{}", "[".repeat(4000))),
    ] {
        let token = SIGNER.sign(&header, &claims);
        table.add(&format!("A3 header {name}"), &token, &activity(), Err(Refusal::Header));
    }
    let algorithms =
        ["none", "None", "HS256", "RS384", "RS512", "PS256", "ES256", "EdDSA", "rs256", "RS256 ", ""];
    for algorithm in algorithms {
        let name = format!("A3 algorithm {algorithm:?}");
        table.header(&name, "alg", Some(json!(algorithm)), Err(Refusal::Algorithm));
    }
    for value in
        [None, Some(Value::Null), Some(json!(["RS256"])), Some(json!(5)), Some(json!({ "RS256": 1 }))]
    {
        table.header(&format!("A3 algorithm {value:?}"), "alg", value, Err(Refusal::Algorithm));
    }
    let unsigned = format!("{}.{}.", encode(r#"{"alg":"none"}"#), encode(&claims));
    table.add("A3 algorithm none, no signature", &unsigned, &activity(), Err(Refusal::Algorithm));
    for value in [json!(["exp"]), json!([]), Value::Null, json!("b64")] {
        table.header(&format!("A3 crit {value}"), "crit", Some(value), Err(Refusal::Critical));
    }
    for (member, value) in [
        ("jku", json!("https://evil.example/keys")),
        ("x5u", json!("https://evil.example/cert")),
        ("x5c", json!(["AA"])),
        ("jwk", Signer::new().jwk(KEY_ID)),
        ("typ", json!("at+jwt")),
    ] {
        table.header(&format!("A3 {member} is not looked at"), member, Some(value), Ok(()));
    }
    let stranger = Signer::new();
    let own = with(header(), "jwk", Some(stranger.jwk(KEY_ID)));
    let token = stranger.sign(&own.to_string(), &claims);
    table.add("A5 signed with the key that it brings", &token, &activity(), Err(Refusal::Signature));
}

/// The last character of `token` with the bits set that say nothing: another spelling of the same signature.
fn spare(token: &str) -> char {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let last = token.as_bytes()[token.len() - 1];
    char::from(ALPHABET[ALPHABET.iter().position(|letter| *letter == last).unwrap() | 1])
}

fn signatures(table: &mut Table) {
    for (name, value) in [
        ("absent", None),
        ("null", Some(Value::Null)),
        ("empty", Some(json!(""))),
        ("number", Some(json!(1))),
        ("array", Some(json!([KEY_ID]))),
    ] {
        table.header(&format!("A4 kid {name}"), "kid", value, Err(Refusal::NoKeyId));
    }
    for key in ["unheard of", "CURRENT", "current ", "../current"] {
        table.header(&format!("A4 kid {key:?}"), "kid", Some(json!(key)), Err(Refusal::UnknownKey));
    }
    for key in [
        "of another kind",
        "for encryption",
        "for RS512",
        "EC by name",
        "no type",
        "1024 bit",
        "2047 bit",
        "padded",
        "no modulus",
        "odd modulus",
        "no exponent",
        "odd endorsements",
    ] {
        table.header(&format!("A4 key {key}"), "kid", Some(json!(key)), Err(Refusal::UnknownKey));
    }
    for key in ["no use", "null use", "leading zeros"] {
        table.header(&format!("A4 key {key}"), "kid", Some(json!(key)), Ok(()));
    }
    table.header("A5 another key's name", "kid", Some(json!("stranger")), Err(Refusal::Signature));
    let good = good();
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let (head, body) = signed.split_once('.').unwrap();
    let other = with(claims(SERVICE_URL, now()), "aud", Some(json!(APP_ID.to_uppercase())));
    let flipped = format!("{}{}", if signature.starts_with('A') { 'B' } else { 'A' }, &signature[1..]);
    let stranger = Signer::new().token(SERVICE_URL, now());
    for (name, token) in [
        ("empty signature", format!("{signed}.")),
        ("one bit flipped", format!("{signed}.{flipped}")),
        ("short signature", format!("{signed}.{}", &signature[..signature.len() - 2])),
        ("long signature", format!("{signed}.AAAA{signature}")),
        ("other claims", format!("{head}.{}.{signature}", encode(other.to_string()))),
        ("other header", format!("{}.{body}.{signature}", encode(with(header(), "typ", None).to_string()))),
        (
            "same claims, other bytes",
            format!("{head}.{}.{signature}", encode(format!(" {}", claims(SERVICE_URL, now())))),
        ),
        ("stranger's key", stranger),
    ] {
        table.add(&format!("A5 {name}"), &token, &activity(), Err(Refusal::Signature));
    }
}

fn parties(table: &mut Table) {
    let good = claims(SERVICE_URL, now());
    for (name, claims) in [
        ("no JSON", "claims".to_owned()),
        (
            "array",
            json!([good["iss"], good["aud"], good["exp"], good["nbf"], good["serviceurl"]]).to_string(),
        ),
        ("two issuers", format!("{{\"iss\":\"x\",{}", &good.to_string()[1..])),
        ("two times", format!("{{\"exp\":1,{}", &good.to_string()[1..])),
        ("two documents", format!("{good}{good}")),
        ("empty", String::new()),
    ] {
        let token = SIGNER.sign(&header().to_string(), &claims);
        table.add(&format!("A6 claims {name}"), &token, &activity(), Err(Refusal::Claims));
    }
    let issuer = "https://api.botframework.com";
    for value in [
        None,
        Some(Value::Null),
        Some(json!("")),
        Some(json!([issuer])),
        Some(json!({ "iss": issuer })),
        Some(json!(1)),
        Some(json!("https://api.botframework.us")),
        Some(json!("https://api.botframework.com/")),
        Some(json!("https://API.botframework.com")),
        Some(json!("http://api.botframework.com")),
        Some(json!("https://api.botframework.com.evil.example")),
        Some(json!("https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/")),
    ] {
        table.claim(&format!("A6 issuer {value:?}"), "iss", value, Err(Refusal::Issuer));
    }
    table.claim("A6 audience in capitals", "aud", Some(json!(APP_ID.to_uppercase())), Ok(()));
    for value in [
        None,
        Some(Value::Null),
        Some(json!("")),
        Some(json!([APP_ID])),
        Some(json!([APP_ID, "x"])),
        Some(json!({ "aud": APP_ID })),
        Some(json!(1)),
        Some(json!("6a3a3c9e-0d4b-4e57-9a43-b1f2c5d8e902")),
        Some(json!(format!("{APP_ID} "))),
        Some(json!(format!("api://{APP_ID}"))),
        Some(json!(format!("api://botid-{APP_ID}"))),
        Some(json!("https://api.botframework.com")),
    ] {
        table.claim(&format!("A6 audience {value:?}"), "aud", value, Err(Refusal::Audience));
    }
}

fn times(table: &mut Table) {
    table.times("just expired, within the skew", -299, -3600, Ok(()));
    table.times("expired beyond the skew", -300, -3600, Err(Refusal::Expired));
    table.times("long expired", -86_400, -90_000, Err(Refusal::Expired));
    table.times("from now on, within the skew", 3600, 300, Ok(()));
    table.times("not yet, beyond the skew", 3600, 301, Err(Refusal::NotYetValid));
    table.times("ends before it begins", 100, 200, Err(Refusal::Times));
    table.times("begins and ends at once", 100, 100, Ok(()));
    table.claim("A7 no nbf", "nbf", None, Ok(()));
    let soon = now().timestamp() + 60;
    let wrong =
        [Value::Null, json!(soon.to_string()), json!(true), json!([soon]), json!({ "at": soon }), json!(-1)];
    for value in wrong {
        table.claim(&format!("A7 exp {value}"), "exp", Some(value.clone()), Err(Refusal::Times));
        table.claim(&format!("A7 nbf {value}"), "nbf", Some(value), Err(Refusal::Times));
    }
    table.claim("A7 no exp", "exp", None, Err(Refusal::Times));
    table.claim("A7 exp with a fraction", "exp", Some(json!(1_785_585_660.5)), Ok(()));
    table.claim("A7 exp beyond all time", "exp", Some(json!(1e300)), Err(Refusal::Times));
    table.claim("A7 exp as late as can be", "exp", Some(json!(u64::MAX)), Ok(()));
    table.claim("A7 exp at the beginning of time", "exp", Some(json!(0)), Err(Refusal::Times));
    table.claim("A7 exp in milliseconds passes, as a late time", "exp", Some(json!(soon * 1000)), Ok(()));
    table.claim("A7 nbf in milliseconds", "nbf", Some(json!(soon * 1000)), Err(Refusal::Times));
}

fn bodies(table: &mut Table) {
    let text = activity().to_string();
    let inner = &text[1..text.len() - 1];
    for (name, body, expected) in [
        ("empty", String::new(), BodyError::Malformed),
        ("array", format!("[{text}]"), BodyError::Malformed),
        ("string", json!(text).to_string(), BodyError::Malformed),
        ("null", "null".to_owned(), BodyError::Malformed),
        ("cut off", text[..text.len() - 1].to_owned(), BodyError::Malformed),
        ("two documents", format!("{text}{{}}"), BodyError::Malformed),
        ("byte order mark", format!("\u{feff}{text}"), BodyError::Malformed),
        ("comment", format!("{{/* */{inner}}}"), BodyError::Malformed),
        ("trailing comma", format!("{{{inner},}}"), BodyError::Malformed),
        ("control character", text.replace("help", "he\u{0}lp"), BodyError::Malformed),
        ("two addresses", format!("{{\"serviceUrl\":\"x\",{inner}}}"), BodyError::DuplicateKey),
        ("two unknown keys", format!("{{\"x\":1,\"x\":1,{inner}}}"), BodyError::DuplicateKey),
        ("hidden second key", format!("{{\"\\u0074ype\":\"invoke\",{inner}}}"), BodyError::DuplicateKey),
        ("lone surrogate", text.replace("help", "\\ud800"), BodyError::Surrogate),
        ("deep", format!("{{\"x\":{}1{},{inner}}}", "[".repeat(128), "]".repeat(128)), BodyError::TooDeep),
        ("long string", text.replace("help", &"a".repeat(65_537)), BodyError::StringTooLong),
    ] {
        table.body(name, body.as_bytes(), expected);
    }
    let latin: Vec<u8> = text.bytes().map(|byte| if byte == b'h' { 0xE9 } else { byte }).collect();
    table.body("in Latin-1", &latin, BodyError::Encoding);
    let members: Vec<_> = (0..2_001).map(|i| format!("\"k{i}\":0")).collect();
    let members = members.join(",");
    table.body(
        "many members",
        format!("{{\"x\":{{{members}}},{inner}}}").as_bytes(),
        BodyError::TooManyMembers,
    );
    table.member("A8 no type", "type", None, Err(Refusal::Body(BodyError::Incomplete)));
    table.member("A8 no conversation", "conversation", None, Err(Refusal::Body(BodyError::Incomplete)));
    table.member("A8 unknown type", "type", Some(json!("somethingNew")), Ok(()));
    table.member("A8 Copilot", "channelId", Some(json!("msteams:COPILOT")), Ok(()));
    for channel in [
        "",
        "MSTEAMS",
        "webchat",
        "emulator",
        "m365extensions",
        "msteams2",
        "m",
        ":msteams",
        "webchat:msteams",
        "msteams ",
    ] {
        table.member(
            &format!("A8 channel {channel:?}"),
            "channelId",
            Some(json!(channel)),
            Err(Refusal::Channel),
        );
    }
    table.member("A8 no channel", "channelId", None, Err(Refusal::Channel));
    table.member("A8 null channel", "channelId", Some(Value::Null), Err(Refusal::Channel));
    for key in ["no endorsements", "empty endorsements", "other endorsements"] {
        table.header(&format!("A9 key with {key}"), "kid", Some(json!(key)), Err(Refusal::Endorsement));
    }
}

fn addresses(table: &mut Table) {
    table.service_url("https://smba.trafficmanager.net/amer/4f1b0a8e-6f0c-4d3c-9a54-1f9e2d7c1a10/", Ok(()));
    for value in [None, Some(Value::Null), Some(json!("")), Some(json!([SERVICE_URL])), Some(json!(7))] {
        let name = format!("A10 claim {value:?}");
        table.claim(&name, "serviceurl", value, Err(Refusal::NoServiceUrl));
    }
    for value in [None, Some(Value::Null), Some(json!(""))] {
        let name = format!("A10 body {value:?}");
        table.member(&name, "serviceUrl", value, Err(Refusal::NoServiceUrl));
    }
    let elsewhere =
        with(with(claims(SERVICE_URL, now()), "serviceurl", None), "serviceUrl", Some(json!(SERVICE_URL)));
    let token = SIGNER.sign(&header().to_string(), &elsewhere.to_string());
    table.add("A10 claim spelt otherwise", &token, &activity(), Err(Refusal::NoServiceUrl));
    table.claim("A10 one slash less", "serviceurl", Some(json!(SERVICE_URL.trim_end_matches('/'))), Ok(()));
    for other in [
        "https://smba.trafficmanager.net/amer/",
        "https://smba.trafficmanager.net/EMEA/",
        "https://smba.trafficmanager.net/emea/x",
    ] {
        let name = format!("A10 claim {other}");
        table.claim(&name, "serviceurl", Some(json!(other)), Err(Refusal::TwoServiceUrls));
    }
    table.member(
        "A10 body says evil",
        "serviceUrl",
        Some(json!("https://evil.example/")),
        Err(Refusal::ServiceUrl),
    );
    table.claim(
        "A10 claim says evil",
        "serviceurl",
        Some(json!("https://evil.example/")),
        Err(Refusal::ServiceUrl),
    );
    for evil in [
        "https://evil.example/emea/",
        "https://evil.trafficmanager.net/emea/",
        "https://smba.trafficmanager.net.evil.example/",
        "https://smba.trafficmanager.net:8443/emea/",
        "http://smba.trafficmanager.net/emea/",
        "https://bot:x@smba.trafficmanager.net/emea/",
        "https://smba.trafficmanager.net/emea/?x=1",
        "https://127.0.0.1/",
        "http://localhost:3978/",
        "file:///etc/passwd",
        "smba.trafficmanager.net/emea/",
    ] {
        table.service_url(evil, Err(Refusal::ServiceUrl));
    }
}
