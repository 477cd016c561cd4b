//! What leads to money: the plan's links as a drawing, and the same in words.
//!
//! Goals stand at the right, and each KPI to the left of all that it drives. A KPI without a path to money stands below, with a
//! broken outline and words for it.

use hashbrown::HashMap;
use maud::{Markup, html};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::kpis::steps;
use super::plan::PlanSection;
use super::text::{left_out, own, scrolling, tenths};
use crate::facts::links::Reason;
use crate::plan::{GoalOrKpi, MetricRef};
use crate::report::kpi::{KpiRow, Path};
use crate::report::text::clean;

/// Goals and KPIs that can be told apart in a drawing.
const MOST_DRAWN: usize = 60;
/// KPIs in the list of words.
const MOST_LISTED: usize = 1_000;
/// KPIs whose list is unfolded from the start.
const MOST_UNFOLDED: usize = 24;
/// Steps of a path that are named in words.
const STEPS: usize = 8;

/// Sizes, in pixels.
const WIDTH: f64 = 190.0;
const COLUMN_GAP: f64 = 64.0;
const ROW_GAP: f64 = 14.0;
const LINE: f64 = 16.0;
const PADDING: f64 = 10.0;
/// How far a link over a column is bent up, and how far it then reaches over the first row.
const RISE: f64 = 76.0;
const MARGIN: f64 = 34.0;
/// The room for a line of a name, the columns that are tried for it, and how many lines it gets.
const ROOM: f64 = WIDTH - 12.0;
const NAME_COLUMNS: std::ops::RangeInclusive<usize> = 12..=24;
const NAME_LINES: usize = 3;
/// Boxes beside each other where nothing leads anywhere.
const FEWEST_COLUMNS: usize = 3;

pub(super) fn map(section: &PlanSection<'_>) -> Option<Markup> {
    let plan = section.plan.plan();
    if plan.kpis.is_empty() {
        return None;
    }
    let drawing = Drawing::new(section);
    let listed = (0..plan.kpis.len()).take(MOST_LISTED);
    let rows: Vec<Markup> = listed.filter_map(|at| in_words(section, at)).collect();
    Some(html! {
        @match drawing {
            Some(drawing) if drawing.nodes.is_empty() => {}
            Some(drawing) => {
                (scrolling("Map of what leads to money", &drawing.svg(section)))
                p class="note" {
                    "Goals are round, KPIs square. A whole line has a number behind it that can be checked, a broken line has \
                    none. A broken outline with ✕ is a KPI that leads to no money."
                }
            }
            None => {
                p class="note" {
                    "With more than " (MOST_DRAWN) " goals and KPIs a drawing would say nothing; the list says it all."
                }
            }
        }
        details open[plan.kpis.len() <= MOST_UNFOLDED] {
            summary { "The same in words" }
            ul class="paths" { @for row in rows { li { (row) } } }
            (left_out(plan.kpis.len().saturating_sub(MOST_LISTED), "KPI"))
        }
    })
}

/// A KPI with its path: "MQL → SQL → New ARR".
fn in_words(section: &PlanSection<'_>, at: usize) -> Option<Markup> {
    let row = KpiRow::new(section.plan, at, STEPS)?;
    Some(html! {
        (own(row.name))
        @match &row.path {
            Path::Links { first, end, is_founded, .. } => {
                " → " (steps(section, first, *end))
                @if !is_founded { " " span class="below" { "a link on it has no number behind it" } }
            }
            Path::Money => { ": is money" }
            Path::None => { ": " strong class="broken" { "✕ no path to money" } }
            Path::Speaks => { ": ends at a goal that speaks of money and is not known to be money" }
            Path::Unknown => { ": cannot be told" }
            Path::Role(role) => { ": need not lead there, it is a " (role.word()) }
        }
    })
}

/// How a box is drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    Goal,
    Money,
    OnPath,
    Broken,
    Speaks,
    Open,
    Beside,
}

impl Look {
    fn class(self) -> &'static str {
        match self {
            Self::Goal => "node goal",
            Self::Money | Self::OnPath => "node",
            Self::Broken => "node broken",
            Self::Speaks | Self::Open | Self::Beside => "node open",
        }
    }

    /// What is said below the name.
    fn word(self) -> &'static str {
        match self {
            Self::Goal => "goal",
            Self::Money => "is money",
            Self::OnPath => "has a path",
            Self::Broken => "✕ no path to money",
            Self::Speaks => "only speaks of money",
            Self::Open => "cannot be told",
            Self::Beside => "need not lead there",
        }
    }
}

