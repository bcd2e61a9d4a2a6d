//! What an import did, or what stands in its way.

use std::collections::BTreeMap;
use std::fmt;

use super::kind::Kind;
use crate::domain::taxonomy::Flaw;

/// A rule that a row, a field or a whole file breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    /// The file cannot be read.
    Unreadable(String),
    /// The file has more bytes than a list may have.
    TooLarge {
        /// How many it may have.
        max: u64,
    },
    /// The file is no taxonomy; why, with line and column.
    NotATaxonomy(String),
    /// A node of a taxonomy that cannot be as it is.
    Node(Flaw),
    /// The file name ends neither in `.jsonl` nor in `<kind>.csv`.
    UnknownFormat,
    /// The file is not UTF-8.
    NotUtf8,
    /// The line is not one JSON object.
    NotJson(String),
    /// The line has more or fewer cells than the header, or is otherwise no CSV.
    NotCsv(String),
    /// No such kind of row.
    UnknownKind,
    /// The kind has no such field.
    UnknownField,
    /// Nothing says which firm the file belongs to.
    NoFirm,
    /// The file names two firms.
    TwoFirms,
    /// The firm is not in the system and the file has no partner row.
    UnknownFirm,
    /// This kind of row cannot be declared complete.
    NeverComplete,
    /// The field must be filled in.
    Required,
    /// The field has no place in this row.
    NotApplicable,
    /// The value is not a text.
    NotText,
    /// More characters than the field takes.
    TooLong {
        /// How many it takes.
        max: usize,
    },
    /// A character that cannot be shown (V2).
    ControlCharacter,
    /// Not a whole number within bounds (V1).
    NotANumber {
        /// Smallest allowed.
        min: i64,
        /// Largest allowed.
        max: i64,
    },
    /// Neither true nor false.
    NotABool,
    /// Not a list of texts.
    NotAList,
    /// Not a calendar date (V1).
    NotADate,
    /// A date outside 2000 to 2099 (V1).
    DateOutOfRange,
    /// Lies ahead where it must not.
    InFuture,
    /// Not a point in time.
    NotAnInstant,
    /// Not a GUID with hyphens.
    NotAGuid,
    /// Not one user name or e-mail address (V3).
    NotAnAddress,
    /// Not a domain name.
    NotADomain,
    /// Not a country of ISO 3166 (V3).
    NotACountry,
    /// Not a phone number with its country code (V3).
    NotAPhone,
    /// Not a time zone of the IANA list.
    NotATimeZone,
    /// Not a firm's MPN id.
    NotAnMpnId,
    /// Not one of the programme's codes (V1).
    UnknownCode,
    /// Letters of several scripts in one word, so that a name may pose as another (V2).
    MixedScripts,
    /// Characters that show nothing or turn the writing direction were taken out (V2).
    HiddenCharacters,
    /// The same thing stands on an earlier line.
    Duplicate {
        /// That line.
        line: usize,
    },
    /// Another tenant of the firm has this name.
    NameTaken,
    /// Another person of the firm has this object id.
    ObjectTaken,
    /// The directory is allow-listed for another firm (P1).
    DirectoryTaken,
    /// The directory is not allow-listed for the firm (A2).
    UnknownDirectory,
    /// Neither the firm's data nor the file has this tenant.
    UnknownTenant,
    /// Neither the firm's data nor the file has this service of the tenant.
    UnknownService,
    /// Neither the firm's data nor the file has this person (A2).
    UnknownPerson,
    /// This role is held by a person of the firm, named by user name (A2).
    PersonNeeded,
    /// Another row is already primary for the scope and role (A4).
    TwoPrimaries {
        /// The line of that row.
        line: usize,
    },
    /// A next action comes with its date and its owner, or not at all (DOMAIN 2.4).
    NextActionIncomplete,
    /// So much of a complete list is gone that the export is probably cut off.
    TooMuchGone {
        /// How many rows would be removed.
        gone: usize,
        /// How many the firm has.
        of: usize,
    },
    /// A person changed this after the list was exported: theirs stays (C2).
    Held,
    /// Somebody entered this contact by hand: theirs stays.
    ByHand,
    /// The person asked to be erased: the row is left out (G3).
    Erased,
    /// The rows of the service say more than its total (N6).
    DoesNotAddUp,
    /// The tenant is left without a P-RM of the firm (A7).
    NoRegionalManager,
}

