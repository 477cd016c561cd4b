//! Settings: every threshold with its default and source, what a settings file changes, and the tree that it is read from.

use std::collections::HashMap;

use crate::metrics::{Better, Dictionary, Kind, Metric, MetricUnit, Vanity, dictionary};
use crate::plan::problem::{METRIC_OR_KIND, Problem, What};
use crate::plan::quantity::WorkCalendar;
use crate::plan::table::part;
use crate::plan::{Decode, Decoder, Map, Measure, Placed, decode_part, measured};
use crate::severity::Severity;
use crate::source::{Source, Span};
use crate::words::nearest;
use crate::yaml::{self, NodeId, Value};

/// A threshold: where it is set, what it is by default, and whose number that is.
#[derive(Debug)]
pub struct Setting {
    /// The key under the rule, or under `conventions`.
    pub key: &'static str,
    /// Its default.
    pub default: f64,
    /// Its unit, as it is written and shown.
    pub unit: SettingUnit,
    /// The least that makes sense.
    pub least: f64,
    /// The most that makes sense.
    pub most: f64,
    /// What it means.
    pub words: &'static str,
    /// Where the default comes from.
    pub source: &'static str,
}

/// The unit of a [`Setting`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingUnit {
    /// Written `30%`, held as 0.3.
    Share,
    /// A count.
    Count,
    /// A ratio to one.
    Ratio,
    /// Months.
    Months,
    /// A plain number.
    Number,
}

impl SettingUnit {
    /// Reads a value of this unit; a bare number is taken for one of it.
    fn read(self, node: NodeId, decoder: &mut Decoder<'_>) -> Option<f64> {
        let expected = match self {
            Self::Share => Measure::Share,
            Self::Count | Self::Number => Measure::Count,
            Self::Ratio => Measure::Ratio,
            Self::Months => Measure::Months,
        };
        measured(node, expected, decoder)
    }

    /// A value as it is written in a settings file.
    pub fn show(self, value: f64) -> String {
        let number = crate::wording::trimmed(value, 3);
        match self {
            Self::Share => format!("{}%", crate::wording::trimmed(value * 100.0, 2)),
            Self::Ratio => format!("{number}:1"),
            Self::Months if number == "1" => "1 month".to_owned(),
            Self::Months => format!("{number} months"),
            Self::Count | Self::Number => number,
        }
    }
}

/// What a settings file can change about one rule.
#[derive(Debug, Clone, Copy)]
pub struct Adjustable {
    /// The rule's name.
    pub rule: &'static str,
    /// Its thresholds.
    pub settings: &'static [&'static Setting],
}

/// The longest time for which a customer is counted on.
pub static HORIZON: Setting = Setting {
    key: "horizon",
    default: 60.0,
    unit: SettingUnit::Months,
    least: 1.0,
    most: 600.0,
    words: "the months after which a customer is no longer counted on, so that lifetime value stays finite",
    source: "a convention: five years is the usual cap in subscription finance",
};

/// The LTV:CAC to keep.
pub static LTV_TO_CAC: Setting = Setting {
    key: "ltv_to_cac",
    default: 3.0,
    unit: SettingUnit::Ratio,
    least: 0.1,
    most: 100.0,
    words: "the LTV:CAC that growth should keep",
    source: "a practitioners' convention: Skok, SaaS Metrics 2.0",
};

/// The least that new customers may be of attributed orders where the plan does not say.
pub static NEW_SHARE_LEAST: Setting = Setting {
    key: "new_share_least",
    default: 0.3,
    unit: SettingUnit::Share,
    least: 0.01,
    most: 1.0,
    words: "the least share of new customers among attributed orders, where the plan gives none",
    source: "our assumption; a plan's own `new_share` replaces it",
};

/// How fast returns diminish.
pub static RETURNS_POWER: Setting = Setting {
    key: "returns_power",
    default: 0.5,
    unit: SettingUnit::Number,
    least: 0.05,
    most: 0.95,
    words: "the power by which returns grow with money, 1 meaning that they never diminish",
    source: "an assumption: a square-root response; measured advertising elasticities are lower, \
             see Sethuraman, Tellis and Briesch, Journal of Marketing Research 48(3), 2011",
};

/// Conversions a week that an advertising auction needs to learn from.
pub static CONVERSIONS_A_WEEK: Setting = Setting {
    key: "conversions_a_week",
    default: 50.0,
    unit: SettingUnit::Count,
    least: 0.0,
    most: 10_000.0,
    words: "the conversions a week below which money in advertising auctions teaches them too little",
    source: "the ad platforms' own guidance on how an ad set leaves its learning phase",
};

