//! A settings file, read: what it says for every plan below it, and for some paths.

use std::path::Path;
use std::sync::Arc;

use hashbrown::HashMap;

use super::history::{CHANGES, Change};
use super::paths::Globs;
use super::written::{Meant, Raw, RuleEntry, Written};
use super::{Adjustable, CONVENTIONS, Origin, RuleSettings, Set, Setting, Settings};
use crate::metrics::{Dictionary, dictionary};
use crate::plan::problem::{Problem, What};
use crate::plan::{Allowance, Decoder, Item, Map, Placed, Text};
use crate::source::{Source, Span};
use crate::words::nearest;
use crate::yaml::{self, Value};

/// A settings file.
#[derive(Debug, Clone)]
pub struct SettingsFile {
    /// What it says for every plan.
    settings: Settings,
    /// What it says for some paths, in the order of the file.
    pub(super) paths: Vec<PathEntry>,
    include: Option<Globs>,
    exclude: Option<Globs>,
    pub(super) written: WrittenParts,
}

/// What a settings file says for the paths that a glob meets.
#[derive(Debug, Clone)]
pub(super) struct PathEntry {
    globs: Globs,
    rules: Vec<(&'static str, RuleSettings)>,
}

/// The parts that are shown as they are written.
#[derive(Debug, Clone, Default)]
pub(super) struct WrittenParts {
    /// The globs of `include`, each with its line.
    pub(super) include: Vec<(String, usize)>,
    /// The globs of `exclude`.
    pub(super) exclude: Vec<(String, usize)>,
    /// The globs of `paths`.
    pub(super) paths: Vec<(String, usize)>,
    /// The names of `metrics`.
    pub(super) metrics: Vec<(String, Meant, usize)>,
}

impl Settings {
    /// Reads a settings file for what it says of every plan; every problem of it is returned at its place.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn read(source: &Source, adjustable: &[Adjustable]) -> Result<Self, Vec<Problem>> {
        SettingsFile::read(source, adjustable).map(|file| file.settings)
    }
}

impl SettingsFile {
    /// Reads a settings file; every problem of it is returned, in order of place.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn read(source: &Source, adjustable: &[Adjustable]) -> Result<Self, Vec<Problem>> {
        Self::read_with(source, adjustable, CHANGES)
    }

    fn read_with(source: &Source, adjustable: &[Adjustable], changes: &[Change]) -> Result<Self, Vec<Problem>> {
        // A tree keeps its text; that of a file of settings is short.
        let source = &Arc::new(Source::new(source.name(), source.text()));
        let (tree, faults) = yaml::parse(source);
        let mut problems: Vec<Problem> = faults.into_iter().map(Problem::from).collect();
        if let [_, second, ..] = tree.documents() {
            let what = What::Contradiction("a settings file is one document");
            problems.push(Problem::new(tree.span(*second), what));
        }
        let root = tree.documents().first().copied();
        let decoder = Decoder::new(source, &tree, root.unwrap_or_default(), Allowance::of(source));
        let mut reader = Reader { source, adjustable, changes, decoder, globs: 0 };
        let written = root.and_then(|root| match reader.decoder.value(root) {
            Value::Null => None,
            _ => reader.decoder.part::<Written>(root),
        });
        let file = reader.file(&written.unwrap_or_default());
        problems.extend(reader.decoder.into_problems());
        problems.sort_by_key(|problem| problem.span);
        if problems.is_empty() { Ok(file) } else { Err(problems) }
    }

    /// What holds for every plan that no glob of `paths` meets.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Which entries of `paths` meet a path, by their number. The path is taken from the folder of the settings file.
    pub(super) fn entries_for(&self, path: &Path) -> Vec<usize> {
        let met = self.paths.iter().enumerate().filter(|(_, entry)| entry.globs.meet(path));
        met.map(|(number, _)| number).collect()
    }

    /// What holds where these entries of `paths` do: each changes what it says, the later after the earlier.
    pub(super) fn with_entries(&self, entries: &[usize]) -> Settings {
        let mut settings = self.settings.clone();
        for entry in entries.iter().filter_map(|number| self.paths.get(*number)) {
            for (rule, changed) in &entry.rules {
                settings.rules.entry(rule).or_default().change(changed);
            }
        }
        settings
    }

    /// Whether a plan that was found in a folder is audited.
    pub(super) fn admits(&self, path: &Path) -> bool {
        let meets = |globs: &Globs| globs.meet(path);
        self.include.as_ref().is_none_or(meets) && !self.exclude.as_ref().is_some_and(meets)
    }
}

/// Reads one settings file.
struct Reader<'r, 't> {
    source: &'t Source,
    adjustable: &'r [Adjustable],
    changes: &'r [Change],
    decoder: Decoder<'t>,
    /// How many globs were read.
    globs: usize,
}

