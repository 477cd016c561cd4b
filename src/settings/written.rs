//! A settings file as it is written: its keys, and how each of their values is read.

use crate::metrics::{Better, Dictionary, Kind, Metric, MetricUnit, Vanity};
use crate::plan::problem::{METRIC_OR_KIND, What};
use crate::plan::table::{Shape, part};
use crate::plan::{Decode, Decoder, Map, OneOrMany, Placed, Text, decode_part};
use crate::settings::FailOn;
use crate::severity::Severity;
use crate::source::Span;
use crate::words::nearest;
use crate::yaml::{NodeId, Value};

part! {
    /// A settings file as it is written.
    pub struct Written, "a settings file" {
        /// The ruleset to hold on to: rules, weights, thresholds and metrics that a later version brings are left out, so that
        /// scores stay as they are.
        ruleset: Option<Placed<u32>>,
        /// The severity from which a finding fails a plan, where the command line does not say.
        fail_on as "fail-on": Option<Placed<FailOn>>,
        /// The score below which a plan fails, 0 to 100, where the command line does not say.
        min_score as "min-score": Option<Placed<MinScore>>,
        /// Of the files in folders, only those that these globs meet are looked at. Written as in a `.gitignore`, from the folder
        /// of this file.
        include: Option<Placed<OneOrMany<Text>>>,
        /// Of the files in folders, those that these globs meet are not looked at.
        exclude: Option<Placed<OneOrMany<Text>>>,
        /// Rules by name: `off`, the gravest severity that their findings may have, or a mapping of `severity` and thresholds.
        rules: Option<Placed<Map<RuleEntry>>>,
        /// Rules for some paths only: globs, each with rules as under `rules`. What an entry does not say stays as it is; of two
        /// entries that meet a path, the later one holds.
        paths: Option<Placed<Map<Map<RuleEntry>>>>,
        /// The conventions that figures are computed with.
        conventions: Option<Placed<Map<Raw>>>,
        /// Names of metrics as the teams write them: the dictionary's metric or the kind that each means, or a mapping of `metric`,
        /// `kind`, `better`, `unit` and `vanity`.
        metrics: Option<Placed<Map<Meant>>>,
    }
}

decode_part!(Written);

impl Decode for u32 {
    fn decode(node: NodeId, decoder: &mut Decoder<'_>) -> Option<Self> {
        let given = decoder.text(node, WHOLE)?;
        given.parse().ok().or_else(|| decoder.unexpected(node, WHOLE, "another text"))
    }

    fn shape() -> Shape {
        Shape::Number(WHOLE)
    }
}

const WHOLE: &str = "a whole number";

/// A score, 0 to 100.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MinScore(pub(super) u32);

impl Decode for MinScore {
    fn decode(node: NodeId, decoder: &mut Decoder<'_>) -> Option<Self> {
        let score = u32::decode(node, decoder)?;
        if score > 100 {
            let what = What::Bounds { key: "min-score".to_owned(), bounds: "between 0 and 100".to_owned() };
            decoder.report(decoder.span(node), what);
            return None;
        }
        Some(Self(score))
    }

    fn shape() -> Shape {
        Shape::Number("a whole number from 0 to 100")
    }
}

/// One rule in a settings file.
#[derive(Debug, Clone, Default)]
pub struct RuleEntry {
    /// Whether it runs, where that is said.
    pub(super) on: Option<bool>,
    pub(super) severity: Option<Placed<Severity>>,
    pub(super) values: Vec<(Text, Placed<Raw>)>,
}

impl Decode for RuleEntry {
    fn decode(node: NodeId, decoder: &mut Decoder<'_>) -> Option<Self> {
        match decoder.value(node) {
            // To many a YAML tool `off` and `false` are one word, and it writes the other.
            Value::Text("off" | "false") => Some(Self { on: Some(false), ..Self::default() }),
            Value::Text("on" | "true") => Some(Self { on: Some(true), ..Self::default() }),
            Value::Text(_) => {
                let span = decoder.span(node);
                let severity = severity_or_switch(node, decoder).map(|value| Placed { value, span, key: span });
                severity.map(|severity| Self { on: Some(true), severity: Some(severity), ..Self::default() })
            }
            _ => Map::<Raw>::decode(node, decoder).map(|entries| Self::from_entries(&entries, decoder)),
        }
    }

    fn shape() -> Shape {
        Shape::Text("`off`, a severity, or a mapping of `severity` and thresholds")
    }
}

/// A severity in place of a mapping; where it is none, the error lists `off` and `on` too.
fn severity_or_switch(node: NodeId, decoder: &mut Decoder<'_>) -> Option<Severity> {
    const ALLOWED: &[&str] = &["off", "on", "note", "low", "medium", "high", "critical"];
    let given = decoder.text(node, "a severity")?;
    let severity = Severity::parse(given);
    if severity.is_none() {
        let nearest = nearest(given, ALLOWED.iter().copied());
        let what = What::NotOneOf { given: given.to_owned(), allowed: ALLOWED, nearest };
        decoder.report(decoder.span(node), what);
    }
    severity
}

impl RuleEntry {
    fn from_entries(entries: &Map<Raw>, decoder: &mut Decoder<'_>) -> Self {
        // Who sets a threshold wants the rule.
        let mut read = Self { on: Some(true), ..Self::default() };
        for (key, value) in entries.iter() {
            let Some(node) = value.0 else { continue };
            if key == "severity" {
                let severity = Severity::decode(node, decoder);
                read.severity = severity.map(|severity| Placed { value: severity, span: value.span, key: value.key });
            } else {
                read.values.push((key.clone(), value.clone()));
            }
        }
        read
    }
}

