//! Finding the server programs: initdb, `pg_ctl` and postgres.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::error::Error;

/// The oldest release that will do.
const OLDEST: u32 = 14;

/// Folders that package managers put server programs in; `*` stands for a release.
const WELL_KNOWN: [&str; 5] = [
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
];

/// Where to look.
#[derive(Debug, Clone)]
pub(super) struct Places {
    /// `PG_BIN_DIR`: then nothing else.
    pub only: Option<PathBuf>,
    /// The system's search path.
    pub path: Option<OsString>,
    /// Patterns as in [`WELL_KNOWN`].
    pub well_known: Vec<&'static str>,
}

/// The server programs of one release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Programs {
    /// The folder that they really are in: a linked initdb would look for its files beside the link.
    pub bin: PathBuf,
    /// Their release, as in 17.
    pub major: u32,
}

impl Places {
    /// The places of this machine.
    pub fn of_this_machine(only: Option<PathBuf>) -> Self {
        Self { only, path: std::env::var_os("PATH"), well_known: WELL_KNOWN.to_vec() }
    }

    /// The programs for `data`: those of the release that made it, for a new one the newest.
    pub fn find(&self, data: &Path) -> Result<Programs, Error> {
        let found = self.all();
        let releases = found.iter().map(|p| p.major.to_string()).collect::<Vec<_>>().join(", ");
        let Some(major) = major_of(data) else {
            // Of equals the first wins: PATH goes before the well-known folders.
            return found.into_iter().rev().max_by_key(|p| p.major).ok_or_else(|| self.nothing());
        };
        if found.is_empty() {
            return Err(self.nothing());
        }
        found.into_iter().find(|p| p.major == major).ok_or_else(|| Error::OtherMajor {
            data: data.to_owned(),
            major,
            found: releases,
        })
    }

    fn nothing(&self) -> Error {
        match &self.only {
            Some(folder) => Error::NotPrograms { folder: folder.clone() },
            None => Error::NoPrograms { install: install_line() },
        }
    }

    fn all(&self) -> Vec<Programs> {
        let path = self.path.iter().flat_map(std::env::split_paths);
        let usual = || path.chain(self.well_known.iter().flat_map(|pattern| matches_of(pattern))).collect();
        let folders: Vec<PathBuf> = self.only.clone().map_or_else(usual, |folder| vec![folder]);
        let mut found: Vec<Programs> = Vec::new();
        for programs in folders.iter().filter_map(|folder| Programs::in_folder(folder)) {
            if !found.contains(&programs) {
                found.push(programs);
            }
        }
        found
    }
}

impl Programs {
    fn in_folder(folder: &Path) -> Option<Self> {
        let bin = fs::canonicalize(folder.join("initdb")).ok()?.parent()?.to_owned();
        if !["pg_ctl", "postgres"].iter().all(|name| bin.join(name).is_file()) {
            return None;
        }
        let output = Command::new(bin.join("postgres")).arg("--version").output().ok()?;
        let major = major_in(&String::from_utf8_lossy(&output.stdout))?;
        (major >= OLDEST).then_some(Self { bin, major })
    }

    /// One of the programs.
    pub fn command(&self, name: &str) -> Command {
        Self::clean(Command::new(self.bin.join(name)))
    }

