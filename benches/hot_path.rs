//! What every turn pays for.
#![expect(clippy::unwrap_used, reason = "a bench fails by panicking")]

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use divan::{Bencher, black_box};
use serde_json::{Value, json};
use tenantry::bot::route::Route;
use tenantry::cards::tenant::Summary;
use tenantry::cards::{Card, View, render};
use tenantry::connector::keys::KeySet;
use tenantry::connector::service_url::ServiceOrigins;
use tenantry::connector::token::{Token, bearer};
use tenantry::connector::trust::Rules;
use tenantry::domain::suggestion::Suggestion;
use tenantry::intents::{registry, smalltalk};
use tenantry::protocol::activity::Activity;
use tenantry::suggest::model::Model;
use tenantry::suggest::suggestion::Engine;
use tenantry::template::Template;

fn main() {
    divan::main();
}

/// A tenant with 5 services and 20 rows of entitlements: a card of 6 KB.
#[divan::bench]
fn expand_tenant_summary(bencher: Bencher<'_, '_>) {
    expand(
        bencher,
        include_str!("../tests/template/card-tenant-summary/template.json"),
        include_str!("../tests/template/card-tenant-summary/data.json"),
    );
}

/// A page of 25 tenants: a card of 14 KB.
#[divan::bench]
fn expand_tenant_list(bencher: Bencher<'_, '_>) {
    expand(
        bencher,
        include_str!("../tests/template/card-tenant-list/template.json"),
        include_str!("../tests/template/card-tenant-list/data.json"),
    );
}

/// The same card from its view: serialised, expanded, and checked to be JSON.
#[divan::bench]
fn render_tenant_summary(bencher: Bencher<'_, '_>) {
    let (_, view) = Summary::samples().into_iter().find(|(name, _)| *name == "typical").unwrap();
    bencher.bench(|| render(black_box(&view)).unwrap());
}

/// The help, which is the same for everybody.
#[divan::bench]
fn help() -> Card {
    smalltalk::help().unwrap()
}

/// Levels for a note of usual length.
#[divan::bench]
fn suggest(bencher: Bencher<'_, '_>) {
    let engine = Engine::shipped();
    let note = "Branch firewalls break every TLS session to Office 365 and get no more firmware; mailbox moves \
                cannot pass until the boxes are replaced in October.";
    bencher.bench(|| -> Suggestion { engine.suggest("exchange", black_box(note)) });
}

/// The model, read anew.
#[divan::bench]
fn read_model() -> Model {
    Model::read(include_bytes!("../data/suggest.model")).unwrap()
}

fn expand(bencher: Bencher<'_, '_>, template: &str, data: &str) {
    let template = Template::parse(template).unwrap();
    let data: Value = serde_json::from_str(data).unwrap();
    bencher.bench(|| {
        let mut text = String::with_capacity(16 * 1024);
        template.write(black_box(&data), &mut text).unwrap();
        text
    });
}

/// A token and what it vouches for, keys at hand: what every request pays before anybody reads its text (A2 to A10).
#[divan::bench]
fn verify(bencher: Bencher<'_, '_>) {
    let door = Door::new();
    bencher.bench(|| {
        let token = Token::parse(bearer([black_box(door.authorization.as_bytes())]).unwrap()).unwrap();
        let key = door.keys.get(token.key_id()).unwrap();
        let token = token.verify(key, door.rules.expected(), door.now).unwrap();
        door.rules.vouch(&token, &door.activity).unwrap()
    });
}

/// Reading the body of a card action of 1.2 KB (A8, L1).
#[divan::bench]
fn read_activity(bencher: Bencher<'_, '_>) {
    let body = ACTIVITY.as_bytes();
    bencher.with_inputs(|| body.to_vec()).bench_values(|body| Activity::parse(black_box(body)).unwrap());
}

/// From a read activity to the intent that it asks for.
#[divan::bench]
fn route(bencher: Bencher<'_, '_>) {
    let activity = Activity::parse(CARD_ACTION.as_bytes().to_vec()).unwrap();
    bencher.bench(|| match tenantry::bot::route::route(black_box(&activity)) {
        Route::Verb(_, verb, fields) => (registry::intent(&verb).unwrap().read)(&fields).unwrap(),
        other => panic!("{other:?}"),
    });
}

const CARD_ACTION: &str = r#"{
    "type": "invoke", "name": "adaptiveCard/action", "id": "f:1", "channelId": "msteams",
    "serviceUrl": "https://smba.trafficmanager.net/emea/", "from": { "id": "29:1" }, "recipient": { "id": "28:1" },
    "conversation": { "id": "a:1", "conversationType": "personal" },
    "value": { "action": { "type": "Action.Execute", "verb": "tenant.show",
        "data": { "tenant": "11111111-0000-4000-8000-000000000001" } }, "trigger": "manual" }
}"#;
const ACTIVITY: &str = include_str!("../tests/it/activities/invoke.card_action.json");

/// One good request, in its parts.
struct Door {
    authorization: String,
    activity: Activity,
    keys: KeySet,
    rules: Rules,
    now: DateTime<Utc>,
}

impl Door {
    fn new() -> Self {
        let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
        let activity = Activity::parse(ACTIVITY.as_bytes().to_vec()).unwrap();
        let (issuer, app_id) = ("https://api.botframework.com", "6a3a3c9e-0d4b-4e57-9a43-b1f2c5d8e901");
        let header = json!({ "alg": "RS256", "typ": "JWT", "kid": "current" });
        let claims = json!({
            "iss": issuer, "aud": app_id, "nbf": 1_785_585_600, "exp": 1_785_589_200,
            "serviceurl": activity.service_url,
        });
        let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let signed = [header, claims].map(|part| encode(part.to_string().as_bytes())).join(".");
        let mut signature = vec![0; pair.public_modulus_len()];
        pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature).unwrap();
        let n = encode(pair.public_key().modulus().big_endian_without_leading_zero());
        let e = encode(pair.public_key().exponent().big_endian_without_leading_zero());
        let key = json!({ "kty": "RSA", "kid": "current", "n": n, "e": e, "endorsements": ["msteams"] });
        Self {
            authorization: format!("Bearer {signed}.{}", encode(&signature)),
            activity,
            keys: KeySet::read(json!({ "keys": [key] }).to_string().as_bytes()).unwrap(),
            rules: Rules {
                issuer: issuer.to_owned(),
                app_id: app_id.to_owned(),
                channels: vec!["msteams".to_owned()],
                origins: ServiceOrigins::parse(["https://smba.trafficmanager.net"]).unwrap(),
            },
            now: DateTime::from_timestamp(1_785_585_700, 0).unwrap(),
        }
    }
}
