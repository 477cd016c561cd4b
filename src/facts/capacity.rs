//! The work that a plan lists against the time that its teams have: how long the list takes, and where it has to be cut.

use std::collections::HashMap;

use super::Facts;
use crate::plan::{Plan, Priority};

/// The listed work, and the time for it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Workload {
    /// What is wanted (must, should and could, not done or stopped) with its hours of work, in the order in which it is to be done.
    pub listed: Vec<Work>,
    /// What is wanted, and nobody says how much work it is, by index.
    pub without_effort: Vec<usize>,
    /// The teams of which it is known how much time they have.
    pub teams: Vec<TeamLoad>,
}

/// One initiative's work.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Work {
    /// The initiative, by index.
    pub initiative: usize,
    /// Hours of work of one person.
    pub hours: f64,
}

/// A team's time, and the part of the work that is its own.
#[derive(Debug, Clone, PartialEq)]
pub struct TeamLoad {
    /// The team's name.
    pub team: String,
    /// Hours of work that it has in the period.
    pub capacity: f64,
    /// Hours of the listed work that its members answer for.
    pub own: f64,
}

impl Workload {
    pub(super) fn new(facts: &Facts) -> Self {
        let plan = &facts.plan;
        let calendar = facts.settings.calendar();
        let mut workload = Self::default();
        for (at, initiative) in plan.initiatives.iter().enumerate().filter(|(_, initiative)| initiative.is_ahead()) {
            match initiative.effort.as_ref().map(|effort| effort.hours_of_work(&calendar)) {
                Some(Some(hours)) => workload.listed.push(Work { initiative: at, hours }),
                _ => workload.without_effort.push(at),
            }
        }
        workload.listed.sort_by_key(|work| order(plan, work.initiative));
        let whole = plan.head.period.as_ref().map(|period| period.working_hours(&calendar));
        let mut of_member: HashMap<String, usize> = HashMap::new();
        for (name, team) in plan.head.teams.iter().flat_map(|teams| teams.iter()) {
            let given = team.value.capacity.as_ref().and_then(|capacity| capacity.hours_of_work(&calendar));
            let people = || Some(team.value.people.as_ref()?.point()? * whole?);
            let Some(capacity) = given.or_else(people).filter(|capacity| *capacity > 0.0) else { continue };
            for member in team.value.members.iter().flat_map(|members| members.iter()) {
                of_member.insert(Plan::id_from(member), workload.teams.len());
            }
            of_member.entry(Plan::id_from(name)).or_insert(workload.teams.len());
            workload.teams.push(TeamLoad { team: name.clone(), capacity, own: 0.0 });
        }
        for work in &workload.listed {
            let owners = plan.initiatives.get(work.initiative).and_then(|initiative| initiative.owner.as_ref());
            // Work that several answer for is nobody's alone.
            let Some([owner]) = owners.map(|owners| &owners.0[..]) else { continue };
            let team = of_member.get(&Plan::id_from(owner)).and_then(|team| workload.teams.get_mut(*team));
            if let Some(team) = team {
                team.own += work.hours;
            }
        }
        workload
    }

    /// Hours of work listed.
    pub fn hours(&self) -> f64 {
        self.listed.iter().map(|work| work.hours).sum()
    }

    /// Hours that the teams have for it: those whose members answer for a part of the work, where any do, else all.
    pub fn capacity(&self) -> Option<f64> {
        let sum = |own: fn(&&TeamLoad) -> bool| self.teams.iter().filter(own).map(|team| team.capacity).sum::<f64>();
        let busy = sum(|team| team.own > 0.0);
        let all = if busy > 0.0 { busy } else { sum(|_| true) };
        (all > 0.0).then_some(all)
    }

    /// The listed work over the time for it: also the number of periods that the list takes.
    pub fn periods(&self) -> Option<f64> {
        self.capacity().map(|capacity| self.hours() / capacity)
    }

