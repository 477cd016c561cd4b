//! Where the parts of a plan stand in its tree, found once for all reframes: a reframe may name each part of a long list.

use std::collections::BTreeMap;

use hashbrown::HashMap;

use crate::plan::{Entity, Plan, Subject, Text};
use crate::source::Span;
use crate::yaml::{NodeId, Tree};

use super::changes::IDENTIFIED;
use super::items;

/// The parts of a plan, and what repeats them.
#[derive(Debug)]
pub(super) struct Index {
    /// By the key of their list, and their id.
    parts: HashMap<&'static str, HashMap<Text, Subject>>,
    /// By the key of their list, and where they begin: their last byte, and the way there.
    ways: HashMap<&'static str, BTreeMap<u32, (u32, Vec<NodeId>)>>,
    /// The first alias to each node that has one.
    aliases: HashMap<NodeId, NodeId>,
}

impl Index {
    pub(super) fn of(plan: &Plan, tree: &Tree, root: NodeId) -> Self {
        let mut aliases = HashMap::new();
        for (alias, target) in tree.aliases() {
            aliases.entry(target).or_insert(alias);
        }
        let ways = IDENTIFIED.into_iter().map(|key| (key, ways(tree, root, key))).collect();
        Self { parts: parts(plan), ways, aliases }
    }

    /// The part of a list that has an id.
    pub(super) fn part(&self, list: &str, id: &str) -> Option<Subject> {
        self.parts.get(list)?.get(id).copied()
    }

    /// The nodes from the plan's root to a part that stands at that place: lists and parts in turn.
    pub(super) fn way_to(&self, part: Subject, place: Span) -> Option<&[NodeId]> {
        let ways = self.ways.get(list_of(part)?)?;
        let (_, (end, way)) = ways.range(..=place.start).next_back()?;
        (place.end <= *end).then_some(way)
    }

    /// The first alias to a node.
    pub(super) fn alias_to(&self, node: NodeId) -> Option<NodeId> {
        self.aliases.get(&node).copied()
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

fn parts(plan: &Plan) -> HashMap<&'static str, HashMap<Text, Subject>> {
    fn ids<T>(list: &[Entity<T>], subject: fn(usize) -> Subject) -> HashMap<Text, Subject> {
        // Of two parts with one id, the first has it.
        let parts = list.iter().enumerate().rev();
        parts.map(|(at, part)| (part.id.clone(), subject(at))).collect()
    }
    HashMap::from([
        ("goals", ids(&plan.goals, Subject::Goal)),
        ("kpis", ids(&plan.kpis, Subject::Kpi)),
        ("products", ids(&plan.products, Subject::Product)),
        ("funnels", ids(&plan.funnels, Subject::Funnel)),
        ("initiatives", ids(&plan.initiatives, Subject::Initiative)),
        ("handoffs", ids(&plan.handoffs, Subject::Handoff)),
    ])
}

/// The ways to the parts of one list; KPIs also stand in goals.
fn ways(tree: &Tree, root: NodeId, key: &'static str) -> BTreeMap<u32, (u32, Vec<NodeId>)> {
    let of = |mapping: NodeId, key: &str| -> Vec<[NodeId; 2]> {
        let list = tree.get(mapping, key);
        list.into_iter().flat_map(|list| items(tree, list).iter().map(move |&item| [list, item])).collect()
    };
    let nested = if key == "kpis" { of(root, "goals") } else { Vec::new() };
    let nested = nested.into_iter().flat_map(|[goals, goal]| {
        of(goal, "kpis").into_iter().map(move |[list, item]| (item, vec![goals, goal, list, item]))
    });
    let mut ways = BTreeMap::new();
    let own = of(root, key).into_iter().map(|[list, item]| (item, vec![list, item]));
    for (item, way) in own.chain(nested) {
        let span = tree.span(tree.alias_of(item).unwrap_or(item));
        ways.entry(span.start).or_insert((span.end, way));
    }
    ways
}
