//! From tables to the parts of a plan: which row is what, what its cells say, and what is left over for the comments.

use std::collections::{HashMap, HashSet};

use super::Unread;
use super::cells::{Asked, Given, How, Writing, note_of, split, unlinked};
use super::columns::{Measure, money};
use super::dates::{self, Calendar};
use super::numerals::Marks;
use super::periods;
use super::sheet::{Cell, NumberFormat, Row, Value};
use super::tables::{NAMING, Table};
use super::vocabulary::{Column, Said, fold, said, says};
use crate::metrics::Language;
use crate::plan::Plan;
use crate::plan::quantity::{Currency, CurrencyCode, Quantity, SignMeans, Unit};
use crate::words::excerpt;
use crate::yaml::Written;

/// The parts of a plan, with everything that a person should know of them.
#[derive(Debug, Default)]
pub(super) struct Outline {
    pub(super) parts: Vec<Part>,
    /// Rows that are no part of the plan, each on one line.
    pub(super) loose: Vec<String>,
    pub(super) guessed: Vec<String>,
    pub(super) unread: Vec<Unread>,
    /// Rows below headings, and those that became a part of the plan.
    pub(super) rows: usize,
    pub(super) read: usize,
}

/// A goal, KPI, product or initiative.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) kind: Kind,
    pub(super) name: String,
    pub(super) place: String,
    /// The table and the row, for their order.
    pub(super) order: (usize, usize),
    pub(super) id: Option<String>,
    /// The goal that a KPI is nested in.
    pub(super) inside: Option<usize>,
    pub(super) fields: Vec<Field>,
    /// Comments of its own.
    pub(super) notes: Vec<String>,
    /// Whether the plan's reader refused it as a whole.
    pub(super) refused: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Goal,
    Kpi,
    Product,
    Initiative,
}

/// One key of a part.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) key: &'static str,
    pub(super) value: Written,
    /// What stands behind it as a comment.
    pub(super) note: Option<String>,
    /// The cell that it comes from: its heading and its text.
    pub(super) heading: String,
    pub(super) text: String,
}

const CADENCES: &[Said] = &[Said::Daily, Said::Weekly, Said::Monthly, Said::Quarterly, Said::Yearly];
const STATES: &[Said] = &[Said::Planned, Said::Running, Said::Done, Said::Stopped];
const PRIORITIES: &[Said] = &[Said::Must, Said::Should, Said::Could, Said::Wont];

impl Kind {
    /// Which column gives which key, in the order in which a plan writes them.
    fn keys(self) -> &'static [(Column, &'static str, How)] {
        match self {
            Self::Goal => &[
                (Column::Target, "target", How::Target),
                (Column::Baseline, "baseline", How::Number),
                (Column::By, "by", How::Deadline),
                (Column::Team, "owners", How::Names),
            ],
            Self::Kpi => &[
                (Column::Target, "target", How::Target),
                (Column::Baseline, "baseline", How::Number),
                (Column::Actual, "actual", How::Number),
                (Column::By, "by", How::Deadline),
                (Column::Cadence, "cadence", How::Word(CADENCES)),
                (Column::Owner, "owner", How::People),
                (Column::Team, "teams", How::Names),
                (Column::Because, "because", How::Text),
                (Column::Source, "source", How::Text),
                (Column::Budget, "budget", How::Number),
            ],
            Self::Product => &[
                (Column::Budget, "budget", How::Number),
                (Column::NewCustomers, "new_customers", How::Number),
                (Column::Cac, "cac", How::Number),
                (Column::Price, "price", How::Number),
                (Column::GrossMargin, "gross_margin", How::Number),
                (Column::MonthlyChurn, "monthly_churn", How::Number),
                (Column::Ltv, "ltv", How::Number),
                (Column::Roas, "roas", How::Number),
                (Column::Channels, "channels", How::Names),
            ],
            Self::Initiative => &[
                (Column::Priority, "priority", How::Word(PRIORITIES)),
                (Column::Effort, "effort", How::Number),
                (Column::Budget, "budget", How::Number),
                (Column::Channels, "channels", How::Names),
                (Column::Owner, "owner", How::People),
                (Column::Start, "start", How::Day),
                (Column::By, "end", How::Day),
                (Column::Status, "status", How::Word(STATES)),
            ],
        }
    }
}

/// The columns of numbers, which show how numbers are written.
const NUMBERS: [Column; 12] = [
    Column::Target,
    Column::Baseline,
    Column::Actual,
    Column::Budget,
    Column::NewCustomers,
    Column::Price,
    Column::GrossMargin,
    Column::MonthlyChurn,
    Column::Cac,
    Column::Ltv,
    Column::Roas,
    Column::Effort,
];

