//! The shape of the JSON report: its types are the schema, and their comments its descriptions.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Serialize, Serializer};

use crate::audit::PlanReport;
use crate::metrics::Kind;
use crate::plan::{Role, Subject as PlanSubject};
use crate::rules::Area;
use crate::score;
use crate::severity::Severity as Severities;

/// A list whose items are made as they are written, once: those of a large plan take more memory than the plan. Its schema is
/// that of a list.
pub(super) struct Made<'r, T>(Cell<Option<Box<dyn Iterator<Item = T> + 'r>>>);

impl<'r, T> Made<'r, T> {
    pub(super) fn of(items: impl Iterator<Item = T> + 'r) -> Self {
        Self(Cell::new(Some(Box::new(items))))
    }
}

impl<T: Serialize> Serialize for Made<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.take().into_iter().flatten())
    }
}

impl<T: JsonSchema> JsonSchema for Made<'_, T> {
    fn inline_schema() -> bool {
        Vec::<T>::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        Vec::<T>::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Vec::<T>::json_schema(generator)
    }
}

/// A report on one or more go-to-market plans. What is not known is absent, never null. Lines and columns count from 1,
/// columns in Unicode code points; ends are exclusive. Files are paths with `/`, relative to the working directory;
/// standard input is `-`. Later versions of the tool may add fields and words, and take nothing away while `version` is 1.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Report", title = "The JSON report of kpi-audit")]
pub(super) struct Document<'r> {
    #[serde(flatten)]
    head: Head,
    /// The plans that could be read, in the order of their files.
    plans: Vec<Plan<'r>>,
    /// What is wrong with files that could not be read as plans.
    errors: Vec<Error<'r>>,
    #[serde(flatten)]
    tail: Tail<'r>,
}

/// What stands before the plans.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(super) struct Head {
    /// The version of this format.
    #[schemars(extend("const" = 1))]
    pub(super) version: u32,
    /// The tool and its version: "kpi-audit 0.1.0".
    pub(super) tool: &'static str,
    /// The newest version of the rules and their dictionary of metrics that the tool has. Scores can be compared within one.
    pub(super) ruleset: u32,
    /// Whether all rules ran. Where some were left out (`--only`, `--skip`), plans have no `score`, `score_uncapped`,
    /// `grade` or `evidence`, and findings no `points`.
    pub(super) all_rules: bool,
    /// Less grave findings than this are left out (`--min-severity`); nothing else changes by it. "note" leaves out none.
    #[schemars(extend("enum" = Severities::WORDS))]
    pub(super) min_severity: &'static str,
}

/// What is known after the last plan.
#[derive(Serialize, JsonSchema)]
pub(super) struct Tail<'r> {
    /// The day of the audit, as `2027-01-15`, where it is the same for all plans.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) as_of: Option<String>,
    /// What was found across plans that extend one another.
    pub(super) set: Set<'r>,
    /// Files that were passed over since they hold no plan.
    pub(super) passed_over: usize,
    /// Which gates failed, and the exit status.
    pub(super) gates: Gates<'r>,
}

