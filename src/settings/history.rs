//! The history of rulesets: what thresholds and weights were before a later ruleset changed them, so that a pinned score stays.

use super::{Origin, RuleSettings, Set, Settings};
use crate::severity::Severity;

/// A value that a ruleset changed.
#[derive(Debug, Clone, Copy)]
pub struct Change {
    /// The last ruleset that had the former value.
    pub until: u32,
    /// What it was.
    pub former: Former,
}

/// A value as it was.
#[derive(Debug, Clone, Copy)]
pub enum Former {
    /// A rule's threshold: the rule, the key, the value.
    Threshold(&'static str, &'static str, f64),
    /// A convention: the key, the value.
    Convention(&'static str, f64),
    /// What a rule weighs in its area.
    RuleWeight(&'static str, Severity),
    /// What an area weighs in the score.
    AreaWeight(&'static str, f64),
}

/// Every value that was changed since the first ruleset. None was so far. Who changes a default or a weight adds a ruleset and a
/// line here.
pub(super) static CHANGES: &[Change] = &[];

impl Settings {
    /// Takes the values of a ruleset, which what a settings file says goes before.
    pub(super) fn at_ruleset(&mut self, ruleset: u32, changes: &[Change]) {
        let mut former: Vec<&Change> = changes.iter().filter(|change| ruleset <= change.until).collect();
        // Of several, the one that ended first held then: it comes last.
        former.sort_by_key(|change| std::cmp::Reverse(change.until));
        for change in former {
            let set = |value| Set { value, origin: Origin::Ruleset };
            match change.former {
                Former::Threshold(rule, key, value) => {
                    self.rule(rule).values.insert(key, set(value));
                }
                Former::Convention(key, value) => {
                    self.conventions.insert(key, set(value));
                }
                Former::RuleWeight(rule, weight) => self.rule(rule).weight = Some(weight),
                Former::AreaWeight(area, weight) => {
                    self.areas.insert(area, weight);
                }
            }
        }
    }

    fn rule(&mut self, name: &'static str) -> &mut RuleSettings {
        self.rules.entry(name).or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::HORIZON;

    /// A made-up history: the horizon was 36 months in ruleset 1, 48 in ruleset 2, and is the default since.
    const MADE_UP: &[Change] = &[
        Change { until: 1, former: Former::Convention("horizon", 36.0) },
        Change { until: 2, former: Former::Convention("horizon", 48.0) },
        Change { until: 1, former: Former::Threshold("spread-thin", "fewest_products", 5.0) },
        Change { until: 2, former: Former::RuleWeight("spread-thin", Severity::Low) },
        Change { until: 1, former: Former::AreaWeight("work", 3.0) },
    ];

    fn pinned(ruleset: u32) -> Settings {
        let mut settings = Settings::default();
        settings.at_ruleset(ruleset, MADE_UP);
        settings
    }

    #[test]
    fn each_ruleset_has_the_values_of_its_time() {
        let horizons = [1, 2, 3].map(|ruleset| pinned(ruleset).convention(&HORIZON));
        assert_eq!(horizons, [36.0, 48.0, HORIZON.default]);
        let weights = [1, 2, 3].map(|ruleset| pinned(ruleset).weight("spread-thin", Severity::High));
        assert_eq!(weights, [Severity::Low, Severity::Low, Severity::High]);
        assert_eq!([1, 2].map(|ruleset| pinned(ruleset).area_weight("work", 7.0)), [3.0, 7.0]);
        let products = |ruleset| pinned(ruleset).rules.get("spread-thin")?.values.get("fewest_products").copied();
        assert_eq!(products(1).map(|set| set.value), Some(5.0));
        assert_eq!(products(2), None);
    }

    #[test]
    fn the_history_names_only_what_exists() {
        for change in CHANGES {
            match change.former {
                Former::Threshold(rule, key, _) => {
                    let rule = crate::rules::named(rule).unwrap();
                    assert!(rule.settings.iter().any(|setting| setting.key == key), "{key}");
                }
                Former::Convention(key, _) => assert!(super::super::CONVENTIONS.iter().any(|known| known.key == key)),
                Former::RuleWeight(rule, _) => assert!(crate::rules::named(rule).is_some(), "{rule}"),
                Former::AreaWeight(area, _) => {
                    assert!(crate::rules::Area::ALL.iter().any(|known| known.name() == area), "{area}");
                }
            }
        }
    }
}
