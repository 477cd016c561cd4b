//! `conflicting-targets`: targets that cannot hold together, two of one number or a volume at a price that nobody has the money for.

use std::borrow::Cow;
use std::mem::discriminant;
use std::sync::LazyLock;

use hashbrown::HashMap;
use jiff::civil::Date;

use crate::facts::Facts;
use crate::plan::quantity::{Bound, Quantity, Unit};
use crate::plan::{Entity, Kpi, OneOrMany, Placed, Plan, PlanPart, Role, Subject, Target, Text};
use crate::rules::page::Page;
use crate::rules::verdict::{FindingDraft, Verdicts};
use crate::rules::{Area, Check, Rule, Yield};
use crate::settings::{Setting, SettingUnit};
use crate::severity::Severity;
use crate::wording::Figure;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "conflicting-targets",
    area: Area::Feasibility,
    weight: Severity::High,
    since: 1,
    on: &["kpi"],
    needs: &[PlanPart::Kpis],
    // Targets that stand alone have nothing to be in conflict with.
    applies: |facts| facts.plan.kpis.is_empty(),
    yields_to: &[Yield::of("costs", "budget-cannot-buy")],
    settings: &[&OVER],
    conventions: &[],
    page: LazyLock::new(|| Page::parse(include_str!("conflicting_targets.md"))),
    check: Check::First(check),
};

static OVER: Setting = Setting {
    key: "over",
    default: 0.10,
    unit: SettingUnit::Share,
    least: 0.0,
    most: 10.0,
    words: "the share by which a volume at its unit cost may exceed the money for it",
    source: "a convention: two targets and a budget are each rounded",
};

/// Names of one and the same number, folded, in the dictionary's languages. The dictionary's own names will not do: its
/// followers are those of any network, and its leads those that were paid for as well as those that were not.
const NAMES: &[(&str, &[&str])] = &[
    (
        LEADS,
        &["leads", "number-of-leads", "numero-de-leads", "leady", "liczba-leadow", "anzahl-leads", "nombre-de-leads"],
    ),
    (
        MQL,
        &[
            "mql",
            "mqls",
            "marketing-qualified-lead",
            "marketing-qualified-leads",
            "leads-qualificados-pelo-marketing",
            "leads-qualificadas-pelo-marketing",
            "leads-cualificados-por-marketing",
            "leads-calificados-por-marketing",
            "leady-zakwalifikowane-przez-marketing",
            "marketing-qualifizierte-leads",
            "vom-marketing-qualifizierte-leads",
            "leads-qualifies-par-le-marketing",
        ],
    ),
    (
        "sql",
        &[
            "sql",
            "sqls",
            "sales-qualified-lead",
            "sales-qualified-leads",
            "leads-qualificados-por-vendas",
            "leads-qualificados-pelas-vendas",
            "leads-cualificados-por-vendas",
            "leads-cualificados-por-ventas",
            "leads-calificados-por-ventas",
            "leady-zakwalifikowane-przez-sprzedaz",
            "vom-vertrieb-qualifizierte-leads",
            "leads-qualifies-par-les-ventes",
        ],
    ),
    (
        COST_PER_LEAD,
        &[
            "cpl",
            "cost-per-lead",
            "custo-por-lead",
            "coste-por-lead",
            "costo-por-lead",
            "koszt-leada",
            "koszt-za-lead",
            "kosten-pro-lead",
            "cout-par-lead",
        ],
    ),
    (
        COST_PER_MQL,
        &[
            "cost-per-mql",
            "custo-por-mql",
            "coste-por-mql",
            "costo-por-mql",
            "koszt-mql",
            "kosten-pro-mql",
            "cout-par-mql",
        ],
    ),
    ("nrr", &["nrr", "net-revenue-retention"]),
    ("arr", &["arr", "annual-recurring-revenue"]),
    ("mrr", &["mrr", "monthly-recurring-revenue"]),
    ("cac", &["cac", "customer-acquisition-cost"]),
];

const LEADS: &str = "leads";
const MQL: &str = "mql";
const COST_PER_LEAD: &str = "cost-per-lead";
const COST_PER_MQL: &str = "cost-per-mql";

