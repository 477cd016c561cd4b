//! Fixing: what each rule proposes settles what it says, and nothing else of a file changes.

#![allow(clippy::expect_used, reason = "a test that cannot go on fails")]

mod support;

use std::collections::BTreeSet;
use std::sync::Arc;

use kpi_audit::edit::Editor;
use kpi_audit::fix::{Fixed, Fixer, Why};
use kpi_audit::plan::NoFiles;
use kpi_audit::rules::{self, Rule};
use kpi_audit::source::Source;

use similar::{ChangeTag, TextDiff};

use support::{EXAMPLES, audit, auditor, whole};

/// Rules of which a reframe has a gap (`…`) for what only the team knows.
const NEED_WORDS: [&str; 17] = [
    "against-direction",
    "brand-on-a-short-clock",
    "incomplete-kpi",
    "leap-to-revenue",
    "link-without-reason",
    "no-handoff",
    "no-revenue-link",
    "open-ended-test",
    "output-not-outcome",
    "rebrand-first",
    "revenue-only",
    "running-total",
    "unclear-owner",
    "unloaded-cac",
    "vague-handoff",
    "vanity-metric",
    "wrong-room",
];

/// Rules of which a reframe alone does not settle its finding, or brings up another; each with the reason.
const NOT_ENOUGH: [(&str, &str); 5] = [
    // The middle of such a range is less than what was hoped for, and what the goal needs may be over it.
    ("compound-optimism", "raises"),
    // A rate as a range from what it was halves the leap; a leap that was large enough is still one.
    ("compound-optimism", "stays"),
    // A ceiling shows when to ask; what a customer costs changes with the work, not with the plan.
    ("ltv-cac-out-of-band", "stays"),
    // LTV:CAC that stands over the usual target already is a line to hold.
    ("roas-over-ltv-cac", "raises"),
    // As with the ceiling for CAC.
    ("slow-payback", "stays"),
];

fn fix(text: &str, only: &[&str], decisions: bool) -> Fixed {
    let only: Vec<String> = only.iter().map(|rule| (*rule).to_owned()).collect();
    let fixer = Fixer { auditor: &auditor(), loader: &NoFiles, only: &only, decisions };
    fixer.fix(Arc::new(Source::new("plan.yaml", text))).expect("a plan")
}

fn bad_blocks() -> impl Iterator<Item = (&'static Rule, String)> {
    rules::of_one_plan().flat_map(|rule| rule.page().bad().into_iter().map(move |example| (rule, whole(example.yaml))))
}

/// All bad plans and examples.
fn plans() -> impl Iterator<Item = String> {
    bad_blocks().map(|(_, text)| text).chain(EXAMPLES.map(|(_, text)| text.to_owned()))
}

#[test]
fn every_reframe_settles_its_finding_or_the_reason_why_not_is_known() {
    let (mut need_words, mut not_enough) = (BTreeSet::new(), BTreeSet::new());
    for (rule, text) in bad_blocks() {
        let fixed = fix(&text, &[rule.name], true);
        for left in &fixed.left {
            match &left.why {
                Why::Words => {
                    assert!(left.of.reframe.yaml.contains('…'), "{}", left.of.reframe.yaml);
                    need_words.insert(rule.name);
                }
                Why::Stays => {
                    not_enough.insert((rule.name, "stays"));
                }
                Why::Raises(..) => {
                    not_enough.insert((rule.name, "raises"));
                }
                why => panic!("{}: {why:?}\n{}\n{text}", rule.name, left.of.reframe.yaml),
            }
        }
        let proposed = |text: &str| {
            let report = audit(text);
            let own = report.findings().filter(|found| found.verdict.rule.name == rule.name);
            own.filter(|found| found.finding.reframe.is_some()).count()
        };
        assert_eq!(proposed(fixed.source.text()), fixed.left.len(), "{}\n{}", rule.name, fixed.source.text());
        assert!(proposed(&text) == 0 || !fixed.written.is_empty() || !fixed.left.is_empty(), "{}", rule.name);
    }
    assert_eq!(need_words.into_iter().collect::<Vec<_>>(), NEED_WORDS);
    assert_eq!(not_enough.into_iter().collect::<Vec<_>>(), NOT_ENOUGH);
}

