//! The rules for a manifest that can be proved without a network. Numbers are those of the Teams app
//! checklist, which the messages carry as well.

use std::collections::BTreeSet;

use serde_json::Value;
use uuid::Uuid;

/// Released schema versions that carry everything we declare and that all hosts take.
const SCHEMAS: [&str; 5] = ["1.25", "1.26", "1.27", "1.28", "1.29"];
/// What this product really does. Anything else would be declared for later (rule 8).
const PARTS: [&str; 13] = [
    "$schema",
    "manifestVersion",
    "version",
    "id",
    "developer",
    "name",
    "description",
    "icons",
    "accentColor",
    "localizationInfo",
    "bots",
    "composeExtensions",
    "validDomains",
];
const SCOPES: [&str; 3] = ["personal", "team", "groupChat"];
/// Names of Teams' own features, which no app may have as its whole name (rule 24).
const FEATURES: [&str; 8] = ["activity", "apps", "calendar", "calls", "chat", "files", "help", "teams"];
/// Hosts that others can register names under (rule 14), and hosts that tunnels use.
const SHARED_HOSTS: [&str; 9] = [
    "azurewebsites.net",
    "onmicrosoft.com",
    "microsoft.com",
    "sharepoint.com",
    "trafficmanager.net",
    "ngrok.io",
    "ngrok-free.app",
    "devtunnels.ms",
    "trycloudflare.com",
];
const SUPERLATIVES: [&str; 7] = ["best", "fastest", "leading", "number one", "unique", "world-class", "#1"];

/// One sentence for each rule that the manifest breaks; empty when it may be packed.
pub fn check(manifest: &Value) -> Vec<String> {
    let mut findings = Vec::new();
    identity(manifest, &mut findings);
    links(manifest, &mut findings);
    words(manifest, &mut findings);
    domains(manifest, &mut findings);
    match items(manifest, "/bots") {
        [bot] => commands(bot, &mut findings),
        _ => findings.push("8: there must be exactly one bot".to_owned()),
    }
    match items(manifest, "/composeExtensions") {
        [extension] => lookups(manifest, extension, &mut findings),
        _ => findings.push("8: there must be exactly one message extension".to_owned()),
    }
    findings
}

/// Rules 5, 17, 121 and 127: the extension is this bot's, its commands say what can be typed and whose they are, and
/// it answers links of our own only.
fn lookups(manifest: &Value, extension: &Value, findings: &mut Vec<String>) {
    if text(extension, "/botId") != text(manifest, "/bots/0/botId") {
        findings.push("5: the message extension is another bot's".to_owned());
    }
    let mut seen = BTreeSet::new();
    for command in items(extension, "/commands") {
        let (title, about) = (text(command, "/title"), text(command, "/description"));
        let fits = (1..=32).contains(&title.chars().count()) && (1..=128).contains(&about.chars().count());
        if !fits || !seen.insert(title.to_lowercase()) {
            findings.push(format!(
                "121: {title:?} needs a title of its own up to 32 and a description up to 128"
            ));
        }
        let explained = items(command, "/parameters").iter().all(|one| !text(one, "/description").is_empty());
        if text(command, "/type") == "query" && (!explained || items(command, "/parameters").is_empty()) {
            findings.push(format!("121: {title:?} does not say what can be typed"));
        }
        if text(command, "/type") == "action" && !title.contains(text(manifest, "/name/short")) {
            findings.push(format!("127: {title:?} does not name the product"));
        }
    }
    if seen.is_empty() {
        findings.push("121: the message extension has no command".to_owned());
    }
    for handler in items(extension, "/messageHandlers") {
        for domain in strings(handler, "/value/domains") {
            if !is_own_host(domain) {
                findings.push(format!("17: links of {domain:?} are not ours"));
            }
        }
    }
}

fn text<'a>(value: &'a Value, place: &str) -> &'a str {
    value.pointer(place).and_then(Value::as_str).unwrap_or_default()
}

