//! Links of our own: `https://<host>/t/<tenant>` and `https://<host>/t/<tenant>/<service>`. They name ids and nothing else,
//! so that nobody learns anything from one (P6).

use std::sync::Arc;

use uuid::Uuid;

use super::id::{Id, Tenant};
use super::service::{Service, catalogue};

/// The links of this installation.
#[derive(Debug, Clone, Default)]
pub struct Links {
    host: Option<Arc<str>>,
}

/// Where a link leads.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// A tenant; whether there is one is not known yet.
    pub tenant: Id<Tenant>,
    /// One of its services.
    pub service: Option<&'static Service>,
}

impl Links {
    /// Links below this host; none: there are no links.
    pub fn below(host: Option<&str>) -> Self {
        Self { host: host.map(|host| host.to_ascii_lowercase().into()) }
    }

    /// The link to a place, if there are links.
    pub fn to(&self, tenant: Id<Tenant>, service: Option<&str>) -> Option<String> {
        let host = self.host.as_ref()?;
        Some(match service {
            Some(service) => format!("https://{host}/t/{tenant}/{service}"),
            None => format!("https://{host}/t/{tenant}"),
        })
    }

    /// Where `url` leads; `None`: it is none of ours.
    pub fn read(&self, url: &str) -> Option<Place> {
        let (host, path) = url.trim().strip_prefix("https://")?.split_once('/')?;
        let ours = host.eq_ignore_ascii_case(self.host.as_ref()?);
        let path = path.split(['?', '#']).next()?;
        Place::of_path(&format!("/{path}")).filter(|_| ours)
    }
}

impl Place {
    /// The place of a link's path.
    pub fn of_path(path: &str) -> Option<Self> {
        let path = path.strip_prefix("/t/")?;
        let path = path.strip_suffix('/').unwrap_or(path);
        let (tenant, code) = path.split_once('/').map_or((path, None), |(tenant, code)| (tenant, Some(code)));
        let hyphenated = (tenant.len() == 36).then(|| Uuid::try_parse(tenant).ok()).flatten()?;
        let service = match code {
            Some(code) => Some(catalogue().services().iter().find(|service| service.code == code)?),
            None => None,
        };
        Some(Self { tenant: hyphenated.into(), service })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ID: &str = "0b9a2c65-13a5-4f55-8a54-0f2f8f6f1d2c";

    #[test]
    fn a_link_leads_where_it_came_from() {
        let links = Links::below(Some("Bot.Contoso.com"));
        let tenant: Id<Tenant> = ID.parse::<Uuid>().unwrap().into();
        let link = links.to(tenant, None).unwrap();
        assert_eq!(link, format!("https://bot.contoso.com/t/{ID}"));
        let place = links.read(&link).unwrap();
        assert!(place.tenant == tenant && place.service.is_none());
        let link = links.to(tenant, Some("exchange")).unwrap();
        let place = links.read(&format!("{link}/?x=1#y")).unwrap();
        assert_eq!((place.tenant, place.service.unwrap().code.as_str()), (tenant, "exchange"));
        assert_eq!(Links::default().to(tenant, None), None);
    }

    #[test]
    fn sr_p6_other_addresses_are_none_of_ours() {
        let links = Links::below(Some("bot.contoso.com"));
        for url in [
            format!("http://bot.contoso.com/t/{ID}"),
            format!("https://bot.contoso.com.evil.example/t/{ID}"),
            format!("https://evil.example/t/{ID}"),
            format!("https://user@bot.contoso.com/t/{ID}"),
            format!("https://bot.contoso.com:444/t/{ID}"),
            format!("https://bot.contoso.com/x/{ID}"),
            format!("https://bot.contoso.com/t/{{{ID}}}"),
            format!("https://bot.contoso.com/t/{ID}/lotus"),
            format!("https://bot.contoso.com/t/{ID}/exchange/more"),
            "https://bot.contoso.com/t/".to_owned(),
            "https://bot.contoso.com".to_owned(),
        ] {
            assert!(links.read(&url).is_none(), "{url}");
            assert!(Links::default().read(&url).is_none());
        }
    }

    proptest! {
        #[test]
        fn no_address_is_too_odd(url in any::<String>(), path in "/t/[0-9a-f-]{0,40}/?[a-z/?#]{0,10}") {
            let links = Links::below(Some("bot.contoso.com"));
            let _ = (links.read(&url), links.read(&format!("https://bot.contoso.com{path}")));
        }
    }
}
