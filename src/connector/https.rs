//! The one way out of the house: an HTTPS client with the limits of N2.

use std::time::Duration;

use reqwest::{Client, Response, Url, redirect};

/// Longest time to make a connection (N2).
pub const CONNECT: Duration = Duration::from_secs(3);
/// Longest time for a whole call, answer included (N2).
pub const TOTAL: Duration = Duration::from_secs(15);
/// Largest answer that is read, in bytes (N2).
pub const LARGEST_ANSWER: usize = 1024 * 1024;

/// A client that follows no redirect and asks no proxy, with `total` for a whole call.
///
/// Certificates are checked against the system's roots, by TLS 1.2 or later; there is no switch for that. A proxy
/// named in the environment is not used: it would read what goes to a loopback address in the clear.
///
/// # Errors
/// When the TLS library cannot be set up, for example without any system roots.
pub fn client(total: Duration) -> Result<Client, reqwest::Error> {
    Client::builder()
        .redirect(redirect::Policy::none())
        .referer(false)
        .no_proxy()
        .connect_timeout(CONNECT.min(total))
        .timeout(total)
        .build()
}

/// Why an answer could not be read to its end.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The connection broke or the time was up.
    #[error("the answer broke off")]
    Broken(#[from] reqwest::Error),
    /// More than [`LARGEST_ANSWER`].
    #[error("the answer is too large")]
    TooLarge,
}

/// The body of `response`, when it is no larger than [`LARGEST_ANSWER`].
pub async fn read(mut response: Response) -> Result<Vec<u8>, ReadError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > LARGEST_ANSWER {
            return Err(ReadError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Whether `url` is a place of this very machine.
pub fn is_loopback(url: &Url) -> bool {
    matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"))
}

/// Whether a secret may travel to `url`: encrypted, or without leaving the machine.
pub fn keeps_secrets(url: &Url) -> bool {
    url.scheme() == "https" || (url.scheme() == "http" && is_loopback(url))
}
