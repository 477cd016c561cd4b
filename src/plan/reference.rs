//! The reference of the format, generated from the tables of keys.

use std::fmt::Write;

use super::budget::Budget;
use super::draft::{Draft, Economics, Workshop};
use super::funnel::{Funnel, Stage};
use super::goal::Goal;
use super::handoff::Handoff;
use super::initiative::{Initiative, Success};
use super::kpi::Kpi;
use super::product::{EconomicKeys, Product};
use super::table::{Key, Part, Shape, Table};
use super::team::Team;
use super::waiver::Waiver;
use crate::metrics::Kind;

const INTRODUCTION: &str = include_str!("reference.md");
const SMALL_PLAN: &str = include_str!("../../examples/first-plan.yaml");
const WHOLE_PLAN: &str = include_str!("reference.yaml");

/// The forms of a quantity, each with what it is.
const QUANTITIES: &[(&str, &str)] = &[
    ("30%", "a share; `0.3` is the same"),
    ("1000", "a number"),
    ("1,000", "a thousand (but see below)"),
    ("1_000", "a thousand"),
    ("1 000", "a thousand"),
    ("1.2M", "1,200,000"),
    ("250k", "250,000"),
    ("2 mln", "two million; also `3 Mio.`, `2 milhões`, `2 millones`"),
    ("€40k", "money; also `40k €`, `EUR 40k`, `40k EUR`, `R$ 400k`"),
    ("3:1", "a ratio"),
    ("4x", "a multiple"),
    ("12 months", "a span of time, from seconds to years"),
    ("50 leads", "a count of something that the name speaks of"),
    ("4/month", "so many in each month"),
    (">= 1000", "a floor, in quotes; also `at least 1000`, `1000+`"),
    ("≤ 5%", "a ceiling; also `at most 5%`, `<= 5%` in quotes"),
    ("10%..15%", "a range, 90% sure that it lies between; also `10–15%`. Rules on points use the middle"),
];

/// The kinds of metric, each with what it tells.
const KINDS: &[(Kind, &str)] = &[
    (Kind::Reach, "how many saw something, or could"),
    (Kind::Engagement, "what they did with it"),
    (Kind::Activity, "what the team puts out"),
    (Kind::LeadVolume, "how many leads, sign-ups or opportunities came"),
    (Kind::LeadQuality, "rates from stage to stage, win rate, cycle length"),
    (Kind::CostEfficiency, "what a result costs: CPC, CPL, CAC, ROAS, payback"),
    (Kind::Revenue, "money that comes in; also pipeline value, bookings, new customers, order value"),
    (Kind::Profitability, "what is left: margin, LTV, LTV:CAC, ROI"),
    (Kind::Retention, "what stays: churn, NRR, renewal, repeat purchase, expansion"),
    (Kind::Satisfaction, "how content customers are"),
    (Kind::Brand, "what people know and think of the brand"),
    (Kind::ProductUsage, "how a product is used"),
    (Kind::Operations, "how the company runs"),
    (Kind::People, "those who work there"),
];

/// One part of the format, as the reference shows it.
struct Section {
    title: &'static str,
    /// Where the part stands in a plan.
    place: &'static str,
    table: &'static Table,
}

const SECTIONS: &[Section] = &[
    Section { title: "Plan", place: "The document itself.", table: Draft::TABLE },
    Section { title: "Workshop", place: "Under `workshop`.", table: Workshop::TABLE },
    Section {
        title: "Plan's economics",
        place: "Under `economics`: any of the [economic keys](#economic-keys), for products that have none of their own.",
        table: Economics::TABLE,
    },
    Section { title: "Goal", place: "A list under `goals`.", table: Goal::TABLE },
    Section { title: "KPI", place: "A list under `kpis`, of the plan or of a goal.", table: Kpi::TABLE },
    Section {
        title: "Product",
        place: "A list under `products`. A product takes the [economic keys](#economic-keys) as well.",
        table: Product::TABLE,
    },
    Section {
        title: "Economic keys",
        place: "Keys of a [product](#product), and of the [plan's economics](#plans-economics).",
        table: EconomicKeys::TABLE,
    },
    Section { title: "Funnel", place: "A list under `funnels`.", table: Funnel::TABLE },
    Section { title: "Stage", place: "A list under `stages` of a funnel, first to last.", table: Stage::TABLE },
    Section { title: "Budget", place: "Under `budget` of the plan.", table: Budget::TABLE },
    Section { title: "Team", place: "Under `teams`, by its name.", table: Team::TABLE },
    Section { title: "Initiative", place: "A list under `initiatives`.", table: Initiative::TABLE },
    Section { title: "Success mark", place: "A list under `success` of an initiative.", table: Success::TABLE },
    Section { title: "Handoff", place: "A list under `handoffs`.", table: Handoff::TABLE },
    Section { title: "Waiver", place: "A list under `waivers`.", table: Waiver::TABLE },
];

