//! Who may speak to us (A1 to A14): a table of signed requests, each with the check that must stop it.
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

use std::sync::LazyLock;
use std::sync::atomic::Ordering::SeqCst;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use serde_json::{Value, json};
use tenantry::connector::keys::KeySet;
use tenantry::connector::refusal::Refusal;
use tenantry::connector::service_url::ServiceOrigins;
use tenantry::connector::token::{LONGEST, Token, bearer};
use tenantry::http::authenticate::NotLocal;
use tenantry::http::{Gate, Limits};
use tenantry::protocol::activity::Activity;
use tenantry::protocol::body::BodyError;

use crate::support::tokens::{
    APP_ID, Authority, KEY_ID, SERVICE_URL, SIGNER, Signer, claims, encode, header, rules,
};
use crate::support::wire;

/// One request and what becomes of it.
struct Case {
    name: String,
    authorizations: Vec<Vec<u8>>,
    body: Vec<u8>,
    expected: Result<(), Refusal>,
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_785_585_600, 0).unwrap()
}

fn activity() -> Value {
    json!({
        "type": "message", "id": "1785585600000", "channelId": "msteams", "serviceUrl": SERVICE_URL,
        "text": "help", "from": { "id": "29:1" }, "recipient": { "id": "28:bot" }, "conversation": { "id": "a:1" },
    })
}

/// The channel's keys: good ones, and one for each way of not being good.
fn keys() -> Vec<Value> {
    let changed = |name: &str, change: &[(&str, Value)]| {
        let mut key = SIGNER.jwk(name);
        for (member, value) in change {
            key[*member] = value.clone();
        }
        key
    };
    let mut unlisted = SIGNER.jwk("no endorsements");
    unlisted.as_object_mut().unwrap().remove("endorsements");
    let mut plain = SIGNER.jwk("no use");
    plain.as_object_mut().unwrap().remove("use");
    let zeros = format!("AAAA{}", SIGNER.jwk("").get("n").unwrap().as_str().unwrap());
    vec![
        json!(5),
        json!({}),
        Value::Null,
        json!({ "kid": "of another kind", "kty": "EC", "crv": "P-256", "x": "AA", "y": "AA" }),
        SIGNER.jwk(KEY_ID),
        Signer::new().jwk(KEY_ID),
        Signer::new().jwk("stranger"),
        plain,
        unlisted,
        changed("null use", &[("use", Value::Null)]),
        changed("leading zeros", &[("n", json!(zeros))]),
        changed("empty endorsements", &[("endorsements", json!([]))]),
        changed("other endorsements", &[("endorsements", json!(["webchat", "msteams2", "MSTEAMS"]))]),
        changed("odd endorsements", &[("endorsements", json!("msteams"))]),
        changed("for encryption", &[("use", json!("enc"))]),
        changed("for RS512", &[("alg", json!("RS512"))]),
        changed("EC by name", &[("kty", json!("EC"))]),
        changed("no type", &[("kty", Value::Null)]),
        changed("1024 bit", &[("n", json!(encode([0xC1_u8; 128])))]),
        changed("2047 bit", &[("n", json!(encode([0x7F_u8; 256])))]),
        changed("padded", &[("n", json!(encode([[0_u8; 192], [0xC1; 192]].concat())))]),
        changed("no modulus", &[("n", Value::Null)]),
        changed("odd modulus", &[("n", json!("!"))]),
        changed("no exponent", &[("e", json!(""))]),
        changed("", &[]),
    ]
}

/// Collects cases.
struct Table(Vec<Case>);

impl Table {
    fn add(&mut self, name: &str, token: &str, body: &Value, expected: Result<(), Refusal>) {
        self.raw(name, &[format!("Bearer {token}").as_bytes()], body.to_string().as_bytes(), expected);
    }

    fn raw(&mut self, name: &str, values: &[&[u8]], body: &[u8], expected: Result<(), Refusal>) {
        let authorizations = values.iter().map(|value| value.to_vec()).collect();
        self.0.push(Case { name: name.to_owned(), authorizations, body: body.to_vec(), expected });
    }

    /// A good request but for the `Authorization` headers.
    fn authorization(&mut self, name: &str, values: &[&[u8]], expected: Result<(), Refusal>) {
        self.raw(&format!("A2 authorization {name}"), values, activity().to_string().as_bytes(), expected);
    }

    /// A good request but for one member of the token's header; None takes it out.
    fn header(&mut self, name: &str, member: &str, value: Option<Value>, expected: Result<(), Refusal>) {
        let header = with(header(), member, value);
        let token = SIGNER.sign(&header.to_string(), &claims(SERVICE_URL, now()).to_string());
        self.add(name, &token, &activity(), expected);
    }

    /// A good request but for one claim; None takes it out.
    fn claim(&mut self, name: &str, member: &str, value: Option<Value>, expected: Result<(), Refusal>) {
        let claims = with(claims(SERVICE_URL, now()), member, value);
        self.add(name, &SIGNER.sign(&header().to_string(), &claims.to_string()), &activity(), expected);
    }

