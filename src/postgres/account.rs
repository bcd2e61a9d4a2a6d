//! Who runs the server: ourselves, or an ordinary user when we are root, which PostgreSQL refuses.

use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::error::{Error, Explain};

/// The user that the server runs as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Account {
    /// Who we are.
    Ourselves,
    /// We are root and hand the work to somebody else.
    Other { uid: u32, gid: u32 },
}

impl Account {
    /// The account for a server on `data`. As root: whoever owns the data already, else `postgres`,
    /// else `nobody`.
    pub fn for_data(data: &Path) -> Self {
        if !rustix::process::geteuid().is_root() {
            return Self::Ourselves;
        }
        if let Ok(owner) = fs::metadata(data)
            && owner.uid() != 0
        {
            return Self::Other { uid: owner.uid(), gid: owner.gid() };
        }
        let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
        ["postgres", "_postgres", "nobody"]
            .iter()
            .find_map(|name| find_user(&users, name))
            .unwrap_or(Self::Other { uid: 65534, gid: 65534 })
    }

    /// Makes `command` run as this account, from a folder that everybody may enter.
    pub fn run_as(&self, command: &mut Command) {
        command.current_dir("/");
        if let Self::Other { uid, gid } = *self {
            // Drops the supplementary groups as well.
            command.uid(uid).gid(gid);
        }
    }

    /// Hands `path` over to this account.
    pub fn give(&self, path: &Path) -> Result<(), Error> {
        match *self {
            Self::Ourselves => Ok(()),
            Self::Other { uid, gid } => chown(path, Some(uid), Some(gid)).explain("cannot hand over", path),
        }
    }

    /// The user id in numbers.
    pub fn uid(&self) -> u32 {
        match *self {
            Self::Ourselves => rustix::process::geteuid().as_raw(),
            Self::Other { uid, .. } => uid,
        }
    }

    /// Fails with the first folder on the way to `path`, itself included, that this account may not pass.
    pub fn must_pass(&self, path: &Path) -> Result<(), Error> {
        let Self::Other { uid, gid } = *self else { return Ok(()) };
        match path.ancestors().filter(|folder| !may_pass(folder, uid, gid)).last() {
            None => Ok(()),
            Some(closed) => Err(Error::Closed {
                path: path.to_owned(),
                closed: PathBuf::from(closed),
                user: name_of(uid).unwrap_or_else(|| uid.to_string()),
            }),
        }
    }
}

fn may_pass(folder: &Path, uid: u32, gid: u32) -> bool {
    let Ok(meta) = fs::metadata(folder) else { return true };
    let bit = if meta.uid() == uid {
        0o100
    } else if meta.gid() == gid {
        0o010
    } else {
        0o001
    };
    meta.mode() & bit != 0
}

fn find_user(users: &str, name: &str) -> Option<Account> {
    let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
    let mut numbers = line.split(':').skip(2).map(|field| field.parse::<i64>().ok());
    // macOS writes nobody as -2.
    let mut id = || u32::try_from(numbers.next()?? & 0xffff_ffff).ok();
    Some(Account::Other { uid: id()?, gid: id()? })
}

fn name_of(uid: u32) -> Option<String> {
    let users = fs::read_to_string("/etc/passwd").ok()?;
    let line = users.lines().find(|line| line.split(':').nth(2) == Some(&uid.to_string()))?;
    line.split(':').next().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_are_found_by_name() {
        let users =
            "root:x:0:0::/root:/bin/sh\npostgres:x:101:104::/var/lib/x:/bin/sh\nnobody:*:-2:-2::/:/x\n";
        assert_eq!(find_user(users, "postgres"), Some(Account::Other { uid: 101, gid: 104 }));
        assert_eq!(
            find_user(users, "nobody"),
            Some(Account::Other { uid: 4_294_967_294, gid: 4_294_967_294 })
        );
        assert_eq!(find_user(users, "post"), None);
    }
}