/// What the numbers of all tables prove of points and commas.
pub(super) fn marks(tables: &[Table]) -> Marks {
    let mut marks = Marks::default();
    for (_, cell) in numbers(tables) {
        if let Value::Text(text) = &cell.value {
            marks.see(text);
        }
    }
    marks
}

/// The currencies that the tables name, each once.
pub(super) fn currencies(tables: &[Table]) -> Vec<CurrencyCode> {
    let mut found = Vec::new();
    for (measure, cell) in numbers(tables) {
        let own = match &cell.value {
            Value::Number { format: NumberFormat::Money(sign), .. } => money(sign),
            Value::Text(text) => {
                Quantity::parse(text, None, SignMeans::Change).ok().and_then(|quantity| match quantity.unit {
                    Unit::Money(Currency::Exact(code)) => Some(code),
                    _ => None,
                })
            }
            _ => None,
        };
        let said = match measure {
            Some(Measure::Money(code)) => Some(code),
            Some(Measure::Many(many)) => many.currency,
            _ => None,
        };
        found.extend(own.or(said).filter(|code| !found.contains(code)));
    }
    found
}

/// Whether an amount has a `$` that could be of several currencies.
pub(super) fn has_bare_dollars(tables: &[Table]) -> bool {
    numbers(tables).any(|(_, cell)| match &cell.value {
        Value::Number { format: NumberFormat::Money(sign), .. } => sign == "$",
        Value::Text(text) => Quantity::parse(text, None, SignMeans::Change)
            .is_ok_and(|quantity| quantity.unit == Unit::Money(Currency::Dollar)),
        _ => false,
    })
}

/// The cells of numbers, with what their headings or units say they are measured in.
fn numbers(tables: &[Table]) -> impl Iterator<Item = (Option<Measure>, &Cell)> {
    tables.iter().flat_map(|table| {
        table.rows.iter().flat_map(move |row| {
            NUMBERS.iter().filter_map(move |column| {
                let (at, cell) = table.cell(row, *column)?;
                Some((measure(table, row, *column, at), cell))
            })
        })
    })
}

/// What a number without a sign is measured in: its heading says it, else the row's own unit for what the row is about.
fn measure(table: &Table, row: &Row, column: Column, at: usize) -> Option<Measure> {
    let of_heading = table.columns.get(at).and_then(|own| own.heading.measure);
    let of_row = || {
        let about = matches!(column, Column::Target | Column::Baseline | Column::Actual);
        let (_, unit) = table.cell(row, Column::Unit).filter(|_| about)?;
        Measure::of(&unit.shown())
    };
    of_heading.or_else(of_row)
}

/// The parts that all tables make.
pub(super) fn outline(tables: &[Table], writing: Writing<'_>) -> Outline {
    let mut builder = Builder {
        writing,
        outline: Outline::default(),
        links: Vec::new(),
        ids: HashMap::new(),
        goals: HashMap::new(),
        taken: HashSet::new(),
        numbers: HashMap::new(),
        order: (0, 0),
    };
    for (at, table) in tables.iter().enumerate() {
        builder.order.0 = at;
        builder.table(table);
    }
    builder.link();
    builder.outline
}

struct Builder<'w> {
    writing: Writing<'w>,
    outline: Outline,
    links: Vec<Link>,
    /// The rows by the ids that the sheet gives them.
    ids: HashMap<String, Vec<usize>>,
    /// The goals of all tables, by name.
    goals: HashMap<String, usize>,
    /// The ids that are given so far.
    taken: HashSet<String>,
    /// The number that comes next behind an id that several rows would have.
    numbers: HashMap<String, usize>,
    /// The table and the row that are being read.
    order: (usize, usize),
}

/// A cell that names another row.
struct Link {
    from: usize,
    column: Column,
    heading: String,
    text: String,
}

/// What a row is, and the column that names it.
struct Lead {
    kind: Kind,
    column: usize,
    /// Whether it is a key result, which belongs to an objective.
    is_key_result: bool,
}

const LEVELS: [Said; 5] = [Said::IsGoal, Said::IsKeyResult, Said::IsKpi, Said::IsInitiative, Said::IsProduct];

