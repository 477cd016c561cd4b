//! The schema of a plan takes what the tool takes, and refuses the keys that it refuses.

#![allow(clippy::expect_used, reason = "a test that cannot go on fails")]

mod support;

use jsonschema::Validator;
use kpi_audit::{plan, rules};
use serde_json::{Value, json};
use support::{auditor, whole};

fn validator() -> Validator {
    let schema: Value = serde_json::from_str(&plan::schema()).expect("the schema is JSON");
    jsonschema::draft7::meta::validate(&schema).expect("the schema is one of draft 7");
    jsonschema::draft7::new(&schema).expect("the schema compiles")
}

fn value(text: &str) -> Value {
    serde_yaml::from_str(text).expect("the plan is YAML")
}

#[test]
fn every_example_and_every_plan_of_the_rules_pages_is_taken() {
    let validator = validator();
    let examples = support::EXAMPLES.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    let pages = rules::of_one_plan().flat_map(|rule| {
        let blocks = rule.page().good().into_iter().chain(rule.page().bad());
        blocks.map(|block| (rule.name.to_owned(), whole(block.yaml)))
    });
    let others = [("init".to_owned(), plan::starter())];
    for (name, text) in examples.chain(pages).chain(others) {
        let errors: Vec<String> = validator.iter_errors(&value(&text)).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{name}: {errors:?}\n{text}");
    }
}

#[test]
fn every_unknown_key_that_the_tool_refuses_is_refused() {
    let validator = validator();
    let plan = value(support::BASE);
    let mut tried = 0;
    let mut places = Vec::new();
    mappings(&plan, String::new(), &mut places);
    for place in places {
        let mut changed = plan.clone();
        let target = changed.pointer_mut(&place).and_then(Value::as_object_mut).expect("a mapping");
        target.insert("zzz".to_owned(), json!(1));
        let text = serde_yaml::to_string(&changed).expect("YAML");
        let refused = !auditor().audit_text("plan.yaml", &text).faults.is_empty();
        // The names of teams and of what an initiative expects are the plan's own; a name that does not exist is the tool's to tell.
        if refused && !place.ends_with("/expects") {
            tried += 1;
            assert!(!validator.is_valid(&changed), "{place}");
        }
    }
    assert!(tried > 40, "{tried}");
}

fn mappings(value: &Value, place: String, places: &mut Vec<String>) {
    match value {
        Value::Object(entries) => {
            entries.iter().for_each(|(key, value)| mappings(value, format!("{place}/{key}"), places));
            places.push(place);
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, item)| mappings(item, format!("{place}/{at}"), places));
        }
        _ => {}
    }
}
