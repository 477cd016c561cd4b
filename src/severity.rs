//! Severities and what each weighs: the one table behind the score.

use crate::words::words;

words! {
    /// How much a finding matters, the gravest last.
    pub enum Severity {
        /// Worth knowing; costs no points.
        Note = "note",
        /// Worth mending when there is time.
        Low = "low",
        /// Worth mending before the plan is agreed.
        Medium = "medium",
        /// Worth a question in the meeting.
        High = "high",
        /// The plan should not be agreed with it.
        Critical = "critical",
    }
}

impl Severity {
    /// The word behind a count: "2 high", but "2 notes".
    pub fn counted(self, count: usize) -> &'static str {
        match self {
            Self::Note if count > 1 => "notes",
            severity => severity.word(),
        }
    }

    /// What a finding of this severity weighs in the score.
    pub fn weight(self) -> f64 {
        match self {
            Self::Critical => 25.0,
            Self::High => 12.0,
            Self::Medium => 6.0,
            Self::Low => 2.0,
            Self::Note => 0.0,
        }
    }
}