impl Builder<'_> {
    fn table(&mut self, table: &Table) {
        let dates = [Column::By, Column::Start].into_iter().flat_map(|column| {
            table.rows.iter().filter_map(move |row| table.cell(row, column)).map(|(_, cell)| &cell.value)
        });
        // Slashes put the month first in American English alone.
        let day_first = dates::order(dates).or((table.language != Language::English).then_some(true));
        let calendar = Calendar { period: self.writing.period, dictionary: self.writing.dictionary, day_first };
        let mut context = Context { table, calendar, goal: None, repeated: repeated_products(table) };
        for row in &table.rows {
            self.outline.rows += 1;
            self.order.1 = row.number;
            let first = row.own().next().map(|(_, cell)| cell.shown()).unwrap_or_default();
            if says(&first, Said::Total) {
                self.loose(&context, row, "it adds other rows up");
                continue;
            }
            match self.lead(&context, row) {
                Some(lead) => self.row(&mut context, row, &lead),
                None => self.loose(&context, row, "it has no name"),
            }
        }
    }

    /// Keeps a row that is no part of the plan as a comment.
    fn loose(&mut self, context: &Context<'_>, row: &Row, why: &str) {
        let cells: Vec<String> = row.own().map(|(_, cell)| cell.shown()).collect();
        let place = context.table.place(row);
        self.outline.loose.push(format!("{place} ({why}): {}", cells.join(" | ")));
        let what = excerpt(&cells.join(" | "));
        self.outline.unread.push(Unread { place, what, why: why.to_owned(), order: self.order });
    }

    /// The first column that names the row, those of what is measured before those of what it is for.
    fn lead(&self, context: &Context<'_>, row: &Row) -> Option<Lead> {
        let table = context.table;
        let measured = [Column::Target, Column::Baseline, Column::Actual].iter().any(|column| table.has(*column));
        let mut order: Vec<Column> = NAMING.to_vec();
        if !measured {
            let place = |column: &Column| table.columns.iter().position(|own| own.used_for == Some(*column));
            // Without numbers to reach, the leftmost name is what the table is about; an objective still groups what follows.
            order.sort_by_key(|column| (*column == Column::Objective, place(column)));
        }
        let named = |column: &Column| {
            let (at, cell) = table.cell(row, *column)?;
            let is_name = !cell.spread && !fold(&cell.shown()).is_empty();
            is_name.then_some((*column, at))
        };
        let (column, at) = order.iter().find_map(named)?;
        let level = table.cell(row, Column::Level).map(|(_, cell)| cell.shown()).unwrap_or_default();
        let level = said(&level, &LEVELS);
        let kind = match level {
            Some(Said::IsGoal) => Kind::Goal,
            Some(Said::IsInitiative) => Kind::Initiative,
            Some(Said::IsProduct) => Kind::Product,
            Some(_) => Kind::Kpi,
            None => match column {
                Column::Initiative => Kind::Initiative,
                Column::Product => Kind::Product,
                Column::Objective if table.has(Column::KeyResult) || table.has(Column::Name) => Kind::Goal,
                Column::Objective if self.is_money(&row.cell(at).shown()) => Kind::Goal,
                _ => Kind::Kpi,
            },
        };
        let is_key_result = column == Column::KeyResult || level == Some(Said::IsKeyResult);
        Some(Lead { kind, column: at, is_key_result })
    }

    fn is_money(&self, name: &str) -> bool {
        self.writing.dictionary.recognise(name).is_some_and(|found| found.kind.is_money())
    }

    fn row(&mut self, context: &mut Context<'_>, row: &Row, lead: &Lead) {
        let table = context.table;
        let written = row.cell(lead.column).shown();
        let name = unlinked(&written).to_owned();
        let mut used: HashSet<usize> = HashSet::from([lead.column]);
        let objective = table.cell(row, Column::Objective).filter(|(at, _)| *at != lead.column);
        let inside = match (lead.kind, objective) {
            (Kind::Kpi, Some((at, cell))) => {
                used.insert(at);
                Some(self.goal(context, &cell.shown(), &table.place(row)))
            }
            (Kind::Kpi, None) if lead.is_key_result => self.goal_above(context),
            (Kind::Kpi, None) if table.has(Column::Objective) && context.goal.is_some() => {
                self.guess("KPIs that name no objective stand by themselves");
                None
            }
            _ => None,
        };
        used.extend(self.told_otherwise(table, row));
        self.outline.read += 1;
        // An objective that key results named before it is one goal with them.
        let known = self.goals.get(&fold(&name)).copied().filter(|_| lead.kind == Kind::Goal);
        let at = known.unwrap_or_else(|| self.push(lead.kind, &name, &table.place(row)));
        if lead.kind == Kind::Goal {
            context.goal = Some(at);
            self.goals.insert(fold(&name), at);
            self.keep_spelling(at, &name);
        }
        self.fill(context, row, at, &mut used);
        if let Some(part) = self.outline.parts.get_mut(at) {
            part.inside = inside;
            if name != written {
                let heading = table.columns.get(lead.column).map(|own| own.heading.text.as_str()).unwrap_or_default();
                part.notes.push(format!("{heading}: {written}"));
            }
            if part.kind == Kind::Kpi && table.definitions {
                let value = Written::Text("diagnostic".to_owned());
                part.fields
                    .insert(0, Field { key: "role", value, note: None, heading: String::new(), text: String::new() });
            }
        }
        self.leave(context, row, at, &used);
    }

    fn push(&mut self, kind: Kind, name: &str, place: &str) -> usize {
        self.outline.parts.push(Part {
            kind,
            name: name.to_owned(),
            place: place.to_owned(),
            order: self.order,
            id: None,
            inside: None,
            fields: Vec::new(),
            notes: Vec::new(),
            refused: false,
        });
        self.outline.parts.len() - 1
    }

    /// The goal that an objective's cell names, made where it is new.
    fn goal(&mut self, context: &mut Context<'_>, written: &str, place: &str) -> usize {
        let name = unlinked(written);
        let at = match self.goals.get(&fold(name)) {
            Some(at) => *at,
            None => self.push(Kind::Goal, name, place),
        };
        self.keep_spelling(at, written);
        self.goals.insert(fold(name), at);
        context.goal = Some(at);
        at
    }

    /// Keeps how a part is written elsewhere, where that is another spelling.
    fn keep_spelling(&mut self, at: usize, written: &str) {
        let Some(part) = self.outline.parts.get_mut(at).filter(|part| part.name != written) else { return };
        let note = format!("also written: {written}");
        if !part.notes.contains(&note) {
            part.notes.push(note);
        }
    }

    /// The objective that stands above a key result which names none: an export lists them so.
    fn goal_above(&mut self, context: &Context<'_>) -> Option<usize> {
        let table = context.table;
        let goal = context.goal.filter(|_| !table.has(Column::Parent))?;
        self.guess("key results that name no objective belong to the one above them");
        Some(goal)
    }

    /// Tells a guess, once.
    fn guess(&mut self, guess: &str) {
        if !self.outline.guessed.iter().any(|known| known == guess) {
            self.outline.guessed.push(guess.to_owned());
        }
    }

    /// The columns whose cells say what the plan says in another way: what the row is, and the plan's own period.
    fn told_otherwise(&self, table: &Table, row: &Row) -> Vec<usize> {
        let level = table.cell(row, Column::Level).filter(|(_, cell)| said(&cell.shown(), &LEVELS).is_some());
        let period = table.cell(row, Column::Period).filter(|(_, cell)| {
            let own = self.writing.period.map(|period| (period.start, period.end));
            periods::find(&cell.shown(), None).is_some_and(|found| Some((found.start, found.end)) == own)
        });
        level.into_iter().chain(period).map(|(at, _)| at).collect()
    }

    /// Reads the cells that a part has keys for.
    fn fill(&mut self, context: &Context<'_>, row: &Row, at: usize, used: &mut HashSet<usize>) {
        let table = context.table;
        let Some(kind) = self.outline.parts.get(at).map(|part| part.kind) else { return };
        let name = self.outline.parts.get(at).map(|part| part.name.clone()).unwrap_or_default();
        // Its rows are parts of one product: none of them alone is its budget.
        let split = kind == Kind::Product && context.repeated.contains(&fold(&name));
        if split {
            let why = "the product stands in several rows, so its numbers are left to you".to_owned();
            self.outline.unread.push(Unread { place: table.place(row), what: excerpt(&name), why, order: self.order });
        }
        for (column, key, how) in kind.keys().iter().filter(|_| !split) {
            let Some((from, cell)) =
                table.cell(row, *column).filter(|(from, cell)| !used.contains(from) && spreads(*column, cell))
            else {
                continue;
            };
            let text = cell.shown();
            let heading = table.columns.get(from).map(|own| own.heading.text.clone()).unwrap_or_default();
            if says_nothing(&text) {
                continue;
            }
            let baseline = table.cell(row, Column::Baseline).filter(|(_, cell)| !says_nothing(&cell.shown()));
            let asked = Asked {
                key,
                how: *how,
                cell,
                measure: measure(table, row, *column, from),
                baseline: baseline.map(|(at, cell)| (cell, measure(table, row, Column::Baseline, at))),
            };
            match self.writing.values(&asked, &context.calendar) {
                Ok(read) => {
                    let Some(part) = self.outline.parts.get_mut(at) else { continue };
                    for (number, Given { key, value, remarks }) in read.into_iter().enumerate() {
                        let guessed = remarks
                            .iter()
                            .map(|remark| format!("{}, {heading} \"{text}\": {remark}", table.place(row)));
                        self.outline.guessed.extend(guessed);
                        // A column of its own says it better than a part of the target does.
                        if number > 0
                            && kind.keys().iter().any(|(own, name, _)| {
                                *name == key
                                    && table.cell(row, *own).is_some_and(|(_, cell)| !says_nothing(&cell.shown()))
                            })
                        {
                            continue;
                        }
                        if part.fields.iter().any(|field| field.key == key) {
                            part.notes.push(format!("{heading}: {text}"));
                            continue;
                        }
                        // The cell's whole text stands behind the first of its keys.
                        let note =
                            if number == 0 { note_of(&value, cell, remarks) } else { Some(format!("from {heading}")) };
                        part.fields.push(Field { key, value, note, heading: heading.clone(), text: text.clone() });
                    }
                    used.insert(from);
                }
                Err(why) => {
                    used.insert(from);
                    let place = table.place(row);
                    self.refuse(at, &Refusal { key, heading: &heading, text: &text, why: &why }, place);
                }
            }
        }
        for column in [Column::Parent, Column::Product, Column::Objective] {
            if let Some((from, cell)) = table.cell(row, column).filter(|(from, _)| !used.contains(from)) {
                let heading = table.columns.get(from).map(|own| own.heading.text.clone()).unwrap_or_default();
                self.links.push(Link { from: at, column, heading, text: cell.shown() });
                used.insert(from);
            }
        }
        if let Some((_, cell)) = table.cell(row, Column::Id) {
            self.ids.entry(fold(&cell.shown())).or_default().push(at);
        }
    }

    /// Notes what a plan cannot hold, at its place and in the list of what was not read.
    fn refuse(&mut self, at: usize, refusal: &Refusal<'_>, place: String) {
        let Refusal { key, heading, text, why } = refusal;
        if let Some(part) = self.outline.parts.get_mut(at) {
            part.notes.push(format!("{key}: not read; {heading}: {text}"));
        }
        let what = format!("{heading} \"{}\"", excerpt(text));
        self.outline.unread.push(Unread { place, what, why: (*why).to_owned(), order: self.order });
    }

    /// What no key holds stays at its row as a comment.
    fn leave(&mut self, context: &Context<'_>, row: &Row, at: usize, used: &HashSet<usize>) {
        let Some(part) = self.outline.parts.get_mut(at) else { return };
        for (column, cell) in row.own().filter(|(column, _)| !used.contains(column)) {
            let heading = context.table.columns.get(column).map(|own| own.heading.text.trim()).unwrap_or_default();
            let heading = if heading.is_empty() { format!("column {}", letters(column)) } else { heading.to_owned() };
            part.notes.push(format!("{heading}: {}", cell.shown()));
        }
    }

    /// Settles the cells that name other rows.
    fn link(&mut self) {
        let mut names: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, part) in self.outline.parts.iter().enumerate() {
            names.entry(fold(&part.name)).or_default().push(at);
        }
        for link in std::mem::take(&mut self.links) {
            let Some(kind) = self.outline.parts.get(link.from).map(|part| part.kind) else { continue };
            let found = match (kind, link.column) {
                (Kind::Kpi, Column::Product) => self.find(&link, &names, &[Kind::Product]),
                (Kind::Kpi | Kind::Initiative, Column::Parent | Column::Objective) => {
                    self.find(&link, &names, &[Kind::Goal, Kind::Kpi])
                }
                _ => None,
            };
            let found = found.filter(|rows| rows.iter().all(|row| *row != link.from));
            match found {
                Some(rows) => self.settle(&link, kind, &rows),
                None => {
                    let own = self.outline.parts.get_mut(link.from);
                    own.into_iter().for_each(|part| part.notes.push(format!("{}: {}", link.heading, link.text)));
                }
            }
        }
    }

    /// The rows that a cell names, by their ids or names; none where one of them is not there, or could be several.
    fn find(&self, link: &Link, names: &HashMap<String, Vec<usize>>, kinds: &[Kind]) -> Option<Vec<usize>> {
        let one = |text: &str| {
            let text = fold(unlinked(text));
            let of_kind = |at: &usize| self.outline.parts.get(*at).is_some_and(|part| kinds.contains(&part.kind));
            let known = |rows: &HashMap<String, Vec<usize>>| -> Vec<usize> {
                rows.get(&text).into_iter().flatten().copied().filter(of_kind).collect()
            };
            match (known(&self.ids).as_slice(), known(names).as_slice()) {
                ([one], _) | ([], [one]) if !text.is_empty() => Some(*one),
                _ => None,
            }
        };
        one(&link.text)
            .map(|one| vec![one])
            .or_else(|| split(&link.text, &[',', ';', '\n']).iter().map(|text| one(text)).collect())
    }

    fn settle(&mut self, link: &Link, kind: Kind, rows: &[usize]) {
        let goals = rows.iter().all(|row| self.outline.parts.get(*row).is_some_and(|part| part.kind == Kind::Goal));
        let own = self.outline.parts.get(link.from).and_then(|part| part.inside);
        if let ([goal], Kind::Kpi, true, Column::Parent | Column::Objective, None) =
            (rows, kind, goals, link.column, own)
        {
            let name = self.outline.parts.get(*goal).map(|part| part.name.clone()).unwrap_or_default();
            if let Some(part) = self.outline.parts.get_mut(link.from) {
                part.inside = Some(*goal);
                if name != link.text {
                    part.notes.push(format!("{}: {}", link.heading, link.text));
                }
            }
            return;
        }
        let ids: Vec<String> = rows.iter().map(|row| self.id(*row)).collect();
        let (key, value) = match (kind, link.column) {
            (_, Column::Product) => ("product", Written::Text(ids.join(", "))),
            (Kind::Initiative, _) => ("serves", Written::Words(ids)),
            _ => ("drives", Written::Words(ids)),
        };
        if let Some(part) = self.outline.parts.get_mut(link.from) {
            if part.fields.iter().any(|field| field.key == key) {
                part.notes.push(format!("{}: {}", link.heading, link.text));
                return;
            }
            let note = Some(format!("{}: {}", link.heading, link.text));
            part.fields.push(Field { key, value, note, heading: link.heading.clone(), text: link.text.clone() });
        }
    }

    /// The id of a row that others point at, given where it has none.
    fn id(&mut self, at: usize) -> String {
        let Some(part) = self.outline.parts.get_mut(at) else { return String::new() };
        if let Some(id) = &part.id {
            return id.clone();
        }
        let base = match Plan::id_from(&part.name) {
            id if id.is_empty() || id == "plan" => "row".to_owned(),
            id => id.into_owned(),
        };
        let mut id = base.clone();
        while self.taken.contains(&id) {
            let number = self.numbers.entry(base.clone()).or_insert(2);
            id = format!("{base}-{number}");
            *number += 1;
        }
        self.taken.insert(id.clone());
        part.id = Some(id.clone());
        id
    }
}

