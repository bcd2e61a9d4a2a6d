//! The taxonomy of entitlement status, L1 / L2 / L3, by name (DOMAIN section 5). Data: `data/taxonomy.json`.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

#[derive(Deserialize)]
struct TaxonomyFile {
    l1: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    path: String,
    name: String,
    #[serde(default)]
    l2: Vec<Node>,
    #[serde(default)]
    l3: Vec<Node>,
}

/// The names of the nodes, by path.
#[derive(Debug)]
pub struct Taxonomy {
    names: HashMap<String, String>,
}

static TAXONOMY: LazyLock<Taxonomy> = LazyLock::new(Taxonomy::shipped);

/// The taxonomy that the product ships.
pub fn taxonomy() -> &'static Taxonomy {
    &TAXONOMY
}

impl Taxonomy {
    #[expect(clippy::expect_used, reason = "the file is part of the program, and a test reads it")]
    fn shipped() -> Self {
        let file: TaxonomyFile =
            serde_json::from_str(include_str!("../../data/taxonomy.json")).expect("data/taxonomy.json");
        let mut names = HashMap::new();
        let mut open = file.l1;
        while let Some(node) = open.pop() {
            open.extend(node.l2.into_iter().chain(node.l3));
            names.insert(node.path, node.name);
        }
        Self { names }
    }

    /// Whether the taxonomy has the node that these codes lead to; empty codes end the path.
    pub fn has(&self, l1: &str, l2: &str, l3: &str) -> bool {
        self.names.contains_key(&path(l1, l2, l3))
    }

    /// The name of the deepest level that these codes lead to. A node that is gone stays readable as its code.
    pub fn name<'a>(&'a self, l1: &'a str, l2: &'a str, l3: &'a str) -> &'a str {
        let code = [l3, l2, l1].into_iter().find(|code| !code.is_empty()).unwrap_or(l1);
        self.names.get(&path(l1, l2, l3)).map_or(code, String::as_str)
    }
}

fn path(l1: &str, l2: &str, l3: &str) -> String {
    [l1, l2, l3].into_iter().take_while(|code| !code.is_empty()).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_are_named_by_their_path_and_stay_readable_when_gone() {
        let t = taxonomy();
        assert_eq!(t.name("in_progress", "", ""), "In Progress");
        assert_eq!(t.name("in_progress", "migration", ""), "Migration");
        assert_eq!(t.name("in_progress", "retired_code", ""), "retired_code");
        assert!(t.has("status_unknown", "new_subscription_or_workload", ""));
        assert!(!t.has("in_progress", "billing_licensing_subscription", ""));
    }
}
