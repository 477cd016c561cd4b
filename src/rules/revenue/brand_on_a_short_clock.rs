//! `brand-on-a-short-clock`: a KPI of what people know and think of a brand, judged sooner than that can change.

use std::sync::LazyLock;

use jiff::civil::Date;

use crate::facts::{Facts, Identity};
use crate::metrics::{Kind, sets};
use crate::phrases::{Phrases, phrases};
use crate::plan::period::{Cadence, Period};
use crate::plan::quantity::TimeUnit;
use crate::plan::{Entity, Kpi, MetricRef, Plan, PlanPart, Role, Subject};
use crate::rules::page::Page;
use crate::rules::reframe::{self, Fields};
use crate::rules::verdict::{FindingDraft, Need, Verdicts};
use crate::rules::{Area, Check, Rule};
use crate::settings::{Setting, SettingUnit};
use crate::severity::Severity;
use crate::wording::{Figure, Template};

use super::step_between::step_between;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "brand-on-a-short-clock",
    area: Area::Revenue,
    weight: Severity::Medium,
    since: 1,
    on: &["kpi"],
    needs: &[PlanPart::Kpis],
    // A plan that measures no brand has none on any clock.
    applies: |facts| facts.plan.kpis.is_empty(),
    yields_to: &[],
    settings: &[&SHORT, &PROPOSED],
    conventions: &[],
    page: LazyLock::new(|| Page::parse(include_str!("brand_on_a_short_clock.md"))),
    check: Check::First(check),
};

static SHORT: Setting = Setting {
    key: "short",
    default: 6.0,
    unit: SettingUnit::Months,
    least: 1.0,
    most: 60.0,
    words: "the months from the start of the period within which what people think of a brand is not due",
    source: "a convention after Binet and Field, The Long and the Short of It, IPA, 2013: effects of brand building \
             overtake those of activation after about half a year",
};

static PROPOSED: Setting = Setting {
    key: "proposed",
    default: 12.0,
    unit: SettingUnit::Months,
    least: 1.0,
    most: 120.0,
    words: "the months from the start of the period after which a reframe proposes to judge it",
    source: "a convention: a year has every season in it once",
};

/// Words by which a source is a lift study, folded, in the dictionary's languages: it asks those who saw a campaign and those who did
/// not, so that it can tell an effect within weeks.
const LIFT_STUDIES: Phrases = phrases!(
    "brand-lift brandlift lift-study lift-studies lift-survey lift-test uplift-study uplift-test lift-studie \
     estudo-de-lift pesquisa-de-lift teste-de-lift estudio-de-lift prueba-de-lift proba-de-lift badanie-lift \
     badanie-liftu etude-de-lift etude-lift markenlift-studie werbewirkungsstudie",
);

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    for (at, kpi) in facts.judged_kpis().filter_map(|at| facts.plan.kpis.get(at).map(|kpi| (at, kpi))) {
        let clock = Clock::new(facts, at, kpi);
        match facts.kpi(at).kind {
            Some(Kind::Brand) if is_slow(facts.kpi(at)) => judge(facts, at, kpi, &clock, verdicts),
            Some(_) => {}
            // On a long clock it does not matter what it is.
            None if clock.is_short() && !is_by_lift_study(kpi) => {
                verdicts.unknown(Subject::Kpi(at), [Need::of_kind(MetricRef::kpi(at))]);
            }
            None => {}
        }
    }
}

/// Whether a metric of the brand is about what people know and think.
fn is_slow(identity: Identity) -> bool {
    identity.metric.is_none_or(|metric| !sets::BRAND_SEEN_AT_ONCE.has(&metric.name))
}

fn is_by_lift_study(kpi: &Kpi) -> bool {
    let source = kpi.source.as_ref().map(|source| Plan::id_from(source)).unwrap_or_default();
    LIFT_STUDIES.are_in(&source)
}

fn judge(facts: &Facts, at: usize, kpi: &Entity<Kpi>, clock: &Clock, verdicts: &mut Verdicts<'_>) {
    let subject = Subject::Kpi(at);
    if is_by_lift_study(kpi) || facts.kpi(at).metric.is_some_and(|metric| metric.name == "brand-lift") {
        return verdicts.pass(subject);
    }
    if clock.is_short() {
        return verdicts.fail(subject, finding(facts, at, kpi, clock));
    }
    let period = facts.plan.head.period.is_none().then_some(Need::new("period", Subject::Plan));
    let lacking = [("cadence", kpi.cadence.is_none()), ("by", kpi.by.is_none() && facts.plan.deadline(kpi).is_none())];
    let lacking = lacking.into_iter().filter(|(_, lacks)| *lacks).map(|(key, _)| Need::new(key, subject));
    let needs: Vec<Need> = lacking.chain(period).collect();
    if needs.is_empty() { verdicts.pass(subject) } else { verdicts.unknown(subject, needs) }
}

/// What is short about how a KPI is judged.
#[derive(Debug, Default)]
struct Clock {
    cadence: Option<Cadence>,
    due: Option<Date>,
    /// The result in money that it drives, and when that is due.
    drives: Option<(MetricRef, Date)>,
}