/// One plan with everything that was found.
#[derive(Serialize, JsonSchema)]
pub(super) struct Plan<'r> {
    /// Its file.
    pub(super) file: &'r str,
    /// Which YAML document of the file it is, from 0.
    pub(super) document: usize,
    /// Its name.
    pub(super) plan: &'r str,
    /// The ruleset by which it is judged: the newest, unless its settings hold on to a former one.
    pub(super) ruleset: u32,
    /// The time that it covers, as written: "2027-Q1".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) period: Option<&'r str>,
    /// The currency of every amount, by its ISO 4217 code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) currency: Option<&'static str>,
    /// The day as of which it is judged, as `2027-01-15`: the last of its period where that is over, unless a day is asked for.
    pub(super) as_of: String,
    /// The score as it is printed, a whole number from 0 to 100. It is given on any evidence; absent where nothing
    /// could be judged.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(max = 100))]
    pub(super) score: Option<u32>,
    /// What the score would be without the cap that an open critical finding puts on it, where it lowers it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(max = 100))]
    pub(super) score_uncapped: Option<u32>,
    /// The grade: A from 90, B from 80, C from 70, D from 60, F below. Absent where the evidence is under 0.5.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("enum" = ["A", "B", "C", "D", "F"]))]
    pub(super) grade: Option<&'static str>,
    /// How much of what the rules ask the plan lets them judge, 0 to 1: the mean of the areas that apply, by their weight.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 1))]
    pub(super) evidence: Option<Number>,
    /// The share of the money that serves something with a path to money, 0 to 1, where at least half of the money can
    /// be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 1))]
    pub(super) budget_with_path: Option<Number>,
    /// The money that is in question.
    pub(super) money_in_question: MoneyInQuestion,
    /// All areas, in the order in which they are printed.
    pub(super) areas: Vec<AreaScore>,
    /// The rules that apply to the plan, by area.
    pub(super) rules: Made<'r, RuleScore<'r>>,
    /// The plan's own KPIs, in the order of the text.
    pub(super) kpis: Made<'r, Kpi<'r>>,
    /// How many findings there are, with those that `min_severity` leaves out.
    pub(super) counts: Counts,
    /// All findings, whatever their standing, that are as grave as `min_severity`: the gravest first, then those that cost
    /// most points, then by place.
    pub(super) findings: Made<'r, Finding<'r>>,
    /// What could not be judged, with the keys that would tell.
    pub(super) unknowns: Made<'r, Unknown<'r>>,
    /// What drives what, in this plan and those that it extends.
    pub(super) links: Made<'r, Link<'r>>,
    /// The plan's own funnels, in the order of the text.
    pub(super) funnels: Vec<Funnel<'r>>,
    /// The plan's own products, in the order of the text.
    pub(super) products: Made<'r, Product<'r>>,
    /// What follows from the economics of the plan as a whole: its own, or those of a plan that it extends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) economics: Option<Economics>,
    /// The score of the plan as it was at the revision that it is compared with (`--since`), where it had one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 100))]
    pub(super) score_before: Option<u32>,
    /// What was found in the audit that this one is compared with (`--baseline`, `--since`), and is not found any more.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) fixed: Vec<Gone<'r>>,
}

/// What was found across plans; it is never scored.
#[derive(Serialize, JsonSchema)]
pub(super) struct Set<'r> {
    /// All findings, whatever their standing, that are as grave as `min_severity`: the gravest first, then by place.
    pub(super) findings: Vec<SetFinding<'r>>,
    /// What was found in the audit that this one is compared with (`--baseline`, `--since`), and is not found any more.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) fixed: Vec<Gone<'r>>,
}

/// Something to say of several plans. It is shown in one of them, which may be one that was read only since another extends it.
#[derive(Serialize, JsonSchema)]
pub(super) struct SetFinding<'r> {
    /// The rule.
    pub(super) rule: &'static str,
    /// How grave it is.
    #[schemars(extend("enum" = Severities::WORDS))]
    pub(super) severity: &'static str,
    /// The name of the plan in which it is shown.
    pub(super) plan: &'r str,
    /// That plan's period, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) period: Option<&'r str>,
    /// Which YAML document of its file that plan is, from 0.
    pub(super) document: usize,
    /// What it is about, in that plan.
    pub(super) subject: Subject<'r>,
    /// What it says, in one sentence with its numbers.
    pub(super) message: &'r str,
    /// The numbers that its sentences show, by their name on the rule's page: shares as fractions, amounts in the plan's
    /// currency.
    pub(super) numbers: BTreeMap<&'static str, NumberOrRange>,
    /// The lists that its sentences show or shorten, by their name on the rule's page.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) names: BTreeMap<&'static str, &'r [String]>,
    /// What to ask in the meeting.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) question: Option<&'r str>,
    /// Where it is shown.
    pub(super) place: Place<'r>,
    /// The places in other plans that belong to it, at most twenty.
    pub(super) related: Vec<Related<'r>>,
    /// By which it is known again in another run: 16 hexadecimal digits, of the rule, which of its readings it is, the subject,
    /// and the names and periods of the plans without which it would be another; never of lines or wording.
    #[schemars(regex(pattern = "^[0-9a-f]{16}$"))]
    pub(super) fingerprint: &'r str,
    /// Its standing; never `told`.
    pub(super) status: Status,
    /// The waiver that accepts it, in the plan in which it is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) waiver: Option<Waiver<'r>>,
}

/// A finding of an earlier audit that is gone.
#[derive(Serialize, JsonSchema)]
pub(super) struct Gone<'r> {
    /// The rule.
    pub(super) rule: &'r str,
    /// What it was about.
    pub(super) subject: GoneSubject<'r>,
    /// What it said; a baseline does not keep that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) message: Option<&'r str>,
}

