//! `kpi-audit [PATH]...`: audits plans, prints the report, and decides the exit status.

use std::io::{self, Write};
use std::iter;
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use anyhow::Context;
use jiff::civil::Date;

use kpi_audit::baseline::Baseline;
use kpi_audit::compare::Earlier;
use kpi_audit::discover::{self, Candidate, Files};
use kpi_audit::gates::{Limits, NO_PLAN, Tally};
use kpi_audit::git::Revision;
use kpi_audit::plan::NoFiles;
use kpi_audit::plan::problem::{Problem, What};
use kpi_audit::report::output::{Ask, End, Format, Maker, Output, Piece};
use kpi_audit::report::{View, fault, text::clean};
use kpi_audit::run;
use kpi_audit::settings::Settings;
use kpi_audit::source::{Source, Span, Unreadable};
use kpi_audit::{Auditor, Choice, Report, audit::Faulty, rules};

use super::progress::Progress;
use super::{AuditArgs, file};

/// What a command prints, and the status that it ends with.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) out: String,
    pub(crate) err: String,
    pub(crate) status: u8,
}

/// Where the report goes, and what else is said.
pub(crate) struct Outlets<'o> {
    /// Standard output.
    pub(crate) out: &'o mut dyn Write,
    /// Standard error.
    pub(crate) err: &'o mut dyn Write,
    /// Whether a progress bar can be shown on standard error.
    pub(crate) progress: bool,
}

/// `summary` is the file that GitHub shows as a job's summary, where there is one. Gives the exit status.
pub(crate) fn run(
    args: &AuditArgs,
    today: Date,
    view: &View,
    summary: Option<&Path>,
    outlets: &mut Outlets<'_>,
) -> anyhow::Result<u8> {
    let view = &View { all: args.all, ..*view };
    let settings = match settings_or_fault(args.config.as_deref(), view) {
        Ok(settings) => settings,
        Err(outcome) => {
            outlets.err.write_all(outcome.err.as_bytes())?;
            return Ok(outcome.status);
        }
    };
    let choice = Choice { only: args.only.clone(), skip: args.skip.clone() };
    let ask = Ask { least: args.min_severity, limits: limits(args), is_whole: choice.is_all(), view: *view };
    let auditor = Auditor::new(today).as_of(args.as_of).settings(settings).choice(choice);
    let candidates = discover::candidates(&args.paths);
    let before = Before::of(args, &auditor, &candidates)?;
    let mut printed = Printed::new(args.format(), &ask);
    let mut files = files(args, &ask, summary)?;
    let mut end = Totals { tally: Tally::new(ask.limits), passed_over: 0, baseline: Baseline::default(), failed: None };
    let makers: Vec<Maker> =
        iter::once(printed.output.maker()).chain(files.iter().map(|file| file.output.maker())).collect();
    let work = |candidate: &Candidate| {
        let mut file = audit_one(&auditor, candidate);
        before.compare(&mut file);
        Done { pieces: makers.iter().map(|make| make(&file)).collect(), file: Arc::new(file) }
    };
    printed.begin(outlets.out);
    let progress = Progress::of(candidates.len(), outlets.progress && !args.quiet);
    let begun = Instant::now();
    run::in_order(jobs(args), &candidates, work, |done| {
        progress.step();
        let step = progress.aside(|| end.add(args, &done, view, outlets.err)).and_then(|()| {
            let mut pieces = done.pieces.into_iter();
            printed.add(&done.file, pieces.next().unwrap_or_default(), outlets.out);
            files.iter_mut().zip(pieces).try_for_each(|(file, piece)| file.add(&done.file, piece))
        });
        match step {
            Ok(()) if printed.is_closed() && files.is_empty() => ControlFlow::Break(()),
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                end.failed = Some(error);
                ControlFlow::Break(())
            }
        }
    });
    progress.end();
    if let Some(error) = end.failed.take() {
        return Err(error);
    }
    let gates = end.tally.gates();
    if end.tally.status() == NO_PLAN {
        outlets.err.write_all(nothing_found(&args.paths, end.passed_over).as_bytes())?;
    }
    let known = End { gates: &gates, passed_over: end.passed_over };
    printed.end(&known, outlets.out)?;
    files.into_iter().try_for_each(|file| file.end(&known))?;
    if let Some(file) = &args.write_baseline {
        let baseline = &end.baseline;
        file::write(file, &baseline.to_json())?;
        writeln!(outlets.err, "{} findings are known from now on", baseline.len())?;
    }
    if args.verbose {
        let seconds = begun.elapsed().as_secs_f64();
        writeln!(outlets.err, "{} in {seconds:.2} s, {} threads", end.tally.counted(), jobs(args))?;
    }
    Ok(gates.exit)
}