/// Customers below whom an average decides nothing.
pub static FEWEST_CUSTOMERS: Setting = Setting {
    key: "fewest_customers",
    default: 30.0,
    unit: SettingUnit::Count,
    least: 0.0,
    most: 100_000.0,
    words: "the customers that a product's averages must rest on to decide about its money",
    source: "a convention of statistics",
};

/// How far the CAC that a ROAS means may be from the plan's own.
pub static CAC_MOST_OFF: Setting = Setting {
    key: "cac_most_off",
    default: 2.0,
    unit: SettingUnit::Number,
    least: 1.0,
    most: 100.0,
    words: "how many times the CAC that a ROAS means may differ from the plan's own before the ROAS is taken to count another \
            revenue than one payment",
    source: "a convention",
};

/// The ROAS from which a number was hardly meant as one.
pub static HIGHEST_ROAS: Setting = Setting {
    key: "highest_roas",
    default: 100.0,
    unit: SettingUnit::Number,
    least: 10.0,
    most: 10_000.0,
    words: "the ROAS from which a number without `%` was most likely meant in per cent",
    source: "a convention: a ROAS of 100 would bring back 100 for each unit of money spent",
};

/// The ROAS below which a number was hardly meant as one.
pub static LOWEST_ROAS: Setting = Setting {
    key: "lowest_roas",
    default: 0.5,
    unit: SettingUnit::Number,
    least: 0.0,
    most: 1.0,
    words: "the ROAS below which a number was most likely a percentage or a change",
    source: "a convention: half of the money would be lost at once",
};

/// How far a ROAS target may stand over its floor.
pub static ROAS_HEADROOM: Setting = Setting {
    key: "roas_headroom",
    default: 1.25,
    unit: SettingUnit::Number,
    least: 1.0,
    most: 10.0,
    words: "the multiple of its floor over which a ROAS target holds growth back",
    source: "a convention: a quarter above is caution, more is room to grow",
};

/// The share of the money that a proposed split keeps to explore.
pub static EXPLORE_SHARE: Setting = Setting {
    key: "explore_share",
    default: 0.10,
    unit: SettingUnit::Share,
    least: 0.0,
    most: 0.9,
    words: "the share of the money that a proposed split keeps for products that are no door-openers",
    source: "a convention",
};

/// How much more a product gets at most in a proposed split.
pub static MOST_GROWTH: Setting = Setting {
    key: "most_growth",
    default: 2.0,
    unit: SettingUnit::Number,
    least: 1.0,
    most: 100.0,
    words: "the largest multiple of its money that a proposed split gives a product",
    source: "a convention: what a team can take in",
};

/// The share at which one product leads.
pub static LEADING_SHARE: Setting = Setting {
    key: "leading_share",
    default: 0.40,
    unit: SettingUnit::Share,
    least: 0.0,
    most: 1.0,
    words: "the share of the money at which one product leads, and the split is a choice",
    source: "a convention",
};

/// Working hours in a day.
pub static HOURS_A_DAY: Setting = Setting {
    key: "hours_a_day",
    default: 8.0,
    unit: SettingUnit::Number,
    least: 0.5,
    most: 24.0,
    words: "the working hours of one person in a day",
    source: "a convention",
};

/// Working days in a week.
pub static DAYS_A_WEEK: Setting = Setting {
    key: "days_a_week",
    default: 5.0,
    unit: SettingUnit::Number,
    least: 0.5,
    most: 7.0,
    words: "the working days of one person in a week",
    source: "a convention",
};

/// How often a forecast draws.
pub static DRAWS: Setting = Setting {
    key: "draws",
    default: 10_000.0,
    unit: SettingUnit::Count,
    least: 100.0,
    most: 1_000_000.0,
    words: "how often a rule draws a number for each range, where the chance of a goal has no closed form",
    source: "a convention: over 10,000 draws a chance near one half is counted to within a point, 19 times in 20",
};

/// How much each stage of a funnel goes with the one before.
pub static STAGE_CORRELATION: Setting = Setting {
    key: "stage_correlation",
    default: 0.0,
    unit: SettingUnit::Number,
    least: -0.99,
    most: 0.99,
    words: "how much what enters a funnel and its rates go with each other from stage to stage, 0 meaning not at all",
    source: "an assumption: what is not known of stages is taken as independent",
};