impl Clock {
    fn new(facts: &Facts, at: usize, kpi: &Entity<Kpi>) -> Self {
        let soon = soon(facts);
        let is_soon = |date: &Date| soon.is_some_and(|soon| *date <= soon);
        let cadence = kpi.cadence.as_ref().map(|cadence| cadence.value);
        Self {
            cadence: cadence.filter(|cadence| *cadence < Cadence::Quarterly),
            due: facts.plan.deadline(kpi).filter(is_soon),
            drives: driven_money(facts, at, kpi).find(|(_, due)| is_soon(due)),
        }
    }

    fn is_short(&self) -> bool {
        self.cadence.is_some() || self.due.is_some() || self.drives.is_some()
    }
}

/// The last day that is too soon.
fn soon(facts: &Facts) -> Option<Date> {
    months_on(facts.plan.head.period.as_ref()?, facts.settings.threshold(RULE.name, &SHORT))
}

fn months_on(period: &Period, months: f64) -> Option<Date> {
    period.end_of_first(months, TimeUnit::Month).ok()
}

/// The results in money that a KPI drives in one step, by nesting or by `drives`, with when each is due.
fn driven_money<'f>(facts: &'f Facts, at: usize, kpi: &'f Entity<Kpi>) -> impl Iterator<Item = (MetricRef, Date)> + 'f {
    let goal = kpi.nested_in.map(MetricRef::goal);
    let money = goal
        .into_iter()
        .chain(facts.plan.driven_by(kpi))
        .filter(move |to| *to != MetricRef::kpi(at) && facts.nature(*to).is_money);
    money.filter_map(|to| facts.plan.deadline_of(to).map(|due| (to, due)))
}

fn finding(facts: &Facts, at: usize, kpi: &Entity<Kpi>, clock: &Clock) -> FindingDraft {
    let place = match (clock.due, clock.cadence) {
        (Some(_), _) => kpi.by.as_ref().map(|by| by.whole()),
        (None, Some(_)) => kpi.cadence.as_ref().map(|cadence| cadence.whole()),
        (None, None) => kpi.drives.as_ref().map(|drives| drives.whole()),
    };
    FindingDraft::at(place.unwrap_or(kpi.place), "short", Severity::Medium)
        .with("name", Figure::Text(kpi.name.value.to_string()))
        .with("clock", Figure::Names(words(facts, clock)))
        .with("proposed", Figure::Count(facts.settings.threshold(RULE.name, &PROPOSED)))
        .recognised(facts.kpi(at).is_recognised())
        .reframe(Some(on_a_longer_clock(facts, at, kpi, clock)), false)
}

/// What is short, as a sentence lists it.
fn words(facts: &Facts, clock: &Clock) -> Vec<String> {
    let page = RULE.page();
    let fill = |phrase: &str, figures: &[(&str, Figure)]| Template(page.phrase(phrase)).fill(figures);
    let text = |text: &str| Figure::Text(text.to_owned());
    let months =
        |date: Date| Figure::Count(facts.plan.head.period.as_ref().map_or(0.0, |period| months_until(period, date)));
    let cadence = clock.cadence.map(|cadence| fill("clock.cadence", &[("cadence", text(cadence.as_str()))]));
    let due =
        clock.due.map(|date| fill("clock.due", &[("date", Figure::Text(date.to_string())), ("months", months(date))]));
    let drives = clock.drives.map(|(to, date)| {
        let figures = [("goal", text(facts.plan.metric_name(to))), ("date", Figure::Text(date.to_string()))];
        fill("clock.drives", &figures)
    });
    cadence.into_iter().chain(due).chain(drives).collect()
}

/// Months from the start of the period to a day, to the nearest whole one.
fn months_until(period: &Period, date: Date) -> f64 {
    Period { start: period.start, end: date.max(period.start), text: String::new() }.months().round()
}

/// The KPI with time to move: what is short about it made longer, and what it drives the next step before money.
fn on_a_longer_clock(facts: &Facts, at: usize, kpi: &Entity<Kpi>, clock: &Clock) -> String {
    let page = RULE.page();
    let later = facts.plan.head.period.as_ref();
    let later = later.and_then(|period| months_on(period, facts.settings.threshold(RULE.name, &PROPOSED)));
    let by = later.filter(|_| clock.due.is_some()).map(|date| date.to_string());
    let quarterly = clock.cadence.map(|_| Cadence::Quarterly.as_str());
    let asked = facts.kpi(at).metric.is_some_and(|metric| sets::BRAND_ASKED_FOR.has(&metric.name));
    let source = (asked && kpi.source.is_none()).then(|| page.phrase("source"));
    let fields = Fields::named(&kpi.id, &kpi.name);
    let fields = fields.text("role", Role::Leading.word()).maybe("cadence", quarterly).maybe("by", by);
    let fields = fields.maybe("source", source);
    let Some((money, _)) = clock.drives else { return reframe::list("kpis", vec![fields]) };
    // A step that moves sooner goes between the brand and money that is due so soon.
    let (step, between) = step_between(page, ["step-id", "step-name"], facts, [at], money);
    let brand = fields.words("drives", vec![step]).text("because", page.phrase("because"));
    reframe::list("kpis", [brand].into_iter().chain(between).collect())
}
