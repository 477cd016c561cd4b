//! YAML: metric files of dbt, and lists of KPIs or objectives, each item a row and each key a column.

use std::sync::Arc;

use std::collections::BTreeMap;

use super::error::{ImportError, TooMuch};
use super::sheet::{Cell, Counted, MOST_COLUMNS, MOST_ROWS, MOST_TEXT, Row, Sheet};
use crate::source::Source;
use crate::yaml::{self, NodeId, Tree, Value};

/// The keys under which a file holds a list of things that are measured.
const LISTS: [&str; 8] = ["metrics", "kpis", "indicators", "okrs", "objectives", "goals", "indicadores", "metricas"];
/// The keys under which an objective holds its key results.
const RESULTS: [&str; 6] = ["key_results", "keyResults", "krs", "key-results", "results", "kpis"];

/// How many nodes are visited, and how deep: aliases let a small file unfold into any number of them.
const MOST_VISITS: usize = 2_000_000;
const DEEPEST: usize = 128;

/// The lists of a file; and whether they only define what is measured.
pub(super) fn read(name: &str, text: &str) -> Result<(Vec<Sheet>, bool), ImportError> {
    let source = Arc::new(Source::new(name, text));
    let (tree, faults) = yaml::parse(&source);
    if let Some(fault) = faults.first() {
        let line = source.position(fault.span.start).line;
        return Err(ImportError::Yaml { line, message: fault.kind.to_string() });
    }
    let mut reader = Reader {
        source: &source,
        tree: &tree,
        sheets: Vec::new(),
        definitions: false,
        rows: 0,
        text: 0,
        visits: 0,
        depth: 0,
    };
    for &root in tree.documents() {
        if tree.get(root, "plan").is_some() {
            return Err(ImportError::Plan);
        }
        reader.document(root, None)?;
    }
    Ok((reader.sheets, reader.definitions))
}

struct Reader<'s> {
    source: &'s Source,
    tree: &'s Tree,
    sheets: Vec<Sheet>,
    definitions: bool,
    /// Rows, bytes of text and nodes that were met so far; and how deep the one is that is being read.
    rows: usize,
    text: usize,
    visits: usize,
    depth: usize,
}

