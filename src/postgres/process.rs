//! Which process a lock file of PostgreSQL speaks of, and whether it is still our server.

use std::fs;
use std::path::Path;
use std::process::Command;

/// The process that the first line of `file` names, if it is a living server of the folder `data`.
///
/// A pid that is gone, that is a zombie (containers without an init keep them), or that now belongs
/// to another program is stale, and so is a server that works in another folder.
pub(super) fn living_server(file: &Path, data: &Path) -> Option<u32> {
    let text = fs::read_to_string(file).ok()?;
    let pid: u32 = text.lines().next()?.trim().parse().ok()?;
    let (state, name) = if Path::new("/proc/self/stat").exists() { from_proc(pid)? } else { from_ps(pid)? };
    let server = matches!(name.as_str(), "postgres" | "postmaster");
    (server && !matches!(state, 'Z' | 'X') && !works_elsewhere(pid, data)).then_some(pid)
}

fn from_proc(pid: u32) -> Option<(char, String)> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name stands in parentheses and may hold some itself.
    let (head, tail) = stat.rsplit_once(')')?;
    let (_, name) = head.split_once('(')?;
    Some((tail.trim_start().chars().next()?, name.to_owned()))
}

fn from_ps(pid: u32) -> Option<(char, String)> {
    let output = Command::new("ps").args(["-o", "stat=,comm=", "-p", &pid.to_string()]).output().ok()?;
    let line = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let (state, path) = line.split_once(char::is_whitespace)?;
    let name = path.trim().rsplit('/').next()?;
    Some((state.chars().next()?, name.to_owned()))
}

/// A server's processes stand in its data folder. What cannot be read is not held against the process.
fn works_elsewhere(pid: u32, data: &Path) -> bool {
    let Ok(stands_in) = fs::read_link(format!("/proc/{pid}/cwd")) else { return false };
    fs::canonicalize(data).is_ok_and(|data| data != stands_in)
}