/// The reference of the format, as Markdown.
pub fn reference() -> String {
    let mut quantities = String::new();
    for (form, meaning) in QUANTITIES {
        let _ = writeln!(quantities, "| `{form}` | {} |", cell(meaning));
    }
    let mut kinds = String::new();
    for (kind, meaning) in KINDS {
        let _ = writeln!(kinds, "| `{}` | {meaning} |", kind.word());
    }
    let mut page = INTRODUCTION
        .replace("<small plan>", SMALL_PLAN)
        .replace("<quantities>\n", &quantities)
        .replace("<kinds>\n", &kinds)
        .replace("<whole plan>", WHOLE_PLAN);
    for section in SECTIONS {
        write_section(&mut page, section);
    }
    page
}

fn write_section(page: &mut String, section: &Section) {
    let _ = writeln!(page, "\n### {}\n\n{}", section.title, section.place);
    if section.table.keys.is_empty() {
        return;
    }
    let _ = writeln!(page, "\n| key | takes | what it says |\n|---|---|---|");
    for key in section.table.keys {
        let star = if key.required { " *" } else { "" };
        let _ = writeln!(page, "| `{}`{star} | {} | {} |", key.name, cell(&takes(&(key.shape)())), cell(&words(key)));
    }
}

/// What a key says, as one line.
pub(super) fn words(key: &Key) -> String {
    key.words.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ")
}

fn takes(shape: &Shape) -> String {
    match shape {
        Shape::Text(text) | Shape::Number(text) => (*text).to_owned(),
        Shape::Flag => "`true` or `false`".to_owned(),
        Shape::Words(words) => words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" · "),
        Shape::List(item) => format!("a list, each {}", takes(item)),
        Shape::OneOrMany(item) => format!("{}; or a list", takes(item)),
        Shape::Map(item) => format!("names, each with {}", takes(item)),
        Shape::Part(table) => link(table),
        Shape::PartOrText(table) => format!("{}, or a plain text", link(table)),
    }
}

/// A part's name that leads to its section.
fn link(table: &'static Table) -> String {
    let title = SECTIONS.iter().find(|section| section.table.part == table.part).map_or("", |section| section.title);
    let anchor = title.to_lowercase().replace(' ', "-").replace('\'', "");
    format!("[{}](#{anchor})", table.part)
}