/// What one candidate gave, and what each output made of it.
struct Done {
    file: Arc<Report>,
    pieces: Vec<Piece>,
}

/// What the end of a run needs of all its files.
struct Totals {
    tally: Tally,
    passed_over: usize,
    baseline: Baseline,
    failed: Option<anyhow::Error>,
}

impl Totals {
    fn add(&mut self, args: &AuditArgs, done: &Done, view: &View, err: &mut dyn Write) -> anyhow::Result<()> {
        self.tally.add(&done.file);
        self.passed_over += done.file.passed_over.len();
        if args.write_baseline.is_some() {
            self.baseline.add(&done.file);
        }
        for faulty in &done.file.faults {
            err.write_all(fault::faults(faulty, view).as_bytes())?;
        }
        if args.verbose {
            err.write_all(fault::looked_at(&done.file).as_bytes())?;
        }
        Ok(())
    }
}

/// The report that is printed. That nobody reads on is no error.
struct Printed {
    output: Box<dyn Output>,
    written: io::Result<()>,
}

impl Printed {
    fn new(format: Format, ask: &Ask) -> Self {
        Self { output: format.output(ask), written: Ok(()) }
    }

    fn begin(&mut self, out: &mut dyn Write) {
        self.written = self.output.begin(out);
    }

    fn add(&mut self, file: &Arc<Report>, piece: Piece, out: &mut dyn Write) {
        if self.written.is_ok() {
            self.written = self.output.add(file, piece, out);
        }
    }

    fn is_closed(&self) -> bool {
        self.written.is_err()
    }

    fn end(mut self, end: &End<'_>, out: &mut dyn Write) -> anyhow::Result<()> {
        let written = self.written.and_then(|()| self.output.end(end, out)).and_then(|()| out.flush());
        match written {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(anyhow::Error::new(error).context("cannot write to standard output"))
            }
            _ => Ok(()),
        }
    }
}

/// A report that goes to a file: whole, or not at all.
struct ToFile {
    output: Box<dyn Output>,
    writer: file::Whole,
}

/// The reports that go to files: those that are asked for, and the summary of a job beside annotations.
fn files(args: &AuditArgs, ask: &Ask, summary: Option<&Path>) -> anyhow::Result<Vec<ToFile>> {
    let ask = Ask { view: View { width: WIDTH_OF_A_FILE, colour: false, ..ask.view }, ..*ask };
    let asked = args.report.iter().map(|(format, path)| (format.of_report(), file::Whole::of(path)));
    let summary = summary.filter(|_| args.format() == Format::Github);
    let summary = summary.map(|path| (Format::Markdown, Ok(file::Whole::added_to(path))));
    let files = asked.chain(summary).map(|(format, writer)| {
        let (mut output, mut writer) = (format.output(&ask), writer?);
        output.begin(&mut writer).with_context(|| writer.cannot())?;
        Ok(ToFile { output, writer })
    });
    files.collect()
}

impl ToFile {
    fn add(&mut self, file: &Arc<Report>, piece: Piece) -> anyhow::Result<()> {
        self.output.add(file, piece, &mut self.writer).with_context(|| self.writer.cannot())
    }

    fn end(mut self, end: &End<'_>) -> anyhow::Result<()> {
        self.output.end(end, &mut self.writer).with_context(|| self.writer.cannot())?;
        self.writer.finish()
    }
}

/// Columns of a table that is written to a file.
const WIDTH_OF_A_FILE: usize = 100;

/// What the plans are compared with.
enum Before {
    Nothing,
    Baseline(Baseline),
    Revision(Earlier),
}

impl Before {
    fn of(args: &AuditArgs, auditor: &Auditor, candidates: &[Candidate]) -> anyhow::Result<Self> {
        if let Some(file) = &args.baseline {
            let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
            return Ok(Self::Baseline(Baseline::read(&text).with_context(|| file.display().to_string())?));
        }
        match &args.since {
            Some(name) => Ok(Self::Revision(earlier(&Revision::named(name)?, jobs(args), auditor, candidates)?)),
            None => Ok(Self::Nothing),
        }
    }

    fn compare(&self, file: &mut Report) {
        match self {
            Self::Nothing => {}
            Self::Baseline(baseline) => baseline.apply(file),
            Self::Revision(earlier) => earlier.compare(file),
        }
    }
}

