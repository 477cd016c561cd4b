//! The work that a plan lists against the time that its teams have: how long the list takes, and where it has to be cut.

use hashbrown::HashMap;

use super::Facts;
use crate::plan::{Initiative, Plan, Priority};

/// The listed work, and the time for it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Workload {
    /// What is wanted in the period (must, should and could, not done or stopped, and not set to start after it) with its
    /// hours of work, in the order in which it is to be done.
    pub listed: Vec<Work>,
    /// What is wanted, and nobody says how much work it is, by index.
    pub without_effort: Vec<usize>,
    /// The teams of which it is known how much time they have.
    pub teams: Vec<TeamLoad>,
    /// Whether the plan names teams of which it is not known.
    pub has_other_teams: bool,
    /// Hours of the listed work that members of those answer for.
    pub of_other_teams: f64,
    /// Hours of the listed work of which it cannot be told whose it is.
    pub of_nobody: f64,
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
        let ends = plan.head.period.as_ref().map(|period| period.value.end);
        let is_later = |initiative: &Initiative| {
            let start = initiative.start.as_ref().map(|start| start.value);
            ends.zip(start).is_some_and(|(ends, start)| start > ends)
        };
        for (at, initiative) in plan.initiatives_ahead().filter(|(_, initiative)| !is_later(initiative)) {
            match initiative.effort.as_ref().map(|effort| effort.hours_of_work(&calendar)) {
                Some(Some(hours)) => workload.listed.push(Work { initiative: at, hours }),
                _ => workload.without_effort.push(at),
            }
        }
        workload.listed.sort_by_key(|work| order(plan, work.initiative));
        let whole = plan.head.period.as_ref().map(|period| period.working_hours(&calendar));
        let mut of_member: HashMap<String, Option<usize>> = HashMap::new();
        for (name, team) in plan.head.teams.iter().flat_map(|teams| teams.iter()) {
            let given = team.value.capacity.as_ref().and_then(|capacity| capacity.hours_of_work(&calendar));
            let people = || Some(team.value.people.as_ref()?.point()? * whole?);
            let capacity = given.or_else(people).filter(|capacity| *capacity > 0.0);
            let at = capacity.map(|_| workload.teams.len());
            for member in team.value.members.iter().flat_map(|members| members.iter()) {
                of_member.insert(Plan::id_from(member).into_owned(), at);
            }
            of_member.entry(Plan::id_from(name).into_owned()).or_insert(at);
            workload.has_other_teams |= capacity.is_none();
            workload.teams.extend(capacity.map(|capacity| TeamLoad { team: name.to_string(), capacity, own: 0.0 }));
        }
        for work in &workload.listed {
            let owners = plan.initiatives.get(work.initiative).and_then(|initiative| initiative.owner.as_ref());
            let team = match owners.map(|owners| &owners.0[..]) {
                Some([owner]) => of_member.get(&*Plan::id_from(owner)),
                // Work that several answer for is nobody's alone.
                _ => None,
            };
            match team.map(|team| team.and_then(|team| workload.teams.get_mut(team))) {
                Some(Some(team)) => team.own += work.hours,
                Some(None) => workload.of_other_teams += work.hours,
                None => workload.of_nobody += work.hours,
            }
        }
        workload
    }

    /// Hours of work listed.
    pub fn hours(&self) -> f64 {
        self.listed.iter().map(|work| work.hours).sum()
    }

    /// Hours that the teams have for it: those whose members answer for the work, where that is told of all of it, else
    /// all. `None` where a part of it is, or may be, the work of a team whose time is not known.
    pub fn capacity(&self) -> Option<f64> {
        let may_be_theirs = self.of_other_teams > 0.0 || (self.of_nobody > 0.0 && self.has_other_teams);
        let told = self.of_nobody <= 0.0;
        let busy = self.teams.iter().filter(|team| !told || team.own > 0.0);
        let all: f64 = busy.map(|team| team.capacity).sum();
        (all > 0.0 && !may_be_theirs).then_some(all)
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

/// The order in which work is to be done: by rank; what has none comes after, musts before shoulds before coulds, as the
/// plan lists them.
pub fn order(plan: &Plan, at: usize) -> (u64, Priority, usize) {
    let initiative = plan.initiatives.get(at);
    let rank = initiative.and_then(|initiative| initiative.rank.as_ref()?.point());
    let priority = initiative.and_then(|initiative| initiative.priority.as_ref()).map(|priority| priority.value);
    // Ranks are not below zero, and the bits of such numbers are in their order.
    (rank.map_or(u64::MAX, f64::to_bits), priority.unwrap_or(Priority::Should), at)
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
    use proptest::prelude::{prop_assert, proptest};

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
    fn work_of_which_nobody_says_whose_it_is_could_be_that_of_any_team() {
        let with_teams = |teams: &str, work: &str| {
            let text = format!("plan: P\nperiod: 2027-Q2\nteams: {teams}\ninitiatives: [{{name: One, {work}}}]\n");
            Auditor::new(date(2027, 4, 1)).audit_text("p", &text).plans[0].facts.workload().capacity()
        };
        let teams = "{marketing: {capacity: 100 hours, members: [ana]}, sales: {capacity: 300 hours}}";
        assert_eq!(with_teams(teams, "effort: 9 hours, owner: ana"), Some(100.0));
        assert_eq!(with_teams(teams, "effort: 9 hours"), Some(400.0));
        let timeless = "{marketing: {members: [ana]}, sales: {capacity: 300 hours, members: [rui]}}";
        assert_eq!(with_teams(timeless, "effort: 9 hours, owner: ana"), None);
        assert_eq!(with_teams(timeless, "effort: 9 hours"), None);
        assert_eq!(with_teams(timeless, "effort: 9 hours, owner: rui"), Some(300.0));
    }

    #[test]
    fn work_is_weighed_against_the_teams_whose_members_answer_for_it() {
        let report =
            audit("  - {name: One, effort: 1000 hours, owner: Ana}\n  - {name: Two, effort: 500 hours, owner: rui}\n");
        let (team, load) = report.facts.workload().busiest().unwrap();
        assert_eq!((team.own, format!("{load:.2}").as_str()), (1_500.0, "0.60"));
    }

    proptest! {
        #[test]
        fn every_hour_of_the_list_is_of_one_team_or_of_none(work in proptest::collection::vec((0..5_usize, 1..900_u32), 1..9)) {
            let owner = |at: usize| ["ana", "rui", "[ana, rui]", "eva", "zoe"].get(at).copied().unwrap_or_default();
            let work: String =
                work.iter().map(|(who, hours)| format!("  - {{name: A, effort: {hours} hours, owner: {}}}\n", owner(*who))).collect();
            let teams = "{one: {people: 2, members: ana}, two: {people: 1, members: rui}, three: {members: eva}}";
            let text = format!("plan: P\nperiod: 2027-Q2\nteams: {teams}\ninitiatives:\n{work}");
            let report = Auditor::new(date(2027, 4, 1)).audit_text("p", &text);
            let workload = report.plans[0].facts.workload();
            let own: f64 = workload.teams.iter().map(|team| team.own).sum();
            prop_assert!((own + workload.of_other_teams + workload.of_nobody - workload.hours()).abs() < 1e-6);
            // What a team of unknown time has to do, or may have to, leaves the load open.
            prop_assert!(workload.capacity().is_none() == (workload.of_other_teams + workload.of_nobody > 0.0));
        }
    }
}
