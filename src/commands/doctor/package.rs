//! The app package that the Teams administrator uploads, held against this program and its settings.

use std::path::Path;

use tenantry::bot::manifest::{self, Package};
use uuid::Uuid;

use super::finding::{Finding, fail, ok, warn};

/// Looks at the package at `path`.
pub fn look(path: &Path, domain: Option<&str>, client_id: Option<Uuid>) -> Vec<Finding> {
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) => return vec![fail("package", format!("{} cannot be read: {error}.", path.display()))],
    };
    let Some(package) = manifest::open(&bytes) else {
        return vec![fail("package", "This is no app package: make one with `tenantry manifest`.")];
    };
    let mut findings = shortcomings(&package, domain, client_id);
    if findings.is_empty() {
        findings.push(ok("package", format!("Version {}, for this bot.", package.version)));
    }
    findings
}

fn shortcomings(package: &Package, domain: Option<&str>, client_id: Option<Uuid>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    if client_id.is_some_and(|id| id != package.bot_id) {
        let says = "make it anew with `tenantry manifest --client-id`";
        findings.push(fail("package", format!("It is another bot's than CLIENT_ID: {says}.")));
    }
    if let Some(domain) = domain.filter(|domain| !package.domains.iter().any(|listed| listed == domain)) {
        let says = "make it anew with `tenantry manifest --domain`";
        findings.push(fail("package", format!("{domain} is not among its valid domains: {says}.")));
    }
    if package.version != env!("CARGO_PKG_VERSION") {
        let says = concat!(
            "this program is ",
            env!("CARGO_PKG_VERSION"),
            ": make it anew, and upload it as an update"
        );
        findings.push(warn("package", format!("Its version is {}, {says}.", package.version)));
    }
    findings
        .extend(package.findings.iter().map(|broken| fail("package", format!("It breaks rule {broken}."))));
    findings
}
