//! One audit from texts to a report: read, derive facts, judge, waive, score.

use std::collections::BTreeMap;
use std::sync::Arc;

use hashbrown::{HashMap, HashSet};
use jiff::civil::Date;

use crate::compare::Before;
use crate::facts::Facts;
use crate::plan::problem::Problem;
use crate::plan::{self, EconomicKeys, Loader, NoFiles, Plan, Reading, Subject};
use crate::rules::verdict::{Finding, Finished, Need, Status, Verdict, Verdicts};
use crate::rules::{self, Check, Rule};
use crate::score::Score;
use crate::set::{Across, Outlines};
use crate::settings::Settings;
use crate::severity::Severity;
use crate::source::{Position, Source};
use crate::waivers;

/// Audits texts with the same settings, on the same day.
#[derive(Debug, Clone)]
pub struct Auditor {
    as_of: Option<Date>,
    today: Date,
    settings: Arc<Settings>,
    choice: Choice,
}

/// Which rules run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    /// Only these rules or areas, where any are named.
    pub only: Vec<String>,
    /// Not these.
    pub skip: Vec<String>,
}

impl Choice {
    /// Whether all rules run, so that the score means something.
    pub fn is_all(&self) -> bool {
        self.only.is_empty() && self.skip.is_empty()
    }

    fn takes(&self, rule: &Rule) -> bool {
        let named = |names: &[String]| names.iter().any(|name| name == rule.name || name == rule.area.name());
        (self.only.is_empty() || named(&self.only)) && !named(&self.skip)
    }
}

/// What an audit of several texts gave.
#[derive(Debug, Default)]
pub struct Report {
    /// The plans that could be read, in the order of their files.
    pub plans: Vec<PlanReport>,
    /// The texts that could not, with everything that is wrong with each.
    pub faults: Vec<Faulty>,
    /// The files that were passed over since they are no plans.
    pub passed_over: Vec<String>,
    /// Files that were not audited, since their settings have errors.
    pub unaudited: usize,
    /// Files in folders that settings leave out.
    pub left_out: usize,
    /// Whether all rules ran.
    pub is_whole: bool,
}

impl Report {
    /// Adds what other texts gave.
    pub fn append(&mut self, other: Report) {
        self.plans.extend(other.plans);
        self.faults.extend(other.faults);
        self.passed_over.extend(other.passed_over);
        self.unaudited += other.unaudited;
        self.left_out += other.left_out;
    }

    /// Everything that is wrong with the texts that could not be read.
    pub fn problems(&self) -> impl Iterator<Item = (&Faulty, &Problem)> {
        self.faults.iter().flat_map(|faulty| faulty.problems.iter().map(move |problem| (faulty, problem)))
    }
}

/// A text that could not be read as a plan, or as settings.
#[derive(Debug, Clone)]
pub struct Faulty {
    /// The text.
    pub source: Arc<Source>,
    /// What is wrong with it, in order of place.
    pub problems: Vec<Problem>,
}

/// One plan with everything that was found.
#[derive(Debug)]
pub struct PlanReport {
    /// The plan and what follows from it.
    pub facts: Facts,
    /// The verdicts of all rules. One may be about [several subjects](Verdict::subjects) with which all is well.
    pub verdicts: Vec<Verdict>,
    /// The score.
    pub score: Score,
    /// Whether all rules ran, so that the score means something.
    pub is_whole: bool,
    /// What an earlier audit had found, where there is one to compare with.
    pub before: Option<Before>,
}

/// A finding with the verdict that it belongs to.
#[derive(Debug, Clone, Copy)]
pub struct FindingRef<'r> {
    /// The verdict.
    pub verdict: &'r Verdict,
    /// The finding.
    pub finding: &'r Finding,
    /// What the plan's score would gain without it.
    pub points: f64,
}

impl Auditor {
    /// With the default settings. Plans whose period is over are audited as of their last day,
    /// unless [`Auditor::as_of`] says otherwise.
    pub fn new(today: Date) -> Self {
        Self { as_of: None, today, settings: Arc::default(), choice: Choice::default() }
    }

    /// Audits as of a day, also plans whose period is over.
    #[must_use]
    pub fn as_of(mut self, day: Option<Date>) -> Self {
        self.as_of = day;
        self
    }

    /// With other settings.
    #[must_use]
    pub fn settings(self, settings: Settings) -> Self {
        self.with_settings(&Arc::new(settings))
    }

    /// The same with other settings, which plans can share.
    #[must_use]
    pub fn with_settings(&self, settings: &Arc<Settings>) -> Self {
        Self { settings: Arc::clone(settings), ..self.clone() }
    }

