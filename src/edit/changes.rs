//! What an overlay changes in the tree of a plan, and whether an edited text says exactly that.

use std::borrow::Cow;

use crate::plan::{Plan, Subject};
use crate::source::Source;
use crate::yaml::{NodeId, Tree, Value};

use super::index::Steps;
use super::window::{Holds, Window};
use super::{ByHand, Editor, documents, entries, items, text};

/// One change of a node. What is new is named by its nodes of the overlay.
#[derive(Debug)]
pub(super) enum Change {
    /// Another value in its place.
    Value(Fresh),
    /// Keys that a mapping gains.
    Keys(Vec<(NodeId, Fresh)>),
    /// Items that a list gains.
    Items(Vec<NodeId>),
    /// A plain text becomes a mapping, in which it is the name.
    Named {
        /// Another name.
        name: Option<NodeId>,
        /// The keys beside it.
        keys: Vec<(NodeId, Fresh)>,
    },
}

/// What is written where nothing was.
#[derive(Debug)]
pub(super) enum Fresh {
    /// A value.
    Node(NodeId),
    /// A list of those items of the overlay that the plan does not have.
    List(Vec<NodeId>),
}

/// The changes of a plan that an overlay asks for.
#[derive(Debug)]
pub(super) struct Changes<'e> {
    editor: &'e Editor<'e>,
    pub(super) source: &'e Source,
    pub(super) overlay: &'e Tree,
    /// With the node of the plan that is changed, by it.
    by_node: Vec<(NodeId, Change)>,
    writes: Vec<String>,
}

/// The lists of which each part has an id.
pub(super) const IDENTIFIED: [&str; 6] = ["goals", "kpis", "products", "funnels", "initiatives", "handoffs"];

/// What stands in a reframe for what only the team knows.
const GAP: char = '…';

/// Where a node of the plan is met.
#[derive(Debug, Clone, Copy)]
struct Way<'w> {
    /// The way to what it stands in, with its key or id there; none for the plan itself.
    last: Option<(&'w Way<'w>, &'w str)>,
    /// A mapping in `{ }` around it that goes over several lines.
    broken: Option<NodeId>,
}

impl<'w> Way<'w> {
    fn to(&'w self, key: &'w str) -> Self {
        Self { last: Some((self, key)), broken: self.broken }
    }

    /// The keys and ids from the plan's root.
    fn name(&self) -> String {
        const TYPICAL: usize = 32;
        let Some((outer, key)) = self.last else { return String::with_capacity(TYPICAL) };
        let mut name = outer.name();
        if !name.is_empty() {
            name.push('/');
        }
        name + key
    }
}

impl<'e> Changes<'e> {
    /// Finds the changes.
    pub(super) fn find(editor: &'e Editor<'e>, source: &'e Source, overlay: &'e Tree) -> Result<Self, ByHand> {
        let mut changes = Self { editor, source, overlay, by_node: Vec::new(), writes: Vec::new() };
        let root = documents(overlay).next().ok_or(ByHand::Nothing)?;
        let way = changes.enter(editor.root, &Way { last: None, broken: None })?;
        let mut gained = Vec::new();
        for (key, node, value) in entries(overlay, root) {
            let part = IDENTIFIED.iter().find(|part| **part == key && matches!(overlay.value(value), Value::List(_)));
            match part {
                Some(part) => gained.extend(changes.parts(part, node, value, &way)?),
                None => gained.extend(changes.key(editor.root, (key, node, value), &way)?),
            }
        }
        if !gained.is_empty() {
            changes.check_gain(editor.root, &way)?;
        }
        changes.gain(editor.root, gained);
        // Where a reframe changes one node twice, the last holds.
        changes.by_node.reverse();
        changes.by_node.sort_by_key(|(node, _)| *node);
        changes.by_node.dedup_by_key(|(node, _)| *node);
        match changes.by_node.is_empty() {
            true => Err(ByHand::Nothing),
            false => Ok(changes),
        }
    }

    pub(super) fn into_writes(self) -> Vec<String> {
        self.writes
    }

