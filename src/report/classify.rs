//! Names as the recogniser reads them, and the dictionary: tables for people, one JSON object a line for programs.

use comfy_table::{Cell, Color, ColumnConstraint};
use owo_colors::Style;
use serde::Serialize;

use super::table::{lines, new_table};
use super::text::{View, clean};
use crate::metrics::{Better, Certainty, Deadline, Dictionary, Figures, Metric, Recognition, Sign, Vanity};

/// What a name says.
struct Read<'d, 'n> {
    name: &'n str,
    recognised: Option<Recognition<'d>>,
    figures: Figures,
}

impl<'d, 'n> Read<'d, 'n> {
    fn of(name: &'n str, dictionary: &'d Dictionary) -> Self {
        Self { name, recognised: dictionary.recognise(name), figures: dictionary.figures(name) }
    }

    /// The words that decided, as they are written.
    fn matched(&self) -> Option<&'n str> {
        self.recognised.as_ref().and_then(|found| self.name.get(found.matched.clone()))
    }

    fn target(&self) -> Option<String> {
        let target = self.figures.target.as_ref()?;
        let sign = match target.change {
            Some(Sign::Plus) => "+",
            Some(Sign::Minus) => "-",
            None => "",
        };
        Some(format!("{sign}{}", self.name.get(target.range.clone())?))
    }

    fn baseline(&self) -> Option<&'n str> {
        self.figures.baseline.clone().and_then(|range| self.name.get(range))
    }

    fn deadline(&self) -> Option<String> {
        self.figures.deadline.map(|deadline| deadline.to_string())
    }

    /// What is read in numbers and dates, on one line: "45 to 70, end of Q1".
    fn numbers(&self) -> Option<String> {
        let target = match (self.baseline(), self.target()) {
            (Some(baseline), Some(target)) => Some(format!("{baseline} to {target}")),
            (Some(baseline), None) => Some(format!("from {baseline}")),
            (None, target) => target,
        };
        let parts: Vec<_> = [target, self.deadline()].into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }
}

/// The names as a table.
pub fn table<'n>(names: impl Iterator<Item = &'n str>, dictionary: &Dictionary, view: &View) -> String {
    let read: Vec<_> = names.map(|name| Read::of(name, dictionary)).collect();
    let has_numbers = read.iter().any(|read| read.numbers().is_some());
    if read.is_empty() {
        return String::new();
    }
    let mut header = vec!["Name", "Kind, metric", "Vanity", "Decided by"];
    if has_numbers {
        header.push("Numbers");
    }
    let mut table = new_table(view, &header, &[]);
    for read in &read {
        let mut row = vec![Cell::new(clean(read.name))];
        match &read.recognised {
            Some(found) => row.extend([
                Cell::new(kind_and_metric(found)),
                Cell::new(found.vanity.word()).fg(colour_of(found.vanity)),
                Cell::new(decided_by(read.matched().unwrap_or_default(), found)),
            ]),
            None => row.extend(["unknown", "–", "–"].map(Cell::new)),
        }
        if has_numbers {
            row.push(Cell::new(clean(&read.numbers().unwrap_or_else(|| "–".to_owned()))));
        }
        table.add_row(row);
    }
    // Words of the dictionary are read whole, and names may wrap.
    for column in [1, 2] {
        if let Some(column) = table.column_mut(column) {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    let mut text = lines(&table);
    let vanity: Vec<_> = [
        (Vanity::Yes, "yes: rises whatever the business does"),
        (Vanity::Depends, "depends: on what it is tied to"),
        (Vanity::Output, "output: counts the team's own work"),
    ]
    .into_iter()
    .filter(|(vanity, _)| read.iter().flat_map(|read| &read.recognised).any(|found| found.vanity == *vanity))
    .map(|(_, words)| words)
    .collect();
    if !vanity.is_empty() {
        text.push_str(&view.wrap_styled("", &format!("Vanity {}.", vanity.join("; ")), Style::new().dimmed()));
    }
    if read.iter().flat_map(|read| &read.recognised).any(|found| found.metric.is_some()) {
        let words = "↑ ↓ is the direction in which a metric is better.";
        text.push_str(&view.wrap_styled("", words, Style::new().dimmed()));
    }
    if read.iter().any(|read| read.recognised.is_none()) {
        let words = "Unknown names are judged by no rule: in a plan, `metric:` tells what one is (`kpi-audit classify --list`).";
        text.push_str(&view.wrap_styled("", words, Style::new().dimmed()));
    }
    text
}

fn metric(metric: &Metric) -> String {
    let arrow = match metric.better {
        Better::Up => '↑',
        Better::Down => '↓',
    };
    format!("{} {arrow}", metric.name)
}

fn kind_and_metric(found: &Recognition<'_>) -> String {
    match found.metric {
        Some(of) => format!("{}\n{}", found.kind.word(), clean(&metric(of))),
        None => found.kind.word().to_owned(),
    }
}

/// "cost per lead (en, strong)"
fn decided_by(words: &str, found: &Recognition<'_>) -> String {
    format!("{} ({}, {})", clean(words), found.language.word(), found.certainty.word())
}

const fn colour_of(vanity: Vanity) -> Color {
    match vanity {
        Vanity::Yes | Vanity::Output => Color::Yellow,
        Vanity::No | Vanity::Depends => Color::Reset,
    }
}

/// A name in JSON; what is not known is absent.
#[derive(Serialize)]
struct Line<'r> {
    name: &'r str,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    metric: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vanity: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    direction: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    matched: Option<&'r str>,
    certainty: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deadline: Option<String>,
}

/// The names as JSON, one object a line.
pub fn json<'n>(names: impl Iterator<Item = &'n str>, dictionary: &Dictionary) -> String {
    const UNKNOWN: &str = "unknown";
    let mut text = String::new();
    for name in names {
        let read = Read::of(name, dictionary);
        let found = read.recognised.as_ref();
        let metric = found.and_then(|found| found.metric);
        let line = Line {
            name,
            kind: found.map_or(UNKNOWN, |found| found.kind.word()),
            metric: metric.map(|metric| metric.name.as_ref()),
            vanity: found.map(|found| found.vanity.word()),
            direction: metric.map(|metric| metric.better.word()),
            language: found.map(|found| found.language.word()),
            matched: read.matched(),
            certainty: found.map_or(UNKNOWN, |found| found.certainty.word()),
            target: read.target(),
            baseline: read.baseline(),
            deadline: read.deadline(),
        };
        text.push_str(&serde_json::to_string(&line).unwrap_or_default());
        text.push('\n');
    }
    text
}

