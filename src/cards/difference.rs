//! What an edit changes, field by field: "40% AU: 1 Mar 2027 → 1 Apr 2027".

use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};

use super::run::Run;
use super::text::{UserText, clip, number, plain};

/// More tenants or services than this get one line each.
const HEADED: usize = 5;
/// Most lines that a card lists.
const LINES: usize = 20;
/// Most characters of an old or new value.
const VALUE: usize = 160;
/// Most characters that stay together.
const SHORT: usize = 14;
/// Most values that one line names.
const IN_ONE_LINE: usize = 4;

/// One field, before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The field, in our words.
    pub label: String,
    /// Whose field it is, a tenant or a service; empty where the card says it already.
    pub about: UserText,
    /// Before; empty: there was nothing.
    pub old: UserText,
    /// After; empty: there is nothing any more.
    pub new: UserText,
}

impl Difference {
    /// The field with this label, before and after.
    pub fn new(label: impl Into<String>, old: impl Into<UserText>, new: impl Into<UserText>) -> Self {
        Self { label: label.into(), about: UserText::default(), old: old.into(), new: new.into() }
    }

    /// Says whose field it is.
    #[must_use]
    pub fn about(mut self, about: impl Into<UserText>) -> Self {
        self.about = about.into();
        self
    }

    /// "Label: old → **new**".
    fn runs(&self) -> [Run<'static>; 2] {
        let value =
            |text: &UserText| if text.is_empty() { "none".to_owned() } else { unbroken(text.whole()) };
        let space = if self.label.chars().count() <= SHORT { "\u{A0}" } else { " " };
        let before = format!("{}:{space}{}\u{A0}→ ", unbroken(&self.label), value(&self.old));
        [Run::new(before).subtle(), Run::new(value(&self.new)).bold()]
    }
}

/// Differences as a card lists them: under a heading for each tenant or service where there are several,
/// one line for each where there are many, and no more than a card holds.
#[derive(Debug, Clone, Default)]
pub(super) struct Changes {
    groups: Vec<(UserText, Vec<Difference>)>,
    lines: usize,
}

/// A line of the list.
#[derive(Serialize)]
struct Line {
    spacing: &'static str,
    runs: Vec<Run<'static>>,
}

impl Changes {
    /// All of them, each tenant or service in one place, in the order in which they first occur.
    pub fn new(differences: Vec<Difference>) -> Self {
        let mut groups: Vec<(UserText, Vec<Difference>)> = Vec::new();
        for difference in differences {
            match groups.iter_mut().find(|(about, _)| *about == difference.about) {
                Some((_, group)) => group.push(difference),
                None => groups.push((difference.about.clone(), vec![difference])),
            }
        }
        Self { groups, lines: LINES }
    }

    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// Whose fields they are, when they all are of one tenant or service.
    pub fn only(&self) -> Option<&UserText> {
        match self.groups.as_slice() {
            [(about, _)] => Some(about),
            _ => None,
        }
    }

    /// The same with fewer lines; `None`: none is left.
    pub fn fewer(&self) -> Option<Self> {
        let lines = self.lines.min(self.total()) * 3 / 4;
        (lines < self.lines && !self.is_empty() && self.lines > 0).then(|| Self { lines, ..self.clone() })
    }

    /// How many lines there would be without a limit, headings not counted.
    fn total(&self) -> usize {
        if self.compact() {
            self.groups.len()
        } else {
            self.groups.iter().map(|(_, group)| group.len()).sum()
        }
    }

    fn compact(&self) -> bool {
        self.groups.len() > HEADED
    }

    fn listed(&self) -> Vec<Line> {
        if self.compact() {
            return self
                .groups
                .iter()
                .take(self.lines)
                .map(|(about, group)| one_line(about, group))
                .collect();
        }
        let several = self.groups.len() > 1;
        let mut left = self.lines;
        let mut lines = Vec::new();
        for (about, group) in &self.groups {
            if several && left > 0 && !about.is_empty() {
                lines.push(Line { spacing: "Small", runs: vec![Run::new(heading(about)).bold()] });
            }
            let shown = group.iter().take(left);
            lines.extend(shown.map(|difference| Line { spacing: "None", runs: difference.runs().into() }));
            left = left.saturating_sub(group.len());
        }
        lines
    }

