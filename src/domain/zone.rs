//! Time zones of the IANA database, for contacts.

use std::sync::LazyLock;

use chrono_tz::{TZ_VARIANTS, Tz};

use super::pick::{Entry, PickList};

/// The areas whose zones are named after a place. Others are abbreviations and names of former times.
const AREAS: [&str; 10] = [
    "Africa/",
    "America/",
    "Antarctica/",
    "Arctic/",
    "Asia/",
    "Atlantic/",
    "Australia/",
    "Europe/",
    "Indian/",
    "Pacific/",
];

static ZONES: LazyLock<PickList> =
    LazyLock::new(|| PickList::new(TZ_VARIANTS.into_iter().filter_map(entry).collect()));

/// The zones that are offered; their values are the names of the IANA database, such as `Europe/Madrid`. Each is
/// found by its place alone, too.
pub fn zones() -> &'static PickList {
    &ZONES
}

/// The zone that is called so: any name of the database, or the place of one that is offered.
pub fn zone_called(typed: &str) -> Option<String> {
    let offered = zones().called(typed).map(|zone| zone.value.clone());
    offered.or_else(|| typed.trim().parse::<Tz>().ok().map(|zone| zone.name().to_owned()))
}

fn entry(zone: Tz) -> Option<Entry> {
    let name = zone.name();
    let offered = name == "UTC" || AREAS.iter().any(|area| name.starts_with(area));
    let place = name.rsplit('/').next().unwrap_or(name);
    offered.then(|| Entry::new(name, name, [place]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sr_v3_a_zone_is_found_by_its_name_and_by_its_place() {
        for (typed, zone) in [
            ("europe/madrid", Some("Europe/Madrid")),
            ("Sao Paulo", Some("America/Sao_Paulo")),
            ("utc", Some("UTC")),
            ("EST5EDT", Some("EST5EDT")),
            ("Mars/Olympus", None),
            ("", None),
        ] {
            assert_eq!(zone_called(typed).as_deref(), zone, "{typed}");
        }
        assert_eq!(
            zones().best("new yo", 15).first().map(|zone| zone.value.as_str()),
            Some("America/New_York")
        );
    }
}
