//! A channel of our own: keys, tokens, and a server that publishes the keys.
#![expect(clippy::disallowed_methods, reason = "the tasks of a test end with it")]

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header::LOCATION};
use axum::response::IntoResponse as _;
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use tenantry::connector::service_url::ServiceOrigins;
use tenantry::connector::trust::{Rules, Trust};

pub const APP_ID: &str = "6a3a3c9e-0d4b-4e57-9a43-b1f2c5d8e901";
pub const ISSUER: &str = "https://api.botframework.com";
pub const SERVICE_URL: &str = "https://smba.trafficmanager.net/emea/";
pub const KEY_ID: &str = "current";

/// The channel's key. Made once: making one takes a while.
pub static SIGNER: LazyLock<Signer> = LazyLock::new(Signer::new);

/// One private key.
pub struct Signer(KeyPair);

impl Signer {
    pub fn new() -> Self {
        Self(KeyPair::generate(KeySize::Rsa2048).unwrap())
    }

    /// Signs `header` and `claims` as they are, with RS256 whatever the header says.
    pub fn sign(&self, header: &str, claims: &str) -> String {
        let signed = format!("{}.{}", encode(header), encode(claims));
        let mut signature = vec![0; self.0.public_modulus_len()];
        self.0.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature).unwrap();
        format!("{signed}.{}", encode(signature))
    }

    /// A good token for `service_url`, valid for an hour from `now`.
    pub fn token(&self, service_url: &str, now: DateTime<Utc>) -> String {
        self.sign(&header().to_string(), &claims(service_url, now).to_string())
    }

    /// The public key as a key document's entry, which may speak for Teams.
    pub fn jwk(&self, name: &str) -> Value {
        let n = self.0.public_key().modulus().big_endian_without_leading_zero().to_vec();
        let e = self.0.public_key().exponent().big_endian_without_leading_zero().to_vec();
        json!({
            "kty": "RSA", "use": "sig", "kid": name, "x5t": name,
            "n": encode(n), "e": encode(e), "endorsements": ["msteams", "skype", "m365extensions"],
        })
    }
}

pub fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub fn header() -> Value {
    json!({ "alg": "RS256", "typ": "JWT", "kid": KEY_ID, "x5t": KEY_ID })
}

pub fn claims(service_url: &str, now: DateTime<Utc>) -> Value {
    let now = now.timestamp();
    json!({ "serviceurl": service_url, "nbf": now, "exp": now + 3600, "iss": ISSUER, "aud": APP_ID })
}

/// A server that publishes keys as the channel does, and can be told to fail.
pub struct Authority {
    pub address: SocketAddr,
    pub script: Arc<Mutex<Script>>,
    pub fetches: Arc<AtomicU32>,
}

/// What the authority says next.
#[derive(Clone)]
pub struct Script {
    pub status: u16,
    pub metadata: Value,
    pub keys: Value,
    pub delay: Duration,
    /// Bytes of blanks before the keys.
    pub padding: usize,
    /// Answer the metadata with a redirection to where it is as well.
    pub redirect: bool,
}

impl Authority {
    /// Publishes `keys`.
    pub async fn start(keys: Vec<Value>) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let metadata = json!({ "issuer": ISSUER, "jwks_uri": format!("http://{address}/keys") });
        let keys = json!({ "keys": keys });
        let script =
            Script { status: 200, metadata, keys, delay: Duration::ZERO, padding: 0, redirect: false };
        let (script, fetches) = (Arc::new(Mutex::new(script)), Arc::new(AtomicU32::new(0)));
        let told = |State(script): State<Arc<Mutex<Script>>>| async move {
            let script = script.lock().unwrap().clone();
            tokio::time::sleep(script.delay).await;
            script
        };
        let counted = Arc::clone(&fetches);
        let metadata = move |script: State<_>| async move {
            counted.fetch_add(1, SeqCst);
            let script = told(script).await;
            if script.redirect {
                return (StatusCode::FOUND, [(LOCATION, "/again")]).into_response();
            }
            (StatusCode::from_u16(script.status).unwrap(), script.metadata.to_string()).into_response()
        };
        let keys = move |script: State<_>| async move {
            let script = told(script).await;
            format!("{}{}", " ".repeat(script.padding), script.keys)
        };
        let again = |State(script): State<Arc<Mutex<Script>>>| async move {
            script.lock().unwrap().metadata.to_string()
        };
        let router = Router::new()
            .route("/metadata", get(metadata))
            .route("/again", get(again))
            .route("/keys", get(keys))
            .with_state(Arc::clone(&script));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, script, fetches }
    }

    pub fn metadata_url(&self) -> String {
        format!("http://{}/metadata", self.address)
    }

    /// Says something else from now on.
    pub fn tell(&self, change: impl FnOnce(&mut Script)) {
        change(&mut self.script.lock().unwrap());
    }

    /// How often anybody asked.
    pub fn fetches(&self) -> u32 {
        self.fetches.load(SeqCst)
    }

    /// Trust in this authority.
    pub fn trust(&self) -> Trust {
        Trust::new(rules(), &self.metadata_url(), client()).unwrap()
    }
}

pub fn rules() -> Rules {
    Rules {
        issuer: ISSUER.to_owned(),
        app_id: APP_ID.to_owned(),
        channels: vec!["msteams".to_owned()],
        origins: ServiceOrigins::parse(["https://smba.trafficmanager.net"]).unwrap(),
    }
}

pub fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}
