//! `kpi-audit [PATH]...`: audits plans, prints the report, and decides the exit status.

use std::collections::HashSet;
use std::io::{self, Write};
use std::iter;
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, bail};
use jiff::civil::Date;

use kpi_audit::baseline::Baseline;
use kpi_audit::compare::{self, Earlier, Name};
use kpi_audit::discover::{self, Candidate, Files};
use kpi_audit::gates::{NO_PLAN, Tally};
use kpi_audit::git::Revision;
use kpi_audit::plan::NoFiles;
use kpi_audit::plan::problem::{Problem, What};
use kpi_audit::report::output::{Ask, End, Format, Maker, Output, Piece};
use kpi_audit::report::{View, fault, text::clean};
use kpi_audit::run;
use kpi_audit::set::{Across, Outlines};
use kpi_audit::settings::{Assigned, Flags, Folders, Settings};
use kpi_audit::source::{MAX_BYTES, Source, Span, Unreadable};
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

impl Outlets<'_> {
    /// Says something beside the report, behind what was written of that: both may go to one place. That nobody listens changes nothing
    /// about the plans.
    fn say(&mut self, text: &str) {
        // What cannot be written now cannot be at the end, and is told there.
        let _ = self.out.flush();
        let _ = self.err.write_all(text.as_bytes());
    }
}

/// `summary` is the file that GitHub shows as a job's summary, where there is one. Gives the exit status.
pub(crate) fn run(
    args: &AuditArgs,
    today: Date,
    view: &View,
    summary: Option<&Path>,
    outlets: &mut Outlets<'_>,
) -> anyhow::Result<u8> {
    let begun = Instant::now();
    let view = &View { all: args.all, ..*view };
    let flags = Flags { fail_on: args.fail_on, min_score: args.min_score };
    let folders = folders(&args.paths, args.config.as_deref()).with_flags(flags);
    if args.show_config {
        return show_settings(&args.paths, &folders, view, outlets);
    }
    let choice = Choice { only: args.only.clone(), skip: args.skip.clone() };
    let ask = Ask { least: args.min_severity, is_whole: choice.is_all(), view: *view };
    let auditor = Auditor::new(today).as_of(args.as_of).choice(choice);
    refuse_to_replace_what_is_read(args)?;
    let assigned = folders.assign(discover::candidates(&args.paths));
    let loader = Files::of(&args.paths);
    let jobs = jobs(args, assigned.candidates.len());
    let before = Before::of(args, jobs, &auditor, &assigned.candidates)?;
    let mut printed = Printed::new(args.format(), &ask);
    let mut files = files(args, &ask, summary)?;
    let mut end = Totals::default();
    let makers: Vec<Maker> =
        iter::once(printed.output.maker()).chain(files.iter().map(|file| file.output.maker())).collect();
    let work = |(candidate, settings): &(Candidate, Arc<Settings>)| {
        let mut file = audit_one(&auditor.with_settings(settings), candidate, &loader);
        before.compare(&mut file);
        Done { pieces: makers.iter().map(|make| make(&file)).collect(), file: Arc::new(file) }
    };
    printed.begin(outlets.out);
    let mut unread = Done::unread(&auditor, &assigned, &makers);
    let progress = Progress::of(assigned.candidates.len(), outlets.progress && !args.quiet);
    let is_alone = assigned.candidates.len() == 1;
    let mut take = |done: &mut Done| {
        progress.step();
        if is_alone {
            // The process ends soon: giving back the memory of the only file would take a twentieth of its time.
            std::mem::forget(Arc::clone(&done.file));
        }
        end.add(args, done);
        let told = told(&done.file, view, args.verbose);
        if !told.is_empty() {
            progress.aside(|| outlets.say(&told));
        }
        // Where nobody reads on, the rest is audited all the same: the status and the baseline are of all plans.
        let mut pieces = done.pieces.iter_mut();
        if let Some(piece) = pieces.next() {
            printed.add(&done.file, piece, outlets.out);
        }
        match files.iter_mut().zip(pieces).try_for_each(|(file, piece)| file.add(&done.file, piece)) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                end.failed = Some(error);
                ControlFlow::Break(())
            }
        }
    };
    // Settings that cannot be read come first: they are why plans are missing.
    if take(&mut unread).is_continue() {
        run::in_order(jobs, &assigned.candidates, work, take);
    }
    progress.end();
    if let Some(error) = end.failed.take() {
        return Err(error);
    }
    let mut across = auditor.across(&end.outlines);
    before.compare_across(&mut across, &end.names);
    if end.outlines.is_partial() {
        // What is not found in files that cannot be read is not fixed.
        across.fixed.clear();
    }
    end.tally.add_across(&across);
    end.baseline.add_across(&across);
    let gates = end.tally.gates(args.exit_zero);
    if end.tally.status() == NO_PLAN {
        outlets.say(&nothing_found(&args.paths, end.passed_over, end.left_out));
    }
    let known = End { gates: &gates, across: &across, passed_over: end.passed_over };
    let printed = printed.end(&known, outlets.out);
    files.into_iter().try_for_each(|file| file.end(&known))?;
    printed?;
    if let Some(file) = &args.write_baseline {
        // What is in a plan that could not be read would be new in the next run.
        if end.tally.status() == 2 {
            bail!("cannot write {}: not every plan could be read", file.display());
        }
        let baseline = &end.baseline;
        file::write(file, &baseline.to_json())?;
        outlets.say(&match baseline.len() {
            1 => "1 finding is known from now on\n".to_owned(),
            count => format!("{count} findings are known from now on\n"),
        });
    }
    if args.verbose {
        let seconds = begun.elapsed().as_secs_f64();
        let threads = match run::threads(jobs, assigned.candidates.len()) {
            1 => "1 thread".to_owned(),
            count => format!("{count} threads"),
        };
        outlets.say(&format!("{} in {seconds:.2} s, {threads}\n", end.tally.counted()));
    }
    Ok(gates.exit)
}

