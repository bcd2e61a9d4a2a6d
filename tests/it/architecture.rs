//! Who may import whom. The table stands in `docs/architecture.md`, once, for people and for this
//! test: an arrow is allowed by writing it there, and seen by everyone who reads the guide.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use regex::Regex;

const GUIDE: &str = include_str!("../../docs/architecture.md");
const LIBRARY: &str = include_str!("../../src/lib.rs");

type Table = BTreeMap<String, BTreeSet<String>>;

/// The rows between `<!-- name -->` and `<!-- /name -->`: first column -> names in the second.
fn table(name: &str) -> Table {
    let begin = GUIDE.find(&format!("<!-- {name} -->")).expect("the table begins");
    let end = GUIDE.find(&format!("<!-- /{name} -->")).expect("the table ends");
    let names = |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
    GUIDE[begin..end]
        .lines()
        .filter(|line| line.starts_with("| `"))
        .flat_map(|line| {
            let cells: Vec<&str> = line.split('|').collect();
            let allowed: BTreeSet<String> = names(cells[2]).into_iter().collect();
            names(cells[1]).into_iter().map(move |row| (row, allowed.clone()))
        })
        .collect()
}

/// A name that a source file uses: where, and which.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Arrow {
    line: usize,
    to: String,
}

/// The code of a file with comments and doc comments blanked out, line numbers kept.
fn code(source: &str) -> String {
    let blank =
        |line: &str| if line.trim_start().starts_with("//") { String::new() } else { line.to_owned() };
    source.lines().map(blank).collect::<Vec<_>>().join("\n")
}

/// Every module of ours that the source names, in a path or as a member of a group.
fn modules_named(source: &str) -> Vec<Arrow> {
    static PATH: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\bcrate::(\{|[a-z_][a-z0-9_]*)").expect("a pattern"));
    let source = code(source);
    let mut found = Vec::new();
    for path in PATH.captures_iter(&source) {
        let name = path.get(1).expect("a name");
        let line = source[..name.start()].matches('\n').count() + 1;
        let names = if name.as_str() == "{" { group(&source[name.end()..]) } else { vec![name.as_str()] };
        found.extend(names.into_iter().map(|to| Arrow { line, to: to.to_owned() }));
    }
    found
}

/// First segments of the members of a `use` group, up to its closing brace.
fn group(rest: &str) -> Vec<&str> {
    let mut depth = 1;
    let mut members = Vec::new();
    let mut start = 0;
    for (at, c) in rest.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 1 => {
                members.push(&rest[start..at]);
                start = at + 1;
            }
            _ => {}
        }
        if depth == 0 {
            members.push(&rest[start..at]);
            break;
        }
    }
    members.into_iter().filter_map(first_segment).collect()
}

fn first_segment(member: &str) -> Option<&str> {
    member.trim().split([':', ' ']).next().filter(|name| !name.is_empty())
}

/// Every crate of the table that the source names, as a path or as a macro's path.
fn crates_named(source: &str, crates: &Table) -> BTreeSet<Arrow> {
    static PATH: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?:^|[^:\w])([a-z_0-9]+)::|\buse ([a-z_0-9]+)").expect("a pattern"));
    let mut found = BTreeSet::new();
    for (at, line) in code(source).lines().enumerate() {
        let names = PATH.captures_iter(line).filter_map(|path| path.get(1).or(path.get(2)));
        let listed = names.filter(|name| crates.contains_key(name.as_str()));
        found.extend(listed.map(|name| Arrow { line: at + 1, to: name.as_str().to_owned() }));
    }
    found
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in folder.read_dir().expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The modules of the library.
fn declared() -> BTreeSet<String> {
    let modules = LIBRARY.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    modules.map(str::to_owned).collect()
}

/// Each source file with the module that it belongs to: one of the library's, `lib` or else `main`.
fn house() -> Vec<(String, String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let modules = declared();
    let mut paths = Vec::new();
    sources(&root, &mut paths);
    paths.sort();
    let read = |path: PathBuf| {
        let inside = path.strip_prefix(&root).expect("below src").to_string_lossy().replace('\\', "/");
        let first = inside.split(['/', '.']).next().unwrap_or_default();
        let module = if first == "lib" || modules.contains(first) { first } else { "main" };
        (module.to_owned(), format!("src/{inside}"), std::fs::read_to_string(&path).expect("a source file"))
    };
    paths.into_iter().map(read).collect()
}

/// The table of modules is complete: it has the modules of the library and no other. `main` wires
/// them all together and needs no row.
#[test]
fn every_module_has_a_row() {
    let rows: BTreeSet<String> = table("modules").into_keys().collect();
    assert_eq!(rows, declared(), "docs/architecture.md and src/lib.rs name the same modules");
}

/// No file imports a module of ours that its row does not name.
#[test]
fn modules_import_only_what_their_row_names() {
    let table = table("modules");
    let mut wrong = Vec::new();
    for (module, file, source) in
        house().into_iter().filter(|(module, ..)| !["lib", "main"].contains(&module.as_str()))
    {
        let allowed = table.get(&module).unwrap_or_else(|| panic!("{file}: {module} has no row"));
        for arrow in modules_named(&source) {
            let known = table.contains_key(&arrow.to);
            if known && arrow.to != module && !allowed.contains(&arrow.to) {
                wrong.push(format!("{file}:{}: {module} may not import {}", arrow.line, arrow.to));
            }
        }
    }
    assert!(wrong.is_empty(), "not in the table of docs/architecture.md:\n{}", wrong.join("\n"));
}

/// P2: SQL stays where scopes are made, and each crate with an effect stays behind its one door.
#[test]
fn sr_p02_crates_are_named_only_where_their_row_says() {
    let table = table("crates");
    let mut wrong = Vec::new();
    for (module, file, source) in house() {
        for arrow in crates_named(&source, &table) {
            if !table[&arrow.to].contains(&module) {
                wrong.push(format!("{file}:{}: {module} may not use {}", arrow.line, arrow.to));
            }
        }
    }
    assert!(wrong.is_empty(), "not in the table of docs/architecture.md:\n{}", wrong.join("\n"));
}

/// The two tests above can fail: what they look for is found, however it is written.
#[test]
fn imports_are_found_however_they_are_written() {
    let source = "//! See [`crate::jobs`].\nuse crate::{store::{work, Work}, domain::id,\n  cards};\n\
                  fn f() { crate::feed::read(); let x = crate::http::serve; }\n    // crate::turn";
    let to: Vec<(usize, String)> =
        modules_named(source).into_iter().map(|arrow| (arrow.line, arrow.to)).collect();
    let expected = [(2, "store"), (2, "domain"), (2, "cards"), (4, "feed"), (4, "http")];
    assert_eq!(to, expected.map(|(line, to)| (line, to.to_owned())));

    let crates = Table::from([("sqlx".to_owned(), BTreeSet::new())]);
    let named = crates_named("use sqlx::PgPool;\nsqlx::query!(\"x\");\nlet my_sqlx = 1;\nuse sqlx;", &crates);
    assert_eq!(named.iter().map(|arrow| arrow.line).collect::<Vec<_>>(), [1, 2, 4]);
}