fn items<'a>(value: &'a Value, place: &str) -> &'a [Value] {
    value.pointer(place).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn strings<'a>(value: &'a Value, place: &str) -> Vec<&'a str> {
    items(value, place).iter().filter_map(Value::as_str).collect()
}

/// Rules 2 to 5 and 8: schema, version, ids, and nothing that is not used.
fn identity(manifest: &Value, findings: &mut Vec<String>) {
    let schema = text(manifest, "/manifestVersion");
    if !SCHEMAS.contains(&schema) {
        findings.push(format!("2, 3: manifestVersion {schema:?} is not one of {}", SCHEMAS.join(", ")));
    }
    if !text(manifest, "/$schema").ends_with(&format!("/teams/v{schema}/MicrosoftTeams.schema.json")) {
        findings.push("2: $schema and manifestVersion disagree".to_owned());
    }
    let version = text(manifest, "/version");
    if !is_version(version) {
        findings.push(format!("4: version {version:?} is not MAJOR.MINOR.PATCH"));
    }
    for (rule, place) in [("4", "/id"), ("5", "/bots/0/botId")] {
        let id = text(manifest, place);
        if !Uuid::parse_str(id).is_ok_and(|id| !id.is_nil()) {
            findings.push(format!("{rule}: {place} {id:?} is no registered id"));
        }
    }
    let developer = text(manifest, "/developer/name").chars().count();
    if !(1..=32).contains(&developer) {
        findings.push("2: the developer's name has 1 to 32 characters".to_owned());
    }
    for part in manifest.as_object().into_iter().flat_map(|parts| parts.keys()) {
        if !PARTS.contains(&part.as_str()) {
            findings.push(format!("8: {part:?} is declared, but the product does not use it"));
        }
    }
}

/// Three numbers without leading zeros.
fn is_version(version: &str) -> bool {
    let parts: Vec<&str> = version.split('.').collect();
    parts.len() == 3
        && parts.iter().all(|part| part.parse::<u32>().is_ok_and(|number| number.to_string() == **part))
}

/// Rule 38: links are public https addresses of somebody's own host.
fn links(manifest: &Value, findings: &mut Vec<String>) {
    for place in ["websiteUrl", "privacyUrl", "termsOfUseUrl"] {
        let link = text(manifest, &format!("/developer/{place}"));
        let host = link
            .strip_prefix("https://")
            .and_then(|rest| rest.split(['/', '?', '#']).next())
            .unwrap_or_default();
        if !is_own_host(host) {
            findings.push(format!("38: {place} {link:?} is no https address on a host of your own"));
        }
    }
}

/// A full host name with letters in it, not one that is reserved, local or shared with others.
fn is_own_host(host: &str) -> bool {
    let labels: Vec<&str> = host.split('.').collect();
    let well_formed = labels.len() >= 2
        && labels.iter().all(|label| {
            !label.is_empty()
                && !label.starts_with('-')
                && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        });
    let reserved = ["invalid", "example", "test", "local", "localhost", "internal"];
    let top = labels.last().copied().unwrap_or_default();
    well_formed
        && top.chars().any(|c| c.is_ascii_alphabetic())
        && !reserved.contains(&top)
        && !SHARED_HOSTS.iter().any(|shared| host == *shared || host.ends_with(&format!(".{shared}")))
}

