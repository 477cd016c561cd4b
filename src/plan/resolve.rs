//! Settling a draft: ids are made, references are resolved, and what the names of goals and KPIs say is read.

use std::borrow::Cow;
use std::sync::Arc;

use hashbrown::{HashMap, HashSet};
use petgraph::algo::kosaraju_scc;
use petgraph::graph::DiGraph;

use super::decode::Decoder;
use super::draft::Draft;
use super::from_name::read_name;
use super::kpi::Kpi;
use super::problem::{Problem, What};
use super::quantity::Unit;
use super::text::Text;
use super::value::{Item, List, Placed};
use super::{
    Entity, FromName, Funnel, Goal, GoalOrKpi, Handoff, Initiative, MetricRef, Named, Names, Plan, Product, Subject,
    meant,
};
use crate::metrics::Dictionary;
use crate::source::{Source, Span};

/// Makes a whole plan of a draft; what is wrong is reported to the decoder.
pub(super) fn resolve(
    source: &Arc<Source>,
    document: usize,
    mut draft: Draft,
    extended: Vec<Arc<Plan>>,
    dictionary: &Dictionary,
    decoder: &mut Decoder<'_>,
) -> Plan {
    let mut goals = take(&mut draft.goals);
    let kpis = flatten(&mut goals, take(&mut draft.kpis));

    let labels = goals.iter().map(|goal| goal.label()).chain(kpis.iter().map(|(_, kpi)| kpi.label())).collect();
    let (metric_ids, metric_names) = settle(labels, decoder);
    let mut metric_ids = metric_ids.into_iter();
    let goals: Vec<Entity<Goal>> = goals.into_iter().map(|goal| entity(goal, &mut metric_ids)).collect();
    let kpis: Vec<Entity<Kpi>> =
        kpis.into_iter().map(|(nested_in, kpi)| Entity { nested_in, ..entity(kpi, &mut metric_ids) }).collect();
    let (products, product_names) = named(take(&mut draft.products), decoder);
    let (funnels, _) = named(take(&mut draft.funnels), decoder);
    let (initiatives, _) = named(take(&mut draft.initiatives), decoder);
    let (handoffs, _) = named(take(&mut draft.handoffs), decoder);

    let mut names = Names {
        metrics: HashMap::with_capacity(goals.len() + kpis.len()),
        products: HashMap::with_capacity(products.len()),
    };
    for (at, goal) in goals.iter().enumerate() {
        names.metrics.insert(goal.id.clone(), Named::One(MetricRef::goal(at)));
    }
    for (at, kpi) in kpis.iter().enumerate() {
        names.metrics.insert(kpi.id.clone(), Named::One(MetricRef { plan: 0, which: GoalOrKpi::Kpi(at) }));
    }
    for (at, product) in products.iter().enumerate() {
        names.products.insert(product.id.clone(), Named::One((0, at)));
    }
    names.metrics.extend(metric_names.into_iter().map(|id| (id, Named::Several)));
    names.products.extend(product_names.into_iter().map(|id| (id, Named::Several)));
    names.inherit_from(&extended);

    let mut plan = Plan {
        source: Arc::clone(source),
        document,
        head: draft,
        goals,
        kpis,
        products,
        funnels,
        initiatives,
        handoffs,
        extended,
        tree: None,
        names,
    };
    for goal in &mut plan.goals {
        read_name(goal, plan.head.period.as_deref(), dictionary, decoder);
    }
    for kpi in &mut plan.kpis {
        read_name(kpi, plan.head.period.as_deref(), dictionary, decoder);
    }
    check_references(&plan, decoder);
    check_circles(&plan, decoder);
    check_deadlines(&plan, decoder);
    check_metrics(&plan, dictionary, decoder);
    check_counted_words(&plan, decoder);
    plan
}

fn take<T>(list: &mut Option<Placed<List<T>>>) -> Vec<Box<T>> {
    list.as_mut()
        .map_or_else(Vec::new, |list| std::mem::take(&mut list.value.0).into_iter().map(|item| item.value).collect())
}

/// All KPIs in the order of the text, each with the goal that it is nested in.
fn flatten(goals: &mut [Box<Goal>], kpis: impl IntoIterator<Item = Box<Kpi>>) -> Vec<(Option<usize>, Box<Kpi>)> {
    let nested = goals
        .iter_mut()
        .enumerate()
        .flat_map(|(at, goal)| take(&mut goal.kpis).into_iter().map(move |kpi| (Some(at), kpi)));
    let mut all: Vec<_> = nested.chain(kpis.into_iter().map(|kpi| (None, kpi))).collect();
    all.sort_by_key(|(_, kpi)| kpi.place);
    all
}

