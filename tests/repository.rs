//! Holds the check of a repository of plans from outside: what is new, known and fixed against a baseline and a revision.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by a panic, also in its helpers")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// A folder of its own that is gone afterwards, with a git repository in it.
struct Repository(PathBuf);

impl Drop for Repository {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

impl Repository {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("kpi-audit-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let repository = Self(folder);
        repository.git(&["init", "--quiet"]);
        repository
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn git(&self, words: &[&str]) {
        let settings = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"];
        let out = Command::new("git").current_dir(&self.0).args(settings).args(words).output().unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    }

    fn commit(&self) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", "plans"]);
    }

    fn audit(&self, words: &[&str]) -> Output {
        self.audit_in(&self.0, words)
    }

    fn audit_in(&self, folder: &Path, words: &[&str]) -> Output {
        let day = ["--as-of", "2027-01-15"];
        Command::new(env!("CARGO_BIN_EXE_kpi-audit")).current_dir(folder).args(day).args(words).output().unwrap()
    }

    fn json(&self, words: &[&str]) -> Value {
        let out = self.audit(&[words, &["--format", "json"]].concat());
        assert!(!out.stdout.is_empty(), "{}", String::from_utf8_lossy(&out.stderr));
        serde_json::from_slice(&out.stdout).unwrap()
    }
}

#[test]
fn annotations_come_with_the_whole_table_in_the_summary_of_the_job() {
    let repository = Repository::new("summary");
    repository.write("q1.yaml", &plan("Q1", &[("a", "LinkedIn followers")]));
    repository.write("summary.md", "what another step said\n");
    let audit = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kpi-audit"));
        command.current_dir(&repository.0).args(["--as-of", "2027-01-15", "--format", "github"]);
        command.env("GITHUB_STEP_SUMMARY", repository.0.join("summary.md")).output().unwrap()
    };
    assert!(String::from_utf8_lossy(&audit().stdout).starts_with("::error file=q1.yaml,line=5"));
    let summary = fs::read_to_string(repository.0.join("summary.md")).unwrap();
    assert!(summary.starts_with("what another step said\n### Q1: "), "{summary}");
    assert!(summary.contains("| | Finding | Line | Points |"));
}

/// The standing of a rule's finding about a KPI.
fn standing(plan: &Value, rule: &str, id: &str) -> Option<String> {
    let findings = plan["findings"].as_array().unwrap().iter();
    let mut of = findings.filter(|finding| finding["rule"] == rule && finding["subject"]["id"] == id);
    of.next().map(|finding| finding["status"].as_str().unwrap().to_owned())
}

fn fixed(plan: &Value, rule: &str, id: &str) -> bool {
    let fixed = plan["fixed"].as_array().into_iter().flatten();
    fixed.into_iter().any(|gone| gone["rule"] == rule && gone["subject"]["id"] == id)
}

const GOAL: &str = "goals: [{id: arr, name: New ARR, target: 1.2M}]\n";

fn plan(name: &str, kpis: &[(&str, &str)]) -> String {
    let kpis: String =
        kpis.iter().map(|(id, name)| format!("  - {{id: {id}, name: {name}, target: 9000}}\n")).collect();
    format!("plan: {name}\nperiod: 2027-Q1\n{GOAL}kpis:\n{kpis}")
}

#[test]
fn since_a_revision_a_finding_is_new_fixed_moved_or_still_there() {
    let repository = Repository::new("since");
    repository.write("plans/q1.yaml", &plan("Q1", &[("a", "LinkedIn followers"), ("b", "Instagram followers")]));
    repository.commit();
    // A line above moves everything; b is gone, c is new, and the file has another name.
    repository.git(&["mv", "plans/q1.yaml", "plans/first.yaml"]);
    let later = plan("Q1", &[("c", "TikTok followers"), ("a", "LinkedIn followers")]);
    repository.write("plans/first.yaml", &format!("# a comment\n\n{later}"));
    let report = repository.json(&["--since", "HEAD"]);
    let plan = &report["plans"][0];
    assert_eq!(standing(plan, "vanity-metric", "a").as_deref(), Some("known"));
    assert_eq!(standing(plan, "vanity-metric", "c").as_deref(), Some("new"));
    assert!(fixed(plan, "vanity-metric", "b") && !fixed(plan, "vanity-metric", "a"));
    assert_eq!(report["gates"]["exit"], 1);
}

