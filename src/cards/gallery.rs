//! Every view with every one of its samples: what the tests and `tenantry check` look at.

use super::view::{Card, RenderError, View, render};
use super::{
    answer, assignment, change_history, compliance, confirm, contact, form, grid, help, note, notice,
    privacy, receipt, service, tenant, welcome,
};

/// One sample of one view, rendered.
#[derive(Debug)]
pub struct Exhibit {
    /// The template's file name.
    pub template: &'static str,
    /// The sample's name, unique within its template.
    pub sample: &'static str,
    /// The card, or why there is none.
    pub card: Result<Card, RenderError>,
}

/// All samples of all views.
pub fn gallery() -> Vec<Exhibit> {
    [
        shown::<help::Help>(),
        shown::<answer::Answer>(),
        shown::<welcome::Personal>(),
        shown::<welcome::Team>(),
        shown::<notice::Notice>(),
        shown::<tenant::List>(),
        shown::<tenant::Choice>(),
        shown::<tenant::Summary>(),
        shown::<tenant::Posted>(),
        shown::<service::Service>(),
        shown::<grid::Grid>(),
        shown::<compliance::Gaps>(),
        shown::<change_history::ChangeHistory>(),
        shown::<assignment::Assignments>(),
        shown::<form::Form>(),
        shown::<confirm::Confirm>(),
        shown::<receipt::Receipt>(),
        shown::<contact::Contacts>(),
        shown::<privacy::Sheet>(),
        shown::<note::Form>(),
        shown::<note::Saved>(),
        shown::<note::Conflict>(),
        shown::<note::History>(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn shown<V: View>() -> Vec<Exhibit> {
    let exhibit = |(sample, view)| Exhibit { template: V::TEMPLATE, sample, card: render(&view) };
    V::samples().into_iter().map(exhibit).collect()
}