/// What ids are made from.
struct Label<'p> {
    given: Option<&'p Placed<Text>>,
    name: Cow<'p, str>,
}

/// A part that has an id.
trait Identified {
    fn label(&self) -> Label<'_>;
}

macro_rules! identified_by_name {
    ($($part:ty: $given:ident),+) => {
        $(impl Identified for $part {
            fn label(&self) -> Label<'_> {
                Label { given: self.id.$given(), name: Cow::Borrowed(&self.name) }
            }
        })+
    };
}

identified_by_name!(Goal: as_ref, Kpi: as_ref, Product: as_ref, Initiative: as_deref);

impl Identified for Funnel {
    fn label(&self) -> Label<'_> {
        Label { given: self.id.as_ref(), name: Cow::Borrowed(&self.goal) }
    }
}

impl Identified for Handoff {
    fn label(&self) -> Label<'_> {
        Label { given: self.id.as_ref(), name: Cow::Owned(format!("{} {}", self.from.value, self.to.value)) }
    }
}

fn entity<T>(part: Box<T>, ids: &mut impl Iterator<Item = Text>) -> Entity<T> {
    Entity { id: ids.next().unwrap_or_default(), nested_in: None, from_name: FromName::default(), part }
}

/// Gives the parts of one namespace their ids; also the ids that several names gave.
fn named<T: Identified>(parts: Vec<Box<T>>, decoder: &mut Decoder<'_>) -> (Vec<Entity<T>>, HashSet<Text>) {
    let (ids, several) = settle(parts.iter().map(|part| part.label()).collect(), decoder);
    let mut ids = ids.into_iter();
    (parts.into_iter().map(|part| entity(part, &mut ids)).collect(), several)
}

/// The id of the plan itself.
const RESERVED: &str = "plan";

/// The ids of one namespace, in order, and those that several names gave.
fn settle(labels: Vec<Label<'_>>, decoder: &mut Decoder<'_>) -> (Vec<Text>, HashSet<Text>) {
    let given = given_ids(&labels, decoder);
    let mut taken: HashSet<Text> = HashSet::with_capacity(labels.len());
    taken.extend(labels.iter().filter_map(|label| label.given).map(|id| id.value.clone()));
    let mut made: HashMap<Text, usize> = HashMap::new();
    let mut several = HashSet::new();
    let ids = labels.iter().map(|label| match label.given {
        Some(id) => id.value.clone(),
        None => {
            let base = Text::from(kebab(&label.name).into_owned());
            // Most names stand once.
            if base != RESERVED && taken.insert(base.clone()) {
                return base;
            }
            if !given.contains_key(base.as_str()) {
                several.insert(base.clone());
            }
            let times = made.entry(base.clone()).or_insert(1);
            loop {
                *times += 1;
                let id = Text::from(format!("{base}-{times}"));
                if taken.insert(id.clone()) {
                    break id;
                }
            }
        }
    });
    let ids = ids.collect();
    (ids, several)
}

/// The ids that the text gives, each with the place where it stands first.
fn given_ids<'p>(labels: &[Label<'p>], decoder: &mut Decoder<'_>) -> HashMap<&'p str, Span> {
    let mut ids: Vec<&Placed<Text>> = labels.iter().filter_map(|label| label.given).collect();
    ids.sort_by_key(|id| id.span);
    let mut given: HashMap<&str, Span> = HashMap::with_capacity(ids.len());
    for id in ids {
        check_id(id, decoder);
        if let Some(first) = given.get(id.as_str()) {
            let what = What::DoubledId(id.value.to_string());
            decoder.push(Problem::new(id.span, what).with(*first, "first given here"));
        } else {
            given.insert(id, id.span);
        }
    }
    given
}

fn check_id(id: &Placed<Text>, decoder: &mut Decoder<'_>) {
    if id.chars().any(char::is_control) {
        decoder.report(id.span, What::ControlInId);
    }
    if id.value == RESERVED {
        decoder.report(id.span, What::ReservedId);
    }
}

impl Plan {
    /// The id that is made from a name.
    pub(crate) fn id_from(name: &str) -> Cow<'_, str> {
        kebab(name)
    }

    /// Whether the id of a subject was made from a name that several things have.
    pub(crate) fn is_ambiguous(&self, subject: Subject) -> bool {
        let id = self.id_of(subject);
        match subject {
            Subject::Goal(_) | Subject::Kpi(_) => matches!(self.names.metrics.get(id), Some(Named::Several)),
            Subject::Product(_) => matches!(self.names.products.get(id), Some(Named::Several)),
            _ => false,
        }
    }
}