#[test]
fn a_plan_that_only_keeps_what_it_had_fails_nothing_and_a_new_one_does() {
    let repository = Repository::new("gates");
    repository.write("q1.yaml", &plan("Q1", &[("a", "LinkedIn followers")]));
    repository.commit();
    assert_eq!(repository.audit(&["--since", "HEAD"]).status.code(), Some(0));
    assert_eq!(repository.audit(&[]).status.code(), Some(1));
    repository.write("q2.yaml", &plan("Q2", &[("a", "LinkedIn followers")]));
    assert_eq!(repository.audit(&["--since", "HEAD"]).status.code(), Some(1));
    // From a folder below, and of a file by name, it is the same.
    repository.write("below/q3.yaml", "plan: x\nkpis: [New MRR]\n");
    let below = repository.0.join("below");
    assert_eq!(repository.audit_in(&below, &["../q1.yaml", "--since", "HEAD"]).status.code(), Some(0));
}

#[test]
fn what_is_known_fails_and_annotates_nothing_in_any_output() {
    let repository = Repository::new("known");
    repository.write("q1.yaml", &plan("Q1", &[("a", "LinkedIn followers")]));
    repository.commit();
    let printed = |format: &str, words: &[&str]| {
        let out = repository.audit(&[words, &["--format", format]].concat());
        String::from_utf8(out.stdout).unwrap()
    };
    let since = ["--since", "HEAD"];
    assert!(printed("junit", &[]).contains("<failure") && !printed("junit", &since).contains("<failure"));
    assert!(printed("github", &[]).contains("::error") && !printed("github", &since).contains("::"));
    assert!(printed("github", &since).contains("of them known, are not shown as annotations"));
    let sarif: Value = serde_json::from_str(&printed("sarif", &since)).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    assert!(!results.is_empty() && results.iter().all(|result| result["baselineState"] == "unchanged"));
    assert!(printed("markdown", &since).contains("| high (known) |"));
}

#[test]
fn an_extended_plan_is_that_of_the_revision_too() {
    let repository = Repository::new("extends");
    repository.write("company.yaml", "plan: All\nperiod: 2027-Q1\ngoals: [{id: arr, name: New ARR, target: 1.2M}]\n");
    let team = "plan: Team\nperiod: 2027-Q1\nextends: company.yaml\nkpis: [{id: a, name: LinkedIn followers, target: 9000, drives: [arr]}]\n";
    repository.write("team.yaml", team);
    repository.commit();
    repository.git(&["mv", "company.yaml", "whole.yaml"]);
    repository.write("team.yaml", &team.replace("company.yaml", "whole.yaml"));
    let report = repository.json(&["team.yaml", "--since", "HEAD"]);
    assert_eq!(report["errors"].as_array().map(Vec::len), Some(0));
    assert_eq!(standing(&report["plans"][0], "vanity-metric", "a").as_deref(), Some("known"));
}

#[test]
fn what_is_no_revision_or_no_repository_is_an_error_that_says_so() {
    let repository = Repository::new("none");
    repository.write("q1.yaml", &plan("Q1", &[("a", "LinkedIn followers")]));
    repository.commit();
    let out = repository.audit(&["--since", "nowhere"]);
    assert_eq!(out.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&out.stderr).contains("knows no revision `nowhere`"));
    assert_eq!(repository.audit(&["--since", "^HEAD"]).status.code(), Some(2));
    fs::remove_dir_all(repository.0.join(".git")).unwrap();
    let out = repository.audit(&["--since", "HEAD"]);
    assert_eq!(out.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&out.stderr).contains("no git repository"));
}

#[test]
fn a_baseline_is_written_and_then_holds_wherever_lines_move() {
    let repository = Repository::new("baseline");
    repository.write("q1.yaml", &plan("Q1", &[("a", "LinkedIn followers"), ("b", "Instagram followers")]));
    assert_eq!(repository.audit(&["--write-baseline", "known.json", "--exit-zero"]).status.code(), Some(0));
    assert_eq!(repository.audit(&["--baseline", "known.json"]).status.code(), Some(0));
    let later = plan("Q1", &[("c", "TikTok followers"), ("a", "LinkedIn followers")]);
    repository.write("q1.yaml", &format!("# a comment\n{later}"));
    let report = repository.json(&["--baseline", "known.json"]);
    let plan = &report["plans"][0];
    assert_eq!(standing(plan, "vanity-metric", "a").as_deref(), Some("known"));
    assert_eq!(standing(plan, "vanity-metric", "c").as_deref(), Some("new"));
    assert!(fixed(plan, "vanity-metric", "b"));
    assert_eq!(report["gates"]["exit"], 1);
    let broken = repository.audit(&["--baseline", "q1.yaml"]);
    assert_eq!(broken.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&broken.stderr).contains("no baseline"));
}

