//! What drives what: the graph from KPIs to goals, and how well each KPI's path to money is founded.

use std::collections::VecDeque;

use hashbrown::{HashMap, HashSet};
use petgraph::Direction;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::{Dfs, EdgeRef, VisitMap, Visitable};

use crate::plan::{GoalOrKpi, MetricRef, Placed, Plan, Text};

/// Why one metric should move another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The KPI is nested in the goal: the plan says that it is a part of it.
    Nesting,
    /// A `drives` with a `because` that holds a number.
    Number,
    /// A rate between neighbouring stages of a funnel.
    Rate,
    /// A `drives` with a `because` in words only.
    Words,
    /// A `drives` alone.
    None,
}

impl Reason {
    /// Whether the link can be checked next period.
    fn is_checkable(self) -> bool {
        matches!(self, Self::Nesting | Self::Number | Self::Rate)
    }
}

/// How a KPI's path to money is founded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// No path.
    None,
    /// It ends at a goal that is not money, but whose name or target speaks of it.
    Speaks,
    /// A path.
    Path,
    /// A path on which every link has a reason that can be checked; or money itself.
    Founded,
}

impl Level {
    /// The level as the rules count it, 0 to 3.
    pub fn number(self) -> u8 {
        match self {
            Self::None => 0,
            Self::Speaks => 1,
            Self::Path => 2,
            Self::Founded => 3,
        }
    }
}

/// The way of one KPI.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Way {
    /// How well it is founded. `None` where the kind of something on it cannot be told.
    pub level: Option<Level>,
    /// Links on the shortest path; 0 for money itself and where there is no path.
    pub hops: usize,
    /// Where the path ends; nowhere without one.
    pub end: Option<MetricRef>,
    /// The first link on the path without a reason that can be checked: its two ends.
    pub unfounded: Option<(MetricRef, MetricRef)>,
    /// A goal or KPI on the way whose kind cannot be told, and that could be money.
    pub unclear: Option<MetricRef>,
}

impl Way {
    /// Whether money is reached.
    pub fn reaches_money(&self) -> bool {
        self.level >= Some(Level::Path)
    }
}

/// What a goal or KPI is, as far as the graph needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nature {
    /// Whether it is money.
    pub is_money: bool,
    /// Whether its kind can be told.
    pub is_clear: bool,
    /// Whether it is not money, and its name or target speaks of it.
    pub speaks_of_money: bool,
}

/// The graph of a plan and of those that it extends.
#[derive(Debug, Default)]
pub struct Links {
    graph: DiGraph<(MetricRef, Nature), Reason>,
    /// The nodes of the plan's own KPIs, by index.
    kpis: Vec<NodeIndex>,
}

impl Links {
    /// Builds the graph; `nature` tells what each goal and KPI is.
    pub fn new(plan: &Plan, nature: impl Fn(MetricRef) -> Nature) -> Self {
        let mut links = Self::default();
        let mut nodes = HashMap::new();
        for number in 0..=plan.extended.len() {
            let Some(of) = plan.numbered(number) else { continue };
            let goals = (0..of.goals.len()).map(GoalOrKpi::Goal);
            let kpis = (0..of.kpis.len()).map(GoalOrKpi::Kpi);
            for which in goals.chain(kpis) {
                let metric = MetricRef { plan: number, which };
                let node = links.graph.add_node((metric, nature(metric)));
                nodes.insert(metric, node);
                if matches!(metric, MetricRef { plan: 0, which: GoalOrKpi::Kpi(_) }) {
                    links.kpis.push(node);
                }
            }
        }
        for number in 0..=plan.extended.len() {
            let Some(of) = plan.numbered(number) else { continue };
            for (from, to, reason) in written_links(of) {
                let renumber = |metric: MetricRef| renumbered(plan, of, number, metric);
                if let (Some(&from), Some(&to)) = (nodes.get(&renumber(from)), nodes.get(&renumber(to))) {
                    links.graph.add_edge(from, to, reason);
                }
            }
        }
        links
    }

    /// How many links there are.
    pub fn len(&self) -> usize {
        self.graph.edge_count()
    }

    /// Whether nothing drives anything.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All links: from, to, and why.
    pub fn iter(&self) -> impl Iterator<Item = (MetricRef, MetricRef, Reason)> {
        self.graph.edge_references().filter_map(|edge| {
            let from = self.graph.node_weight(edge.source())?.0;
            let to = self.graph.node_weight(edge.target())?.0;
            Some((from, to, *edge.weight()))
        })
    }