/// A name as an id: lower case, accents folded, every other run of characters a hyphen.
pub(super) fn kebab(name: &str) -> Cow<'_, str> {
    if is_kebab(name) {
        return Cow::Borrowed(name);
    }
    let mut id = String::with_capacity(name.len());
    let mut is_apart = false;
    let mut add = |letter: u8| {
        if !letter.is_ascii_alphanumeric() {
            is_apart = true;
            return;
        }
        if std::mem::take(&mut is_apart) && !id.is_empty() {
            id.push('-');
        }
        id.push(char::from(letter.to_ascii_lowercase()));
    };
    for letter in name.chars() {
        match u8::try_from(letter) {
            Ok(letter) if letter.is_ascii() => add(letter),
            _ => deunicode::deunicode_char(letter).unwrap_or("-").bytes().for_each(&mut add),
        }
    }
    if id.is_empty() { Cow::Borrowed("unnamed") } else { Cow::Owned(id) }
}

/// Whether a text is an id as it is.
fn is_kebab(text: &str) -> bool {
    let mut is_word = false;
    for byte in text.bytes() {
        let is_letter = matches!(byte, b'a'..=b'z' | b'0'..=b'9');
        if !(is_letter || byte == b'-' && is_word) {
            return false;
        }
        is_word = is_letter;
    }
    is_word
}

impl Names {
    /// Adds what extended plans have; the plan's own ids come first.
    fn inherit_from(&mut self, extended: &[Arc<Plan>]) {
        let plans = || (1..).zip(extended);
        let metrics = plans().flat_map(|(number, plan)| {
            let goals = (0..).zip(&plan.goals).map(|(at, goal)| (&goal.id, GoalOrKpi::Goal(at)));
            let kpis = (0..).zip(&plan.kpis).map(|(at, kpi)| (&kpi.id, GoalOrKpi::Kpi(at)));
            goals.chain(kpis).map(move |(id, which)| (id, MetricRef { plan: number, which }))
        });
        inherit(&mut self.metrics, metrics);
        let products = plans()
            .flat_map(|(number, plan)| (0..).zip(&plan.products).map(move |(at, product)| (&product.id, (number, at))));
        inherit(&mut self.products, products);
    }
}

fn inherit<'p, R>(own: &mut HashMap<Text, Named<R>>, ids: impl Iterator<Item = (&'p Text, R)>) {
    let mut inherited: HashMap<&Text, Named<R>> = HashMap::new();
    for (id, found) in ids.filter(|(id, _)| !own.contains_key(*id)) {
        inherited.entry(id).and_modify(|named| *named = Named::Several).or_insert(Named::One(found));
    }
    own.extend(inherited.into_iter().map(|(id, named)| (id.clone(), named)));
}

/// What an id stands for; a problem where it is nothing, or several things.
fn find<R: Copy, Key>(
    names: &HashMap<Text, Named<R>>,
    id: &Placed<Text, Key>,
    sought: &'static str,
    decoder: &mut Decoder<'_>,
) -> Option<R> {
    // A reference that could not be read has been reported.
    if id.is_empty() {
        return None;
    }
    match meant(names, id) {
        Some(Named::One(found)) => return Some(*found),
        Some(Named::Several) => decoder.report(id.span, What::AmbiguousId(id.value.to_string())),
        None => {
            let nearest = decoder.nearest(id, names.keys().map(Text::as_str)).map(str::to_owned);
            decoder.report(id.span, What::UnknownId { id: id.value.to_string(), sought, nearest });
        }
    }
    None
}

fn check_references(plan: &Plan, decoder: &mut Decoder<'_>) {
    let metrics = &plan.names.metrics;
    let either = "goal or KPI";
    for kpi in &plan.kpis {
        for id in kpi.drives.iter().chain(&kpi.guarded_by).flat_map(|ids| ids.iter()) {
            find(metrics, id, either, decoder);
        }
        if let Some(id) = &kpi.product {
            find(&plan.names.products, id, "product", decoder);
        }
    }
    for id in plan.products.iter().filter_map(|product| product.sold_after.as_ref()) {
        find(&plan.names.products, id, "product", decoder);
    }
    for funnel in &plan.funnels {
        check_funnel(plan, funnel, decoder);
    }
    for initiative in &plan.initiatives {
        for id in initiative.serves.iter().flat_map(|ids| ids.iter()) {
            find(metrics, id, either, decoder);
        }
        for (id, change) in initiative.expects.iter().flat_map(|expects| expects.iter()) {
            let id = Item { value: id.clone(), span: change.key, key: () };
            find(metrics, &id, either, decoder);
        }
    }
    for id in plan.handoffs.iter().filter_map(|handoff| handoff.measured_by.as_ref()) {
        find(metrics, id, either, decoder);
    }
    check_stages(plan, decoder);
}

