//! The score: from verdicts to rules, areas and the plan, with the evidence that it rests on and what each finding costs.

use std::iter;
use std::ops::Range;

use hashbrown::HashMap;

use crate::facts::Facts;
use crate::plan::Subject;
use crate::rules::verdict::{Outcome, Status, Verdict, by_rule};
use crate::rules::{self, Area, Rule};
use crate::severity::Severity;

/// The most that a plan with an open critical finding can score.
pub const CRITICAL_CAP: f64 = 59.0;

/// The least evidence on which a score is printed and a grade given.
pub const LEAST_EVIDENCE: f64 = 0.5;

/// The score of one plan.
#[derive(Debug, Clone, Default)]
pub struct Score {
    /// 0 to 100, capped; `None` where nothing could be judged.
    pub value: Option<f64>,
    /// The same before the cap of an open critical finding.
    pub uncapped: Option<f64>,
    /// The share of the area weights that could be judged, 0 to 1.
    pub evidence: f64,
    /// The areas, in the order in which they are printed.
    pub areas: Vec<AreaScore>,
    /// What each KPI scores, by index: the mean over the rules that judged it, 0 to 100.
    pub kpis: Vec<Option<f64>>,
    /// One for each verdict with findings, in the order of the verdicts: what the plan would gain without those.
    pub points: Vec<f64>,
}

/// The score of one area.
#[derive(Debug, Clone)]
pub struct AreaScore {
    /// The area.
    pub area: Area,
    /// Its weight in the plan's score, of 100.
    pub weight: f64,
    /// 0 to 100; `None` where nothing could be judged.
    pub score: Option<f64>,
    /// How much of it could be judged, 0 to 1.
    pub evidence: f64,
    /// Whether it counts towards evidence: not where all its rules rightly do not apply.
    pub applies: bool,
    /// Its rules.
    pub rules: Vec<RuleScore>,
}

/// The score of one rule.
#[derive(Debug, Clone)]
pub struct RuleScore {
    /// The rule.
    pub rule: &'static Rule,
    /// Its weight in the area.
    pub weight: f64,
    /// 0 to 1; `None` where it judged nothing.
    pub score: Option<f64>,
    /// The share of its subjects, by weight, that could be judged.
    pub evidence: f64,
    /// Its verdicts among those of the plan.
    pub verdicts: Range<usize>,
}

impl RuleScore {
    /// Its subjects with their weight and score, by the verdicts of the plan; `None` where one could not be judged, or is left
    /// out.
    pub fn subjects<'v>(
        &self,
        facts: &'v Facts,
        verdicts: &'v [Verdict],
    ) -> impl Iterator<Item = (Subject, f64, Option<f64>)> + 'v {
        let own = verdicts.get(self.verdicts.clone()).unwrap_or_default();
        weighed(own, facts).map(|(subject, weight, verdict)| (subject, weight, counted(verdict)))
    }
}

/// A grade.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grade {
    /// From 90.
    A,
    /// From 80.
    B,
    /// From 70.
    C,
    /// From 60.
    D,
    /// Below.
    F,
}

impl Grade {
    /// The grade of a whole number.
    pub fn of(points: u32) -> Self {
        match points {
            90.. => Self::A,
            80.. => Self::B,
            70.. => Self::C,
            60.. => Self::D,
            _ => Self::F,
        }
    }

    /// The letter.
    pub fn letter(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
            Self::D => "D",
            Self::F => "F",
        }
    }
}

impl Score {
    /// The score of a plan's verdicts.
    pub fn new(facts: &Facts, verdicts: &[Verdict]) -> Self {
        let of_rules = of_rules(verdicts);
        let run = rules::all().filter(|rule| rule.runs(&facts.settings));
        // They come by area, in the order of the areas.
        let mut rules = run.filter_map(|rule| rule_score(rule, facts, verdicts, &of_rules)).peekable();
        let mut rules_of = |area| iter::from_fn(|| rules.next_if(|rule| rule.rule.area == area)).collect();
        let areas: Vec<AreaScore> =
            Area::SCORED.into_iter().map(|area| area_score(area, facts, rules_of(area))).collect();
        let weight = |area: &AreaScore| area.weight;
        let uncapped = weighted_mean(areas.iter().filter_map(|area| area.score.map(|score| (weight(area), score))));
        let applying = areas.iter().filter(|area| area.applies);
        let evidence = weighted_mean(applying.map(|area| (weight(area), area.evidence))).unwrap_or_default();
        let mut score = Self {
            value: uncapped.map(|value| cap(value, criticals(verdicts))),
            uncapped,
            evidence,
            kpis: kpi_scores(facts.plan.kpis.len(), verdicts),
            areas,
            points: Vec::new(),
        };
        score.points = score.points(facts, verdicts);
        score
    }