impl Reader<'_> {
    /// Goes into a node, as often and as deep as any file needs.
    fn enter<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, ImportError>) -> Result<T, ImportError> {
        self.visits += 1;
        self.depth += 1;
        if self.visits > MOST_VISITS || self.depth > DEEPEST {
            return Err(ImportError::TooMuch(TooMuch::Repeated));
        }
        let read = read(self);
        self.depth -= 1;
        read
    }

    /// Counts text that a cell is to hold.
    fn hold(&mut self, text: &str) -> Result<(), ImportError> {
        self.text += text.len();
        if self.text > MOST_TEXT { Err(ImportError::TooMuch(TooMuch::Text)) } else { Ok(()) }
    }

    fn document(&mut self, node: NodeId, name: Option<&str>) -> Result<(), ImportError> {
        let tree = self.tree;
        match tree.value(node) {
            Value::List(items) => self.list(items, name),
            Value::Mapping(_) => {
                for key in LISTS {
                    if let Some(list) = tree.get(node, key) {
                        self.enter(|reader| reader.document(list, Some(key)))?;
                    }
                }
                // dbt's newer files hold the metrics in the models that they are of.
                for models in ["models", "semantic_models"].into_iter().filter_map(|key| tree.get(node, key)) {
                    if let Value::List(models) = tree.value(models) {
                        for model in models {
                            self.enter(|reader| reader.document(*model, None))?;
                        }
                    }
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn list(&mut self, items: &[NodeId], name: Option<&str>) -> Result<(), ImportError> {
        const DBT_TYPES: [&str; 5] = ["simple", "ratio", "cumulative", "derived", "conversion"];
        let is_dbt = |item: &NodeId| {
            let kind = self.tree.get(*item, "type").map(|kind| self.tree.value(kind));
            ["type_params", "calculation_method", "agg"].iter().any(|key| self.tree.get(*item, key).is_some())
                || matches!(kind, Some(Value::Text(kind)) if DBT_TYPES.contains(&kind))
                || (kind.is_some() && self.tree.get(*item, "label").is_some())
        };
        let dbt = !items.is_empty() && items.iter().all(is_dbt);
        self.definitions |= dbt;
        let mut table = Columns::default();
        let naming = match name {
            Some("objectives" | "okrs" | "goals") => "Objective",
            _ => "KPI",
        };
        for item in items {
            self.item(*item, naming, dbt, &mut table, &[])?;
        }
        let mut headings: Vec<(String, usize)> = table.columns.into_iter().collect();
        headings.sort_by_key(|(_, at)| *at);
        let first = table.rows.first().map_or(1, |row| row.number);
        let heading = Row { number: first, cells: headings.iter().map(|(heading, _)| Cell::text(heading)).collect() };
        let rows = std::iter::once(heading).chain(table.rows).collect();
        self.sheets.push(Sheet { name: name.map(str::to_owned), rows, counted: Counted::Lines, headed: true });
        Ok(())
    }

    fn item(
        &mut self,
        item: NodeId,
        naming: &str,
        dbt: bool,
        table: &mut Columns,
        above: &[(String, String)],
    ) -> Result<(), ImportError> {
        self.rows += 1;
        if self.rows > MOST_ROWS {
            return Err(ImportError::TooMuch(TooMuch::Rows));
        }
        let tree = self.tree;
        let number = self.source.position(tree.span(item).start).line;
        above.iter().try_for_each(|(_, text)| self.hold(text))?;
        let mut cells: Vec<(String, String)> = above.to_vec();
        let mut results = Vec::new();
        match tree.value(item) {
            Value::Mapping(entries) => {
                let has_label = tree.get(item, "label").is_some();
                let has_name = ["name", "title"].iter().any(|key| tree.get(item, key).is_some());
                for entry in entries.chunks_exact(2) {
                    let &[key, value] = entry else { continue };
                    let Value::Text(key) = tree.value(key) else { continue };
                    if let (true, Value::List(items)) = (RESULTS.contains(&key), tree.value(value)) {
                        results.extend_from_slice(items);
                        continue;
                    }
                    let heading = match key {
                        "label" if dbt || !has_name => naming,
                        "name" if dbt && has_label => "Source",
                        "name" | "title" => naming,
                        "type" if dbt => "dbt type",
                        "objective" => "Objective",
                        // What is to be reached, or what it is for: its values tell.
                        "goal" => "Goal",
                        "kpi" | "metric" => "KPI",
                        other => other,
                    };
                    let text = self.flat(value)?;
                    let text = if heading == "Source" { format!("dbt metric {text}") } else { text };
                    cells.push((heading.to_owned(), text));
                }
            }
            Value::Text(_) => cells.push((naming.to_owned(), self.flat(item)?)),
            _ => cells.push(("Not read".to_owned(), self.flat(item)?)),
        }
        let named = cells.iter().find(|(heading, _)| heading == naming).cloned();
        table.push(number, cells)?;
        let objective = named.map(|(_, name)| ("Objective".to_owned(), name));
        for result in results {
            let above: Vec<_> = objective.iter().cloned().collect();
            self.enter(|reader| reader.item(result, "Key result", false, table, &above))?;
        }
        Ok(())
    }

    /// A value on one line.
    fn flat(&mut self, node: NodeId) -> Result<String, ImportError> {
        self.enter(|reader| {
            let mut text = String::new();
            let mut add = |item: &str| {
                if !text.is_empty() {
                    text.push_str(", ");
                }
                text.push_str(item);
            };
            match reader.tree.value(node) {
                Value::Null => {}
                Value::Text(own) => {
                    let own = own.trim();
                    reader.hold(own)?;
                    add(own);
                }
                Value::List(items) => {
                    for item in items {
                        add(&reader.flat(*item)?);
                    }
                }
                Value::Mapping(entries) => {
                    for entry in entries.chunks_exact(2) {
                        let &[key, value] = entry else { continue };
                        add(&format!("{}: {}", reader.flat(key)?, reader.flat(value)?));
                    }
                }
            }
            Ok(text)
        })
    }
}

/// Rows whose columns are found while they are read.
#[derive(Default)]
struct Columns {
    columns: BTreeMap<String, usize>,
    rows: Vec<Row>,
}

impl Columns {
    fn push(&mut self, number: usize, cells: Vec<(String, String)>) -> Result<(), ImportError> {
        let mut row = Row { number, cells: Vec::new() };
        for (heading, text) in cells {
            let next = self.columns.len();
            let at = *self.columns.entry(heading).or_insert(next);
            if row.cells.len() <= at {
                row.cells.resize(at + 1, Cell::default());
            }
            if let Some(place) = row.cells.get_mut(at) {
                *place = Cell::text(&text);
            }
        }
        if row.own().next().is_some() {
            self.rows.push(row);
        }
        if self.columns.len() > MOST_COLUMNS { Err(ImportError::TooMuch(TooMuch::Columns)) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> (Vec<Vec<String>>, bool) {
        let (sheets, definitions) = read("x.yaml", text).unwrap();
        let rows = sheets.iter().flat_map(|sheet| &sheet.rows);
        (rows.map(|row| row.cells.iter().map(Cell::shown).collect()).collect(), definitions)
    }

    #[test]
    fn a_dbt_metric_is_a_definition_named_by_its_label() {
        let text = "metrics:\n  - name: new_arr\n    label: New ARR\n    description: Booked\n    type: simple\n    type_params: {measure: arr}\n";
        let (rows, definitions) = shown(text);
        assert!(definitions);
        assert_eq!(rows[0], ["Source", "KPI", "description", "dbt type", "type_params"]);
        assert_eq!(rows[1], ["dbt metric new_arr", "New ARR", "Booked", "simple", "measure: arr"]);
    }

    #[test]
    fn a_dbt_metric_without_a_label_or_parameters_is_one_too() {
        let text = "metrics:\n  - {name: new_arr, label: New ARR, type: simple, type_params: {measure: arr}}\n  - {name: active_users, type: cumulative}\n";
        let (rows, definitions) = shown(text);
        assert!(definitions);
        assert_eq!(rows[0][..2], ["Source", "KPI"]);
        assert_eq!(rows[2][1], "active_users");
    }

    #[test]
    fn a_goal_and_a_label_beside_a_name_are_no_other_name() {
        let (rows, _) = shown("kpis:\n  - {title: Leads, goal: 1200, label: paid}\n  - {title: Demos, goal: 30}\n");
        assert_eq!(rows[0], ["KPI", "Goal", "label"]);
        assert_eq!(rows[1], ["Leads", "1200", "paid"]);
    }

    #[test]
    fn objectives_hold_their_key_results() {
        let text =
            "objectives:\n  - title: Grow\n    owner: Ana\n    key_results:\n      - {title: New ARR, target: 1M}\n";
        let (rows, definitions) = shown(text);
        assert!(!definitions);
        assert_eq!(rows[0], ["Objective", "owner", "Key result", "target"]);
        assert_eq!(rows[1], ["Grow", "Ana"]);
        assert_eq!(rows[2], ["Grow", "", "New ARR", "1M"]);
    }

    #[test]
    fn a_small_file_that_unfolds_without_end_is_refused() {
        let level = |at: usize, inside: &str| {
            let again = vec![format!("*x{}", at - 1); 10].join(", ");
            format!("x{at}: &x{at} {}\n", inside.replace("[]", &format!("[{again}]")))
        };
        let nested = |first: &str, inside: &str, levels: usize| {
            let rest: String = (1..=levels).map(|at| level(at, inside)).collect();
            format!("x0: &x0 {first}\n{rest}")
        };
        let chain: String = (1..500).map(|at| format!("x{at}: &x{at} {{models: [*x{}]}}\n", at - 1)).collect();
        let text = format!("x: &x '{}'\nkpis:\n", "word ".repeat(50_000));
        let cases = [
            (nested("{models: []}", "{models: []}", 12) + "models: [*x12]\n", TooMuch::Repeated),
            (nested("[]", "[]", 12) + "kpis: [{name: A, note: *x12}]\n", TooMuch::Repeated),
            (format!("x0: &x0 {{models: []}}\n{chain}models: [*x499]\n"), TooMuch::Repeated),
            (text + &"- {name: A, note: *x}\n".repeat(200), TooMuch::Text),
            (
                "kpis:\n".to_owned() + &(0..300).map(|at| format!("- {{k{at}: 1}}\n")).collect::<String>(),
                TooMuch::Columns,
            ),
        ];
        for (text, why) in cases {
            assert_eq!(read("x", &text).err(), Some(ImportError::TooMuch(why)));
        }
    }

    #[test]
    fn a_list_of_names_is_one_of_kpis_and_a_plan_is_none() {
        assert_eq!(
            shown("- Leads\n- {name: SQLs, target: 300}\n").0,
            [vec!["KPI", "target"], vec!["Leads"], vec!["SQLs", "300"]]
        );
        assert_eq!(read("x", "plan: a\nkpis: [b]\n").unwrap_err(), ImportError::Plan);
        assert!(matches!(read("x", "a: [b"), Err(ImportError::Yaml { line: 1.., .. })));
    }
}
