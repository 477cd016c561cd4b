//! A company's repository of 300 plans in folders, with a git history, audited as its CI job does.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by a panic, also in its helpers")]

#[allow(dead_code, reason = "large plans are for the measurements")]
#[path = "../benches/workbench/plans/mod.rs"]
mod plans;

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

const FORMATS: [&str; 8] = ["table", "json", "html", "sarif", "github", "junit", "markdown", "csv"];
const DAY: &str = "2027-01-15";

struct Repository(TempDir);

impl Repository {
    /// The plans of a company or of several, 25 of each, as they were committed.
    fn with_history(plans: usize) -> Self {
        let repository = Self::of(plans);
        repository.git(&["init", "--quiet"]);
        repository.commit();
        repository
    }

    /// So many plans, outside of any repository.
    fn of(plans: usize) -> Self {
        let repository = Self(tempfile::tempdir().unwrap());
        plans::repository(plans, 2027).for_each(|file| repository.write(&file.path, &file.text));
        repository
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, path: impl AsRef<Path>, text: &str) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path().join(path)).unwrap()
    }

    fn git(&self, words: &[&str]) {
        let settings = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"];
        let out = Command::new("git").current_dir(self.path()).args(settings).args(words).output().unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    }

    fn commit(&self) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", "plans"]);
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kpi-audit"));
        command.current_dir(self.path()).args(words).stdin(Stdio::null());
        command
    }

    fn audit(&self, words: &[&str]) -> Output {
        self.audit_on(DAY, words)
    }

    fn audit_on(&self, day: &str, words: &[&str]) -> Output {
        self.command(&["--as-of", day]).args(words).output().unwrap()
    }

    fn json(&self, words: &[&str]) -> Value {
        let out = self.audit(&[words, &["--format", "json"]].concat());
        assert!(!out.stdout.is_empty(), "{}", said(&out));
        serde_json::from_slice(&out.stdout).unwrap()
    }
}

fn said(out: &Output) -> String {
    String::from_utf8_lossy(&out.stderr).into_owned()
}

fn printed(out: &Output) -> String {
    String::from_utf8_lossy(&out.stdout).into_owned()
}

fn files(report: &Value) -> Vec<&str> {
    report["plans"].as_array().unwrap().iter().map(|plan| plan["file"].as_str().unwrap()).collect()
}

fn plan<'r>(report: &'r Value, file: &str) -> &'r Value {
    report["plans"].as_array().unwrap().iter().find(|plan| plan["file"] == file).unwrap()
}

/// The standing of a rule's finding about a KPI.
fn standing<'r>(plan: &'r Value, rule: &str, id: &str) -> Option<&'r str> {
    let mut findings = plan["findings"].as_array().unwrap().iter();
    let finding = findings.find(|finding| finding["rule"] == rule && finding["subject"]["id"] == id)?;
    finding["status"].as_str()
}

fn is_fixed(plan: &Value, rule: &str, id: &str) -> bool {
    let fixed = plan["fixed"].as_array().into_iter().flatten();
    fixed.into_iter().any(|gone| gone["rule"] == rule && gone["subject"]["id"] == id)
}

/// A plan with these KPIs, all of which count attention.
fn vain(name: &str, ids: &[&str]) -> String {
    let kpis: String = ids.iter().map(|id| format!("  - {{id: {id}, name: {id} followers, target: 9000}}\n")).collect();
    format!("plan: {name}\nperiod: 2027-Q1\ngoals: [{{id: arr, name: New ARR, target: 1.2M}}]\nkpis:\n{kpis}")
}

#[test]
fn all_plans_are_found_in_order_and_linked_and_the_same_bytes_come_of_any_number_of_threads() {
    let repository = Repository::with_history(300);
    let written = |jobs: &str| -> Vec<Vec<u8>> {
        let reports: Vec<_> = FORMATS.iter().map(|format| format!("--report={format}={format}.out")).collect();
        let words: Vec<_> = ["--jobs", jobs].into_iter().chain(reports.iter().map(String::as_str)).collect();
        let out = repository.audit(&words);
        assert_eq!(out.status.code(), Some(1), "{}", said(&out));
        let files = FORMATS.map(|format| fs::read(repository.path().join(format!("{format}.out"))).unwrap());
        [out.stdout, out.stderr].into_iter().chain(files).collect()
    };
    let (one, four) = (written("1"), written("4"));
    assert!(one.iter().skip(2).all(|report| report.len() > 1_000));
    assert!(one == four, "another number of threads gives other bytes");
    let report: Value = serde_json::from_str(&repository.read("json.out")).unwrap();
    let found = files(&report);
    assert_eq!(found.len(), 300);
    assert!(found.is_sorted(), "{found:?}");
    assert_eq!(report["errors"].as_array().unwrap().len(), 0);
    let extending = found.iter().filter(|file| repository.read(file).contains("extends: ../company.yaml")).count();
    assert!(extending > 100, "{extending} plans extend another");
}

