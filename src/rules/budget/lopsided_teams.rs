//! `lopsided-teams`: sales and marketing of very different size.

use std::sync::LazyLock;

use crate::facts::interval::Interval;
use crate::facts::{Department, Facts};
use crate::plan::{PlanPart, Subject, Team};
use crate::rules::page::Page;
use crate::rules::verdict::{FindingDraft, Need, Verdicts};
use crate::rules::{Area, Check, Rule};
use crate::settings::{Setting, SettingUnit};
use crate::severity::Severity;
use crate::wording::Figure;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "lopsided-teams",
    area: Area::Budget,
    weight: Severity::Note,
    since: 1,
    on: &["plan"],
    needs: &[PlanPart::Teams],
    applies: |facts| facts.plan.lacks(PlanPart::Teams) || has_both(facts),
    yields_to: &[],
    settings: &[&MOST_TO_ONE],
    conventions: &[],
    page: LazyLock::new(|| Page::parse(include_str!("lopsided_teams.md"))),
    check: Check::First(check),
};

static MOST_TO_ONE: Setting = Setting {
    key: "most_to_one",
    default: 5.0,
    unit: SettingUnit::Ratio,
    least: 1.0,
    most: 1000.0,
    words: "the ratio of sales to marketing, or the reverse, over which one of them is much the larger",
    source: "a convention: no published ratio fits every motion",
};

/// The teams of one department, by how much they have of something.
struct Size {
    sales: f64,
    marketing: f64,
}

fn teams(facts: &Facts, department: Department) -> impl Iterator<Item = &Team> {
    let teams = facts.plan.head.teams.iter().flat_map(|teams| teams.iter());
    teams.filter(move |(name, _)| facts.teams().department(name) == Some(department)).map(|(_, team)| &team.value)
}

fn has_both(facts: &Facts) -> bool {
    teams(facts, Department::Sales).next().is_some() && teams(facts, Department::Marketing).next().is_some()
}

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    if !has_both(facts) {
        return;
    }
    let people = sizes(facts, |team| team.people.as_ref()?.point());
    let money = sizes(facts, |team| team.budget.as_ref()?.point());
    if people.is_none() && money.is_none() {
        return verdicts.unknown(Subject::Plan, ["people", "budget"].map(|key| Need::new(key, Subject::Plan)));
    }
    // People first: money of marketing is often media, and that of sales mostly pay.
    let found = [("people", people), ("money", money)]
        .into_iter()
        .find_map(|(reading, size)| size.filter(|size| is_lopsided(facts, size)).map(|size| (reading, size)));
    match found {
        Some((reading, size)) => verdicts.fail(Subject::Plan, draft(facts, reading, &size)),
        None => verdicts.pass(Subject::Plan),
    }
}

/// What both departments have, where every team of them says it, and has any.
fn sizes(facts: &Facts, of: impl Fn(&Team) -> Option<f64>) -> Option<Size> {
    let sum = |department| teams(facts, department).map(&of).sum::<Option<f64>>().filter(|sum| *sum > 0.0);
    Some(Size { sales: sum(Department::Sales)?, marketing: sum(Department::Marketing)? })
}

fn is_lopsided(facts: &Facts, size: &Size) -> bool {
    let most = facts.settings.threshold(RULE.name, &MOST_TO_ONE);
    size.sales > most * size.marketing || size.marketing > most * size.sales
}

fn draft(facts: &Facts, reading: &'static str, size: &Size) -> FindingDraft {
    let (larger, many, smaller, few) = if size.sales > size.marketing {
        (Department::Sales, size.sales, Department::Marketing, size.marketing)
    } else {
        (Department::Marketing, size.marketing, Department::Sales, size.sales)
    };
    let figure = |amount| if reading == "people" { Figure::Count(amount) } else { Figure::Money(amount) };
    let place = facts.plan.place_of_parts(&[PlanPart::Teams]);
    let ratio = Interval::at(many / few);
    FindingDraft::at(place, reading, Severity::Note)
        .with("larger", Figure::Text(larger.name().to_owned()))
        .with("many", figure(many))
        .with("smaller", Figure::Text(smaller.name().to_owned()))
        .with("few", figure(few))
        .with("ratio", Figure::Multiple(ratio))
}