    /// Merges a list of the plan's parts: known ones change, others are added at its end.
    fn parts(
        &mut self,
        part: &'static str,
        key: NodeId,
        list: NodeId,
        way: &Way<'_>,
    ) -> Result<Option<(NodeId, Fresh)>, ByHand> {
        let mut added = Vec::new();
        for &item in items(self.overlay, list) {
            let id = self.id(part, item);
            match Part::find(self.editor, part, &id) {
                Some(Part::Own(at)) => self.part(at, item, &way.to(part).to(&id))?,
                Some(Part::Extended) => return Err(ByHand::Extended { id: id.into_owned() }),
                None => {
                    self.note(item, &way.to(part).to(&id))?;
                    added.push(item);
                }
            }
        }
        if added.is_empty() {
            return Ok(None);
        }
        let Some(own) = self.editor.tree.get(self.editor.root, part) else {
            return Ok(Some((key, Fresh::List(added))));
        };
        let way = self.enter(own, &way.to(part))?;
        let change = match self.editor.tree.value(own) {
            Value::Null => Change::Value(Fresh::List(added)),
            _ => {
                self.check_gain(own, &way)?;
                Change::Items(added)
            }
        };
        self.by_node.push((own, change));
        Ok(None)
    }

    /// The id of a part of the overlay: given, or made as the plan makes it.
    fn id(&self, part: &str, item: NodeId) -> Cow<'e, str> {
        let overlay = self.overlay;
        let of = |key| overlay.get(item, key).and_then(|node| text(overlay, node));
        let name = match part {
            "funnels" => of("goal").map(Cow::Borrowed),
            "handoffs" => Some(format!("{} {}", of("from").unwrap_or_default(), of("to").unwrap_or_default()).into()),
            _ => of("name").map(Cow::Borrowed),
        };
        let made = || Plan::id_from(&name.unwrap_or_default()).into_owned().into();
        of("id").map_or_else(made, Cow::Borrowed)
    }

    /// Merges one part that the plan has.
    fn part(&mut self, at: Subject, overlay: NodeId, way: &Way<'_>) -> Result<(), ByHand> {
        let place = self.editor.plan.place_of(at);
        let by_hand = || ByHand::Layout { line: self.editor.line(place.start) };
        let Steps { goal, part: [list, item] } = self.editor.index.way_to(at, place).ok_or_else(by_hand)?;
        let mut way = *way;
        for node in goal.into_iter().flatten().chain([list, item]) {
            way = self.enter(node, &way)?;
        }
        if text(&self.editor.tree, item).is_some() {
            self.short(item, overlay, &way)
        } else {
            self.keys(item, overlay, &way)
        }
    }

    /// Merges a part that is written as its name alone.
    fn short(&mut self, item: NodeId, overlay: NodeId, way: &Way<'_>) -> Result<(), ByHand> {
        let named = self.overlay.get(overlay, "name");
        let name = named.filter(|&name| text(self.overlay, name) != text(&self.editor.tree, item));
        let mut keys = Vec::new();
        for (key, node, value) in entries(self.overlay, overlay) {
            let is_new = key != "name" && (key != "id" || name.is_some());
            if is_new {
                self.note(value, &way.to(key))?;
                keys.push((node, Fresh::Node(value)));
            }
        }
        if let Some(name) = name {
            self.note(name, &way.to("name"))?;
        }
        if name.is_some() || !keys.is_empty() {
            self.by_node.push((item, Change::Named { name, keys }));
        }
        Ok(())
    }

    /// Merges the keys of a mapping.
    fn keys(&mut self, base: NodeId, overlay: NodeId, way: &Way<'_>) -> Result<(), ByHand> {
        let tree = &self.editor.tree;
        let own = |key| tree.get(base, key).and_then(|node| text(tree, node));
        let proposed = |key| self.overlay.get(overlay, key).and_then(|node| text(self.overlay, node));
        // An id that was made from the name is made from it again, as long as that is the same.
        let makes_its_id = own("id").is_none() && proposed("name").is_none_or(|name| own("name") == Some(name));
        let mut gained = Vec::new();
        for (key, node, value) in entries(self.overlay, overlay) {
            if key != "id" || !makes_its_id {
                gained.extend(self.key(base, (key, node, value), way)?);
            }
        }
        if !gained.is_empty() {
            self.check_gain(base, way)?;
        }
        self.gain(base, gained);
        Ok(())
    }

    /// Merges one key of a mapping; hands it out where the mapping does not have it.
    fn key(
        &mut self,
        base: NodeId,
        (key, node, value): (&str, NodeId, NodeId),
        way: &Way<'_>,
    ) -> Result<Option<(NodeId, Fresh)>, ByHand> {
        let way = way.to(key);
        match self.editor.tree.get(base, key) {
            Some(own) => self.value(own, value, &way).map(|()| None),
            None => {
                self.note(value, &way)?;
                Ok(Some((node, Fresh::Node(value))))
            }
        }
    }

    fn gain(&mut self, base: NodeId, gained: Vec<(NodeId, Fresh)>) {
        if !gained.is_empty() {
            self.by_node.push((base, Change::Keys(gained)));
        }
    }

    /// Merges a value.
    fn value(&mut self, base: NodeId, overlay: NodeId, way: &Way<'_>) -> Result<(), ByHand> {
        let tree = &self.editor.tree;
        if self.says((tree, base), overlay) {
            return Ok(());
        }
        let way = &self.enter(base, way)?;
        match (tree.value(base), self.overlay.value(overlay)) {
            (Value::Mapping(_), Value::Mapping(_)) => return self.keys(base, overlay, way),
            (Value::List(own), Value::List(proposed)) if self.is_in_pairs(own, proposed) => {
                for (at, (&own, &proposed)) in own.iter().zip(proposed).enumerate() {
                    self.value(own, proposed, &way.to(&at.to_string()))?;
                }
                return Ok(());
            }
            (Value::List(own), Value::List(proposed)) if self.begins_with(proposed, own) => {
                self.check_gain(base, way)?;
                self.note(overlay, way)?;
                let more = proposed.get(own.len()..).unwrap_or_default().to_vec();
                self.by_node.push((base, Change::Items(more)));
                return Ok(());
            }
            _ => {}
        }
        self.check_gain(base, way)?;
        self.check_anchors(base)?;
        self.note(overlay, way)?;
        self.by_node.push((base, Change::Value(Fresh::Node(overlay))));
        Ok(())
    }

    /// Whether two lists without ids are the same parts, in the same order: each has all keys that it had, with other values.
    fn is_in_pairs(&self, own: &[NodeId], proposed: &[NodeId]) -> bool {
        let tree = &self.editor.tree;
        own.len() == proposed.len()
            && own.iter().zip(proposed).all(|(&own, &proposed)| {
                let keeps = |(key, _, _): (&str, NodeId, NodeId)| self.overlay.get(proposed, key).is_some();
                matches!((tree.value(own), self.overlay.value(proposed)), (Value::Mapping(_), Value::Mapping(_)))
                    && entries(tree, own).all(keeps)
            })
    }

    fn begins_with(&self, proposed: &[NodeId], own: &[NodeId]) -> bool {
        let tree = &self.editor.tree;
        !own.is_empty()
            && own.len() < proposed.len()
            && own.iter().zip(proposed).all(|(&own, &proposed)| self.says((tree, own), proposed))
    }

    /// Notes that a value is written; one with a gap is for people to write.
    fn note(&mut self, overlay: NodeId, way: &Way<'_>) -> Result<(), ByHand> {
        match self.overlay.value(overlay) {
            Value::Text(text) if text.contains(GAP) => return Err(ByHand::NeedsWords),
            Value::List(items) if items.iter().any(|&item| self.note(item, way).is_err()) => {
                return Err(ByHand::NeedsWords);
            }
            Value::Mapping(_) => {
                for (key, _, value) in entries(self.overlay, overlay) {
                    self.note(value, &way.to(key))?;
                }
                return Ok(());
            }
            _ => {}
        }
        let name = way.name();
        if self.writes.last() != Some(&name) {
            self.writes.push(name);
        }
        Ok(())
    }

    /// Goes into a node, unless it stands in several places.
    fn enter<'w>(&self, node: NodeId, way: &Way<'w>) -> Result<Way<'w>, ByHand> {
        let tree = &self.editor.tree;
        let alias = self.editor.index.alias_to(node);
        if let Some(other) = tree.alias_of(node).or(alias) {
            return Err(ByHand::Shared { line: self.editor.line_of(node), other: self.editor.line_of(other) });
        }
        let breaks = tree.is_flow_mapping(node) && !self.editor.is_on_one_line(node);
        Ok(Way { broken: way.broken.or(breaks.then_some(node)), ..*way })
    }

    /// Whether a node can be written to: in brackets only where these open and close on one line.
    fn check_gain(&self, node: NodeId, way: &Way<'_>) -> Result<(), ByHand> {
        let tree = &self.editor.tree;
        let several = |node: NodeId, kind| Err(ByHand::SeveralLines { line: self.editor.line_of(node), kind });
        if let Some(mapping) = way.broken {
            return several(mapping, "mapping in { }");
        }
        if tree.is_flow(node) && !self.editor.is_on_one_line(node) {
            return several(node, "list in [ ]");
        }
        Ok(())
    }

    /// What is replaced may hold an anchor that other places repeat.
    fn check_anchors(&self, base: NodeId) -> Result<(), ByHand> {
        let whole = self.editor.tree.span(base);
        let inside = |node: NodeId| {
            let span = self.editor.tree.span(node);
            whole.start <= span.start && span.end <= whole.end
        };
        let line = |node| self.editor.line_of(node);
        match self.editor.index.aliases().iter().find(|(_, target)| inside(*target)) {
            Some(&(alias, target)) => Err(ByHand::Shared { line: line(target), other: line(alias) }),
            None => Ok(()),
        }
    }

    /// Whether a node of some tree says what a node of the overlay says.
    fn says(&self, (tree, node): (&Tree, NodeId), overlay: NodeId) -> bool {
        match (tree.value(node), self.overlay.value(overlay)) {
            (Value::Null, Value::Null) => true,
            (Value::Text(one), Value::Text(other)) => one.trim() == other.trim(),
            // One item may be written without its list.
            (Value::Text(_), Value::List(&[only])) => self.says((tree, node), only),
            (Value::List(own), Value::List(proposed)) => {
                own.len() == proposed.len()
                    && own.iter().zip(proposed).all(|(&own, &proposed)| self.says((tree, own), proposed))
            }
            (Value::Mapping(own), Value::Mapping(proposed)) => {
                own.len() == proposed.len()
                    && entries(self.overlay, overlay)
                        .all(|(key, _, value)| tree.get(node, key).is_some_and(|own| self.says((tree, own), value)))
            }
            _ => false,
        }
    }

    /// What changes at a node.
    pub(super) fn at(&self, node: NodeId) -> Option<&Change> {
        let at = self.by_node.binary_search_by_key(&node, |(changed, _)| *changed).ok()?;
        self.by_node.get(at).map(|(_, change)| change)
    }

    /// Whether a node or what is in it may change: nodes are numbered in the order of the text, up to the next one beside it.
    pub(super) fn are_between(&self, node: NodeId, next: Option<NodeId>) -> bool {
        let before = self.by_node.partition_point(|(changed, _)| *changed < node);
        self.by_node.get(before).is_some_and(|(changed, _)| next.is_none_or(|next| *changed < next))
    }

    /// Whether the text of a window of the plan, edited, says what it said with these changes, and nothing else.
    pub(super) fn gave(&self, window: &Window, source: &Source, edited: &Tree) -> bool {
        let tree = &self.editor.tree;
        let edited = (source, edited);
        match (window.holds, edited.1.documents()) {
            (Holds::Documents, new) => {
                let all = tree.documents();
                all.len() == new.len() && all.iter().zip(new).all(|(&own, &new)| self.is_kept(own, edited, new))
            }
            (Holds::Entries, &[new]) => {
                let gained = match self.at(self.editor.root) {
                    Some(Change::Keys(keys)) => keys.as_slice(),
                    Some(_) => return false,
                    None => &[],
                };
                let own = entries(tree, self.editor.root).filter(|(_, key, _)| window.has(tree.span(*key)));
                self.keeps(own, gained, edited, (new, window.named()))
            }
            (Holds::Items(list), &[new]) => {
                let gained = match self.at(list) {
                    Some(Change::Items(more)) => more.as_slice(),
                    Some(_) => return false,
                    None => &[],
                };
                let mut new = items(edited.1, new).get(window.named()..).unwrap_or_default().iter();
                let mut own = items(tree, list).iter().filter(|own| window.has(tree.span(**own)));
                own.all(|&own| new.next().is_some_and(|&new| self.is_kept(own, edited, new)))
                    && self.are(gained, new.as_slice(), edited.1)
            }
            _ => false,
        }
    }

    /// Whether a mapping has its own entries still, in their order, and those that it gains, behind so many others.
    fn keeps<'t>(
        &self,
        own: impl Iterator<Item = (&'t str, NodeId, NodeId)>,
        gained: &[(NodeId, Fresh)],
        edited: (&Source, &Tree),
        (new, others): (NodeId, usize),
    ) -> bool {
        let mut count = others + gained.len();
        let mut rest = entries(edited.1, new);
        let mut kept = |(key, _, own): (&str, NodeId, NodeId)| {
            count += 1;
            rest.find(|(name, ..)| *name == key).is_some_and(|(.., new)| self.is_kept(own, edited, new))
        };
        { own }.all(&mut kept) && self.has(gained, edited.1, new) && entries(edited.1, new).count() == count
    }

    fn has(&self, keys: &[(NodeId, Fresh)], result: &Tree, new: NodeId) -> bool {
        keys.iter().all(|(key, value)| {
            let name = text(self.overlay, *key).unwrap_or_default();
            result.get(new, name).is_some_and(|new| self.is_fresh(value, new, result))
        })
    }

    fn is_fresh(&self, fresh: &Fresh, new: NodeId, result: &Tree) -> bool {
        match fresh {
            Fresh::Node(node) => self.says((result, new), *node),
            Fresh::List(list) => self.are(list, items(result, new), result),
        }
    }

    fn is_kept(&self, own: NodeId, edited: (&Source, &Tree), new: NodeId) -> bool {
        let tree = &self.editor.tree;
        let (source, result) = edited;
        if tree.alias_of(own).is_some() || result.alias_of(new).is_some() {
            return self.editor.source.slice(tree.span(own)) == source.slice(result.span(new))
                && tree.alias_of(own).is_some() == result.alias_of(new).is_some();
        }
        let gained: &[_] = match self.at(own) {
            Some(Change::Value(value)) => return self.is_fresh(value, new, result),
            Some(Change::Named { name, keys }) => {
                let is_name = |new: NodeId| match name {
                    Some(name) => self.says((result, new), *name),
                    None => text(result, new) == text(tree, own),
                };
                return result.get(new, "name").is_some_and(is_name)
                    && self.has(keys, result, new)
                    && entries(result, new).count() == keys.len() + 1;
            }
            Some(Change::Items(more)) => {
                let (old, new) = (items(tree, own), items(result, new));
                let (kept, gained) = new.split_at_checked(old.len()).unwrap_or_default();
                return old.len() == kept.len()
                    && old.iter().zip(kept).all(|(&own, &new)| self.is_kept(own, edited, new))
                    && self.are(more, gained, result);
            }
            Some(Change::Keys(keys)) => keys,
            None => &[],
        };
        match (tree.value(own), result.value(new)) {
            (Value::Null, Value::Null) => true,
            (Value::Text(one), Value::Text(other)) => one == other,
            (Value::List(old), Value::List(new)) => {
                old.len() == new.len() && old.iter().zip(new).all(|(&own, &new)| self.is_kept(own, edited, new))
            }
            (Value::Mapping(_), Value::Mapping(_)) => self.keeps(entries(tree, own), gained, edited, (new, 0)),
            _ => false,
        }
    }

    fn are(&self, proposed: &[NodeId], new: &[NodeId], result: &Tree) -> bool {
        proposed.len() == new.len() && proposed.iter().zip(new).all(|(&node, &new)| self.says((result, new), node))
    }
}

/// Where a part of the overlay stands.
enum Part {
    Own(Subject),
    Extended,
}

impl Part {
    fn find(editor: &Editor<'_>, part: &'static str, id: &str) -> Option<Self> {
        let plan = editor.plan;
        let extended = || match part {
            "goals" | "kpis" => plan.metric(id).is_some_and(|metric| metric.plan > 0),
            "products" => plan.product(id).is_some_and(|(of, _)| of > 0),
            _ => false,
        };
        let own = editor.index.part(part, id).map(Self::Own);
        own.or_else(|| extended().then_some(Self::Extended))
    }
}