/// A part of a plan as it was: it may be gone itself.
#[derive(Serialize, JsonSchema)]
pub(super) struct GoneSubject<'r> {
    /// What kind of part it was.
    pub(super) kind: &'r str,
    /// Its id.
    pub(super) id: &'r str,
}

/// Findings by their standing.
#[derive(Serialize, JsonSchema, Default)]
pub(super) struct Counts {
    /// Those that count.
    pub(super) open: usize,
    /// Those that a waiver accepts.
    pub(super) waived: usize,
    /// Those that a graver one tells.
    pub(super) told: usize,
}

/// Money that is in question, in the plan's currency.
#[derive(Serialize, JsonSchema)]
pub(super) struct MoneyInQuestion {
    /// The plan's whole money, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) budget: Option<Number>,
    /// What is in question of it, where the plan speaks of money at all. It is less than the parts together where some
    /// are the money of initiatives and others that of products, which may be the same money.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) total: Option<Number>,
    /// By concern; money about which there are two is counted under the first.
    pub(super) parts: Vec<Concern>,
}

/// What one concern puts in question.
#[derive(Serialize, JsonSchema)]
pub(super) struct Concern {
    /// The concern: "no path to money".
    pub(super) concern: &'static str,
    /// The amount, in the plan's currency.
    pub(super) amount: Number,
}

/// The score of one area.
#[derive(Serialize, JsonSchema)]
pub(super) struct AreaScore {
    /// The area.
    #[schemars(extend("enum" = Area::SCORED.map(Area::name)))]
    pub(super) area: &'static str,
    /// Its weight in the plan's score; the weights of all areas add up to 100.
    pub(super) weight: Number,
    /// 0 to 100: the mean of its rules that have a score, by their weight, times 100. Absent where nothing could be judged.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 100))]
    pub(super) score: Option<Number>,
    /// How much of it could be judged, 0 to 1: the mean of its rules' evidence, by their weight.
    #[schemars(range(min = 0, max = 1))]
    pub(super) evidence: Number,
    /// Whether it counts towards the plan's evidence: not where all of its rules rightly do not apply.
    pub(super) applies: bool,
}

/// The score of one rule.
#[derive(Serialize, JsonSchema)]
pub(super) struct RuleScore<'r> {
    /// The rule.
    pub(super) rule: &'static str,
    /// Its area.
    #[schemars(extend("enum" = Area::SCORED.map(Area::name)))]
    pub(super) area: &'static str,
    /// Its weight in the area.
    pub(super) weight: Number,
    /// 0 to 1: the mean of its subjects that have a score, by their weight. Absent where there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 1))]
    pub(super) score: Option<Number>,
    /// The share of its subjects, by weight, that could be judged, 0 to 1.
    #[schemars(range(min = 0, max = 1))]
    pub(super) evidence: Number,
    /// What it judged.
    #[schemars(with = "Vec<SubjectScore<'_>>")]
    pub(super) subjects: Judged<'r>,
}

/// What one rule judged, as a list that is made as it is written: most of a report are these.
pub(super) struct Judged<'r> {
    pub(super) rule: &'r score::RuleScore,
    pub(super) by: &'r PlanReport,
}

impl Serialize for Judged<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let PlanReport { facts, verdicts, .. } = self.by;
        serializer.collect_seq(self.rule.subjects(facts, verdicts).map(|(subject, weight, score)| SubjectScore {
            kind: subject.kind(),
            id: self.by.plan().id_of(subject),
            weight: Number::finite(weight),
            score: score.and_then(Number::new),
        }))
    }
}

/// What one rule gives one subject.
#[derive(Serialize, JsonSchema)]
pub(super) struct SubjectScore<'r> {
    /// What kind of part it is.
    #[schemars(extend("enum" = PlanSubject::KINDS))]
    pub(super) kind: &'static str,
    /// Its id; `plan` for the plan.
    pub(super) id: &'r str,
    /// Its weight in the rule.
    pub(super) weight: Number,
    /// 0 to 1. Absent where it could not be judged, and where its finding is waived or told by a graver one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 1))]
    pub(super) score: Option<Number>,
}

