//! Nothing where all is well; else one line for each plan that fails, and which gate.

use std::io::{self, Write};
use std::sync::Arc;

use super::output::{Ask, End, Output, Piece};
use super::table::gate_line;
use super::text::{View, clean};
use crate::audit::{PlanReport, Report};
use crate::rules::verdict::Age;

/// The plans that fail.
#[derive(Debug)]
pub(super) struct Quiet {
    view: View,
}

impl Quiet {
    /// What is asked for, of which only the view matters here.
    pub(super) fn new(ask: &Ask) -> Self {
        Self { view: ask.view }
    }
}

impl Output for Quiet {
    fn add(&mut self, file: &Arc<Report>, _: &mut Piece, to: &mut dyn Write) -> io::Result<()> {
        let mut failing = file.plans.iter().filter(|plan| plan.fails());
        failing.try_for_each(|plan| to.write_all(line(plan, file).as_bytes()))
    }

    fn end(&mut self, end: &End<'_>, to: &mut dyn Write) -> io::Result<()> {
        match end.across.failing().count() {
            0 => {}
            1 => to.write_all(b"across the plans: 1 finding\n")?,
            count => writeln!(to, "across the plans: {count} findings")?,
        }
        to.write_all(gate_line(end.gates, &self.view).as_bytes())
    }
}

fn line(plan: &PlanReport, file: &Report) -> String {
    let score = plan.score.whole().filter(|_| plan.is_scored());
    let score = score.map_or("no score".to_owned(), |score| format!("score {score}"));
    let counts =
        plan.counts().into_iter().rev().map(|(severity, count)| format!("{count} {}", severity.counted(count)));
    let known = plan.findings().filter(|found| found.finding.age == Some(Age::Known)).count();
    let known = (known > 0).then(|| format!("{known} of them known"));
    let facts: Vec<String> = std::iter::once(score).chain(counts).chain(known).collect();
    format!("{}: {}\n", name(plan, file), facts.join(", "))
}

/// The file's name, with the plan's where the file holds several.
fn name(plan: &PlanReport, file: &Report) -> String {
    let source = plan.plan().source.name();
    let name = if file.plans.len() > 1 { format!("{source}, {}", plan.plan().name()) } else { source.to_owned() };
    clean(&name).into_owned()
}