/// The conventions that facts are computed with.
pub static CONVENTIONS: &[&Setting] = &[
    &HORIZON,
    &LTV_TO_CAC,
    &NEW_SHARE_LEAST,
    &ROAS_HEADROOM,
    &CAC_MOST_OFF,
    &HIGHEST_ROAS,
    &LOWEST_ROAS,
    &RETURNS_POWER,
    &EXPLORE_SHARE,
    &MOST_GROWTH,
    &LEADING_SHARE,
    &CONVERSIONS_A_WEEK,
    &FEWEST_CUSTOMERS,
    &HOURS_A_DAY,
    &DAYS_A_WEEK,
    &DRAWS,
    &STAGE_CORRELATION,
];

/// What holds for an audit: the defaults, and what a settings file changes.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    rules: HashMap<&'static str, RuleSettings>,
    conventions: HashMap<&'static str, f64>,
    dictionary: Option<&'static Dictionary>,
}

/// What a settings file changes about one rule.
#[derive(Debug, Clone, Default)]
struct RuleSettings {
    off: bool,
    severity: Option<Severity>,
    values: HashMap<&'static str, f64>,
}

impl Settings {
    /// Reads a settings file; every problem of it is returned at its place.
    pub fn read(source: &Source, adjustable: &[Adjustable]) -> Result<Self, Vec<Problem>> {
        let (tree, faults) = yaml::parse(source);
        let mut problems: Vec<Problem> = faults.into_iter().map(Problem::from).collect();
        let mut settings = Self::default();
        if let [_, second, ..] = tree.documents() {
            let what = What::Contradiction("a settings file is one document");
            problems.push(Problem::new(tree.span(*second), what));
        }
        let mut decoder = Decoder::new(source, &tree);
        if let Some(&root) = tree.documents().first()
            && !matches!(decoder.value(root), Value::Null)
            && let Some(written) = decoder.part::<Written>(root)
        {
            settings.apply(&written, adjustable, &mut decoder);
        }
        problems.extend(decoder.into_problems());
        if problems.is_empty() { Ok(settings) } else { Err(problems) }
    }

    /// Whether a rule is turned off.
    pub fn is_off(&self, rule: &str) -> bool {
        self.rules.get(rule).is_some_and(|rule| rule.off)
    }

    /// The severity that a rule's findings have at most.
    pub fn severity(&self, rule: &str) -> Option<Severity> {
        self.rules.get(rule).and_then(|rule| rule.severity)
    }

    /// The value of a rule's threshold.
    pub fn threshold(&self, rule: &str, setting: &Setting) -> f64 {
        let given = self.rules.get(rule).and_then(|rule| rule.values.get(setting.key));
        given.copied().unwrap_or(setting.default)
    }

    /// The value of a convention.
    pub fn convention(&self, setting: &Setting) -> f64 {
        self.conventions.get(setting.key).copied().unwrap_or(setting.default)
    }

    /// How people work.
    pub fn calendar(&self) -> WorkCalendar {
        WorkCalendar::new(self.convention(&HOURS_A_DAY), self.convention(&DAYS_A_WEEK))
    }

    fn apply(&mut self, written: &Written, adjustable: &[Adjustable], decoder: &mut Decoder<'_>) {
        for (name, entry) in written.rules.iter().flat_map(|rules| rules.iter()) {
            let Some(rule) = adjustable.iter().find(|adjustable| adjustable.rule == name) else {
                let nearest = nearest(name, adjustable.iter().map(|known| known.rule)).map(str::to_owned);
                decoder.report(entry.key, What::UnknownRule { given: name.clone(), nearest });
                continue;
            };
            let changed = RuleSettings {
                off: entry.off,
                severity: entry.severity,
                values: known_values(&entry.values, rule.settings, "this rule", decoder),
            };
            self.rules.insert(rule.rule, changed);
        }
        if let Some(conventions) = &written.conventions {
            self.conventions = known_values(conventions, CONVENTIONS, "`conventions`", decoder);
        }
        if let Some(metrics) = &written.metrics {
            self.add_metrics(metrics, decoder);
        }
    }
}

