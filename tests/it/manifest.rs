//! The app package: repeatable, exactly its files, and each rule of the checklist that can be
//! proved offline refuses what it names.

use std::io::{Cursor, Read};

use serde_json::{Value, json};
use tenantry::bot::manifest::{self, CommandEntry, ManifestError, ManifestOptions, Scope};
use tenantry::intents::registry;
use uuid::Uuid;

const COMMANDS: &[CommandEntry<'static>] = &[
    CommandEntry { title: "tenants", description: "List the tenants of my portfolio", scopes: &Scope::ALL },
    CommandEntry { title: "undo", description: "Take my last change back", scopes: &[Scope::Personal] },
];

fn options() -> ManifestOptions {
    ManifestOptions::for_host(Uuid::from_u128(0xb0), "Northwind Consulting", "tenantry.northwind.com")
}

fn files(package: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut zip = zip::ZipArchive::new(Cursor::new(package)).expect("a zip");
    (0..zip.len())
        .map(|index| {
            let mut file = zip.by_index(index).expect("an entry");
            let mut content = Vec::new();
            file.read_to_end(&mut content).expect("readable");
            (file.name().to_owned(), content)
        })
        .collect()
}

/// Checklist 1, 20: the same input gives the same bytes, and nothing else is inside.
#[test]
fn pkg_01_20_exactly_its_files_and_repeatable() {
    let package = manifest::package(&options(), COMMANDS).expect("a package");
    assert_eq!(package, manifest::package(&options(), COMMANDS).expect("a package"));
    let files = files(&package);
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["manifest.json", "color.png", "outline.png", "languages/de.json"]);

    let year_1980 = zip::DateTime::default();
    let mut zip = zip::ZipArchive::new(Cursor::new(&package)).expect("a zip");
    for index in 0..zip.len() {
        assert_eq!(zip.by_index(index).expect("an entry").last_modified(), Some(year_1980));
    }
}

