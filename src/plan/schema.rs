//! The JSON Schema of the plan file, from the tables of keys: for editors that complete keys, explain them and mark errors.
//!
//! It is of draft 7, which the language servers of common editors read best. What a value says is read by the tool alone: the
//! schema knows keys, lists of words, and what is a list or a mapping, and refuses every key that the tool refuses.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::draft::Draft;
use super::table::{Key, Part, Shape, Table};

/// The address of the dialect.
const DRAFT: &str = "http://json-schema.org/draft-07/schema#";

/// The JSON Schema of a plan, as JSON with a line end at its end.
pub fn schema() -> String {
    written(&of_table("A go-to-market plan for kpi-audit", Draft::TABLE))
}

/// The schema of a file that is a part by itself.
pub(crate) fn of_table(title: &str, table: &'static Table) -> Map<String, Value> {
    let mut definitions = Map::new();
    let mut root = Map::new();
    root.insert("$schema".to_owned(), json!(DRAFT));
    root.insert("title".to_owned(), json!(title));
    if let Value::Object(whole) = part(table, &mut definitions, &mut BTreeSet::new()) {
        root.extend(whole);
    }
    root.insert("definitions".to_owned(), Value::Object(definitions));
    root
}

/// A schema as JSON with a line end at its end.
pub(crate) fn written(schema: &Map<String, Value>) -> String {
    // Writing to memory fails for keys that are no text, and all keys here are.
    serde_json::to_string_pretty(schema).map(|text| text + "\n").unwrap_or_default()
}

/// A part of the plan: its keys, those that it must have, and no others.
pub(crate) fn part(
    table: &'static Table,
    definitions: &mut Map<String, Value>,
    seen: &mut BTreeSet<&'static str>,
) -> Value {
    let mut properties = Map::new();
    for key in table.all() {
        properties.insert(key.name.to_owned(), property(key, definitions, seen));
    }
    let required: Vec<&str> = table.all().filter(|key| key.required).map(|key| key.name).collect();
    let mut object = json!({"type": "object", "properties": properties, "additionalProperties": false});
    if let (Value::Object(object), false) = (&mut object, required.is_empty()) {
        object.insert("required".to_owned(), json!(required));
    }
    object
}

fn property(key: &'static Key, definitions: &mut Map<String, Value>, seen: &mut BTreeSet<&'static str>) -> Value {
    let shape = of_shape(&(key.shape)(), definitions, seen);
    let words: Vec<&str> = key.words.iter().map(|line| line.trim()).collect();
    // A key without a value is one that is not there.
    json!({"description": words.join(" "), "anyOf": [shape, {"type": "null"}]})
}

fn of_shape(shape: &Shape, definitions: &mut Map<String, Value>, seen: &mut BTreeSet<&'static str>) -> Value {
    match shape {
        // A name may look like a number or a date to YAML, and a number is written with its unit.
        Shape::Text(_) | Shape::Number(_) => json!({"type": ["string", "number", "boolean"]}),
        Shape::Flag => json!({"type": ["boolean", "string"]}),
        Shape::Words(words) => json!({"enum": words}),
        Shape::List(item) => json!({"type": "array", "items": of_shape(item, definitions, seen)}),
        Shape::OneOrMany(item) => {
            let item = of_shape(item, definitions, seen);
            json!({"anyOf": [item, {"type": "array", "items": item}]})
        }
        Shape::Map(value) => {
            let value = of_shape(value, definitions, seen);
            json!({"type": "object", "additionalProperties": {"anyOf": [value, {"type": "null"}]}})
        }
        Shape::Part(table) => reference(table, definitions, seen),
        Shape::PartOrText(table) => {
            json!({"anyOf": [reference(table, definitions, seen), {"type": ["string", "number", "boolean"]}]})
        }
    }
}

/// A part stands once among the definitions, also where it holds itself.
fn reference(table: &'static Table, definitions: &mut Map<String, Value>, seen: &mut BTreeSet<&'static str>) -> Value {
    let name = table.part.trim_start_matches("a ").trim_start_matches("an ").trim_start_matches("the ");
    let name = name.replace([' ', '\''], "-");
    if seen.insert(table.part) {
        let defined = part(table, definitions, seen);
        definitions.insert(name.clone(), defined);
    }
    json!({"$ref": format!("#/definitions/{name}")})
}
