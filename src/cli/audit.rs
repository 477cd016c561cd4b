//! `kpi-audit [PATH]...`: audits plans, prints the report, and decides the exit status.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use jiff::civil::Date;

use kpi_audit::baseline::Baseline;
use kpi_audit::compare::since;
use kpi_audit::discover::{self, Candidate, Files};
use kpi_audit::git::Revision;
use kpi_audit::plan::NoFiles;
use kpi_audit::plan::problem::{Problem, What};
use kpi_audit::report::{
    FailedGate, Gates, View, comment, csv, fault, github, html, json, junit, sarif, table, text::clean,
};
use kpi_audit::rules::verdict::Age;
use kpi_audit::settings::Settings;
use kpi_audit::severity::Severity;
use kpi_audit::source::{Source, Span, Unreadable};
use kpi_audit::{Auditor, Choice, FindingRef, PlanReport, Report, audit::Faulty, rules};

use super::{AuditArgs, Format, file};

/// What a command prints, and the status that it ends with.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) out: String,
    pub(crate) err: String,
    pub(crate) status: u8,
}

/// `summary` is the file that GitHub shows as a job's summary, where there is one.
pub(crate) fn run(args: &AuditArgs, today: Date, view: &View, summary: Option<&Path>) -> anyhow::Result<Outcome> {
    let view = &View { all: args.all, ..*view };
    let settings = match settings_or_fault(args.config.as_deref(), view) {
        Ok(settings) => settings,
        Err(outcome) => return Ok(outcome),
    };
    let choice = Choice { only: args.only.clone(), skip: args.skip.clone() };
    let auditor = Auditor::new(today).as_of(args.as_of).settings(settings).choice(choice);
    let candidates = discover::candidates(&args.paths);
    let mut report = audit(&auditor, &candidates);
    compare(args, &auditor, &candidates, &mut report)?;
    let gates = gates(args, &report);
    let mut outcome = Outcome { status: gates.exit, ..status_and_faults(&args.paths, &report, view) };
    outcome.out = match args.format {
        Format::Table if args.quiet => quiet(args, &report, &gates, view),
        format => rendered(format, args, &report, &gates, view),
    };
    let plain = View { width: WIDTH_OF_A_FILE, colour: false, ..*view };
    for (format, file) in &args.report {
        let text = rendered(*format, args, &report, &gates, &plain);
        file::write(file, &text).with_context(|| format!("cannot write {}", file.display()))?;
    }
    if let Some(file) = summary.filter(|_| args.format == Format::Github) {
        let text = rendered(Format::Markdown, args, &report, &gates, &plain);
        file::append(file, &text).with_context(|| format!("cannot write {}", file.display()))?;
    }
    if let Some(file) = &args.write_baseline {
        let baseline = Baseline::of(&report);
        file::write(file, &baseline.to_json()).with_context(|| format!("cannot write {}", file.display()))?;
        outcome.err.push_str(&format!("{} findings are known from now on\n", baseline.len()));
    }
    Ok(outcome)
}

/// The report in one of its formats.
fn rendered(format: Format, args: &AuditArgs, report: &Report, gates: &Gates, view: &View) -> String {
    let least = args.min_severity;
    match format {
        Format::Table => table::table(report, table::Shown { least }, gates, view),
        Format::Json => json::json_from(report, gates, least),
        Format::Html => html::html(report, least, gates),
        Format::Sarif => sarif::sarif(report, least),
        Format::Github => github::github(report, least),
        Format::Junit => junit::junit(report, args.fail_on.severity(), least),
        Format::Markdown => comment::comment(report, gates, least),
        Format::Csv => csv::csv(report, least),
    }
}

/// Columns of a table that is written to a file.
const WIDTH_OF_A_FILE: usize = 100;

/// Compares the report with a baseline, or with the plans as they were at a revision.
fn compare(args: &AuditArgs, auditor: &Auditor, candidates: &[Candidate], report: &mut Report) -> anyhow::Result<()> {
    if let Some(file) = &args.baseline {
        let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        Baseline::read(&text).with_context(|| file.display().to_string())?.apply(report);
    }
    if let Some(name) = &args.since {
        let revision = Revision::named(name)?;
        let files: Vec<PathBuf> = candidates.iter().filter_map(Candidate::path).map(Path::to_owned).collect();
        let mut then = auditor.empty_report();
        for source in revision.texts(&files)?.into_iter().flatten() {
            auditor.audit_source(Arc::new(source), &revision, &mut then);
        }
        since(report, &then);
    }
    Ok(())
}

/// The exit status where no plan was found.
const NO_PLAN: u8 = 3;

/// The status of a report without gates, and what is to be said of files that are no plans.
pub(crate) fn status_and_faults(paths: &[PathBuf], report: &Report, view: &View) -> Outcome {
    let mut err: String = report.faults.iter().map(|faulty| fault::faults(faulty, view)).collect();
    let status = status(report);
    if status == NO_PLAN {
        err.push_str(&nothing_found(paths, report));
    }
    Outcome { err, status, ..Outcome::default() }
}

