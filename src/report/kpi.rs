//! What every output says of a KPI: its kind, its target and where that stands, and its path to money.

use std::collections::BTreeMap;

use crate::audit::{FindingRef, PlanReport};
use crate::facts::Basis;
use crate::facts::links::Level;
use crate::metrics::Kind;
use crate::plan::{MetricRef, Plan, Role, Subject};
use crate::wording::Figure;

/// One KPI, as data: an output decides how it is laid out.
pub(super) struct KpiRow<'r> {
    /// Its name.
    pub(super) name: &'r str,
    /// Whether it steers the plan.
    pub(super) is_north_star: bool,
    /// What it counts, where that is known.
    pub(super) kind: Option<Kind>,
    /// Whether the kind was recognised from the name.
    pub(super) is_recognised: bool,
    /// What it is to reach.
    pub(super) target: Target<'r>,
    /// Where it stands.
    pub(super) actual: Option<&'r str>,
    /// How much of the period is over, where it is known where the KPI stands.
    pub(super) elapsed: Option<Figure>,
    /// How it leads to money.
    pub(super) path: Path,
    /// Its score, where a rule judged it.
    pub(super) score: Option<f64>,
}

/// What a KPI is to reach.
pub(super) enum Target<'r> {
    /// No target.
    None,
    /// A target.
    At(&'r str),
    /// A target that stands in the name.
    InName(&'r str),
    /// The baseline is to be held within this.
    Within(&'r str),
}

/// How a KPI leads to money.
pub(super) enum Path {
    /// It is not to lead there: its role.
    Role(Role),
    /// It cannot be told.
    Unknown,
    /// It does not.
    None,
    /// A text speaks of it, no link says so.
    Speaks,
    /// It is money.
    Money,
    /// Over links.
    Links {
        /// How many.
        hops: usize,
        /// The first steps.
        first: Vec<MetricRef>,
        /// Where it ends, where that is not among the first steps.
        end: Option<MetricRef>,
        /// Whether a number stands behind each link.
        is_founded: bool,
    },
}

impl<'r> KpiRow<'r> {
    /// A KPI of the plan, with the first steps of its path.
    pub(super) fn new(report: &'r PlanReport, at: usize, steps: usize) -> Option<Self> {
        let plan = report.plan();
        let kpi = plan.kpis.get(at)?;
        let identity = report.facts.kpi(at);
        let target = match (&kpi.target, &kpi.keep) {
            (Some(target), _) if kpi.from_name.target => Target::InName(target.text()),
            (Some(target), _) => Target::At(target.text()),
            (None, Some(keep)) => Target::Within(&keep.quantity().text),
            (None, None) => Target::None,
        };
        let period = plan.head.period.as_ref().filter(|_| kpi.actual.is_some());
        Some(Self {
            name: &kpi.name.value,
            is_north_star: Plan::role(kpi) == Role::NorthStar,
            kind: identity.kind,
            is_recognised: identity.basis == Basis::Recognised,
            target,
            actual: kpi.actual.as_ref().map(|actual| actual.quantity().text.as_str()),
            elapsed: period.map(|period| Figure::Share(period.share_elapsed(report.facts.as_of))),
            path: Path::new(report, at, Plan::role(kpi), steps),
            score: report.score.kpis.get(at).copied().flatten(),
        })
    }
}

/// The plan's KPIs by index, the worst score first; those that no rule judged are last.
pub(super) fn worst_first(report: &PlanReport) -> Vec<usize> {
    let score = |at: usize| report.score.kpis.get(at).copied().flatten().unwrap_or(f64::INFINITY);
    let mut order: Vec<usize> = (0..report.plan().kpis.len()).collect();
    order.sort_by(|one, other| score(*one).total_cmp(&score(*other)));
    order
}

/// The worst of some findings for each KPI, by its index; the gravest come first.
pub(super) fn worst_findings<'r>(findings: &[FindingRef<'r>]) -> BTreeMap<usize, FindingRef<'r>> {
    let mut worst = BTreeMap::new();
    for found in findings {
        if let Subject::Kpi(at) = found.verdict.subject {
            worst.entry(at).or_insert(*found);
        }
    }
    worst
}

/// What the marks in some rows mean.
pub(super) fn legend(rows: &[KpiRow<'_>]) -> Option<String> {
    let read = rows.iter().any(|row| row.is_recognised || matches!(row.target, Target::InName(_)));
    let unknown = rows.iter().any(|row| row.kind.is_none());
    let parts = [read.then_some("* read from the name"), unknown.then_some("? not recognised: `metric:` would tell")];
    let parts: Vec<&str> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}

impl Path {
    fn new(report: &PlanReport, at: usize, role: Role, steps: usize) -> Self {
        if let Role::Guardrail | Role::Diagnostic = role {
            return Self::Role(role);
        }
        let Some(way) = report.facts.way(at) else { return Self::Unknown };
        match way.level {
            None => Self::Unknown,
            Some(Level::None) => Self::None,
            Some(Level::Speaks) => Self::Speaks,
            Some(Level::Founded) if way.hops == 0 => Self::Money,
            Some(level @ (Level::Founded | Level::Path)) => Self::Links {
                hops: way.hops,
                first: report.facts.path(at, steps),
                end: way.end.filter(|_| way.hops > steps),
                is_founded: level == Level::Founded,
            },
        }
    }
}
