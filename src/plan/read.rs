//! From a text to plans: documents, the plans that they extend, and every problem of the text.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::thread::{self, ThreadId};

use hashbrown::{HashMap, HashSet};

use super::decode::{Allowance, Decoder};
use super::draft::Draft;
use super::problem::{ExtendsFault, Problem, What};
use super::resolve::resolve;
use super::table::Part;
use super::{Item, Plan, Text};
use crate::metrics::Dictionary;
use crate::plan::quantity::{CurrencyCode, Locale};
use crate::source::{Source, Span};
use crate::yaml::{self, Fault, NodeId, Tree, Value};

/// Gives the texts of plans that are extended.
pub trait Loader {
    /// The text at `path`, as written in the source named `from`; or why it cannot be had.
    fn load(&self, from: &str, path: &str) -> Result<Arc<Source>, String>;

    /// The plans that were extended before, where they are kept.
    fn shared(&self) -> Option<&SharedPlans> {
        None
    }
}

/// The plans that were extended last: where many plans extend one, it is read once by each thread. Threads with one plan in common
/// would wait for each other: whenever one counts who holds a text of it, and when one gives back the memory of the other.
#[derive(Debug, Default)]
pub struct SharedPlans(Mutex<HashMap<ThreadId, VecDeque<SharedText>>>);

/// A text, with the plans that it gave.
#[derive(Debug)]
struct SharedText {
    source: Arc<Source>,
    /// The address of the dictionary that it was read with; dictionaries live as long as the process.
    dictionary: usize,
    plans: Vec<Arc<Plan>>,
}

impl SharedPlans {
    /// Texts that are kept for a thread.
    const MOST: usize = 4;

    fn get(&self, source: &Source, dictionary: &Dictionary) -> Option<Vec<Arc<Plan>>> {
        let kept = self.0.lock().ok()?;
        let same = |kept: &&SharedText| {
            kept.dictionary == std::ptr::from_ref(dictionary).addr()
                && kept.source.name() == source.name()
                && kept.source.text() == source.text()
        };
        kept.get(&thread::current().id())?.iter().find(same).map(|kept| kept.plans.clone())
    }

    /// Keeps plans that extend nothing themselves: what others give would depend on the way by which they were reached.
    fn keep(&self, source: &Arc<Source>, dictionary: &Dictionary, plans: &[Arc<Plan>]) {
        if plans.iter().any(|plan| plan.head.extends.is_some()) {
            return;
        }
        let dictionary = std::ptr::from_ref(dictionary).addr();
        let text = SharedText { source: Arc::clone(source), dictionary, plans: plans.to_vec() };
        let Ok(mut kept) = self.0.lock() else { return };
        let own = kept.entry(thread::current().id()).or_default();
        own.push_front(text);
        let oldest = if own.len() > Self::MOST { own.pop_back() } else { None };
        // Nobody waits until its memory is given back.
        drop(kept);
        drop(oldest);
    }
}

/// For texts that stand alone: nothing can be extended.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoFiles;

impl Loader for NoFiles {
    fn load(&self, _: &str, _: &str) -> Result<Arc<Source>, String> {
        Err("a text from memory or standard input has no folder to look in".to_owned())
    }
}

/// What one text gave.
#[derive(Debug, Default)]
pub struct Reading {
    /// Its plans, whole ones only.
    pub plans: Vec<Plan>,
    /// Everything that is wrong with it. Where there is anything, no plan of it is to be audited.
    pub problems: Vec<Problem>,
}

/// Reads all plans of a text.
pub fn read(source: &Arc<Source>, dictionary: &Dictionary, loader: &dyn Loader) -> Reading {
    Reader::new(source, dictionary, loader).read(source)
}

/// Reads a text that was found in a folder: `None` where it does not look like it holds a plan. It
/// does where a document has `plan` and one of the lists or `extends`, or two of the lists, or where it is not
/// YAML and a line begins with `plan:`.
pub fn read_found(source: &Arc<Source>, dictionary: &Dictionary, loader: &dyn Loader) -> Option<Reading> {
    let (tree, faults) = yaml::parse(source);
    let plan = tree.documents().iter().any(|&root| is_plan(&tree, root));
    let broken = !faults.is_empty() && source.text().lines().any(|line| line.starts_with("plan:"));
    let mut reader = Reader::new(source, dictionary, loader);
    (plan || broken).then(|| reader.read_tree(source, tree, faults))
}

/// What a plan has at least one of, unless it extends another.
const LISTS: [&str; 4] = ["goals", "kpis", "products", "initiatives"];