/// One KPI.
#[derive(Serialize, JsonSchema)]
pub(super) struct Kpi<'r> {
    /// Its id, given or made from its name.
    pub(super) id: &'r str,
    /// Its name.
    pub(super) name: &'r str,
    /// What kind of metric it is, where that can be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("enum" = Kind::WORDS))]
    pub(super) kind: Option<&'static str>,
    /// Whether the kind was only recognised from the name; false where the plan or the dictionary says it, or it is not known.
    pub(super) recognised: bool,
    /// The metric of the dictionary that it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) metric: Option<&'static str>,
    /// What it is there for.
    #[schemars(extend("enum" = Role::WORDS))]
    pub(super) role: &'static str,
    /// Its target, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) target: Option<&'r str>,
    /// What was read from its name since the plan does not give it; absent where nothing was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) from_name: Option<FromName>,
    /// The ids on its shortest path to money, itself left out; empty where it is money, and where there is no path.
    pub(super) path: Vec<&'r str>,
    /// How its path is founded: 0 there is none; 1 it ends at a goal that only speaks of money; 2 a path; 3 a path on
    /// which every link has a reason that can be checked, or money itself. Absent where it cannot be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(max = 3))]
    pub(super) level: Option<u8>,
    /// 0 to 100: the mean over the rules that judged it. Absent where none did.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 100))]
    pub(super) score: Option<Number>,
}

/// What was read from a name.
#[derive(Serialize, JsonSchema)]
pub(super) struct FromName {
    /// The target.
    pub(super) target: bool,
    /// Where it stood when the plan was made.
    pub(super) baseline: bool,
    /// The deadline.
    pub(super) by: bool,
}

/// Something to say about a part of the plan.
#[derive(Serialize, JsonSchema)]
pub(super) struct Finding<'r> {
    /// The rule.
    pub(super) rule: &'static str,
    /// Its area; `upkeep` is never scored.
    #[schemars(extend("enum" = Area::ALL.map(Area::name)))]
    pub(super) area: &'static str,
    /// How grave it is.
    #[schemars(extend("enum" = Severities::WORDS))]
    pub(super) severity: &'static str,
    /// Whether it rests on a kind of metric that was only recognised from a name.
    pub(super) recognised: bool,
    /// What it is about.
    pub(super) subject: Subject<'r>,
    /// What it says, in one sentence with its numbers.
    pub(super) message: String,
    /// The numbers that its sentences show, by their name on the rule's page: shares as fractions, ratios to one,
    /// amounts in the plan's currency.
    pub(super) numbers: BTreeMap<&'static str, NumberOrRange>,
    /// The lists that its sentences show or shorten, by their name on the rule's page.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) names: BTreeMap<&'static str, &'r [String]>,
    /// A funnel both ways, stage by stage, where the finding is about one: as planned, and as the goal would need it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) stages: Vec<Stage<'r>>,
    /// The money at stake, in the plan's currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) at_stake: Option<Number>,
    /// What the plan's score would gain without it, to two decimals. What several findings of one rule about one subject
    /// cost stands with the gravest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) points: Option<Number>,
    /// What to ask in the meeting.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) question: Option<String>,
    /// What to put in its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reframe: Option<Reframe<'r>>,
    /// Where it is shown: at the key of the parent where something is missing.
    pub(super) place: Place<'r>,
    /// Other places that belong to it.
    pub(super) related: Vec<Related<'r>>,
    /// By which it is known again in another run: 16 hexadecimal digits, of the rule, the plan's name and period, the
    /// subject and which of the rule's readings it is; never of lines or wording.
    #[schemars(regex(pattern = "^[0-9a-f]{16}$"))]
    pub(super) fingerprint: &'r str,
    /// Its standing.
    pub(super) status: Status,
    /// The graver rule that tells it about the same subject, where its status is `told`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) told_by: Option<&'static str>,
    /// The waiver that accepts it, where its status is `waived`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) waiver: Option<Waiver<'r>>,
}

/// The standing of a finding.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Status {
    /// It counts.
    Open,
    /// It counts, and was not there in the audit that this one is compared with (`--baseline`, `--since`).
    New,
    /// It counts for the score, was there in that audit, and fails no gate.
    Known,
    /// A waiver of the plan accepts it: it costs nothing.
    Waived,
    /// A graver finding about the same subject tells it: it costs nothing.
    Told,
}

