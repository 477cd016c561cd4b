//! The outline of a plan: what the rules across plans need of it.

use std::sync::Arc;

use hashbrown::HashSet;
use jiff::civil::Date;

use super::{Accepted, Outlines, PlanAt, Spot, Text, place_of};
use crate::facts::links::renumbered;
use crate::facts::measured::{Measured, source};
use crate::facts::{Basis, Facts};
use crate::metrics::{Certainty, Metric, MetricUnit, sets};
use crate::plan::period::Period;
use crate::plan::quantity::{Amount, Currency, CurrencyCode, Unit};
use crate::plan::{Counts, Goal, GoalOrKpi, Kpi, MetricRef, Plan, Role, Subject, Target};
use crate::rules::Rule;
use crate::settings::Settings;
use crate::waivers;

/// A plan that extends another, or that another extends.
#[derive(Debug)]
pub(crate) struct Outline {
    /// Its file and document, as one number.
    pub(super) key: u64,
    pub(crate) file: Box<str>,
    pub(crate) document: usize,
    pub(crate) name: Box<str>,
    pub(crate) period: Option<Period>,
    /// Where it stands itself.
    pub(crate) spot: Spot,
    /// The plans that it extends, over any number of levels.
    pub(crate) extends: Box<[PlanAt]>,
    /// Those of them that it extends without another between.
    pub(crate) extends_directly: Box<[PlanAt]>,
    /// Its KPIs of which it is certain what they measure.
    pub(crate) kpis: Box<[KpiOutline]>,
    /// Its goals, and those of its KPIs whose numbers add up; of a plan that another extends only.
    pub(crate) wholes: Box<[Whole]>,
    /// The goals and KPIs of plans that it extends to which something in it leads.
    leads_to: Box<[(PlanAt, Code)]>,
    /// Its KPIs that may be parts of a whole, of this plan or of one that it extends.
    pub(crate) parts: Box<[Part]>,
    pub(crate) budget: Option<Box<Budget>>,
    /// Whether it spends money by itself, on initiatives or products.
    pub(crate) spends: bool,
    waivers: Box<[Held]>,
    /// The settings under which it was read.
    pub(super) settings: Arc<Settings>,
    /// The day as of which it was read.
    as_of: Date,
}

/// A goal or KPI of a plan in four bytes: goals are even.
type Code = u32;

fn code(which: GoalOrKpi) -> Code {
    let (at, kind) = match which {
        GoalOrKpi::Goal(at) => (at, 0),
        GoalOrKpi::Kpi(at) => (at, 1),
    };
    Code::try_from(at * 2 + kind).unwrap_or(Code::MAX)
}

/// A KPI of which it is certain what it measures.
#[derive(Debug)]
pub(crate) struct KpiOutline {
    pub(crate) id: Text,
    /// The metric, by its title.
    pub(crate) metric: Text,
    /// Where it is read.
    pub(crate) source: Option<Text>,
    /// What it measures, narrower than its metric: its own name, product and teams. Asked of those with a source.
    pub(crate) scope: Option<Text>,
    pub(crate) spot: Spot,
}

/// A goal or KPI that KPIs of other plans may be parts of.
#[derive(Debug)]
pub(crate) struct Whole {
    pub(crate) which: GoalOrKpi,
    pub(crate) id: Box<str>,
    pub(crate) name: Box<str>,
    pub(crate) spot: Spot,
    /// Whether a KPI of its own plan leads to it.
    pub(crate) is_driven_here: bool,
    /// What it is to reach, where that is a sum of what the parts bring.
    pub(crate) target: Option<Sum>,
}

/// A number that adds up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Sum {
    pub(crate) amount: f64,
    /// Whether it is money, and in what currency where that is known.
    pub(crate) money: Option<Option<CurrencyCode>>,
}

/// A KPI that may be a part of a whole.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) of: (PlanAt, GoalOrKpi),
    pub(crate) name: Text,
    pub(crate) sureness: Sureness,
    /// What it is to bring; none where that is not one plain number.
    pub(crate) target: Option<Sum>,
    pub(crate) spot: Spot,
}

/// Whether a KPI is known to measure what its whole does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sureness {
    /// It is the same metric.
    Sure,
    /// It may be: its metric was only recognised, or cannot be told.
    Unsure,
}

/// A plan's money.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Budget {
    pub(crate) total: f64,
    pub(crate) reserve: f64,
    pub(crate) currency: Option<CurrencyCode>,
    pub(crate) spot: Spot,
}

/// A waiver of a rule across plans.
#[derive(Debug)]
struct Held {
    rule: &'static Rule,
    /// The id of what it is about; everything where there is none.
    on: Option<String>,
    accepted: Accepted,
}