/// A text that stands in a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use hashbrown::HashMap;
    use std::collections::BTreeSet;
    use std::sync::Arc;

    use super::*;
    use crate::metrics::dictionary;
    use crate::plan::quantity::{Quantity, SignMeans};
    use crate::plan::{Loader, read};
    use crate::source::Source;
    use crate::yaml::{self, NodeId, Tree, Value};

    struct Company;

    impl Loader for Company {
        fn load(&self, _: &str, path: &str) -> Result<Arc<Source>, String> {
            Ok(Arc::new(Source::new(path, "plan: Company\ngoals: [{name: Revenue, target: 9M}]\n")))
        }
    }

    #[test]
    fn the_whole_plan_reads_without_problems() {
        let source = Arc::new(Source::new("reference.yaml", WHOLE_PLAN));
        let reading = read(&source, dictionary(), &Company);
        assert_eq!(reading.problems, []);
        assert_eq!(reading.plans[0].extended.len(), 1);
    }

    #[test]
    fn the_whole_plan_has_every_key_of_every_table() {
        let source = Arc::new(Source::new("reference.yaml", WHOLE_PLAN));
        let (tree, _) = yaml::parse(&source);
        let mut seen = HashMap::new();
        collect(&tree, tree.documents()[0], &Shape::Part(Draft::TABLE), &mut seen);
        for section in SECTIONS {
            let known: BTreeSet<String> = section.table.keys.iter().map(|key| key.name.to_owned()).collect();
            let seen = seen.remove(section.table.part).unwrap_or_default();
            assert_eq!(known.difference(&seen).collect::<Vec<_>>(), Vec::<&String>::new(), "{}", section.title);
        }
    }

    /// The keys that stand in a plan, by the part that they belong to.
    fn collect(tree: &Tree, node: NodeId, shape: &Shape, seen: &mut HashMap<&'static str, BTreeSet<String>>) {
        match (shape, tree.value(node)) {
            (Shape::List(item) | Shape::OneOrMany(item), Value::List(items)) => {
                items.iter().for_each(|&each| collect(tree, each, item, seen));
            }
            (Shape::Map(item), Value::Mapping(entries)) => {
                entries.chunks_exact(2).for_each(|entry| collect(tree, entry[1], item, seen));
            }
            (Shape::Part(table) | Shape::PartOrText(table), Value::Mapping(entries)) => {
                for entry in entries.chunks_exact(2) {
                    let Value::Text(name) = tree.value(entry[0]) else { panic!() };
                    let own = [Some(*table), table.shares].into_iter().flatten();
                    let (table, key) = own
                        .flat_map(|table| table.keys.iter().map(move |key| (table, key)))
                        .find(|(_, key)| key.name == name)
                        .unwrap();
                    seen.entry(table.part).or_default().insert(name.to_owned());
                    collect(tree, entry[1], &(key.shape)(), seen);
                }
            }
            _ => {}
        }
    }

    #[test]
    fn every_part_has_a_section() {
        fn visit(table: &'static Table, visited: &mut BTreeSet<&'static str>) {
            if visited.insert(table.part) {
                table.shares.into_iter().for_each(|shared| visit(shared, visited));
                table.keys.iter().for_each(|key| inside(&(key.shape)(), visited));
            }
        }
        fn inside(shape: &Shape, visited: &mut BTreeSet<&'static str>) {
            match shape {
                Shape::Part(table) | Shape::PartOrText(table) => visit(table, visited),
                Shape::List(item) | Shape::OneOrMany(item) | Shape::Map(item) => inside(item, visited),
                _ => {}
            }
        }
        let mut visited = BTreeSet::new();
        visit(Draft::TABLE, &mut visited);
        let shown: BTreeSet<&str> = SECTIONS.iter().map(|section| section.table.part).collect();
        assert_eq!(visited, shown);
    }

    #[test]
    fn every_kind_of_metric_is_told() {
        let told: Vec<&str> = KINDS.iter().map(|(kind, _)| kind.word()).collect();
        assert_eq!(told, Kind::WORDS);
    }

    #[test]
    fn every_form_of_a_quantity_that_the_page_names_is_read() {
        let also = ["0.3", "3 Mio.", "2 milhões", "2 millones", "40k €", "EUR 40k", "40k EUR", "R$ 400k"];
        let also = also.into_iter().chain(["at least 1000", "1000+", "at most 5%", "<= 5%", "10–15%", "over 1000"]);
        for form in QUANTITIES.iter().map(|(form, _)| *form).chain(also) {
            assert!(reference().contains(&format!("`{form}`")), "{form}");
            Quantity::parse(form, None, SignMeans::Change).unwrap();
        }
    }

    #[test]
    fn every_link_within_the_page_leads_to_a_heading() {
        let page = reference();
        let anchors: BTreeSet<String> = page
            .lines()
            .filter(|line| line.starts_with('#'))
            .map(|line| line.trim_start_matches('#').trim().to_lowercase().replace(' ', "-").replace(['\'', '`'], ""))
            .collect();
        for link in page.split("](#").skip(1).filter_map(|rest| rest.split(')').next()) {
            assert!(anchors.contains(link), "{link}");
        }
    }
}
