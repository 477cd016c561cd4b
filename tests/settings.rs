//! Settings from outside: which file holds for which plan, what it changes, and what is said where one has errors.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by a panic, also in its helpers")]

use std::fs;
use std::process::{Command, Output, Stdio};

use kpi_audit::rules;
use kpi_audit::settings::{self, SettingsFile};
use kpi_audit::source::Source;
use serde_json::{Value, json};
use tempfile::TempDir;

/// A plan with a KPI that counts attention.
const PLAN: &str = "plan: Plan\nkpis: [{name: Followers, target: 1000}]\n";

/// A folder of files that is gone afterwards.
struct Tree(TempDir);

impl Tree {
    fn of(files: &[(&str, &str)]) -> Self {
        let tree = Self(TempDir::new().unwrap());
        for (path, text) in files {
            tree.write(path, text);
        }
        tree
    }

    /// With the folder by which a repository is known.
    fn repository(files: &[(&str, &str)]) -> Self {
        let tree = Self::of(files);
        fs::create_dir(tree.0.path().join(".git")).unwrap();
        tree
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn run_in(&self, folder: &str, words: &[&str]) -> Output {
        self.command(folder, words).output().unwrap()
    }

    fn run(&self, words: &[&str]) -> Output {
        self.run_in("", words)
    }

    fn command(&self, folder: &str, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kpi-audit"));
        command.current_dir(self.0.path().join(folder)).env("NO_COLOR", "1").env("COLUMNS", "80").args(words);
        command
    }

    /// What `vanity-metric` says of each plan, by file: the severity, or nothing.
    fn vanity(&self, folder: &str, words: &[&str]) -> Vec<(String, Option<String>)> {
        let out = self.run_in(folder, &[words, &["--format", "json", "--exit-zero", "--as-of", "2027-01-15"]].concat());
        let report: Value = serde_json::from_slice(&out.stdout).unwrap();
        let plans = report["plans"].as_array().unwrap().iter().map(|plan| {
            let findings = plan["findings"].as_array().unwrap();
            let found = findings.iter().find(|finding| finding["rule"] == "vanity-metric");
            let severity = found.and_then(|found| found["severity"].as_str()).map(str::to_owned);
            (plan["file"].as_str().unwrap().to_owned(), severity)
        });
        plans.collect()
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn pairs(found: &[(String, Option<String>)]) -> Vec<(&str, Option<&str>)> {
    found.iter().map(|(file, severity)| (file.as_str(), severity.as_deref())).collect()
}

#[test]
fn the_nearest_file_holds_alone_and_only_inside_the_repository() {
    let tree = Tree::of(&[
        (".kpi-audit.yaml", "rules: {vanity-metric: off}"),
        ("repository/.git/HEAD", ""),
        ("repository/a.yaml", PLAN),
        ("repository/teams/.kpi-audit.yaml", "rules: {vanity-metric: low}"),
        ("repository/teams/b.yaml", PLAN),
        ("repository/teams/brand/c.yaml", PLAN),
        ("repository/teams/brand/q1/.kpi-audit.yaml", "rules: {spread-thin: off}"),
        ("repository/teams/brand/q1/d.yaml", PLAN),
    ]);
    let expected = [
        ("a.yaml", None),
        ("teams/b.yaml", Some("low")),
        ("teams/brand/c.yaml", Some("low")),
        ("teams/brand/q1/d.yaml", None),
    ];
    let found = tree.vanity("repository", &[]);
    // Without settings the rule speaks, as it does under a nearer file that says nothing of it.
    let usual = found[0].1.clone();
    assert!(usual.is_some() && usual.as_deref() != Some("low"), "{usual:?}");
    let expected = expected.map(|(file, severity)| (file, severity.or(usual.as_deref())));
    assert_eq!(pairs(&found), expected);
    let from_below = tree.vanity("repository/teams/brand", &["c.yaml", "../../a.yaml"]);
    assert_eq!(pairs(&from_below), [("c.yaml", Some("low")), ("../../a.yaml", usual.as_deref())]);
}

#[test]
fn outside_of_a_repository_the_search_ends_at_the_folder_that_was_given() {
    let tree = Tree::of(&[
        (".kpi-audit.yaml", "rules: {vanity-metric: off}"),
        ("plans/a.yaml", PLAN),
        ("plans/q1/b.yaml", PLAN),
        ("elsewhere/x", ""),
    ]);
    let plans = tree.0.path().join("plans");
    let whole = tree.vanity("elsewhere", &[plans.to_str().unwrap()]);
    assert!(whole.len() == 2 && whole.iter().all(|(_, severity)| severity.is_some()), "{whole:?}");
    // The working directory is a folder that was given as well.
    assert!(tree.vanity("", &["plans"]).iter().all(|(_, severity)| severity.is_none()));
    assert!(tree.vanity("", &["plans/a.yaml"]).iter().all(|(_, severity)| severity.is_none()));
    let named = tree.vanity("elsewhere", &[plans.join("a.yaml").to_str().unwrap()]);
    assert!(named[0].1.is_some(), "{named:?}");
}

#[test]
fn a_file_that_is_named_holds_for_all_plans() {
    let tree = Tree::repository(&[
        ("a.yaml", PLAN),
        ("teams/.kpi-audit.yaml", "nonsense: 1"),
        ("teams/b.yaml", PLAN),
        ("strict.yml", "rules: {vanity-metric: off}\npaths: {teams/: {vanity-metric: low}}\nexclude: strict.yml\n"),
    ]);
    let found = tree.vanity("", &["--config", "strict.yml"]);
    assert_eq!(pairs(&found), [("a.yaml", None), ("teams/b.yaml", Some("low"))]);
}

#[test]
fn of_two_entries_that_meet_a_path_the_later_one_holds() {
    let settings = "rules: {vanity-metric: off}\n\
                    paths:\n  \"teams/\": {vanity-metric: note}\n  \"/teams/*/q1.yaml\": {vanity-metric: low}\n  \"x/\": {spread-thin: off}\n";
    let tree = Tree::repository(&[
        (".kpi-audit.yaml", settings),
        ("a.yaml", PLAN),
        ("teams/brand/q1.yaml", PLAN),
        ("teams/brand/q2.yaml", PLAN),
        ("x/teams/b/q1.yaml", PLAN),
    ]);
    let expected = [
        ("a.yaml", None),
        ("teams/brand/q1.yaml", Some("low")),
        ("teams/brand/q2.yaml", Some("note")),
        ("x/teams/b/q1.yaml", Some("note")),
    ];
    assert_eq!(pairs(&tree.vanity("", &[])), expected);
    // The same from anywhere: globs are taken from the folder of the settings.
    assert_eq!(tree.vanity("teams/brand", &["q1.yaml"])[0].1.as_deref(), Some("low"));
}

#[test]
fn what_settings_leave_out_is_audited_only_where_it_is_named() {
    let tree = Tree::repository(&[
        (".kpi-audit.yaml", "include: [\"*.yaml\"]\nexclude: [\"archive/\", \"!archive/kept.yaml\"]\n"),
        ("a.yaml", PLAN),
        ("b.yml", PLAN),
        ("archive/kept.yaml", PLAN),
        ("archive/old.yaml", PLAN),
        ("other/x.yaml", "key: value\n"),
    ]);
    let files = |words: &[&str]| tree.vanity("", words).into_iter().map(|(file, _)| file).collect::<Vec<_>>();
    assert_eq!(files(&[]), ["a.yaml", "archive/kept.yaml"]);
    assert_eq!(files(&["archive/old.yaml", "b.yml"]), ["archive/old.yaml", "b.yml"]);
    let out = tree.run(&["--format", "json", "--exit-zero"]);
    let report: Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!(report["passed_over"], 1, "what is left out was not looked at");
    tree.write(".kpi-audit.yaml", "exclude: \"*\"\n");
    let out = tree.run(&[]);
    assert_eq!(out.status.code(), Some(3));
    assert!(text(&out.stderr).contains("5 files are left out by `include` or `exclude`"), "{}", text(&out.stderr));
}

#[test]
fn plans_under_settings_with_errors_are_left_alone_and_the_others_are_audited() {
    let tree = Tree::repository(&[
        ("a.yaml", PLAN),
        ("brand/.kpi-audit.yaml", "fail_on: high\nrules: {vanity-metrik: off}\n"),
        ("brand/b.yaml", PLAN),
        ("brand/q1/c.yaml", PLAN),
    ]);
    let out = tree.run(&["--format", "json", "--as-of", "2027-01-15", "--exit-zero"]);
    assert_eq!(out.status.code(), Some(2));
    let report: Value = serde_json::from_slice(&out.stdout).unwrap();
    let files: Vec<&str> =
        report["plans"].as_array().unwrap().iter().filter_map(|plan| plan["file"].as_str()).collect();
    assert_eq!(files, ["a.yaml"]);
    let errors: Vec<_> =
        report["errors"].as_array().unwrap().iter().map(|error| (&error["file"], &error["line"])).collect();
    assert_eq!(errors, [(&json!("brand/.kpi-audit.yaml"), &json!(1)), (&json!("brand/.kpi-audit.yaml"), &json!(2))]);
    let err = text(&out.stderr);
    assert_eq!(err.matches("did you mean `fail-on`?").count(), 1, "{err}");
    assert_eq!(err.matches("did you mean `vanity-metric`?").count(), 1, "{err}");
    assert!(err.contains("2 files were not looked at, since their settings have errors"), "{err}");
}

#[test]
fn gates_hold_for_the_plans_of_their_folder_and_flags_go_before_them() {
    let tree = Tree::repository(&[
        (".kpi-audit.yaml", "fail-on: critical\nrules: {no-revenue-kpi: high}\n"),
        ("a.yaml", PLAN),
        ("brand/.kpi-audit.yaml", "fail-on: low\nmin-score: 50\n"),
        ("brand/b.yaml", PLAN),
    ]);
    let run = |words: &[&str]| tree.run(&[words, &["--quiet", "--as-of", "2027-01-15"]].concat());
    assert_eq!(run(&["a.yaml"]).status.code(), Some(0));
    let out = run(&[]);
    let said = text(&out.stdout).replace("\n        ", " ");
    assert_eq!(out.status.code(), Some(1), "{said}");
    assert!(said.contains("(fail-on low in brand/.kpi-audit.yaml)"), "{said}");
    assert!(said.contains("(min-score 50 in brand/.kpi-audit.yaml)"), "{said}");
    assert!(!said.contains("a.yaml:"), "{said}");
    let flagged = text(&run(&["--fail-on", "low", "--min-score", "0"]).stdout).replace("\n        ", " ");
    assert!(flagged.contains("(fail-on low)") && flagged.contains("(min-score 0)"), "{flagged}");
    assert!(flagged.contains("\nbrand/b.yaml:") && flagged.starts_with("a.yaml:"), "{flagged}");
}

#[test]
fn standard_input_has_the_settings_of_the_working_directory() {
    let tree = Tree::repository(&[("plans/.kpi-audit.yaml", "rules: {vanity-metric: low}"), ("plans/q1/x", "")]);
    let mut child = tree.command("plans/q1", &["-", "--format", "json", "--exit-zero"]);
    let mut child = child.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), PLAN.as_bytes()).unwrap();
    let report: Value = serde_json::from_slice(&child.wait_with_output().unwrap().stdout).unwrap();
    let findings = report["plans"][0]["findings"].as_array().unwrap();
    assert!(findings.iter().any(|finding| finding["rule"] == "vanity-metric" && finding["severity"] == "low"));
}

#[test]
#[cfg(unix)]
fn a_folder_behind_a_link_has_the_settings_of_the_place_where_it_is() {
    let tree = Tree::repository(&[
        ("teams/.kpi-audit.yaml", "rules: {vanity-metric: low}"),
        ("teams/brand/a.yaml", PLAN),
        ("links/.kpi-audit.yaml", "rules: {vanity-metric: off}"),
    ]);
    std::os::unix::fs::symlink("../teams/brand", tree.0.path().join("links/brand")).unwrap();
    std::os::unix::fs::symlink("../teams/brand/a.yaml", tree.0.path().join("links/linked.yaml")).unwrap();
    let found = tree.vanity("", &["links/brand", "links/linked.yaml"]);
    assert_eq!(pairs(&found), [("links/brand/a.yaml", Some("low"))], "the same file is audited once");
    assert_eq!(pairs(&tree.vanity("", &["links/linked.yaml"])), [("links/linked.yaml", None)]);
}

#[test]
fn a_ruleset_that_does_not_exist_is_told_with_those_that_do() {
    for ruleset in ["0", "2", "99"] {
        let tree = Tree::repository(&[("a.yaml", PLAN), (".kpi-audit.yaml", &format!("ruleset: {ruleset}\n"))]);
        let out = tree.run(&[]);
        let err = text(&out.stderr);
        assert_eq!(out.status.code(), Some(2));
        assert!(err.contains(&format!("there is no ruleset {ruleset}")), "{err}");
        assert!(err.contains(".kpi-audit.yaml:1:10") && err.contains("this version has ruleset 1 alone"), "{err}");
    }
    let tree = Tree::repository(&[("a.yaml", PLAN), (".kpi-audit.yaml", "ruleset: 1\n")]);
    let pinned: Value = serde_json::from_slice(&tree.run(&["--format", "json"]).stdout).unwrap();
    assert_eq!(pinned["plans"][0]["ruleset"], 1);
}

/// The example that `docs/settings.md` begins with.
fn documented() -> &'static str {
    let page = include_str!("../docs/settings.md");
    page.split("```yaml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap()
}

fn read(text: &str) -> Result<SettingsFile, Vec<String>> {
    let source = Source::new(".kpi-audit.yaml", text);
    let told = |problems: Vec<kpi_audit::plan::problem::Problem>| problems.iter().map(|p| p.what.to_string()).collect();
    SettingsFile::read(&source, &rules::adjustable()).map_err(told)
}

#[test]
fn every_settings_file_in_the_docs_is_read_and_what_is_shown_of_it_reads_back_as_the_same() {
    let page = include_str!("../docs/settings.md");
    let examples: Vec<&str> = page.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert_eq!(examples.len(), 2);
    for example in examples {
        let tree = Tree::repository(&[(".kpi-audit.yaml", example), ("teams/brand/a.yaml", PLAN)]);
        assert_eq!(read(example).err(), None, "{example}");
        let shown = tree.run(&["--show-config", "teams/brand/a.yaml"]);
        assert_eq!(shown.status.code(), Some(0), "{}", text(&shown.stderr));
        let shown = text(&shown.stdout);
        let again = Tree::repository(&[(".kpi-audit.yaml", &shown), ("teams/brand/a.yaml", PLAN)]);
        let again = text(&again.run(&["--show-config", "teams/brand/a.yaml"]).stdout);
        // The places differ, and so do values that are the default and are now written.
        let values = |text: &str| -> std::collections::BTreeSet<String> {
            let lines = text.lines().filter(|line| !line.starts_with('#'));
            lines.map(|line| line.split("  #").next().unwrap_or_default().trim_end().to_owned()).collect()
        };
        assert_eq!(values(&shown), values(&again));
    }
}

#[test]
fn what_is_shown_names_the_place_of_each_value() {
    let tree = Tree::repository(&[(".kpi-audit.yaml", documented()), ("teams/brand/a.yaml", PLAN), ("b.yaml", PLAN)]);
    let shown = text(&tree.run(&["--show-config", "--fail-on", "low", "teams/brand/a.yaml"]).stdout);
    let place = |text: &str, start: &str| {
        let line = text.lines().find(|line| line.trim_start().starts_with(start)).unwrap_or_default();
        line.split("  # ").nth(1).map(str::to_owned)
    };
    let line_of = |start: &str| 1 + documented().lines().position(|line| line.trim_start().starts_with(start)).unwrap();
    let file = |start: &str| Some(format!(".kpi-audit.yaml:{}", line_of(start)));
    assert_eq!(place(&shown, "fail-on: low"), Some("command line".to_owned()));
    assert_eq!(place(&shown, "min-score: 60"), file("min-score"));
    assert_eq!(place(&shown, "link-without-reason: off"), file("link-without-reason"));
    assert_eq!(place(&shown, "fewest_products: 4"), file("spread-thin"));
    assert_eq!(place(&shown, "short: 9 months"), file("brand-on-a-short-clock"));
    assert_eq!(place(&shown, "returns_power: 0.5"), Some("default".to_owned()));
    let other = text(&tree.run(&["--show-config", "b.yaml"]).stdout);
    assert_eq!(place(&other, "short: 6 months"), Some("default".to_owned()));
    assert!(shown.lines().all(|line| line.chars().count() <= 80), "{shown}");
}

#[test]
fn what_is_shown_of_hostile_names_is_harmless_and_reads_back() {
    let hostile = "exclude: [\"\\u001b[31mred\", \"a: b #c\"]\nmetrics: {\"W\\u202eiz: \\\"z\": reach}\n";
    let tree = Tree::repository(&[(".kpi-audit.yaml", hostile)]);
    let shown = text(&tree.run(&["--show-config"]).stdout);
    assert!(!shown.contains(['\u{1b}', '\u{202e}']), "{shown}");
    assert_eq!(read(&shown).err(), None, "{shown}");
}

#[test]
fn words_of_other_tools_are_told_as_ours() {
    for (text, meant) in [("ignore: x", "exclude"), ("overrides: {}", "paths"), ("min_score: 3", "min-score")] {
        let source = Source::new(".kpi-audit.yaml", text);
        let problems = SettingsFile::read(&source, &rules::adjustable()).unwrap_err();
        let help = problems[0].help().unwrap_or_default();
        assert_eq!((problems.len(), help.as_ref()), (1, format!("did you mean `{meant}`?").as_str()), "{text}");
    }
}

#[test]
fn a_glob_that_cannot_be_read_is_told_at_its_place() {
    for (text, told) in [
        ("exclude: [\"a{b\"]", "`a{b` cannot be read as a glob"),
        ("paths: {\"!a\": {}}", "`!a` cannot be read as a glob"),
        ("include: \"#a\"", "`#a` cannot be read as a glob"),
        ("exclude: [./drafts/]", "`./drafts/` cannot be read as a glob"),
        ("paths: {\"../a/*\": {}}", "`../a/*` cannot be read as a glob"),
        ("min-score: 101", "`min-score` must be between 0 and 100"),
        ("fail-on: note", "`note` is not one of low, medium, high, critical"),
    ] {
        assert_eq!(read(text).err(), Some(vec![told.to_owned()]), "{text}");
    }
}

#[test]
fn the_schema_takes_what_the_reader_takes_and_refuses_the_keys_that_it_refuses() {
    let about = |rule: &str| rules::named(rule).unwrap().page().summary.to_owned();
    let schema: Value = serde_json::from_str(&settings::schema(&rules::adjustable(), about)).unwrap();
    jsonschema::draft7::meta::validate(&schema).unwrap();
    let validator = jsonschema::draft7::new(&schema).unwrap();
    let value = |text: &str| serde_yaml::from_str::<Value>(text).unwrap();
    for rule in rules::all() {
        let switched = format!("rules: {{{}: false}}", rule.name);
        assert_eq!((read(&switched).err(), validator.is_valid(&value(&switched))), (None, true), "{switched}");
        for setting in rule.settings.iter().filter(|setting| setting.unit != settings::SettingUnit::Share) {
            let text = format!("rules: {{{}: {{{}: {}}}}}", rule.name, setting.key, setting.default);
            assert_eq!((read(&text).err(), validator.is_valid(&value(&text))), (None, true), "{text}");
        }
    }
    let text = documented();
    assert!(
        validator.is_valid(&value(text)),
        "{:?}",
        validator.iter_errors(&value(text)).next().map(|e| e.to_string())
    );
    let mut tried = 0;
    let mut places = Vec::new();
    mappings(&value(text), String::new(), &mut places);
    for place in places {
        let mut changed = value(text);
        changed.pointer_mut(&place).and_then(Value::as_object_mut).unwrap().insert("zzz".to_owned(), json!({"yyy": 1}));
        let refused = read(&serde_yaml::to_string(&changed).unwrap()).is_err();
        assert_eq!(refused, !validator.is_valid(&changed), "{place}");
        tried += usize::from(refused);
    }
    assert!(tried >= 6, "{tried}");
    for wrong in [
        "ruleset: 2",
        "min-score: 101",
        "fail-on: note",
        "conventions: {hours_a_day: 25}",
        "rules: {vanity-metric: grave}",
    ] {
        assert!(read(wrong).is_err() && !validator.is_valid(&value(wrong)), "{wrong}");
    }
}

fn mappings(value: &Value, place: String, places: &mut Vec<String>) {
    if let Value::Object(entries) = value {
        for (key, value) in entries {
            mappings(value, format!("{place}/{}", key.replace('~', "~0").replace('/', "~1")), places);
        }
        places.push(place);
    }
}

#[test]
fn a_folder_shows_what_holds_in_it_and_several_paths_are_apart() {
    let tree = Tree::repository(&[(".kpi-audit.yaml", "paths: {a.yaml: {vanity-metric: off}}"), ("q1/b.yaml", PLAN)]);
    let shown = text(&tree.run(&["--show-config", ".", "q1/b.yaml", "-"]).stdout);
    assert!(shown.contains("# More rules are set for a.yaml in line 1: name a file to see them"), "{shown}");
    assert_eq!(shown.matches("\n---\n").count(), 2);
}

#[test]
fn more_globs_than_can_be_asked_about_each_plan_are_one_error() {
    let globs = |many: usize| (0..many).map(|at| format!("\"**/a{at}/**/b*/**\"")).collect::<Vec<_>>();
    let paths = |many: usize| format!("paths: {{{}: {{}}}}", globs(many).join(": {}, "));
    assert!(read(&paths(500)).is_ok());
    assert_eq!(read(&paths(5_000)).unwrap_err(), ["`**/a500/**/b*/**` cannot be read as a glob"]);
    let both = format!("include: [{}]\nexclude: [one]", globs(500).join(", "));
    assert_eq!(read(&both).unwrap_err(), ["`one` cannot be read as a glob"]);
    assert_eq!(read(&format!("exclude: \"{}\"", "*a".repeat(600))).unwrap_err().len(), 1);
}

#[test]
#[cfg(unix)]
fn a_settings_file_that_is_there_and_cannot_be_read_is_told_and_nothing_passes_under_others() {
    use std::os::unix::fs::symlink;
    let tree = Tree::of(&[("secret", "password: 1234"), ("r/a.yaml", PLAN), ("r/own", "fail-on: low")]);
    fs::create_dir(tree.0.path().join("r/.git")).unwrap();
    let place = tree.0.path().join("r/.kpi-audit.yaml");
    for (target, said) in [
        ("nowhere", "no such file"),
        (".kpi-audit.yaml", "symbolic links"),
        (".git", "it is a folder"),
        ("../secret", "it is a link that leads out of the"),
        ("/dev/zero", "it is a link that leads out of the"),
    ] {
        symlink(target, &place).unwrap();
        let out = tree.run_in("r", &["."]);
        let err = text(&out.stderr);
        assert!(out.status.code() == Some(2) && err.contains(said), "{target}: {err}");
        assert!(err.contains("1 file was not looked at") && !err.contains("1234"), "{target}: {err}");
        fs::remove_file(&place).unwrap();
    }
    symlink("own", &place).unwrap();
    assert_eq!(tree.run_in("r", &["."]).status.code(), Some(1));
    fs::remove_file(&place).unwrap();
    tree.write("r/.kpi-audit.yaml", &"# nothing\n".repeat(200_000));
    assert!(text(&tree.run_in("r", &["."]).stderr).contains("larger than 1 MiB"));
}