/// A box at its place.
struct Node {
    metric: MetricRef,
    look: Look,
    lines: Vec<String>,
    column: usize,
    x: f64,
    y: f64,
}

impl Node {
    fn height(&self) -> f64 {
        // One more line for what is said of it.
        (self.lines.len() + 1) as f64 * LINE + 2.0 * PADDING
    }

    fn middle(&self) -> f64 {
        self.y + self.height() / 2.0
    }
}

struct Drawing {
    nodes: Vec<Node>,
    by_metric: HashMap<MetricRef, usize>,
    /// Where the KPIs without a path begin.
    below: Option<f64>,
    width: f64,
    height: f64,
}

impl Drawing {
    /// `None` where there is too much to draw. Where nothing is to lead anywhere, it is empty.
    fn new(section: &PlanSection<'_>) -> Option<Self> {
        let plan = section.plan.plan();
        let metrics = drawn(section)?;
        let mut drawing = Self { nodes: Vec::new(), by_metric: HashMap::new(), below: None, width: 0.0, height: 0.0 };
        let is_linked =
            |metric: MetricRef| section.plan.facts.links().iter().any(|(from, to, _)| from == metric || to == metric);
        let columns = columns(section, &metrics);
        for metric in metrics {
            let look = look(section, metric);
            // What need not lead anywhere, and does not, is told in words.
            if look == Look::Beside && !is_linked(metric) {
                continue;
            }
            drawing.by_metric.insert(metric, drawing.nodes.len());
            let column = columns.get(&metric).copied().unwrap_or_default();
            let lines = name_lines(plan.metric_name(metric));
            drawing.nodes.push(Node { metric, look, lines, column, x: 0.0, y: 0.0 });
        }
        drawing.place(section);
        Some(drawing)
    }

    /// Columns from the right: goals, then what drives them, and so on; below them what leads nowhere.
    fn place(&mut self, section: &PlanSection<'_>) {
        let columns = self.nodes.iter().filter(|node| node.look != Look::Broken).map(|node| node.column + 1);
        let columns = columns.max().unwrap_or_default();
        let x = |from_left: usize| from_left as f64 * (WIDTH + COLUMN_GAP);
        let mut height: f64 = 0.0;
        for column in 0..columns {
            let mut own: Vec<(f64, usize)> = self
                .nodes
                .iter()
                .enumerate()
                .filter(|(_, node)| node.look != Look::Broken && node.column == column)
                .map(|(at, node)| (self.wanted(section, node.metric).unwrap_or(f64::INFINITY), at))
                .collect();
            own.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
            let mut y = 0.0;
            for (_, at) in own {
                if let Some(node) = self.nodes.get_mut(at) {
                    (node.x, node.y) = (x(columns - 1 - column), y);
                    y += node.height() + ROW_GAP;
                }
            }
            height = height.max(y);
        }
        let beside = columns.max(FEWEST_COLUMNS);
        self.width = x(beside) - COLUMN_GAP;
        self.height = self.place_broken(height, beside, x);
    }

    /// Rows of boxes below the others; how far down they reach.
    fn place_broken(&mut self, above: f64, columns: usize, x: impl Fn(usize) -> f64) -> f64 {
        let mut broken: Vec<&mut Node> = self.nodes.iter_mut().filter(|node| node.look == Look::Broken).collect();
        if broken.is_empty() {
            return above;
        }
        let top = if above > 0.0 { above + 2.0 * LINE } else { 1.5 * LINE };
        self.below = Some(top - LINE);
        let mut y = top;
        for row in broken.chunks_mut(columns) {
            let tallest = row.iter().map(|node| node.height()).fold(0.0, f64::max);
            for (at, node) in row.iter_mut().enumerate() {
                (node.x, node.y) = (x(at), y);
            }
            y += tallest + ROW_GAP;
        }
        y
    }

