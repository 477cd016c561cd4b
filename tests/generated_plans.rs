//! The plans that speed is measured on are plans that a repository would hold.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

#[path = "../benches/workbench/plans/mod.rs"]
mod plans;

use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

const SEED: u64 = 2027;

fn audited(dir: &Path) -> Vec<Value> {
    let run = Command::new(env!("CARGO_BIN_EXE_kpi-audit"))
        .current_dir(dir)
        .args(["--format", "json", "--exit-zero", "--as-of", "2027-01-15", "."])
        .output()
        .unwrap();
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    let report: Value = serde_json::from_slice(&run.stdout).unwrap();
    report["plans"].as_array().unwrap().clone()
}

fn open_findings(plan: &Value) -> usize {
    plan["findings"].as_array().unwrap().iter().filter(|finding| finding["status"] == "open").count()
}

#[test]
fn a_repository_is_the_same_each_time_and_another_with_another_seed() {
    let texts = |seed| plans::repository(60, seed).map(|file| (file.path, file.text)).collect::<Vec<_>>();
    assert_eq!(texts(SEED), texts(SEED));
    assert_ne!(texts(SEED), texts(SEED + 1));
    let paths: HashSet<String> = plans::repository(1_000, SEED).map(|file| file.path).collect();
    assert_eq!(paths.len(), 1_000);
}

#[test]
fn a_repository_holds_mostly_sound_plans_of_the_size_that_people_write() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join(".git")).unwrap();
    let mut bytes = Vec::new();
    for file in plans::repository(75, SEED) {
        let path = dir.path().join(file.path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        bytes.push(file.text.len());
        fs::write(path, file.text).unwrap();
    }
    assert!(bytes.iter().all(|bytes| (3_500..8_192).contains(bytes)), "{bytes:?}");
    assert!((5_500..7_000).contains(&(bytes.iter().sum::<usize>() / bytes.len())), "{bytes:?}");

    let plans = audited(dir.path());
    assert_eq!(plans.len(), 75, "each is a plan without a fault");
    let findings: usize = plans.iter().map(open_findings).sum();
    assert!((2..=8).contains(&(findings / plans.len())), "{findings} findings");
    let bad = plans.iter().filter(|plan| plan["score"].as_u64().is_some_and(|score| score < 60)).count();
    assert!((1..=10).contains(&bad), "{bad} bad plans");
}

#[test]
fn one_large_plan_is_as_large_as_asked_for_and_reads_without_a_fault() {
    let dir = tempfile::tempdir().unwrap();
    let text = plans::one_large(100_000, SEED);
    assert!((100_000..104_000).contains(&text.len()), "{}", text.len());
    fs::write(dir.path().join("large.yaml"), text).unwrap();
    assert_eq!(audited(dir.path()).len(), 1);
}
