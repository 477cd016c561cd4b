//! `placeholder-target`: a target of words without a number.

use std::sync::LazyLock;

use crate::facts::{Facts, may_say_how_much};
use crate::plan::{Placed, Plan, PlanPart, Role, Subject, Target};
use crate::rules::page::Page;
use crate::rules::verdict::{FindingDraft, Need, Verdicts};
use crate::rules::{Area, Check, Rule};
use crate::severity::Severity;
use crate::wording::Figure;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "placeholder-target",
    area: Area::Measures,
    weight: Severity::High,
    since: 1,
    on: &["kpi", "goal"],
    needs: &[PlanPart::Kpis],
    applies: |_| true,
    yields_to: &[],
    settings: &[],
    conventions: &[],
    page: LazyLock::new(|| Page::parse(include_str!("placeholder_target.md"))),
    check: Check::First(check),
};

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    for (subject, target) in targets(facts) {
        judge(facts, subject, target, verdicts);
    }
}

/// The targets that somebody is to reach or hold: a diagnostic is only read.
fn targets(facts: &Facts) -> impl Iterator<Item = (Subject, &Placed<Target>)> {
    let goals = facts.plan.goals.iter().enumerate();
    let goals = goals.filter_map(|(at, goal)| Some((Subject::Goal(at), goal.target.as_ref()?)));
    let kpis = facts.plan.kpis.iter().enumerate().filter(|(_, kpi)| Plan::role(kpi) != Role::Diagnostic);
    goals.chain(kpis.filter_map(|(at, kpi)| Some((Subject::Kpi(at), kpi.target.as_ref()?))))
}

fn judge(facts: &Facts, subject: Subject, target: &Placed<Target>, verdicts: &mut Verdicts<'_>) {
    let reading = match &target.value {
        Target::Quantity(_) => return verdicts.pass(subject),
        // "Double" is a number, though none that can be reckoned with here.
        Target::Words(words) if may_say_how_much(words) => {
            return verdicts.unknown(subject, [Need::new("target", subject)]);
        }
        Target::Words(_) => "words",
        Target::Empty { comment: false } => "empty",
        Target::Empty { comment: true } => "comment",
    };
    let draft = FindingDraft::at(target.whole(), reading, Severity::High)
        .with("name", Figure::Text(facts.plan.name_of(subject).to_owned()))
        .with("words", Figure::Text(target.text().to_owned()));
    verdicts.fail(subject, draft);
}