impl Outline {
    /// Whether something in it leads to a goal or KPI of a plan that it extends.
    pub(crate) fn leads_to(&self, of: PlanAt, which: GoalOrKpi) -> bool {
        self.leads_to.binary_search(&(of, code(which))).is_ok()
    }

    /// Its name in a sentence: one with a comma in it is set apart from those beside it.
    pub(crate) fn title(&self) -> String {
        if self.name.contains(',') { format!("“{}”", self.name) } else { self.name.to_string() }
    }

    /// Whether two plans have a day in common; one without a period may have any.
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        match (&self.period, &other.period) {
            (Some(own), Some(other)) => own.start <= other.end && other.start <= own.end,
            _ => true,
        }
    }

    /// Whether two plans are for the same days, as far as both say for which.
    pub(crate) fn is_of_the_time_of(&self, other: &Self) -> bool {
        match (&self.period, &other.period) {
            (Some(own), Some(other)) => (own.start, own.end) == (other.start, other.end),
            _ => false,
        }
    }

    /// The waiver that accepts what a rule says of a part on a day; the one on which it was read, where no other is known.
    pub(super) fn accepted(&self, rule: &'static Rule, id: &str, day: Option<Date>) -> Option<Accepted> {
        let day = day.unwrap_or(self.as_of);
        let holds = |held: &&Held| std::ptr::eq(held.rule, rule) && held.accepted.until >= day;
        let on_it = |held: &&Held| held.on.as_deref().is_none_or(|on| on == id);
        self.waivers.iter().filter(holds).find(on_it).map(|held| held.accepted.clone())
    }
}

/// Adds the outline of a plan, 0, or of one that it extends, where it is not there yet.
pub(super) fn add(outlines: &mut Outlines, facts: &Facts, number: usize) {
    let Some(plan) = facts.plan.numbered(number) else { return };
    let key = place_of(plan);
    let known = outlines.by_place.get(&key).copied();
    let at = known.unwrap_or_else(|| PlanAt::try_from(outlines.plans.len()).unwrap_or(PlanAt::MAX));
    let is_extended = number > 0;
    let read = Reading { facts, plan, number, at };
    if known.is_none() {
        let outline = read.outline(outlines, key);
        outlines.plans.push(outline);
        outlines.by_place.insert(key, at);
    }
    // Of what nothing extends, nobody asks what its goals and KPIs are.
    if let Some(outline) =
        outlines.plans.get_mut(at as usize).filter(|outline| is_extended && outline.wholes.is_empty())
    {
        outline.wholes = read.wholes();
    }
}

/// A plan on its way to its outline, seen from the one that was audited.
#[derive(Clone, Copy)]
struct Reading<'f> {
    facts: &'f Facts,
    plan: &'f Plan,
    number: usize,
    at: PlanAt,
}

impl<'f> Reading<'f> {
    fn outline(self, outlines: &mut Outlines, key: u64) -> Outline {
        let plan = self.plan;
        let extends: Vec<PlanAt> =
            plan.extended.iter().filter_map(|extended| outlines.by_place.get(&place_of(extended)).copied()).collect();
        let is_between = |one: &PlanAt| {
            let others = extends.iter().filter_map(|other| outlines.plans.get(*other as usize));
            others.flat_map(|other| &other.extends).any(|further| further == one)
        };
        let extends_directly = extends.iter().copied().filter(|one| !is_between(one)).collect();
        Outline {
            key,
            file: plan.source.name().into(),
            document: plan.document,
            name: plan.name().into(),
            period: plan.head.period.as_ref().map(|period| period.value.clone()),
            spot: Spot::of(&plan.source, plan.head.plan.whole()),
            extends_directly,
            kpis: self.kpis(outlines),
            wholes: Box::default(),
            leads_to: self.leads_to(outlines),
            parts: self.parts(outlines),
            budget: self.budget(),
            spends: self.spends(),
            waivers: self.waivers(),
            settings: Arc::clone(&self.facts.settings),
            as_of: self.facts.as_of,
            extends: extends.into(),
        }
    }

    fn kpis(self, outlines: &mut Outlines) -> Box<[KpiOutline]> {
        let mut kpis = Vec::new();
        for (at, kpi) in self.plan.kpis.iter().enumerate() {
            let Some(metric) = self.certain_metric(GoalOrKpi::Kpi(at)) else { continue };
            // A number after an id tells two names apart in one plan, and nothing beyond it.
            let given: &Kpi = kpi;
            let is_given = given.id.is_some();
            if !is_given && (*kpi.id != *Plan::id_from(&kpi.name) || self.plan.is_ambiguous(Subject::Kpi(at))) {
                continue;
            }
            let source = source(kpi);
            let scope = source.map(|_| format!("{:?}", Measured::of(metric, kpi)));
            kpis.push(KpiOutline {
                id: outlines.texts.keep(&kpi.id),
                metric: outlines.texts.keep(&metric.title),
                source: source.map(|source| outlines.texts.keep(source)),
                scope: scope.map(|scope| outlines.texts.keep(&scope)),
                spot: Spot::of(&self.plan.source, kpi.place),
            });
        }
        kpis.into()
    }