fn check_funnel(plan: &Plan, funnel: &Funnel, decoder: &mut Decoder<'_>) {
    let goal = find(&plan.names.metrics, &funnel.goal, "goal", decoder);
    if let Some(MetricRef { which: GoalOrKpi::Kpi(_), .. }) = goal {
        let id = funnel.goal.value.to_string();
        decoder.report(funnel.goal.span, What::UnknownId { id, sought: "goal", nearest: None });
    }
    for id in funnel.stages.iter().filter_map(|stage| stage.kpi.as_ref()) {
        find(&plan.names.metrics, id, "KPI", decoder);
    }
}

/// The stages that handoffs fill, where the plan has funnels at all.
fn check_stages(plan: &Plan, decoder: &mut Decoder<'_>) {
    let stages = plan.funnels.iter().flat_map(|funnel| funnel.stages.iter()).map(|stage| stage.name.as_str());
    let known: HashSet<Cow<'_, str>> = stages.clone().map(kebab).collect();
    for stage in plan.handoffs.iter().filter_map(|handoff| handoff.stage.as_ref()) {
        if !known.is_empty() && !known.contains(&kebab(stage)) {
            let nearest = decoder.nearest(stage, stages.clone()).map(str::to_owned);
            let what = What::UnknownId { id: stage.value.to_string(), sought: "stage of a funnel", nearest };
            decoder.report(stage.span, what);
        }
    }
}

/// Circles of `drives` and of `sold_after`.
fn check_circles(plan: &Plan, decoder: &mut Decoder<'_>) {
    let own = |id: &Item<Text>| match plan.metric(id) {
        Some(MetricRef { plan: 0, which: GoalOrKpi::Kpi(at) }) => Some(at),
        _ => None,
    };
    let drives = (0..).zip(&plan.kpis).flat_map(|(at, kpi)| {
        let driven = kpi.drives.iter().flat_map(|ids| ids.iter());
        driven.filter_map(move |id| own(id).map(|to| (at, to, id.span)))
    });
    let kpi_id = |at| plan.id_of(Subject::Kpi(at));
    report_circles(drives.collect(), plan.kpis.len(), kpi_id, decoder);

    let sold = (0..).zip(&plan.products).filter_map(|(at, product)| {
        let after = product.sold_after.as_ref()?;
        plan.product(after).filter(|(of, _)| *of == 0).map(|(_, to)| (at, to, after.span))
    });
    let product_id = |at| plan.id_of(Subject::Product(at));
    report_circles(sold.collect(), plan.products.len(), product_id, decoder);
}

/// Reports the circles of links among so many parts.
fn report_circles<'p>(
    edges: Vec<(usize, usize, Span)>,
    parts: usize,
    id: impl Fn(usize) -> &'p str,
    decoder: &mut Decoder<'_>,
) {
    // A plan in order, with what drives before or behind what it drives, has none.
    if edges.iter().all(|(from, to, _)| from < to) || edges.iter().all(|(from, to, _)| from > to) {
        return;
    }
    let mut graph: DiGraph<(), Span> = DiGraph::with_capacity(parts, edges.len());
    let nodes: Vec<_> = (0..parts).map(|_| graph.add_node(())).collect();
    for (from, to, span) in &edges {
        if let (Some(&from), Some(&to)) = (nodes.get(*from), nodes.get(*to)) {
            graph.add_edge(from, to, *span);
        }
    }
    let mut part_of = vec![usize::MAX; parts];
    for (number, component) in kosaraju_scc(&graph).into_iter().enumerate() {
        for node in component {
            if let Some(slot) = part_of.get_mut(node.index()) {
                *slot = number;
            }
        }
    }
    let inside: Vec<_> = edges.iter().filter(|(from, to, _)| part_of.get(*from) == part_of.get(*to)).collect();
    // One report a circle: the link that stands last closes it.
    let mut closing: HashMap<usize, &(usize, usize, Span)> = HashMap::new();
    for edge in inside.iter().copied() {
        let Some(&part) = part_of.get(edge.0) else { continue };
        let last = closing.entry(part).or_insert(edge);
        if edge.2 > last.2 {
            *last = edge;
        }
    }
    let mut closing: Vec<_> = closing.into_values().collect();
    closing.sort_by_key(|(_, _, span)| *span);
    for (from, to, span) in closing {
        let way = shortest_way(*to, *from, &inside);
        let mut words: Vec<&str> = std::iter::once(from).chain(&way).map(|at| id(*at)).collect();
        const SHOWN: usize = 6;
        if words.len() > SHOWN {
            words.splice(SHOWN - 1..words.len() - 1, ["…"]);
        }
        decoder.report(*span, What::Cycle(words.join(" → ")));
    }
}

