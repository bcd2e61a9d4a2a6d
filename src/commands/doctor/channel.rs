//! Microsoft's side: the keys that Teams signs with, our own token, the clock, and the way to the Connector.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use tenantry::config::Bot;
use tenantry::connector::credential::{Credential, TokenError};
use tenantry::connector::https;
use tenantry::connector::key_cache::{FetchError, KeyCache};
use tenantry::connector::probe::{Silence, knock};
use tenantry::domain::time::{Clock, SystemClock};

use super::finding::{Finding, fail, ok, warn};
use crate::commands::serve::credential_settings;

/// How long each place may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Clocks may differ by this much before tokens come near their limits (A7 forgives 5 minutes).
const SKEW: TimeDelta = TimeDelta::minutes(2);

/// Asks each place that `serve` will need.
///
/// # Errors
/// The TLS library cannot be set up.
pub async fn look(bot: &Bot) -> anyhow::Result<Vec<Finding>> {
    let http = https::client(PATIENCE)?;
    let keys = KeyCache::new(&bot.openid_metadata_url, bot.cloud.issuer, http.clone());
    let (keys, token, login) = tokio::join!(
        keys_of(keys.as_ref(), &bot.channels),
        token(bot, Credential::new(credential_settings(bot)?, http.clone(), Arc::new(SystemClock))),
        knock(&http, &bot.token_url)
    );
    let mut findings = vec![keys, token, clock(login)];
    for origin in &bot.service_origins {
        findings.push(connector(origin, knock(&http, origin).await.err()));
    }
    Ok(findings)
}

async fn keys_of(cache: Option<&KeyCache>, channels: &[String]) -> Finding {
    let fetched = match cache {
        Some(cache) => cache.fetch().await,
        None => Err(FetchError::Transport),
    };
    let keys = match fetched {
        Ok(keys) => keys,
        Err(error) => return fail("keys", no_keys(&error)),
    };
    match channels.iter().find(|channel| !keys.endorses(channel)) {
        None => {
            ok("keys", format!("{} signing keys, some of them for {}.", keys.count(), channels.join(" and ")))
        }
        Some(channel) => fail(
            "keys",
            format!(
                "None of the signing keys is for {channel}: set CLOUD to the cloud that the bot is registered in, \
                 and CHANNELS to what is set up there."
            ),
        ),
    }
}

fn no_keys(error: &FetchError) -> &'static str {
    match error {
        FetchError::Transport => {
            "The signing keys are not there: let this machine reach the host of OPENID_METADATA_URL on port 443."
        }
        FetchError::Issuer => {
            "The signing keys are another cloud's: set CLOUD to that of the bot, and leave OPENID_METADATA_URL out."
        }
        FetchError::Status | FetchError::TooLarge | FetchError::Place | FetchError::NoKeys => {
            "The address of the signing keys does not hold any: leave OPENID_METADATA_URL out, and let no proxy answer in its place."
        }
    }
}

async fn token(bot: &Bot, credential: Result<Credential, TokenError>) -> Finding {
    let asked = match credential {
        Ok(credential) => credential.token().await.map(drop),
        Err(error) => Err(error),
    };
    match asked {
        Ok(()) => ok("token", "The bot gets its own token."),
        Err(error) => fail("token", no_token(bot, &error)),
    }
}

fn no_token(bot: &Bot, error: &TokenError) -> String {
    let TokenError::Refused(code) = error else {
        return match error {
            TokenError::Insecure => "TOKEN_URL is not https: leave it out.".to_owned(),
            _ => "The login host does not answer as it should: let this machine reach the host of TOKEN_URL on port 443."
                .to_owned(),
        };
    };
    let advice = match code.as_str() {
        "AADSTS7000215" => "CLIENT_SECRET is wrong: take the value of a client secret, not its ID.",
        "AADSTS7000222" => "CLIENT_SECRET has expired: make a new one in the app registration.",
        "AADSTS700016" => {
            "CLIENT_ID is not in this directory: compare CLIENT_ID and TENANT_ID with the registration."
        }
        "AADSTS90002" => {
            "TENANT_ID is no directory of this cloud: compare it with the registration, and CLOUD."
        }
        "AADSTS7000229" => "The registration has no enterprise application in this directory: create it.",
        _ => "Compare CLIENT_ID, TENANT_ID, CLIENT_SECRET and CLOUD with the registration.",
    };
    format!("{advice} The login of {} says {code}.", bot.client_id)
}

fn clock(login: Result<tenantry::connector::probe::Answered, Silence>) -> Finding {
    let Ok(Some(theirs)) = login.map(|answered| answered.date) else {
        return warn("clock", "Not compared: the login host says no time.");
    };
    let ahead = SystemClock.now() - theirs;
    let seconds = ahead.num_seconds().abs();
    if ahead.abs() <= SKEW {
        return ok("clock", format!("Within {} s of the login host's.", SKEW.num_seconds()));
    }
    let which = if ahead > TimeDelta::zero() { "ahead of" } else { "behind" };
    fail(
        "clock",
        format!(
            "This machine's is {seconds} s {which} the login host's: let NTP set it, or tokens are refused."
        ),
    )
}

fn connector(origin: &str, silence: Option<Silence>) -> Finding {
    match silence {
        None => ok("connector", format!("{origin} answers.")),
        Some(Silence::Unreachable) => {
            fail("connector", format!("{origin} does not answer: let this machine reach it on port 443."))
        }
        Some(Silence::Untrusted) => fail(
            "connector",
            format!(
                "{origin} shows a certificate that is not trusted: install ca-certificates, and let no proxy open TLS."
            ),
        ),
    }
}