/// What an audit finds in the plans as they were at a revision.
fn earlier(
    revision: &Revision,
    jobs: NonZeroUsize,
    auditor: &Auditor,
    candidates: &[Candidate],
) -> anyhow::Result<Earlier> {
    /// Texts that are in memory at once.
    const AT_ONCE: usize = 256;
    let mut earlier = Earlier::default();
    let files: Vec<&Path> = candidates.iter().filter_map(Candidate::path).collect();
    for files in files.chunks(AT_ONCE) {
        let texts: Vec<Arc<Source>> = revision.texts(files)?.into_iter().flatten().map(Arc::new).collect();
        let work = |source: &Arc<Source>| {
            let mut report = auditor.empty_report();
            auditor.audit_source(Arc::clone(source), revision, &mut report);
            report
        };
        run::in_order(jobs, &texts, work, |report| {
            earlier.add(&report);
            ControlFlow::Continue(())
        });
    }
    Ok(earlier)
}

fn jobs(args: &AuditArgs) -> NonZeroUsize {
    args.jobs.or_else(|| std::thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN)
}

fn limits(args: &AuditArgs) -> Limits {
    Limits { fail_on: args.fail_on.severity(), min_score: args.min_score, exit_zero: args.exit_zero }
}

/// The status of a report without gates, and what is to be said of files that are no plans.
pub(crate) fn status_and_faults(paths: &[PathBuf], report: &Report, view: &View) -> Outcome {
    let mut err: String = report.faults.iter().map(|faulty| fault::faults(faulty, view)).collect();
    let mut tally = Tally::default();
    tally.add(report);
    let status = tally.status();
    if status == NO_PLAN {
        err.push_str(&nothing_found(paths, report.passed_over.len()));
    }
    Outcome { err, status, ..Outcome::default() }
}

/// The settings of a file, else those that hold in the working directory, or the outcome that says what is wrong with them.
pub(crate) fn settings_or_fault(path: Option<&Path>, view: &View) -> Result<Settings, Outcome> {
    let found = if path.is_none() { discover::settings() } else { None };
    let Some(path) = path.or(found.as_deref()) else { return Ok(Settings::default()) };
    settings(path).map_err(|faulty| Outcome { err: fault::faults(&faulty, view), status: 2, ..Outcome::default() })
}

fn settings(path: &Path) -> Result<Settings, Faulty> {
    let (source, problem) = discover::read(path);
    let read = match problem {
        Some((span, why)) => Err(vec![Problem::new(span, What::Source(why))]),
        None => Settings::read(&source, &rules::adjustable()),
    };
    read.map_err(|mut problems| {
        problems.sort_by_key(|problem| problem.span);
        Faulty { source: Arc::new(source), problems }
    })
}

/// Audits candidates one after the other, and keeps all of it.
pub(crate) fn audit(auditor: &Auditor, candidates: &[Candidate]) -> Report {
    let mut all = auditor.empty_report();
    candidates.iter().for_each(|candidate| all.append(audit_one(auditor, candidate)));
    all
}

/// What one candidate gives.
fn audit_one(auditor: &Auditor, candidate: &Candidate) -> Report {
    let mut report = auditor.empty_report();
    match candidate {
        Candidate::Named(path) => match discover::read(path) {
            (source, None) => auditor.audit_source(Arc::new(source), &Files, &mut report),
            (source, Some(problem)) => report.faults.push(faulty(source, problem)),
        },
        Candidate::Found(path) => match discover::read(path) {
            (source, None) => auditor.audit_found(Arc::new(source), &Files, &mut report),
            (source, Some(problem)) if is_plan_like(&source, &problem) => report.faults.push(faulty(source, problem)),
            (source, Some(_)) => report.passed_over.push(source.name().to_owned()),
        },
        Candidate::Input => match discover::read_input() {
            (source, None) => auditor.audit_source(Arc::new(source), &NoFiles, &mut report),
            (source, Some(problem)) => report.faults.push(faulty(source, problem)),
        },
        Candidate::Broken(path, why) => {
            let problem = (Span::default(), Unreadable::Io(why.clone()));
            report.faults.push(faulty(Source::new(discover::shown(path), ""), problem));
        }
    }
    report
}

fn faulty(source: Source, (span, why): (Span, Unreadable)) -> Faulty {
    Faulty { source: Arc::new(source), problems: vec![Problem::new(span, What::Source(why))] }
}

/// A file in a folder that cannot be read at all is an error; text in another encoding only where
/// it looks like a plan.
fn is_plan_like(source: &Source, (_, why): &(Span, Unreadable)) -> bool {
    match why {
        Unreadable::NotUtf8 { .. } => source.text().lines().any(|line| line.starts_with("plan:")),
        Unreadable::Encoding(_) => false,
        _ => true,
    }
}

fn nothing_found(paths: &[PathBuf], passed_over: usize) -> String {
    let paths: Vec<String> = paths.iter().map(|path| clean(&discover::shown(path)).into_owned()).collect();
    let passed = fault::passed_over(passed_over).map(|sentence| format!(" {sentence}")).unwrap_or_default();
    format!("no plan found in {}.{passed}\nhelp: `kpi-audit init` writes a plan to start from\n", paths.join(", "))
}
