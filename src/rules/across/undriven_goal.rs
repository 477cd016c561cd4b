//! `undriven-goal`: a goal of an extended plan to which nothing in the plans that extend it leads.

use std::sync::LazyLock;

use crate::plan::GoalOrKpi;
use crate::rules::page::Page;
use crate::rules::{Area, Check, Rule};
use crate::set::{About, Drafts, Extended, Outlines, SetDraft};
use crate::severity::Severity;
use crate::wording::Figure;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "undriven-goal",
    area: Area::AcrossPlans,
    weight: Severity::Medium,
    since: 1,
    on: &["goal"],
    needs: &[],
    applies: |_| false,
    yields_to: &[],
    settings: &[],
    conventions: &[],
    page: LazyLock::new(|| Page::parse(include_str!("undriven_goal.md"))),
    check: Check::Across(check),
};

fn check(outlines: &Outlines, drafts: &mut Drafts<'_>) {
    for extended in outlines.extended() {
        // Some plans that were looked at by themselves say nothing of what the others take up.
        if extended.by.is_empty() || !outlines.shows_all_below(extended.plan) {
            continue;
        }
        undriven(&extended).into_iter().for_each(|draft| drafts.add(draft));
    }
}

fn undriven<'o>(extended: &Extended<'o>) -> Vec<SetDraft<'o>> {
    let plan = extended.plan;
    let leads = |goal| extended.by.iter().any(|(_, by)| by.leads_to(extended.at, goal));
    let goals = plan.wholes.iter().filter(|whole| matches!(whole.which, GoalOrKpi::Goal(_)));
    let names: Vec<String> = extended.by.iter().map(|(_, by)| by.title()).collect();
    let undriven = goals.filter(|goal| !leads(goal.which)).map(|goal| {
        let (reading, severity) = match goal.is_driven_here {
            true => ("by-its-own", Severity::Low),
            false => ("by-none", Severity::Medium),
        };
        let label = RULE.page().phrase("beside");
        SetDraft {
            about: About { plan, kind: "goal", id: &goal.id, name: &goal.name, spot: goal.spot },
            reading,
            severity,
            related: extended.by.iter().map(|(_, by)| (*by, by.spot, label.to_owned())).collect(),
            figures: vec![
                ("goal", Figure::Text(goal.name.to_string())),
                ("plan", Figure::Text(plan.title())),
                ("plans", Figure::Names(names.clone())),
            ],
            against: None,
        }
    });
    undriven.collect()
}
