//! Names as the recogniser reads them, and the dictionary: tables for people, one JSON object a line for programs.

use comfy_table::{Cell, Color, ColumnConstraint, Width};
use owo_colors::Style;
use serde::Serialize;

use super::columns::{lines, new_table};
use super::text::{View, clean, clip};
use crate::metrics::{Better, Dictionary, Figures, Metric, Recognition, Sign, Vanity};

/// A table needs as many columns as this.
const NARROW: usize = 60;

/// The longest name that is shown whole.
const LONGEST: usize = 200;

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

    /// What is read in numbers and dates, on one line: "target 70 from 45, by end of Q1".
    fn numbers(&self) -> Option<String> {
        let target = self.target().map(|target| format!("target {target}"));
        let baseline = self.baseline().map(|baseline| format!("from {baseline}"));
        let figures: Vec<_> = [target, baseline].into_iter().flatten().collect();
        let deadline = self.deadline().map(|deadline| format!("by {deadline}"));
        let parts: Vec<_> =
            [(!figures.is_empty()).then(|| figures.join(" ")), deadline].into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }
}

/// The names as a table.
pub fn table<'n>(names: impl Iterator<Item = &'n str>, dictionary: &Dictionary, view: &View) -> String {
    let read: Vec<_> = names.map(|name| Read::of(name, dictionary)).collect();
    if read.is_empty() {
        return String::new();
    }
    if view.width < NARROW {
        return read.iter().map(|read| entry(read, view)).collect();
    }
    let numbers: Vec<_> = read.iter().map(Read::numbers).collect();
    let has_numbers = numbers.iter().any(Option::is_some);
    let mut header = vec!["Name", "Kind, metric", "Vanity", "Decided by"];
    if has_numbers {
        header.push("Numbers");
    }
    let mut table = new_table(view, &header, &[]);
    for (read, numbers) in read.iter().zip(numbers) {
        let mut row = vec![Cell::new(clip(read.name, LONGEST))];
        match &read.recognised {
            Some(found) => row.extend([
                Cell::new(kind_and_metric(found)),
                Cell::new(found.vanity.word()).fg(colour_of(found.vanity)),
                Cell::new(decided_by(read.matched().unwrap_or_default(), found)),
            ]),
            None => row.extend(["unknown", "–", "–"].map(Cell::new)),
        }
        if has_numbers {
            row.push(Cell::new(clip(numbers.as_deref().unwrap_or("–"), LONGEST)));
        }
        table.add_row(row);
    }
    // Words of the dictionary are read whole; names may wrap, with room for a word.
    const NAME: u16 = 18;
    if let Some(column) = table.column_mut(0) {
        column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(NAME)));
    }
    for column in [1, 2] {
        if let Some(column) = table.column_mut(column) {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    let mut text = lines(&table);
    for note in legend(&read) {
        text.push_str(&view.wrap_styled("", &note, Style::new().dimmed()));
    }
    text
}

/// What the words and signs of the table say, as far as it has them.
fn legend(read: &[Read<'_, '_>]) -> Vec<String> {
    let found: Vec<_> = read.iter().filter_map(|read| read.recognised.as_ref()).collect();
    let vanity: Vec<_> = [
        (Vanity::Yes, "yes: can rise while sales stand still"),
        (Vanity::Depends, "depends: counts where it leads to something that the plan names"),
        (Vanity::Output, "output: the team's own work"),
    ]
    .into_iter()
    .filter(|(vanity, _)| found.iter().any(|found| found.vanity == *vanity))
    .map(|(_, words)| words)
    .collect();
    let direction = "↑ ↓ is the direction in which a metric is better.";
    let decided = "In brackets: the language of the words that decided, and how sure it is (exact, strong or likely).";
    let unknown = "No rule judges an unknown name: `metric:` under the KPI says what it is, and `kpi-audit classify --list` \
                   lists what can stand there.";
    [
        (!vanity.is_empty(), format!("Vanity {}.", vanity.join("; "))),
        (found.iter().any(|found| found.metric.is_some()), direction.to_owned()),
        (!found.is_empty(), decided.to_owned()),
        (found.len() < read.len(), unknown.to_owned()),
    ]
    .into_iter()
    .filter_map(|(is_needed, note)| is_needed.then_some(note))
    .collect()
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

/// A name below the other, where columns are too few for a table.
fn entry(read: &Read<'_, '_>, view: &View) -> String {
    let mut text = view.wrap("", &clip(read.name, LONGEST));
    let facts = match &read.recognised {
        None => vec!["unknown".to_owned()],
        Some(found) => {
            let metric = found.metric.map(metric);
            let kind =
                [Some(found.kind.word().to_owned()), metric].into_iter().flatten().collect::<Vec<_>>().join(", ");
            vec![
                kind,
                format!("vanity: {}", found.vanity.word()),
                format!("decided by: {}", decided_by(read.matched().unwrap_or_default(), found)),
            ]
        }
    };
    for fact in facts.into_iter().chain(read.numbers()) {
        text.push_str(&view.wrap("  ", &clip(&fact, LONGEST)));
    }
    text
}

/// "cost per lead (en, strong)"
fn decided_by(words: &str, found: &Recognition<'_>) -> String {
    format!("{} ({}, {})", clip(words, LONGEST), found.language.word(), found.certainty.word())
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