part! {
    /// What a settings file says of a metric.
    pub struct MetricFacts, "a metric" {
        /// The metric of the dictionary that the name means.
        metric: Option<Placed<Text>>,
        /// What it is about.
        kind: Option<Placed<Kind>>,
        /// The direction in which it is better.
        better: Option<Placed<Better>>,
        /// What its values are.
        unit: Option<Placed<MetricUnit>>,
        /// Whether it flatters more than it tells.
        vanity: Option<Placed<Vanity>>,
    }
}

decode_part!(MetricFacts);

/// What a name means: a metric or a kind, in one word, or more than that.
#[derive(Debug, Clone, Default)]
pub enum Meant {
    /// Nothing is said.
    #[default]
    Nothing,
    /// A metric of the dictionary, or a kind.
    Word(String),
    /// Several facts.
    Facts(Box<MetricFacts>),
}

impl Decode for Meant {
    fn decode(node: NodeId, decoder: &mut Decoder<'_>) -> Option<Self> {
        match decoder.value(node) {
            Value::Text(word) => Some(Self::Word(word.to_owned())),
            _ => {
                let says_kind = decoder.peek(node, "kind").is_some();
                let facts: MetricFacts = decoder.part(node)?;
                // A kind that is none is told once, and not again as one that is missing.
                (facts.kind.is_some() || !says_kind).then(|| Self::Facts(Box::new(facts)))
            }
        }
    }

    fn shape() -> Shape {
        Shape::Text("a metric of the dictionary, a kind, or a mapping of facts")
    }
}

impl Meant {
    /// It as one line of YAML, each text in it as the caller quotes it.
    pub(super) fn written(&self, quoted: impl Fn(&str) -> String) -> String {
        match self {
            Self::Nothing => "{}".to_owned(),
            Self::Word(word) => quoted(word),
            Self::Facts(facts) => {
                let MetricFacts { metric, kind, better, unit, vanity, place: _ } = &**facts;
                let facts = [
                    metric.as_ref().map(|metric| format!("metric: {}", quoted(metric))),
                    kind.as_ref().map(|kind| format!("kind: {}", kind.word())),
                    better.as_ref().map(|better| format!("better: {}", better.word())),
                    unit.as_ref().map(|unit| format!("unit: {}", unit.word())),
                    vanity.as_ref().map(|vanity| format!("vanity: {}", vanity.word())),
                ];
                format!("{{{}}}", facts.into_iter().flatten().collect::<Vec<_>>().join(", "))
            }
        }
    }

    /// The metric that a name means by it; what is wrong is reported.
    pub(super) fn metric(
        &self,
        name: &str,
        entry: &Placed<Self>,
        dictionary: &Dictionary,
        decoder: &mut Decoder<'_>,
    ) -> Option<Metric> {
        let of_word = |word: &str, span: Span, decoder: &mut Decoder<'_>| {
            let kind = Kind::parse(word).map(|kind| Metric::new(name, kind));
            let metric = kind.or_else(|| dictionary.metric(word).cloned());
            if metric.is_none() {
                let words = dictionary.nearest(word).map(str::to_owned);
                let nearest = words.or_else(|| nearest(word, Kind::WORDS.iter().copied()).map(str::to_owned));
                let sought = METRIC_OR_KIND;
                decoder.report(span, What::UnknownId { id: word.to_owned(), sought, nearest });
            }
            metric
        };
        let facts = match self {
            Self::Nothing => {
                let what = "a name needs the metric or the kind that it means: `Hand-raisers: demo-requests`";
                decoder.report(entry.key, What::Contradiction(what));
                return None;
            }
            Self::Word(word) => return of_word(word, entry.span, decoder),
            Self::Facts(facts) => facts,
        };
        let mut metric = match (&facts.metric, &facts.kind) {
            (Some(metric), _) => of_word(metric, metric.span, decoder)?,
            (None, kind) => match (dictionary.metric(name), kind) {
                (Some(metric), _) => metric.clone(),
                (None, Some(kind)) => Metric::new(name, kind.value),
                (None, None) => {
                    decoder.report(
                        entry.key,
                        What::Contradiction("the dictionary has no such metric, so it needs a `kind`"),
                    );
                    return None;
                }
            },
        };
        // Of another kind, it is another metric, of which the rest is not known.
        if let Some(kind) = facts.kind.as_ref().filter(|kind| kind.value != metric.kind) {
            metric = Metric { name: metric.name, title: metric.title, ..Metric::new(name, kind.value) };
        }
        // With facts of its own, what a name means is a metric of its own.
        if facts.metric.is_some() {
            let own = Metric::new(name, metric.kind);
            metric = Metric { name: own.name, title: own.title, ..metric };
        }
        if let Some(vanity) = &facts.vanity {
            metric.vanity = vanity.value;
        }
        if let Some(better) = &facts.better {
            metric.better = better.value;
        }
        if let Some(unit) = &facts.unit {
            metric.unit = unit.value;
        }
        Some(metric)
    }
}

/// A value whose unit depends on its key.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Raw(pub(super) Option<NodeId>);

impl Decode for Raw {
    fn decode(node: NodeId, _: &mut Decoder<'_>) -> Option<Self> {
        Some(Self(Some(node)))
    }

    fn shape() -> Shape {
        Shape::Text("a value")
    }
}
