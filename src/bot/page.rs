//! What a link of ours shows in a browser: nothing but the way into Teams. It is the same for every tenant, whether there
//! is one or not (P6).

use uuid::Uuid;

use crate::domain::link::Place;

const TEMPLATE: &str = include_str!("page.html");

/// The page at `path`, if that is the path of a link. `teams` is where the web client of Teams is, `bot` the bot's
/// application id.
pub fn at(path: &str, teams: &str, bot: Uuid) -> Option<String> {
    let Place { tenant, service } = Place::of_path(path)?;
    // Both are ours by now: an id in hyphens, and a code of the catalogue.
    let line =
        service.map_or(format!("tenant {tenant}"), |service| format!("tenant {tenant} {}", service.code));
    let chat = format!("{teams}/l/chat/0/0?users=28:{bot}&amp;message={}", line.replace(' ', "%20"));
    Some(TEMPLATE.replace("{chat}", &chat).replace("{line}", &line))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::service::catalogue;
    use crate::turn::words::name_and_services;

    #[test]
    fn the_line_of_every_service_is_understood() {
        let tenant = Uuid::from_u128(0x7e2a_1c5e_0000_4000_8000_0000_0000_0001);
        for service in catalogue().services() {
            let page =
                at(&format!("/t/{tenant}/{}", service.code), "https://teams.microsoft.com", tenant).unwrap();
            let line = page.split_once("<code>").unwrap().1.split_once("</code>").unwrap().0;
            let (name, services) = name_and_services(line.strip_prefix("tenant ").unwrap());
            assert_eq!(name, tenant.to_string(), "{line}");
            assert_eq!(services.first().map(|found| &found.code), Some(&service.code), "{line}");
        }
    }
}
