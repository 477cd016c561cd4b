//! What drives what: the graph from KPIs to goals, and how well each KPI's path to money is founded.

use std::collections::VecDeque;

use petgraph::Direction;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef;

use crate::metrics::Kind;
use crate::plan::{GoalOrKpi, MetricRef, Plan};

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
    /// The level as the rule book counts it, 0 to 3.
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// How well it is founded. `None` where the kind of something on it cannot be told.
    pub level: Option<Level>,
    /// The shortest path, from the KPI's first link to the last; empty without one.
    pub path: Vec<MetricRef>,
    /// The first link on the path without a reason that can be checked: its two ends.
    pub unfounded: Option<(MetricRef, MetricRef)>,
    /// A goal or KPI on the way whose kind cannot be told, and that could be money.
    pub unclear: Option<MetricRef>,
}

impl Way {
    /// Links to money on the shortest path; 0 for money itself and where there is no path.
    pub fn hops(&self) -> usize {
        self.path.len()
    }

    /// Whether money is reached.
    pub fn reaches_money(&self) -> bool {
        self.level >= Some(Level::Path)
    }
}

/// What a goal or KPI is, as far as the graph needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nature {
    /// Its kind, where it can be told.
    pub kind: Option<Kind>,
    /// Whether its name or target speaks of money.
    pub speaks_of_money: bool,
}

impl Nature {
    fn is_money(self) -> bool {
        self.kind.is_some_and(Kind::is_money)
    }
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
        let mut nodes = std::collections::HashMap::new();
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

    /// The ways of all of the plan's own KPIs, in their order.
    pub fn ways(&self) -> Vec<Way> {
        let money = self.reach(|nature| nature.is_money(), |_| true);
        let founded = self.reach(|nature| nature.is_money(), Reason::is_checkable);
        let speaks = self.reach(|nature| nature.speaks_of_money, |_| true);
        let unclear = self.reach(|nature| nature.kind.is_none(), |_| true);
        self.kpis.iter().map(|&kpi| self.way(kpi, [&money, &founded, &speaks, &unclear])).collect()
    }

    fn way(&self, kpi: NodeIndex, [money, founded, speaks, unclear]: [&[Option<Step>]; 4]) -> Way {
        let at = |steps: &[Option<Step>]| steps.get(kpi.index()).copied().flatten();
        let path = |steps: &[Option<Step>]| self.follow(kpi, steps);
        let way = |level, path, unfounded| Way { level: Some(level), path, unfounded, unclear: None };
        if at(founded).is_some() {
            return way(Level::Founded, path(founded).0, None);
        }
        if at(money).is_some() {
            let (path, unfounded) = path(money);
            return way(Level::Path, path, unfounded);
        }
        if at(speaks).is_some() {
            let (path, unfounded) = path(speaks);
            return way(Level::Speaks, path, unfounded);
        }
        if at(unclear).is_some() {
            let last = path(unclear).0.last().copied();
            let own = self.graph.node_weight(kpi).map(|(metric, _)| *metric);
            return Way { level: None, path: Vec::new(), unfounded: None, unclear: last.or(own) };
        }
        way(Level::None, Vec::new(), None)
    }

    /// From each node the first step of a shortest path to a node that `ends`, over links that `count`.
    fn reach(&self, ends: impl Fn(Nature) -> bool, counts: impl Fn(Reason) -> bool) -> Vec<Option<Step>> {
        let mut steps: Vec<Option<Step>> = vec![None; self.graph.node_count()];
        let mut queue = VecDeque::new();
        for node in self.graph.node_indices() {
            if self.graph.node_weight(node).is_some_and(|(_, nature)| ends(*nature)) {
                set(&mut steps, node, Step::End);
                queue.push_back(node);
            }
        }
        while let Some(node) = queue.pop_front() {
            for edge in self.graph.edges_directed(node, Direction::Incoming) {
                let before = edge.source();
                let free = steps.get(before.index()).is_some_and(Option::is_none);
                if free && counts(*edge.weight()) {
                    set(&mut steps, before, Step::To(node, *edge.weight()));
                    queue.push_back(before);
                }
            }
        }
        steps
    }

    /// The path that the steps lead, and its first link that cannot be checked.
    fn follow(&self, from: NodeIndex, steps: &[Option<Step>]) -> (Vec<MetricRef>, Option<(MetricRef, MetricRef)>) {
        let metric = |node: NodeIndex| self.graph.node_weight(node).map(|(metric, _)| *metric);
        let mut path = Vec::new();
        let mut unfounded = None;
        let mut at = from;
        while let Some(Some(Step::To(next, reason))) = steps.get(at.index()) {
            if unfounded.is_none() && !reason.is_checkable() {
                unfounded = metric(at).zip(metric(*next));
            }
            path.extend(metric(*next));
            at = *next;
        }
        (path, unfounded)
    }
}

/// One step of a shortest path.
#[derive(Debug, Clone, Copy)]
enum Step {
    End,
    To(NodeIndex, Reason),
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
            links.push((own, MetricRef { plan: 0, which: GoalOrKpi::Goal(goal) }, Reason::Nesting));
        }
        let reason = match &kpi.because {
            Some(because) if because.contains(|c: char| c.is_ascii_digit()) => Reason::Number,
            Some(_) => Reason::Words,
            None => Reason::None,
        };
        let driven = kpi.drives.iter().flat_map(|ids| ids.iter()).filter_map(|id| plan.metric(id));
        links.extend(driven.map(|to| (own, to, reason)));
    }
    for funnel in &plan.funnels {
        let metric = |id: &Option<crate::plan::Placed<String>>| id.as_ref().and_then(|id| plan.metric(id));
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
fn renumbered(plan: &Plan, of: &Plan, number: usize, metric: MetricRef) -> MetricRef {
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
