//! Answers to what partners ask: topics as data (`data/help`), found by a question in anybody's words.
//!
//! An operator edits or adds topics without a new program. What is known of the programme ages, so each topic says
//! where it is from and as of which day.

mod find;
mod read;
mod shipped;
mod term;

use std::fmt;

use chrono::NaiveDate;

pub use find::Found;
use find::Index;
pub use shipped::files;

/// One question with its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    /// The name of its file without `.json`, by which a button asks for it.
    pub name: String,
    /// The question, or what it is about, short enough for a button.
    pub title: String,
    /// Other ways to ask it.
    pub also: Vec<String>,
    /// The answer; an empty line parts paragraphs.
    pub answer: String,
    /// What does the thing, where there is something.
    pub act: Option<Act>,
    /// Pages to read on, https only.
    pub links: Vec<Link>,
    /// Where the answer is from, in plain words.
    pub source: String,
    /// The day as of which it is true.
    pub as_of: NaiveDate,
}

/// The chat line that does what a topic is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// What its button says.
    pub title: String,
    /// The line; in the place of `<tenant>` and `<service>` stands what the person chooses.
    pub line: String,
}

/// A page to read on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What its button says.
    pub title: String,
    /// Its address, https.
    pub url: String,
}

const TENANT: &str = "<tenant>";
const SERVICE: &str = "<service>";

impl Act {
    /// Whether a tenant has to be chosen.
    pub fn asks_tenant(&self) -> bool {
        self.line.contains(TENANT)
    }

    /// Whether a service has to be chosen.
    pub fn asks_service(&self) -> bool {
        self.line.contains(SERVICE)
    }

    /// The line for this tenant and service; what it does not ask for is ignored.
    pub fn filled(&self, tenant: &str, service: &str) -> String {
        self.line.replace(TENANT, tenant).replace(SERVICE, service)
    }
}

/// What is wrong with a topic's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// The file's name.
    pub file: String,
    /// The field, as in `links[0].url`; empty where it is the file as a whole.
    pub field: String,
    /// What to change.
    pub advice: String,
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.field.as_str() {
            "" => write!(f, "{}: {}", self.file, self.advice),
            field => write!(f, "{}: {field}: {}", self.file, self.advice),
        }
    }
}

/// All topics, ready to be asked.
#[derive(Debug)]
pub struct Topics {
    /// By name.
    topics: Vec<Topic>,
    index: Index,
}

impl Topics {
    /// Those that the product ships.
    pub fn shipped() -> Self {
        Self::of(shipped::topics())
    }

    /// These files, by name and content, and those of the shipped topics that none of them replaces by its name.
    ///
    /// # Errors
    /// Everything that is wrong with the files.
    pub fn with(files: &[(String, String)]) -> Result<Self, Vec<Flaw>> {
        let mut flaws = Vec::new();
        let mut topics = shipped::topics();
        for (file, content) in files {
            match read::topic(file, content) {
                Ok(topic) => {
                    topics.retain(|known| known.name != topic.name);
                    topics.push(topic);
                }
                Err(found) => flaws.extend(found),
            }
        }
        if flaws.is_empty() { Ok(Self::of(topics)) } else { Err(flaws) }
    }

    fn of(mut topics: Vec<Topic>) -> Self {
        topics.sort_by(|a, b| a.name.cmp(&b.name));
        Self { index: Index::of(&topics), topics }
    }

    /// All of them, by name.
    pub fn all(&self) -> &[Topic] {
        &self.topics
    }

    /// The topic of this name.
    pub fn topic(&self, name: &str) -> Option<&Topic> {
        self.topics.iter().find(|topic| topic.name == name)
    }

    /// The topics that somebody means who asks this.
    pub fn find(&self, asked: &str) -> Found<'_> {
        self.index.find(asked, &self.topics)
    }
}
