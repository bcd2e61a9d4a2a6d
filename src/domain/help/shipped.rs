//! The topics that the product ships: `data/help`.

use super::Topic;
use super::read;

macro_rules! embedded {
    ($($name:literal),+ $(,)?) => {
        [$((concat!($name, ".json"), include_str!(concat!("../../../data/help/", $name, ".json")))),+]
    };
}

const FILES: [(&str, &str); 44] = embedded![
    "assignments",
    "channels",
    "claim-workloads",
    "conflict",
    "correct-note",
    "digests",
    "fasttrack-benefit",
    "forecast-dates",
    "gaps",
    "get-modern",
    "good-note",
    "history",
    "import",
    "levels",
    "migration",
    "motions",
    "new-entitlements",
    "no-tenants",
    "partner-count",
    "personal-data-request",
    "phases",
    "portal",
    "read-only",
    "register-customer",
    "remove-p-rm",
    "required-data",
    "split-entitlements",
    "start-date",
    "start-date-back-fill",
    "start-date-change",
    "start-date-first-mail",
    "start-date-kick-off",
    "start-date-no-answer",
    "start-date-partners",
    "start-date-running-customer",
    "start-date-workloads",
    "stay-up-to-date",
    "suggestions",
    "survey-contact",
    "technical-expert",
    "undo",
    "who-maintains",
    "who-sees-what",
    "words",
];

/// The files of the shipped topics: name and content.
pub fn files() -> &'static [(&'static str, &'static str)] {
    &FILES
}

/// They, in the order of their names.
#[expect(clippy::expect_used, reason = "the files are part of the program, and a test reads them")]
pub(super) fn topics() -> Vec<Topic> {
    FILES.iter().map(|(file, content)| read::topic(file, content).expect("data/help")).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::*;

    #[test]
    fn every_file_is_shipped_and_sound() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/help");
        let there: BTreeSet<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        assert_eq!(FILES.iter().map(|(file, _)| (*file).to_owned()).collect::<BTreeSet<_>>(), there);
        assert_eq!(topics().len(), there.len());
    }
}
