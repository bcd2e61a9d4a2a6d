//! What Teams adds to the Bot Framework: `channelData`.

use serde::Deserialize;

use super::wire::lenient;

/// The parts of `channelData` that we look at. Anything that has another shape counts as absent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ChannelData {
    /// The directory that the activity comes from: half of who is calling (P1).
    #[serde(deserialize_with = "lenient")]
    pub tenant: Named,
    /// The team, in a channel.
    #[serde(deserialize_with = "lenient")]
    pub team: Named,
    /// The channel itself.
    #[serde(deserialize_with = "lenient")]
    pub channel: Named,
    /// What happened, as Teams spells it; the case differs between pages.
    #[serde(deserialize_with = "lenient")]
    pub event_type: Option<String>,
}

/// Something with an id and a name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Named {
    /// Its id.
    pub id: Option<String>,
    /// Its name; the General channel has none.
    pub name: Option<String>,
}

impl ChannelData {
    /// Whether this is the event `name`, whatever its case.
    pub fn is_event(&self, name: &str) -> bool {
        self.event_type.as_deref().is_some_and(|event| event.eq_ignore_ascii_case(name))
    }
}