#[test]
fn what_is_safe_changes_no_money_target_or_owner_of_what_is_there() {
    const SAFE: [&str; 3] = ["guarded_by", "review", "role"];
    let mut seen = 0;
    for text in plans() {
        let report = audit(&text);
        let editor = Editor::new(report.plan()).expect("a document");
        let ids: BTreeSet<&str> = report.plan().kpis.iter().map(|kpi| kpi.id.as_str()).collect();
        for found in report.all_findings() {
            let Some(reframe) = found.finding.reframe.as_ref().filter(|reframe| reframe.safe) else { continue };
            let Ok(edits) = editor.edits(&reframe.yaml) else { continue };
            for way in &edits.writes {
                let parts: Vec<&str> = way.split('/').collect();
                let is_new = matches!(parts.as_slice(), ["kpis", id, ..] if !ids.contains(id));
                let safe = parts.last().is_some_and(|key| SAFE.contains(key));
                assert!(is_new || safe, "{}: {way}", found.verdict.rule.name);
                seen += 1;
            }
        }
    }
    assert!(seen > 50, "{seen}");
}

#[test]
fn only_what_is_safe_is_written_unless_decisions_are_asked_for() {
    let (mut written, mut decisions) = (0, 0);
    for text in plans() {
        let fixed = fix(&text, &[], false);
        assert!(fixed.written.iter().all(|written| written.of.reframe.safe));
        assert!(fixed.left.iter().all(|left| left.why != Why::Decision || !left.of.reframe.safe));
        written += fixed.written.len();
        decisions += fixed.left.iter().filter(|left| left.why == Why::Decision).count();
    }
    assert!(written > 10 && decisions > 50, "{written} written, {decisions} decisions");
}

/// A plan with comments wherever they can stand, blank lines, and the line ends of Windows.
fn decorated(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    // The indentation of the key whose text goes over several lines, or of brackets that do.
    let mut inside: Option<usize> = None;
    let mut depth = 0_i32;
    for (number, line) in text.lines().enumerate() {
        let indentation = line.len() - line.trim_start().len();
        inside = inside.filter(|outer| line.trim().is_empty() || indentation > *outer);
        let free = inside.is_none() && depth == 0 && !line.trim().is_empty();
        let code = line.split(" #").next().unwrap_or_default();
        depth += code.matches(['{', '[']).count() as i32 - code.matches(['}', ']']).count() as i32;
        if code.trim_end().ends_with(['>', '|']) || code.trim_end().ends_with(">-") {
            inside = Some(indentation);
        }
        if free && number % 3 == 1 {
            lines.push(format!("{}# line {number}: 'said' \"so\"", " ".repeat(indentation)));
        }
        if free && number % 7 == 1 {
            lines.push(String::new());
        }
        let whole = free && depth == 0 && inside.is_none() && !line.contains('#');
        lines.push(if whole && number % 2 == 0 { format!("{line}  # at {number}") } else { line.to_owned() });
    }
    lines.join("\r\n") + "\r\n"
}

/// The comments of a text, in order.
fn comments(text: &str) -> Vec<&str> {
    text.lines().filter_map(|line| line.split_once("# ")).map(|(_, comment)| comment).collect()
}

#[test]
fn comments_blank_lines_and_line_ends_stay_on_every_bad_plan_and_example() {
    let mut written = 0;
    for plain in plans() {
        let text = decorated(&plain);
        assert_eq!(audit(&text).all_findings().len(), audit(&plain).all_findings().len(), "{text}");
        for text in [text, plain] {
            let fixed = fix(&text, &[], true);
            let result = fixed.source.text();
            written += fixed.written.len();
            assert!(fixed.left.iter().all(|left| left.why != Why::Decision));
            let mut left = comments(result).into_iter();
            for comment in comments(&text) {
                assert!(left.any(|line| line == comment), "{comment} is lost in\n{result}");
            }
            let blank = |text: &str| text.lines().filter(|line| line.trim().is_empty()).count();
            assert!(blank(result) >= blank(&text), "{result}");
            assert_eq!(
                result.matches("\r\n").count(),
                if text.contains("\r\n") { result.matches('\n').count() } else { 0 }
            );
            for step in &fixed.written {
                assert_lines_stay(step.before.text(), step.after.text());
            }
        }
    }
    assert!(written > 200, "{written}");
}

