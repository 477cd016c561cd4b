//! Compiles the metric dictionary's data into tables, so that a run has nothing to load.

#![allow(clippy::print_stdout, reason = "this is how a build script speaks to Cargo")]

use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

mod data;
mod tables;

#[path = "../src/metrics/class.rs"]
mod class;
#[path = "../src/metrics/hash.rs"]
mod hash;
#[path = "../src/metrics/inflection.rs"]
mod inflection;
#[path = "../src/metrics/tokens.rs"]
#[allow(dead_code, reason = "the crate uses the rest")]
mod tokens;

/// The data, in the order in which it is read.
const FILES: [&str; 3] = ["grammar.txt", "words.txt", "metrics.txt"];

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed=src/metrics");
    println!("cargo::rerun-if-changed=build");
    match compile() {
        Ok(()) => ExitCode::SUCCESS,
        Err(problems) => {
            for problem in problems {
                println!("cargo::error={problem}");
            }
            ExitCode::FAILURE
        }
    }
}

fn compile() -> Result<(), Vec<String>> {
    let one = |error: String| vec![error];
    let root = env::var("CARGO_MANIFEST_DIR").map_err(|error| one(error.to_string()))?;
    let out = env::var("OUT_DIR").map_err(|error| one(error.to_string()))?;
    let mut data = data::Data::default();
    for file in FILES {
        let path = Path::new(&root).join("src/metrics/data").join(file);
        let text = fs::read_to_string(&path).map_err(|error| one(format!("{}: {error}", path.display())))?;
        data.read(file, &text);
    }
    data.problems.extend(data.untitled().collect::<Vec<_>>());
    let tables = tables::compile(&data).map_err(one)?;
    data.problems.extend(tables.problems);
    if !data.problems.is_empty() {
        return Err(data.problems);
    }
    for (name, bytes) in tables.files {
        fs::write(Path::new(&out).join(name), bytes).map_err(|error| one(error.to_string()))?;
    }
    Ok(())
}
