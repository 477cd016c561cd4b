//! `suspicious-number`: a number or a date that is hardly meant as it stands, or that can be read in two ways.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use jiff::civil::Date;

use crate::facts::shares::{Stated, levels, mixed_forms, over_the_whole};
use crate::facts::{Facts, OddDeadline, Oddity, odd_deadlines};
use crate::metrics::{Family, Kind, MetricUnit};
use crate::plan::quantity::{Amount, Unit};
use crate::plan::{Plan, Role, Subject};
use crate::rules::page::Page;
use crate::rules::reframe::{self, Fields};
use crate::rules::verdict::{FindingDraft, Verdicts};
use crate::rules::{Area, Check, Rule};
use crate::settings::HIGHEST_ROAS;
use crate::severity::Severity;
use crate::wording::{Figure, Template, trimmed};

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "suspicious-number",
    area: Area::Measures,
    weight: Severity::High,
    since: 1,
    on: Subject::KINDS,
    needs: &[],
    applies: |_| false,
    yields_to: &[],
    settings: &[],
    conventions: &[&HIGHEST_ROAS],
    page: LazyLock::new(|| Page::parse(include_str!("suspicious_number.md"))),
    check: Check::First(check),
};

type Found = (Subject, FindingDraft);

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    let (mut found, mut settled) = unsettled(facts);
    found.extend(over_the_whole(facts).into_iter().map(over));
    found.extend(mixed_forms(facts).into_iter().map(|(bare, percent)| mixed(bare, percent)));
    found.extend(in_per_cent(facts));
    found.extend(odd_deadlines(facts).filter_map(|odd| deadline(facts, odd)));
    for (subject, drafts) in by_subject(found) {
        settled.remove(&subject);
        verdicts.fail_all(subject, drafts);
    }
    for subject in settled {
        verdicts.pass(subject);
    }
}

/// Numbers with two readings, and what has a number that could have had them but for the locale.
fn unsettled(facts: &Facts) -> (Vec<Found>, BTreeSet<Subject>) {
    let mut found: Vec<Found> = Vec::new();
    let mut settled = BTreeSet::new();
    facts.plan.numbers(&mut |subject, span, quantity| {
        if quantity.has_two_forms() {
            settled.insert(subject);
        }
        if let Some((plain, thousands)) = quantity.amount.readings() {
            let draft = FindingDraft::at(span, "unsettled", Severity::High)
                .with("text", Figure::Text(quantity.text.to_string()))
                .with("plain", Figure::Text(reading(plain)))
                .with("thousands", Figure::Text(reading(thousands)));
            found.push((subject, draft));
        }
    });
    (found, settled)
}

/// One of the readings, written so that it can be read in one way only.
fn reading(amount: Amount) -> String {
    match amount.bounds() {
        Some((low, high)) if low < high => format!("{} to {}", trimmed(low, 6), trimmed(high, 6)),
        Some((one, _)) => trimmed(one, 6),
        None => String::new(),
    }
}

fn over(stated: Stated<'_>) -> Found {
    (stated.subject, draft(stated, "over-the-whole"))
}

fn mixed(bare: Stated<'_>, percent: Stated<'_>) -> Found {
    let number = bare.bare().unwrap_or_default();
    let same = bare.subject == percent.subject && bare.name == percent.name;
    let figures = [("key", Figure::Text(percent.key.to_owned())), ("name", Figure::Text(percent.name.to_owned()))];
    let like = Template(RULE.page().phrase(if same { "like.same" } else { "like.other" })).fill(&figures);
    let draft = draft(bare, "mixed")
        .with("like", Figure::Text(like))
        .with("percent", Figure::Text(percent.quantity.text.to_string()))
        .with("as_share", Figure::Text(format!("{}%", trimmed(number * 100.0, 4))))
        .with("as_percent", Figure::Text(format!("{}%", trimmed(number, 4))));
    (bare.subject, draft.beside(percent.place, RULE.page().phrase("beside")))
}

