//! The JSON Schema of a settings file: its keys, every rule with its thresholds, and the conventions, for editors.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::written::{MetricFacts, Written};
use super::{Adjustable, CONVENTIONS, Setting, SettingUnit, newest_ruleset};
use crate::plan::schema::{of_table, part, written};
use crate::plan::table::Part;
use crate::severity::Severity;

/// The JSON Schema of a settings file, as JSON with a line end at its end. `about` says in a sentence what a rule looks for.
pub fn schema(adjustable: &[Adjustable], about: impl Fn(&str) -> String) -> String {
    let mut root = of_table("Settings of kpi-audit", Written::TABLE);
    let rules = adjustable.iter().map(|rule| (rule.rule.to_owned(), of_rule(rule, &about(rule.rule))));
    let rules = closed(rules.collect());
    if let Some(Value::Object(definitions)) = root.get_mut("definitions") {
        definitions.insert("rules".to_owned(), rules);
    }
    let rules = json!({"$ref": "#/definitions/rules"});
    // What the reader tells of a value beyond the shape that its table has.
    let known = [
        ("ruleset", json!({"type": "integer", "minimum": 1, "maximum": newest_ruleset(adjustable)})),
        ("min-score", json!({"type": "integer", "minimum": 0, "maximum": 100})),
        ("paths", json!({"type": "object", "additionalProperties": or_nothing(&rules)})),
        ("conventions", of_values(CONVENTIONS)),
        ("metrics", json!({"type": "object", "additionalProperties": of_metric()})),
        ("rules", rules),
    ];
    for (key, value) in known {
        if let Some(place) = root.get_mut("properties").and_then(|all| all.get_mut(key)?.get_mut("anyOf")?.get_mut(0)) {
            *place = value;
        }
    }
    written(&root)
}

fn of_rule(rule: &Adjustable, about: &str) -> Value {
    // To some YAML readers `off` is false.
    let switches = [json!("off"), json!("on"), json!(false), json!(true)];
    let words: Vec<Value> = switches.into_iter().chain(Severity::WORDS.iter().map(|word| json!(word))).collect();
    let mut keys = values(rule.settings);
    keys.insert(
        "severity".to_owned(),
        json!({"description": "The gravest severity that its findings may have.", "enum": Severity::WORDS}),
    );
    json!({"description": about, "anyOf": [{"enum": words}, closed(keys), {"type": "null"}]})
}

fn of_values(settings: &[&Setting]) -> Value {
    closed(values(settings))
}

fn values(settings: &[&Setting]) -> Map<String, Value> {
    settings.iter().map(|setting| (setting.key.to_owned(), of_setting(setting))).collect()
}

fn of_setting(setting: &Setting) -> Value {
    let Setting { words, source, .. } = setting;
    let description = format!(
        "{words}. Default {}, {}. The default is from: {source}.",
        setting.unit.show(setting.default),
        setting.bounds()
    );
    match setting.unit {
        // A bare number is read as a share or as percent by its size, which a schema cannot say.
        SettingUnit::Share => json!({"description": description, "type": ["string", "number"]}),
        SettingUnit::Count | SettingUnit::Ratio | SettingUnit::Months | SettingUnit::Number => json!({
            "description": description,
            "type": ["string", "number"],
            "minimum": setting.least,
            "maximum": setting.most,
        }),
    }
}

fn of_metric() -> Value {
    let facts = part(MetricFacts::TABLE, &mut Map::new(), &mut BTreeSet::new());
    json!({"anyOf": [{"type": "string"}, facts]})
}

/// A mapping of these keys and no others.
fn closed(keys: Map<String, Value>) -> Value {
    json!({"type": "object", "properties": keys, "additionalProperties": false})
}

fn or_nothing(value: &Value) -> Value {
    json!({"anyOf": [value, {"type": "null"}]})
}
