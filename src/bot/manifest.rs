//! The app package that an administrator uploads to Teams: manifest, two icons and a file for each further language.
//!
//! `manifest/manifest.json` holds everything that is the same for every installation; ids, addresses,
//! version and the command lists are put in here. The package is byte-for-byte repeatable (checklist
//! 20), holds these files and no other (checklist 1), and is not built when a rule of [`rules`] is broken.
//! Knows nothing of the wire or of tenants.

use std::io::{Cursor, Read as _, Write};

use serde_json::{Value, json};
use uuid::Uuid;
use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

mod language;
mod rules;

pub use rules::check;

const TEMPLATE: &str = include_str!("../../manifest/manifest.json");
const COLOR: &[u8] = include_bytes!("../../manifest/color.png");
const OUTLINE: &[u8] = include_bytes!("../../manifest/outline.png");

/// The parameter of the message extension that holds what was typed.
pub const TYPED: &str = "query";

/// The action on a message that saves it as a note.
pub const SAVE_AS_NOTE: &str = "note";

/// A place in Teams where the bot can be installed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The chat between one person and the bot.
    Personal,
    /// The channels of a team.
    Team,
    /// A chat of several people, or the chat of a meeting.
    GroupChat,
}

impl Scope {
    /// Every scope, in the order in which the manifest lists them.
    pub const ALL: [Self; 3] = [Self::Personal, Self::Team, Self::GroupChat];

    /// The name that the manifest schema uses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Personal => "personal",
            Self::Team => "team",
            Self::GroupChat => "groupChat",
        }
    }
}

/// One command as Teams offers it above the box where people write.
#[derive(Clone, Copy, Debug)]
pub struct CommandEntry<'a> {
    /// What is written into the box: at most 32 characters (checklist 11).
    pub title: &'a str,
    /// What the command does: at most 128 characters.
    pub description: &'a str,
    /// Where it works; it is listed nowhere else (checklist 54).
    pub scopes: &'a [Scope],
}

/// What differs from one installation to the next.
#[derive(Clone, Debug)]
pub struct ManifestOptions {
    /// The bot's registered application id. Never changes between versions (checklist 5).
    pub bot_id: Uuid,
    /// The app's own id. Never changes between versions (checklist 4).
    pub app_id: Uuid,
    /// `MAJOR.MINOR.PATCH`; rises with every change of the package (checklist 4).
    pub version: String,
    /// The organisation that runs the bot, at most 32 characters.
    pub developer: String,
    /// Where people find help and contact: https, public.
    pub website_url: String,
    /// The privacy statement: https, public.
    pub privacy_url: String,
    /// The terms of use: https, public.
    pub terms_url: String,
    /// The host of all that is ours.
    pub domain: String,
    /// The host of links to tenants and services, the server's `LINK_HOST`: Teams asks the bot about them where they
    /// are pasted. None: there are no links.
    pub link_host: Option<String>,
}

impl ManifestOptions {
    /// The usual choice: the app has the bot's id and this program's version, and the organisation
    /// shows its texts at `/privacy` and `/terms` of one host.
    pub fn for_host(bot_id: Uuid, developer: &str, host: &str) -> Self {
        Self {
            bot_id,
            app_id: bot_id,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            developer: developer.to_owned(),
            website_url: format!("https://{host}"),
            privacy_url: format!("https://{host}/privacy"),
            terms_url: format!("https://{host}/terms"),
            domain: host.to_owned(),
            link_host: None,
        }
    }
}