/// A metric in JSON.
#[derive(Serialize)]
struct Listed<'r> {
    metric: &'r str,
    title: &'r str,
    kind: &'static str,
    direction: &'static str,
    unit: &'static str,
    vanity: &'static str,
    since: u32,
}

/// The dictionary as a table.
pub fn dictionary_table(dictionary: &Dictionary, view: &View) -> String {
    let mut table = new_table(view, &["Metric", "Title", "Kind", "Unit", "Vanity"], &[]);
    for of in dictionary.metrics() {
        table.add_row(vec![
            Cell::new(clean(&metric(of))),
            Cell::new(clean(&of.title)),
            Cell::new(of.kind.word()),
            Cell::new(of.unit.word()),
            Cell::new(of.vanity.word()).fg(colour_of(of.vanity)),
        ]);
    }
    lines(&table)
}

/// The dictionary as JSON, one metric a line.
pub fn dictionary_json(dictionary: &Dictionary) -> String {
    let listed = |metric: &Metric| {
        let line = Listed {
            metric: &metric.name,
            title: &metric.title,
            kind: metric.kind.word(),
            direction: metric.better.word(),
            unit: metric.unit.word(),
            vanity: metric.vanity.word(),
            since: metric.since,
        };
        serde_json::to_string(&line).unwrap_or_default() + "\n"
    };
    dictionary.metrics().map(listed).collect()
}

impl Certainty {
    /// The certainty as it is written.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Likely => "likely",
            Self::Strong => "strong",
            Self::Exact => "exact",
        }
    }
}

impl std::fmt::Display for Deadline {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        const MONTHS: [&str; 12] = [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ];
        let of = |year: Option<i16>| year.map_or_else(String::new, |year| format!(" {year}"));
        match *self {
            Self::EndOfPeriod => out.write_str("end of the period"),
            Self::EndOfQuarter { quarter, year } => write!(out, "end of Q{quarter}{}", of(year)),
            Self::EndOfMonth { month, year } => {
                let name = usize::from(month).checked_sub(1).and_then(|at| MONTHS.get(at)).unwrap_or(&"month");
                write!(out, "end of {name}{}", of(year))
            }
            Self::EndOfYear { year: None } => out.write_str("end of the year"),
            Self::EndOfYear { year } => write!(out, "end of{}", of(year)),
            Self::Date { year, month, day } => write!(out, "{year}-{month:02}-{day:02}"),
        }
    }
}