/// Few lines are taken away, and each of them comes back with another value, or in another place of its own line.
fn assert_lines_stay(before: &str, after: &str) {
    let lines = TextDiff::from_lines(before, after);
    let of = |tag: ChangeTag| -> Vec<&str> {
        lines.iter_all_changes().filter(|change| change.tag() == tag).map(|change| change.value()).collect()
    };
    let (gone, come) = (of(ChangeTag::Delete), of(ChangeTag::Insert));
    assert!(gone.len() <= 12, "{gone:?}");
    for line in gone {
        let key = line.split(':').next().unwrap_or_default().trim_start_matches(['-', ' ', '"', '\'']).trim_end();
        assert!(come.iter().any(|new| new.contains(key)), "{line:?} is gone, and {come:?} has come");
    }
}

#[test]
fn a_second_target_that_needs_the_same_guard_sees_the_first() {
    let text = "plan: x\nperiod: 2027-Q1\nkpis:\n  - name: Cost per lead\n    target: 40\n  - name: Cost per MQL\n    target: 90\n";
    let fixed = fix(text, &["unguarded-target"], false);
    let report = audit(fixed.source.text());
    // The guard of the first shows what the second hides as well.
    assert_eq!((fixed.written.len(), report.plan().kpis.len()), (1, 3), "{}", fixed.source.text());
    assert!(support::findings(&report, "unguarded-target").is_empty());
}

#[test]
fn what_one_rule_has_just_written_no_other_takes_back() {
    let text = "plan: x\nperiod: 2027-Q1\ncurrency: EUR\ngoals: [{name: New ARR, target: 205k}]\nproducts:\n\
                - {name: Core, budget: 60k, cac: 2000, new_customers: 40}\n- {name: Pro, budget: 60k}\n- {name: Lite, budget: 60k}\n";
    let fixed = fix(text, &["budget-cannot-buy", "spread-thin"], true);
    let written: Vec<&str> = fixed.written.iter().map(|written| written.of.rule).collect();
    assert_eq!(written, ["budget-cannot-buy"]);
    assert!(fixed.source.text().contains("new_customers: 30"), "{}", fixed.source.text());
    let left: Vec<&Why> = fixed.left.iter().map(|left| &left.why).collect();
    assert_eq!(left, [&Why::Overwrites("budget-cannot-buy")]);
}

#[test]
fn each_document_of_a_file_is_fixed_and_the_mark_at_its_start_stays() {
    let one = "plan: x\nperiod: 2027-Q1\nkpis: [{name: Cost per lead, target: 40}] # one\n";
    let text = format!("\u{feff}{one}---\n{one}");
    let fixed = fix(&text, &["unguarded-target"], false);
    assert_eq!(fixed.written.len(), 2);
    let written = fixed.source.with_its_mark(fixed.source.text());
    assert!(written.starts_with('\u{feff}'));
    assert_eq!(written.matches("guarded_by: [lead-to-customer]").count(), 2, "{written}");
}

#[test]
fn what_is_waived_or_told_stays_as_it_is() {
    let text = "plan: x\nperiod: 2027-Q1\nkpis: [{name: Cost per lead, target: 40}]\nwaivers:\n\
                - {rule: unguarded-target, because: agreed, until: 2027-03-31}\n";
    assert!(fix(text, &["unguarded-target"], true).written.is_empty());
    let without = text.split("waivers:").next().expect("a text");
    assert_eq!(fix(without, &["unguarded-target"], true).written.len(), 1);
}

#[test]
fn a_fixed_plan_has_nothing_left_that_can_be_written() {
    for (name, text) in EXAMPLES {
        let once = fix(text, &[], true);
        let twice = fix(once.source.text(), &[], true);
        let again: Vec<&str> = twice.written.iter().map(|written| written.of.rule).collect();
        assert!(again.is_empty(), "{name}: {again:?}");
    }
}

