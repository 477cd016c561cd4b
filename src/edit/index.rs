//! Where the parts of a plan stand in its tree, found once for all reframes: a reframe may name each part of a long list.

use std::cell::OnceCell;
use std::sync::Arc;

use hashbrown::HashMap;

use crate::plan::{Plan, Subject};
use crate::source::Span;
use crate::yaml::{NodeId, Tree};

use super::changes::IDENTIFIED;
use super::items;

/// The parts of a plan, and what repeats them.
#[derive(Debug)]
pub(super) struct Index<'p> {
    plan: &'p Plan,
    tree: Arc<Tree>,
    root: NodeId,
    /// As in [`IDENTIFIED`]: most plans have reframes of one or two.
    lists: [List; IDENTIFIED.len()],
    aliases: Vec<(NodeId, NodeId)>,
    /// The first alias to each node that has one.
    first_aliases: HashMap<NodeId, NodeId>,
}

/// The parts of one list.
#[derive(Debug, Default)]
struct List {
    by_id: OnceCell<Vec<Subject>>,
    /// What each covers, in the order of the text, and the way there.
    ways: OnceCell<Vec<(Span, Steps)>>,
}

/// The nodes from the plan's root to a part.
#[derive(Debug, Clone, Copy)]
pub(super) struct Steps {
    /// The list of goals, and the goal in which the part is nested.
    pub(super) goal: Option<[NodeId; 2]>,
    /// The list of such parts, and the part.
    pub(super) part: [NodeId; 2],
}

impl<'p> Index<'p> {
    pub(super) fn of(plan: &'p Plan, tree: &Arc<Tree>, root: NodeId) -> Self {
        let aliases: Vec<(NodeId, NodeId)> = tree.aliases().collect();
        let mut first_aliases = HashMap::new();
        for (alias, target) in &aliases {
            first_aliases.entry(*target).or_insert(*alias);
        }
        Self { plan, tree: Arc::clone(tree), root, lists: Default::default(), aliases, first_aliases }
    }

    /// The part of a list that has an id.
    pub(super) fn part(&self, list: &str, id: &str) -> Option<Subject> {
        let parts = self.list(list)?.by_id.get_or_init(|| by_id(self.plan, list));
        let at = parts.partition_point(|part| self.plan.id_of(*part) < id);
        parts.get(at).copied().filter(|part| self.plan.id_of(*part) == id)
    }

    /// The way to a part that stands at that place.
    pub(super) fn way_to(&self, part: Subject, place: Span) -> Option<Steps> {
        let name = list_of(part)?;
        let ways = self.list(name)?.ways.get_or_init(|| ways(&self.tree, self.root, name));
        let last = ways.partition_point(|(span, _)| span.start <= place.start).checked_sub(1)?;
        ways.get(last).filter(|(span, _)| place.end <= span.end).map(|(_, steps)| *steps)
    }

    fn list(&self, name: &str) -> Option<&List> {
        let at = IDENTIFIED.iter().position(|list| *list == name)?;
        self.lists.get(at)
    }

    /// All aliases, each with what it points to, in the order of the text.
    pub(super) fn aliases(&self) -> &[(NodeId, NodeId)] {
        &self.aliases
    }

    /// The first alias to a node.
    pub(super) fn alias_to(&self, node: NodeId) -> Option<NodeId> {
        self.first_aliases.get(&node).copied()
    }
}

fn list_of(part: Subject) -> Option<&'static str> {
    match part {
        Subject::Goal(_) => Some("goals"),
        Subject::Kpi(_) => Some("kpis"),
        Subject::Product(_) => Some("products"),
        Subject::Funnel(_) => Some("funnels"),
        Subject::Initiative(_) => Some("initiatives"),
        Subject::Handoff(_) => Some("handoffs"),
        Subject::Plan => None,
    }
}

/// The parts of a list by their ids; of two with one id, the first is first.
fn by_id(plan: &Plan, list: &str) -> Vec<Subject> {
    let mut parts: Vec<Subject> = match list {
        "goals" => (0..plan.goals.len()).map(Subject::Goal).collect(),
        "kpis" => (0..plan.kpis.len()).map(Subject::Kpi).collect(),
        "products" => (0..plan.products.len()).map(Subject::Product).collect(),
        "funnels" => (0..plan.funnels.len()).map(Subject::Funnel).collect(),
        "initiatives" => (0..plan.initiatives.len()).map(Subject::Initiative).collect(),
        "handoffs" => (0..plan.handoffs.len()).map(Subject::Handoff).collect(),
        _ => Vec::new(),
    };
    parts.sort_by_key(|part| plan.id_of(*part));
    parts
}

/// The ways to the parts of one list; KPIs also stand in goals.
fn ways(tree: &Tree, root: NodeId, key: &str) -> Vec<(Span, Steps)> {
    let of = |mapping: NodeId, key: &str| {
        let list = tree.get(mapping, key);
        list.into_iter().flat_map(|list| items(tree, list).iter().map(move |&item| [list, item]))
    };
    let way = |goal: Option<[NodeId; 2]>, part: [NodeId; 2]| {
        let [_, item] = part;
        (tree.span(tree.alias_of(item).unwrap_or(item)), Steps { goal, part })
    };
    let mut ways: Vec<_> = of(root, key).map(|part| way(None, part)).collect();
    if key == "kpis" {
        for goal in of(root, "goals") {
            let [_, item] = goal;
            ways.extend(of(item, key).map(|part| way(Some(goal), part)));
        }
    }
    // What stands in two places is met in the first.
    ways.sort_by_key(|(span, _)| span.start);
    ways.dedup_by_key(|(span, _)| span.start);
    ways
}