impl fmt::Display for Rule {
    #[rustfmt::skip]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(why) => write!(f, "cannot be read: {why}"),
            Self::UnknownFormat => f.write_str("must be named *.jsonl, <kind>.csv, *.<kind>.csv or taxonomy.json"),
            Self::TooLarge { max } => write!(f, "at most {max} bytes"),
            Self::NotATaxonomy(why) => write!(f, "is no taxonomy: {why}"),
            Self::Node(flaw) => write!(f, "{flaw}"),
            Self::NotUtf8 => f.write_str("must be UTF-8"),
            Self::NotJson(why) => write!(f, "must be one JSON object: {why}"),
            Self::NotCsv(why) => write!(f, "must be CSV under its header: {why}"),
            Self::UnknownKind => f.write_str("no such kind of row"),
            Self::UnknownField => f.write_str("this kind of row has no such field"),
            Self::NoFirm => f.write_str("nothing names the firm: use --partner, or name it in the file"),
            Self::TwoFirms => f.write_str("one file belongs to one firm, and this names another"),
            Self::UnknownFirm => f.write_str("the firm is not known yet: import its partner row first"),
            Self::NeverComplete => f.write_str("this kind of row cannot be declared complete"),
            Self::Required => f.write_str("must be filled in"),
            Self::NotApplicable => f.write_str("has no place in this row"),
            Self::NotText => f.write_str("must be a text"),
            Self::TooLong { max } => write!(f, "at most {max} characters"),
            Self::ControlCharacter => f.write_str("control characters are refused"),
            Self::NotANumber { min, max } => write!(f, "must be a whole number from {min} to {max}"),
            Self::NotABool => f.write_str("must be true or false"),
            Self::NotAList => f.write_str("must be a list of texts"),
            Self::NotADate => f.write_str("must be a calendar date, YYYY-MM-DD"),
            Self::DateOutOfRange => f.write_str("must lie between 2000 and 2099"),
            Self::InFuture => f.write_str("must not lie ahead"),
            Self::NotAnInstant => f.write_str("must be a date and time such as 2026-11-20T02:00:00Z"),
            Self::NotAGuid => f.write_str("must be a GUID with hyphens"),
            Self::NotAnAddress => f.write_str("must be one user name such as kim@contoso.com"),
            Self::NotADomain => f.write_str("must be a domain name"),
            Self::NotACountry => f.write_str("must be a two-letter country code of ISO 3166"),
            Self::NotAPhone => f.write_str("must be a phone number with its country code, such as +49 30 123456"),
            Self::NotATimeZone => f.write_str("must be a time zone such as Europe/Berlin"),
            Self::NotAnMpnId => f.write_str("must be an MPN id, digits only"),
            Self::UnknownCode => f.write_str("not one of the programme's codes or names"),
            Self::MixedScripts => f.write_str("mixes letters of several scripts and may pose as another name"),
            Self::HiddenCharacters => f.write_str("hidden characters were taken out"),
            Self::Duplicate { line } => write!(f, "the same stands on line {line}"),
            Self::NameTaken => f.write_str("another tenant of the firm has this name"),
            Self::ObjectTaken => f.write_str("another person of the firm has this object id"),
            Self::DirectoryTaken => f.write_str("cannot be allow-listed for this firm"),
            Self::UnknownDirectory => f.write_str("not an allow-listed directory of the firm"),
            Self::UnknownTenant => f.write_str("the firm has no such tenant"),
            Self::UnknownService => f.write_str("the tenant has no such service"),
            Self::UnknownPerson => f.write_str("nobody of the firm has this user name"),
            Self::PersonNeeded => f.write_str("this role is held by a person of the firm: give the user name"),
            Self::TwoPrimaries { line } => write!(f, "line {line} is already primary for this scope and role"),
            Self::NextActionIncomplete => f.write_str("a next action comes with its date and owner, or not at all"),
            Self::TooMuchGone { gone, of } => write!(f, "would remove {gone} of {of} rows: is the list cut off? --allow-removals takes it as it is"),
            Self::Held => f.write_str("changed by a person after the export: theirs was kept"),
            Self::Erased => f.write_str("names a person who asked to be erased: left out"),
            Self::ByHand => f.write_str("entered by hand: kept as it is"),
            Self::DoesNotAddUp => f.write_str("the status rows say more than the total: flagged"),
            Self::NoRegionalManager => f.write_str("is left without a P-RM"),
        }
    }
}

