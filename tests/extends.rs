//! Holds, from outside, what a plan may extend, and how findings across plans reach every output, gate and comparison.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by a panic, also in its helpers")]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;

/// A folder of its own that is gone afterwards.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("kpi-audit-across-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
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

    fn run(&self, words: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kpi-audit"));
        command.current_dir(&self.0).args(["--as-of", "2027-01-15"]).args(words).output().unwrap()
    }

    fn out(&self, words: &[&str]) -> String {
        String::from_utf8(self.run(words).stdout).unwrap()
    }

    fn err(&self, words: &[&str]) -> String {
        let out = self.run(words);
        assert_eq!(out.status.code(), Some(2), "{}", String::from_utf8_lossy(&out.stdout));
        String::from_utf8(out.stderr).unwrap()
    }

    fn json(&self, words: &[&str]) -> Value {
        serde_json::from_str(&self.out(&[words, &["--format", "json"]].concat())).unwrap()
    }
}

const COMPANY: &str =
    "plan: All\nperiod: 2027-Q1\ngoals: [{id: arr, name: New ARR}]\nkpis: [{id: leads, name: MQLs}]\n";

fn team(name: &str, extends: &str, kpi: &str) -> String {
    format!("plan: {name}\nperiod: 2027-Q1\nextends: {extends}\nkpis: [{{{kpi}, drives: [arr]}}]\n")
}

/// A company and a team that calls something else leads.
fn clashing(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.write("plans/company.yaml", COMPANY);
    folder.write("plans/teams/a.yaml", &team("A", "../company.yaml", "id: leads, name: Leads"));
    folder
}

/// Rule, file, line and status of each finding across plans.
fn across(report: &Value) -> Vec<(String, String, u64, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let findings = report["set"]["findings"].as_array().unwrap().iter();
    findings
        .map(|found| {
            let place = &found["place"];
            (text(&found["rule"]), text(&place["file"]), place["line"].as_u64().unwrap(), text(&found["status"]))
        })
        .collect()
}

fn clash(file: &str, line: u64, status: &str) -> Vec<(String, String, u64, String)> {
    vec![("clashing-ids".to_owned(), file.to_owned(), line, status.to_owned())]
}

// ---- what may be extended

#[test]
fn without_a_repository_a_plan_may_extend_what_lies_in_the_folder_given() {
    let folder = clashing("given");
    assert_eq!(across(&folder.json(&["plans"])), clash("plans/teams/a.yaml", 4, "open"));
    assert_eq!(across(&folder.json(&["."])), clash("plans/teams/a.yaml", 4, "open"));
    // The widest folder given counts, in whatever order.
    assert_eq!(folder.json(&["plans/teams", "plans"])["errors"], Value::Array(Vec::new()));
    for narrower in [["plans/teams"].as_slice(), &["plans/teams/a.yaml"]] {
        assert!(folder.err(narrower).contains("plans/teams/a.yaml:3:10"), "{narrower:?}");
        assert!(folder.err(narrower).contains("outside of the repository"), "{narrower:?}");
    }
    // A repository is wider than what is given, and its end is the end.
    fs::create_dir(folder.0.join(".git")).unwrap();
    assert_eq!(across(&folder.json(&["plans/teams/a.yaml"])), clash("plans/teams/a.yaml", 4, "open"));
    fs::create_dir(folder.0.join("plans/teams/.git")).unwrap();
    assert!(folder.err(&["."]).contains("outside of the repository"));
}

#[test]
fn no_link_and_no_path_leads_out_of_the_repository_and_nothing_outside_is_told() {
    let folder = Folder::new("out");
    folder.write("secret.yaml", "plan: Secret\npassword: hunter2\ngoals: [{id: arr, name: New ARR}]\n");
    fs::create_dir_all(folder.0.join("repository/.git")).unwrap();
    symlink("../secret.yaml", folder.0.join("repository/link.yaml")).unwrap();
    symlink("..", folder.0.join("repository/up")).unwrap();
    let secret = folder.0.join("secret.yaml");
    let tell = |path: &str| {
        folder.write("repository/team.yaml", &team("A", path, "name: MQLs"));
        folder.err(&["repository/team.yaml"])
    };
    for path in [
        "../secret.yaml",
        "link.yaml",
        "up/secret.yaml",
        "x/../../secret.yaml",
        "../absent.yaml",
        "up/absent.yaml",
        "/dev/zero",
        secret.to_str().unwrap(),
    ] {
        let err = tell(path);
        assert!(
            err.contains("repository/team.yaml:3:10") && err.contains("outside of the repository"),
            "{path}\n{err}"
        );
        assert!(!err.contains("hunter2") && !err.contains("password"), "{path}\n{err}");
    }
    // A plan that is a link extends what lies beside the link.
    folder.write("repository/company.yaml", COMPANY);
    folder.write("elsewhere.yaml", &team("A", "company.yaml", "name: MQLs"));
    symlink("../elsewhere.yaml", folder.0.join("repository/linked.yaml")).unwrap();
    assert_eq!(folder.json(&["repository/linked.yaml"])["errors"], Value::Array(Vec::new()));
}