    /// The height at which a box would stand opposite to what it drives.
    fn wanted(&self, section: &PlanSection<'_>, metric: MetricRef) -> Option<f64> {
        let driven = section.plan.facts.links().iter().filter(|(from, _, _)| *from == metric);
        let driven = driven.filter_map(|(_, to, _)| self.nodes.get(*self.by_metric.get(&to)?));
        let middles: Vec<f64> = driven.map(Node::middle).collect();
        (!middles.is_empty()).then(|| middles.iter().sum::<f64>() / middles.len() as f64)
    }

    fn svg(&self, section: &PlanSection<'_>) -> Markup {
        let title = section.anchor_of("map.title");
        let about = section.anchor_of("map.about");
        let arrow = section.anchor_of("map.arrow");
        let links: Vec<(&Node, &Node, Reason)> =
            section.plan.facts.links().iter().filter_map(|link| self.ends(link)).collect();
        // Lines at the edge are drawn whole, and those that rise over the first row too.
        let margin = if links.iter().any(|(from, to, _)| rises(from, to)) { MARGIN } else { 0.0 };
        let (width, height) = (tenths(self.width + 4.0), tenths(self.height + 4.0 + margin));
        let view = format!("-2 {} {width} {height}", tenths(-2.0 - margin));
        html! {
            svg class="map" role="img" aria-labelledby={ (title) " " (about) } viewBox=(view) width=(width) height=(height) {
                title id=(title) { "Map of what leads to money" }
                desc id=(about) { (self.about()) }
                defs {
                    marker id=(arrow) viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto" {
                        path class="tip" d="M0 .5L8 4 0 7.5z" {}
                    }
                }
                @for (from, to, reason) in links { (edge(from, to, reason, &arrow)) }
                @if let Some(y) = self.below { text class="group" x="0" y=(tenths(y)) { "Without a path to money" } }
                @for node in &self.nodes { (node.svg()) }
            }
        }
    }

    fn about(&self) -> String {
        let count = |wanted: Look| self.nodes.iter().filter(|node| node.look == wanted).count();
        format!(
            "Goals: {}. KPIs that are money: {}; with a path to it: {}; without one: {}. The list below says the same in words.",
            count(Look::Goal),
            count(Look::Money),
            count(Look::OnPath),
            count(Look::Broken)
        )
    }

    /// The boxes of a link, where both are drawn.
    fn ends(&self, (from, to, reason): (MetricRef, MetricRef, Reason)) -> Option<(&Node, &Node, Reason)> {
        let node = |metric: MetricRef| self.by_metric.get(&metric).and_then(|at| self.nodes.get(*at));
        Some((node(from)?, node(to)?, reason))
    }
}

/// Whether a link passes a column between its ends: it goes over the boxes there, not behind them.
fn rises(from: &Node, to: &Node) -> bool {
    from.look != Look::Broken && from.column > to.column + 1
}

fn edge(from: &Node, to: &Node, reason: Reason, arrow: &str) -> Markup {
    let class = match reason {
        Reason::Nesting | Reason::Number | Reason::Rate => "link",
        Reason::Words | Reason::None => "link unfounded",
    };
    let rise = if rises(from, to) { RISE } else { 0.0 };
    let (x1, y1, x2, y2) = (from.x + WIDTH, from.middle(), to.x, to.middle());
    let bend = (COLUMN_GAP / 2.0).max((x2 - x1).abs() / 2.0);
    let [x1, y1, bend1, up1, bend2, up2, x2, y2] =
        [x1, y1, x1 + bend, y1 - rise, x2 - bend, y2 - rise, x2, y2].map(tenths);
    let path = format!("M{x1} {y1} C{bend1} {up1} {bend2} {up2} {x2} {y2}");
    html! { path class=(class) d=(path) marker-end={ "url(#" (arrow) ")" } {} }
}

impl Node {
    fn svg(&self) -> Markup {
        let round = if self.look == Look::Goal { 22.0 } else { 4.0 };
        let line = |number: usize| self.y + PADDING + (number as f64 + 0.78) * LINE;
        let middle = tenths(self.x + WIDTH / 2.0);
        html! {
            g class=(self.look.class()) {
                rect x=(tenths(self.x)) y=(tenths(self.y)) width=(tenths(WIDTH)) height=(tenths(self.height())) rx=(tenths(round)) {}
                @for (number, text) in self.lines.iter().enumerate() {
                    text class="name" x=(middle) y=(tenths(line(number))) textLength=[squeezed(text)]
                        lengthAdjust="spacingAndGlyphs" { (text) }
                }
                text class="said" x=(middle) y=(tenths(line(self.lines.len()))) { (self.look.word()) }
            }
        }
    }
}