#[test]
fn reports_are_written_beside_what_is_printed_and_replace_older_ones_whole() {
    let repository = Repository::new("reports");
    repository.write("q1.yaml", &plan("Q1", &[("a", "LinkedIn followers")]));
    repository.write("audit.sarif", "an older and longer report\n".repeat(10_000).as_str());
    let files = ["--report", "sarif=audit.sarif", "--report", "html=audit.html", "--report", "junit=out/audit.xml"];
    let out = repository.audit(&files);
    assert_eq!(out.status.code(), Some(2), "there is no folder `out`");
    assert!(String::from_utf8_lossy(&out.stderr).contains("out/audit.xml"));
    fs::create_dir(repository.0.join("out")).unwrap();
    let out = repository.audit(&files);
    assert_eq!(out.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&out.stdout).contains("Ask first"));
    let sarif: Value = serde_json::from_slice(&fs::read(repository.0.join("audit.sarif")).unwrap()).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    assert!(fs::read_to_string(repository.0.join("audit.html")).unwrap().starts_with("<!DOCTYPE html>"));
    assert!(fs::read_to_string(repository.0.join("out/audit.xml")).unwrap().contains("<testsuites"));
    let left: Vec<_> = fs::read_dir(&repository.0).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().starts_with(".kpi-audit-")), "{left:?}");
}

#[test]
fn what_was_found_across_plans_is_not_fixed_by_a_plan_that_cannot_be_read() {
    let repository = Repository::new("unread");
    let team =
        |id: &str| format!("plan: {id}\nextends: company.yaml\nkpis: [{{id: leads, name: SQLs, drives: [arr]}}]\n");
    repository.write("company.yaml", "plan: All\ngoals: [{id: arr, name: New ARR}]\nkpis: [{id: leads, name: MQLs}]\n");
    repository.write("north.yaml", &team("North"));
    repository.write("south.yaml", "plan: South\nextends: company.yaml\nkpis: [Followers]\n");
    repository.commit();
    let clash = |set: &Value| set["findings"].as_array().unwrap().iter().any(|found| found["rule"] == "clashing-ids");
    assert!(clash(&repository.json(&["--since", "HEAD"])["set"]));
    repository.write("north.yaml", &team("North").replace("extends:", "curency: EUR\nextends:"));
    let set = &repository.json(&["--since", "HEAD"])["set"];
    assert_eq!(set.get("fixed").and_then(Value::as_array).map_or(0, Vec::len), 0, "{set}");
    assert_eq!(set["findings"].as_array().map_or(0, Vec::len), 0, "{set}");
}

#[test]
fn a_quiet_line_says_how_much_of_it_was_known() {
    let repository = Repository::new("quiet");
    repository.write("q1.yaml", &plan("Q1", &[("Followers", "5000")]));
    repository.commit();
    repository.write("q1.yaml", &plan("Q1", &[("Followers", "5000"), ("Likes", "900")]));
    let out = repository.audit(&["--quiet", "--fail-on", "low", "--since", "HEAD"]);
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    assert!(text.lines().next().unwrap().ends_with(" of them known"), "{text}");
    let all = repository.audit(&["--quiet", "--fail-on", "low"]);
    assert!(!String::from_utf8_lossy(&all.stdout).contains("known"));
}

#[test]
fn a_report_in_a_format_that_is_none_is_an_error_that_names_those_that_are() {
    let out = Repository::new("format").audit(&["--report", "xml=out"]);
    assert_eq!(out.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&out.stderr).contains("`xml` is not one of table, json, html, sarif"));
}

#[test]
fn no_baseline_is_written_while_a_plan_cannot_be_read() {
    let repository = Repository::new("broken-baseline");
    repository.write("q1.yaml", &plan("Q1", &[("a", "LinkedIn followers")]));
    repository.write("q2.yaml", "plan: Q2\nkpis: [{name: Leads, onwer: jana}]\n");
    let out = repository.audit(&["--write-baseline", "known.json"]);
    assert_eq!(out.status.code(), Some(2));
    let err = String::from_utf8_lossy(&out.stderr);
    assert!(err.contains("cannot write known.json: not every plan could be read"), "{err}");
    assert!(!repository.0.join("known.json").exists());
}

