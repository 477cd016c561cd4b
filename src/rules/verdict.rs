//! Verdicts: what a rule says of each subject, and the findings that it says it with.

use crate::facts::allocation::Proposal;
use crate::facts::economics::{Field, FieldSet};
use crate::facts::{AtStake, EconomicsOf, Facts};
use crate::plan::{GoalOrKpi, MetricRef, Subject};
use crate::severity::Severity;
use crate::source::Span;
use crate::wording::{Figure, Template};

use super::Rule;
use super::page::Sentence;

/// What one rule says of one subject, or that all is well with some that follow one another: a large plan has millions of those.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// The rule.
    pub rule: &'static Rule,
    /// The subject; the first of several.
    pub subject: Subject,
    /// How many subjects there are.
    count: usize,
    /// What was found; nothing where all is well, as it mostly is.
    pub outcome: Option<Box<Outcome>>,
}

impl Verdict {
    /// All that it is about.
    pub fn subjects(&self) -> impl Iterator<Item = Subject> {
        (0..self.count).map(|by| self.subject.further(by))
    }

    /// What is to be said, the gravest first.
    pub fn findings(&self) -> &[Finding] {
        match self.outcome.as_deref() {
            Some(Outcome::Found { findings, .. }) => findings,
            Some(Outcome::Unknown(_)) | None => &[],
        }
    }

    /// Whether something is to be said.
    pub fn has_findings(&self) -> bool {
        !self.findings().is_empty()
    }

    /// The findings, to be changed.
    pub(crate) fn findings_mut(&mut self) -> &mut [Finding] {
        match self.outcome.as_deref_mut() {
            Some(Outcome::Found { findings, .. }) => findings,
            Some(Outcome::Unknown(_)) | None => &mut [],
        }
    }

    /// The facts that are missing.
    pub fn needs(&self) -> &[Need] {
        match self.outcome.as_deref() {
            Some(Outcome::Unknown(needs)) => needs,
            Some(Outcome::Found { .. }) | None => &[],
        }
    }

    /// Whether the subject could be judged.
    pub fn is_known(&self) -> bool {
        !matches!(self.outcome.as_deref(), Some(Outcome::Unknown(_)))
    }
}

/// The outcome of a verdict where not all is well.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// Something is to be said; the score is 0 for a full finding, less than 1 for a partial one.
    Found {
        /// The subject's score by this rule.
        score: f64,
        /// What is to be said, the gravest first.
        findings: Vec<Finding>,
    },
    /// A fact is missing: what would settle it.
    Unknown(Vec<Need>),
}

/// A key of the plan that would settle a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Need {
    /// The key.
    pub key: &'static str,
    /// The plan of what lacks it: 0 for the plan itself, else one that it extends.
    pub plan: usize,
    /// What lacks it: not always what is judged.
    pub of: Subject,
}

impl Need {
    /// A key of a part of the plan itself.
    pub fn new(key: &'static str, of: Subject) -> Self {
        Self { key, plan: 0, of }
    }

    /// A key of a goal or KPI.
    pub fn of_metric(key: &'static str, metric: MetricRef) -> Self {
        Self { key, plan: metric.plan, of: metric.which.subject() }
    }

    /// The keys that some economics lack, each where it would stand: how the business earns is for the plan to say.
    pub fn of_economics(fields: FieldSet, of: EconomicsOf) -> impl Iterator<Item = Self> {
        let (plan, of) = match of {
            EconomicsOf::Plan => (0, Subject::Plan),
            EconomicsOf::Product(at) => (0, Subject::Product(at)),
            EconomicsOf::Extended { plan, product } => (plan, Subject::Product(product)),
        };
        fields.iter().map(move |field| match field {
            Field::BusinessModel => Self { key: field.key(), plan, of: Subject::Plan },
            _ => Self { key: field.key(), plan, of },
        })
    }

    /// What a goal or KPI counts.
    pub fn of_kind(metric: MetricRef) -> Self {
        let key = match metric.which {
            GoalOrKpi::Goal(_) => "outcome",
            GoalOrKpi::Kpi(_) => "metric",
        };
        Self::of_metric(key, metric)
    }

    /// Which teams answer for a goal or KPI.
    pub fn of_teams(metric: MetricRef) -> Self {
        let key = match metric.which {
            GoalOrKpi::Goal(_) => "owners",
            GoalOrKpi::Kpi(_) => "teams",
        };
        Self::of_metric(key, metric)
    }
}