#[test]
fn what_is_no_plan_is_passed_over_and_odd_names_links_and_locked_folders_are_survived() {
    let repository = Repository::of(25);
    let odd =
        ["with space.yaml", "Größe.YAML", "line\nend.yml", "--fail-on.yaml", "-.yaml", "*?[a].yaml", "deep/er/q.yaml"];
    let names = odd.iter().map(|name| Path::new("odd").join(name));
    let names = names.chain([Path::new("odd").join(OsStr::from_bytes(b"byte\xff.yaml"))]);
    names.enumerate().for_each(|(at, name)| repository.write(name, &vain(&format!("Odd {at}"), &["a"])));
    repository.write(".gitignore", "drafts/\n");
    repository.write(".ignore", "*.old.yaml\n");
    for left_out in ["drafts/a.yaml", "odd/a.old.yaml", ".hidden/a.yaml"] {
        repository.write(left_out, "plan: [\n");
    }
    repository.write("docker-compose.yaml", "services: {web: {image: x}}\n");
    repository.write("notes.txt", "plan: x\n");
    symlink("..", repository.path().join("odd/up")).unwrap();
    symlink("a.yaml", repository.path().join("odd/b.yaml")).unwrap();
    symlink("b.yaml", repository.path().join("odd/a.yaml")).unwrap();
    symlink("deep/er/q.yaml", repository.path().join("odd/z.yaml")).unwrap();
    repository.write("locked/q.yaml", &vain("Locked", &["a"]));
    let locked = repository.path().join("locked");
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o000)).unwrap();
    let is_root = fs::read_dir(&locked).is_ok();
    let out = repository.audit(&["--verbose", "--format", "json", "--jobs", "4"]);
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o755)).unwrap();
    let report: Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!(out.status.code(), Some(2), "the links in a circle are told");
    assert_eq!(files(&report).iter().filter(|file| file.starts_with("odd/")).count(), odd.len() + 1);
    assert_eq!(files(&report).iter().filter(|file| file.starts_with("company-")).count(), 25);
    let errors: Vec<_> =
        report["errors"].as_array().unwrap().iter().map(|error| error["message"].as_str().unwrap()).collect();
    assert_eq!(errors.len(), if is_root { 2 } else { 3 }, "{errors:?}");
    assert_eq!(report["passed_over"], 1);
    let said = said(&out);
    assert!(said.contains("docker-compose.yaml: passed over, it is no plan\n"), "{said}");
    assert!(!said.contains("line\nend"), "a line end in a name is no line end here");
    // A name that looks like a flag can be given too.
    assert_eq!(repository.audit(&["--", "odd/--fail-on.yaml", "odd/-.yaml"]).status.code(), Some(1));
}

#[test]
fn the_nearest_settings_hold_and_a_broken_file_stops_only_what_is_below_it() {
    let repository = Repository::with_history(75);
    repository.write("company-001/.kpi-audit.yaml", "rules: {vanity-metric: off}\nexclude: 2027-q4/\n");
    let report = repository.json(&["--only", "vanity-metric"]);
    let of = |company: &str| files(&report).into_iter().filter(|file| file.starts_with(company)).count();
    assert_eq!((of("company-000"), of("company-001"), of("company-002")), (25, 19, 25));
    let findings = |company: &str| {
        let plans = report["plans"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|plan| plan["file"].as_str().unwrap().starts_with(company));
        plans
            .flat_map(|plan| plan["findings"].as_array().unwrap())
            .filter(|finding| finding["rule"] == "vanity-metric")
            .count()
    };
    assert!(findings("company-000") > 0);
    assert_eq!(findings("company-001"), 0);
    repository.write("company-001/.kpi-audit.yaml", "rules: {vanity-metrics: off}\n");
    let out = repository.audit(&["--only", "vanity-metric"]);
    assert_eq!(out.status.code(), Some(2));
    assert!(
        said(&out).contains("vanity-metric") && said(&out).contains("25 files were not looked at"),
        "{}",
        said(&out)
    );
    assert_eq!(files(&repository.json(&["--only", "vanity-metric"])).len(), 50);
}