/// What one candidate gave, and what each output made of it.
struct Done {
    file: Arc<Report>,
    pieces: Vec<Piece>,
}

impl Done {
    /// The settings files that have errors, and the files that are not audited for it.
    fn unread(auditor: &Auditor, assigned: &Assigned, makers: &[Maker]) -> Self {
        let file = unread(auditor, assigned);
        Self { pieces: makers.iter().map(|make| make(&file)).collect(), file: Arc::new(file) }
    }
}

/// What the end of a run needs of all its files.
#[derive(Default)]
struct Totals {
    tally: Tally,
    passed_over: usize,
    left_out: usize,
    baseline: Baseline,
    outlines: Outlines,
    /// What the plans are called, where a baseline asks for it.
    names: HashSet<Name>,
    failed: Option<anyhow::Error>,
}

impl Totals {
    fn add(&mut self, args: &AuditArgs, done: &Done) {
        self.tally.add(&done.file);
        self.passed_over += done.file.passed_over.len();
        self.left_out += done.file.left_out;
        done.file.plans.iter().for_each(|plan| self.outlines.add(plan));
        if !done.file.faults.is_empty() || done.file.unaudited > 0 {
            self.outlines.miss();
        }
        if args.write_baseline.is_some() {
            self.baseline.add(&done.file);
        }
        if args.baseline.is_some() {
            self.names.extend(done.file.plans.iter().map(compare::name));
        }
    }
}

/// The report that is printed. That nobody reads on is no error, and all is audited still: the status is that of the whole.
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

    fn add(&mut self, file: &Arc<Report>, piece: &mut Piece, out: &mut dyn Write) {
        if self.written.is_ok() {
            self.written = self.output.add(file, piece, out);
        }
    }

    fn end(mut self, end: &End<'_>, out: &mut dyn Write) -> anyhow::Result<()> {
        unless_left(self.written.and_then(|()| self.output.end(end, out)).and_then(|()| out.flush()))
    }
}

/// What came of writing to standard output. That nobody reads on is no error.
fn unless_left(written: io::Result<()>) -> anyhow::Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written.context("cannot write to standard output"),
    }
}

/// A report that goes to a file: whole, or not at all.
struct ToFile {
    output: Box<dyn Output>,
    writer: file::Whole,
}