/// Something to say about a subject. It cannot be made without a place.
#[derive(Debug, Clone)]
pub struct Finding {
    /// Which of the rule's readings it is.
    pub reading: &'static str,
    /// How grave it is.
    pub severity: Severity,
    /// Where it is shown: the key of the parent where something is missing.
    pub place: Span,
    /// Other places, with a label each.
    pub related: Box<[(Span, String)]>,
    /// What it says: a sentence of the page, not yet filled.
    says: Option<Template<'static>>,
    /// What several findings of this reading say as one: a sentence of the page, not yet filled.
    pub together: Option<Template<'static>>,
    /// What to ask in the meeting, not yet filled.
    asks: Option<Template<'static>>,
    /// What several findings of this reading ask as one, not yet filled.
    pub question_together: Option<Template<'static>>,
    /// The numbers and names that the sentences show.
    pub figures: Box<[(&'static str, Figure)]>,
    /// A funnel both ways, stage by stage, where it is about one.
    pub stages: Box<[StageRow]>,
    /// Another split of the same money, where it proposes one.
    pub new_budgets: Option<Box<NewBudgets>>,
    /// The money at stake.
    pub at_stake: Option<AtStake>,
    /// What to put in its place.
    pub reframe: Option<Reframe>,
    /// Whether it rests on a kind that was only recognised from a name.
    pub recognised: bool,
    /// The keys that would tell more, as a sentence shows them.
    pub needs: Box<[String]>,
    /// Other subjects of which a graver finding tells it.
    pub told_on: Box<[Subject]>,
    /// Those to whom the question goes besides who answers for the subject, as the plan names them: it depends on them.
    pub depends_on: Box<[String]>,
    /// Its standing: open, waived, or told by a graver one.
    pub status: Status,
    /// How it compares with an earlier audit, where there was one.
    pub age: Option<Age>,
}

impl Finding {
    /// What it says, with its numbers.
    pub fn message(&self) -> String {
        self.says.map(|sentence| sentence.fill(&self.figures)).unwrap_or_default()
    }

    /// What to ask in the meeting.
    pub fn question(&self) -> Option<String> {
        self.asks.map(|sentence| sentence.fill(&self.figures))
    }

    /// Why its reframe is better, with its numbers; nothing where it has none.
    pub fn why(&self) -> String {
        let sentence = self.reframe.as_ref().and_then(|reframe| reframe.why);
        sentence.map(|sentence| sentence.fill(&self.figures)).unwrap_or_default()
    }
}

/// One stage of a funnel: what the plan brings there, and what the goal would need.
#[derive(Debug, Clone, PartialEq)]
pub struct StageRow {
    /// The stage.
    pub name: String,
    /// As planned.
    pub planned: f64,
    /// For the goal; `None` where no number would do.
    pub needed: Option<f64>,
}

/// Another split of the plan's money over its products.
#[derive(Debug, Clone, PartialEq)]
pub struct NewBudgets {
    /// The products, by index, in the order of the proposal's lines.
    pub products: Vec<usize>,
    /// What each gets today, and what it would get.
    pub proposal: Proposal,
}

/// Where a finding stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// It counts.
    Open,
    /// A waiver of the plan accepts it: the waiver's index.
    Waived(usize),
    /// A graver finding about the same subject tells it: that rule's name.
    Told(&'static str),
}

/// How a finding compares with an earlier audit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Age {
    /// It was not there.
    New,
    /// It was there, and fails no gate.
    Known,
}

/// A better version of a part of the plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Reframe {
    /// Why it is better: a sentence of the page, not yet filled.
    why: Option<Template<'static>>,
    /// What can be pasted into the plan.
    pub yaml: String,
    /// Whether it can be written without a decision of people.
    pub safe: bool,
}

/// A finding in the making.
#[derive(Debug, Clone)]
pub struct FindingDraft {
    reading: &'static str,
    severity: Severity,
    place: Span,
    related: Vec<(Span, String)>,
    figures: Vec<(&'static str, Figure)>,
    stages: Vec<StageRow>,
    new_budgets: Option<NewBudgets>,
    at_stake: Option<AtStake>,
    reframe: Option<(String, bool)>,
    recognised: bool,
    needs: Vec<String>,
    told_on: Vec<Subject>,
    depends_on: Vec<String>,
}

impl FindingDraft {
    /// A finding at a place, by one of the readings of the rule's page.
    pub fn at(place: Span, reading: &'static str, severity: Severity) -> Self {
        Self {
            reading,
            severity,
            place,
            related: Vec::new(),
            figures: Vec::new(),
            stages: Vec::new(),
            new_budgets: None,
            at_stake: None,
            reframe: None,
            recognised: false,
            needs: Vec::new(),
            told_on: Vec::new(),
            depends_on: Vec::new(),
        }
    }

