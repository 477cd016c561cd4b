//! The JSON report: a projection of the finished report, in a shape that stays.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::Arc;

use hashbrown::HashMap;
use jiff::civil::Date;
use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use serde::Serialize;

use super::money;
use super::output::{Ask, End, Maker, Output, Piece, Spool};
use crate::audit::{FindingRef, PlanReport, Report};
use crate::compare::Gone;
use crate::edit::{self, Editor};
use crate::facts::economics::{Derivation, Economics};
use crate::facts::funnel::fractions;
use crate::facts::interval::Interval;
use crate::facts::links::Reason;
use crate::facts::{EconomicsOf, Facts};
use crate::fingerprint::Fingerprints;
use crate::plan::{FromName, Plan, Subject};
use crate::rules;
use crate::rules::verdict::{Age, Need, StageRow, Status, Verdict};
use crate::score::Score;
use crate::severity::Severity;
use crate::source::{Source, Span};
use crate::wording::Figure;

mod across;
mod line;
mod shape;

use shape::{Made, Number, NumberOrRange};

/// The version of the format: it grows when something that was there is changed or taken away.
const VERSION: u32 = 1;

/// Steps of a KPI's path that are listed: on a long chain they would be as many as the square of its links.
const LONGEST_PATH: usize = 32;

const TOOL: &str = concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION"));

/// The report as JSON: a line for each plan and each error, so that what changed is found by line.
///
/// Texts of plans stand in it as they are: quotes, backslashes and control characters below U+0020 are escaped, as JSON
/// demands, and nothing else (direction marks, U+2028, HTML) is.
#[derive(Debug)]
pub struct Json {
    head: shape::Head,
    least: Severity,
    /// Whether no plan was written yet.
    is_first: bool,
    /// The day of all plans so far, while it is one.
    as_of: Option<Result<Date, Several>>,
    /// What is wrong with files.
    errors: Spool,
    has_errors: bool,
}

/// Plans are judged as of several days.
#[derive(Debug)]
struct Several;

impl Json {
    /// What is asked for, of which only the least severity and whether all rules run matter here.
    pub fn new(ask: &Ask) -> Self {
        let head = shape::Head {
            version: VERSION,
            tool: TOOL,
            ruleset: rules::ruleset(),
            all_rules: ask.is_whole,
            min_severity: ask.least.word(),
        };
        Self { head, least: ask.least, is_first: true, as_of: None, errors: Spool::default(), has_errors: false }
    }

    fn day(&mut self, day: Date) {
        self.as_of = Some(match self.as_of {
            None => Ok(day),
            Some(Ok(other)) if other == day => Ok(day),
            Some(_) => Err(Several),
        });
    }
}

impl Output for Json {
    fn maker(&self) -> Maker {
        let least = self.least;
        Box::new(move |file| Piece::Spooled(plans(file, least)))
    }

    fn begin(&mut self, to: &mut dyn Write) -> io::Result<()> {
        let head = written(&self.head);
        write!(to, "{},\n\"plans\": [", head.trim_end_matches('}'))
    }

    fn add(&mut self, file: &Arc<Report>, piece: &mut Piece, to: &mut dyn Write) -> io::Result<()> {
        file.plans.iter().for_each(|plan| self.day(plan.facts.as_of));
        for error in errors(file) {
            let comma = if std::mem::replace(&mut self.has_errors, true) { "," } else { "" };
            self.errors.push(&format!("{comma}\n{}", written(&error)))?;
        }
        let Piece::Spooled(spool) = piece else { return Ok(()) };
        if !file.plans.is_empty() {
            let is_first = std::mem::replace(&mut self.is_first, false);
            to.write_all(if is_first { b"\n" } else { b",\n" })?;
        }
        let spool = spool.as_mut().map_err(|fault| std::mem::replace(fault, io::ErrorKind::Other.into()))?;
        spool.write_to(to)
    }

    fn end(&mut self, end: &End<'_>, to: &mut dyn Write) -> io::Result<()> {
        to.write_all(b"],\n\"errors\": [")?;
        self.errors.write_to(to)?;
        let gates = end.gates;
        let tail = shape::Tail {
            as_of: self.as_of.as_ref().and_then(|day| day.as_ref().ok()).map(Date::to_string),
            set: across::across(end.across, self.least),
            passed_over: end.passed_over,
            gates: shape::Gates {
                failed: gates.failed.iter().map(|gate| gate.name.as_str()).collect(),
                exit: gates.exit,
            },
        };
        writeln!(to, "],\n{}", written(&tail).trim_start_matches('{'))
    }
}

