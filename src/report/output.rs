//! Outputs that are written file by file: each keeps only what it shows at its end, so that no run needs all plans at once.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, Write};
use std::sync::Arc;

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

    /// Takes what a file gave, when its turn has come, with what was made of it. What it does not need of that goes back to the thread that
    /// made it.
    ///
    /// # Errors
    ///
    /// Where what is written at once cannot be written.
    fn add(&mut self, file: &Arc<Report>, piece: &mut Piece, to: &mut dyn Write) -> io::Result<()>;

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
    pub(super) fn text(&self) -> &str {
        if let Self::Text(text) = self { text } else { "" }
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
        let mut piece = output.maker()(&report);
        output.add(&report, &mut piece, &mut text)?;
        output.end(&end, &mut text)
    };
    // Writing to memory fails only where the disk that a spool may use does.
    write().ok().and_then(|()| String::from_utf8(text).ok()).unwrap_or_default()
}

/// Texts that are written only at the end: in memory while they are few, else on the disk.
#[derive(Debug, Default)]
pub struct Spool {
    /// The last of them.
    last: Vec<u8>,
    /// Those before.
    file: Option<File>,
}

impl Write for Spool {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.add(text);
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Spool {
    /// With room for so many bytes.
    pub(super) fn with_capacity(bytes: usize) -> Self {
        Self { last: Vec::with_capacity(bytes), file: None }
    }

    /// What goes on in a file.
    #[cfg(test)]
    pub(super) fn onto(file: File) -> Self {
        Self { last: Vec::new(), file: Some(file) }
    }

    pub(super) fn push(&mut self, text: &str) -> io::Result<()> {
        self.add(text.as_bytes());
        self.settle()
    }

    /// Adds a text that stays in memory until it is [settled](Self::settle).
    #[inline]
    pub(super) fn add(&mut self, text: &[u8]) {
        self.last.extend_from_slice(text);
    }

    /// Adds short texts. Where they are known as this is compiled, they are one, of a known length: nothing is called to copy it.
    #[inline(always)]
    pub(super) fn add_together(&mut self, texts: [&[u8]; 3]) {
        const MOST: usize = 64;
        let (mut together, mut length) = ([0; MOST], 0);
        for text in texts {
            if let Some(room) = together.get_mut(length..length + text.len()) {
                room.copy_from_slice(text);
                length += text.len();
            } else {
                self.add(together.get(..length).unwrap_or_default());
                self.add(text);
                length = 0;
            }
        }
        self.add(together.get(..length).unwrap_or_default());
    }

    /// Puts what is in memory on the disk, where it is much.
    #[inline]
    pub(super) fn settle(&mut self) -> io::Result<()> {
        // Before it would take twice a megabyte.
        const MOST_WITHOUT_A_FILE: usize = (1 << 20) - AT_ONCE;
        let most = if self.file.is_some() { AT_ONCE } else { MOST_WITHOUT_A_FILE };
        if self.last.len() < most { Ok(()) } else { self.spill() }
    }

    fn spill(&mut self) -> io::Result<()> {
        let file = match self.file.take() {
            Some(file) => file,
            None => tempfile::tempfile()?,
        };
        self.file.insert(file).write_all(&self.last)?;
        self.last.clear();
        self.last.shrink_to(2 * AT_ONCE);
        Ok(())
    }

    /// Hands over so many lines of the texts, in their order, without their ends.
    pub(super) fn each_line(&mut self, most: usize, take: &mut dyn FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
        let last = self.last.as_slice();
        let Some(file) = &mut self.file else {
            return BufRead::split(last, b'\n').take(most).try_for_each(|line| take(&line?));
        };
        file.rewind()?;
        BufReader::new(file.chain(last)).split(b'\n').take(most).try_for_each(|line| take(&line?))
    }

    /// Writes all texts, in their order, and has none afterwards.
    pub(super) fn write_to(&mut self, to: &mut dyn Write) -> io::Result<()> {
        if let Some(mut file) = self.file.take() {
            file.rewind()?;
            io::copy(&mut BufReader::with_capacity(AT_ONCE, file), to)?;
        }
        to.write_all(&self.last)?;
        self.last.clear();
        Ok(())
    }
}

/// How much is written to the disk, and read from it, at once.
const AT_ONCE: usize = 1 << 16;

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

#[cfg(test)]
mod tests {
    use super::*;

    fn spool(texts: &[&str]) -> Spool {
        let mut spool = Spool::default();
        texts.iter().try_for_each(|text| spool.push(text)).unwrap();
        spool
    }

    #[test]
    fn a_spool_gives_what_was_put_in_whether_it_stayed_in_memory_or_not() {
        let line = "0123456789 a line\n";
        for (count, is_on_disk) in
            [(0, false), (1, false), (54_000, false), (55_000, true), (58_000, true), (200_000, true)]
        {
            let mut texts = spool(&vec![line; count]);
            assert_eq!(texts.file.is_some(), is_on_disk);
            assert!(texts.last.capacity() < 2 << 20);
            let mut lines = 0;
            let each = &mut |found: &[u8]| {
                lines += usize::from(found == line.trim_end().as_bytes());
                Ok(())
            };
            texts.each_line(count, each).unwrap();
            assert_eq!(lines, count);
            let mut written = Vec::new();
            texts.write_to(&mut written).unwrap();
            assert!(written == line.repeat(count).into_bytes());
        }
    }

    #[test]
    fn a_spool_keeps_little_in_memory_once_it_has_a_file() {
        let texts = spool(&vec!["0123456789"; 300_000]);
        assert!(texts.file.is_some());
        assert!(texts.last.capacity() <= 2 * AT_ONCE);
    }

    #[test]
    fn short_texts_and_long_ones_are_added_in_their_order() {
        for long in [0, 1, 61, 62, 63, 64, 65, 200] {
            let texts = ["<".to_owned(), "-".repeat(long), ">>".to_owned()];
            for order in [[0, 1, 2], [1, 0, 2], [0, 2, 1]] {
                let texts = order.map(|at| texts[at].as_bytes());
                let (mut spool, mut written) = (Spool::default(), Vec::new());
                spool.add_together(texts);
                spool.write_to(&mut written).unwrap();
                assert_eq!(written, texts.concat());
            }
        }
    }

    #[test]
    fn no_more_lines_are_handed_over_than_asked_for() {
        let mut lines = Vec::new();
        let take = &mut |line: &[u8]| {
            lines.push(line.to_vec());
            Ok(())
        };
        spool(&["a\nb\nc"]).each_line(2, take).unwrap();
        assert_eq!(lines, [b"a", b"b"]);
    }
}