#[test]
fn a_row_says_whether_its_finding_is_new() {
    let repository = Repository::new("csv");
    repository.write("q1.yaml", &plan("Q1", &[("a", "LinkedIn followers")]));
    repository.commit();
    repository.write("q1.yaml", &plan("Q1", &[("a", "LinkedIn followers"), ("b", "Instagram followers")]));
    let out = repository.audit(&["--since", "HEAD", "--format", "csv"]);
    let rows = String::from_utf8_lossy(&out.stdout);
    assert!(rows.contains("vanity-metric,measures,known,kpi,a,"), "{rows}");
    assert!(rows.contains("vanity-metric,measures,new,kpi,b,"), "{rows}");
}

#[test]
fn no_report_takes_the_place_of_what_is_read() {
    let repository = Repository::new("in-place");
    let text = plan("Q1", &[("a", "LinkedIn followers")]);
    repository.write("q1.yaml", &text);
    repository.write("sub/named", &text);
    repository.write(".kpi-audit.yaml", "fail-on: low\n");
    std::os::unix::fs::symlink("q1.yaml", repository.0.join("link.json")).unwrap();
    for words in [
        &["--report", "json=q1.yaml"][..],
        &["--report", "csv=sub/../q1.yaml", "sub/named"],
        &["--report", "csv=link.json", "sub/named"],
        &["--report", "csv=.kpi-audit.yaml"],
        &["--report", "csv=sub/named", "sub/named"],
        &["--write-baseline", "q1.yaml"],
        &["--report", "csv=new", "--report", "json=./new"],
    ] {
        let out = repository.audit(words);
        let err = String::from_utf8_lossy(&out.stderr);
        assert!(out.status.code() == Some(2) && err.starts_with("error: cannot write "), "{words:?}: {err}");
    }
    assert_eq!(fs::read_to_string(repository.0.join("q1.yaml")).unwrap(), text);
    assert_eq!(fs::read_to_string(repository.0.join("sub/named")).unwrap(), text);
    assert!(!repository.0.join("new").exists());
    // Also where its settings have an error, so that it is not audited.
    repository.write(".kpi-audit.yaml", "fail-on: sometimes\n");
    assert_eq!(repository.audit(&["--report", "csv=q1.yaml"]).status.code(), Some(2));
    assert_eq!(fs::read_to_string(repository.0.join("q1.yaml")).unwrap(), text);
}

#[test]
fn a_letter_of_a_name_leads_no_plan_out_of_the_repository() {
    let repository = Repository::new("backslash");
    fs::remove_dir_all(repository.0.join(".git")).unwrap();
    repository.write("company.yaml", &plan("Company", &[("a", "LinkedIn followers")]));
    fs::create_dir_all(repository.0.join("r/.git")).unwrap();
    let team = plan("Team", &[("b", "Instagram followers")]);
    repository.write("r/..\\team.yaml", &format!("extends: company.yaml\n{team}"));
    let out = repository.audit_in(&repository.0.join("r"), &["..\\team.yaml"]);
    let err = String::from_utf8_lossy(&out.stderr);
    assert!(out.status.code() == Some(2) && err.contains("there is no such file"), "{err}");
}

#[test]
fn who_stops_reading_changes_no_status() {
    let repository = Repository::new("closed");
    repository.write("q1.yaml", &plan("Q1", &[("a", "LinkedIn followers")]));
    let mut command = Command::new(env!("CARGO_BIN_EXE_kpi-audit"));
    command.current_dir(&repository.0).args(["--format", "json", "--fail-on", "low", "."]);
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let out = command.stdout(writer).output().unwrap();
    assert_eq!((out.status.code(), String::from_utf8_lossy(&out.stderr).as_ref()), (Some(1), ""));
}

#[test]
fn a_copy_of_a_plan_is_new() {
    let repository = Repository::new("copy");
    let text = plan("Q1", &[("a", "LinkedIn followers")]);
    repository.write("q1.yaml", &text);
    repository.commit();
    repository.write("copy.yaml", &text);
    let report = repository.json(&["--since", "HEAD"]);
    assert_eq!(report["gates"]["exit"], 1);
    let standing = |at: usize| report["plans"][at]["findings"][0]["status"].clone();
    assert_eq!((report["plans"][0]["file"].as_str(), standing(0)), (Some("copy.yaml"), "new".into()));
    assert_eq!((report["plans"][1]["file"].as_str(), standing(1)), (Some("q1.yaml"), "known".into()));
}