/// The plans of a file, with a comma between them. The report of a large plan is several times its size, and goes to the disk.
fn plans(file: &Report, least: Severity) -> io::Result<Spool> {
    /// The report of most plans: memory for it then does not grow step by step.
    const TYPICAL: usize = 1 << 15;
    let mut spool = Spool::with_capacity(if file.plans.is_empty() { 0 } else { TYPICAL });
    let bytes = file.plans.first().map(|plan| plan.plan().source.text());
    let edits_left = Cell::new(bytes.map_or(0, edit::most_reframes));
    for (at, plan) in file.plans.iter().enumerate() {
        let fingerprints = Fingerprints::of(plan);
        let projection = Projection { report: plan, least, fingerprints: &fingerprints, edits_left: &edits_left };
        spool.push(if at == 0 { "" } else { ",\n" })?;
        line::write(&projection.plan(), &mut spool)?;
    }
    Ok(spool)
}

/// The JSON Schema of the report, as JSON with a line end at its end.
pub fn schema() -> String {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let settings =
        settings.with_transform(RecursiveTransform(never_null)).with_transform(RecursiveTransform(on_one_line));
    let schema = settings.into_generator().into_root_schema_for::<shape::Document<'_>>();
    // Writing to memory fails for keys that are no text, and all keys here are.
    serde_json::to_string_pretty(&schema).map(|text| text + "\n").unwrap_or_default()
}

fn written(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// What may be absent is never null: the types say so by leaving it out, and the schema by not allowing it.
fn never_null(schema: &mut schemars::Schema) {
    let Some(object) = schema.as_object_mut() else { return };
    if let Some(serde_json::Value::Array(types)) = object.get_mut("type") {
        types.retain(|name| name != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            object.insert("type".to_owned(), only);
        }
    }
    let Some(serde_json::Value::Array(choices)) = object.get_mut("anyOf") else { return };
    choices.retain(|choice| choice.get("type").is_none_or(|name| name != "null"));
    if let [serde_json::Value::Object(only)] = choices.as_slice() {
        let only = only.clone();
        object.remove("anyOf");
        object.extend(only);
    }
}

/// The lines of a comment in the code are not those of a reader.
fn on_one_line(schema: &mut schemars::Schema) {
    if let Some(serde_json::Value::String(text)) = schema.get_mut("description") {
        *text = text.replace('\n', " ");
    }
}

fn errors(report: &Report) -> impl Iterator<Item = shape::Error<'_>> {
    report.problems().map(|(faulty, problem)| {
        let position = faulty.source.position(problem.span.start);
        shape::Error {
            file: faulty.source.name(),
            line: position.line,
            column: position.column,
            message: problem.what.to_string(),
            help: problem.help().map(|help| help.into_owned()),
        }
    })
}

/// One plan's report on its way to JSON.
#[derive(Clone, Copy)]
struct Projection<'r> {
    report: &'r PlanReport,
    /// The least severity of the findings that are given.
    least: Severity,
    fingerprints: &'r Fingerprints,
    /// How many more reframes of the plan's file are turned into edits.
    edits_left: &'r Cell<usize>,
}