/// A part of a plan.
#[derive(Serialize, JsonSchema)]
pub(super) struct Subject<'r> {
    /// What kind of part it is.
    #[schemars(extend("enum" = PlanSubject::KINDS))]
    pub(super) kind: &'static str,
    /// Its id; `plan` for the plan.
    pub(super) id: &'r str,
}

/// A better version of a part of the plan.
#[derive(Serialize, JsonSchema)]
pub(super) struct Reframe<'r> {
    /// Why it is better.
    pub(super) why: String,
    /// What can be pasted into the plan.
    pub(super) yaml: &'r str,
    /// Whether it can be written without a decision of people.
    pub(super) safe: bool,
    /// The changes of the file that write it, in the order of the text; absent where it cannot be written by itself: it
    /// has a gap (`…`) for what only the team knows, or the file is laid out in a way that is changed by hand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) edits: Option<Vec<Edit<'r>>>,
}

/// A change of a file.
#[derive(Serialize, JsonSchema)]
pub(super) struct Edit<'r> {
    /// What is replaced; nothing, where it ends where it begins.
    pub(super) place: Place<'r>,
    /// What stands there afterwards.
    pub(super) text: String,
}

/// A place in a file.
#[derive(Serialize, JsonSchema)]
pub(super) struct Place<'r> {
    /// The file.
    pub(super) file: &'r str,
    /// The line on which it begins, from 1.
    #[schemars(range(min = 1))]
    pub(super) line: usize,
    /// The column at which it begins, from 1, in code points.
    #[schemars(range(min = 1))]
    pub(super) column: usize,
    /// The line on which it ends, from 1.
    #[schemars(range(min = 1))]
    pub(super) end_line: usize,
    /// The column after its last, from 1, in code points.
    #[schemars(range(min = 1))]
    pub(super) end_column: usize,
}

/// A place beside a finding's own.
#[derive(Serialize, JsonSchema)]
pub(super) struct Related<'r> {
    /// The place.
    pub(super) place: Place<'r>,
    /// What is there.
    pub(super) label: &'r str,
}

/// A waiver of the plan.
#[derive(Serialize, JsonSchema)]
pub(super) struct Waiver<'r> {
    /// Why the finding is accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) because: Option<&'r str>,
    /// The last day on which it holds, as `2027-03-31`.
    pub(super) until: String,
}

/// A subject that a rule could not judge.
#[derive(Serialize, JsonSchema)]
pub(super) struct Unknown<'r> {
    /// The rule.
    pub(super) rule: &'static str,
    /// The subject.
    pub(super) subject: Subject<'r>,
    /// What would tell.
    pub(super) needs: Vec<Need<'r>>,
}

/// A key that would let a rule judge.
#[derive(Serialize, JsonSchema)]
pub(super) struct Need<'r> {
    /// The key.
    pub(super) key: &'static str,
    /// What lacks it: not always the subject that is judged, and perhaps of a plan that is extended.
    pub(super) of: Subject<'r>,
}

/// One metric that moves another.
#[derive(Serialize, JsonSchema)]
pub(super) struct Link<'r> {
    /// The id of the KPI that moves the other.
    pub(super) from: &'r str,
    /// The id of the goal or KPI that it moves.
    pub(super) to: &'r str,
    /// Why it should.
    pub(super) reason: Reason,
}

/// Why one metric should move another.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Reason {
    /// The KPI is nested in the goal.
    Nesting,
    /// `drives`, with a number in `because`.
    Number,
    /// A rate between neighbouring stages of a funnel.
    Rate,
    /// `drives`, with words only in `because`.
    Words,
    /// `drives` alone.
    None,
}

/// One funnel, worked both ways where the plan lets it be: ranges stand for their middle.
#[derive(Serialize, JsonSchema)]
pub(super) struct Funnel<'r> {
    /// Its id, given or its goal's.
    pub(super) id: &'r str,
    /// The id of the goal that it fills.
    pub(super) goal: &'r str,
    /// What the goal needs, in its own unit: its target, less the baseline where the target is a total.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) need: Option<Number>,
    /// What the funnel yields by the deadline, in the goal's unit, with what the open pipeline brings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) yields: Option<Number>,
    /// The part of that which the open pipeline brings. It is counted once for a goal, with its first funnel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) from_pipeline: Option<Number>,
    /// The share of the volume that enters a whole cycle before the deadline, 0 to 1; 1 where no cycle is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 1))]
    pub(super) in_time: Option<Number>,
    /// Its stages, first to last.
    pub(super) stages: Vec<Stage<'r>>,
}