/// A broken rule and where it is broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Line of the file, from 1; 0: the file as a whole.
    pub line: usize,
    /// The field; empty: the row as a whole.
    pub field: String,
    /// What it breaks.
    pub rule: Rule,
}

impl Problem {
    /// What `rule` holds against `field` of `line`.
    pub fn new(line: usize, field: impl Into<String>, rule: Rule) -> Self {
        Self { line, field: field.into(), rule }
    }
}

/// How many rows of one kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Were not there before.
    pub new: usize,
    /// Were there, but different.
    pub changed: usize,
    /// Were there and are no longer in the complete list.
    pub gone: usize,
    /// Are as they were.
    pub unchanged: usize,
    /// Were left alone, because a person changed them after the export (C2).
    pub held: usize,
}

impl Counts {
    /// Whether the file changes anything of this kind. `removes`: gone rows are removed.
    pub fn is_change(&self, removes: bool) -> bool {
        self.new + self.changed > 0 || (removes && self.gone > 0)
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { new, changed, gone, unchanged, held } = self;
        write!(f, "{new} new, {changed} changed, {gone} gone, {unchanged} unchanged")?;
        if *held > 0 { write!(f, ", {held} kept as people changed them") } else { Ok(()) }
    }
}

/// What happened to one file of one firm. Its [`fmt::Display`] is what the operator reads.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// The file's name, without its folder.
    pub file: String,
    /// MPN id of the firm, when it could be told.
    pub firm: Option<String>,
    /// How many rows, per kind.
    pub counts: BTreeMap<Kind, Counts>,
    /// Why nothing of the file was written. Empty: the file was taken.
    pub problems: Vec<Problem>,
    /// What the operator should know, though the file was taken.
    pub warnings: Vec<Problem>,
    /// More of what it brings, line by line.
    pub lines: Vec<String>,
    /// Only tried, not written.
    pub dry_run: bool,
}

impl Report {
    /// Whether the file was refused.
    pub fn is_refused(&self) -> bool {
        !self.problems.is_empty()
    }

    /// Whether the file changes anything at all.
    pub fn is_change(&self) -> bool {
        self.counts.iter().any(|(kind, counts)| counts.is_change(kind.goes_when_gone()))
    }

    fn list(&self, f: &mut fmt::Formatter<'_>, problems: &[Problem]) -> fmt::Result {
        for Problem { line, field, rule } in problems {
            match (line, field.as_str()) {
                (0, "") => writeln!(f, "    {}: {rule}", self.file)?,
                (0, field) => writeln!(f, "    {}: {field}: {rule}", self.file)?,
                (line, "") => writeln!(f, "    {}:{line}: {rule}", self.file)?,
                (line, field) => writeln!(f, "    {}:{line}: {field}: {rule}", self.file)?,
            }
        }
        Ok(())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let firm = self.firm.as_deref().unwrap_or("unknown");
        let state = match (self.is_refused(), self.dry_run) {
            (true, _) => "refused, nothing written",
            (false, true) => "would be taken (dry run, nothing written)",
            (false, false) => "taken",
        };
        writeln!(f, "{} (firm {firm}): {state}", self.file)?;
        if self.is_refused() {
            self.list(f, &self.problems)?;
        } else {
            for (kind, counts) in &self.counts {
                writeln!(f, "    {kind:<12}{counts}")?;
            }
            for line in &self.lines {
                writeln!(f, "    {line}")?;
            }
        }
        if !self.warnings.is_empty() {
            writeln!(f, "  please note:")?;
            self.list(f, &self.warnings)?;
        }
        Ok(())
    }
}