impl Settings {
    /// The dictionary, with what the settings add to it.
    #[must_use]
    pub fn dictionary(&self) -> &'static Dictionary {
        self.dictionary.unwrap_or_else(dictionary)
    }

    fn add_metrics(&mut self, metrics: &Map<Meant>, decoder: &mut Decoder<'_>) {
        let of_data = self.dictionary();
        let mut dictionary = Dictionary::default();
        for (name, entry) in metrics.iter() {
            let Some(metric) = entry.value.metric(name, entry, decoder) else { continue };
            // Something else is said of a metric of the dictionary, wherever it is found.
            if of_data.metric(name).is_some_and(|known| known.name == metric.name) {
                dictionary.change(metric.clone());
            }
            if let Err(why) = dictionary.add(name, metric) {
                decoder.report(entry.key, What::NotAdded(why));
            }
        }
        // What is recognised points into it, as it does into what is compiled in. Settings are read once for a run.
        self.dictionary = Some(Box::leak(Box::new(dictionary)));
    }
}

/// The values of known settings; unknown ones and those out of bounds are reported.
fn known_values(
    values: &[(String, Placed<Raw>)],
    known: &'static [&'static Setting],
    part: &'static str,
    decoder: &mut Decoder<'_>,
) -> HashMap<&'static str, f64> {
    let mut read = HashMap::new();
    for (key, value) in values {
        let Some(setting) = known.iter().find(|setting| setting.key == key) else {
            let nearest = nearest(key, known.iter().map(|setting| setting.key));
            decoder.report(value.key, What::UnknownKey { key: key.clone(), part, nearest, cut_number: false });
            continue;
        };
        let Some(number) = value.0.and_then(|node| setting.unit.read(node, decoder)) else { continue };
        if number < setting.least || number > setting.most {
            let bounds = (setting.unit.show(setting.least), setting.unit.show(setting.most));
            let bounds = format!("between {} and {}", bounds.0, bounds.1);
            decoder.report(value.span, What::Bounds { key: key.clone(), bounds });
            continue;
        }
        read.insert(setting.key, number);
    }
    read
}

part! {
    /// A settings file as it is written.
    pub struct Written, "a settings file" {
        /// Rules by name: `off`, the gravest severity that their findings may have, or a mapping of `severity` and thresholds.
        rules: Option<Placed<Map<RuleEntry>>>,
        /// The conventions that figures are computed with.
        conventions: Option<Placed<Map<Raw>>>,
        /// Names of metrics as the teams write them: the dictionary's metric or the kind that each means, or a mapping of `metric`,
        /// `kind`, `better`, `unit` and `vanity`.
        metrics: Option<Placed<Map<Meant>>>,
    }
}

decode_part!(Written);

/// One rule in a settings file.
#[derive(Debug, Clone, Default)]
pub struct RuleEntry {
    off: bool,
    severity: Option<Severity>,
    values: Vec<(String, Placed<Raw>)>,
}

impl Decode for RuleEntry {
    fn decode(node: NodeId, decoder: &mut Decoder<'_>) -> Option<Self> {
        match decoder.value(node) {
            Value::Text("off") => Some(Self { off: true, ..Self::default() }),
            Value::Text("on") => Some(Self::default()),
            Value::Text(_) => {
                severity_or_switch(node, decoder).map(|severity| Self { severity: Some(severity), ..Self::default() })
            }
            _ => Map::<Raw>::decode(node, decoder).map(|entries| Self::from_entries(&entries, decoder)),
        }
    }

    fn shape() -> crate::plan::table::Shape {
        crate::plan::table::Shape::Text("`off`, a severity, or a mapping of `severity` and thresholds")
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
        let mut read = Self::default();
        for (key, value) in entries.iter() {
            let Some(node) = value.0 else { continue };
            if key == "severity" {
                read.severity = Severity::decode(node, decoder);
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
        metric: Option<Placed<String>>,
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

    fn shape() -> crate::plan::table::Shape {
        crate::plan::table::Shape::Text("a metric of the dictionary, a kind, or a mapping of facts")
    }
}

impl Meant {
    /// The metric that a name means by it; what is wrong is reported.
    fn metric(&self, name: &str, entry: &Placed<Self>, decoder: &mut Decoder<'_>) -> Option<Metric> {
        let of_word = |word: &str, span: Span, decoder: &mut Decoder<'_>| {
            let kind = Kind::parse(word).map(|kind| Metric::new(name, kind));
            let metric = kind.or_else(|| dictionary().metric(word).cloned());
            if metric.is_none() {
                let words = dictionary().nearest(word).map(str::to_owned);
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
            (None, kind) => match (dictionary().metric(name), kind) {
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
pub struct Raw(Option<NodeId>);

impl Decode for Raw {
    fn decode(node: NodeId, _: &mut Decoder<'_>) -> Option<Self> {
        Some(Self(Some(node)))
    }

    fn shape() -> crate::plan::table::Shape {
        crate::plan::table::Shape::Text("a value")
    }
}