impl<'r> Projection<'r> {
    fn plan(self) -> shape::Plan<'r> {
        let plan = self.report.plan();
        let score = Some(&self.report.score).filter(|_| self.report.is_whole);
        let (whole, uncapped) = (score.and_then(Score::whole), score.and_then(|score| score.uncapped));
        shape::Plan {
            file: plan.source.name(),
            document: plan.document,
            plan: plan.name(),
            ruleset: self.report.ruleset(),
            period: plan.head.period.as_ref().map(|period| period.text.as_str()),
            currency: plan.head.currency.as_ref().map(|currency| currency.as_str()),
            as_of: self.facts().as_of.to_string(),
            score: whole,
            score_uncapped: uncapped.map(|value| value.round() as u32).filter(|value| Some(*value) > whole),
            grade: score.and_then(Score::grade).map(|grade| grade.letter()),
            evidence: score.map(|score| Number::finite(score.evidence)),
            budget_with_path: self.facts().purse().share_with_path().and_then(Number::new),
            money_in_question: self.money_in_question(),
            areas: self.areas(),
            rules: self.rules(),
            kpis: Made::of((0..plan.kpis.len()).filter_map(move |at| self.kpi(at))),
            counts: self.counts(),
            findings: self.findings(),
            unknowns: self.unknowns(),
            links: self.links(),
            funnels: (0..plan.funnels.len()).filter_map(|at| self.funnel(at)).collect(),
            products: self.products(),
            economics: self.facts().economics(EconomicsOf::Plan).map(figures),
            score_before: self.report.before.as_ref().and_then(|before| before.score),
            fixed: self.report.before.iter().flat_map(|before| &before.fixed).map(gone).collect(),
        }
    }

    fn facts(self) -> &'r Facts {
        &self.report.facts
    }

    fn money_in_question(self) -> shape::MoneyInQuestion {
        let money = money::in_question(self.report);
        let speaks = money.budget.is_some() || !money.parts.is_empty();
        let concern =
            |part: &money::Part| Some(shape::Concern { concern: part.concern, amount: Number::new(part.amount)? });
        shape::MoneyInQuestion {
            budget: money.budget.and_then(Number::new),
            total: Number::new(money.total).filter(|_| speaks),
            parts: money.parts.iter().filter_map(concern).collect(),
        }
    }

    fn areas(self) -> Vec<shape::AreaScore> {
        let areas = self.report.score.areas.iter();
        areas
            .map(|area| shape::AreaScore {
                area: area.area.name(),
                weight: Number::finite(area.weight),
                score: area.score.and_then(Number::new),
                evidence: Number::finite(area.evidence),
                applies: area.applies,
            })
            .collect()
    }

    fn rules(self) -> Made<'r, shape::RuleScore<'r>> {
        let rules = self.report.score.areas.iter().flat_map(|area| &area.rules);
        Made::of(rules.map(move |rule| shape::RuleScore {
            rule: rule.rule.name,
            area: rule.rule.area.name(),
            weight: Number::finite(rule.weight),
            score: rule.score.and_then(Number::new),
            evidence: Number::finite(rule.evidence),
            subjects: shape::Judged { rule, by: self.report },
        }))
    }

    fn subject(self, subject: Subject) -> shape::Subject<'r> {
        shape::Subject { kind: subject.kind(), id: self.report.plan().id_of(subject) }
    }

    fn kpi(self, at: usize) -> Option<shape::Kpi<'r>> {
        let plan = self.report.plan();
        let kpi = plan.kpis.get(at)?;
        let identity = self.facts().kpi(at);
        let way = self.facts().way(at);
        let path = self.facts().path(at, LONGEST_PATH);
        Some(shape::Kpi {
            id: &kpi.id,
            name: &kpi.name,
            kind: identity.kind.map(|kind| kind.word()),
            recognised: identity.is_recognised(),
            metric: identity.metric.map(|metric| metric.name.as_ref()),
            role: Plan::role(kpi).word(),
            target: kpi.target.as_ref().map(|target| target.text()).filter(|text| !text.is_empty()),
            from_name: Some(kpi.from_name).filter(|read| *read != FromName::default()).map(|read| shape::FromName {
                target: read.target,
                baseline: read.baseline,
                by: read.by,
            }),
            path: path.iter().map(|metric| plan.metric_id(*metric)).collect(),
            level: way.and_then(|way| way.level).map(|level| level.number()),
            score: self.report.score.kpis.get(at).copied().flatten().and_then(Number::new),
        })
    }

    fn counts(self) -> shape::Counts {
        let mut counts = shape::Counts::default();
        for finding in self.report.verdicts.iter().flat_map(Verdict::findings) {
            match finding.status {
                Status::Open => counts.open += 1,
                Status::Waived(_) => counts.waived += 1,
                Status::Told(_) => counts.told += 1,
            }
        }
        counts
    }

    fn findings(self) -> Made<'r, shape::Finding<'r>> {
        let all = self.report.all_findings().into_iter();
        let all: Vec<FindingRef<'r>> = all.filter(|found| found.finding.severity >= self.least).collect();
        let editor = all.iter().any(|found| found.finding.reframe.is_some() && self.edits_left.get() > 0);
        let editor = editor.then(|| Editor::new(self.report.plan())).flatten();
        Made::of(all.into_iter().map(move |found| self.finding(found, editor.as_ref())))
    }

    fn finding(self, found: FindingRef<'r>, editor: Option<&Editor<'_>>) -> shape::Finding<'r> {
        let finding = found.finding;
        let source = &self.report.plan().source;
        let related = finding.related.iter().map(|(span, label)| shape::Related { place: place(source, *span), label });
        let reframe = finding.reframe.as_ref().map(|reframe| shape::Reframe {
            why: finding.why(),
            yaml: &reframe.yaml,
            safe: reframe.safe,
            edits: editor.and_then(|editor| self.edits(&reframe.yaml, editor)),
        });
        shape::Finding {
            rule: found.verdict.rule.name,
            area: found.verdict.rule.area.name(),
            severity: finding.severity.word(),
            recognised: finding.recognised,
            subject: self.subject(found.verdict.subject),
            message: finding.message(),
            numbers: numbers_of(&finding.figures),
            names: named_lists(&finding.figures),
            stages: finding.stages.iter().map(stage_row).collect(),
            at_stake: finding.at_stake.as_ref().and_then(|stake| Number::new(stake.amount)),
            points: Some(found.points).filter(|_| self.report.is_whole).map(hundredths).and_then(Number::new),
            question: finding.question(),
            reframe,
            place: place(source, finding.place),
            related: related.collect(),
            fingerprint: self.fingerprints.get(finding),
            status: match finding.status {
                Status::Open => match finding.age {
                    None => shape::Status::Open,
                    Some(Age::New) => shape::Status::New,
                    Some(Age::Known) => shape::Status::Known,
                },
                Status::Waived(_) => shape::Status::Waived,
                Status::Told(_) => shape::Status::Told,
            },
            told_by: match finding.status {
                Status::Told(rule) => Some(rule),
                Status::Open | Status::Waived(_) => None,
            },
            waiver: self.waiver(&finding.status),
        }
    }

    /// The edits of the plan's own text that a reframe proposes, where it can be written by itself.
    fn edits(self, reframe: &str, editor: &Editor<'_>) -> Option<Vec<shape::Edit<'r>>> {
        self.edits_left.set(self.edits_left.get().checked_sub(1)?);
        let edits = editor.edits(reframe).ok()?.list.into_iter();
        let source = &self.report.plan().source;
        Some(edits.map(|edit| shape::Edit { place: place(source, edit.span), text: edit.text }).collect())
    }

    fn waiver(self, status: &Status) -> Option<shape::Waiver<'r>> {
        let Status::Waived(at) = status else { return None };
        let waiver = self.report.plan().head.waivers.as_ref()?.get(*at)?;
        let because = waiver.because.as_ref().map(|because| because.as_str());
        Some(shape::Waiver { because, until: waiver.until.to_string() })
    }

    fn unknowns(self) -> Made<'r, shape::Unknown<'r>> {
        let unknowns = self.report.verdicts.iter().filter(|verdict| !verdict.is_known());
        Made::of(unknowns.map(move |verdict| shape::Unknown {
            rule: verdict.rule.name,
            subject: self.subject(verdict.subject),
            needs: verdict.needs().iter().map(|need| self.need(*need)).collect(),
        }))
    }

    fn need(self, need: Need) -> shape::Need<'r> {
        let id = self.report.plan().numbered(need.plan).map_or("", |plan| plan.id_of(need.of));
        shape::Need { key: need.key, of: shape::Subject { kind: need.of.kind(), id } }
    }

    fn links(self) -> Made<'r, shape::Link<'r>> {
        let plan = self.report.plan();
        let links = self.facts().links().iter();
        Made::of(links.map(|(from, to, reason)| shape::Link {
            from: plan.metric_id(from),
            to: plan.metric_id(to),
            reason: match reason {
                Reason::Nesting => shape::Reason::Nesting,
                Reason::Number => shape::Reason::Number,
                Reason::Rate => shape::Reason::Rate,
                Reason::Words => shape::Reason::Words,
                Reason::None => shape::Reason::None,
            },
        }))
    }

    fn funnel(self, at: usize) -> Option<shape::Funnel<'r>> {
        let funnel = self.report.plan().funnels.get(at)?;
        let goal = self.report.plan().metric(&funnel.goal);
        let model = self.facts().funnel(at).and_then(|model| model.as_ref().ok());
        let figures = self.facts().funnel_figures(at);
        let planned = |stage: usize| figures.as_ref()?.planned.get(stage).copied().and_then(Number::new);
        let needed = |stage: usize| figures.as_ref()?.needed.get(stage).copied().flatten().and_then(Number::new);
        let stages = funnel.stages.iter().enumerate().map(|(number, stage)| shape::Stage {
            name: &stage.name,
            planned: planned(number),
            needed: needed(number),
            to_next: fractions(stage.to_next.as_ref()).and_then(range),
            was: fractions(stage.was.as_ref()).and_then(range),
        });
        Some(shape::Funnel {
            id: &funnel.id,
            goal: goal.map_or(funnel.goal.as_str(), |goal| self.report.plan().metric_id(goal)),
            need: model.and_then(|model| Number::new(model.need)),
            yields: figures.as_ref().and_then(|figures| Number::new(figures.yields)),
            from_pipeline: figures
                .as_ref()
                .filter(|_| model.is_some_and(|model| model.pipeline.is_some()))
                .and_then(|figures| Number::new(figures.from_pipeline)),
            in_time: model.and_then(|model| Number::new(model.in_time)),
            stages: stages.collect(),
        })
    }

    fn products(self) -> Made<'r, shape::Product<'r>> {
        let funded: HashMap<usize, f64> =
            self.facts().split().funded.iter().map(|funded| (funded.product, funded.share)).collect();
        let products = self.report.plan().products.iter().enumerate();
        Made::of(products.map(move |(at, product)| {
            let economics = self.facts().economics(EconomicsOf::Product(at));
            shape::Product {
                id: &product.id,
                name: &product.name,
                budget: self.report.plan().money_of(Subject::Product(at)).and_then(Number::new),
                share: funded.get(&at).copied().and_then(Number::new),
                economics: economics.map(figures).unwrap_or_default(),
            }
        }))
    }
}

