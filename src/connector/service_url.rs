//! The only addresses that the bot's token may be sent to (N1).

use std::fmt;

use reqwest::Url;

/// The exact origins that a deployment trusts: the cloud's, and those that the operator added.
#[derive(Debug, Clone, Default)]
pub struct ServiceOrigins {
    listed: Vec<Origin>,
    any_loopback: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Origin {
    scheme: String,
    host: String,
    port: Option<u16>,
}

/// An address below one of the [`ServiceOrigins`]: there is no other way to own one, and the
/// Connector client takes nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ServiceUrl(Url);

/// Why an address is not one of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ServiceUrlError {
    /// Not an absolute http(s) address, or one with user information, query or fragment.
    #[error("malformed service address")]
    Malformed,
    /// Well formed, but its origin is not on the list.
    #[error("service address not on the allow-list")]
    NotAllowed,
}

impl ServiceOrigins {
    /// Reads origins such as `https://smba.trafficmanager.net`.
    ///
    /// # Errors
    /// Names the first origin that is no bare https origin. Plain http is taken for loopback only.
    pub fn parse<'a>(origins: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        let read = |text: &str| Origin::parse(text).ok_or_else(|| text.to_owned());
        let listed = origins.into_iter().map(read).collect::<Result<_, _>>()?;
        Ok(Self { listed, any_loopback: false })
    }

    /// Every port of this machine and nothing else: what the local demo answers to (A11).
    pub fn loopback() -> Self {
        Self { listed: Vec::new(), any_loopback: true }
    }

    /// Whether none of them leaves this machine, as the local demo demands (A11).
    pub fn are_local(&self) -> bool {
        self.listed.iter().all(Origin::is_loopback)
    }

    /// Checks `text` against the list (N1): exact scheme, host and port, nothing that hides another host.
    pub fn check(&self, text: &str) -> Result<ServiceUrl, ServiceUrlError> {
        let url = Url::parse(text).map_err(|_| ServiceUrlError::Malformed)?;
        let hides = !url.username().is_empty()
            || url.password().is_some()
            || url.query().is_some()
            || url.fragment().is_some();
        // The parser mends what it can; an address that needed mending is not one that Teams sent.
        if hides || text.contains(['\\', '\t', '\n', '\r', ' ']) {
            return Err(ServiceUrlError::Malformed);
        }
        let origin = Origin::of(&url).ok_or(ServiceUrlError::Malformed)?;
        let allowed = self.listed.contains(&origin) || (self.any_loopback && origin.is_loopback());
        if allowed { Ok(ServiceUrl(url)) } else { Err(ServiceUrlError::NotAllowed) }
    }
}

impl Origin {
    fn of(url: &Url) -> Option<Self> {
        let host = url.host_str()?.to_owned();
        let origin = Self { scheme: url.scheme().to_owned(), host, port: url.port() };
        let secure = origin.scheme == "https" || (origin.scheme == "http" && origin.is_loopback());
        secure.then_some(origin)
    }

    fn is_loopback(&self) -> bool {
        matches!(self.host.as_str(), "localhost" | "127.0.0.1" | "[::1]")
    }

    fn parse(text: &str) -> Option<Self> {
        let url = Url::parse(text).ok()?;
        let bare = matches!(url.path(), "" | "/") && url.query().is_none() && url.username().is_empty();
        bare.then(|| Self::of(&url)).flatten()
    }
}

impl ServiceUrl {
    /// The address as text, without a slash at its end.
    pub fn as_str(&self) -> &str {
        self.0.as_str().trim_end_matches('/')
    }

    /// Whether `other` is the same address but for one slash at the end.
    pub fn is_same(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }

    /// The address of `segments` below this one, each percent-encoded. None: a segment that is empty or climbs.
    pub fn join(&self, segments: &[&str]) -> Option<Url> {
        if segments.iter().any(|s| matches!(*s, "" | "." | "..")) {
            return None;
        }
        let mut url = self.0.clone();
        url.path_segments_mut().ok()?.pop_if_empty().extend(segments);
        Some(url)
    }
}

impl fmt::Display for ServiceUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn public() -> ServiceOrigins {
        ServiceOrigins::parse(["https://smba.trafficmanager.net"]).unwrap()
    }

    #[test]
    fn sr_n1_only_the_exact_host_is_trusted() {
        assert!(public().check("https://smba.trafficmanager.net/emea/").is_ok());
        for other in [
            "https://evil.trafficmanager.net/emea/",
            "https://smba.trafficmanager.net.evil.example/",
            "https://smba.trafficmanager.net:8443/emea/",
            "http://smba.trafficmanager.net/emea/",
            "https://smba.trafficmanager.net@evil.example/",
            "https://evil.example\\@smba.trafficmanager.net/",
            "https://smba.trafficmanager.net./emea/",
            "https://127.0.0.1/",
            "//smba.trafficmanager.net/emea/",
            "",
        ] {
            assert!(public().check(other).is_err(), "{other}");
        }
    }

    #[test]
    fn sr_n1_plain_http_is_for_loopback_only() {
        assert!(ServiceOrigins::parse(["http://teams.example"]).is_err());
        let local = ServiceOrigins::parse(["http://127.0.0.1:5000"]).unwrap();
        assert!(local.check("http://127.0.0.1:5000/_connector").is_ok());
        assert!(local.check("http://127.0.0.1:5001/_connector").is_err());
    }

    #[test]
    fn sr_a11_the_demo_answers_to_any_port_of_this_machine_and_to_nobody_else() {
        let demo = ServiceOrigins::loopback();
        assert!(demo.are_local());
        assert!(demo.check("http://localhost:56150/_connector").is_ok());
        assert!(demo.check("https://smba.trafficmanager.net/emea/").is_err());
        assert!(demo.check("http://127.0.0.1.evil.example/").is_err());
    }

    #[test]
    fn ids_in_paths_are_encoded_and_cannot_climb() {
        let base = public().check("https://smba.trafficmanager.net/emea/").unwrap();
        let url =
            base.join(&["v3", "conversations", "19:a@thread.tacv2;messageid=1/..", "activities"]).unwrap();
        assert_eq!(
            url.as_str(),
            "https://smba.trafficmanager.net/emea/v3/conversations/19:a@thread.tacv2;messageid=1%2F../activities"
        );
        assert!(base.join(&["v3", "..", "x"]).is_none());
    }
}