fn is_plan(tree: &Tree, root: NodeId) -> bool {
    let has = |key| tree.get(root, key).is_some();
    let lists = LISTS.into_iter().filter(|key| has(key)).count();
    lists >= 2 || (has("plan") && (lists == 1 || has("extends")))
}

struct Reader<'r> {
    dictionary: &'r Dictionary,
    loader: &'r dyn Loader,
    /// The sources that are being read, each extended by the one before.
    chain: Vec<String>,
    /// What the extended texts gave, by name: several plans may extend one.
    loaded: HashMap<String, Result<Vec<Arc<Plan>>, ExtendsFault>>,
    /// Where in the chain a circle of `extends` came back to, until all of it is told.
    circle: Option<usize>,
    too_deep: bool,
}

impl<'r> Reader<'r> {
    fn new(source: &Source, dictionary: &'r Dictionary, loader: &'r dyn Loader) -> Self {
        let chain = vec![source.name().to_owned()];
        Self { dictionary, loader, chain, loaded: HashMap::new(), circle: None, too_deep: false }
    }

    fn read(&mut self, source: &Arc<Source>) -> Reading {
        let (tree, faults) = yaml::parse(source);
        self.read_tree(source, tree, faults)
    }

    fn read_tree(&mut self, source: &Arc<Source>, tree: Tree, faults: Vec<Fault>) -> Reading {
        /// A text of which the tree is kept with its plans. That of a longer one is read again where it is needed.
        const KEPT: usize = 1 << 16;
        let tree = Arc::new(tree);
        let mut problems: Vec<Problem> = faults.into_iter().map(Problem::from).collect();
        let mut plans = Vec::new();
        let documents: Vec<NodeId> = tree.documents().iter().copied().filter(|&root| !tree.is_null(root)).collect();
        if documents.is_empty() && problems.is_empty() {
            let comments = source.text().lines().any(|line| line.trim_start().starts_with('#'));
            problems.push(Problem::new(Span::default(), if comments { What::OnlyComments } else { What::Empty }));
        }
        let mut allowance = Allowance::of(source);
        for (document, root) in documents.into_iter().enumerate() {
            let mut decoder = Decoder::new(source, &tree, root, allowance);
            plans.extend(self.document(source, document, root, &mut decoder));
            allowance = decoder.allowance();
            let stopped = decoder.is_stopped();
            problems.extend(without_its_names(decoder.into_problems()));
            if stopped {
                break;
            }
        }
        if source.text().len() <= KEPT {
            plans.iter_mut().for_each(|plan: &mut Plan| plan.tree = Some(Arc::clone(&tree)));
        }
        problems.sort_by_key(|problem| problem.span);
        // What is read through several aliases is told once.
        let mut told = HashSet::new();
        problems.retain(|problem| told.insert((problem.span, problem.what.to_string())));
        Reading { plans, problems }
    }

    fn document(
        &mut self,
        source: &Arc<Source>,
        document: usize,
        root: NodeId,
        decoder: &mut Decoder<'_>,
    ) -> Option<Plan> {
        let Value::Mapping(entries) = decoder.value(root) else {
            decoder.report(first_line(source, decoder.span(root)), What::NotAPlan);
            return None;
        };
        let first = entries.first().map_or(Span::default(), |&key| decoder.span(key));
        let means_a_plan = entries.chunks_exact(2).filter_map(|entry| entry.first()).any(|&key| {
            let Value::Text(name) = decoder.value(key) else { return false };
            let own = Draft::TABLE.all().find(|key| key.name == name).map(|key| key.name);
            let meant = own.or_else(|| decoder.nearest_key(name, Draft::TABLE));
            name.eq_ignore_ascii_case("plan") || meant.is_some_and(|key| LISTS.contains(&key))
        });
        if !means_a_plan {
            decoder.report(first, What::NotAPlan);
            return None;
        }
        settle_writing(root, decoder);
        let draft: Draft = decoder.part(root)?;
        if decoder.is_stopped() {
            return None;
        }
        if draft.is_bare() && decoder.is_clean() {
            decoder.report(draft.plan.span, What::Nothing);
        }
        let extended = self.extended(source, &draft, decoder);
        Some(resolve(source, document, draft, extended, self.dictionary, decoder))
    }