    /// A good request but for `exp` and `nbf`, in seconds from now.
    fn times(&mut self, name: &str, exp: i64, nbf: i64, expected: Result<(), Refusal>) {
        let mut claims = claims(SERVICE_URL, now());
        claims["exp"] = json!(now().timestamp() + exp);
        claims["nbf"] = json!(now().timestamp() + nbf);
        let token = SIGNER.sign(&header().to_string(), &claims.to_string());
        self.add(&format!("A7 {name}"), &token, &activity(), expected);
    }

    /// A good request but for one member of the body; None takes it out.
    fn member(&mut self, name: &str, member: &str, value: Option<Value>, expected: Result<(), Refusal>) {
        self.add(name, &good(), &with(activity(), member, value), expected);
    }

    /// A good token and these bytes.
    fn body(&mut self, name: &str, body: &[u8], expected: BodyError) {
        let value = format!("Bearer {}", good());
        self.raw(&format!("A8 body {name}"), &[value.as_bytes()], body, Err(Refusal::Body(expected)));
    }

    /// A good request but for the service address, the same in token and body.
    fn service_url(&mut self, url: &str, expected: Result<(), Refusal>) {
        let body = with(activity(), "serviceUrl", Some(json!(url)));
        self.add(&format!("A10 both say {url}"), &SIGNER.token(url, now()), &body, expected);
    }
}

fn with(mut object: Value, member: &str, value: Option<Value>) -> Value {
    let members = object.as_object_mut().unwrap();
    match value {
        Some(value) => drop(members.insert(member.to_owned(), value)),
        None => drop(members.remove(member)),
    }
    object
}

fn good() -> String {
    static GOOD: LazyLock<String> = LazyLock::new(|| SIGNER.token(SERVICE_URL, now()));
    GOOD.clone()
}

fn cases() -> Vec<Case> {
    let mut table = Table(Vec::new());
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
    let members: String = (0..2_001).map(|i| format!("\"k{i}\":0,")).collect();
    table.body(
        "many members",
        format!("{{\"x\":{{{members}\"k\":0}},{inner}}}").as_bytes(),
        BodyError::TooManyMembers,
    );
    table.member("A8 no type", "type", None, Err(Refusal::Body(BodyError::Incomplete)));
    table.member("A8 no conversation", "conversation", None, Err(Refusal::Body(BodyError::Incomplete)));
    table.member("A8 unknown type", "type", Some(json!("somethingNew")), Ok(()));
    table.member("A8 Copilot", "channelId", Some(json!("msteams:COPILOT")), Ok(()));
    for channel in
        ["", "MSTEAMS", "webchat", "emulator", "msteams2", "m", ":msteams", "webchat:msteams", "msteams "]
    {
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
    assert!(
        tenantry::http::serve(everywhere, front, tokio_util::sync::CancellationToken::new()).await.is_err()
    );
}

mod keys_are_kept {
    use super::*;
    use std::time::{Duration, Instant};

    /// Whether a token signed with the key `name` is taken at `time`.
    async fn met(
        trust: &tenantry::connector::trust::Trust,
        name: &str,
        time: DateTime<Utc>,
    ) -> Result<(), Refusal> {
        let text = SIGNER.sign(
            &with(header(), "kid", Some(json!(name))).to_string(),
            &claims(SERVICE_URL, time).to_string(),
        );
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
        let all = (0..20).map(|_| {
            let trust = trust.clone();
            tokio::spawn(async move { met(&trust, "next", later).await })
        });
        let begun = Instant::now();
        let all: Vec<_> = all.collect();
        assert_eq!(met(&trust, KEY_ID, later).await, Ok(()));
        assert!(begun.elapsed() < Duration::from_millis(90), "a known key waits for nobody");
        for one in all {
            assert_eq!(one.await.unwrap(), Ok(()));
        }
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
        let spoilt: [(&str, fn(&mut crate::support::tokens::Script)); 9] = [
            ("redirection", |script| script.redirect = true),
            ("too large", |script| script.padding = 64 * 1024),
            ("another issuer", |script| script.metadata["issuer"] = json!("https://api.botframework.us")),
            ("no issuer", |script| script.metadata["issuer"] = Value::Null),
            ("another host", |script| script.metadata["jwks_uri"] = json!("https://evil.example/keys")),
            ("plain http elsewhere", |script| {
                script.metadata["jwks_uri"] = json!("http://evil.example/keys")
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
        let trust = |metadata: &str| {
            tenantry::connector::trust::Trust::new(rules(), metadata, crate::support::tokens::client())
        };
        assert!(trust("http://login.botframework.com/metadata").is_err());
        assert!(trust("https://login.botframework.com/metadata").is_ok());
    }

    #[test]
    fn sr_a13_at_most_64_keys() {
        let many: Vec<_> = (0..100).map(|i| SIGNER.jwk(&format!("k{i}"))).collect();
        assert_eq!(KeySet::read(json!({ "keys": many }).to_string().as_bytes()).unwrap().count(), 64);
    }
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
        assert_eq!(
            Trust::new(rules, metadata, crate::support::tokens::client()).unwrap_err(),
            TrustError::Empty
        );
    }
}

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
        static KEYS: LazyLock<KeySet> = LazyLock::new(key_set);
        prop_assert!(judge(&case, &KEYS).is_err());
    }
}
