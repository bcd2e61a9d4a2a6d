//! How a case is made: a request in which everything is good but for one thing.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use tenantry::connector::refusal::Refusal;
use tenantry::protocol::body::BodyError;

use crate::support::tokens::{KEY_ID, SERVICE_URL, SIGNER, Signer, claims, encode, header};

/// One request and what becomes of it.
pub struct Case {
    pub name: String,
    pub authorizations: Vec<Vec<u8>>,
    pub body: Vec<u8>,
    pub expected: Result<(), Refusal>,
}

pub fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_785_585_600, 0).unwrap()
}

pub fn activity() -> Value {
    json!({
        "type": "message", "id": "1785585600000", "channelId": "msteams", "serviceUrl": SERVICE_URL,
        "text": "help", "from": { "id": "29:1" }, "recipient": { "id": "28:bot" }, "conversation": { "id": "a:1" },
    })
}

/// The channel's keys: good ones, and one for each way of not being good.
pub fn keys() -> Vec<Value> {
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
#[derive(Default)]
pub struct Table(pub Vec<Case>);

impl Table {
    pub fn add(&mut self, name: &str, token: &str, body: &Value, expected: Result<(), Refusal>) {
        self.raw(name, &[format!("Bearer {token}").as_bytes()], body.to_string().as_bytes(), expected);
    }

    pub fn raw(&mut self, name: &str, values: &[&[u8]], body: &[u8], expected: Result<(), Refusal>) {
        let authorizations = values.iter().map(|value| value.to_vec()).collect();
        self.0.push(Case { name: name.to_owned(), authorizations, body: body.to_vec(), expected });
    }

    /// A good request but for the `Authorization` headers.
    pub fn authorization(&mut self, name: &str, values: &[&[u8]], expected: Result<(), Refusal>) {
        self.raw(&format!("A2 authorization {name}"), values, activity().to_string().as_bytes(), expected);
    }

    /// A good request but for one member of the token's header; None takes it out.
    pub fn header(&mut self, name: &str, member: &str, value: Option<Value>, expected: Result<(), Refusal>) {
        let header = with(header(), member, value);
        let token = SIGNER.sign(&header.to_string(), &claims(SERVICE_URL, now()).to_string());
        self.add(name, &token, &activity(), expected);
    }

    /// A good request but for one claim; None takes it out.
    pub fn claim(&mut self, name: &str, member: &str, value: Option<Value>, expected: Result<(), Refusal>) {
        let claims = with(claims(SERVICE_URL, now()), member, value);
        self.add(name, &SIGNER.sign(&header().to_string(), &claims.to_string()), &activity(), expected);
    }

    /// A good request but for `exp` and `nbf`, in seconds from now.
    pub fn times(&mut self, name: &str, exp: i64, nbf: i64, expected: Result<(), Refusal>) {
        let mut claims = claims(SERVICE_URL, now());
        claims["exp"] = json!(now().timestamp() + exp);
        claims["nbf"] = json!(now().timestamp() + nbf);
        let token = SIGNER.sign(&header().to_string(), &claims.to_string());
        self.add(&format!("A7 {name}"), &token, &activity(), expected);
    }

    /// A good request but for one member of the body; None takes it out.
    pub fn member(&mut self, name: &str, member: &str, value: Option<Value>, expected: Result<(), Refusal>) {
        self.add(name, &good(), &with(activity(), member, value), expected);
    }

    /// A good token and these bytes.
    pub fn body(&mut self, name: &str, body: &[u8], expected: BodyError) {
        let value = format!("Bearer {}", good());
        self.raw(&format!("A8 body {name}"), &[value.as_bytes()], body, Err(Refusal::Body(expected)));
    }

    /// A good request but for the service address, the same in token and body.
    pub fn service_url(&mut self, url: &str, expected: Result<(), Refusal>) {
        let body = with(activity(), "serviceUrl", Some(json!(url)));
        self.add(&format!("A10 both say {url}"), &SIGNER.token(url, now()), &body, expected);
    }
}

pub fn with(mut object: Value, member: &str, value: Option<Value>) -> Value {
    let members = object.as_object_mut().unwrap();
    match value {
        Some(value) => drop(members.insert(member.to_owned(), value)),
        None => drop(members.remove(member)),
    }
    object
}

pub fn good() -> String {
    static GOOD: LazyLock<String> = LazyLock::new(|| SIGNER.token(SERVICE_URL, now()));
    GOOD.clone()
}