#[test]
fn a_circle_of_three_a_missing_file_and_what_is_no_plan_are_told_at_their_place() {
    let folder = Folder::new("circle");
    fs::create_dir(folder.0.join(".git")).unwrap();
    for (file, next) in [("a", "b"), ("b", "c"), ("c", "a")] {
        folder.write(
            &format!("{file}.yaml"),
            &team(file, &format!("{next}.yaml"), "name: MQLs").replace(", drives: [arr]", ""),
        );
    }
    let err = folder.err(&["."]);
    for file in ["a.yaml:3:10", "b.yaml:3:10", "c.yaml:3:10"] {
        assert!(err.contains(file), "{err}");
    }
    assert_eq!(err.matches("it extends this plan in turn").count(), 3, "{err}");
    folder.write("settings.yaml", "token: hunter2\nkpis:\n  - {nmae: hunter2}\n");
    folder.write("list.yaml", "- hunter2\n");
    folder.write("text.yaml", "hunter2\n");
    folder.write("empty.yaml", "");
    folder.write("broken.yaml", "plan: [hunter2\n");
    fs::write(folder.0.join("latin.yaml"), b"plan: caf\xe9 hunter2\n").unwrap();
    for (path, why) in [
        ("settings.yaml", "cannot be read as a plan"),
        ("list.yaml", "cannot be read as a plan"),
        ("text.yaml", "cannot be read as a plan"),
        ("empty.yaml", "cannot be read as a plan"),
        ("broken.yaml", "cannot be read as a plan"),
        ("latin.yaml", "is not valid UTF-8"),
        ("absent.yaml", "no such file"),
    ] {
        folder.write("team.yaml", &team("A", path, "name: MQLs"));
        let err = folder.err(&["team.yaml"]);
        assert!(err.contains("team.yaml:3:10") && err.contains(why), "{path}\n{err}");
        assert_eq!(err.matches("error:").count(), 1, "what `arr` would be is not known: {err}");
        assert!(!err.contains("hunter2"), "{path}\n{err}");
    }
}

#[test]
fn all_plans_of_a_file_are_extended_and_all_files_of_a_list() {
    let folder = Folder::new("several");
    let one = |id: &str| format!("plan: {id}\ngoals: [{{id: {id}, name: New ARR}}]\n");
    folder.write("two.yaml", &format!("{}---\n{}", one("a"), one("b")));
    folder.write("third.yaml", &one("c"));
    let kpis = "kpis: [{name: MQLs, drives: [a, b]}, {name: SQLs, drives: [c]}]\n";
    folder.write("team.yaml", &format!("plan: T\nextends: [two.yaml, third.yaml]\n{kpis}"));
    let report = folder.json(&["."]);
    assert_eq!((report["errors"].as_array().unwrap().len(), across(&report).len()), (0, 0));
    folder.write("team.yaml", &format!("plan: T\nextends: [two.yaml, third.yaml]\n{}", kpis.replace("a, b", "a")));
    let found = across(&folder.json(&["."]));
    assert_eq!(found, [("undriven-goal".to_owned(), "two.yaml".to_owned(), 5, "open".to_owned())]);
}

// ---- gates, choices, settings

