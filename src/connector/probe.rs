//! Whether a place on the network answers: asked without a token and without following anything.

use std::error::Error;

use chrono::{DateTime, Utc};
use reqwest::header::DATE;
use reqwest::{Client, Url};

/// That a place answered, with whatever status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answered {
    /// The place's own time, to the second.
    pub date: Option<DateTime<Utc>>,
}

/// Why nothing was heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Silence {
    /// No connection, or no answer in time.
    #[error("does not answer")]
    Unreachable,
    /// Somebody answered whose certificate is not trusted.
    #[error("shows a certificate that is not trusted")]
    Untrusted,
}

/// Asks for the head of `url`.
///
/// # Errors
/// [`Silence`].
pub async fn knock(http: &Client, url: &str) -> Result<Answered, Silence> {
    let url = Url::parse(url).map_err(|_| Silence::Unreachable)?;
    let answer = http.head(url).send().await.map_err(|error| silence(&error))?;
    let date =
        answer.headers().get(DATE).and_then(|date| DateTime::parse_from_rfc2822(date.to_str().ok()?).ok());
    Ok(Answered { date: date.map(|date| date.with_timezone(&Utc)) })
}

fn silence(error: &reqwest::Error) -> Silence {
    let mut cause = error.source();
    while let Some(reason) = cause {
        if reason.to_string().to_lowercase().contains("certificate") {
            return Silence::Untrusted;
        }
        cause = reason.source();
    }
    Silence::Unreachable
}