impl Reader<'_, '_> {
    fn file(&mut self, written: &Written) -> SettingsFile {
        SettingsFile {
            settings: self.settings(written),
            paths: written.paths.iter().flat_map(|paths| paths.iter()).filter_map(|path| self.path(path)).collect(),
            include: written
                .include
                .as_ref()
                .and_then(|globs| Globs::read(globs.iter(), &mut self.decoder, &mut self.globs)),
            exclude: written
                .exclude
                .as_ref()
                .and_then(|globs| Globs::read(globs.iter(), &mut self.decoder, &mut self.globs)),
            written: self.parts(written),
        }
    }

    fn settings(&mut self, written: &Written) -> Settings {
        let mut settings = Settings { file: Some(self.source.name().into()), ..Settings::default() };
        if let Some(ruleset) = &written.ruleset {
            let newest = newest(self.adjustable, self.changes);
            if (1..=newest).contains(&ruleset.value) {
                settings.ruleset = Some(self.set(ruleset.value, ruleset.key));
                settings.at_ruleset(ruleset.value, self.changes);
                settings.dictionary = pinned_dictionary(ruleset.value);
            } else {
                self.decoder.report(ruleset.span, What::Ruleset { given: ruleset.value, newest });
            }
        }
        settings.fail_on = written.fail_on.as_ref().map(|gate| self.set(gate.value, gate.key));
        settings.min_score = written.min_score.as_ref().map(|gate| self.set(gate.value.0, gate.key));
        for (rule, changed) in written.rules.iter().flat_map(|rules| rules.iter()).filter_map(|entry| self.rule(entry))
        {
            settings.rules.entry(rule).or_default().change(&changed);
        }
        if let Some(conventions) = &written.conventions {
            settings.conventions.extend(self.known_values(conventions, CONVENTIONS, "`conventions`"));
        }
        if let Some(metrics) = &written.metrics {
            settings.dictionary = Some(self.dictionary(metrics, settings.ruleset()));
        }
        settings
    }

    fn set<T>(&self, value: T, key: Span) -> Set<T> {
        Set { value, origin: Origin::Line(self.line(key)) }
    }

    fn line(&self, span: Span) -> usize {
        self.source.position(span.start).line
    }

    /// What is said of a rule, where there is one of that name.
    fn rule(&mut self, (name, entry): &(Text, Placed<RuleEntry>)) -> Option<(&'static str, RuleSettings)> {
        let Some(rule) = self.adjustable.iter().find(|adjustable| *name == adjustable.rule) else {
            let nearest = nearest(name, self.adjustable.iter().map(|known| known.rule)).map(str::to_owned);
            self.decoder.report(entry.key, What::UnknownRule { given: name.to_string(), nearest });
            return None;
        };
        let changed = RuleSettings {
            on: entry.on.map(|on| self.set(on, entry.key)),
            severity: entry.severity.as_ref().map(|severity| self.set(severity.value, severity.key)),
            values: self.known_values(&entry.values, rule.settings, "this rule"),
            weight: None,
        };
        Some((rule.rule, changed))
    }

