//! Faults of input files, as a person reads them: what is wrong, the line itself, and what to do.

use owo_colors::Style;

use super::snippet::{Mark, snippet};
use super::text::{View, clean};
use crate::audit::{Faulty, Report};
use crate::plan::problem::{Problem, What};
use crate::source::Unreadable;

/// Problems of one file that are shown before the rest is counted.
const MOST_SHOWN: usize = 20;

/// All problems of a file.
pub fn faults(faulty: &Faulty, view: &View) -> String {
    let shown = if view.all { faulty.problems.len() } else { MOST_SHOWN };
    let mut text = String::new();
    for problem in faulty.problems.iter().take(shown) {
        text.push_str(&fault(faulty, problem, view));
        text.push('\n');
    }
    let left = faulty.problems.len().saturating_sub(shown);
    if left > 0 {
        text.push_str(&format!("{}: {left} more problems, shown with --all\n\n", clean(faulty.source.name())));
    }
    text
}

fn fault(faulty: &Faulty, problem: &Problem, view: &View) -> String {
    let error = view.paint("error: ", Style::new().red().bold());
    // The prefix is painted after wrapping, so that its escapes are not measured.
    let message = view.wrap_styled("error: ", &message(faulty, problem), Style::new().bold());
    let mut text = message.replacen("error: ", &error, 1);
    let source = &faulty.source;
    if !source.text().is_empty() {
        text.push_str(&snippet(source, &Mark::of_problem(problem), view));
        text.push('\n');
    }
    if let Some(help) = problem.help() {
        text.push_str(&view.wrap("  help: ", &help));
    }
    text
}

/// What became of a file: a line for each.
pub fn looked_at(file: &Report) -> String {
    let plans = file.plans.iter().map(|plan| (plan.plan().source.name(), "a plan".to_owned()));
    let passed_over = file.passed_over.iter().map(|name| (name.as_str(), "passed over, it is no plan".to_owned()));
    let faults = file.faults.iter().map(|faulty| (faulty.source.name(), "could not be read".to_owned()));
    plans.chain(passed_over).chain(faults).map(|(name, what)| format!("{}: {what}\n", clean(name))).collect()
}

/// How many files of a folder were no plans.
pub fn passed_over(count: usize) -> Option<String> {
    match count {
        0 => None,
        1 => Some("One YAML file was passed over, since it is no plan.".to_owned()),
        many => Some(format!("{many} YAML files were passed over, since they are no plans.")),
    }
}

/// What is wrong. Where there is no line to show, the file is named in the sentence.
pub(super) fn message(faulty: &Faulty, problem: &Problem) -> String {
    let name = faulty.source.name();
    match &problem.what {
        what @ What::Source(Unreadable::Io(_) | Unreadable::TooLarge) => format!("{name} {what}"),
        what if faulty.source.text().is_empty() => format!("{name}: {what}"),
        what => what.to_string(),
    }
}
