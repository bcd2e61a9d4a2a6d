//! The channel's token: reading it and checking it (A2 to A7). Pure: keys and time are handed in.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::keys::Key;
use super::refusal::Refusal;

/// Bytes that an `Authorization` header may have (A2).
pub const LONGEST: usize = 16 * 1024;
/// Seconds by which two clocks may differ (A7).
pub const SKEW: u64 = 300;

/// A token whose header has been read (A2, A3). Nothing in it is believed yet.
#[derive(Debug)]
pub struct Token<'a> {
    signed: &'a str,
    claims: &'a str,
    signature: &'a str,
    key_id: String,
}

/// A token that the channel signed for us and that is valid now (A2 to A7).
///
/// It says nothing about the body: see `Rules::vouch`.
#[derive(Debug, Clone)]
pub struct VerifiedToken {
    pub(super) key: Arc<Key>,
    pub(super) service_url: Option<String>,
}

/// Whom a token must come from and whom it must be for (A6).
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// The channel's issuer, exactly.
    pub issuer: &'a str,
    /// Our app id; the case of its letters does not matter.
    pub app_id: &'a str,
}

#[derive(Deserialize)]
struct Header {
    #[serde(default)]
    alg: Value,
    #[serde(default)]
    kid: Value,
    #[serde(default, deserialize_with = "present")]
    crit: Option<Value>,
}

#[derive(Deserialize)]
struct Claims {
    #[serde(default)]
    iss: Value,
    #[serde(default)]
    aud: Value,
    #[serde(default)]
    exp: Value,
    #[serde(default, deserialize_with = "present")]
    nbf: Option<Value>,
    #[serde(default)]
    serviceurl: Value,
}

/// The token in the values of all `Authorization` headers of a request (A2).
///
/// # Errors
/// There is not exactly one, it is too long, or it is not `Bearer` with one token.
pub fn bearer<'a>(values: impl IntoIterator<Item = &'a [u8]>) -> Result<&'a str, Refusal> {
    let mut values = values.into_iter();
    let value = values.next().ok_or(Refusal::NoAuthorization)?;
    if values.next().is_some() {
        return Err(Refusal::TwoAuthorizations);
    }
    if value.len() > LONGEST {
        return Err(Refusal::TooLong);
    }
    let (scheme, token) =
        std::str::from_utf8(value).ok().and_then(|text| text.split_once(' ')).ok_or(Refusal::Scheme)?;
    if !scheme.eq_ignore_ascii_case("bearer") || token.contains(' ') {
        return Err(Refusal::Scheme);
    }
    Ok(token)
}

impl<'a> Token<'a> {
    /// Splits `text` and reads its header (A2, A3, A4).
    ///
    /// # Errors
    /// Not three parts; a header that is no object; another algorithm than RS256; `crit`; no key id. The header's
    /// `jku`, `jwk`, `x5u` and `x5c` are never looked at.
    pub fn parse(text: &'a str) -> Result<Self, Refusal> {
        let (signed, signature) = text.rsplit_once('.').ok_or(Refusal::Shape)?;
        let (header, claims) = signed.split_once('.').ok_or(Refusal::Shape)?;
        if claims.contains('.') {
            return Err(Refusal::Shape);
        }
        let header: Header = object(&decode(header)?).ok_or(Refusal::Header)?;
        if header.alg != "RS256" {
            return Err(Refusal::Algorithm);
        }
        if header.crit.is_some() {
            return Err(Refusal::Critical);
        }
        match header.kid {
            Value::String(key_id) if !key_id.is_empty() => Ok(Self { signed, claims, signature, key_id }),
            _ => Err(Refusal::NoKeyId),
        }
    }

    /// The name of the key that is said to have signed.
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// Checks the signature and the claims (A5, A6, A7).
    ///
    /// # Errors
    /// The first check that fails.
    pub fn verify(
        &self,
        key: &Arc<Key>,
        expected: Expected<'_>,
        now: DateTime<Utc>,
    ) -> Result<VerifiedToken, Refusal> {
        if !key.signed(self.signed.as_bytes(), &decode(self.signature)?) {
            return Err(Refusal::Signature);
        }
        let claims: Claims = object(&decode(self.claims)?).ok_or(Refusal::Claims)?;
        if claims.iss != expected.issuer {
            return Err(Refusal::Issuer);
        }
        if !claims.aud.as_str().is_some_and(|aud| aud.eq_ignore_ascii_case(expected.app_id)) {
            return Err(Refusal::Audience);
        }
        in_time(&claims, now)?;
        let service_url = match claims.serviceurl {
            Value::String(url) => Some(url),
            _ => None,
        };
        Ok(VerifiedToken { key: Arc::clone(key), service_url })
    }
}

/// A7. A time of a wrong type is refused, never taken as absent.
fn in_time(claims: &Claims, now: DateTime<Utc>) -> Result<(), Refusal> {
    let now = u64::try_from(now.timestamp()).map_err(|_| Refusal::Times)?;
    let exp = seconds(&claims.exp).ok_or(Refusal::Times)?;
    if let Some(nbf) = &claims.nbf {
        let nbf = seconds(nbf).filter(|nbf| *nbf <= exp).ok_or(Refusal::Times)?;
        if nbf > now.saturating_add(SKEW) {
            return Err(Refusal::NotYetValid);
        }
    }
    if exp.saturating_add(SKEW) <= now { Err(Refusal::Expired) } else { Ok(()) }
}

/// A point in time as a JSON number, which may have a fraction.
fn seconds(value: &Value) -> Option<u64> {
    let fraction = || Duration::try_from_secs_f64(value.as_f64()?).ok().map(|time| time.as_secs());
    value.as_u64().or_else(fraction)
}

fn decode(part: &str) -> Result<Vec<u8>, Refusal> {
    URL_SAFE_NO_PAD.decode(part).map_err(|_| Refusal::Shape)
}

/// An object read as a `T`; an array would be read as its fields in order.
fn object<'de, T: Deserialize<'de>>(json: &'de [u8]) -> Option<T> {
    let object = json.trim_ascii_start().starts_with(b"{");
    object.then(|| serde_json::from_slice(json).ok()).flatten()
}

/// Tells null from absent.
fn present<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(from).map(Some)
}
