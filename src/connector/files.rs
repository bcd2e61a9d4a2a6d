//! Files into somebody's drive: to the address that Teams gave for one file, without the bot's token (N2, N3).

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE};
use reqwest::{Client, Url, redirect};

use super::https;

/// Longest time for one file. Teams waits about as long for the answer.
const TOTAL: Duration = Duration::from_secs(8);

/// The drives that files may go to.
#[derive(Clone)]
pub struct Files {
    http: Client,
    /// Endings of host names, each with its leading dot.
    hosts: Arc<[&'static str]>,
    any_loopback: bool,
}

/// Why a file was not put where it should be. Says nothing of the address, which is a key to the drive (G2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PutError {
    /// The address is not one of a drive of the cloud.
    #[error("not an address of a drive")]
    NotAllowed,
    /// The drive does not answer.
    #[error("the drive does not answer")]
    Unanswered,
    /// The drive refused the file.
    #[error("the drive refused the file: {0}")]
    Refused(u16),
}

impl Files {
    /// The drives whose hosts end so, for example `.sharepoint.com`.
    ///
    /// # Errors
    /// When the TLS library cannot be set up.
    pub fn at(hosts: &'static [&'static str]) -> Result<Self, reqwest::Error> {
        let http = Client::builder()
            .redirect(redirect::Policy::none())
            .referer(false)
            .no_proxy()
            .https_only(true)
            .dns_resolver(Arc::new(PublicOnly))
            .connect_timeout(https::CONNECT)
            .timeout(TOTAL)
            .build()?;
        Ok(Self { http, hosts: hosts.into(), any_loopback: false })
    }

    /// Drives of this machine only, for tests.
    ///
    /// # Errors
    /// When the TLS library cannot be set up.
    pub fn on_this_machine() -> Result<Self, reqwest::Error> {
        Ok(Self { http: https::client(TOTAL)?, hosts: Arc::new([]), any_loopback: true })
    }

    /// Puts `content` at `address`, whole.
    pub async fn put(&self, address: &str, content: Vec<u8>) -> Result<(), PutError> {
        let url = self.check(address).ok_or(PutError::NotAllowed)?;
        let last = content.len().checked_sub(1).ok_or(PutError::NotAllowed)?;
        let request = self
            .http
            .put(url)
            .header(CONTENT_TYPE, "application/octet-stream")
            .header(CONTENT_LENGTH, content.len())
            .header(CONTENT_RANGE, format!("bytes 0-{last}/{}", content.len()))
            .body(content);
        let answer = request.send().await.map_err(|_| PutError::Unanswered)?;
        if answer.status().is_success() { Ok(()) } else { Err(PutError::Refused(answer.status().as_u16())) }
    }

    /// Whether the address leads to one of the drives.
    pub fn knows(&self, address: &str) -> bool {
        self.check(address).is_some()
    }

    /// The address, if files may go there: https on the usual port, nothing that hides another host, and a host of
    /// the cloud's drives.
    fn check(&self, address: &str) -> Option<Url> {
        let url = Url::parse(address).ok()?;
        let hides = !url.username().is_empty()
            || url.password().is_some()
            || address.contains(['\\', '\t', '\n', '\r', ' ']);
        let host = url.host_str()?.to_ascii_lowercase();
        let drive = url.scheme() == "https"
            && url.port().is_none()
            && self.hosts.iter().any(|ending| host.len() > ending.len() && host.ends_with(ending));
        let allowed = !hides && (drive || (self.any_loopback && https::is_loopback(&url)));
        allowed.then_some(url)
    }
}

impl fmt::Debug for Files {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Files").field(&self.hosts).finish()
    }
}

/// Finds addresses of the public network only: a name that leads into our own is no drive (N3).
struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|address| is_public(address.ip())).collect();
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            !(v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_unspecified()
                || v4.is_broadcast()
                || v4.is_multicast()
                || v4.is_documentation()
                // Shared by carriers: 100.64.0.0/10.
                || (v4.octets()[0] == 100 && v4.octets()[1] & 0b1100_0000 == 64))
        }
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => is_public(IpAddr::V4(v4)),
            None => {
                !(v6.is_loopback()
                    || v6.is_unspecified()
                    || v6.is_multicast()
                    || v6.is_unique_local()
                    || v6.is_unicast_link_local())
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sr_n3_files_go_to_drives_of_the_cloud_and_nowhere_else() {
        let files = Files::at(&[".sharepoint.com"]).unwrap();
        let good = "https://contoso-my.sharepoint.com/personal/eva/_api/v2.0/drive/items/x/uploadSession?guid='1'&tempauth=a";
        assert!(files.check(good).is_some());
        for bad in [
            "http://contoso-my.sharepoint.com/x",
            "https://contoso-my.sharepoint.com:8443/x",
            "https://sharepoint.com/x",
            "https://.sharepoint.com/x",
            "https://evilsharepoint.com/x",
            "https://contoso-my.sharepoint.com.evil.example/x",
            "https://contoso-my.sharepoint.com@evil.example/x",
            "https://evil.example\\@contoso.sharepoint.com/x",
            "https://127.0.0.1/x",
            "https://localhost/.sharepoint.com",
            "file:///etc/passwd",
            "",
        ] {
            assert!(files.check(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn sr_n3_names_that_lead_into_our_own_network_lead_nowhere() {
        for address in [
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "127.0.0.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "::1",
            "fe80::1",
            "fd00::1",
            "::ffff:10.0.0.1",
        ] {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
        for address in ["13.107.136.9", "2620:1ec:8f8::8"] {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
    }
}