/// 2 where a plan could not be read, 3 where there is none.
fn status(report: &Report) -> u8 {
    match (report.faults.is_empty(), report.plans.is_empty()) {
        (false, _) => 2,
        (true, true) => NO_PLAN,
        (true, false) => 0,
    }
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

pub(crate) fn audit(auditor: &Auditor, candidates: &[Candidate]) -> Report {
    let mut report = auditor.empty_report();
    for candidate in candidates {
        match candidate {
            Candidate::Named(path) => match discover::read(path) {
                (source, None) => auditor.audit_source(Arc::new(source), &Files, &mut report),
                (source, Some(problem)) => report.faults.push(faulty(source, problem)),
            },
            Candidate::Found(path) => match discover::read(path) {
                (source, None) => auditor.audit_found(Arc::new(source), &Files, &mut report),
                (source, Some(problem)) if is_plan_like(&source, &problem) => {
                    report.faults.push(faulty(source, problem))
                }
                _ => report.passed_over += 1,
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

/// The one function that decides which gates failed, and the exit status.
fn gates(args: &AuditArgs, report: &Report) -> Gates {
    let failed: Vec<FailedGate> = [fail_on(args, report), min_score(args, report)].into_iter().flatten().collect();
    let exit = match status(report) {
        0 => u8::from(!failed.is_empty() && !args.exit_zero),
        status => status,
    };
    Gates { failed, exit }
}

fn fail_on(args: &AuditArgs, report: &Report) -> Option<FailedGate> {
    let least = args.fail_on.severity();
    let found = report.plans.iter().flat_map(|plan| failing(plan, least));
    let grave = match least {
        Severity::Critical => "critical".to_owned(),
        least => format!("{} or graver", least.word()),
    };
    let why = match found.count() {
        0 => return None,
        1 => format!("1 finding is {grave}"),
        count => format!("{count} findings are {grave}"),
    };
    Some(FailedGate { name: format!("fail-on {}", least.word()), why })
}

/// The findings by which a plan fails: as grave as that, and not known.
fn failing(plan: &PlanReport, least: Severity) -> impl Iterator<Item = FindingRef<'_>> {
    plan.findings().filter(move |found| found.finding.severity >= least && found.finding.age != Some(Age::Known))
}

fn min_score(args: &AuditArgs, report: &Report) -> Option<FailedGate> {
    let least = args.min_score?;
    let why = match report.plans.iter().filter(|plan| below(plan, report, least)).count() {
        0 => return None,
        1 => format!("1 plan scores less than {least}, or cannot be scored"),
        count => format!("{count} plans score less than {least}, or cannot be scored"),
    };
    Some(FailedGate { name: format!("min-score {least}"), why })
}

/// No grade fails every least score.
fn below(plan: &PlanReport, report: &Report, least: u32) -> bool {
    !report.is_whole || plan.score.grade().is_none() || plan.score.whole().is_none_or(|score| score < least)
}

fn nothing_found(paths: &[PathBuf], report: &Report) -> String {
    let paths: Vec<String> = paths.iter().map(|path| clean(&discover::shown(path)).into_owned()).collect();
    let passed = fault::passed_over(report).map(|sentence| format!(" {sentence}")).unwrap_or_default();
    format!("no plan found in {}.{passed}\nhelp: `kpi-audit init` writes a plan to start from\n", paths.join(", "))
}

/// Nothing where all is well; one line for each plan that fails.
fn quiet(args: &AuditArgs, report: &Report, gates: &Gates, view: &View) -> String {
    if gates.failed.is_empty() {
        return String::new();
    }
    let least = args.fail_on.severity();
    let failing = report.plans.iter().filter(|plan| {
        failing(plan, least).next().is_some() || args.min_score.is_some_and(|least| below(plan, report, least))
    });
    let mut text: String = failing.map(|plan| quiet_line(plan, report)).collect();
    text.push_str(&table::gate_line(gates, view));
    text
}

fn quiet_line(plan: &PlanReport, report: &Report) -> String {
    let score = plan.score.whole().filter(|_| report.is_scored(plan));
    let score = score.map_or("no score".to_owned(), |score| format!("score {score}"));
    let counts =
        plan.counts().into_iter().rev().map(|(severity, count)| format!("{count} {}", severity.counted(count)));
    let facts: Vec<String> = std::iter::once(score).chain(counts).collect();
    format!("{}: {}\n", shown_name(plan, report), facts.join(", "))
}

/// The file's name, with the plan's where the file holds several.
fn shown_name(plan: &PlanReport, report: &Report) -> String {
    let file = plan.plan().source.name();
    let of_file = report.plans.iter().filter(|other| other.plan().source.name() == file).count();
    let name = if of_file > 1 { format!("{file}, {}", plan.plan().name()) } else { file.to_owned() };
    clean(&name).into_owned()
}