    /// How grave it is.
    pub fn severity(&self) -> Severity {
        self.severity
    }

    /// Fills a slot of the sentences.
    #[must_use]
    pub fn with(mut self, slot: &'static str, figure: Figure) -> Self {
        self.figures.push((slot, figure));
        self
    }

    /// Shows another place beside its own.
    #[must_use]
    pub fn beside(mut self, place: Span, label: impl Into<String>) -> Self {
        self.related.push((place, label.into()));
        self
    }

    /// Shows a funnel both ways.
    #[must_use]
    pub fn stages(mut self, stages: Vec<StageRow>) -> Self {
        self.stages = stages;
        self
    }

    /// Proposes another split of the money.
    #[must_use]
    pub fn new_budgets(mut self, new: Option<NewBudgets>) -> Self {
        self.new_budgets = new;
        self
    }

    /// Shows other places, where there are any, with the same label.
    #[must_use]
    pub fn beside_each(self, places: impl IntoIterator<Item = Span>, label: &str) -> Self {
        places.into_iter().fold(self, |draft, place| draft.beside(place, label))
    }

    /// Names the keys that would tell more.
    #[must_use]
    pub fn needs(mut self, keys: Vec<String>) -> Self {
        self.needs = keys;
        self
    }

    /// Names another subject of which a graver finding, of a rule that this one yields to, tells it as well.
    #[must_use]
    pub fn told_on(mut self, subject: Subject) -> Self {
        self.told_on.push(subject);
        self
    }

    /// Names those on whom the subject depends: the question is for them too.
    #[must_use]
    pub fn depends_on(mut self, names: Vec<String>) -> Self {
        self.depends_on = names;
        self
    }

    /// Puts money in question.
    #[must_use]
    pub fn at_stake(mut self, money: Option<AtStake>) -> Self {
        self.at_stake = money;
        self
    }

    /// Proposes what to paste in its place; the page's `Reframe` says why.
    #[must_use]
    pub fn reframe(mut self, yaml: Option<String>, safe: bool) -> Self {
        self.reframe = yaml.map(|yaml| (yaml, safe));
        self
    }

    /// Marks that the kind was only recognised, which never makes a finding critical.
    #[must_use]
    pub fn recognised(mut self, recognised: bool) -> Self {
        self.recognised = recognised;
        if recognised {
            self.severity = self.severity.min(Severity::High);
        }
        self
    }
}

/// Takes the verdicts of one rule, and words its findings by its page.
#[derive(Debug)]
pub struct Verdicts<'f> {
    rule: &'static Rule,
    facts: &'f Facts,
    list: Vec<Verdict>,
}

impl<'f> Verdicts<'f> {
    /// An empty list for a rule.
    pub fn new(rule: &'static Rule, facts: &'f Facts) -> Self {
        Self { rule, facts, list: Vec::new() }
    }

    /// The verdicts, in the order in which they were given.
    pub fn into_list(self) -> Vec<Verdict> {
        self.list
    }

    /// All is well with a subject.
    pub fn pass(&mut self, subject: Subject) {
        match self.list.last_mut() {
            Some(last) if last.outcome.is_none() && last.subject.further(last.count) == subject => last.count += 1,
            _ => self.enter(subject, None),
        }
    }

    /// A fact is missing.
    pub fn unknown(&mut self, subject: Subject, needs: impl IntoIterator<Item = Need>) {
        let mut needs: Vec<_> = needs.into_iter().collect();
        needs.sort_unstable();
        needs.dedup();
        needs.shrink_to_fit();
        self.enter(subject, Some(Outcome::Unknown(needs)));
    }

    /// A full finding: it costs the share that its severity's weight is of the rule's.
    pub fn fail(&mut self, subject: Subject, draft: FindingDraft) {
        self.fail_all(subject, vec![draft]);
    }

    /// Several full findings about one subject: the gravest decides the score.
    pub fn fail_all(&mut self, subject: Subject, drafts: Vec<FindingDraft>) {
        let Some(gravest) = drafts.iter().map(|draft| draft.severity).max() else { return };
        let capped = self.capped(gravest);
        let rule = self.facts.settings.weight(self.rule.name, self.rule.weight);
        let score = if rule.weight() > 0.0 { (1.0 - capped.weight() / rule.weight()).max(0.0) } else { 1.0 };
        self.found(subject, score, drafts);
    }

