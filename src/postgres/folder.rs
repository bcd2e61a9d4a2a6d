//! The folder of a private server: what lies where in it, and who owns it.
//!
//! ```text
//! <root>/owner.lock   held while a program owns the server; its text is the holder's process id
//! <root>/data/        made as data.new-<random>, then renamed
//! <root>/run/         closed to others: socket, server log
//! ```

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::account::Account;
use super::error::{Error, Explain};

/// The port in the socket's name; nothing listens on the network.
pub(super) const PORT: u16 = 5432;

/// The longest address of a socket in bytes.
const LONGEST_SOCKET: usize = if cfg!(target_os = "macos") { 103 } else { 107 };

/// How many lines of the log an error shows.
const TAIL: usize = 12;

/// The paths of one private server. All absolute, without links.
#[derive(Debug, Clone)]
pub(super) struct Folder {
    /// Everything is below this.
    pub root: PathBuf,
    /// The data, under its real name only when whole.
    pub data: PathBuf,
    /// Where the socket is.
    pub socket: PathBuf,
    /// What the server says.
    pub log: PathBuf,
    run: PathBuf,
}

/// Held by the one program that owns the server. The system gives it back when the holder dies.
#[derive(Debug)]
pub(super) struct OwnerLock(File);

impl Folder {
    /// Finds the paths below `root`, which is made when it is not there.
    pub fn at(root: &Path) -> Result<Self, Error> {
        if !root.exists() {
            fs::create_dir_all(root).explain("cannot make", root)?;
            fs::set_permissions(root, fs::Permissions::from_mode(0o755)).explain("cannot open up", root)?;
        }
        let root = fs::canonicalize(root).explain("cannot find", root)?;
        // pg_ctl puts paths into a shell command, between double quotes.
        let Some(text) = root.to_str().filter(|text| !text.contains(['"', '$', '`', '\\', '\n'])) else {
            let why = "the path must be UTF-8 without quotes, $, ` and backslashes";
            return Err(Error::BadPath { path: root, why });
        };
        let run = root.join("run");
        let name = format!(".s.PGSQL.{PORT}");
        let long = run.join(&name).as_os_str().len() > LONGEST_SOCKET;
        let socket = if long { elsewhere(text) } else { run.clone() };
        if socket.join(&name).as_os_str().len() > LONGEST_SOCKET {
            return Err(Error::BadPath { path: socket, why: "too long for a socket" });
        }
        Ok(Self { data: root.join("data"), log: run.join("server.log"), socket, run, root })
    }

    /// Makes the folders that the server writes to, and hands them to `account`.
    pub fn open_for(&self, account: &Account) -> Result<(), Error> {
        account.must_pass(&self.root)?;
        own_folder(&self.run, account)?;
        if self.socket != self.run {
            if let Some(parent) = self.socket.parent() {
                account.must_pass(parent)?;
            }
            own_folder(&self.socket, account)?;
        }
        Ok(())
    }