    /// With some of the rules. No score is printed then.
    #[must_use]
    pub fn choice(mut self, choice: Choice) -> Self {
        self.choice = choice;
        self
    }

    /// Audits a text that stands alone.
    pub fn audit_text(&self, name: &str, text: &str) -> Report {
        let source = Arc::new(Source::new(name, text));
        let mut report = self.empty_report();
        let reading = plan::read(&source, self.settings.dictionary(), &NoFiles);
        self.add(source, reading, &mut report);
        report
    }

    /// A report of nothing, to add to.
    pub fn empty_report(&self) -> Report {
        Report { is_whole: self.choice.is_all(), ..Report::default() }
    }

    /// Audits a text, and adds what it gave to a report.
    pub fn audit_source(&self, source: Arc<Source>, loader: &dyn Loader, report: &mut Report) {
        let reading = plan::read(&source, self.settings.dictionary(), loader);
        self.add(source, reading, report);
    }

    /// Audits a text found in a folder, or passes over it where it is no plan.
    pub fn audit_found(&self, source: Arc<Source>, loader: &dyn Loader, report: &mut Report) {
        match plan::read_found(&source, self.settings.dictionary(), loader) {
            Some(reading) => self.add(source, reading, report),
            None => report.passed_over.push(source.name().to_owned()),
        }
    }

    /// What the rules across plans find.
    pub fn across(&self, outlines: &Outlines) -> Across {
        let chosen = rules::all().filter(|rule| self.choice.takes(rule));
        outlines.judged(chosen.filter_map(|rule| match rule.check {
            Check::Across(check) => Some((rule, check)),
            Check::First(_) | Check::After(_) => None,
        }))
    }

    fn add(&self, source: Arc<Source>, reading: Reading, report: &mut Report) {
        let mut problems = reading.problems;
        problems.extend(waivers::check(&reading.plans));
        if problems.is_empty() {
            report.plans.extend(reading.plans.into_iter().map(|plan| self.judge(plan)));
        } else {
            problems.sort_by_key(|problem| problem.span);
            report.faults.push(Faulty { source, problems });
        }
    }

    /// Runs the rules over a plan.
    fn judge(&self, plan: Plan) -> PlanReport {
        let as_of = self.as_of.unwrap_or_else(|| {
            let end = plan.head.period.as_ref().map(|period| period.end);
            end.filter(|end| *end < self.today).unwrap_or(self.today)
        });
        let facts = Facts::new(Arc::new(plan), Arc::clone(&self.settings), self.settings.dictionary(), as_of);
        let mut verdicts = Vec::new();
        let runs = |rule: &&Rule| self.choice.takes(rule) && rule.runs(&self.settings);
        for rule in rules::all().filter(runs) {
            if let Check::First(check) = rule.check {
                verdicts.extend(verdicts_of(rule, &facts, |list| check(&facts, list)));
            }
        }
        settle(&facts, &mut verdicts);
        for rule in rules::all().filter(runs) {
            if let Check::After(check) = rule.check {
                let mut after = verdicts_of(rule, &facts, |list| check(&facts, &Finished(&verdicts), list));
                waivers::apply(&facts.plan, facts.as_of, &mut after);
                verdicts.extend(after);
            }
        }
        let score = Score::new(&facts, &verdicts);
        PlanReport { facts, verdicts, score, is_whole: self.choice.is_all(), before: None }
    }
}

fn verdicts_of(rule: &'static Rule, facts: &Facts, check: impl FnOnce(&mut Verdicts<'_>)) -> Vec<Verdict> {
    let mut list = Verdicts::new(rule, facts);
    check(&mut list);
    list.into_list()
}