#[test]
fn a_finding_across_plans_fails_the_gate_unless_it_is_off_waived_or_left_out() {
    let folder = clashing("gates");
    let only = |words: &[&str]| folder.run(&[&["plans", "--only", "across-plans"], words].concat());
    assert_eq!(only(&[]).status.code(), Some(0), "it is medium");
    let failed = only(&["--fail-on", "medium"]);
    assert_eq!(failed.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&failed.stdout).contains("1 finding is medium or graver"));
    let quiet = only(&["--fail-on", "medium", "--quiet"]);
    assert!(String::from_utf8_lossy(&quiet.stdout).starts_with("across the plans: 1 finding\nfailed: "));
    let skipped = folder.json(&["plans", "--skip", "clashing-ids"]);
    assert_eq!(across(&skipped), []);
    assert_eq!(across(&folder.json(&["plans", "--min-severity", "high"])), []);
    folder.write("low.yaml", "rules: {clashing-ids: low}\n");
    assert_eq!(folder.json(&["plans", "--config", "low.yaml"])["set"]["findings"][0]["severity"], "low");
    folder.write("off.yaml", "rules: {clashing-ids: off}\n");
    assert_eq!(across(&folder.json(&["plans", "--config", "off.yaml"])), []);
    let plan = team("A", "../company.yaml", "id: leads, name: Leads");
    let waiver = "waivers: [{rule: clashing-ids, on: leads, because: renamed in spring, until: 2027-03-31}]\n";
    folder.write("plans/teams/a.yaml", &format!("{plan}{waiver}"));
    let report = folder.json(&["plans"]);
    assert_eq!(across(&report), clash("plans/teams/a.yaml", 4, "waived"));
    assert_eq!(report["set"]["findings"][0]["waiver"]["because"], "renamed in spring");
    assert_eq!(only(&["--fail-on", "medium"]).status.code(), Some(0));
    let wrong = format!("{plan}waivers: [{{rule: clashing-ids, on: plan, because: no, until: 2027-03-31}}]\n");
    folder.write("plans/teams/a.yaml", &wrong);
    assert!(folder.err(&["plans"]).contains("`clashing-ids` is never about the plan"));
}

#[test]
fn the_score_of_a_plan_is_the_same_with_and_without_the_others() {
    let folder = clashing("score");
    fs::create_dir(folder.0.join(".git")).unwrap();
    let whole = folder.json(&["plans"]);
    let alone = folder.json(&["plans/teams/a.yaml", "--skip", "clashing-ids"]);
    let [one, other] = [&whole["plans"][1], &alone["plans"][0]].map(|plan| plan["counts"].clone());
    assert_eq!(one, other);
    let score = |words: &[&str]| folder.json(words)["plans"].as_array().unwrap().last().unwrap()["score"].clone();
    assert_eq!(score(&["plans"]), score(&["plans/teams/a.yaml"]));
}

#[test]
fn a_threshold_of_the_settings_holds_across_plans() {
    let folder = Folder::new("threshold");
    let goal = "plan: All\nperiod: 2027-Q1\ngoals: [{id: arr, name: New ARR, target: 1M}]\n";
    folder.write("company.yaml", goal);
    for (name, target) in [("north", "500k"), ("south", "400k")] {
        let kpi = format!("id: {name}, name: New ARR {name}, metric: new-arr, target: {target}");
        folder.write(&format!("{name}.yaml"), &team(name, "company.yaml", &kpi));
    }
    assert_eq!(across(&folder.json(&["."]))[0].0, "parts-do-not-add-up");
    folder.write("wide.yaml", "rules: {parts-do-not-add-up: {most_off: 10%}}\n");
    assert_eq!(across(&folder.json(&[".", "--config", "wide.yaml"])), []);
    let numbers = &folder.json(&["."])["set"]["findings"][0]["numbers"];
    assert_eq!(
        (&numbers["sum"], &numbers["whole"], &numbers["off"]),
        (&900_000.into(), &1_000_000.into(), &0.1.into())
    );
}

// ---- comparisons

#[test]
fn against_a_baseline_a_finding_across_plans_is_known_new_or_fixed() {
    let folder = clashing("baseline");
    folder.run(&["plans", "--write-baseline", "known.json"]);
    folder.write("plans/teams/b.yaml", &format!("# b\n{}", team("B", "../company.yaml", "id: leads, name: SQLs")));
    let report = folder.json(&["plans", "--baseline", "known.json"]);
    let expected = [clash("plans/teams/a.yaml", 4, "known"), clash("plans/teams/b.yaml", 5, "new")].concat();
    assert_eq!(across(&report), expected);
    assert!(report["plans"].as_array().unwrap().iter().all(|plan| plan.get("fixed").is_none()), "of no plan alone");
    fs::remove_file(folder.0.join("plans/teams/b.yaml")).unwrap();
    folder.write("plans/teams/a.yaml", &team("A", "../company.yaml", "id: leads, name: MQL"));
    let fixed = &folder.json(&["plans", "--baseline", "known.json"])["set"]["fixed"];
    assert_eq!((&fixed[0]["rule"], &fixed[0]["subject"]["id"]), (&"clashing-ids".into(), &"leads".into()));
    assert!(folder.out(&["plans", "--baseline", "known.json"]).contains("Fixed: clashing-ids on leads"));
}