/// What a number of cost is the cost of, the nearest first. A lead that goes further costs no less than a lead.
const COSTS: &[(&str, &[&str])] = &[(COST_PER_LEAD, &[LEADS, MQL]), (COST_PER_MQL, &[MQL])];

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    let aims: Vec<Aim<'_>> = facts.plan.kpis.iter().enumerate().filter_map(|(at, kpi)| Aim::new(at, kpi)).collect();
    let mut found: HashMap<usize, Vec<FindingDraft>> = HashMap::new();
    same_number_twice(facts, &aims, &mut found);
    volume_at_its_cost(facts, &aims, &mut found);
    let mut found: Vec<(usize, Vec<FindingDraft>)> = found.into_iter().collect();
    found.sort_by_key(|(at, _)| *at);
    for (at, drafts) in found {
        if drafts.is_empty() { verdicts.pass(Subject::Kpi(at)) } else { verdicts.fail_all(Subject::Kpi(at), drafts) }
    }
}

/// A KPI that aims at a level.
struct Aim<'f> {
    at: usize,
    kpi: &'f Entity<Kpi>,
    target: &'f Placed<Target>,
    level: f64,
    /// Which number its whole name means, where it has other names too. "MQLs from fairs" is another number than "MQLs",
    /// whatever metric it says it is.
    known: Option<&'static str>,
    /// Its name, folded.
    name: Cow<'f, str>,
}

/// What two targets must share to be about one number.
#[derive(PartialEq, Eq, Hash)]
struct Scope {
    name: String,
    product: Option<(usize, usize)>,
    teams: Vec<String>,
    by: Option<Date>,
}

impl<'f> Aim<'f> {
    fn new(at: usize, kpi: &'f Entity<Kpi>) -> Option<Self> {
        // What is only watched, or must not fall below a floor, may well differ from what is aimed at.
        if matches!(Plan::role(kpi), Role::Guardrail | Role::Diagnostic) {
            return None;
        }
        let target = kpi.target.as_ref()?;
        target.quantity().filter(|quantity| quantity.per.is_none())?;
        let name = Plan::id_from(&kpi.name);
        let known = NAMES.iter().find(|(_, names)| names.contains(&&*name)).map(|(number, _)| *number);
        Some(Self { at, kpi, target, level: kpi.target_level()?, known, name })
    }

    fn scope(&self, facts: &Facts) -> Scope {
        let name = self.known.map_or_else(|| self.name.to_string(), str::to_owned);
        Scope {
            name,
            product: self.product(facts),
            teams: ids(self.kpi.teams.as_ref()),
            by: facts.plan.deadline(self.kpi),
        }
    }

    fn product(&self, facts: &Facts) -> Option<(usize, usize)> {
        facts.plan.product(self.kpi.product.as_ref()?)
    }

    /// Whether two targets of one scope may still be meant for different things: another goal, other KPIs that they drive,
    /// another rhythm, one a floor and the other a ceiling, or one a range with the other in it.
    fn may_stand_beside(&self, other: &Self) -> bool {
        fn differ<T: PartialEq>(one: Option<T>, other: Option<T>) -> bool {
            one.zip(other).is_some_and(|(one, other)| one != other)
        }
        let drives = |aim: &Self| Some(ids(aim.kpi.drives.as_ref())).filter(|ids| !ids.is_empty());
        let cadence = |aim: &Self| aim.kpi.cadence.as_ref().map(|cadence| cadence.value);
        self.kpi.nested_in != other.kpi.nested_in
            || differ(drives(self), drives(other))
            || differ(cadence(self), cadence(other))
            || self.target.quantity().zip(other.target.quantity()).is_none_or(|(one, other)| may_both_hold(one, other))
    }

    fn differs(&self, other: &Self) -> bool {
        const ROUNDING: f64 = 1e-9;
        (self.level - other.level).abs() > ROUNDING * self.level.abs().max(other.level.abs())
    }
}

/// Whether two quantities can hold together: a floor and a ceiling, a range with the other in it, or amounts of which
/// nobody can tell which is more.
fn may_both_hold(one: &Quantity, other: &Quantity) -> bool {
    let is_floor = |quantity: &Quantity| quantity.bound.map(|bound| matches!(bound, Bound::AtLeast | Bound::Over));
    if is_floor(one).zip(is_floor(other)).is_some_and(|(one, other)| one != other) {
        return true;
    }
    // A word after a count names what is counted, and no other unit.
    let kind = |unit: &Unit| discriminant(if matches!(unit, Unit::Count(_)) { &Unit::None } else { unit });
    let same_kind = kind(&one.unit) == kind(&other.unit);
    match (one.change, other.change) {
        (None, None) if !same_kind => true,
        (one_change, other_change) if same_kind && one_change == other_change => {
            let bounds = one.amount.bounds().zip(other.amount.bounds());
            bounds.is_none_or(|(one, other)| one.0 <= other.1 && other.0 <= one.1)
        }
        // A change beside a level: both were worked out as levels.
        _ => false,
    }
}

