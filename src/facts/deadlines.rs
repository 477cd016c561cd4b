//! Deadlines that cannot be meant, or that lie beyond what the plan can judge.

use jiff::ToSpan;
use jiff::civil::Date;

use super::Facts;
use crate::plan::{GoalOrKpi, MetricRef, Plan, Subject};
use crate::source::Span;

/// A deadline of a goal or KPI's own, not in the period.
#[derive(Debug, Clone, Copy)]
pub struct OddDeadline {
    /// Whose it is.
    pub subject: Subject,
    /// Where it is written.
    pub place: Span,
    /// The day.
    pub day: Date,
    /// What is odd about it.
    pub oddity: Oddity,
}

/// What is odd about a deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Oddity {
    /// Before the period begins, and the same day of another year is in the period: a slip of the year, most likely.
    WrongYear(Date),
    /// Before the period begins.
    BeforePeriod(Date),
    /// Before the plan was decided.
    BeforeDecision(Date),
    /// After the period ends.
    AfterPeriod(Date),
}

/// The odd deadlines of the plan's own goals and KPIs. What a KPI has from the goal that it is nested in is the goal's.
pub fn odd_deadlines(facts: &Facts) -> impl Iterator<Item = OddDeadline> {
    let plan = &facts.plan;
    let goals =
        plan.goals.iter().enumerate().filter_map(|(at, goal)| Some((GoalOrKpi::Goal(at), goal.by.as_ref()?.whole())));
    let kpis =
        plan.kpis.iter().enumerate().filter_map(|(at, kpi)| Some((GoalOrKpi::Kpi(at), kpi.by.as_ref()?.whole())));
    goals.chain(kpis).filter_map(|(which, place)| {
        let day = plan.deadline_of(MetricRef { plan: 0, which })?;
        Some(OddDeadline { subject: which.subject(), place, day, oddity: oddity(plan, day)? })
    })
}

fn oddity(plan: &Plan, day: Date) -> Option<Oddity> {
    let decided = plan.head.decided_on.as_ref().map(|decided| decided.value);
    let before_decision = || decided.filter(|decided| day < *decided).map(Oddity::BeforeDecision);
    let Some(period) = plan.head.period.as_ref() else { return before_decision() };
    if day < period.start {
        let years =
            (1..=i64::from(period.end.year() - day.year()).max(1)).map(|years| day.checked_add(years.years()).ok());
        let meant = years.flatten().find(|day| (period.start..=period.end).contains(day));
        return Some(meant.map_or(Oddity::BeforePeriod(period.start), Oddity::WrongYear));
    }
    before_decision().or((day > period.end).then_some(Oddity::AfterPeriod(period.end)))
}