/// A ROAS of 400 is 400% without the sign.
fn in_per_cent(facts: &Facts) -> Vec<Found> {
    let highest = facts.settings.convention(&HIGHEST_ROAS);
    // ACOS is of the same family, and a share: 25 of it is another slip.
    let is_roas = |at: &usize| {
        let metric = facts.kpi(*at).metric;
        metric.is_some_and(|metric| metric.family == Family::Roas && metric.unit == MetricUnit::Ratio)
    };
    let kpis = (0..facts.plan.kpis.len()).filter(is_roas).flat_map(|at| levels(&facts.plan, at));
    let products = facts.plan.products.iter().enumerate().filter_map(|(at, product)| {
        let roas = product.economics.roas.as_ref()?;
        let (subject, place) = (Subject::Product(at), roas.whole());
        Some(Stated { subject, key: "roas", name: &product.name, place, quantity: roas.quantity() })
    });
    let stated = kpis.chain(products).filter_map(|stated| {
        let is_level = stated.quantity.unit != Unit::Percent && stated.quantity.change.is_none();
        let roas = stated.quantity.amount.middle().filter(|roas| is_level && *roas >= highest)?;
        let draft = draft(stated, "per-cent").with("roas", Figure::Text(trimmed(roas / 100.0, 2)));
        Some((stated.subject, draft.with("value", Figure::Count(roas))))
    });
    // Target and baseline are written alike by the same hand: one word for both.
    let mut seen = BTreeSet::new();
    stated.filter(|(subject, _)| seen.insert(*subject)).collect()
}

fn draft(stated: Stated<'_>, reading: &'static str) -> FindingDraft {
    FindingDraft::at(stated.place, reading, Severity::High)
        .with("key", Figure::Text(stated.key.to_owned()))
        .with("name", Figure::Text(stated.name.to_owned()))
        .with("text", Figure::Text(stated.quantity.text.to_string()))
}

fn deadline(facts: &Facts, odd: OddDeadline) -> Option<Found> {
    let (reading, severity, other) = match odd.oddity {
        Oddity::WrongYear(meant) => ("wrong-year", Severity::High, meant),
        Oddity::BeforePeriod(start) => ("before-period", Severity::High, start),
        Oddity::BeforeDecision(decided) => ("before-decision", Severity::High, decided),
        Oddity::AfterPeriod(end) if !may_take_longer(facts, odd.subject) => ("after-period", Severity::Low, end),
        Oddity::AfterPeriod(_) => return None,
    };
    let name = facts.plan.name_of(odd.subject).to_owned();
    let meant = matches!(odd.oddity, Oddity::WrongYear(_)).then(|| with_deadline(facts, odd.subject, other));
    let draft = FindingDraft::at(odd.place, reading, severity)
        .with("name", Figure::Text(name))
        .with("by", Figure::Text(odd.day.to_string()))
        .with("day", Figure::Text(other.to_string()))
        .reframe(meant, false);
    Some((odd.subject, draft))
}

/// Brand takes longer than a quarter, and may be what a KPI of no known kind is. What is only held or read has no end.
fn may_take_longer(facts: &Facts, subject: Subject) -> bool {
    let (kind, role) = match subject {
        Subject::Goal(at) => (facts.goal(at).kind, None),
        Subject::Kpi(at) => (facts.kpi(at).kind, facts.plan.kpis.get(at).map(|kpi| Plan::role(kpi))),
        _ => return true,
    };
    kind.is_none_or(|kind| kind == Kind::Brand) || matches!(role, Some(Role::Guardrail | Role::Diagnostic))
}

/// The goal or KPI, due on another day.
fn with_deadline(facts: &Facts, subject: Subject, day: Date) -> String {
    let part = if matches!(subject, Subject::Goal(_)) { "goals" } else { "kpis" };
    let fields = Fields::of(&facts.plan, subject);
    reframe::list(part, vec![fields.text("by", day.to_string())])
}

fn by_subject(found: Vec<Found>) -> BTreeMap<Subject, Vec<FindingDraft>> {
    let mut groups: BTreeMap<Subject, Vec<FindingDraft>> = BTreeMap::new();
    for (subject, draft) in found {
        groups.entry(subject).or_default().push(draft);
    }
    groups
}