/// One stage of a funnel.
#[derive(Serialize, JsonSchema)]
pub(super) struct Stage<'r> {
    /// Its name.
    pub(super) name: &'r str,
    /// How many reach it as planned, of those who enter early enough.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) planned: Option<Number>,
    /// How many must reach it for the goal, rounded up, with other funnels of the goal as planned. Absent where the funnel
    /// cannot be worked out, and where no number would do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) needed: Option<Number>,
    /// The share that goes on, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) to_next: Option<NumberOrRange>,
    /// That share in the last period.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) was: Option<NumberOrRange>,
}

/// One product with what follows from its figures. A figure that rests on a range is a range.
#[derive(Serialize, JsonSchema)]
pub(super) struct Product<'r> {
    /// Its id, given or made from its name.
    pub(super) id: &'r str,
    /// Its name.
    pub(super) name: &'r str,
    /// Its marketing money in the period, in the plan's currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) budget: Option<Number>,
    /// Its share of the money of all funded products, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 1))]
    pub(super) share: Option<Number>,
    /// What follows from its economics.
    #[serde(flatten)]
    pub(super) economics: Economics,
}

/// What follows from what customers pay, cost and bring. A figure that rests on a range is a range.
#[derive(Serialize, JsonSchema, Default)]
pub(super) struct Economics {
    /// Lifetime gross profit of a customer, in the plan's currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ltv: Option<NumberOrRange>,
    /// What a new customer costs, in the plan's currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cac: Option<NumberOrRange>,
    /// LTV over CAC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ltv_to_cac: Option<NumberOrRange>,
    /// Months until gross profit has paid back what a customer cost; for subscriptions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) payback_months: Option<NumberOrRange>,
    /// The gross profit of a first order less what the customer cost, in the plan's currency; not for subscriptions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) first_order_profit_less_cac: Option<NumberOrRange>,
    /// The ROAS at which a sale's gross profit equals what it cost: 4 for 400%.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) break_even_roas: Option<NumberOrRange>,
}

/// One fault of a file that could not be read as a plan.
#[derive(Serialize, JsonSchema)]
pub(super) struct Error<'r> {
    /// The file.
    pub(super) file: &'r str,
    /// The line, from 1.
    #[schemars(range(min = 1))]
    pub(super) line: usize,
    /// The column, from 1, in code points.
    #[schemars(range(min = 1))]
    pub(super) column: usize,
    /// What is wrong.
    pub(super) message: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) help: Option<String>,
}

/// The gates of the run.
#[derive(Serialize, JsonSchema)]
pub(super) struct Gates<'r> {
    /// The gates that failed, each in a few words: "fail-on high"; with the settings file where one sets it: "fail-on low in
    /// brand/.kpi-audit.yaml".
    pub(super) failed: Vec<&'r str>,
    /// The exit status: 0 all gates hold; 1 one failed; 2 bad usage, settings, or a plan that could not be read;
    /// 3 no plan found.
    #[schemars(range(max = 3))]
    pub(super) exit: u8,
}

/// A finite number, so that none can reach the report that JSON cannot write; whole ones are written without a point.
#[derive(Clone, Copy, JsonSchema)]
#[schemars(inline)]
pub(super) struct Number(f64);

/// A number, or the range that it lies in.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
pub(super) enum NumberOrRange {
    /// One number.
    Number(Number),
    /// A range, both ends included.
    Range {
        /// The smallest that it can be.
        low: Number,
        /// The largest that it can be.
        high: Number,
    },
}

impl Number {
    /// `None` where it is infinite or not a number.
    pub(super) fn new(value: f64) -> Option<Self> {
        value.is_finite().then_some(Self(value))
    }

    /// For a weight or a share, which are finite by their making.
    pub(super) fn finite(value: f64) -> Self {
        Self::new(value).unwrap_or(Self(0.0))
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        /// Up to here every whole number has a value of its own in 64 bits.
        const LARGEST_EXACT: f64 = 9_007_199_254_740_992.0;
        let whole = self.0 as i64;
        if whole as f64 == self.0 && self.0.abs() <= LARGEST_EXACT {
            serializer.serialize_i64(whole)
        } else {
            serializer.serialize_f64(self.0)
        }
    }
}