/// What is known while the rows of a table are read.
struct Context<'t> {
    table: &'t Table,
    calendar: Calendar<'t>,
    /// The objective that was named last.
    goal: Option<usize>,
    /// Products that stand in several rows.
    repeated: HashSet<String>,
}

/// A cell that a plan cannot hold.
struct Refusal<'r> {
    key: &'r str,
    heading: &'r str,
    text: &'r str,
    why: &'r str,
}

fn repeated_products(table: &Table) -> HashSet<String> {
    let mut seen = HashSet::new();
    let names =
        table.rows.iter().filter_map(|row| table.cell(row, Column::Product)).map(|(_, cell)| fold(&cell.shown()));
    names.filter(|name| !seen.insert(name.clone())).collect()
}

/// Whether a cell is a dash, "n/a" or the like.
fn says_nothing(text: &str) -> bool {
    says(text, Said::Nothing) || fold(text).is_empty()
}

/// Merged cells say the same of all their rows where they group them; a number is one row's own.
fn spreads(column: Column, cell: &Cell) -> bool {
    !cell.spread || matches!(column, Column::Team | Column::Owner | Column::By | Column::Cadence | Column::Source)
}

/// A column as a spreadsheet calls it: A, B … Z, AA.
fn letters(column: usize) -> String {
    let letter = char::from(b'A' + u8::try_from(column % 26).unwrap_or_default());
    match (column / 26).checked_sub(1) {
        Some(before) => format!("{}{letter}", letters(before)),
        None => letter.to_string(),
    }
}