    /// The plans that a draft extends, and those that they extend in turn.
    fn extended(&mut self, source: &Source, draft: &Draft, decoder: &mut Decoder<'_>) -> Vec<Arc<Plan>> {
        let mut plans: Vec<Arc<Plan>> = Vec::new();
        for path in draft.extends.iter().flat_map(|paths| paths.iter()) {
            match self.load(source, path) {
                Ok(loaded) => {
                    if let Some(fault) = foreign_currency(&loaded, decoder.currency) {
                        decoder.report(path.span, What::Extends { path: path.value.to_string(), fault });
                    }
                    for plan in loaded.iter().flat_map(|plan| plan.extended.iter().chain([plan])) {
                        if !plans.iter().any(|known| Arc::ptr_eq(known, plan)) {
                            plans.push(Arc::clone(plan));
                        }
                    }
                }
                Err(fault) => {
                    decoder.report(path.span, What::Extends { path: path.value.to_string(), fault });
                }
            }
        }
        plans
    }

    fn load(&mut self, source: &Source, path: &Item<Text>) -> Result<Vec<Arc<Plan>>, ExtendsFault> {
        const DEEPEST: usize = 16;
        let text = self.loader.load(source.name(), path).map_err(ExtendsFault::Unloaded)?;
        let own = self.chain.len().saturating_sub(1);
        if let Some(at) = self.chain.iter().position(|name| name == text.name()) {
            if at == own {
                return Err(ExtendsFault::Itself);
            }
            self.circle = Some(self.circle.map_or(at, |outer| outer.min(at)));
            return Err(ExtendsFault::Circle);
        }
        if let Some(known) = self.loaded.get(text.name()) {
            return known.clone();
        }
        if self.chain.len() >= DEEPEST {
            self.too_deep = true;
            return Err(ExtendsFault::TooDeep);
        }
        if let Some(plans) = self.loader.shared().and_then(|shared| shared.get(&text, self.dictionary)) {
            self.loaded.insert(text.name().to_owned(), Ok(plans.clone()));
            return Ok(plans);
        }
        self.chain.push(text.name().to_owned());
        // Threads that keep parts of one text would wait for each other.
        let reading = self.read(&Arc::new(text.copy()));
        self.chain.pop();
        let read = match self.circle {
            _ if reading.problems.is_empty() => {
                let plans: Vec<Arc<Plan>> = reading.plans.into_iter().map(Arc::new).collect();
                if let Some(shared) = self.loader.shared() {
                    shared.keep(&text, self.dictionary, &plans);
                }
                Ok(plans)
            }
            _ if self.too_deep => Err(ExtendsFault::TooDeep),
            Some(at) if at <= own => Err(ExtendsFault::Circle),
            _ => Err(ExtendsFault::Unreadable),
        };
        self.circle = self.circle.filter(|at| *at < own);
        self.loaded.insert(text.name().to_owned(), read.clone());
        read
    }
}

/// Of a document of which a plan that it extends could not be had, the problems that do not follow from that: what an id would
/// stand for is not known.
fn without_its_names(mut problems: Vec<Problem>) -> Vec<Problem> {
    let is_lost = |problem: &Problem| match &problem.what {
        What::Extends { fault, .. } => !matches!(fault, ExtendsFault::Currency { .. }),
        _ => false,
    };
    if problems.iter().any(is_lost) {
        const NAMED_THERE: [&str; 4] = ["goal or KPI", "goal", "KPI", "product"];
        problems
            .retain(|problem| !matches!(problem.what, What::UnknownId { sought, .. } if NAMED_THERE.contains(&sought)));
    }
    problems
}

/// An amount of an extended plan is taken as it stands: another currency would make another amount of it.
fn foreign_currency(loaded: &[Arc<Plan>], own: Option<CurrencyCode>) -> Option<ExtendsFault> {
    let own = own?;
    let plans = loaded.iter().flat_map(|plan| plan.extended.iter().chain([plan]));
    let mut currencies = plans.filter_map(|plan| plan.head.currency.as_ref());
    let theirs = currencies.find(|currency| currency.value != own)?;
    Some(ExtendsFault::Currency { theirs: theirs.value, own })
}

/// How numbers are written must be known before the first of them is read.
fn settle_writing(root: NodeId, decoder: &mut Decoder<'_>) {
    decoder.locale = text_of(root, "locale", decoder).and_then(|text| Locale::parse(text).ok());
    decoder.currency = text_of(root, "currency", decoder).and_then(|text| CurrencyCode::parse(text).ok());
}

fn text_of<'t>(root: NodeId, key: &str, decoder: &mut Decoder<'t>) -> Option<&'t str> {
    let node = decoder.peek(root, key)?;
    match decoder.value(node) {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

fn first_line(source: &Source, span: Span) -> Span {
    let line = source.line_at(span.start);
    Span { start: span.start, end: span.end.min(line.end) }
}