    /// How many of the listed initiatives fit, in their order.
    pub fn fitting(&self) -> Option<usize> {
        let mut left = self.capacity()?;
        let fits = self.listed.iter().take_while(|work| {
            left -= work.hours;
            left >= -ROUNDING
        });
        Some(fits.count())
    }

    /// The team that has most to do for its time, and how much: its own work over its capacity.
    pub fn busiest(&self) -> Option<(&TeamLoad, f64)> {
        let loads = self.teams.iter().map(|team| (team, team.own / team.capacity));
        loads.max_by(|(_, one), (_, other)| one.total_cmp(other))
    }
}

/// Hours that are rounding.
const ROUNDING: f64 = 1e-6;

/// By rank; what has none comes after, musts before shoulds before coulds, as the plan lists them.
fn order(plan: &Plan, at: usize) -> (u64, Priority, usize) {
    let initiative = plan.initiatives.get(at);
    let rank = initiative.and_then(|initiative| initiative.rank.as_ref()?.point());
    let priority = initiative.and_then(|initiative| initiative.priority.as_ref()).map(|priority| priority.value);
    // Ranks are small counts; halves between two of them keep their order.
    let rank = rank.map_or(u64::MAX, |rank| (rank * 1e3) as u64);
    (rank, priority.unwrap_or(Priority::Should), at)
}

impl Facts {
    /// The work that the plan lists, and the time for it.
    pub fn workload(&self) -> &Workload {
        self.workload.get_or_init(|| Workload::new(self))
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use crate::audit::Auditor;
    use crate::settings::Settings;
    use crate::source::Source;

    const SIX_PEOPLE: &str =
        "plan: Backlog\nperiod: 2027-Q2\nteams: {marketing: {people: 6, members: [ana, rui]}}\ninitiatives:\n";

    fn audit(initiatives: &str) -> crate::PlanReport {
        let settings = Source::new("settings", "conventions: {days_a_week: 4}");
        let settings = Settings::read(&settings, &[]).unwrap();
        let report =
            Auditor::new(date(2027, 4, 1)).settings(settings).audit_text("p", &format!("{SIX_PEOPLE}{initiatives}"));
        report.plans.into_iter().next().unwrap()
    }

    #[test]
    fn six_people_at_32_hours_for_13_weeks_need_20_quarters_for_49_920_hours() {
        let report = audit("  - {name: All of it, effort: \"49,920 hours\", owner: ana}\n");
        let workload = report.facts.workload();
        assert_eq!(workload.capacity().map(f64::round), Some(2_496.0));
        assert_eq!(workload.periods().map(|periods| format!("{periods:.3}")).as_deref(), Some("20.000"));
    }

    #[test]
    fn the_list_is_cut_in_rank_order_and_what_has_no_rank_comes_last() {
        let report = audit(
            "  - {name: Loose, effort: 100 hours, priority: must}\n  - {name: Second, effort: 1500 hours, rank: 2}\n\
             \x20 - {name: First, effort: 1000 hours, rank: 1}\n  - {name: Never, effort: 900 hours, priority: wont}\n\
             \x20 - {name: Unknown, rank: 3}\n",
        );
        let workload = report.facts.workload();
        let order: Vec<usize> = workload.listed.iter().map(|work| work.initiative).collect();
        assert_eq!(order, [2, 1, 0]);
        assert_eq!(workload.fitting(), Some(1));
        assert_eq!(workload.without_effort, [4]);
    }

    #[test]
    fn work_is_weighed_against_the_teams_whose_members_answer_for_it() {
        let report =
            audit("  - {name: One, effort: 1000 hours, owner: Ana}\n  - {name: Two, effort: 500 hours, owner: rui}\n");
        let (team, load) = report.facts.workload().busiest().unwrap();
        assert_eq!((team.own, format!("{load:.2}").as_str()), (1_500.0, "0.60"));
    }
}