/// Names of teams or ids, folded and in order.
fn ids(list: Option<&Placed<OneOrMany<Text>>>) -> Vec<String> {
    let mut ids: Vec<String> =
        list.into_iter().flat_map(|list| list.iter()).map(|name| Plan::id_from(&name.value).into_owned()).collect();
    ids.sort_unstable();
    ids
}

fn same_number_twice(facts: &Facts, aims: &[Aim<'_>], found: &mut HashMap<usize, Vec<FindingDraft>>) {
    let mut first: HashMap<Scope, &Aim<'_>> = HashMap::new();
    for aim in aims {
        let known = *first.entry(aim.scope(facts)).or_insert(aim);
        if std::ptr::eq(known, aim) {
            continue;
        }
        found.entry(known.at).or_default();
        let drafts = found.entry(aim.at).or_default();
        if aim.differs(known) && !aim.may_stand_beside(known) {
            drafts.push(twice(known, aim));
        }
    }
}

fn twice(first: &Aim<'_>, second: &Aim<'_>) -> FindingDraft {
    let reading = if first.name == second.name { "twice" } else { "twice.by-two-names" };
    FindingDraft::at(second.target.whole(), reading, Severity::High)
        .with("name", Figure::Text(first.kpi.name.value.to_string()))
        .with("other", Figure::Text(second.kpi.name.value.to_string()))
        .with("first", Figure::Text(first.target.text().to_owned()))
        .with("second", Figure::Text(second.target.text().to_owned()))
        .beside(first.target.whole(), RULE.page().phrase("the-other"))
}

/// A metric by its name, and the product that it is about.
type Told = (&'static str, Option<(usize, usize)>);

fn volume_at_its_cost(facts: &Facts, aims: &[Aim<'_>], found: &mut HashMap<usize, Vec<FindingDraft>>) {
    // By metric and product; none where there are several, of which each may be for something else.
    let mut known: HashMap<Told, Option<&Aim<'_>>> = HashMap::new();
    for aim in aims {
        let Some(metric) = aim.known else { continue };
        known.entry((metric, aim.product(facts))).and_modify(|one| *one = None).or_insert(Some(aim));
    }
    let mut priced: Vec<(&Aim<'_>, &Aim<'_>)> = Vec::new();
    for ((metric, product), cost) in &known {
        let volumes = COSTS.iter().find(|(cost, _)| cost == metric).map(|(_, volumes)| *volumes);
        let volume = volumes.into_iter().flatten().find_map(|volume| known.get(&(*volume, *product)));
        priced.extend(volume.copied().flatten().zip(*cost));
    }
    priced.sort_by_key(|(volume, cost)| (volume.at, cost.at));
    for (volume, cost) in priced {
        let Some((money, whose)) = money_for(facts, volume, cost) else { continue };
        let organic = volume.kpi.organic.as_ref().map_or(Some(0.0), |organic| organic.point());
        let Some(organic) = organic else { continue };
        let bill = (volume.level - organic).max(0.0) * cost.level;
        let drafts = found.entry(volume.at).or_default();
        if bill > money * (1.0 + facts.settings.threshold(RULE.name, &OVER)) {
            let draft = FindingDraft::at(volume.target.whole(), "costs", Severity::High)
                .with("name", Figure::Text(volume.kpi.name.value.to_string()))
                .with("other", Figure::Text(cost.kpi.name.value.to_string()))
                .with("paid", Figure::Count((volume.level - organic).max(0.0)))
                .with("unit_cost", Figure::Money(cost.level))
                .with("cost", Figure::Money(bill))
                .with("money", Figure::Money(money))
                .with("whose", Figure::Text(RULE.page().phrase(whose).to_owned()))
                .with("buys", Figure::Count((money / cost.level + organic).floor()))
                .beside(cost.target.whole(), RULE.page().phrase("the-price"));
            drafts.push(draft);
        }
    }
}

/// The money for a volume: its own, that of the target for its cost, its product's, else all that the plan has.
fn money_for(facts: &Facts, volume: &Aim<'_>, cost: &Aim<'_>) -> Option<(f64, &'static str)> {
    let own = |aim: &Aim<'_>| facts.plan.money_of(Subject::Kpi(aim.at)).map(|money| (money, "money.own"));
    let of_product = || match volume.product(facts)? {
        (0, product) => facts.plan.money_of(Subject::Product(product)).map(|money| (money, "money.product")),
        _ => None,
    };
    let all = || facts.plan.stated_budget().map(|money| (money, "money.plan"));
    let money = own(volume).or_else(|| own(cost)).or_else(of_product).or_else(all)?;
    (cost.level > 0.0).then_some(money)
}
