//! `leap-to-revenue`: a plan that ties attention straight to money, with no step between that could be looked at.

use std::sync::LazyLock;

use hashbrown::HashMap;

use crate::facts::Facts;
use crate::facts::links::Reason;
use crate::plan::{GoalOrKpi, MetricRef, PlanPart, Subject};
use crate::rules::page::Page;
use crate::rules::reframe::{self, Fields};
use crate::rules::verdict::{FindingDraft, Need, Verdicts};
use crate::rules::{Area, Check, Rule};
use crate::settings::{Setting, SettingUnit};
use crate::severity::Severity;
use crate::wording::Figure;

use super::step_between::step_between;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "leap-to-revenue",
    area: Area::Revenue,
    weight: Severity::Medium,
    since: 1,
    on: &["plan"],
    needs: &[PlanPart::Kpis],
    // Attention that is tied to nothing leaps nowhere: that it leads nowhere is told of each.
    applies: |facts| facts.plan.kpis.is_empty(),
    yields_to: &[],
    settings: &[&FEWEST],
    conventions: &[],
    page: LazyLock::new(|| Page::parse(include_str!("leap_to_revenue.md"))),
    check: Check::First(check),
};

static FEWEST: Setting = Setting {
    key: "fewest",
    default: 3.0,
    unit: SettingUnit::Count,
    least: 1.0,
    most: 100.0,
    words: "the KPIs of attention tied straight to money from which the plan is told",
    source: "a convention: one is a shortcut, three are a way of planning",
};

/// As many places as a sentence names.
const PLACES_SHOWN: usize = 3;

/// KPIs that the proposed step is written for: nobody pastes more.
const MOST_REFRAMED: usize = 20;

/// What a KPI's links say of it.
enum Leaps {
    Yes,
    No,
    Unclear(Vec<Need>),
}

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    let links = links_by_kpi(facts);
    let (mut straight, mut unclear, mut needs) = (Vec::new(), 0, Vec::new());
    let linked = facts.judged_kpis().map(MetricRef::kpi).filter_map(|kpi| links.get(&kpi).map(|links| (kpi, links)));
    let mut has_attention = false;
    for (kpi, links) in linked {
        has_attention |= facts.identity(kpi).is_attention();
        match leaps(facts, kpi, links) {
            Leaps::Yes => straight.push(kpi),
            Leaps::No => {}
            Leaps::Unclear(lacking) => {
                unclear += 1;
                needs.extend(lacking);
            }
        }
    }
    let fewest = facts.settings.threshold(RULE.name, &FEWEST);
    if straight.len() as f64 >= fewest {
        verdicts.fail(Subject::Plan, finding(facts, &straight));
    } else if (straight.len() + unclear) as f64 >= fewest {
        verdicts.unknown(Subject::Plan, needs);
    } else if has_attention {
        verdicts.pass(Subject::Plan);
    }
}

fn links_by_kpi(facts: &Facts) -> HashMap<MetricRef, Vec<(MetricRef, Reason)>> {
    let mut links: HashMap<MetricRef, Vec<(MetricRef, Reason)>> = HashMap::new();
    for (from, to, reason) in facts.links().iter() {
        links.entry(from).or_default().push((to, reason));
    }
    links
}

/// Whether a KPI is attention, and all that it is tied to is money. The rates of a funnel are steps between, whoever counts them.
fn leaps(facts: &Facts, kpi: MetricRef, links: &[(MetricRef, Reason)]) -> Leaps {
    let identity = facts.identity(kpi);
    let could_be = identity.kind.is_none() || identity.is_attention() && !facts.is_inventory(kpi);
    let between = |(to, reason): &(MetricRef, Reason)| {
        let nature = facts.nature(*to);
        *reason == Reason::Rate || nature.is_clear && !nature.is_money
    };
    if !could_be || links.iter().any(between) {
        return Leaps::No;
    }
    let ends = links.iter().map(|(to, _)| *to).chain([kpi]);
    let unclear: Vec<Need> = ends.filter(|end| facts.identity(*end).kind.is_none()).map(Need::of_kind).collect();
    if unclear.is_empty() { Leaps::Yes } else { Leaps::Unclear(unclear) }
}

fn finding(facts: &Facts, straight: &[MetricRef]) -> FindingDraft {
    let place = facts.plan.place_of_parts(&[PlanPart::Kpis]);
    let recognised = straight.iter().any(|kpi| facts.identity(*kpi).is_recognised());
    let mut draft = FindingDraft::at(place, "leap", Severity::Medium)
        .with("count", Figure::Count(straight.len() as f64))
        .with("names", Figure::Names(facts.names_of(straight)))
        .recognised(recognised)
        .reframe(with_step_between(facts, straight), false);
    for kpi in straight.iter().take(PLACES_SHOWN) {
        let place = facts.plan.place_of(kpi.which.subject());
        draft = draft.beside(place, RULE.page().phrase("straight"));
    }
    draft
}

/// The KPIs with a step between them and money.
fn with_step_between(facts: &Facts, straight: &[MetricRef]) -> Option<String> {
    let page = RULE.page();
    let money = facts.money_to_reach()?;
    let kpis = straight.iter().filter_map(|kpi| match kpi.which {
        GoalOrKpi::Kpi(at) => Some(at),
        GoalOrKpi::Goal(_) => None,
    });
    let (step, between) = step_between(page, ["id", "name"], facts, kpis, money);
    let tied = straight.iter().take(MOST_REFRAMED).map(|kpi| {
        let fields = Fields::named(facts.plan.metric_id(*kpi), facts.plan.metric_name(*kpi));
        fields.words("drives", vec![step.clone()]).text("because", page.phrase("because"))
    });
    Some(reframe::list("kpis", tied.chain(between).collect()))
}