    /// Of a goal, what its name says to the letter where its `outcome` says the kind alone.
    fn certain_metric(self, which: GoalOrKpi) -> Option<&'static Metric> {
        let identity = self.facts.identity(MetricRef { plan: self.number, which });
        if identity.basis != Basis::Declared {
            return None;
        }
        identity.metric.or_else(|| {
            let named = self.facts.dictionary.recognise(self.plan.name_of(which.subject()))?;
            let metric = named.metric.filter(|_| named.certainty == Certainty::Exact)?;
            (Some(metric.kind) == identity.kind).then_some(metric)
        })
    }

    fn wholes(self) -> Box<[Whole]> {
        let own: HashSet<MetricRef> = self.facts.links().led_to(self.own_kpis()).into_iter().collect();
        let goals = (0..self.plan.goals.len()).map(GoalOrKpi::Goal);
        let kpis = (0..self.plan.kpis.len()).map(GoalOrKpi::Kpi);
        let all = goals.chain(kpis).filter_map(|which| {
            let subject = which.subject();
            let target = self.target(which);
            (target.is_some() || matches!(which, GoalOrKpi::Goal(_))).then(|| Whole {
                which,
                id: self.plan.id_of(subject).into(),
                name: self.plan.name_of(subject).into(),
                spot: Spot::of(&self.plan.source, self.plan.place_of(subject)),
                is_driven_here: own.contains(&MetricRef { plan: self.number, which }),
                target,
            })
        });
        all.collect()
    }

    fn own_kpis(self) -> impl Iterator<Item = MetricRef> {
        let number = self.number;
        (0..self.plan.kpis.len()).map(move |at| MetricRef { plan: number, which: GoalOrKpi::Kpi(at) })
    }

    /// KPIs lead to what they drive, initiatives to what they serve, funnels to their goal, and a goal to one of the same id.
    fn leads_to(self, outlines: &Outlines) -> Box<[(PlanAt, Code)]> {
        let plan = self.plan;
        let served = plan.initiatives.iter().flat_map(|initiative| plan.served_by(initiative));
        let filled = plan.funnels.iter().filter_map(|funnel| plan.metric(&funnel.goal));
        let further = served.chain(filled).map(|metric| self.audited(metric));
        let led_to = self.facts.links().led_to(self.own_kpis().chain(further));
        let ids: HashSet<&str> = plan.goals.iter().map(|goal| goal.id.as_str()).collect();
        let same = plan.extended.iter().flat_map(|of| {
            let goals = (0..).zip(&of.goals).filter(|(_, goal)| ids.contains(goal.id.as_str()));
            goals.map(move |(at, _)| (place_of(of), GoalOrKpi::Goal(at)))
        });
        let led_to = led_to.into_iter().filter(|metric| metric.plan != self.number).filter_map(|metric| {
            let of = self.facts.plan.numbered(metric.plan)?;
            Some((place_of(of), metric.which))
        });
        let placed = led_to.chain(same).filter_map(|(of, which)| Some((*outlines.by_place.get(&of)?, code(which))));
        let mut leads_to: Vec<(PlanAt, Code)> = placed.collect();
        leads_to.sort_unstable();
        leads_to.dedup();
        leads_to.into()
    }

    fn parts(self, outlines: &mut Outlines) -> Box<[Part]> {
        let mut parts = Vec::new();
        for (at, kpi) in self.plan.kpis.iter().enumerate() {
            if !matches!(Plan::role(kpi), Role::NorthStar | Role::Target | Role::Leading) {
                continue;
            }
            let own = MetricRef::kpi(at);
            let nested = kpi.nested_in.map(MetricRef::goal);
            let mut driven: Vec<MetricRef> = self.plan.driven_by(kpi).chain(nested).collect();
            driven.sort_unstable();
            driven.dedup();
            for whole in driven.iter().copied() {
                let Some(sureness) = self.sureness(own, whole) else { continue };
                // Of one KPI for everything nobody can say what it is a part of.
                let sureness = if driven.len() > MOST_DRIVEN { Sureness::Unsure } else { sureness };
                // A part of a part is counted in that one.
                let is_nearer = |other: &MetricRef| {
                    let is_kpi = matches!(other.which, GoalOrKpi::Kpi(_));
                    is_kpi && (other.plan == 0 || other.plan != whole.plan) && self.sureness(*other, whole).is_some()
                };
                if driven.iter().take(MOST_DRIVEN).filter(|other| **other != whole).any(is_nearer) {
                    continue;
                }
                let of = match whole.plan {
                    0 => Some(self.at),
                    _ => self.plan.numbered(whole.plan).and_then(|of| outlines.by_place.get(&place_of(of)).copied()),
                };
                let Some(of) = of else { continue };
                let place = kpi.target.as_ref().map_or(kpi.place, |target| target.whole());
                parts.push(Part {
                    of: (of, whole.which),
                    name: outlines.texts.keep(&kpi.name),
                    sureness,
                    target: self.target(GoalOrKpi::Kpi(at)),
                    spot: Spot::of(&self.plan.source, place),
                });
            }
        }
        parts.into()
    }

    /// Whether a goal or KPI measures what a whole does; none where it does not.
    fn sureness(self, part: MetricRef, whole: MetricRef) -> Option<Sureness> {
        let (part, whole) = (self.audited(part), self.audited(whole));
        let metric = self.plan_of(whole)?.certain_metric(whole.which)?;
        if !sets::ADDS_UP.has(&metric.name) {
            return None;
        }
        if let Some(own) = self.plan_of(part)?.certain_metric(part.which) {
            return (own.name == metric.name).then_some(Sureness::Sure);
        }
        let identity = self.facts.identity(part);
        let may_be = identity.metric.is_none_or(|own| own.name == metric.name);
        let is_of_kind = identity.kind.is_none_or(|kind| kind == metric.kind);
        (may_be && is_of_kind).then_some(Sureness::Unsure)
    }

    /// A goal or KPI as the audited plan numbers it.
    fn audited(self, metric: MetricRef) -> MetricRef {
        renumbered(&self.facts.plan, self.plan, self.number, metric)
    }

    fn plan_of(self, metric: MetricRef) -> Option<Self> {
        Some(Self { plan: self.facts.plan.numbered(metric.plan)?, number: metric.plan, ..self })
    }

    /// What a goal or KPI is to reach, where its metric adds up and its target is one plain number.
    fn target(self, which: GoalOrKpi) -> Option<Sum> {
        let metric = self.certain_metric(which).filter(|metric| sets::ADDS_UP.has(&metric.name));
        let target: &Target = match which {
            GoalOrKpi::Goal(at) => self.plan.goals.get(at).filter(|goal| is_added(goal))?.target.as_ref()?,
            GoalOrKpi::Kpi(at) => self.plan.kpis.get(at)?.target.as_ref()?,
        };
        let quantity = target.quantity()?;
        let Amount::One(amount) = quantity.amount else { return None };
        if quantity.bound.is_some() || quantity.per.is_some() || metric.is_none() {
            return None;
        }
        let own = || self.plan.head.currency.as_ref().map(|currency| currency.value);
        let money = match &quantity.unit {
            Unit::Money(Currency::Exact(code)) => Some(Some(*code)),
            Unit::Money(Currency::Dollar) => Some(own()),
            Unit::None if metric.is_some_and(|metric| metric.unit == MetricUnit::Money) => Some(own()),
            Unit::None | Unit::Count(_) => None,
            _ => return None,
        };
        (quantity.change.is_none() && amount > 0.0).then_some(Sum { amount, money })
    }

    fn budget(self) -> Option<Box<Budget>> {
        let head = &self.plan.head;
        let budget = head.budget.as_ref()?;
        let total = budget.total.as_ref()?;
        Some(Box::new(Budget {
            total: total.point().filter(|total| *total > 0.0)?,
            reserve: budget.reserve.as_ref().and_then(|reserve| reserve.point()).unwrap_or_default(),
            currency: head.currency.as_ref().map(|currency| currency.value),
            spot: Spot::of(&self.plan.source, total.whole()),
        }))
    }

    fn spends(self) -> bool {
        let initiatives = (0..self.plan.initiatives.len()).map(Subject::Initiative);
        let products = (0..self.plan.products.len()).map(Subject::Product);
        initiatives.chain(products).any(|subject| self.plan.money_of(subject).is_some())
    }

    fn waivers(self) -> Box<[Held]> {
        let held = waivers::across_plans(self.plan).map(|(rule, on, waiver)| {
            let because = waiver.because.as_ref().map(|because| because.value.to_string());
            Held { rule, on, accepted: Accepted { because, until: waiver.until.value } }
        });
        held.collect()
    }
}

/// Goals and KPIs that one KPI drives and may still be a part of.
const MOST_DRIVEN: usize = 16;

/// Whether a goal's target is what the period brings: a total with what was there before is no sum of parts.
fn is_added(goal: &Goal) -> bool {
    goal.counts.as_ref().is_none_or(|counts| counts.value == Counts::Added)
}