    /// A finding with the score that its rule gives it.
    pub fn partial(&mut self, subject: Subject, score: f64, draft: FindingDraft) {
        self.found(subject, score, vec![draft]);
    }

    fn found(&mut self, subject: Subject, score: f64, drafts: Vec<FindingDraft>) {
        let mut findings: Vec<_> = drafts.into_iter().map(|draft| self.word(draft)).collect();
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        self.enter(subject, Some(Outcome::Found { score, findings }));
    }

    fn enter(&mut self, subject: Subject, outcome: Option<Outcome>) {
        self.list.push(Verdict { rule: self.rule, subject, count: 1, outcome: outcome.map(Box::new) });
    }

    fn capped(&self, severity: Severity) -> Severity {
        self.facts.settings.severity(self.rule.name).map_or(severity, |cap| cap.min(severity))
    }

    fn word(&self, mut draft: FindingDraft) -> Finding {
        // Taken apart by the first finding: most rules have nothing to say of most plans.
        let page = self.rule.page();
        let says = page.say(draft.reading);
        let asks = page.question(draft.reading);
        let reasons = page.reason(draft.reading).filter(|_| draft.reframe.is_some());
        let says_together = together(&page.says, draft.reading);
        let asks_together = together(&page.ask, draft.reading);
        // A rule fills the slots of all its readings; those of another reading would say nothing here.
        let templates = [says, asks, reasons, says_together, asks_together];
        let slots: Vec<&str> = templates.into_iter().flatten().flat_map(Template::slots).collect();
        draft.figures.retain(|(slot, _)| slots.contains(slot));
        Finding {
            reading: draft.reading,
            severity: self.capped(draft.severity),
            place: draft.place,
            related: draft.related.into(),
            says,
            together: says_together,
            asks,
            question_together: asks_together,
            figures: draft.figures.into(),
            stages: draft.stages.into(),
            new_budgets: draft.new_budgets.map(Box::new),
            at_stake: draft.at_stake,
            reframe: draft.reframe.map(|(mut yaml, safe)| {
                yaml.shrink_to_fit();
                Reframe { why: reasons, yaml, safe }
            }),
            recognised: draft.recognised,
            needs: draft.needs.into(),
            told_on: draft.told_on.into(),
            depends_on: draft.depends_on.into(),
            status: Status::Open,
            age: None,
        }
    }
}

/// The verdicts of each rule, which stand together.
pub(crate) fn by_rule(verdicts: &[Verdict]) -> impl Iterator<Item = &[Verdict]> {
    verdicts.chunk_by(|one, next| std::ptr::eq(one.rule, next.rule))
}

/// The sentence for several findings of that reading.
fn together<'s>(sentences: &'s [Sentence<'_>], reading: &str) -> Option<Template<'s>> {
    let of_several = |sentence: &&Sentence<'_>| sentence.reading.strip_suffix(".together") == Some(reading);
    sentences.iter().find(of_several).map(|sentence| Template(&sentence.text))
}

/// The verdicts of the rules that judged before.
#[derive(Debug, Clone, Copy)]
pub struct Finished<'v>(pub &'v [Verdict]);

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::rules;

    #[test]
    fn passes_in_a_row_are_one_verdict_about_all_of_them() {
        use Subject::{Goal, Kpi, Plan};
        let report = crate::Auditor::new(date(2027, 1, 15)).audit_text("plan.yaml", "plan: P\nkpis: [MQLs]\n");
        let facts = &report.plans[0].facts;
        let mut list = Verdicts::new(rules::all().next().unwrap(), facts);
        let given = [Plan, Plan, Kpi(1), Kpi(2), Kpi(3), Kpi(5), Goal(6), Goal(7)];
        given.into_iter().for_each(|subject| list.pass(subject));
        list.unknown(Goal(8), []);
        list.unknown(Goal(9), []);
        list.pass(Goal(10));
        let list = list.into_list();
        let told: Vec<Subject> = list.iter().flat_map(Verdict::subjects).collect();
        assert_eq!(told, given.into_iter().chain([Goal(8), Goal(9), Goal(10)]).collect::<Vec<_>>());
        let counts: Vec<usize> = list.iter().map(|verdict| verdict.subjects().count()).collect();
        assert_eq!(counts, [2, 3, 1, 2, 1, 1, 1]);
    }
}