/// The nodes from `from` to `to`, both included, over the fewest links.
fn shortest_way(from: usize, to: usize, edges: &[&(usize, usize, Span)]) -> Vec<usize> {
    let mut next: HashMap<usize, Vec<usize>> = HashMap::new();
    for (start, end, _) in edges {
        next.entry(*start).or_default().push(*end);
    }
    let mut came_from: HashMap<usize, usize> = HashMap::from([(from, from)]);
    let mut queue = std::collections::VecDeque::from([from]);
    while let Some(at) = queue.pop_front() {
        if at == to {
            break;
        }
        for &neighbour in next.get(&at).into_iter().flatten() {
            came_from.entry(neighbour).or_insert_with(|| {
                queue.push_back(neighbour);
                at
            });
        }
    }
    let mut way = vec![to];
    let mut at = to;
    while at != from {
        let Some(&before) = came_from.get(&at) else { break };
        way.push(before);
        at = before;
    }
    way.reverse();
    way
}

/// A span such as `9,000 years` leads to no day.
fn check_deadlines(plan: &Plan, decoder: &mut Decoder<'_>) {
    let Some(period) = &plan.head.period else { return };
    let goals = plan.goals.iter().filter_map(|goal| goal.by.as_ref());
    for by in goals.chain(plan.kpis.iter().filter_map(|kpi| kpi.by.as_ref())) {
        if let Err(error) = by.day_in(period) {
            decoder.report(by.span, What::Period(error));
        }
    }
}

fn check_metrics(plan: &Plan, dictionary: &Dictionary, decoder: &mut Decoder<'_>) {
    for metric in plan.kpis.iter().filter_map(|kpi| kpi.metric.as_ref()) {
        if dictionary.metric(metric).is_none() {
            let nearest = dictionary.nearest(metric).map(str::to_owned);
            let id = metric.value.to_string();
            decoder.report(metric.span, What::UnknownId { id, sought: "metric of the dictionary", nearest });
        }
    }
}

/// `target: 50 leads` counts leads only where the KPI does.
fn check_counted_words(plan: &Plan, decoder: &mut Decoder<'_>) {
    for kpi in &plan.kpis {
        let target = kpi.target.as_ref().and_then(|target| target.quantity().map(|quantity| (target.span, quantity)));
        let figures = [kpi.baseline.as_ref(), kpi.actual.as_deref(), kpi.keep.as_ref()];
        let figures = figures.into_iter().flatten().map(|figure| (figure.span, figure.quantity()));
        for (span, quantity) in target.into_iter().chain(figures) {
            check_counted_word(&kpi.name, span, &quantity.unit, decoder);
        }
    }
    for goal in &plan.goals {
        let target = goal.target.as_ref().and_then(|target| target.quantity().map(|quantity| (target.span, quantity)));
        let baseline = goal.baseline.as_ref().map(|figure| (figure.span, figure.quantity()));
        for (span, quantity) in target.into_iter().chain(baseline) {
            check_counted_word(&goal.name, span, &quantity.unit, decoder);
        }
    }
    for stage in plan.funnels.iter().flat_map(|funnel| funnel.stages.iter()) {
        for count in [&stage.volume, &stage.also_from].into_iter().flatten() {
            check_counted_word(&stage.name, count.span, &count.quantity().unit, decoder);
        }
    }
}

fn check_counted_word(name: &str, span: Span, unit: &Unit, decoder: &mut Decoder<'_>) {
    let Unit::Count(word) = unit else { return };
    // "50 leads" of a KPI named "Lead volume": the singular and the plural are one word.
    let folded =
        |text: &str| kebab(text).split('-').map(|word| word.trim_end_matches('s').to_owned()).collect::<Vec<_>>();
    let known = folded(name);
    if !folded(word).iter().all(|word| known.contains(word)) {
        decoder.report(span, What::ForeignCount { word: word.clone(), name: name.to_owned() });
    }
}
