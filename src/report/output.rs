//! Outputs that are written file by file: each keeps only what it shows at its end, so that no run needs all plans at once.

use std::io::{self, BufRead, BufReader, Seek, Write};
use std::sync::Arc;

use tempfile::{SpooledData, SpooledTempFile};

use super::text::View;
use crate::audit::{PlanReport, Report};
use crate::gates::Gates;
use crate::set::Across;
use crate::severity::Severity;

/// What an output is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Ask {
    /// Findings that are less grave are left out.
    pub least: Severity,
    /// Whether all rules run.
    pub is_whole: bool,
    /// How the output is looked at.
    pub view: View,
}

impl Default for Ask {
    /// Everything, for a reader at a plain terminal.
    fn default() -> Self {
        let view = View { width: 80, colour: false, all: false };
        Self { least: Severity::Note, is_whole: true, view }
    }
}

/// What is known when the last file is in.
#[derive(Debug, Clone, Copy)]
pub struct End<'e> {
    /// Which gates failed.
    pub gates: &'e Gates,
    /// What was found across the plans.
    pub across: &'e Across,
    /// Files that were passed over since they are no plans.
    pub passed_over: usize,
}

/// One output of a run.
pub trait Output {
    /// What makes this output's own text of a file. It may run in several threads, before the turn of the file has come.
    fn maker(&self) -> Maker {
        Box::new(|_| Piece::Nothing)
    }

    /// Writes what stands before the first plan.
    ///
    /// # Errors
    ///
    /// Where it cannot be written.
    fn begin(&mut self, _to: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }

    /// Takes what a file gave, when its turn has come, with what was made of it.
    ///
    /// # Errors
    ///
    /// Where what is written at once cannot be written.
    fn add(&mut self, file: &Arc<Report>, piece: Piece, to: &mut dyn Write) -> io::Result<()>;

    /// Writes what could not be written before.
    ///
    /// # Errors
    ///
    /// Where it cannot be written.
    fn end(&mut self, end: &End<'_>, to: &mut dyn Write) -> io::Result<()>;
}

/// Makes a [`Piece`] of what a file gave.
pub type Maker = Box<dyn Fn(&Report) -> Piece + Send + Sync>;

/// What an output makes of one file before its turn.
#[derive(Debug, Default)]
pub enum Piece {
    /// Nothing.
    #[default]
    Nothing,
    /// A text.
    Text(String),
    /// A text that may be long, and need not be in memory.
    Spooled(io::Result<Spool>),
    /// Test suites.
    Suites(super::junit::Suites),
    /// Results by severity.
    Results(super::sarif::Results),
}

impl Piece {
    /// Its text.
    pub(super) fn into_text(self) -> String {
        if let Self::Text(text) = self { text } else { String::new() }
    }
}

/// The formats of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A table, for people.
    Table,
    /// Only what fails, a line for each plan.
    Quiet,
    /// JSON, for programs.
    Json,
    /// A page that needs nothing else.
    Html,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Workflow commands of GitHub.
    Github,
    /// JUnit XML.
    Junit,
    /// Markdown, for a comment.
    Markdown,
    /// A row for each finding.
    Csv,
}

impl Format {
    /// The output of this format.
    pub fn output(self, ask: &Ask) -> Box<dyn Output> {
        match self {
            Self::Table => Box::new(super::table::ScoredTable::new(ask)),
            Self::Quiet => Box::new(super::quiet::Quiet::new(ask)),
            Self::Json => Box::new(super::json::Json::new(ask)),
            Self::Html => Box::new(super::html::Html::new(ask)),
            Self::Sarif => Box::new(super::sarif::Sarif::new(ask)),
            Self::Github => Box::new(super::github::Github::new(ask)),
            Self::Junit => Box::new(super::junit::Junit::new(ask)),
            Self::Markdown => Box::new(super::comment::Comment::new(ask)),
            Self::Csv => Box::new(super::csv::Csv::new(ask)),
        }
    }
}

/// A report that is in memory as a whole, in a format; what stands in several plans is not compared.
pub fn written(format: Format, ask: &Ask, report: impl Into<Arc<Report>>, gates: &Gates) -> String {
    let report = report.into();
    let mut output = format.output(ask);
    let mut text = Vec::new();
    let end = End { gates, across: &Across::default(), passed_over: report.passed_over.len() };
    let mut write = || {
        output.begin(&mut text)?;
        let piece = output.maker()(&report);
        output.add(&report, piece, &mut text)?;
        output.end(&end, &mut text)
    };
    // Writing to memory fails only where the disk that a spool may use does.
    write().ok().and_then(|()| String::from_utf8(text).ok()).unwrap_or_default()
}

/// Texts that are written only at the end: in memory while they are few, else on the disk.
#[derive(Debug)]
pub struct Spool(SpooledTempFile);

impl Write for Spool {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.0.write(text)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl Default for Spool {
    fn default() -> Self {
        const MOST_IN_MEMORY: usize = 1 << 20;
        Self(SpooledTempFile::new(MOST_IN_MEMORY))
    }
}

impl Spool {
    pub(super) fn push(&mut self, text: &str) -> io::Result<()> {
        self.0.write_all(text.as_bytes())
    }

    /// Hands over so many lines of the texts, in their order, without their ends.
    pub(super) fn each_line(&mut self, most: usize, take: &mut dyn FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
        self.0.rewind()?;
        let lines = BufReader::new(&mut self.0).split(b'\n');
        lines.take(most).try_for_each(|line| take(&line?))
    }

    /// Writes all texts, in their order, and has none afterwards.
    pub(super) fn write_to(&mut self, to: &mut dyn Write) -> io::Result<()> {
        match std::mem::take(self).0.into_inner() {
            SpooledData::InMemory(texts) => to.write_all(texts.get_ref()),
            SpooledData::OnDisk(mut file) => {
                const AT_ONCE: usize = 1 << 16;
                file.rewind()?;
                io::copy(&mut BufReader::with_capacity(AT_ONCE, file), to).map(drop)
            }
        }
    }
}

/// The order of plans in a list: the worst score first; those without a score to show are last, the gravest finding first.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Rank {
    score: f64,
    gravest: Option<Severity>,
}

impl Rank {
    fn of(plan: &PlanReport) -> Self {
        let score = plan.score.value.filter(|_| plan.is_scored()).unwrap_or(f64::INFINITY);
        Self { score, gravest: plan.gravest() }
    }

    fn is_before(&self, other: &Self) -> bool {
        self.score.total_cmp(&other.score).then(other.gravest.cmp(&self.gravest)).is_lt()
    }
}

/// Something of the worst plans, the worst first; of equals, the one that came first.
#[derive(Debug)]
pub(super) struct Worst<T> {
    most: usize,
    kept: Vec<(Rank, T)>,
    /// How many plans there were.
    pub(super) seen: usize,
}

impl<T> Worst<T> {
    pub(super) fn new(most: usize) -> Self {
        Self { most, kept: Vec::new(), seen: 0 }
    }

    /// Keeps something of a plan while it is among the worst.
    pub(super) fn add(&mut self, plan: &PlanReport, what: impl FnOnce() -> T) {
        self.seen += 1;
        let rank = Rank::of(plan);
        let at = self.kept.partition_point(|(kept, _)| !rank.is_before(kept));
        if at < self.most {
            self.kept.insert(at, (rank, what()));
            self.kept.truncate(self.most);
        }
    }

    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = &T> {
        self.kept.iter().map(|(_, what)| what)
    }

    /// How many plans are not among the kept.
    pub(super) fn left(&self) -> usize {
        self.seen - self.kept.len()
    }
}
