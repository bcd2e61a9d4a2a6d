//! The words in which people name days, in English, German, French and Spanish, folded: small letters, no accents.

use chrono::Weekday;

/// The end of a month or year that is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Edge {
    Start,
    Middle,
    End,
}

/// A unit of time that is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Day,
    Week,
    Month,
    Year,
}

/// Which one of several that come again and again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    Last,
    This,
    Next,
}

type Table<T> = &'static [(T, &'static [&'static str])];

const MONTHS: Table<u32> = &[
    (1, &["january", "jan", "januar", "janner", "janvier", "janv", "enero", "ene"]),
    (2, &["february", "feb", "februar", "fevrier", "fevr", "febrero"]),
    (3, &["march", "mar", "marz", "maerz", "mars", "marzo"]),
    (4, &["april", "apr", "avril", "avr", "abril", "abr"]),
    (5, &["may", "mai", "mayo"]),
    (6, &["june", "jun", "juni", "juin", "junio"]),
    (7, &["july", "jul", "juli", "juillet", "juil", "julio"]),
    (8, &["august", "aug", "aout", "agosto", "ago"]),
    (9, &["september", "sept", "sep", "septembre", "septiembre", "setiembre"]),
    (10, &["october", "oct", "oktober", "okt", "octobre", "octubre"]),
    (11, &["november", "nov", "novembre", "noviembre"]),
    (12, &["december", "dec", "dezember", "dez", "decembre", "diciembre", "dic"]),
];

const WEEKDAYS: Table<Weekday> = &[
    (Weekday::Mon, &["monday", "mon", "montag", "lundi", "lunes"]),
    (Weekday::Tue, &["tuesday", "tue", "tues", "dienstag", "mardi", "martes"]),
    (Weekday::Wed, &["wednesday", "wed", "mittwoch", "mercredi", "miercoles"]),
    (Weekday::Thu, &["thursday", "thu", "thur", "thurs", "donnerstag", "jeudi", "jueves"]),
    (Weekday::Fri, &["friday", "fri", "freitag", "vendredi", "viernes"]),
    (Weekday::Sat, &["saturday", "sat", "samstag", "sonnabend", "samedi", "sabado"]),
    (Weekday::Sun, &["sunday", "sun", "sonntag", "dimanche", "domingo"]),
];

const NEAR_DAYS: Table<i64> = &[
    (-1, &["yesterday", "gestern", "hier", "ayer"]),
    (0, &["today", "now", "heute", "aujourdhui", "hoy"]),
    (1, &["tomorrow", "morgen", "demain", "manana"]),
    (2, &["overmorrow", "ubermorgen"]),
];

const EDGES: Table<Edge> = &[
    (Edge::Start, &["start", "beginning", "begin", "anfang", "debut", "principios", "inicio"]),
    (Edge::Middle, &["mid", "middle", "mitte", "mi", "milieu", "mediados"]),
    (Edge::End, &["end", "ende", "fin", "finales", "fines"]),
];

const UNITS: Table<Unit> = &[
    (Unit::Day, &["d", "day", "days", "tag", "tage", "tagen", "jour", "jours", "dia", "dias"]),
    (
        Unit::Week,
        &["w", "wk", "week", "weeks", "woche", "wochen", "semaine", "semaines", "semana", "semanas"],
    ),
    (
        Unit::Month,
        &["m", "mo", "month", "months", "monat", "monate", "monaten", "monats", "mois", "mes", "meses"],
    ),
    (
        Unit::Year,
        &[
            "y", "yr", "year", "years", "jahr", "jahre", "jahren", "jahres", "an", "ans", "annee", "ano",
            "anos",
        ],
    ),
];

const TURNS: Table<Turn> = &[
    (Turn::Last, &["last", "past", "letzten", "letzte", "letzter", "dernier", "pasado"]),
    (Turn::This, &["this", "coming", "dieser", "diesen", "dieses", "ce", "este"]),
    (Turn::Next, &["next", "nachsten", "nachste", "nachster", "prochain", "proximo"]),
];

const ONE: &[&str] = &["a", "an", "one", "ein", "eine", "einem", "einen", "einer", "un", "une", "una"];

/// Words and endings that stand between the parts of a date and say nothing.
const FILLERS: &[&str] = &[
    "the", "of", "on", "by", "at", "st", "nd", "rd", "th", "der", "die", "den", "dem", "des", "am", "vom",
    "le", "la", "du", "de", "el", "del", "er", "ere", "o",
];

fn find<T: Copy>(table: Table<T>, word: &str) -> Option<T> {
    table.iter().find(|(_, names)| names.contains(&word)).map(|(meant, _)| *meant)
}

pub(super) fn month(word: &str) -> Option<u32> {
    find(MONTHS, word)
}

pub(super) fn weekday(word: &str) -> Option<Weekday> {
    find(WEEKDAYS, word)
}

pub(super) fn near_day(word: &str) -> Option<i64> {
    find(NEAR_DAYS, word)
}

pub(super) fn edge(word: &str) -> Option<Edge> {
    find(EDGES, word)
}

pub(super) fn unit(word: &str) -> Option<Unit> {
    find(UNITS, word)
}

pub(super) fn turn(word: &str) -> Option<Turn> {
    find(TURNS, word)
}

/// A count, as digits (at most four) or as the word for one.
pub(super) fn number(word: &str) -> Option<i32> {
    if ONE.contains(&word) {
        return Some(1);
    }
    let plain = !word.is_empty() && word.len() <= 4 && word.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| word.parse().ok()).flatten()
}

pub(super) fn is_filler(word: &str) -> bool {
    FILLERS.contains(&word)
}