    /// What one of the plan's own KPIs drives first.
    pub fn first_from(&self, kpi: usize) -> Option<MetricRef> {
        let node = *self.kpis.get(kpi)?;
        // Edges come out last first.
        let last = self.graph.edges(node).last()?;
        self.graph.node_weight(last.target()).map(|(metric, _)| *metric)
    }

    /// For each of the plan's own KPIs, whether a path leads to it from a goal or KPI.
    pub fn led_from(&self, from: MetricRef) -> Vec<bool> {
        let start = self
            .graph
            .node_indices()
            .find(|&node| self.graph.node_weight(node).is_some_and(|(metric, _)| *metric == from));
        let mut reached = self.graph.visit_map();
        let mut walk = start.map(|start| Dfs::new(&self.graph, start));
        while let Some(node) = walk.as_mut().and_then(|walk| walk.next(&self.graph)) {
            reached.visit(node);
        }
        self.kpis.iter().map(|kpi| reached.is_visited(kpi)).collect()
    }

    /// The goals and KPIs to which paths lead from some others, with these themselves.
    pub fn led_to(&self, from: impl IntoIterator<Item = MetricRef>) -> Vec<MetricRef> {
        let from: HashSet<MetricRef> = from.into_iter().collect();
        let starts =
            self.graph.node_indices().filter(|&node| self.metric(node).is_some_and(|metric| from.contains(&metric)));
        let mut walk = Dfs::from_parts(starts.collect(), self.graph.visit_map());
        std::iter::from_fn(|| walk.next(&self.graph)).filter_map(|node| self.metric(node)).collect()
    }

    fn metric(&self, node: NodeIndex) -> Option<MetricRef> {
        self.graph.node_weight(node).map(|(metric, _)| *metric)
    }

    /// The ways of all of the plan's own KPIs.
    pub fn ways(&self) -> Ways {
        Ways {
            founded: self.reach(|nature| nature.is_money, Reason::is_checkable),
            money: self.reach(|nature| nature.is_money, |_| true),
            speaks: self.reach(|nature| nature.speaks_of_money, |_| true),
            unclear: self.reach(|nature| !nature.is_clear, |_| true),
        }
    }

    /// The way of one of the plan's own KPIs.
    pub fn way(&self, ways: &Ways, kpi: usize) -> Option<Way> {
        Some(self.way_from(ways, *self.kpis.get(kpi)?))
    }

    fn way_from(&self, ways: &Ways, node: NodeIndex) -> Way {
        let Some((step, level)) = ways.best(node) else {
            let unclear = step_at(&ways.unclear, node).and_then(|step| self.metric(step.end));
            let level = unclear.is_none().then_some(Level::None);
            return Way { level, hops: 0, end: None, unfounded: None, unclear };
        };
        let unfounded = step.unfounded.and_then(|(from, to)| self.metric(from).zip(self.metric(to)));
        Way { level: Some(level), hops: step.hops as usize, end: self.metric(step.end), unfounded, unclear: None }
    }

    /// The first goals and KPIs on the path of one of the plan's own KPIs, at most so many.
    pub fn path(&self, ways: &Ways, kpi: usize, most: usize) -> Vec<MetricRef> {
        let Some(&node) = self.kpis.get(kpi) else { return Vec::new() };
        let steps = ways.steps(ways.best(node).map(|(_, level)| level));
        let next = |node: &NodeIndex| step_at(steps, *node).and_then(|step| step.next);
        let nodes = std::iter::successors(next(&node), next).take(most);
        nodes.filter_map(|node| self.graph.node_weight(node).map(|(metric, _)| *metric)).collect()
    }

    /// From each node the shortest path to a node that `ends`, over links that `count`.
    fn reach(&self, ends: impl Fn(Nature) -> bool, counts: impl Fn(Reason) -> bool) -> Vec<Option<Step>> {
        let ends = |node: &NodeIndex| self.graph.node_weight(*node).is_some_and(|(_, nature)| ends(*nature));
        let mut queue: VecDeque<NodeIndex> = self.graph.node_indices().filter(ends).collect();
        if queue.is_empty() {
            return Vec::new();
        }
        let mut steps: Vec<Option<Step>> = vec![None; self.graph.node_count()];
        for node in &queue {
            set(&mut steps, *node, Step { next: None, hops: 0, end: *node, unfounded: None });
        }
        while let Some(node) = queue.pop_front() {
            let Some(step) = step_at(&steps, node) else { continue };
            for edge in self.graph.edges_directed(node, Direction::Incoming) {
                let before = edge.source();
                let free = steps.get(before.index()).is_some_and(Option::is_none);
                if free && counts(*edge.weight()) {
                    let link = (!edge.weight().is_checkable()).then_some((before, node));
                    let unfounded = link.or(step.unfounded);
                    set(&mut steps, before, Step { next: Some(node), hops: step.hops + 1, unfounded, ..step });
                    queue.push_back(before);
                }
            }
        }
        steps
    }
}