/// The plan's goals and KPIs, and what these lead to in plans that it extends; `None` where they are too many.
fn drawn(section: &PlanSection<'_>) -> Option<Vec<MetricRef>> {
    let plan = section.plan.plan();
    let own = (0..plan.goals.len()).map(MetricRef::goal).chain((0..plan.kpis.len()).map(MetricRef::kpi));
    let mut metrics: Vec<MetricRef> = own.take(MOST_DRAWN + 1).collect();
    loop {
        let mut next = section.plan.facts.links().iter();
        match next.find(|(from, to, _)| metrics.contains(from) && !metrics.contains(to)) {
            _ if metrics.len() > MOST_DRAWN => return None,
            Some((_, to, _)) => metrics.push(to),
            None => return Some(metrics),
        }
    }
}

/// A name in a few lines, cut where it is longer.
fn name_lines(name: &str) -> Vec<String> {
    let name = clean(name);
    let within = |columns: usize| {
        let options = textwrap::Options::new(columns).break_words(true);
        let mut lines: Vec<String> = textwrap::wrap(&name, options).into_iter().map(|line| line.into_owned()).collect();
        if lines.len() > NAME_LINES {
            lines.truncate(NAME_LINES);
            if let Some(last) = lines.last_mut() {
                while last.width() >= columns {
                    last.pop();
                }
                last.push('…');
            }
        }
        lines
    };
    let fits = |lines: &Vec<String>| lines.iter().all(|line| line_width(line) <= ROOM);
    NAME_COLUMNS.rev().map(within).find(fits).unwrap_or_else(|| within(*NAME_COLUMNS.start()))
}

/// About how wide a line is in a wide font; which one a reader has is not known here.
fn line_width(line: &str) -> f64 {
    const SIZE: f64 = 13.0;
    let ems = line.chars().map(|letter| match letter {
        'i' | 'l' | 'j' | ' ' | '.' | ',' | ':' | '\'' => 0.4,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '…' => 1.1,
        letter if letter.width().unwrap_or_default() > 1 => 1.3,
        letter if letter.is_uppercase() => 0.85,
        letter if letter.is_ascii_digit() || letter.is_ascii_punctuation() => 0.8,
        _ => 0.69,
    });
    ems.sum::<f64>() * SIZE
}

/// The length to which a line is squeezed that is too wide however it is broken.
fn squeezed(line: &str) -> Option<String> {
    (line_width(line) > ROOM).then(|| tenths(ROOM))
}

fn look(section: &PlanSection<'_>, metric: MetricRef) -> Look {
    let MetricRef { plan: 0, which: GoalOrKpi::Kpi(at) } = metric else {
        return match metric.which {
            GoalOrKpi::Goal(_) => Look::Goal,
            GoalOrKpi::Kpi(_) => Look::OnPath,
        };
    };
    match KpiRow::new(section.plan, at, 0).map(|row| row.path) {
        Some(Path::Money) => Look::Money,
        Some(Path::Links { .. }) => Look::OnPath,
        Some(Path::None) => Look::Broken,
        Some(Path::Speaks) => Look::Speaks,
        Some(Path::Role(_)) => Look::Beside,
        Some(Path::Unknown) | None => Look::Open,
    }
}

/// The column of each metric, counted from the right: one more than any of those that it drives, so that every link points to
/// the right. What drives nothing is in the last, and a KPI left of the goals.
fn columns(section: &PlanSection<'_>, metrics: &[MetricRef]) -> HashMap<MetricRef, usize> {
    let has_goals = metrics.iter().any(|metric| matches!(metric.which, GoalOrKpi::Goal(_)));
    let first = |metric: &MetricRef| usize::from(has_goals && matches!(metric.which, GoalOrKpi::Kpi(_)));
    let mut columns: HashMap<MetricRef, usize> = metrics.iter().map(|metric| (*metric, first(metric))).collect();
    // A chain has no more links than there are metrics.
    for _ in metrics {
        for (from, to, _) in section.plan.facts.links().iter() {
            let Some(after) = columns.get(&to).copied() else { continue };
            if let Some(column) = columns.get_mut(&from) {
                *column = (*column).max(after + 1).min(metrics.len());
            }
        }
    }
    columns
}