/// Checklist 5, 10, 38: what the caller gave stands in the manifest, and only there.
#[test]
fn pkg_05_10_38_the_installation_stands_in_the_manifest() {
    let package = manifest::package(&options(), COMMANDS).expect("a package");
    let manifest: Value = serde_json::from_slice(&files(&package)[0].1).expect("json");
    assert_eq!(manifest["bots"][0]["botId"], json!(Uuid::from_u128(0xb0)));
    assert_eq!(manifest["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(manifest["developer"]["privacyUrl"], "https://tenantry.northwind.com/privacy");
    let lists = manifest["bots"][0]["commandLists"].as_array().expect("lists");
    let titles = |scope: &str| -> Vec<&str> {
        lists
            .iter()
            .filter(|list| list["scopes"] == json!([scope]))
            .flat_map(|list| list["commands"].as_array().expect("commands"))
            .map(|command| command["title"].as_str().expect("a title"))
            .collect()
    };
    assert_eq!(titles("personal"), ["tenants", "undo"]);
    assert_eq!(titles("team"), ["tenants"]);
    assert_eq!(titles("groupChat"), ["tenants"]);
    assert!(!manifest.to_string().contains("host.invalid"), "a placeholder is left");
}

/// Checklist 17, 129: links of the server's own host, and of no other, are asked about; without a host none are.
#[test]
fn pkg_17_129_links_of_our_own_host_are_handled() {
    let document = |options| manifest::document(&options, COMMANDS).expect("a manifest");
    assert_eq!(document(options())["composeExtensions"][0].get("messageHandlers"), None);
    let host = |host: &str| ManifestOptions { link_host: Some(host.to_owned()), ..options() };
    let manifest = document(host("bot.northwind.com"));
    assert_eq!(manifest::check(&manifest), Vec::<String>::new());
    let handler = &manifest["composeExtensions"][0]["messageHandlers"][0];
    assert_eq!(handler["value"]["domains"], json!(["bot.northwind.com"]));
    assert_eq!(handler["value"]["supportsAnonymizedPayloads"], true);
    assert!(manifest::package(&host("bot.azurewebsites.net"), COMMANDS).is_err());
}

/// Checklist 8, 10-13, 26: the commands that the product has make a package, under the product's one name.
#[test]
fn pkg_08_10_26_the_commands_of_the_product_can_be_packed() {
    let commands: Vec<CommandEntry<'_>> = registry::COMMANDS
        .iter()
        .filter(|command| command.listed)
        .map(|command| CommandEntry { title: command.word(), description: command.says, scopes: &Scope::ALL })
        .collect();
    let manifest = manifest::document(&options(), &commands).expect("a manifest");
    assert_eq!(manifest::check(&manifest), Vec::<String>::new());
    assert_eq!(manifest["name"]["short"], tenantry::NAME);
}

/// Checklist 11: what is listed fits: none is left out in silence.
#[test]
fn pkg_11_no_more_commands_are_listed_than_teams_offers() {
    assert!(registry::COMMANDS.iter().filter(|command| command.listed).count() <= 10);
}

/// Checklist 152, 155: every text that people see before they write is there in German, and the bot understands the
/// German words.
#[test]
fn pkg_152_155_every_text_of_the_package_is_there_in_german() {
    let listed = || registry::COMMANDS.iter().filter(|command| command.listed);
    let commands: Vec<CommandEntry<'_>> = listed()
        .map(|command| CommandEntry { title: command.word(), description: command.says, scopes: &Scope::ALL })
        .collect();
    let files = files(&manifest::package(&options(), &commands).expect("a package"));
    let manifest: Value = serde_json::from_slice(&files[0].1).expect("json");
    let german: Value = serde_json::from_slice(&files[3].1).expect("json");
    assert_eq!(manifest["localizationInfo"]["additionalLanguages"][0]["file"], files[3].0);
    for text in [
        "name.short",
        "name.full",
        "description.short",
        "description.full",
        "composeExtensions[0].commands[0].title",
    ] {
        assert!(german[text].is_string(), "{text} is missing in manifest/languages/de.json");
    }
    for (list, _) in Scope::ALL.iter().enumerate() {
        for (index, command) in listed().enumerate() {
            let place = format!("bots[0].commandLists[{list}].commands[{index}]");
            let title = german[format!("{place}.title")].as_str().unwrap_or_default();
            assert!(
                command.words.contains(&title),
                "{}: the bot does not understand {title:?}",
                command.word()
            );
            let description = german[format!("{place}.description")].as_str().unwrap_or_default();
            assert!((1..=128).contains(&description.chars().count()), "{}: {description:?}", command.word());
        }
    }
}

/// The template alone is no installation: nobody can pack it by mistake.
#[test]
fn pkg_05_38_placeholders_are_refused() {
    let nobody = ManifestOptions::for_host(Uuid::nil(), "Your organisation", "host.invalid");
    let Err(ManifestError::Rules(findings)) = manifest::package(&nobody, COMMANDS) else {
        panic!("the placeholders were packed");
    };
    for rule in ["4: ", "5: ", "38: "] {
        assert!(findings.iter().any(|finding| finding.starts_with(rule)), "{rule} in {findings:?}");
    }
}

/// Each rule finds the manifest that breaks it, and a good manifest breaks none.
#[test]
fn pkg_each_rule_refuses_what_it_names() {
    let good = manifest::document(&options(), COMMANDS).expect("a manifest");
    assert_eq!(manifest::check(&good), Vec::<String>::new());

    let command = |title: &str| json!({ "title": title, "description": "Does it" });
    let eleven: Vec<Value> = (0..11).map(|n| command(&format!("command {n}"))).collect();
    let cases: Vec<(&str, &str, Value)> = vec![
        ("2, 3", "/manifestVersion", json!("devPreview")),
        (
            "2",
            "/$schema",
            json!("https://developer.microsoft.com/json-schemas/teams/v1.24/MicrosoftTeams.schema.json"),
        ),
        ("2, 3", "/manifestVersion", json!("1.9")),
        ("4", "/version", json!("1.0")),
        ("4", "/version", json!("1.02.0")),
        ("4", "/id", json!("tenantry")),
        ("2", "/developer/name", json!("x".repeat(33))),
        ("5", "/bots/0/botId", json!(Uuid::nil())),
        ("8", "/composeExtensions", json!([])),
        ("8", "/extensions", json!([])),
        ("5", "/composeExtensions/0/botId", json!(Uuid::from_u128(1))),
        ("121", "/composeExtensions/0/commands", json!([])),
        ("121", "/composeExtensions/0/commands/0/title", json!("x".repeat(33))),
        ("121", "/composeExtensions/0/commands/0/parameters/0/description", json!("")),
        (
            "127",
            "/composeExtensions/0/commands/0",
            json!({ "type": "action", "title": "Save note", "description": "Saves it" }),
        ),
        (
            "17",
            "/composeExtensions/0/messageHandlers",
            json!([{ "value": { "domains": ["*.azurewebsites.net"] } }]),
        ),
        ("8", "/staticTabs", json!([])),
        ("8", "/bots", json!([])),
        ("9", "/bots/0/isNotificationOnly", json!(true)),
        ("10", "/bots/0/commandLists", json!([])),
        ("10, 11", "/bots/0/commandLists/0/commands", json!([])),
        ("10, 11", "/bots/0/commandLists/0/commands", json!(eleven)),
        ("10, 11", "/bots/0/commandLists/0/commands/0/title", json!("x".repeat(33))),
        ("10, 11", "/bots/0/commandLists/0/commands/0/description", json!("")),
        ("10, 11", "/bots/0/commandLists/0/commands/0/description", json!("x".repeat(129))),
        ("12", "/bots/0/commandLists/0/commands/0/title", json!("/tenants")),
        ("12", "/bots/0/commandLists/0/commands/1/title", json!("Tenants")),
        ("13", "/bots/0/scopes", json!(["personal", "copilot"])),
        ("14", "/validDomains", json!(["*.azurewebsites.net"])),
        ("14", "/validDomains", json!(["abc.ngrok-free.app"])),
        ("14", "/validDomains", json!(["com"])),
        ("15", "/validDomains", json!(["bot.*.northwind.com"])),
        ("16", "/validDomains", json!(["token.botframework.com"])),
        ("24", "/name/short", json!("Calendar")),
        ("24", "/name/short", json!("x".repeat(31))),
        ("27", "/description/short", json!("x".repeat(81))),
        ("27", "/description/short", json!("One sentence. And another.")),
        ("27", "/description/short", json!("Tenantry keeps notes.")),
        ("28", "/description/full", json!("word ".repeat(501))),
        ("28", "/description/full", json!("The best bot.")),
        ("28", "/description/full", json!("BUY IT NOW please.")),
        ("29", "/description/full", json!("Works with O365.")),
        ("29", "/description/full", json!("Made for Teams and Microsoft Teams.")),
        ("38", "/developer/websiteUrl", json!("http://northwind.com")),
        ("38", "/developer/privacyUrl", json!("https://localhost/privacy")),
        ("38", "/developer/termsOfUseUrl", json!("https://10.0.0.1/terms")),
        ("38", "/developer/termsOfUseUrl", json!("https://user@northwind.com/terms")),
    ];
    for (rule, place, value) in cases {
        let mut bad = good.clone();
        put(&mut bad, place, value.clone());
        let findings = manifest::check(&bad);
        assert!(
            findings
                .iter()
                .any(|finding| finding.split(':').next().is_some_and(|numbers| numbers.contains(rule))),
            "rule {rule} did not refuse {place} = {value}: {findings:?}"
        );
    }
}

/// Sets a value, adding the last member of the place where it is missing.
fn put(document: &mut Value, place: &str, value: Value) {
    let (parent, name) = place.rsplit_once('/').expect("a place");
    match document.pointer_mut(parent).expect("a parent") {
        Value::Array(list) => list[name.parse::<usize>().expect("an index")] = value,
        object => object[name] = value,
    }
}

/// Checklist 21, 22: both icons have the size and the pixels that Teams asks for.
#[test]
fn pkg_21_22_icons_have_their_sizes() {
    let files = files(&manifest::package(&options(), COMMANDS).expect("a package"));
    for (index, side) in [(1, 192_u32), (2, 32)] {
        let (name, png) = &files[index];
        assert_eq!(png[..8], *b"\x89PNG\r\n\x1a\n", "{name}");
        assert_eq!(png[16..20], side.to_be_bytes(), "{name}: width");
        assert_eq!(png[20..24], side.to_be_bytes(), "{name}: height");
        assert_eq!(png[24..26], [8, 6], "{name}: 8 bits, with transparency");
    }
}

/// Checklist 171: nothing in the package looks like a credential.
#[test]
fn pkg_171_no_secret_in_the_package() {
    for (name, content) in files(&manifest::package(&options(), COMMANDS).expect("a package")) {
        let text = String::from_utf8_lossy(&content).to_lowercase();
        for word in ["secret", "password", "token", "bearer"] {
            assert!(!text.contains(word), "{name} says {word}");
        }
    }
}
