//! `kpi-audit fix [PATH]...`: reframes as edits of the plans, shown as a diff or written.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::bail;
use jiff::civil::Date;

use kpi_audit::discover::{self, Candidate, Files};
use kpi_audit::fix::{Fixed, Fixer};
use kpi_audit::plan::{Loader, NoFiles};
use kpi_audit::report::{View, fix, text::clean};
use kpi_audit::source::Source;
use kpi_audit::{Auditor, Report};

use super::FixArgs;
use super::audit::{Outcome, audit_one, folders, status_and_faults, unread};
use super::file::Replacement;

pub(crate) fn run(args: &FixArgs, today: Date, view: &View) -> anyhow::Result<Outcome> {
    let files = Files::of(&args.paths);
    let folders = folders(&args.paths, args.config.as_deref());
    let auditor = Auditor::new(today).as_of(args.as_of);
    let candidates = discover::candidates(&args.paths);
    if args.write && candidates.contains(&Candidate::Input) && candidates.len() > 1 {
        bail!("with --write, standard input is printed as it is fixed: give - as the only PATH");
    }
    let assigned = folders.assign(candidates);
    let mut all = unread(&auditor, &assigned);
    let mut outcome = Outcome::default();
    for (candidate, settings) in &assigned.candidates {
        let auditor = auditor.with_settings(settings);
        let report = audit_one(&auditor, candidate, &files);
        one(candidate, &report, &auditor, &files, args, view, &mut outcome);
        all.append(report);
    }
    let audited = status_and_faults(&args.paths, &all, view);
    Ok(Outcome { err: audited.err + &outcome.err, status: audited.status.max(outcome.status), ..outcome })
}

/// Fixes one file, where it holds plans.
fn one(
    candidate: &Candidate,
    report: &Report,
    auditor: &Auditor,
    files: &Files,
    args: &FixArgs,
    view: &View,
    outcome: &mut Outcome,
) {
    let Some(source) = report.plans.first().map(|plan| Arc::clone(&plan.plan().source)) else { return };
    let loader: &dyn Loader = if *candidate == Candidate::Input { &NoFiles } else { files };
    let fixer = Fixer { auditor, loader, only: &args.only, decisions: args.decisions };
    let Some(fixed) = fixer.fix(Arc::clone(&source)) else { return };
    let within = matches!(candidate, Candidate::Found(_)).then_some(args.paths.as_slice());
    match candidate {
        _ if !args.write => add(&mut outcome.out, &fix::shown(&fixed, view)),
        Candidate::Named(path) | Candidate::Found(path) => match written(path, within, &source, &fixed) {
            Ok(()) => {
                // Plans that extend it are read with what it says now.
                files.forget();
                add(&mut outcome.out, &fix::done(&fixed, view));
            }
            Err(error) => {
                let message = format!("cannot write {}: {error:#}", source.name());
                outcome.err.push_str(&format!("error: {}\n", clean(&message)));
                outcome.status = 2;
            }
        },
        Candidate::Input | Candidate::Broken(..) => {
            outcome.out.push_str(&source.with_its_mark(fixed.source.text()));
            outcome.err.push_str(&fix::done(&fixed, view));
        }
    }
}

/// Adds what is said of one file below that of another.
fn add(out: &mut String, text: &str) {
    if !out.is_empty() {
        out.push('\n');
    }
    out.push_str(text);
}

/// Puts the fixed text in the place of a file, whole or not at all. A link stays one: what it leads to is replaced.
/// One that was found in a folder, `within` these, may lead out of them only where the file itself is named.
fn written(path: &Path, within: Option<&[PathBuf]>, source: &Source, fixed: &Fixed) -> anyhow::Result<()> {
    if fixed.written.is_empty() {
        return Ok(());
    }
    let file = fs::canonicalize(path)?;
    let holds = |folder: &PathBuf| fs::canonicalize(folder).is_ok_and(|folder| file.starts_with(folder));
    if within.is_some_and(|folders| !folders.iter().any(holds)) {
        bail!("it is a link to {}, outside of the folder: name that file to have it written", file.display());
    }
    let about = fs::metadata(&file)?;
    if !about.is_file() {
        bail!("it is no regular file");
    }
    let replacement = Replacement::beside(&file, Some(&about), &source.with_its_mark(fixed.source.text()))?;
    // What somebody has written in the meantime is not lost.
    if fs::read(&file)? != source.with_its_mark(source.text()).as_bytes() {
        bail!("it was changed while it was read; run the command again");
    }
    replacement.take_its_place()
}

#[cfg(test)]
mod tests {
    use super::*;
    use kpi_audit::Auditor;

    #[test]
    fn what_somebody_wrote_in_the_meantime_is_not_lost() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("plan.yaml");
        let read = Arc::new(Source::new("plan.yaml", "plan: x\nkpis: [{name: Cost per lead, target: 40}]\n"));
        let auditor = Auditor::new(jiff::civil::date(2027, 1, 15));
        let fixer = Fixer { auditor: &auditor, loader: &NoFiles, only: &[], decisions: false };
        let fixed = fixer.fix(Arc::clone(&read)).unwrap();
        let now = "plan: x\nkpis: [{name: Cost per lead, target: 45}]\n";
        fs::write(&path, now).unwrap();
        let error = written(&path, None, &read, &fixed).unwrap_err();
        assert!(error.to_string().contains("it was changed"), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), now);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        fs::write(&path, read.text()).unwrap();
        written(&path, None, &read, &fixed).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), fixed.source.text());
    }
}