#[test]
fn a_waiver_holds_to_the_end_of_its_day() {
    let repository = Repository::of(0);
    let waiver = "waivers: [{rule: vanity-metric, on: a, because: the launch, until: 2027-02-10}]\n";
    repository.write("q1.yaml", &(vain("Q1", &["a"]) + waiver));
    let on = |day: &str| {
        let out = repository.audit_on(day, &["--only", "vanity-metric", "--only", "upkeep", "--format", "json"]);
        let report: Value = serde_json::from_slice(&out.stdout).unwrap();
        let rules: Vec<_> = report["plans"][0]["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|finding| finding["rule"].to_string())
            .collect();
        let has_ended = rules.iter().any(|rule| rule.contains("expired-waiver"));
        (out.status.code(), standing(&report["plans"][0], "vanity-metric", "a").unwrap().to_owned(), has_ended)
    };
    assert_eq!(on("2027-02-09"), (Some(0), "waived".to_owned(), false));
    assert_eq!(on("2027-02-10"), (Some(0), "waived".to_owned(), false));
    assert_eq!(on("2027-02-11"), (Some(1), "open".to_owned(), true));
}

#[test]
fn a_baseline_lets_what_is_known_pass_until_something_new_is_found() {
    let repository = Repository::with_history(25);
    repository.write("company-000/brand.yaml", &vain("Brand", &["a", "b"]));
    let known = ["--baseline", "known.json"];
    assert_eq!(repository.audit(&[]).status.code(), Some(1));
    let out = repository.audit(&["--write-baseline", "known.json", "--exit-zero"]);
    assert_eq!(out.status.code(), Some(0));
    assert!(said(&out).contains(" findings are known from now on\n"));
    assert_eq!(repository.audit(&known).status.code(), Some(0));
    // The plan moves, one finding goes and one comes.
    fs::remove_file(repository.path().join("company-000/brand.yaml")).unwrap();
    repository.write("company-000/2027-q1/brand.yaml", &format!("# moved\n{}", vain("Brand", &["a", "c"])));
    let moved = "company-000/2027-q1/brand.yaml";
    let out = repository.audit(&[&known[..], &[moved]].concat());
    assert_eq!(out.status.code(), Some(1));
    assert!(printed(&out).to_lowercase().contains("fixed"), "{}", printed(&out));
    let report = repository.json(&known);
    let brand = plan(&report, moved);
    assert_eq!(standing(brand, "vanity-metric", "a"), Some("known"));
    assert_eq!(standing(brand, "vanity-metric", "c"), Some("new"));
    assert!(is_fixed(brand, "vanity-metric", "b"));
}

#[test]
fn since_a_revision_only_what_is_new_fails_wherever_plans_are_moved() {
    let repository = Repository::with_history(50);
    repository.write("company-000/brand.yaml", &vain("Brand", &["a", "b"]));
    repository.write("company-000/social.yaml", &vain("Social", &["a"]));
    repository.write("company-001/both.yaml", &format!("{}---\n{}", vain("One", &["a"]), vain("Two", &["a"])));
    repository.commit();
    let since = ["--since", "HEAD", "--only", "vanity-metric"];
    assert_eq!(repository.audit(&since).status.code(), Some(0), "nothing has changed");
    repository.git(&["mv", "company-000/social.yaml", "company-001/2027-q2/renamed.yaml"]);
    assert_eq!(repository.audit(&since).status.code(), Some(0), "a file that is renamed holds the same plan");
    // A fixed one, and comments that move everything else.
    repository.write("company-000/brand.yaml", &format!("# a\n\n# b\n{}", vain("Brand", &["a"])));
    let report = repository.json(&since);
    assert_eq!(report["gates"]["exit"], 0);
    assert!(is_fixed(plan(&report, "company-000/brand.yaml"), "vanity-metric", "b"));
    assert_eq!(standing(plan(&report, "company-000/brand.yaml"), "vanity-metric", "a"), Some("known"));
    assert_eq!(standing(plan(&report, "company-001/2027-q2/renamed.yaml"), "vanity-metric", "a"), Some("known"));
    // One of two plans goes to a file of its own.
    repository.write("company-001/both.yaml", &vain("One", &["a"]));
    repository.write("company-001/two.yaml", &vain("Two", &["a"]));
    let report = repository.json(&since);
    assert_eq!(standing(plan(&report, "company-001/two.yaml"), "vanity-metric", "a"), Some("known"));
    assert_eq!(report["gates"]["exit"], 0);
    repository.write("company-000/brand.yaml", &vain("Brand", &["a", "c"]));
    let out = repository.audit(&[&since[..], &["--format", "markdown"]].concat());
    assert_eq!(out.status.code(), Some(1));
    assert!(printed(&out).contains("c followers"), "{}", printed(&out));
    let report = repository.json(&since);
    assert_eq!(standing(plan(&report, "company-000/brand.yaml"), "vanity-metric", "c"), Some("new"));
    // A list of many plans names no finding, but says that some are gone.
    let out = repository.audit(&since);
    assert!(printed(&out).contains("One finding of before is fixed; --all shows which."), "{}", printed(&out));
}

#[test]
fn a_report_of_a_run_that_was_killed_is_the_old_one_or_the_new_one() {
    let repository = Repository::of(25);
    let file = repository.path().join("report.json");
    let old = "what stood there\n".repeat(100_000);
    let words = ["--as-of", DAY, "--quiet", "--report", "json=report.json"];
    let begun = Instant::now();
    assert_eq!(repository.command(&words).output().unwrap().status.code(), Some(1));
    let takes = begun.elapsed();
    let new = fs::read(&file).unwrap();
    assert_eq!(left_beside(repository.path()), 0);
    let mut stopped = 0;
    for part in 1..=8 {
        fs::write(&file, &old).unwrap();
        let mut run = repository.command(&words).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(takes * part / 8);
        let _ = run.kill();
        stopped += usize::from(run.wait().unwrap().code().is_none());
        let now = fs::read(&file).unwrap();
        assert!(now == old.as_bytes() || now == new, "{} bytes, neither old nor new", now.len());
    }
    assert!(stopped > 0, "no run was killed before its end");
    assert!(left_beside(repository.path()) <= stopped);
}

/// Files that are begun and not yet in their place.
fn left_beside(folder: &Path) -> usize {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    names.filter(|name| name.to_string_lossy().starts_with(".kpi-audit-")).count()
}

#[test]
fn a_closed_pipe_ends_a_run_quietly_in_every_format_and_reports_to_files_go_on() {
    let repository = Repository::of(25);
    for format in FORMATS {
        let mut run = reading_little(&mut repository.command(&["--as-of", DAY, "--format", format]));
        let begun = Instant::now();
        let status = run.wait().unwrap();
        let mut said = String::new();
        run.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert_eq!(said, "", "{format}");
        assert!(matches!(status.code(), Some(0 | 1 | 3)), "{format}: {status}");
        assert!(begun.elapsed() < Duration::from_secs(20), "{format}");
    }
    let words = ["--as-of", DAY, "--format", "csv", "--report", "json=report.json"];
    assert_eq!(reading_little(&mut repository.command(&words)).wait().unwrap().code(), Some(1));
    let report: Value = serde_json::from_slice(&fs::read(repository.path().join("report.json")).unwrap()).unwrap();
    assert_eq!(files(&report).len(), 25);
}

/// Starts a run whose reader goes away after some bytes, as `head` does.
fn reading_little(command: &mut Command) -> Child {
    let mut run = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut out = run.stdout.take().unwrap();
    out.read_exact(&mut [0; 10]).unwrap();
    run
}

#[test]
fn a_full_disk_is_an_error_in_every_format_and_of_settings_that_are_shown() {
    let repository = Repository::of(25);
    let Ok(full) = fs::OpenOptions::new().write(true).open("/dev/full") else { return };
    let of_format = |format| vec!["--as-of", DAY, "--format", format];
    for arguments in FORMATS.into_iter().map(of_format).chain([vec!["--show-config"]]) {
        let mut command = repository.command(&arguments);
        let out = command.stdout(full.try_clone().unwrap()).stderr(Stdio::piped()).output().unwrap();
        assert_eq!(out.status.code(), Some(2), "{arguments:?}");
        assert!(
            said(&out).contains("error: cannot write to standard output: No space left"),
            "{arguments:?}: {}",
            said(&out)
        );
    }
}

#[test]
fn each_result_for_code_scanning_has_an_identity_of_its_own_over_all_plans() {
    let repository = Repository::of(25);
    let out = repository.audit(&["--format", "sarif"]);
    let log: Value = serde_json::from_slice(&out.stdout).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let identities: BTreeSet<_> = results.iter().map(|result| result["partialFingerprints"].to_string()).collect();
    assert_eq!(identities.len(), results.len());
}