    fn more(&self) -> String {
        match self.total().saturating_sub(self.lines) {
            0 => String::new(),
            more => format!("and {} more", number(u64::try_from(more).unwrap_or(u64::MAX))),
        }
    }
}

/// A label or value on one line; a short one, such as a date, is not broken at its spaces.
fn unbroken(text: &str) -> String {
    let space = if text.chars().count() <= SHORT { "\u{A0}" } else { " " };
    plain(&clip(text, VALUE).replace('\n', " ")).replace(' ', space)
}

fn heading(about: &UserText) -> String {
    plain(&clip(about.whole(), VALUE)).into_owned()
}

/// "**Contoso**  15% AU: none → **1 Mar 2027** · 40% AU: none → **1 Apr 2027**".
fn one_line(about: &UserText, group: &[Difference]) -> Line {
    let mut runs = vec![Run::new(heading(about)).bold()];
    for (index, difference) in group.iter().take(IN_ONE_LINE).enumerate() {
        runs.push(Run::new(if index == 0 { "\u{2002}" } else { " · " }).subtle());
        runs.extend(difference.runs().map(Run::small));
    }
    if group.len() > IN_ONE_LINE {
        runs.push(Run::new(format!(" · and {} more", group.len() - IN_ONE_LINE)).small().subtle());
    }
    Line { spacing: "Small", runs }
}

impl Serialize for Changes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Changes", 2)?;
        fields.serialize_field("lines", &self.listed())?;
        fields.serialize_field("more", &self.more())?;
        fields.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a reader sees, one string for each line.
    fn seen(differences: Vec<Difference>) -> Vec<String> {
        let changes = serde_json::to_value(Changes::new(differences)).unwrap();
        let words = |line: &serde_json::Value| -> String {
            line["runs"].as_array().unwrap().iter().map(|run| run["text"].as_str().unwrap()).collect()
        };
        let lines = changes["lines"].as_array().unwrap().iter().map(words);
        let more = changes["more"].as_str().filter(|more| !more.is_empty()).map(str::to_owned);
        lines.chain(more).map(|line| line.replace(['\u{A0}', '\u{2002}'], " ")).collect()
    }

    fn moved(about: &str) -> Difference {
        Difference::new("40% AU", "1 Mar 2027", "1 Apr 2027").about(about)
    }

    #[test]
    fn one_service_needs_no_heading_and_several_stand_together() {
        assert_eq!(seen(vec![moved("Exchange")]), ["40% AU: 1 Mar 2027 → 1 Apr 2027"]);
        let added = Difference::new("15% AU", "", "1 Feb 2027").about("Exchange");
        assert_eq!(
            seen(vec![moved("Exchange"), moved("Teams"), added]),
            [
                "Exchange",
                "40% AU: 1 Mar 2027 → 1 Apr 2027",
                "15% AU: none → 1 Feb 2027",
                "Teams",
                "40% AU: 1 Mar 2027 → 1 Apr 2027"
            ]
        );
    }

    #[test]
    fn many_tenants_get_a_line_each_and_none_goes_uncounted() {
        let lines = seen((0..51).map(|number| moved(&format!("Store {number}"))).collect());
        assert_eq!(lines.len(), 21);
        assert_eq!(lines[20], "and 31 more");
        assert_eq!(lines[19], "Store 19 40% AU: 1 Mar 2027 → 1 Apr 2027");
        let of_two = seen((0..30).map(|number| moved(if number < 15 { "A" } else { "B" })).collect());
        assert_eq!((of_two.len(), of_two.last().unwrap().as_str()), (23, "and 10 more"));
    }
}
