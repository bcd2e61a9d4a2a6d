//! What every turn pays for.
#![expect(clippy::unwrap_used, reason = "a bench fails by panicking")]

use divan::{Bencher, black_box};
use serde_json::Value;
use tenantry::template::Template;

fn main() {
    divan::main();
}

/// A tenant with 5 services and 20 rows of entitlements: a card of 6 KB.
#[divan::bench]
fn expand_tenant_summary(bencher: Bencher<'_, '_>) {
    expand(
        bencher,
        include_str!("../tests/template/card-tenant-summary/template.json"),
        include_str!("../tests/template/card-tenant-summary/data.json"),
    );
}

/// A page of 25 tenants: a card of 14 KB.
#[divan::bench]
fn expand_tenant_list(bencher: Bencher<'_, '_>) {
    expand(
        bencher,
        include_str!("../tests/template/card-tenant-list/template.json"),
        include_str!("../tests/template/card-tenant-list/data.json"),
    );
}

fn expand(bencher: Bencher<'_, '_>, template: &str, data: &str) {
    let template = Template::parse(template).unwrap();
    let data: Value = serde_json::from_str(data).unwrap();
    bencher.bench(|| template.expand(black_box(&data)).unwrap());
}