/// No report takes the place of a plan or of settings, of what this run reads, or of another report.
fn refuse_to_replace_what_is_read(args: &AuditArgs) -> anyhow::Result<()> {
    let mut written = args.report.iter().map(|(_, path)| path).chain(&args.write_baseline).peekable();
    if written.peek().is_none() {
        return Ok(());
    }
    let read = args.paths.iter().chain(&args.config).chain(&args.baseline);
    let mut taken: HashSet<PathBuf> = read.filter_map(|path| path.canonicalize().ok()).collect();
    for path in written {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let there = path.canonicalize().ok();
        let place = there.clone().or_else(|| Some(folder.canonicalize().ok()?.join(path.file_name()?)));
        // A terminal or a pipe loses nothing; a folder that is missing is told when the file is made.
        let Some(place) = place.filter(|place| place.is_file() || !place.exists()) else { continue };
        if there.is_some() && discover::is_yaml(&place) {
            bail!("cannot write {}: there is a YAML file of that name, which may be a plan", path.display());
        }
        if !taken.insert(place) {
            bail!("cannot write {}: this run reads that file, or writes it twice", path.display());
        }
    }
    Ok(())
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
    fn add(&mut self, file: &Arc<Report>, piece: &mut Piece) -> anyhow::Result<()> {
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
    fn of(
        args: &AuditArgs,
        jobs: NonZeroUsize,
        auditor: &Auditor,
        candidates: &[(Candidate, Arc<Settings>)],
    ) -> anyhow::Result<Self> {
        if let Some(file) = &args.baseline {
            let text = discover::bytes(file, MAX_BYTES).map_err(anyhow::Error::msg);
            let text = text.and_then(|bytes| Ok(String::from_utf8(bytes)?));
            let text = text.with_context(|| format!("cannot read {}", file.display()))?;
            return Ok(Self::Baseline(Baseline::read(&text).with_context(|| file.display().to_string())?));
        }
        match &args.since {
            Some(name) => Ok(Self::Revision(earlier(&Revision::named(name)?, jobs, auditor, candidates)?)),
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

    fn compare_across(&self, across: &mut Across, names: &HashSet<Name>) {
        match self {
            Self::Nothing => {}
            Self::Baseline(baseline) => baseline.apply_across(across, names),
            Self::Revision(earlier) => earlier.compare_across(across),
        }
    }
}

/// What an audit finds in the plans as they were at a revision.
fn earlier(
    revision: &Revision,
    jobs: NonZeroUsize,
    auditor: &Auditor,
    candidates: &[(Candidate, Arc<Settings>)],
) -> anyhow::Result<Earlier> {
    /// Texts that are in memory at once.
    const AT_ONCE: usize = 256;
    let (mut earlier, mut outlines) = (Earlier::default(), Outlines::default());
    let files = candidates.iter().filter_map(|(candidate, settings)| Some((candidate.path()?, settings)));
    let (files, settings): (Vec<&Path>, Vec<&Arc<Settings>>) = files.unzip();
    for (files, settings) in files.chunks(AT_ONCE).zip(settings.chunks(AT_ONCE)) {
        let texts = revision.texts(files)?.into_iter().zip(files.iter().zip(settings));
        let texts: Vec<_> =
            texts.filter_map(|(text, (file, settings))| Some((Arc::new(text?), *file, *settings))).collect();
        let work = |(source, file, settings): &(Arc<Source>, &Path, &Arc<Settings>)| {
            let mut report = auditor.empty_report();
            auditor.with_settings(settings).audit_source(Arc::clone(source), revision, &mut report);
            let is_same_today = std::fs::read(file).is_ok_and(|today| today == source.text().as_bytes());
            (report, is_same_today)
        };
        run::in_order(jobs, &texts, work, |(report, is_same_today)| {
            earlier.add(report, *is_same_today);
            report.plans.iter().for_each(|plan| outlines.add(plan));
            ControlFlow::Continue(())
        });
    }
    earlier.add_across(auditor.across(&outlines));
    Ok(earlier)
}

/// The threads for so many files. For one, how many there could be is not looked up.
fn jobs(args: &AuditArgs, files: usize) -> NonZeroUsize {
    let free = || if files > 1 { std::thread::available_parallelism().ok() } else { None };
    args.jobs.or_else(free).unwrap_or(NonZeroUsize::MIN)
}

/// The status of a report without gates, and what is to be said of files that are no plans.
pub(crate) fn status_and_faults(paths: &[PathBuf], report: &Report, view: &View) -> Outcome {
    let mut err = faults(report, view);
    let mut tally = Tally::default();
    tally.add(report);
    let status = tally.status();
    if status == NO_PLAN {
        err.push_str(&nothing_found(paths, report.passed_over.len(), report.left_out));
    }
    Outcome { err, status, ..Outcome::default() }
}

/// What is said of a file beside the report: what is wrong with it, and what became of it where that is asked for.
fn told(file: &Report, view: &View, is_verbose: bool) -> String {
    faults(file, view) + &if is_verbose { fault::looked_at(file) } else { String::new() }
}

/// What is wrong with files, and what is left out for it.
fn faults(report: &Report, view: &View) -> String {
    let mut err: String = report.faults.iter().map(|faulty| fault::faults(faulty, view)).collect();
    match report.unaudited {
        0 => {}
        1 => err.push_str("1 file was not looked at, since its settings have errors\n"),
        many => err.push_str(&format!("{many} files were not looked at, since their settings have errors\n")),
    }
    err
}

/// Finds the settings of each plan.
pub(crate) fn folders(paths: &[PathBuf], config: Option<&Path>) -> Folders {
    Folders::new(paths, config, rules::adjustable())
}

/// What is wrong with settings without which nothing can be done.
pub(crate) fn refused(faulty: &Faulty, view: &View) -> Outcome {
    Outcome { err: fault::faults(faulty, view), status: 2, ..Outcome::default() }
}

/// The settings of each path; where a settings file has errors, these instead.
fn show_settings(paths: &[PathBuf], folders: &Folders, view: &View, outlets: &mut Outlets<'_>) -> anyhow::Result<u8> {
    let (mut shown, mut told, mut status) = (String::new(), String::new(), 0);
    for path in paths {
        match folders.shown(path) {
            Ok(text) if shown.is_empty() => shown = text,
            Ok(text) => shown.push_str(&format!("---\n{text}")),
            Err(faulty) => {
                status = 2;
                let text = fault::faults(&faulty, view);
                // One settings file may hold for several paths.
                if !told.contains(&text) {
                    told.push_str(&text);
                }
            }
        }
    }
    outlets.say(&told);
    unless_left(outlets.out.write_all(shown.as_bytes()).and_then(|()| outlets.out.flush()))?;
    Ok(status)
}

/// Audits candidates one after the other, and keeps all of it.
pub(crate) fn audit(auditor: &Auditor, assigned: &Assigned, files: &Files) -> Report {
    let mut all = unread(auditor, assigned);
    for (candidate, settings) in &assigned.candidates {
        all.append(audit_one(&auditor.with_settings(settings), candidate, files));
    }
    all
}

/// The settings files that have errors, and how many files are not audited for it.
pub(crate) fn unread(auditor: &Auditor, assigned: &Assigned) -> Report {
    let Assigned { faults, unaudited, left_out, .. } = assigned;
    Report { faults: faults.clone(), unaudited: *unaudited, left_out: *left_out, ..auditor.empty_report() }
}

/// What one candidate gives.
pub(crate) fn audit_one(auditor: &Auditor, candidate: &Candidate, files: &Files) -> Report {
    let mut report = auditor.empty_report();
    match candidate {
        Candidate::Named(path) => match files.read(path) {
            (source, None) => auditor.audit_source(source, files, &mut report),
            (source, Some(problem)) => report.faults.push(faulty(source, problem)),
        },
        Candidate::Found(path) => match files.read(path) {
            (source, None) => auditor.audit_found(source, files, &mut report),
            (source, Some(problem)) if is_plan_like(&source, &problem) => report.faults.push(faulty(source, problem)),
            (source, Some(_)) => report.passed_over.push(source.name().to_owned()),
        },
        Candidate::Input => match discover::read_input() {
            (source, None) => auditor.audit_source(Arc::new(source), &NoFiles, &mut report),
            (source, Some(problem)) => report.faults.push(faulty(Arc::new(source), problem)),
        },
        Candidate::Broken(path, why) => {
            let problem = (Span::default(), Unreadable::Io(why.clone()));
            report.faults.push(faulty(Arc::new(Source::new(discover::shown(path), "")), problem));
        }
    }
    report
}

fn faulty(source: Arc<Source>, (span, why): (Span, Unreadable)) -> Faulty {
    Faulty { source, problems: vec![Problem::new(span, What::Source(why))] }
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

fn nothing_found(paths: &[PathBuf], passed_over: usize, left_out: usize) -> String {
    let paths: Vec<String> = paths.iter().map(|path| clean(&discover::shown(path)).into_owned()).collect();
    let passed = fault::passed_over(passed_over).map(|sentence| format!(" {sentence}")).unwrap_or_default();
    let left_out = match left_out {
        0 => String::new(),
        1 => " One file is left out by `include` or `exclude` of its settings.".to_owned(),
        many => format!(" {many} files are left out by `include` or `exclude` of their settings."),
    };
    format!(
        "no plan found in {}.{passed}{left_out}\nhelp: `kpi-audit init` writes a plan to start from\n",
        paths.join(", ")
    )
}
