//! What a check found: a word, and a sentence that says what to do.

use std::fmt;

/// One line of the doctor's.
#[derive(Debug)]
pub struct Finding {
    verdict: Verdict,
    check: &'static str,
    says: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Ok,
    Warn,
    Fail,
}

/// This is as it should be.
pub fn ok(check: &'static str, says: impl Into<String>) -> Finding {
    Finding { verdict: Verdict::Ok, check, says: says.into() }
}

/// This works, but somebody should look at it.
pub fn warn(check: &'static str, says: impl Into<String>) -> Finding {
    Finding { verdict: Verdict::Warn, check, says: says.into() }
}

/// This keeps the bot from working.
pub fn fail(check: &'static str, says: impl Into<String>) -> Finding {
    Finding { verdict: Verdict::Fail, check, says: says.into() }
}

/// How many keep the bot from working.
pub fn failures(findings: &[Finding]) -> usize {
    findings.iter().filter(|finding| finding.verdict == Verdict::Fail).count()
}

/// How many somebody should look at.
pub fn warnings(findings: &[Finding]) -> usize {
    findings.iter().filter(|finding| finding.verdict == Verdict::Warn).count()
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.verdict {
            Verdict::Ok => "ok",
            Verdict::Warn => "warn",
            Verdict::Fail => "fail",
        };
        write!(f, "{word:4}  {:10}  {}", self.check, self.says)
    }
}
