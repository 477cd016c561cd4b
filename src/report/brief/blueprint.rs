//! The blueprint: the period's months as columns, the goals as rows, and in them what is done and due.

use std::collections::{BTreeMap, VecDeque};

use hashbrown::HashMap;
use jiff::ToSpan;
use jiff::civil::Date;

use super::{Block, Section, Table, day, name, names, say, word, year};
use crate::facts::Facts;
use crate::plan::period::Period;
use crate::plan::{Entity, GoalOrKpi, Initiative, MetricRef};
use crate::wording::Figure;

/// Columns that a page has room for.
const MOST_COLUMNS: usize = 4;

/// Weeks of a month, the last one begun included.
const MOST_WEEKS: usize = 5;

/// Goals that are shown.
const MOST_GOALS: usize = 6;

/// Entries of a cell before the rest is counted.
const MOST_ENTRIES: usize = 6;

/// Letters of a name that has stood in full in a column before.
const SHORT_NAME: usize = 30;

pub(super) fn section(facts: &Facts) -> Option<Section> {
    let period = &facts.plan.head.period.as_ref()?.value;
    let columns = columns(period);
    let mut blueprint = Blueprint::new(facts, columns);
    for (_, initiative) in facts.plan.initiatives_ahead() {
        blueprint.add_work(initiative);
    }
    blueprint.add_deadlines(period);
    if blueprint.cells.is_empty() {
        return None;
    }
    Section::of("blueprint", blueprint.blocks())
}

/// A part of the period, from its first day to its last.
#[derive(Debug, Clone, PartialEq)]
struct Column {
    label: String,
    first: Date,
    last: Date,
}

/// Weeks where the period is a month or less; else months, or as many together as leave few columns.
fn columns(period: &Period) -> Vec<Column> {
    const A_MONTH: i32 = 31;
    if period.days() <= A_MONTH {
        return parts(period, MOST_WEEKS, |first| first.checked_add(1.week()).ok());
    }
    [1, 3, 6, 12]
        .into_iter()
        .map(|months| {
            parts(period, MOST_COLUMNS + 1, |first| first.first_of_month().checked_add(i64::from(months).months()).ok())
        })
        .find(|columns| columns.len() <= MOST_COLUMNS)
        .unwrap_or_else(|| vec![column(period.start, period.end)])
}

/// The period in parts, each from its first day to the one before the next part's; at most so many.
fn parts(period: &Period, most: usize, next: impl Fn(Date) -> Option<Date>) -> Vec<Column> {
    let mut columns = Vec::new();
    let mut first = period.start;
    while columns.len() < most && first <= period.end {
        let after = next(first).filter(|after| *after > first);
        let last = after.and_then(|after| after.yesterday().ok()).unwrap_or(period.end).min(period.end);
        columns.push(column(first, last));
        match last.tomorrow() {
            Ok(tomorrow) => first = tomorrow,
            Err(_) => break,
        }
    }
    columns
}

/// "Jan" for a month, "Jan–Mar" for several, "4–10 Jan" for less.
fn column(first: Date, last: Date) -> Column {
    let written = |date: Date, form: &str| date.strftime(form).to_string();
    let is_whole = first.day() == 1 && last == last.last_of_month();
    let label = match (is_whole, first.first_of_month() == last.first_of_month()) {
        (true, true) => written(first, "%B"),
        (false, true) => format!("{}–{}", written(first, "%-d"), written(last, "%-d %b")),
        (_, false) if first.year() == last.year() => format!("{}–{}", written(first, "%b"), written(last, "%b")),
        (_, false) => format!("{}–{}", written(first, "%b %Y"), written(last, "%b %Y")),
    };
    Column { label, first, last }
}

/// What stands in the cells, by goal and column, each entry with its day.
struct Blueprint<'f> {
    facts: &'f Facts,
    columns: Vec<Column>,
    /// The goal that each goal and KPI leads to, by the fewest links.
    goal_of: HashMap<MetricRef, MetricRef>,
    /// No goal comes after all goals.
    cells: BTreeMap<(Row, usize), Vec<(Date, String)>>,
    undated: Vec<String>,
    later: Vec<String>,
}

/// A row, in the order in which they are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Row {
    Goal(MetricRef),
    NoGoal,
}