    /// Takes the lock; none while another program has it.
    pub fn lock(&self) -> Result<Option<OwnerLock>, Error> {
        let path = self.lock_file();
        let open = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
        let mut file = open.explain("cannot open", &path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error).explain("cannot lock", &path),
        }
        let note = |file: &mut File| {
            file.set_len(0)?;
            file.rewind()?;
            writeln!(file, "{}", std::process::id())
        };
        note(&mut file).explain("cannot write", &path)?;
        warn_of_network_drive(&file, &self.root);
        Ok(Some(OwnerLock(file)))
    }

    /// The process that holds the lock, by its own word.
    pub fn holder(&self) -> Option<u32> {
        fs::read_to_string(self.lock_file()).ok()?.trim().parse().ok()
    }

    /// The files by which PostgreSQL keeps a second server away; a crash leaves them behind.
    pub fn server_locks(&self) -> [PathBuf; 2] {
        [self.data.join("postmaster.pid"), self.socket.join(format!(".s.PGSQL.{PORT}.lock"))]
    }

    /// An empty folder of `account` to make the data in, until it deserves its name.
    pub fn new_data(&self, account: &Account) -> Result<PathBuf, Error> {
        let fresh = self.root.join(format!("data.new-{:08x}", fastrand::u32(..)));
        own_folder(&fresh, account)?;
        Ok(fresh)
    }

    /// Gives finished data its name, for good.
    pub fn name_data(&self, fresh: &Path) -> Result<(), Error> {
        fs::rename(fresh, &self.data).explain("cannot rename", fresh)?;
        File::open(&self.root).and_then(|root| root.sync_all()).explain("cannot sync", &self.root)
    }

    /// Removes what an initdb left behind that was killed. Only for the holder of the lock.
    pub fn remove_leftovers(&self, _: &OwnerLock) {
        let entries = fs::read_dir(&self.root).into_iter().flatten().flatten();
        for entry in entries.filter(|e| e.file_name().to_string_lossy().starts_with("data.new-")) {
            // An orphaned initdb may still be writing there; then the next owner removes it.
            if let Err(error) = fs::remove_dir_all(entry.path()) {
                tracing::warn!(path = %entry.path().display(), %error, "cannot remove an unfinished data folder");
            }
        }
    }

    /// Begins a new log, keeping the last one beside it, and opens it for `account` to write to.
    pub fn new_log(&self, account: &Account) -> Result<File, Error> {
        let _ = fs::rename(&self.log, self.log.with_extension("log.old"));
        let log = OpenOptions::new().create(true).append(true).open(&self.log);
        let log = log.explain("cannot write", &self.log)?;
        account.give(&self.log)?;
        Ok(log)
    }

    /// The last lines of the log.
    pub fn log_tail(&self) -> String {
        let mut bytes = Vec::new();
        let _ = File::open(&self.log).map(|mut log| {
            let length = log.metadata().map_or(0, |meta| meta.len());
            let _ = log.seek(std::io::SeekFrom::Start(length.saturating_sub(16 * 1024)));
            log.read_to_end(&mut bytes)
        });
        last_lines(&String::from_utf8_lossy(&bytes))
    }

    fn lock_file(&self) -> PathBuf {
        self.root.join("owner.lock")
    }
}

impl Drop for OwnerLock {
    fn drop(&mut self) {
        // Closing the file is not enough while a child between fork and exec still has a copy.
        let _ = self.0.unlock();
    }
}

/// The last few lines of `text`.
pub(super) fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.trim_end().lines().collect();
    lines.get(lines.len().saturating_sub(TAIL)..).unwrap_or_default().join("\n")
}

/// A short place for the socket of a deep folder, the same for every program that asks.
fn elsewhere(root: &str) -> PathBuf {
    // FNV-1a: the name must be the same in every build of the program.
    let hash = root.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    std::env::temp_dir().join(format!("tenantry-{hash:016x}"))
}

/// Makes sure that `path` is a folder which belongs to `account` and is closed to all others. A
/// stranger may have made it first where everybody may write.
fn own_folder(path: &Path, account: &Account) -> Result<(), Error> {
    match DirBuilder::new().mode(0o700).create(path) {
        Ok(()) => account.give(path)?,
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error).explain("cannot make", path),
    }
    let meta = fs::symlink_metadata(path).explain("cannot look at", path)?;
    let ours = meta.uid() == account.uid() || meta.uid() == rustix::process::geteuid().as_raw();
    if !meta.is_dir() || !ours {
        return Err(Error::BadPath { path: path.to_owned(), why: "it belongs to another user" });
    }
    if meta.mode() & 0o077 != 0 {
        fs::set_permissions(path, fs::Permissions::from_mode(0o700)).explain("cannot close", path)?;
    }
    if meta.uid() == account.uid() { Ok(()) } else { account.give(path) }
}

#[cfg(target_os = "linux")]
fn warn_of_network_drive(lock: &File, root: &Path) {
    // NFS, SMB 1, SMB 2 and later, as statfs(2) numbers them.
    const NETWORK: [u32; 3] = [0x6969, 0xff53_4d42, 0xfe53_4d42];
    let kind = rustix::fs::fstatfs(lock).map(|fs| u32::try_from(fs.f_type & 0xffff_ffff));
    if matches!(kind, Ok(Ok(kind)) if NETWORK.contains(&kind)) {
        tracing::warn!(folder = %root.display(), "the data is on a network drive, whose locks may not hold");
    }
}

#[cfg(not(target_os = "linux"))]
fn warn_of_network_drive(_: &File, _: &Path) {}