/// Meets findings with their waivers, and marks those that a graver rule tells about the same subject.
fn settle(facts: &Facts, verdicts: &mut [Verdict]) {
    waivers::apply(&facts.plan, facts.as_of, verdicts);
    let open: HashMap<(&'static str, Subject), Severity> = verdicts
        .iter()
        .filter_map(|verdict| {
            let open = verdict.findings().iter().filter(|finding| finding.status == Status::Open);
            open.map(|finding| finding.severity).max().map(|severity| ((verdict.rule.name, verdict.subject), severity))
        })
        .collect();
    for verdict in verdicts {
        let (rule, subject) = (verdict.rule, verdict.subject);
        for finding in verdict.findings_mut().iter_mut().filter(|finding| finding.status == Status::Open) {
            if let Some(teller) = teller_of(rule, subject, finding, &open) {
                finding.status = Status::Told(teller);
            }
        }
    }
}

/// The rule that tells a finding as well: no less grave, about the same subject or one that the finding names. A rule
/// that was made less grave by a setting tells nothing graver than itself.
fn teller_of(
    rule: &'static Rule,
    subject: Subject,
    finding: &Finding,
    open: &HashMap<(&'static str, Subject), Severity>,
) -> Option<&'static str> {
    let mut tellers = rule.yields_to.iter().filter(|teller| teller.is_about(finding.reading));
    let tells = |to| {
        let mut subjects = std::iter::once(subject).chain(finding.told_on.iter().copied());
        subjects.any(|on| open.get(&(to, on)).is_some_and(|severity| *severity >= finding.severity))
    };
    tellers.find(|teller| tells(teller.to)).map(|teller| teller.to)
}

impl PlanReport {
    /// The plan.
    pub fn plan(&self) -> &Plan {
        &self.facts.plan
    }

    /// Whether there is a score to show: all rules ran, and enough of the plan could be judged.
    pub fn is_scored(&self) -> bool {
        self.is_whole && self.score.is_enough()
    }

    /// The ruleset that it is judged by: the newest, unless its settings hold on to a former one.
    pub fn ruleset(&self) -> u32 {
        self.facts.settings.ruleset().unwrap_or_else(rules::ruleset)
    }

    /// All findings, whatever their standing: the gravest first, then those that cost most, then by place.
    pub fn all_findings(&self) -> Vec<FindingRef<'_>> {
        let mut all: Vec<FindingRef<'_>> = self
            .verdicts
            .iter()
            .filter(|verdict| verdict.has_findings())
            .zip(&self.score.points)
            .flat_map(|(verdict, points)| {
                let findings = verdict.findings().iter().enumerate();
                findings.map(move |(at, finding)| {
                    // What a verdict costs is told with its gravest finding.
                    FindingRef { verdict, finding, points: if at == 0 { *points } else { 0.0 } }
                })
            })
            .collect();
        all.sort_by(|one, other| {
            let gravest = other.finding.severity.cmp(&one.finding.severity);
            let dearest = other.points.total_cmp(&one.points);
            gravest.then(dearest).then(one.finding.place.cmp(&other.finding.place))
        });
        all
    }

    /// The open findings, in the order of [`PlanReport::all_findings`].
    pub fn findings(&self) -> impl Iterator<Item = FindingRef<'_>> {
        self.all_findings().into_iter().filter(|found| found.finding.status == Status::Open)
    }

    /// The gravest open finding.
    pub fn gravest(&self) -> Option<Severity> {
        let findings = self.verdicts.iter().flat_map(Verdict::findings);
        findings.filter(|finding| finding.status == Status::Open).map(|finding| finding.severity).max()
    }

    /// How many open findings there are of each severity, the least grave first; a severity without any is left out.
    pub fn counts(&self) -> BTreeMap<Severity, usize> {
        let findings = self.verdicts.iter().flat_map(Verdict::findings);
        findings.filter(|finding| finding.status == Status::Open).fold(BTreeMap::new(), |mut counts, finding| {
            *counts.entry(finding.severity).or_default() += 1;
            counts
        })
    }

    /// The fields that would raise the evidence most, the most telling first, and those that a finding asks for.
    pub fn would_tell_most(&self) -> Vec<String> {
        let mut gains: BTreeMap<String, f64> = BTreeMap::new();
        let unknowns = self.verdicts.iter().filter(|verdict| !verdict.is_known());
        for (rule, worth) in self.score.worth_of_rules() {
            if rule.verdicts.is_empty() {
                let lacking = rule.rule.needs.iter().filter(|part| self.plan().lacks(**part));
                for part in lacking {
                    *gains.entry(format!("`{part}:`")).or_default() += worth;
                }
            }
            let all: f64 = rule.subjects(&self.facts, &self.verdicts).map(|(_, weight, _)| weight).sum();
            for verdict in unknowns.clone().filter(|verdict| std::ptr::eq(verdict.rule, rule.rule)) {
                // Where several are needed, each is a part of the way.
                let worth = worth * self.facts.weight_of(verdict.subject) / all / verdict.needs().len() as f64;
                for need in verdict.needs() {
                    *gains.entry(self.field(need)).or_default() += worth;
                }
            }
        }
        let mut gains: Vec<(String, f64)> = gains.into_iter().collect();
        gains.sort_by(|(_, one), (_, other)| other.total_cmp(one));
        let asked = self.findings().flat_map(|found| found.finding.needs.clone());
        let mut fields: Vec<String> = asked.chain(gains.into_iter().map(|(field, _)| field)).collect();
        let mut seen = HashSet::new();
        fields.retain(|field| seen.insert(field.clone()));
        fields
    }

    /// A key with what it is needed of: "`price` of Core".
    fn field(&self, need: &Need) -> String {
        match (need.of, self.plan().numbered(need.plan)) {
            (Subject::Plan, _) if EconomicKeys::has(need.key) => format!("`{}` in `economics`", need.key),
            (Subject::Plan, _) | (_, None) => format!("`{}`", need.key),
            // A reader knows a funnel by where it leads, not by an id that may be that of a goal.
            (Subject::Funnel(at), Some(plan)) => format!("`{}` in the funnel of {}", need.key, plan.goal_of_funnel(at)),
            (of, Some(plan)) => format!("`{}` of {}", need.key, plan.name_of(of)),
        }
    }

    /// Line and column of a finding.
    pub fn position(&self, finding: &Finding) -> Position {
        self.plan().source.position(finding.place.start)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;
    use crate::rules::page::Page;
    use crate::rules::verdict::FindingDraft;
    use crate::rules::{Area, Yield};

    const GRAVER: &str = "graver";

    static TELLER: Rule = rule(GRAVER, &[]);
    static TOLD: Rule = rule("told", &[Yield::to(GRAVER)]);
    static TOLD_IN_PART: Rule = rule("told-in-part", &[Yield::of("another", GRAVER)]);

    const fn rule(name: &'static str, yields_to: &'static [Yield]) -> Rule {
        Rule {
            name,
            area: Area::Measures,
            weight: Severity::High,
            since: 1,
            on: Subject::KINDS,
            needs: &[],
            applies: |_| true,
            yields_to,
            settings: &[],
            conventions: &[],
            page: LazyLock::new(Page::default),
            check: Check::First(|_, _| {}),
        }
    }

    /// Standing of a finding about the first KPI, where a graver rule has one about a subject.
    fn standing(rule: &'static Rule, told: Severity, told_on: Option<Subject>, graver: (Subject, Severity)) -> Status {
        let report = Auditor::new(jiff::civil::date(2027, 1, 1)).audit_text("x", "plan: x\nkpis: [SQLs]\n");
        let facts = &report.plans[0].facts;
        let draft = |severity| FindingDraft::at(facts.plan.place_of(Subject::Kpi(0)), "reading", severity);
        let own = told_on.into_iter().fold(draft(told), FindingDraft::told_on);
        let mut verdicts = [
            verdicts_of(&TELLER, facts, |list| list.fail(graver.0, draft(graver.1))),
            verdicts_of(rule, facts, |list| list.fail(Subject::Kpi(0), own)),
        ]
        .concat();
        settle(facts, &mut verdicts);
        verdicts[1].findings()[0].status.clone()
    }

    #[test]
    fn a_rule_tells_the_findings_of_those_that_yield_to_it_unless_they_are_graver() {
        let by = |graver, told| standing(&TOLD, told, None, (Subject::Kpi(0), graver));
        assert_eq!(by(Severity::High, Severity::Medium), Status::Told(GRAVER));
        assert_eq!(by(Severity::High, Severity::High), Status::Told(GRAVER));
        assert_eq!(by(Severity::Note, Severity::High), Status::Open);
    }

    #[test]
    fn a_finding_about_another_subject_tells_only_one_that_names_that_subject() {
        let on_plan = (Subject::Plan, Severity::High);
        assert_eq!(standing(&TOLD, Severity::High, None, on_plan), Status::Open);
        assert_eq!(standing(&TOLD, Severity::High, Some(Subject::Plan), on_plan), Status::Told(GRAVER));
    }

    #[test]
    fn a_rule_that_yields_with_one_reading_keeps_the_others() {
        let graver = (Subject::Kpi(0), Severity::High);
        assert_eq!(standing(&TOLD_IN_PART, Severity::Low, None, graver), Status::Open);
    }

    #[test]
    fn what_a_funnel_lacks_is_told_with_its_goal_and_not_its_id() {
        let plan = "plan: x\ngoals: [{id: arr, name: New ARR, target: 1M}]\n\
                    funnels: [{goal: arr, stages: [{name: lead, volume: 100}, {name: deal}]}]\n";
        let report = Auditor::new(jiff::civil::date(2027, 1, 1)).audit_text("x", plan);
        assert!(report.faults.is_empty(), "{:?}", report.faults);
        let field = report.plans[0].field(&Need::new("was", Subject::Funnel(0)));
        assert_eq!(field, "`was` in the funnel of New ARR");
    }

    #[test]
    fn rules_yield_only_to_rules_that_exist() {
        for rule in rules::all() {
            for graver in rule.yields_to {
                assert!(rules::named(graver.to).is_some(), "{} yields to {}", rule.name, graver.to);
                let said = |reading| rule.page().say(reading).is_some();
                assert!(graver.reading.is_none_or(said), "{} yields with {:?}", rule.name, graver.reading);
            }
        }
    }
}