    /// The score as it is printed: a whole number.
    pub fn whole(&self) -> Option<u32> {
        self.value.map(|value| value.round().clamp(0.0, 100.0) as u32)
    }

    /// Whether a critical finding holds the score back.
    pub fn is_capped(&self) -> bool {
        self.uncapped.zip(self.value).is_some_and(|(before, after)| before > after)
    }

    /// Whether there is enough in the plan to score it.
    pub fn is_enough(&self) -> bool {
        self.value.is_some() && self.evidence >= LEAST_EVIDENCE
    }

    /// Each rule with what it is worth in the evidence, of 100.
    pub fn worth_of_rules(&self) -> impl Iterator<Item = (&RuleScore, f64)> {
        self.areas.iter().flat_map(|area| {
            let weights: f64 = area.rules.iter().map(|rule| rule.weight).sum();
            let weighed = area.rules.iter().filter(move |rule| weights > 0.0 && rule.weight > 0.0);
            weighed.map(move |rule| (rule, area.weight * rule.weight / weights))
        })
    }

    /// The grade, where there is enough to give one.
    pub fn grade(&self) -> Option<Grade> {
        self.whole().filter(|_| self.is_enough()).map(Grade::of)
    }

    /// What the plan's score would gain if each verdict with findings were a pass.
    fn points(&self, facts: &Facts, verdicts: &[Verdict]) -> Vec<f64> {
        let has_findings = |verdict: &&Verdict| verdict.has_findings();
        let (Some(uncapped), Some(value)) = (self.uncapped, self.value) else {
            return vec![0.0; verdicts.iter().filter(has_findings).count()];
        };
        let all = criticals(verdicts);
        let points =
            by_rule(verdicts).filter(|of_rule| of_rule.iter().any(Verdict::has_findings)).flat_map(|of_rule| {
                let share = of_rule.first().map_or(0.0, |first| self.share_of_weight(first.rule, facts, verdicts));
                of_rule.iter().filter(has_findings).map(move |verdict| match counted(verdict) {
                    Some(own) => {
                        let gain = share * facts.weight_of(verdict.subject) * (1.0 - own) * 100.0;
                        cap(uncapped + gain, all - criticals(std::slice::from_ref(verdict))) - value
                    }
                    None => 0.0,
                })
            });
        points.collect()
    }

    /// The share of the plan's score that a subject of weight 1 has through a rule.
    fn share_of_weight(&self, rule: &'static Rule, facts: &Facts, verdicts: &[Verdict]) -> f64 {
        let Some(area) = self.areas.iter().find(|area| area.area == rule.area) else { return 0.0 };
        let Some(own) = area.rules.iter().find(|own| std::ptr::eq(own.rule, rule)) else { return 0.0 };
        let subjects: f64 =
            own.subjects(facts, verdicts).filter(|(_, _, score)| score.is_some()).map(|(_, weight, _)| weight).sum();
        let rules: f64 = area.rules.iter().filter(|rule| rule.score.is_some()).map(|rule| rule.weight).sum();
        let areas: f64 = self.areas.iter().filter(|area| area.score.is_some()).map(|area| area.weight).sum();
        let parts = [(1.0, subjects), (own.weight, rules), (area.weight, areas)];
        parts.iter().map(|(part, whole)| if *whole > 0.0 { part / whole } else { 0.0 }).product()
    }
}

fn cap(value: f64, criticals: usize) -> f64 {
    if criticals > 0 { value.min(CRITICAL_CAP) } else { value }
}