#[test]
fn against_a_revision_a_finding_across_plans_is_known_new_or_fixed() {
    let folder = clashing("since");
    folder.git(&["init", "--quiet"]);
    folder.git(&["add", "--all"]);
    folder.git(&["commit", "--quiet", "--message", "plans"]);
    let since = |words: &[&str]| folder.json(&[&["plans", "--since", "HEAD"], words].concat());
    assert_eq!(across(&since(&[])), clash("plans/teams/a.yaml", 4, "known"));
    folder.write("plans/teams/b.yaml", &team("B", "../company.yaml", "id: leads, name: SQLs"));
    let expected = [clash("plans/teams/a.yaml", 4, "known"), clash("plans/teams/b.yaml", 4, "new")].concat();
    assert_eq!(across(&since(&[])), expected);
    folder.write("plans/company.yaml", &COMPANY.replace("MQLs", "Leads"));
    let report = since(&[]);
    assert_eq!(across(&report), clash("plans/teams/b.yaml", 4, "new"));
    assert_eq!(report["set"]["fixed"][0]["rule"], "clashing-ids");
}

#[test]
fn a_plan_that_only_extends_is_one_also_where_its_list_is_misspelt() {
    let folder = Folder::new("misspelt-list");
    folder.write("company.yaml", COMPANY);
    folder.write("team.yaml", "plan: Team\nextends: company.yaml\nkpi: [MQLs]\n");
    let out = folder.run(&["."]);
    assert_eq!(out.status.code(), Some(2));
    assert!(folder.err(&["."]).contains("did you mean `kpis`?"), "{}", folder.err(&["."]));
}

// ---- outputs

#[test]
fn a_comment_with_much_in_it_is_no_longer_than_a_site_takes() {
    let folder = Folder::new("comment");
    let kpis = |name: &str| -> String { (0..40).map(|at| format!("  - {{id: k{at}, name: {name}}}\n")).collect() };
    folder.write("company.yaml", &format!("plan: All\nperiod: 2027-Q1\nkpis:\n{}", kpis("MQLs")));
    for at in 0..40 {
        let head = format!("plan: Team {at} of the company\nperiod: 2027-Q1\nextends: company.yaml\nkpis:\n");
        folder.write(&format!("team{at}.yaml"), &(head + &kpis("Leads")));
    }
    let comment = folder.out(&[".", "--format", "markdown"]);
    assert!((50_000..65_536).contains(&comment.chars().count()), "{}", comment.chars().count());
    let across = comment.split_once("### Across the plans").unwrap().1;
    assert!(across.lines().filter(|line| line.starts_with("| medium |")).count() > 5, "{across}");
    assert!(across.lines().any(|line| line.starts_with("and 15")), "{across}");
}

#[test]
fn every_output_tells_a_finding_across_plans_and_no_name_breaks_out_of_one() {
    let folder = Folder::new("outputs");
    folder.write("company.yaml", COMPANY);
    let name = "\"A <b>|`x`\\n::error::hi](http://x) \\e[31m\"";
    folder.write("team.yaml", &team(name, "company.yaml", "id: leads, name: Leads"));
    let out = |format: &str| folder.out(&[".", "--only", "clashing-ids", "--format", format]);
    for (format, told) in [
        ("table", "Across the plans"),
        ("json", "\"rule\":\"clashing-ids\""),
        ("sarif", "\"ruleId\":\"clashing-ids\""),
        ("github", "::warning file=team.yaml,line="),
        ("junit", "<testsuite name=\"Across the plans\""),
        ("markdown", "### Across the plans"),
        ("csv", "clashing-ids,across-plans,open,kpi,leads"),
        ("html", "id=\"across\""),
    ] {
        let text = out(format);
        assert!(text.contains(told), "{format}\n{text}");
        assert!(!text.contains('\u{1b}'), "{format}");
    }
    assert!(!out("html").contains("<b>"));
    assert!(!out("github").lines().any(|line| line.starts_with("::error")));
    assert!(!out("markdown").contains("|`x`"));
    assert!(out("table").contains("team.yaml:4:"), "{}", out("table"));
}

#[test]
fn who_points_at_an_id_of_its_own_instead_of_that_of_the_company_reads_how_to_tell_them_apart() {
    let folder = Folder::new("own-id");
    folder.write("company.yaml", COMPANY);
    folder.write("a.yaml", "plan: A\nextends: company.yaml\nkpis: [{id: leads, name: MQLs, drives: [leads]}]\n");
    let said = folder.err(&["a.yaml"]).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("a.yaml:3:41") && said.contains("give one of the two another id"), "{said}");
}
