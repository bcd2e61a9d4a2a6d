//! The keys that the channel signs with, read from its key document (A4). No I/O.

use std::collections::HashMap;
use std::sync::Arc;

use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::Value;

/// Keys that a document may hold; the rest is left out.
const MOST: usize = 64;
/// Bytes of the shortest modulus (2048 bit, A4).
const SHORTEST: usize = 256;

/// Usable keys by their names.
#[derive(Debug, Default)]
pub struct KeySet(HashMap<String, Arc<Key>>);

/// One public key, parsed once, and the channels that it may speak for (A9).
#[derive(Debug)]
pub struct Key {
    public: ParsedPublicKey,
    endorsements: Vec<String>,
}

#[derive(Deserialize)]
struct Document {
    keys: Vec<Value>,
}

#[derive(Deserialize)]
struct Entry {
    kid: String,
    kty: String,
    n: String,
    e: String,
    r#use: Option<String>,
    alg: Option<String>,
    #[serde(default)]
    endorsements: Vec<String>,
}

impl KeySet {
    /// Reads a key document. Entries that are not RSA keys for signing with at least 2048 bit are skipped (A4);
    /// of two entries with one name the first counts.
    ///
    /// None: no document, or not one usable key in it.
    pub fn read(document: &[u8]) -> Option<Self> {
        let document: Document = serde_json::from_slice(document).ok()?;
        let mut keys = HashMap::new();
        for (name, key) in document.keys.into_iter().filter_map(Key::read).take(MOST) {
            keys.entry(name).or_insert_with(|| Arc::new(key));
        }
        (!keys.is_empty()).then_some(Self(keys))
    }

    /// The key called `name`.
    pub fn get(&self, name: &str) -> Option<&Arc<Key>> {
        self.0.get(name)
    }

    /// Whether any of them may speak for `channel` (A9).
    pub fn endorses(&self, channel: &str) -> bool {
        self.0.values().any(|key| key.endorses(channel))
    }

    /// How many keys there are, 1 to 64.
    pub fn count(&self) -> usize {
        self.0.len()
    }
}

impl Key {
    fn read(entry: Value) -> Option<(String, Self)> {
        let entry: Entry = serde_json::from_value(entry).ok()?;
        let signs = entry.r#use.is_none_or(|r#use| r#use == "sig");
        let fits = entry.alg.is_none_or(|alg| alg == "RS256");
        if entry.kty != "RSA" || !signs || !fits {
            return None;
        }
        let (n, e) = (number(&entry.n)?, number(&entry.e)?);
        let long = n.len() > SHORTEST || (n.len() == SHORTEST && n.first().is_some_and(|high| *high >= 0x80));
        let parts = long.then_some(RsaPublicKeyComponents { n, e })?;
        let public = parts.to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256).ok()?;
        Some((entry.kid, Self { public, endorsements: entry.endorsements }))
    }

    /// Whether `signature` is this key's over `signed` (A5, RS256).
    pub fn signed(&self, signed: &[u8], signature: &[u8]) -> bool {
        self.public.verify_sig(signed, signature).is_ok()
    }

    /// Whether this key may speak for `channel` (A9). Without a list it speaks for none.
    pub fn endorses(&self, channel: &str) -> bool {
        self.endorsements.iter().any(|endorsed| endorsed == channel)
    }
}

/// A number in base64url, big-endian, without leading zeros.
fn number(text: &str) -> Option<Vec<u8>> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    bytes.get(zeros..).map(<[u8]>::to_vec)
}