/// The ways of a plan's KPIs: from each node the next step of the shortest path to an end, by what ends it. The paths
/// themselves are not kept: on a long chain they would be as many as the square of its links.
#[derive(Debug, Default)]
pub struct Ways {
    founded: Vec<Option<Step>>,
    money: Vec<Option<Step>>,
    speaks: Vec<Option<Step>>,
    unclear: Vec<Option<Step>>,
}

impl Ways {
    /// The first step from a node on its best founded way, and the level of that way; none where it leads to nothing that speaks of
    /// money.
    fn best(&self, node: NodeIndex) -> Option<(Step, Level)> {
        let levels = [(&self.founded, Level::Founded), (&self.money, Level::Path), (&self.speaks, Level::Speaks)];
        levels.into_iter().find_map(|(steps, level)| step_at(steps, node).map(|step| (step, level)))
    }

    /// The steps that a way of that level goes.
    fn steps(&self, level: Option<Level>) -> &[Option<Step>] {
        match level {
            Some(Level::Founded) => &self.founded,
            Some(Level::Path) => &self.money,
            Some(Level::Speaks) => &self.speaks,
            Some(Level::None) | None => &[],
        }
    }
}

/// What is known at a node of its shortest path.
#[derive(Debug, Clone, Copy)]
struct Step {
    next: Option<NodeIndex>,
    hops: u32,
    end: NodeIndex,
    unfounded: Option<(NodeIndex, NodeIndex)>,
}

fn step_at(steps: &[Option<Step>], node: NodeIndex) -> Option<Step> {
    steps.get(node.index()).copied().flatten()
}

fn set(steps: &mut [Option<Step>], node: NodeIndex, step: Step) {
    if let Some(slot) = steps.get_mut(node.index()) {
        *slot = Some(step);
    }
}

/// The links that a plan writes down, numbered from itself.
fn written_links(plan: &Plan) -> Vec<(MetricRef, MetricRef, Reason)> {
    let mut links = Vec::new();
    for (at, kpi) in plan.kpis.iter().enumerate() {
        let own = MetricRef { plan: 0, which: GoalOrKpi::Kpi(at) };
        if let Some(goal) = kpi.nested_in {
            links.push((own, MetricRef::goal(goal), Reason::Nesting));
        }
        let reason = match &kpi.because {
            Some(_) if kpi.because_has_a_number() => Reason::Number,
            Some(_) => Reason::Words,
            None => Reason::None,
        };
        links.extend(plan.driven_by(kpi).map(|to| (own, to, reason)));
    }
    for funnel in &plan.funnels {
        let metric = |id: &Option<Placed<Text>>| id.as_ref().and_then(|id| plan.metric(id));
        let pairs = funnel.stages.iter().zip(funnel.stages.iter().skip(1));
        for (stage, next) in pairs {
            if let (Some(from), Some(to), Some(_)) = (metric(&stage.kpi), metric(&next.kpi), &stage.to_next) {
                links.push((from, to, Reason::Rate));
            }
        }
        // The last stage fills the goal; so does the last that names a KPI, over the rates after it.
        let last = funnel.stages.iter().rposition(|stage| stage.kpi.is_some());
        if let (Some(last), Some(goal)) = (last, plan.metric(&funnel.goal)) {
            let rest: Vec<_> = funnel.stages.iter().skip(last).collect();
            let rated = rest.iter().rev().skip(1).all(|stage| stage.to_next.is_some());
            let kpi = rest.first().and_then(|stage| metric(&stage.kpi));
            if let (Some(kpi), true) = (kpi, rated) {
                links.push((kpi, goal, Reason::Rate));
            }
        }
    }
    links
}

/// An extended plan numbers its own extended plans from itself; they stand in this plan's list too.
pub(crate) fn renumbered(plan: &Plan, of: &Plan, number: usize, metric: MetricRef) -> MetricRef {
    if metric.plan == 0 {
        return MetricRef { plan: number, ..metric };
    }
    let target = of.numbered(metric.plan);
    let same = |candidate: usize| match (plan.numbered(candidate), target) {
        (Some(one), Some(other)) => std::ptr::eq(one, other),
        _ => false,
    };
    let found = (0..=plan.extended.len()).find(|&candidate| same(candidate));
    MetricRef { plan: found.unwrap_or(usize::MAX), ..metric }
}