/// Rules 24, 27, 28 and 29: name and descriptions.
fn words(manifest: &Value, findings: &mut Vec<String>) {
    let name = text(manifest, "/name/short");
    if name.is_empty() || name.chars().count() > 30 || FEATURES.contains(&name.to_lowercase().as_str()) {
        findings.push(format!("24: {name:?} cannot be the short name"));
    }
    let short = text(manifest, "/description/short");
    if short.is_empty() || short.chars().count() > 80 || short.trim_end_matches('.').contains(". ") {
        findings.push("27: the short description is one sentence of at most 80 characters".to_owned());
    }
    if !name.is_empty() && short.contains(name) {
        findings.push("27: the short description repeats the name".to_owned());
    }
    let full = text(manifest, "/description/full");
    if full.is_empty() || full.chars().count() > 4_000 || full.split_whitespace().count() > 500 {
        findings.push("28: the long description has at most 4,000 characters and 500 words".to_owned());
    }
    for (what, description) in [("short", short), ("long", full)] {
        let lower = description.to_lowercase();
        for word in SUPERLATIVES.iter().filter(|word| lower.contains(**word)) {
            findings.push(format!("28: the {what} description says {word:?}"));
        }
        let written: Vec<&str> = description.split(|c: char| !c.is_alphanumeric()).collect();
        if description.contains("Office 365")
            || written.iter().any(|word| ["O365", "MS", "MSFT"].contains(word))
        {
            findings.push(format!("29: the {what} description uses an old or short product name"));
        }
        if written.windows(3).any(|three| three.iter().all(|word| is_shouted(word))) {
            findings.push(format!("28: the {what} description shouts"));
        }
        if description
            .find("Teams")
            .is_some_and(|at| !description.get(..at).unwrap_or("").ends_with("Microsoft "))
        {
            findings
                .push(format!("29: the {what} description first says \"Microsoft Teams\", later \"Teams\""));
        }
    }
}

fn is_shouted(word: &str) -> bool {
    word.len() > 1 && word.chars().all(char::is_uppercase)
}

/// Rules 14 to 16: domains are ours, wildcards stand alone, and no token service without sign-in.
fn domains(manifest: &Value, findings: &mut Vec<String>) {
    for domain in strings(manifest, "/validDomains") {
        let fixed = domain.trim_start_matches("*.");
        if fixed.contains('*') {
            findings.push(format!("15: a wildcard in {domain:?} is not alone at the left"));
        }
        if domain.ends_with("botframework.com") {
            findings.push(format!("16: {domain:?} is listed, but no sign-in card is used"));
        } else if !is_own_host(fixed) {
            findings.push(format!("14: {domain:?} is no domain of your own"));
        }
    }
}

/// Rules 9 to 13: the bot answers, and each scope offers commands that can be read.
fn commands(bot: &Value, findings: &mut Vec<String>) {
    if bot.get("isNotificationOnly") != Some(&Value::Bool(false)) {
        findings.push("9: isNotificationOnly must be false, since the bot answers".to_owned());
    }
    let scopes = strings(bot, "/scopes");
    if scopes.is_empty() || scopes.len() > 3 || scopes.iter().any(|scope| !SCOPES.contains(scope)) {
        findings.push(format!("13: scopes are some of {}", SCOPES.join(", ")));
    }
    let lists = items(bot, "/commandLists");
    if lists.len() > 3 {
        findings.push("11: at most 3 command lists".to_owned());
    }
    for scope in scopes {
        if !lists.iter().any(|list| strings(list, "/scopes").contains(&scope)) {
            findings.push(format!("10: {scope} has no command list"));
        }
    }
    for list in lists {
        command_list(list, findings);
    }
}

fn command_list(list: &Value, findings: &mut Vec<String>) {
    let scope = strings(list, "/scopes").join("+");
    let entries = items(list, "/commands");
    if entries.is_empty() || entries.len() > 10 {
        findings.push(format!("10, 11: {scope} lists {} commands, not 1 to 10", entries.len()));
    }
    let mut seen = BTreeSet::new();
    for entry in entries {
        let title = text(entry, "/title");
        let description = text(entry, "/description");
        if title.chars().count() > 32 || description.is_empty() || description.chars().count() > 128 {
            findings.push(format!(
                "10, 11: {scope}: {title:?} needs a title up to 32 and a description up to 128"
            ));
        }
        if !title.starts_with(char::is_alphanumeric) {
            findings.push(format!("12: {scope}: {title:?} does not begin with a letter or digit"));
        }
        if !seen.insert(title.to_lowercase()) {
            findings.push(format!("12: {scope}: {title:?} is listed twice"));
        }
    }
}