/// How many open critical findings there are.
fn criticals(verdicts: &[Verdict]) -> usize {
    let findings = verdicts.iter().flat_map(Verdict::findings);
    findings.filter(|finding| finding.status == Status::Open && finding.severity == Severity::Critical).count()
}

/// The score of a verdict where it counts: not where it is unknown, waived, or told by another.
fn counted(verdict: &Verdict) -> Option<f64> {
    match verdict.outcome.as_deref() {
        None => Some(1.0),
        Some(Outcome::Found { score, findings }) => {
            findings.iter().any(|finding| finding.status == Status::Open).then_some(*score)
        }
        Some(Outcome::Unknown(_)) => None,
    }
}

/// The subjects of some verdicts, each with its weight.
fn weighed<'v>(verdicts: &'v [Verdict], facts: &'v Facts) -> impl Iterator<Item = (Subject, f64, &'v Verdict)> {
    verdicts
        .iter()
        .flat_map(move |verdict| verdict.subjects().map(move |subject| (subject, facts.weight_of(subject), verdict)))
}

/// Where the verdicts of a rule stand, by the rule, where it has some.
type OfRules = HashMap<*const Rule, Range<usize>>;

fn of_rules(verdicts: &[Verdict]) -> OfRules {
    let mut of_rules = OfRules::with_capacity(rules::all().count());
    let mut end = 0;
    for own in by_rule(verdicts) {
        let start = end;
        end += own.len();
        if let Some(first) = own.first() {
            of_rules.insert(first.rule, start..end);
        }
    }
    of_rules
}

fn area_score(area: Area, facts: &Facts, rules: Vec<RuleScore>) -> AreaScore {
    let judged = rules.iter().filter_map(|rule| rule.score.map(|score| (rule.weight, score)));
    let evidence = weighted_mean(rules.iter().map(|rule| (rule.weight, rule.evidence)));
    AreaScore {
        area,
        weight: facts.settings.area_weight(area.name(), area.weight()),
        score: weighted_mean(judged).map(|score| score * 100.0),
        // An area without rules in this ruleset cannot be judged; one whose rules do not apply need not be.
        applies: !rules.is_empty() || !rules::all().any(|rule| rule.area == area && facts.settings.has(rule.since)),
        evidence: evidence.unwrap_or_default(),
        rules,
    }
}

/// The score of a rule; `None` where it rightly applies to nothing.
fn rule_score(rule: &'static Rule, facts: &Facts, verdicts: &[Verdict], of_rules: &OfRules) -> Option<RuleScore> {
    let place = of_rules.get(&std::ptr::from_ref(rule)).cloned().unwrap_or_default();
    let own = verdicts.get(place.clone()).unwrap_or_default();
    if own.is_empty() && !(rule.applies)(facts) {
        return None;
    }
    let scores = weighed(own, facts).filter_map(|(_, weight, verdict)| Some((weight, counted(verdict)?)));
    let known = weighed(own, facts).map(|(_, weight, verdict)| (weight, if verdict.is_known() { 1.0 } else { 0.0 }));
    Some(RuleScore {
        rule,
        weight: facts.settings.weight(rule.name, rule.weight).weight(),
        score: weighted_mean(scores),
        evidence: weighted_mean(known).unwrap_or_default(),
        verdicts: place,
    })
}

/// What each KPI scores: the mean over the rules that judged it.
fn kpi_scores(kpis: usize, verdicts: &[Verdict]) -> Vec<Option<f64>> {
    let mut sums = vec![(0.0, 0.0); kpis];
    for verdict in verdicts {
        for subject in verdict.subjects() {
            let Subject::Kpi(at) = subject else { break };
            if let (Some((count, sum)), Some(score)) = (sums.get_mut(at), counted(verdict)) {
                *count += 1.0;
                *sum += score * 100.0;
            }
        }
    }
    sums.into_iter().map(|(count, sum)| (count > 0.0).then(|| sum / count)).collect()
}

fn weighted_mean(parts: impl Iterator<Item = (f64, f64)>) -> Option<f64> {
    let (weights, sum) =
        parts.fold((0.0, 0.0), |(weights, sum), (weight, value)| (weights + weight, sum + weight * value));
    (weights > 0.0).then(|| sum / weights)
}