/// Why no package was built.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// The manifest would be refused. One sentence for each broken rule.
    #[error("the manifest breaks {} rule(s):\n  {}", .0.len(), .0.join("\n  "))]
    Rules(Vec<String>),
    /// The template in the program is no JSON, which the tests exclude.
    #[error("the manifest template is damaged")]
    Template(#[from] serde_json::Error),
    /// The zip could not be written.
    #[error("the package could not be zipped")]
    Zip(#[from] ZipError),
}

/// The manifest of one installation, unchecked.
pub fn document(options: &ManifestOptions, commands: &[CommandEntry<'_>]) -> Result<Value, ManifestError> {
    let mut manifest: Value = serde_json::from_str(TEMPLATE)?;
    let edits = [
        ("/id", json!(options.app_id)),
        ("/version", json!(options.version)),
        ("/developer/name", json!(options.developer)),
        ("/developer/websiteUrl", json!(options.website_url)),
        ("/developer/privacyUrl", json!(options.privacy_url)),
        ("/developer/termsOfUseUrl", json!(options.terms_url)),
        ("/validDomains", json!([options.domain])),
        ("/localizationInfo", language::info()),
        ("/bots/0/botId", json!(options.bot_id)),
        ("/bots/0/commandLists", command_lists(commands)),
        ("/composeExtensions/0/botId", json!(options.bot_id)),
    ];
    for (place, value) in edits {
        if let Some(slot) = manifest.pointer_mut(place) {
            *slot = value;
        }
    }
    if let (Some(host), Some(extension)) = (&options.link_host, manifest.pointer_mut("/composeExtensions/0"))
    {
        let value = json!({ "domains": [host], "supportsAnonymizedPayloads": true });
        extension["messageHandlers"] = json!([{ "type": "link", "value": value }]);
    }
    Ok(manifest)
}

/// The package as the bytes of a zip: `manifest.json`, `color.png`, `outline.png` and `languages/de.json`.
///
/// # Errors
/// [`ManifestError::Rules`] when the options or the commands break a rule of the checklist.
pub fn package(options: &ManifestOptions, commands: &[CommandEntry<'_>]) -> Result<Vec<u8>, ManifestError> {
    let manifest = document(options, commands)?;
    let findings = check(&manifest);
    if !findings.is_empty() {
        return Err(ManifestError::Rules(findings));
    }
    let mut files = vec![
        ("manifest.json".to_owned(), lines(&manifest)?),
        ("color.png".to_owned(), COLOR.to_vec()),
        ("outline.png".to_owned(), OUTLINE.to_vec()),
    ];
    for (tag, texts) in language::LANGUAGES {
        files.push((language::place(tag), lines(&language::file(&manifest, texts)?)?));
    }
    Ok(zipped(&files)?)
}

fn lines(document: &Value) -> Result<Vec<u8>, serde_json::Error> {
    let mut text = serde_json::to_vec_pretty(document)?;
    text.push(b'\n');
    Ok(text)
}

fn zipped(files: &[(String, Vec<u8>)]) -> Result<Vec<u8>, ZipError> {
    // One fixed time and one fixed mode: the same input gives the same bytes on any day and machine.
    let entry = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        zip.start_file(name.as_str(), entry)?;
        zip.write_all(content)?;
    }
    Ok(zip.finish()?.into_inner())
}

/// What a package says of itself.
#[derive(Clone, Debug)]
pub struct Package {
    /// The app's version.
    pub version: String,
    /// The bot that it installs.
    pub bot_id: Uuid,
    /// The hosts that it may show.
    pub domains: Vec<String>,
    /// One sentence for each rule that it breaks.
    pub findings: Vec<String>,
}

/// Bytes that a manifest may have: ours has a twentieth of it.
const LARGEST_MANIFEST: u64 = 1024 * 1024;

/// Reads a package; `None`: it is none.
pub fn open(package: &[u8]) -> Option<Package> {
    let mut zip = ZipArchive::new(Cursor::new(package)).ok()?;
    let mut text = String::new();
    zip.by_name("manifest.json").ok()?.take(LARGEST_MANIFEST).read_to_string(&mut text).ok()?;
    let manifest: Value = serde_json::from_str(&text).ok()?;
    let said = |place: &str| manifest.pointer(place).and_then(Value::as_str);
    let domains = manifest.get("validDomains").and_then(Value::as_array).into_iter().flatten();
    Some(Package {
        version: said("/version")?.to_owned(),
        bot_id: said("/bots/0/botId")?.parse().ok()?,
        domains: domains.filter_map(Value::as_str).map(str::to_owned).collect(),
        findings: check(&manifest),
    })
}

/// Most commands that Teams offers in a scope (checklist 10).
const OFFERED: usize = 10;

/// One list for each scope: the first commands in the order given, as many as Teams offers. Help names all of them.
fn command_lists(commands: &[CommandEntry<'_>]) -> Value {
    let list = |scope: Scope| {
        let entries: Vec<Value> = commands
            .iter()
            .filter(|command| command.scopes.contains(&scope))
            .take(OFFERED)
            .map(|command| json!({ "title": command.title, "description": command.description }))
            .collect();
        json!({ "scopes": [scope.name()], "commands": entries })
    };
    Scope::ALL.into_iter().map(list).collect()
}