/// Runs the tool on a file.
fn run(args: &[&str]) -> (Option<i32>, String) {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_kpi-audit"))
        .args(args)
        .args(["--as-of", "2027-01-15", "--only", "unguarded-target"])
        .output()
        .expect("the tool runs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.code(), said)
}

const UNGUARDED: &str = "plan: x\nperiod: 2027-Q1\nkpis:\n  - {name: Cost per lead, target: 40} # one\n";

/// A folder with a plan in it.
fn folder_with_plan() -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("plan.yaml");
    std::fs::write(&path, UNGUARDED).expect("a plan");
    (folder, path)
}

fn text_of(path: &std::path::Path) -> String {
    std::fs::read_to_string(path).expect("a text")
}

#[test]
fn a_file_is_written_once_and_nothing_is_left_beside_it() {
    let (folder, path) = folder_with_plan();
    let name = path.to_str().expect("a name");
    assert_eq!(run(&["fix", name]).0, Some(0));
    assert_eq!(text_of(&path), UNGUARDED);
    assert_eq!(run(&["fix", "--write", name]).0, Some(0));
    let written = text_of(&path);
    assert!(written.contains("guarded_by: [lead-to-customer]} # one\n"), "{written}");
    assert_eq!(run(&["fix", "--write", name]).0, Some(0));
    assert_eq!(text_of(&path), written);
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 1);
}

#[test]
#[cfg(unix)]
fn a_link_stays_a_link_and_permissions_stay() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let (folder, path) = folder_with_plan();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).expect("permissions");
    let other = tempfile::tempdir_in(folder.path()).expect("a folder");
    let link = other.path().join("link.yaml");
    symlink("../plan.yaml", &link).expect("a link");
    assert_eq!(run(&["fix", "--write", link.to_str().expect("a name")]).0, Some(0));
    assert!(link.symlink_metadata().expect("a link").is_symlink());
    assert!(text_of(&path).contains("guarded_by"));
    assert_eq!(path.metadata().expect("a file").permissions().mode() & 0o777, 0o640);
}

#[test]
#[cfg(unix)]
fn a_link_in_a_folder_does_not_lead_what_is_written_out_of_it() {
    use std::os::unix::fs::symlink;
    let (folder, path) = folder_with_plan();
    let plans = tempfile::tempdir_in(folder.path()).expect("a folder");
    let link = plans.path().join("link.yaml");
    symlink("../plan.yaml", &link).expect("a link");
    let (status, said) = run(&["fix", "--write", plans.path().to_str().expect("a name")]);
    assert_eq!(status, Some(2));
    assert!(said.contains("outside of the folder"), "{said}");
    assert_eq!(text_of(&path), UNGUARDED);
    let (status, _) = run(&["fix", "--write", folder.path().to_str().expect("a name")]);
    assert_eq!(status, Some(0));
    assert!(text_of(&path).contains("guarded_by"));
}

#[test]
#[cfg(unix)]
fn the_owner_of_a_file_stays() {
    use std::os::unix::fs::{MetadataExt, chown};
    let (_folder, path) = folder_with_plan();
    // Only the administrator may give a file away; for others the file's own owner is tried.
    let given = chown(&path, Some(1), Some(1)).is_ok();
    let before = path.metadata().expect("a file");
    assert_eq!(run(&["fix", "--write", path.to_str().expect("a name")]).0, Some(0));
    let after = path.metadata().expect("a file");
    assert!(text_of(&path).contains("guarded_by"));
    assert_eq!((after.uid(), after.gid()), (before.uid(), before.gid()), "given away: {given}");
}

#[test]
#[cfg(unix)]
fn a_file_that_must_not_be_written_is_left_and_told() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, path) = folder_with_plan();
    let name = path.to_str().expect("a name");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o444)).expect("permissions");
    let (status, said) = run(&["fix", "--write", name]);
    assert_eq!(status, Some(2));
    assert!(said.contains("it is write-protected"), "{said}");
    assert_eq!(text_of(&path), UNGUARDED);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).expect("permissions");
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o555)).expect("permissions");
    let (status, said) = run(&["fix", "--write", name]);
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).expect("permissions");
    // Whoever may write everywhere can write here as well; then all of it is written.
    if status == Some(0) {
        assert!(text_of(&path).contains("guarded_by"), "{said}");
    } else {
        assert!(said.contains("no file can be made in"), "{said}");
        assert_eq!(text_of(&path), UNGUARDED);
    }
}