/// The numbers that the sentences of a finding show, by their name on the rule's page.
fn numbers_of(figures: &[(&'static str, Figure)]) -> BTreeMap<&'static str, NumberOrRange> {
    figures.iter().filter_map(|(name, figure)| Some((*name, number(figure)?))).collect()
}

/// The lists that they show.
fn named_lists<'r>(figures: &'r [(&'static str, Figure)]) -> BTreeMap<&'static str, &'r [String]> {
    let lists = figures.iter().filter_map(|(name, figure)| match figure {
        Figure::Names(names) | Figure::All(names) if !names.is_empty() => Some((*name, names.as_slice())),
        _ => None,
    });
    lists.collect()
}

fn gone(gone: &Gone) -> shape::Gone<'_> {
    let subject = shape::GoneSubject { kind: &gone.kind, id: &gone.id };
    shape::Gone { rule: &gone.rule, subject, message: gone.message.as_deref() }
}

fn stage_row(row: &StageRow) -> shape::Stage<'_> {
    let (planned, needed) = (Number::new(row.planned), row.needed.and_then(Number::new));
    shape::Stage { name: &row.name, planned, needed, to_next: None, was: None }
}

fn place(source: &Source, span: Span) -> shape::Place<'_> {
    let (start, end) = (source.position(span.start), source.position(span.end));
    shape::Place {
        file: source.name(),
        line: start.line,
        column: start.column,
        end_line: end.line,
        end_column: end.column,
    }
}

fn figures(economics: &Economics) -> shape::Economics {
    shape::Economics {
        ltv: derived(&economics.ltv),
        cac: derived(&economics.cac),
        ltv_to_cac: derived(&economics.ltv_to_cac),
        payback_months: derived(&economics.payback_months),
        first_order_profit_less_cac: derived(&economics.first_order_profit_less_cac),
        break_even_roas: derived(&economics.break_even_roas),
    }
}

fn derived(figure: &Derivation) -> Option<NumberOrRange> {
    figure.as_ref().ok().and_then(|derived| range(derived.value))
}

/// A figure as a number; texts and lists are none.
fn number(figure: &Figure) -> Option<NumberOrRange> {
    match figure {
        Figure::Worth(value) | Figure::Ratio(value) | Figure::Multiple(value) | Figure::Months(value) => range(*value),
        Figure::Text(_) | Figure::Names(_) | Figure::All(_) => None,
        Figure::Count(_)
        | Figure::Money(_)
        | Figure::Share(_)
        | Figure::Chance(_)
        | Figure::Gain(_)
        | Figure::Rate(_)
        | Figure::Index(_)
        | Figure::Years(_) => figure.number().and_then(Number::new).map(NumberOrRange::Number),
    }
}

fn range(value: Interval) -> Option<NumberOrRange> {
    let (low, high) = (Number::new(value.low())?, Number::new(value.high())?);
    Some(if value.is_point() { NumberOrRange::Number(low) } else { NumberOrRange::Range { low, high } })
}

/// To two decimals, and nothing below zero that is but rounding.
fn hundredths(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::{Value, json};

    use super::*;
    use crate::report::output::{Format, written};
    use crate::report::{FailedGate, Gates};
    use crate::settings::Settings;
    use crate::{Auditor, Choice};

    fn auditor() -> Auditor {
        Auditor::new(jiff::civil::date(2027, 1, 15)).settings(Settings::default())
    }

    fn json_of(report: impl Into<Arc<Report>>, gates: &Gates, least: Severity) -> Value {
        let report = report.into();
        let ask = Ask { least, is_whole: report.is_whole, ..Ask::default() };
        serde_json::from_str(&written(Format::Json, &ask, report, gates)).unwrap()
    }

    fn value(report: impl Into<Arc<Report>>) -> Value {
        json_of(report, &Gates::default(), Severity::Note)
    }

    fn audited(text: &str) -> Value {
        let report = auditor().audit_text("plan.yaml", text);
        assert!(report.faults.is_empty(), "{:?}", report.faults);
        value(report)
    }

    /// The reports of all plans that come with the project.
    fn examples() -> Vec<Value> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
        let mut files: Vec<_> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
        files.retain(|file| file.extension().is_some_and(|extension| extension == "yaml"));
        assert!(!files.is_empty());
        files.sort();
        files.iter().map(|file| audited(&std::fs::read_to_string(file).unwrap())).collect()
    }

    fn finding<'v>(report: &'v Value, rule: &str) -> &'v Value {
        let findings = report["plans"][0]["findings"].as_array().unwrap();
        findings.iter().find(|finding| finding["rule"] == rule).unwrap()
    }

    fn list(value: &Value) -> impl Iterator<Item = &Value> {
        value.as_array().unwrap().iter()
    }

    fn mean(parts: impl Iterator<Item = (f64, Option<f64>)>) -> Option<f64> {
        let judged: Vec<(f64, f64)> = parts.filter_map(|(weight, score)| Some((weight, score?))).collect();
        let weights: f64 = judged.iter().map(|(weight, _)| weight).sum();
        (weights > 0.0).then(|| judged.iter().map(|(weight, score)| weight * score).sum::<f64>() / weights)
    }

    fn weight(value: &Value) -> f64 {
        value["weight"].as_f64().unwrap()
    }

    fn is_close(one: Option<f64>, other: &Value) -> bool {
        match (one, other.as_f64()) {
            (Some(one), Some(other)) => (one - other).abs() < 1e-9,
            (one, other) => one == other,
        }
    }

    /// The score by hand, from nothing but the JSON: subjects, rules and areas with their weights, and the cap.
    fn recomputed(plan: &Value) -> Option<u32> {
        let by_rule = |rule: &Value| {
            let score = mean(list(&rule["subjects"]).map(|subject| (weight(subject), subject["score"].as_f64())));
            assert!(is_close(score, &rule["score"]), "{rule}");
            (weight(rule), score)
        };
        let by_area = |area: &Value| {
            let rules = list(&plan["rules"]).filter(|rule| rule["area"] == area["area"]);
            let score = mean(rules.map(by_rule)).map(|score| score * 100.0);
            assert!(is_close(score, &area["score"]), "{area}");
            (weight(area), score)
        };
        let uncapped = mean(list(&plan["areas"]).map(by_area))?;
        let capped = list(&plan["findings"]).any(|found| found["severity"] == "critical" && found["status"] == "open");
        let score = if capped { uncapped.min(59.0) } else { uncapped };
        Some(score.round() as u32)
    }

    fn evidence(plan: &Value) -> Option<f64> {
        let of_area = |area: &Value| {
            let rules = list(&plan["rules"]).filter(|rule| rule["area"] == area["area"]);
            let evidence = mean(rules.map(|rule| (weight(rule), rule["evidence"].as_f64())));
            assert!(is_close(Some(evidence.unwrap_or_default()), &area["evidence"]), "{area}");
            (weight(area), evidence.or(Some(0.0)))
        };
        mean(list(&plan["areas"]).filter(|area| area["applies"] == true).map(of_area))
    }

    const ATTENTION_FIRST: &str = "plan: P\nperiod: 2027-Q1\ngoals: [{id: arr, name: New ARR, outcome: revenue, target: 250k}]\n\
        kpis:\n- {id: views, name: Views, metric: impressions, role: north-star, drives: [sql], because: 1 in 9 asks}\n\
        - {id: sql, name: SQLs, target: 300, drives: [arr], because: 1 in 4 signs}\n\
        - {id: mql, name: MQLs, target: 900, drives: [sql], because: 1 in 3 is an SQL}\n";
    const WAIVER: &str = "waivers: [{rule: vanity-metric, on: views, because: agreed, until: 2027-03-31}]\n";

    #[test]
    fn the_score_and_the_evidence_can_be_recomputed_from_the_report_alone() {
        let waived = format!("{ATTENTION_FIRST}{WAIVER}");
        for report in examples().into_iter().chain([audited(ATTENTION_FIRST), audited(&waived)]) {
            let plan = &report["plans"][0];
            assert_eq!(recomputed(plan).map(Value::from), plan.get("score").cloned(), "{}", plan["plan"]);
            assert!(is_close(evidence(plan), &plan["evidence"]), "{}", plan["plan"]);
        }
    }

    #[test]
    fn an_open_critical_finding_caps_the_score_and_a_waived_one_does_not() {
        let capped = &audited(ATTENTION_FIRST)["plans"][0];
        assert_eq!(capped["score"], 59);
        assert!(capped["score_uncapped"].as_u64().unwrap() > 59);
        let waived = &audited(&format!("{ATTENTION_FIRST}{WAIVER}"))["plans"][0];
        assert!(waived["score"].as_u64().unwrap() > 59);
        assert!(waived.get("score_uncapped").is_none());
    }

    #[test]
    fn nothing_is_null() {
        fn nulls(value: &Value) -> usize {
            match value {
                Value::Null => 1,
                Value::Array(items) => items.iter().map(nulls).sum(),
                Value::Object(fields) => fields.values().map(nulls).sum(),
                _ => 0,
            }
        }
        assert_eq!(examples().iter().map(nulls).sum::<usize>(), 0);
    }

    #[test]
    fn under_half_of_the_evidence_there_is_a_score_and_no_grade() {
        let plan = &audited("plan: P\nkpis: [LinkedIn followers]\n")["plans"][0];
        assert!(plan["evidence"].as_f64().unwrap() < 0.5);
        assert!(plan.get("score").is_some());
        assert!(plan.get("grade").is_none());
    }

    #[test]
    fn some_of_the_rules_give_no_score() {
        let choice = Choice { only: vec!["vanity-metric".to_owned()], skip: Vec::new() };
        let report = value(auditor().choice(choice).audit_text("plan.yaml", ATTENTION_FIRST));
        let plan = &report["plans"][0];
        assert_eq!(report["all_rules"], false);
        for field in ["score", "score_uncapped", "grade", "evidence"] {
            assert!(plan.get(field).is_none(), "{field}");
        }
        assert_eq!(plan["findings"].as_array().map(Vec::len), Some(1));
        assert!(plan["findings"][0].get("points").is_none());
    }

    #[test]
    fn a_place_counts_code_points_from_one_and_its_end_is_exclusive() {
        let report = audited("plan: P\nkpis: [{id: é, name: LinkedIn followers}]\n");
        let place = json!({ "file": "plan.yaml", "line": 2, "column": 16, "end_line": 2, "end_column": 40 });
        assert_eq!(finding(&report, "vanity-metric")["place"], place);
    }

    #[test]
    fn a_finding_says_where_it_stands() {
        let text = "plan: P\ngoals: [New ARR]\nkpis: [{id: fans, name: LinkedIn followers, target: 100}]\n";
        let mut report = auditor().audit_text("plan.yaml", text);
        for verdict in &mut report.plans[0].verdicts {
            if verdict.rule.name == "no-revenue-link" {
                verdict.findings_mut().iter_mut().for_each(|finding| finding.status = Status::Told("vanity-metric"));
            }
        }
        let report = value(report);
        assert_eq!(finding(&report, "vanity-metric")["status"], "open");
        let told = finding(&report, "no-revenue-link");
        assert_eq!((&told["status"], &told["told_by"]), (&json!("told"), &json!("vanity-metric")));

        let report =
            audited(&format!("{text}waivers: [{{rule: vanity-metric, because: agreed, until: 2027-03-31}}]\n"));
        let waived = finding(&report, "vanity-metric");
        assert_eq!(waived["status"], "waived");
        assert_eq!(waived["waiver"], json!({ "because": "agreed", "until": "2027-03-31" }));
        assert_eq!(finding(&report, "no-revenue-link")["status"], "open");
    }

    #[test]
    fn only_the_figures_that_the_sentences_show_are_given() {
        let report =
            audited("plan: P\nproducts: [{name: A, budget: 60k}, {name: B, budget: 60k}, {name: C, budget: 60k}]\n");
        let numbers = finding(&report, "spread-thin")["numbers"].as_object().unwrap();
        assert_eq!(numbers["total"], 180_000);
        // The LTV:CAC of the worst product, of which nothing is known here.
        assert!(!numbers.contains_key("low"));
    }

    #[test]
    fn a_kpi_has_its_kind_its_target_and_its_path() {
        let report = audited(ATTENTION_FIRST);
        let kpi = &report["plans"][0]["kpis"][2];
        assert_eq!(
            (&kpi["kind"], &kpi["role"], &kpi["target"]),
            (&json!("lead-volume"), &json!("target"), &json!("900"))
        );
        assert_eq!((&kpi["path"], &kpi["level"]), (&json!(["sql", "arr"]), &json!(3)));
        let link = json!({ "from": "mql", "to": "sql", "reason": "number" });
        assert!(list(&report["plans"][0]["links"]).any(|found| *found == link));
    }

    #[test]
    fn what_was_read_from_the_name_of_a_kpi_is_marked() {
        let report = audited("plan: P\nperiod: 2027-Q1\nkpis: [400 leads by end of March, {name: SQLs, target: 30}]\n");
        let kpis = &report["plans"][0]["kpis"];
        assert_eq!(kpis[0]["from_name"], json!({ "target": true, "baseline": false, "by": true }));
        assert!(kpis[1].get("from_name").is_none());
    }

    #[test]
    fn findings_below_the_least_severity_are_left_out_and_nothing_else_changes() {
        let report = Arc::new(auditor().audit_text("plan.yaml", &format!("{ATTENTION_FIRST}- LinkedIn followers\n")));
        let gates = Gates::default();
        let mut whole: Value = json_of(Arc::clone(&report), &gates, Severity::Note);
        let mut worst: Value = json_of(report, &gates, Severity::Critical);
        let taken = |report: &mut Value| report["plans"][0]["findings"].take().as_array().cloned().unwrap();
        let (all, some) = (taken(&mut whole), taken(&mut worst));
        let critical: Vec<Value> = all.iter().filter(|found| found["severity"] == "critical").cloned().collect();
        assert!(!critical.is_empty() && critical.len() < all.len());
        assert_eq!(some, critical);
        assert_eq!((&whole["min_severity"], &worst["min_severity"]), (&json!("note"), &json!("critical")));
        worst["min_severity"] = "note".into();
        assert_eq!(whole, worst);
        let counts = whole["plans"][0]["counts"].as_object().unwrap().values();
        assert_eq!(counts.filter_map(Value::as_u64).sum::<u64>(), all.len() as u64);
    }

    #[test]
    fn the_plan_has_economics_of_its_own_where_it_gives_some() {
        let report = audited(
            "plan: P\nbusiness_model: repeat-purchase\nkpis: [NPS]\neconomics: {price: 80, gross_margin: 40%, cac: 33, orders_per_customer: 1}\n",
        );
        let economics = &report["plans"][0]["economics"];
        assert_eq!((&economics["ltv"], &economics["cac"]), (&json!(32), &json!(33)));
        assert_eq!(economics["first_order_profit_less_cac"], -1);
        assert!(audited("plan: P\nkpis: [NPS]\n")["plans"][0].get("economics").is_none());
    }

    #[test]
    fn a_product_has_its_figures_as_far_as_they_follow() {
        let report = audited(
            "plan: P\nbusiness_model: subscription\nproducts:\n- {name: A, budget: 30k, new_customers: 60, price: 100, \
             billing: monthly, gross_margin: 80%, ltv: 1.5k}\n- {name: B, budget: 10k}\n",
        );
        let products = &report["plans"][0]["products"];
        let known = json!({ "id": "a", "name": "A", "budget": 30_000, "share": 0.75, "ltv": 1500, "cac": 500,
            "ltv_to_cac": 3, "payback_months": 6.25, "break_even_roas": 1.25 });
        assert_eq!(products[0], known);
        assert_eq!(products[1], json!({ "id": "b", "name": "B", "budget": 10_000, "share": 0.25 }));
    }

    #[test]
    fn a_file_that_cannot_be_read_is_told_with_places_and_help() {
        let report = value(auditor().audit_text("plan.yaml", "plan: x\nkpis: [{name: Leads, onwer: jana}]"));
        let error = json!({ "file": "plan.yaml", "line": 2, "column": 22, "message": "a KPI has no key `onwer`",
            "help": "did you mean `owner`?" });
        assert_eq!(report["errors"], json!([error]));
        assert_eq!(report["plans"], json!([]));
        assert!(report.get("as_of").is_none());
    }

    #[test]
    fn the_day_stands_at_the_top_where_all_plans_share_it() {
        let day = |second: &str| {
            let text = format!("plan: A\nperiod: 2027-Q1\nkpis: [NPS]\n---\nplan: B\nperiod: {second}\nkpis: [NPS]\n");
            audited(&text)
        };
        assert_eq!(day("2027-Q2")["as_of"], "2027-01-15");
        let over = day("2026-Q4");
        assert!(over.get("as_of").is_none());
        assert_eq!(over["plans"][1]["as_of"], "2026-12-31");
        assert_eq!(over["plans"][1]["document"], 1);
    }

    #[test]
    fn texts_of_a_plan_come_through_as_they_are() {
        let report = audited("plan: \"a \\\"b\\\" \\\\ \\t \\u2028 \\u202e \\e[31m </script>\"\nkpis: [NPS]\n");
        assert_eq!(report["plans"][0]["plan"], "a \"b\" \\ \t \u{2028} \u{202e} \u{1b}[31m </script>");
    }

    #[test]
    fn the_gates_come_through() {
        let failed = FailedGate { name: "fail-on high".to_owned(), why: "1 finding is high".to_owned() };
        let gates = Gates { failed: vec![failed], exit: 1 };
        let text = written(Format::Json, &Ask::default(), auditor().empty_report(), &gates);
        assert!(text.ends_with("}\n"));
        let report: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(report["gates"], json!({ "failed": ["fail-on high"], "exit": 1 }));
        assert_eq!((&report["version"], &report["ruleset"]), (&json!(1), &json!(1)));
    }

    #[test]
    fn a_number_that_is_not_finite_is_left_out() {
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert!(number(&Figure::Count(value)).is_none());
            assert_eq!(serde_json::to_string(&Number::finite(value)).unwrap(), "0");
        }
    }

    #[test]
    fn a_whole_number_has_no_point_and_a_range_has_both_ends() {
        let text = |figure: &Figure| serde_json::to_string(&number(figure).unwrap()).unwrap();
        assert_eq!(text(&Figure::Money(60_000.0)), "60000");
        assert_eq!(text(&Figure::Share(0.25)), "0.25");
        assert_eq!(text(&Figure::Money(1e300)), "1e+300");
        assert_eq!(text(&Figure::Ratio(Interval::point(3.0).unwrap())), "3");
        assert_eq!(text(&Figure::Ratio(Interval::new(0.8, 2.5).unwrap())), r#"{"low":0.8,"high":2.5}"#);
        assert_eq!(serde_json::to_string(&Number::new(hundredths(-1e-15))).unwrap(), "0");
    }
}