impl<'f> Blueprint<'f> {
    fn new(facts: &'f Facts, columns: Vec<Column>) -> Self {
        let goal_of = goals_led_to(facts);
        Self { facts, columns, goal_of, cells: BTreeMap::new(), undated: Vec::new(), later: Vec::new() }
    }

    /// Where work begins, where it is judged, and where it is done.
    fn add_work(&mut self, initiative: &Entity<Initiative>) {
        let date = |date: Option<&crate::plan::Placed<Date>>| date.map(|date| date.value);
        let (start, end) = (date(initiative.start.as_ref()), date(initiative.end.as_ref()));
        let review = date(initiative.review.as_deref());
        let begins = self.columns.first().map(|column| column.first);
        let ends = self.columns.last().map(|column| column.last);
        if start.or(end).or(review).is_none() {
            return self.undated.push(initiative.name.to_string());
        }
        if start.or(review).or(end).zip(ends).is_some_and(|(first, ends)| first > ends) {
            return self.later.push(initiative.name.to_string());
        }
        let row = self.row_of(initiative);
        let full = initiative.name.as_str();
        let short = short(full);
        let column = |date: Option<Date>| date.and_then(|date| self.column_of(date));
        let [ends_in, judged_in] = [end, review].map(column);
        // What has begun before the period is under way in its first part.
        let is_under_way = start.zip(begins).is_some_and(|(start, begins)| start < begins);
        let starts_in = if is_under_way { Some(0) } else { column(start) };
        let is_named = starts_in.is_some();
        let again = |column: Option<usize>| if is_named && column != starts_in { short.as_str() } else { full };
        let mut entries = Vec::new();
        let year = year(&self.facts.plan);
        let mut enter = |column: Option<usize>, date: Option<Date>, sentence: &str, name_said: &str| {
            let Some((column, date)) = column.zip(date) else { return };
            let figures =
                [("name", name(name_said)), ("date", day(date, year)), ("span", span(date, end.unwrap_or(date), year))];
            entries.push((column, date, say(sentence, &figures)));
        };
        match (starts_in, ends_in) {
            (Some(_), _) if is_under_way => {
                enter(starts_in, start, "blueprint.since", full);
                enter(ends_in, end, "blueprint.done", again(ends_in));
            }
            (Some(_), Some(_)) if start == end => enter(starts_in, start, "blueprint.on", full),
            (Some(first), Some(last)) if first == last => enter(starts_in, start, "blueprint.within", full),
            (Some(_), _) => {
                enter(starts_in, start, "blueprint.starts", full);
                enter(ends_in, end, "blueprint.done", again(ends_in));
            }
            (None, _) => enter(ends_in, end, "blueprint.due", full),
        }
        enter(judged_in, review, "blueprint.review", again(judged_in));
        for (column, date, text) in entries {
            self.cells.entry((row, column)).or_default().push((date, text));
        }
    }

    /// The targets that are due before the period ends: that all others are due at its end goes without saying.
    fn add_deadlines(&mut self, period: &Period) {
        let plan = &self.facts.plan;
        for at in self.facts.judged_kpis() {
            let Some(kpi) = plan.kpis.get(at) else { continue };
            let due = plan.deadline(kpi).filter(|due| *due < period.end);
            let Some((due, target)) = due.zip(kpi.target.as_ref()) else { continue };
            let Some(column) = self.column_of(due) else { continue };
            let figures = [("name", name(&kpi.name)), ("target", name(target.text())), ("date", day(due, year(plan)))];
            let row = self.goal_of.get(&MetricRef::kpi(at)).map_or(Row::NoGoal, |goal| Row::Goal(*goal));
            self.cells.entry((row, column)).or_default().push((due, say("blueprint.deadline", &figures)));
        }
    }

    fn column_of(&self, date: Date) -> Option<usize> {
        self.columns.iter().position(|column| (column.first..=column.last).contains(&date))
    }

    /// The first goal that work leads to.
    fn row_of(&self, initiative: &Initiative) -> Row {
        let served = self.facts.plan.served_by(initiative);
        let goals = served.iter().filter_map(|metric| self.goal_of.get(metric));
        goals.min().map_or(Row::NoGoal, |goal| Row::Goal(*goal))
    }

