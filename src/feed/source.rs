//! Files into raw rows: JSON Lines and CSV. What the fields mean is not known here.

use std::path::Path;

use serde_json::{Map, Value};

use super::kind::Kind;
use super::report::{Problem, Rule};

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// JSON Lines: every line names its kind.
    Lines,
    /// CSV: the file's name tells the kind.
    Csv(Kind),
}

impl Shape {
    /// `*.jsonl`, `tenant.csv` or `*.tenant.csv`.
    pub(super) fn of(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let (stem, ending) = name.rsplit_once('.')?;
        match ending {
            "jsonl" => Some(Self::Lines),
            "csv" => Kind::of(stem.rsplit('.').next()?).map(Self::Csv),
            _ => None,
        }
    }
}

/// A file that was read whole.
#[derive(Debug, Clone)]
pub(super) struct Source<'a> {
    /// Name without folder.
    pub name: String,
    pub shape: Shape,
    pub content: std::borrow::Cow<'a, str>,
}

impl Source<'static> {
    /// Reads a file. The name is given back in either case, for the report.
    pub(super) fn read(path: &Path) -> Result<Self, (String, Rule)> {
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let Some(shape) = Shape::of(&name) else { return Err((name, Rule::UnknownFormat)) };
        match std::fs::read(path).map(String::from_utf8) {
            Ok(Ok(content)) => Ok(Self { name, shape, content: content.into() }),
            Ok(Err(_)) => Err((name, Rule::NotUtf8)),
            Err(error) => Err((name, Rule::Unreadable(error.kind().to_string()))),
        }
    }
}

impl Source<'_> {
    /// What the file begins with: files are taken in the order in which their rows rest on each other.
    pub(super) fn first_kind(&self) -> Option<Kind> {
        match self.shape {
            Shape::Csv(kind) => Some(kind),
            Shape::Lines => self.content.lines().find_map(|line| {
                let row: Map<String, Value> = serde_json::from_str(line).ok()?;
                Kind::of(row.get("kind")?.as_str()?)
            }),
        }
    }

    /// Hands every row to `take`, in order; lines that are no rows become problems.
    pub(super) fn rows(&self, problems: &mut Vec<Problem>, take: impl FnMut(Row, &mut Vec<Problem>)) {
        let content = self.content.trim_start_matches('\u{FEFF}');
        match self.shape {
            Shape::Lines => json_lines(content, problems, take),
            Shape::Csv(kind) => csv_rows(content, kind, problems, take),
        }
    }
}

/// One row, nothing of it judged yet.
#[derive(Debug)]
pub(super) struct Row {
    /// Line of the file, from 1.
    pub line: usize,
    /// The word that names its kind.
    pub kind: String,
    pub fields: Map<String, Value>,
    /// From CSV: numbers, truth values and lists are written as text, and an empty cell is no value.
    pub loose: bool,
}

fn json_lines(content: &str, problems: &mut Vec<Problem>, mut take: impl FnMut(Row, &mut Vec<Problem>)) {
    for (index, text) in content.lines().enumerate().filter(|(_, text)| !text.trim().is_empty()) {
        let line = index + 1;
        match serde_json::from_str::<Map<String, Value>>(text) {
            Ok(mut fields) => match fields.remove("kind") {
                Some(Value::String(kind)) => take(Row { line, kind, fields, loose: false }, problems),
                Some(_) => problems.push(Problem::new(line, "kind", Rule::NotText)),
                None => problems.push(Problem::new(line, "kind", Rule::Required)),
            },
            Err(error) => problems.push(Problem::new(line, "", Rule::NotJson(plain(&error)))),
        }
    }
}

/// What is wrong and where in the line, without the text of the line.
fn plain(error: &serde_json::Error) -> String {
    let what = match error.classify() {
        serde_json::error::Category::Eof => "ends too early",
        serde_json::error::Category::Data => "is no object",
        serde_json::error::Category::Syntax | serde_json::error::Category::Io => "is malformed",
    };
    format!("{what} at column {}", error.column())
}

fn csv_rows(
    content: &str,
    kind: Kind,
    problems: &mut Vec<Problem>,
    mut take: impl FnMut(Row, &mut Vec<Problem>),
) {
    let header = content.lines().next().unwrap_or_default();
    // Spreadsheets of many countries write semicolons and call it CSV.
    let delimiter = if header.contains(';') && !header.contains(',') { b';' } else { b',' };
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(content.as_bytes());
    let names = match reader.headers() {
        Ok(names) => names.clone(),
        Err(error) => return problems.push(Problem::new(1, "", Rule::NotCsv(error.to_string()))),
    };
    for record in reader.records() {
        match record {
            Ok(record) => {
                let line = record.position().and_then(|p| usize::try_from(p.line()).ok()).unwrap_or(0);
                let fields = names.iter().map(|name| name.trim().to_ascii_lowercase());
                let cells = record.iter().map(|cell| Value::String(as_written(cell).to_owned()));
                let row = Row {
                    line,
                    kind: kind.word().to_owned(),
                    fields: fields.zip(cells).collect(),
                    loose: true,
                };
                take(row, problems);
            }
            Err(error) => {
                let line = error.position().and_then(|p| usize::try_from(p.line()).ok()).unwrap_or(0);
                problems.push(Problem::new(line, "", Rule::NotCsv(csv_fault(&error))));
            }
        }
    }
}

fn csv_fault(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("{len} cells where the header has {expected_len}")
        }
        _ => "is malformed".to_owned(),
    }
}

/// Takes back the apostrophe that keeps a spreadsheet from running a cell as a formula (O5).
fn as_written(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@', '\t', '\r']) => rest,
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_file_tells_its_shape() {
        assert_eq!(Shape::of("firm.jsonl"), Some(Shape::Lines));
        assert_eq!(Shape::of("tenant.csv"), Some(Shape::Csv(Kind::Tenant)));
        assert_eq!(Shape::of("2026-11-20.Service.CSV"), Some(Shape::Csv(Kind::Service)));
        assert_eq!(Shape::of("list.csv"), None);
        assert_eq!(Shape::of("tenant.xlsx"), None);
    }

    fn read(content: &str, shape: Shape) -> (Vec<Row>, Vec<Problem>) {
        let source = Source { name: "x".into(), shape, content: content.into() };
        let (mut rows, mut problems) = (Vec::new(), Vec::new());
        source.rows(&mut problems, |row, _| rows.push(row));
        (rows, problems)
    }

    #[test]
    fn csv_may_have_a_mark_semicolons_and_quoted_line_feeds() {
        let (rows, problems) = read("\u{FEFF}Id;Name\n1;\"two\nlines\"\n2;'=cmd\n", Shape::Csv(Kind::Tenant));
        assert!(problems.is_empty());
        assert_eq!(rows.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 4]);
        assert_eq!(rows[0].fields["name"], "two\nlines");
        assert_eq!(rows[1].fields["name"], "=cmd");
    }

    #[test]
    fn every_bad_line_is_named() {
        let (rows, problems) = read("{\"kind\":\"tenant\"}\n\n[1]\n{\"a\":\n{}\n", Shape::Lines);
        assert_eq!(rows.len(), 1);
        assert_eq!(problems.iter().map(|p| p.line).collect::<Vec<_>>(), [3, 4, 5]);
        let (rows, problems) = read("id,name\n1\n2,b\n", Shape::Csv(Kind::Tenant));
        assert_eq!((rows.len(), problems.len()), (1, 1));
        assert_eq!(problems[0].rule, Rule::NotCsv("1 cells where the header has 2".into()));
    }
}