    /// One of the programs that leaves a server behind. The server must not keep what whoever started
    /// us left open, such as the lock of flock(1), for as long as it lives.
    pub fn daemon_command(&self, name: &str) -> Command {
        let mut command = Command::new("/bin/sh");
        command
            .args(["-c", r#"exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-; exec "$0" "$@""#])
            .arg(self.bin.join(name));
        Self::clean(command)
    }

    fn clean(mut command: Command) -> Command {
        // The server inherits no secret of ours (G5) and no PG* variable that would lead it astray.
        command.env_clear();
        for name in ["PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TMPDIR"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        command.env("LC_ALL", LOCALE);
        command
    }
}

/// The one locale that sorts and compares by code point wherever we run.
pub(super) const LOCALE: &str = if cfg!(target_os = "macos") { "C" } else { "C.UTF-8" };

/// The release that made the data folder; none when there is no data yet.
fn major_of(data: &Path) -> Option<u32> {
    fs::read_to_string(data.join("PG_VERSION")).ok()?.trim().parse().ok()
}

/// The major release in a text such as `postgres (PostgreSQL) 15.18 (Debian 15.18-0)`.
fn major_in(version: &str) -> Option<u32> {
    let (_, number) = version.split_once("(PostgreSQL) ")?;
    number.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// The folders that fit a pattern with one `*` in one of its parts.
fn matches_of(pattern: &str) -> Vec<PathBuf> {
    let mut found = vec![PathBuf::new()];
    for part in Path::new(pattern) {
        let Some((head, tail)) = part.to_str().and_then(|part| part.split_once('*')) else {
            for folder in &mut found {
                folder.push(part);
            }
            continue;
        };
        let fits = |name: &str| {
            name.len() >= head.len() + tail.len() && name.starts_with(head) && name.ends_with(tail)
        };
        let children = found.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten().flatten();
        found =
            children.filter(|entry| entry.file_name().to_str().is_some_and(fits)).map(|e| e.path()).collect();
    }
    found
}

fn install_line() -> &'static str {
    if cfg!(target_os = "macos") {
        "brew install postgresql@17"
    } else if Path::new("/etc/debian_version").exists() {
        "apt-get install -y --no-install-recommends postgresql"
    } else if Path::new("/etc/fedora-release").exists() {
        "dnf install -y postgresql-server postgresql-contrib"
    } else {
        "the package of your system with initdb, pg_ctl and pg_trgm in it"
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn fake(root: &Path, release: &str) -> PathBuf {
        let bin = root.join(release).join("bin");
        fs::create_dir_all(&bin).unwrap();
        for name in ["initdb", "pg_ctl", "postgres"] {
            fs::write(bin.join(name), format!("#!/bin/sh\necho 'postgres (PostgreSQL) {release}'\n"))
                .unwrap();
            fs::set_permissions(bin.join(name), fs::Permissions::from_mode(0o755)).unwrap();
        }
        fs::canonicalize(bin).unwrap()
    }

    fn places(folders: &[&Path]) -> Places {
        Places { only: None, path: Some(std::env::join_paths(folders).unwrap()), well_known: Vec::new() }
    }

    #[test]
    fn the_newest_wins_and_the_old_ones_are_no_use() {
        let root = tempfile::tempdir().unwrap();
        let (old, mid, new) =
            (fake(root.path(), "13.9"), fake(root.path(), "14.2"), fake(root.path(), "17beta1"));
        let no_data = root.path().join("data");
        let found = places(&[&old, &mid, &new]).find(&no_data).unwrap();
        assert_eq!(found, Programs { bin: new, major: 17 });
        assert!(matches!(places(&[&old]).find(&no_data), Err(Error::NoPrograms { .. })));
    }

    #[test]
    fn the_data_decides_the_release() {
        let root = tempfile::tempdir().unwrap();
        let (mid, new) = (fake(root.path(), "14.2"), fake(root.path(), "17.1"));
        fs::write(root.path().join("PG_VERSION"), "14\n").unwrap();
        assert_eq!(places(&[&new, &mid]).find(root.path()).unwrap().bin, mid);
        fs::write(root.path().join("PG_VERSION"), "16\n").unwrap();
        let error = places(&[&new, &mid]).find(root.path()).unwrap_err().to_string();
        assert!(error.contains("made by PostgreSQL 16") && error.contains("17, 14"), "{error}");
    }

    #[test]
    fn links_are_followed_and_pg_bin_dir_is_all_there_is() {
        let root = tempfile::tempdir().unwrap();
        let (mid, new) = (fake(root.path(), "14.2"), fake(root.path(), "17.1"));
        let linked = root.path().join("links");
        fs::create_dir(&linked).unwrap();
        symlink(mid.join("initdb"), linked.join("initdb")).unwrap();
        let mut places = places(&[&new]);
        places.only = Some(linked);
        assert_eq!(places.find(root.path()).unwrap().bin, mid);
        places.only = Some(root.path().to_owned());
        assert!(matches!(places.find(root.path()), Err(Error::NotPrograms { .. })));
    }

    #[test]
    fn a_star_stands_for_a_release() {
        let root = tempfile::tempdir().unwrap();
        let (mid, new) = (fake(root.path(), "14.2"), fake(root.path(), "17.1"));
        let pattern = format!("{}/*/bin", fs::canonicalize(root.path()).unwrap().display());
        let mut found = matches_of(&pattern);
        found.sort();
        assert_eq!(found, [mid, new]);
    }
}