    fn blocks(mut self) -> Vec<Block> {
        let plan = &self.facts.plan;
        let mut rows: Vec<Row> = self.cells.keys().map(|(row, _)| *row).collect();
        rows.dedup();
        let goals = rows.iter().filter(|row| **row != Row::NoGoal).count();
        let hidden = goals.saturating_sub(MOST_GOALS);
        let is_served = |goal: &usize| rows.binary_search(&Row::Goal(MetricRef::goal(*goal))).is_ok();
        let idle: Vec<&str> = (0..plan.goals.len())
            .filter(|goal| !is_served(goal))
            .filter_map(|goal| plan.goals.get(goal).map(|goal| goal.name.as_str()))
            .collect();
        rows.drain(MOST_GOALS.min(goals)..goals);
        let header =
            std::iter::once(word("blueprint.goal")).chain(self.columns.iter().map(|c| c.label.clone())).collect();
        let count = self.columns.len();
        let mut table = Vec::new();
        for row in rows {
            let title = match row {
                Row::Goal(goal) => plan.metric_name(goal).to_owned(),
                Row::NoGoal => word("blueprint.no-goal"),
            };
            let cells = (0..count).map(|column| entries(self.cells.remove(&(row, column)).unwrap_or_default()));
            table.push(std::iter::once(vec![title]).chain(cells).collect());
        }
        let mut blocks = vec![Block::Table(Table { header, numbers: Vec::new(), rows: table })];
        let listed = |sentence: &str, list: &[&str]| {
            (!list.is_empty()).then(|| say(sentence, &[("names", names(list.iter().copied()))]))
        };
        let undated: Vec<&str> = self.undated.iter().map(String::as_str).collect();
        let later: Vec<&str> = self.later.iter().map(String::as_str).collect();
        let more = (hidden > 0).then(|| say("blueprint.more-goals", &[("count", Figure::Count(hidden as f64))]));
        let sentences = [
            more,
            listed("blueprint.without-work", &idle),
            listed("blueprint.undated", &undated),
            listed("blueprint.later", &later),
        ];
        blocks.extend(Block::sentences(sentences.into_iter().flatten()));
        blocks
    }
}

/// "4–15 Jan", "25 Jan–5 Feb"
fn span(first: Date, last: Date, year: Option<i16>) -> Figure {
    let from = if first.first_of_month() == last.first_of_month() {
        first.strftime("%-d").to_string()
    } else {
        day(first, year).to_string()
    };
    Figure::Text(format!("{from}–{}", day(last, year)))
}

/// The entries of a cell by their days, and how many more there are.
fn entries(mut cell: Vec<(Date, String)>) -> Vec<String> {
    cell.sort_by_key(|(date, _)| *date);
    let more = super::more(cell.len().saturating_sub(MOST_ENTRIES));
    cell.into_iter().take(MOST_ENTRIES).map(|(_, text)| text).chain(more).collect()
}

/// The first words of a name.
fn short(name: &str) -> String {
    let mut lines = textwrap::wrap(name, SHORT_NAME).into_iter();
    let first = lines.next().unwrap_or_default();
    if lines.next().is_some() { format!("{first}…") } else { first.into_owned() }
}

/// For each goal and KPI, the goal that the fewest links lead to: a walk back from all goals at once.
fn goals_led_to(facts: &Facts) -> HashMap<MetricRef, MetricRef> {
    let mut into: HashMap<MetricRef, Vec<MetricRef>> = HashMap::new();
    for (from, to, _) in facts.links().iter() {
        into.entry(to).or_default().push(from);
    }
    let plans = (0..=facts.plan.extended.len()).filter_map(|plan| Some((plan, facts.plan.numbered(plan)?)));
    let goals =
        plans.flat_map(|(plan, of)| (0..of.goals.len()).map(move |at| MetricRef { plan, which: GoalOrKpi::Goal(at) }));
    let mut led: HashMap<MetricRef, MetricRef> = goals.map(|goal| (goal, goal)).collect();
    let mut starts: Vec<MetricRef> = led.keys().copied().collect();
    starts.sort_unstable();
    let mut next = VecDeque::from(starts);
    while let Some(at) = next.pop_front() {
        let Some(goal) = led.get(&at).copied() else { continue };
        for from in into.get(&at).into_iter().flatten() {
            if !led.contains_key(from) {
                led.insert(*from, goal);
                next.push_back(*from);
            }
        }
    }
    led
}