    /// The values of known settings; unknown ones and those out of bounds are reported.
    fn known_values(
        &mut self,
        values: &[(Text, Placed<Raw>)],
        known: &'static [&'static Setting],
        part: &'static str,
    ) -> HashMap<&'static str, Set<f64>> {
        let mut read = HashMap::new();
        for (key, value) in values {
            let Some(setting) = known.iter().find(|setting| *key == setting.key) else {
                let nearest = nearest(key, known.iter().map(|setting| setting.key));
                let what = What::UnknownKey { key: key.to_string(), part, nearest, cut_number: false };
                self.decoder.report(value.key, what);
                continue;
            };
            let Some(number) = value.0.and_then(|node| setting.unit.read(node, &mut self.decoder)) else { continue };
            if number < setting.least || number > setting.most {
                let bounds = setting.bounds();
                self.decoder.report(value.span, What::Bounds { key: key.to_string(), bounds });
                continue;
            }
            read.insert(setting.key, self.set(number, value.key));
        }
        read
    }

    fn path(&mut self, (glob, rules): &(Text, Placed<Map<RuleEntry>>)) -> Option<PathEntry> {
        let written = Item { value: glob.clone(), span: rules.key, key: () };
        if glob.starts_with('!') {
            let why = "rules cannot be set for what it does not meet; write a later entry for those".to_owned();
            self.decoder.report(rules.key, What::Glob { glob: glob.to_string(), why });
            return None;
        }
        let globs = Globs::read([&written], &mut self.decoder, &mut self.globs)?;
        Some(PathEntry { globs, rules: rules.iter().filter_map(|entry| self.rule(entry)).collect() })
    }

    fn dictionary(&mut self, metrics: &Map<Meant>, ruleset: Option<u32>) -> &'static Dictionary {
        let of_data = ruleset.and_then(pinned_dictionary).unwrap_or_else(dictionary);
        let mut own = of_data.clone();
        for (name, entry) in metrics.iter() {
            let Some(metric) = entry.value.metric(name, entry, of_data, &mut self.decoder) else { continue };
            // Something else is said of a metric of the dictionary, wherever it is found.
            if of_data.metric(name).is_some_and(|known| known.name == metric.name) {
                own.change(metric.clone());
            }
            if let Err(why) = own.add(name, metric) {
                self.decoder.report(entry.key, What::NotAdded(why));
            }
        }
        // What is recognised points into it, as it does into what is compiled in. Each settings file is read once for a run.
        Box::leak(Box::new(own))
    }

    fn parts(&self, written: &Written) -> WrittenParts {
        let globs = |globs: &[Item<Text>]| -> Vec<(String, usize)> {
            globs.iter().map(|glob| (glob.value.to_string(), self.line(glob.span))).collect()
        };
        let paths = written.paths.iter().flat_map(|paths| paths.iter());
        let metrics = written.metrics.iter().flat_map(|metrics| metrics.iter());
        WrittenParts {
            include: written.include.as_ref().map(|list| globs(list)).unwrap_or_default(),
            exclude: written.exclude.as_ref().map(|list| globs(list)).unwrap_or_default(),
            paths: paths.map(|(glob, rules)| (glob.to_string(), self.line(rules.key))).collect(),
            metrics: metrics
                .map(|(name, meant)| (name.to_string(), meant.value.clone(), self.line(meant.key)))
                .collect(),
        }
    }
}

/// The newest ruleset: that in which the newest of these rules, metrics and values came.
pub fn newest_ruleset(adjustable: &[Adjustable]) -> u32 {
    newest(adjustable, CHANGES)
}

fn newest(adjustable: &[Adjustable], changes: &[Change]) -> u32 {
    let rules = adjustable.iter().map(|rule| rule.since);
    let values = changes.iter().map(|change| change.until + 1);
    rules.chain(values).chain(std::iter::once(dictionary().newest())).max().unwrap_or(1)
}

/// The dictionary as it was in a ruleset; none where it has not grown since.
fn pinned_dictionary(ruleset: u32) -> Option<&'static Dictionary> {
    let grown = dictionary().newest() > ruleset;
    // It lives as long as the run does, as the newest does: one for each settings file at most.
    grown.then(|| &*Box::leak(Box::new(dictionary().clone().at_ruleset(ruleset))))
}

#[cfg(test)]
mod tests {
    use super::super::{FEWEST_CUSTOMERS, Former, HORIZON};
    use super::*;
    use crate::severity::Severity;

    /// Rules as a later version may have them: one is new, and what another one weighs was changed.
    const RULES: &[Adjustable] =
        &[Adjustable { rule: "old", since: 1, settings: &[] }, Adjustable { rule: "new", since: 2, settings: &[] }];
    const CHANGED: &[Change] = &[
        Change { until: 1, former: Former::Convention("horizon", 36.0) },
        Change { until: 1, former: Former::Convention("fewest_customers", 10.0) },
        Change { until: 1, former: Former::RuleWeight("old", Severity::Low) },
    ];

    fn read(text: &str) -> Settings {
        SettingsFile::read_with(&Source::new("s", text), RULES, CHANGED).unwrap().settings
    }

    #[test]
    fn a_pinned_ruleset_leaves_out_later_rules_and_keeps_its_own_values() {
        let pinned = read("ruleset: 1\nrules: {new: high}\n");
        assert!(pinned.runs("old", 1) && !pinned.runs("new", 2));
        assert_eq!(pinned.convention(&HORIZON), 36.0);
        assert_eq!(pinned.weight("old", Severity::High), Severity::Low);
        for newest in ["", "ruleset: 2\n"].map(read) {
            assert!(newest.runs("old", 1) && newest.runs("new", 2));
            assert_eq!(newest.convention(&HORIZON), HORIZON.default);
            assert_eq!(newest.weight("old", Severity::High), Severity::High);
        }
    }

    #[test]
    fn what_the_file_says_goes_before_what_the_ruleset_had() {
        let settings = read("ruleset: 1\nconventions: {horizon: 24}\nrules: {old: note}\n");
        assert_eq!(settings.convention(&HORIZON), 24.0);
        assert_eq!(settings.convention(&FEWEST_CUSTOMERS), 10.0);
        assert_eq!(settings.weight("old", Severity::High), Severity::Note);
    }
}
