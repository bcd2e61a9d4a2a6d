//! The manifest's texts in further languages: one file of the package for each (checklist 152).

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value, json};

/// The languages besides English, each with its texts.
pub(super) static LANGUAGES: [(&str, &str); 1] =
    [("de", include_str!("../../../manifest/languages/de.json"))];

/// Texts of the manifest by where they stand in it, and of each command by its English word: what is written instead,
/// which the bot understands as well, and what it does.
#[derive(Deserialize)]
struct Texts {
    texts: BTreeMap<String, String>,
    commands: BTreeMap<String, (String, String)>,
}

/// Where a language's file is in the package.
pub(super) fn place(tag: &str) -> String {
    format!("languages/{tag}.json")
}

/// What the manifest says of its languages.
pub(super) fn info() -> Value {
    let others: Vec<Value> =
        LANGUAGES.iter().map(|(tag, _)| json!({ "languageTag": tag, "file": place(tag) })).collect();
    json!({ "defaultLanguageTag": "en", "additionalLanguages": others })
}

/// The file of one language for `manifest`. A command without a text in it stays English.
pub(super) fn file(manifest: &Value, texts: &str) -> Result<Value, serde_json::Error> {
    let texts: Texts = serde_json::from_str(texts)?;
    let schema = manifest.get("$schema").and_then(Value::as_str).unwrap_or_default();
    let mut file = Map::new();
    file.insert("$schema".to_owned(), json!(schema.replace("schema.json", "Localization.schema.json")));
    // The product has one name in every language.
    file.insert("name.short".to_owned(), json!(crate::NAME));
    file.extend(texts.texts.into_iter().map(|(place, text)| (place, json!(text))));
    let lists = manifest.pointer("/bots/0/commandLists").and_then(Value::as_array);
    for (list, commands) in lists.into_iter().flatten().enumerate() {
        let commands = commands.get("commands").and_then(Value::as_array).into_iter().flatten();
        for (index, command) in commands.enumerate() {
            let word = command.get("title").and_then(Value::as_str).unwrap_or_default();
            let Some((title, description)) = texts.commands.get(word) else { continue };
            let place = format!("bots[0].commandLists[{list}].commands[{index}]");
            file.insert(format!("{place}.title"), json!(title));
            file.insert(format!("{place}.description"), json!(description));
        }
    }
    Ok(file.into())
}
