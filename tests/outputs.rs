//! Holds the outputs for other programs to readers that others wrote, and to the names of a hostile plan.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by a panic, also in its helpers"
)]

mod support;

use std::sync::Arc;

use kpi_audit::Report;
use kpi_audit::report::Gates;
use kpi_audit::report::output::{Ask, Format, written};
use kpi_audit::rules::verdict::Status;
use kpi_audit::severity::Severity;
use serde_sarif::sarif::Sarif;

/// Names that would break out of one format or another.
const HOSTILE: &str = r##"
plan: "<script>alert(1)</script> | `x` ]](javascript:1) ::error::"
period: 2027-Q1
goals: [{name: "=cmd()|' /C calc'!A0", outcome: revenue, target: 1.2M}]
kpis:
  - {id: a, name: "]]><!-- & \"followers\" ::error file=x::y\n::warning::z", metric: followers, target: 9000}
  - {id: b, name: "[Followers](javascript:alert(1))", metric: followers, target: 9000}
  - {id: c, name: "+Followers\u202E\e[31m\0", metric: followers, target: 9000}
waivers: [{rule: vanity-metric, on: b, because: "[x](javascript:1)", until: 2027-03-31}]
"##;

fn shown_as(format: Format, report: &Arc<Report>) -> String {
    written(format, &Ask::default(), Arc::clone(report), &Gates::default())
}

fn reports() -> Vec<Arc<Report>> {
    let texts = support::EXAMPLES.into_iter().chain([("hostile.yaml", HOSTILE), ("bad.yaml", "plan: x\nkpi: 1\n")]);
    texts.map(|(name, text)| Arc::new(support::auditor().audit_text(name, text))).collect()
}

fn shown(report: &Report) -> usize {
    let findings = report.plans.iter().flat_map(|plan| plan.all_findings());
    findings.filter(|found| !matches!(found.finding.status, Status::Told(_))).count()
}

#[test]
fn every_sarif_result_has_a_place_a_rule_and_a_fingerprint_of_its_own() {
    for report in reports() {
        let log: Sarif = serde_json::from_str(&shown_as(Format::Sarif, &report)).unwrap();
        let run = &log.runs[0];
        let rules = run.tool.driver.rules.as_ref().unwrap();
        let results = run.results.as_ref().unwrap();
        assert_eq!(results.len(), shown(&report));
        let mut fingerprints = std::collections::BTreeSet::new();
        for result in results {
            let rule = rules.iter().find(|rule| Some(&rule.id) == result.rule_id.as_ref()).unwrap();
            assert!(rule.help.as_ref().unwrap().markdown.as_ref().unwrap().contains("## Why"));
            let place = result.locations.as_ref().unwrap()[0].physical_location.as_ref().unwrap();
            let region = place.region.as_ref().unwrap();
            assert!(region.start_line.unwrap() >= 1 && region.start_column.unwrap() >= 1);
            assert!((region.end_line, region.end_column) >= (region.start_line, region.start_column));
            assert!(place.artifact_location.as_ref().unwrap().uri.as_ref().unwrap().ends_with(".yaml"));
            let fingerprint = &result.partial_fingerprints.as_ref().unwrap()["finding/v1"];
            assert!(fingerprints.insert(fingerprint.clone()), "{fingerprint} stands twice");
            let text = result.message.text.as_ref().unwrap();
            assert!(!text.contains("[Followers](javascript"), "a link in {text}");
            assert!(!text.contains(['\u{1b}', '\u{202e}', '\0']), "a control character in {text:?}");
        }
    }
}

#[test]
fn what_could_not_be_read_is_told_in_sarif_with_its_place() {
    let report = Arc::new(support::auditor().audit_text("bad.yaml", "plan: x\nkpi: 1\n"));
    let log: Sarif = serde_json::from_str(&shown_as(Format::Sarif, &report)).unwrap();
    let invocation = &log.runs[0].invocations.as_ref().unwrap()[0];
    assert!(!invocation.execution_successful);
    let notifications = invocation.tool_execution_notifications.as_ref().unwrap();
    assert_eq!(notifications.len(), report.faults[0].problems.len());
    let place = notifications[0].locations.as_ref().unwrap()[0].physical_location.as_ref().unwrap();
    assert_eq!(place.region.as_ref().unwrap().start_line, Some(2));
}

#[test]
fn a_waived_finding_is_suppressed_in_sarif_and_says_why() {
    let report = Arc::new(support::auditor().audit_text("hostile.yaml", HOSTILE));
    let log: Sarif = serde_json::from_str(&shown_as(Format::Sarif, &report)).unwrap();
    let results = log.runs[0].results.as_ref().unwrap();
    let suppressed: Vec<_> = results.iter().filter_map(|result| result.suppressions.as_ref()).collect();
    assert_eq!(suppressed.len(), 1);
    assert_eq!(suppressed[0][0].justification.as_deref(), Some("[x](javascript:1)"));
}

#[test]
fn junit_fails_the_rules_whose_findings_fail_the_gate() {
    for report in reports() {
        let text = shown_as(Format::Junit, &report);
        let suites = junit_parser::from_reader(text.as_bytes()).unwrap();
        let failing: std::collections::BTreeSet<_> = report
            .plans
            .iter()
            .flat_map(|plan| plan.findings())
            .filter(|found| found.finding.severity >= Severity::High)
            .map(|found| found.verdict.rule.name)
            .collect();
        assert_eq!(suites.failures, u64::try_from(failing.len()).unwrap());
        let errors: usize = report.faults.iter().map(|faulty| faulty.problems.len()).sum();
        assert_eq!(suites.errors, u64::try_from(errors).unwrap());
        assert!(!text.contains(['\u{1b}', '\u{202e}', '\0']));
    }
}

#[test]
fn annotations_are_ten_of_a_kind_at_most_and_one_line_each() {
    for report in reports() {
        let text = shown_as(Format::Github, &report);
        for kind in ["::error ", "::warning ", "::notice "] {
            assert!(text.lines().filter(|line| line.starts_with(kind)).count() <= 10);
        }
        let (last, lines) =
            text.lines().collect::<Vec<_>>().split_last().map(|(l, r)| (*l, r.to_vec())).unwrap_or_default();
        assert!(lines.iter().all(|line| line.starts_with("::")), "{text}");
        assert!(last.is_empty() || last.starts_with("::") || last.ends_with("not shown as annotations"), "{last}");
    }
}

#[test]
fn the_csv_has_a_row_for_each_finding_and_no_cell_that_is_a_formula() {
    for report in reports() {
        let text = shown_as(Format::Csv, &report);
        let mut reader = ::csv::Reader::from_reader(text.as_bytes());
        let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
        let findings: usize = report.plans.iter().map(|plan| plan.all_findings().len()).sum();
        assert_eq!(rows.len(), findings);
        for cell in rows.iter().flatten() {
            assert!(!cell.trim_start().starts_with(['=', '+', '-', '@']), "{cell}");
        }
    }
}

#[test]
fn the_comment_holds_no_link_no_html_and_no_code_but_its_own() {
    use pulldown_cmark::{Event, Options, Parser, Tag};
    for report in reports() {
        let text = shown_as(Format::Markdown, &report);
        for event in Parser::new_ext(&text, Options::ENABLE_TABLES) {
            match event {
                Event::Start(Tag::Link { .. } | Tag::Image { .. }) => panic!("a link in {text}"),
                Event::Html(html) | Event::InlineHtml(html) => {
                    let own = ["<details>", "<summary>", "</summary>", "</details>", "<!-- -->"];
                    let rest = own.iter().fold(html.to_string(), |rest, own| rest.replace(own, ""));
                    assert!(!rest.contains('<'), "{html}");
                }
                Event::Code(code) => panic!("code {code} in {text}"),
                _ => {}
            }
        }
        let tables = text.matches("| | Finding | Line | Points |").count();
        assert_eq!(tables, report.plans.iter().filter(|plan| plan.findings().next().is_some()).count());
    }
}

/// What is changed stands on lines with letters that take more than one byte.
const FIXABLE: &str = r#"plan: Crescimento
period: 2027-Q1
currency: EUR
goals: [{id: arr, name: Nova receita, outcome: revenue, target: 1.2M}]
kpis:
  - {id: ação, name: ROAS das campanhas de verão, metric: roas, target: 4}
  - {id: custo, name: "Custo por inscrição 😀", metric: cost-per-lead, target: 40}
products: [{name: Café, budget: 60k}]
"#;

#[test]
fn the_fixes_in_sarif_are_those_that_need_no_decision_and_give_the_same_text_as_the_edits_in_json() {
    let mut applied = 0;
    let texts = support::EXAMPLES.into_iter().chain([("fixable.yaml", FIXABLE)]);
    for (name, text) in texts {
        let report = Arc::new(support::auditor().audit_text(name, text));
        let log: Sarif = serde_json::from_str(&shown_as(Format::Sarif, &report)).unwrap();
        let json: serde_json::Value = serde_json::from_str(&shown_as(Format::Json, &report)).unwrap();
        let findings =
            json["plans"].as_array().into_iter().flatten().flat_map(|plan| plan["findings"].as_array().unwrap());
        let edits: std::collections::BTreeMap<&str, &serde_json::Value> = findings
            .filter(|finding| finding["reframe"]["safe"] == true && finding["reframe"]["edits"].is_array())
            .map(|finding| (finding["fingerprint"].as_str().unwrap(), &finding["reframe"]["edits"]))
            .collect();
        let results = log.runs[0].results.as_ref().unwrap();
        for result in results {
            let fingerprint = result.partial_fingerprints.as_ref().unwrap()["finding/v1"].as_str();
            let Some(fixes) = &result.fixes else {
                assert!(!edits.contains_key(fingerprint), "{name}: no fix of {:?}", result.rule_id);
                continue;
            };
            let change = &fixes[0].artifact_changes[0];
            assert_eq!(change.artifact_location.uri.as_deref(), Some(name));
            let edited = edits[fingerprint].as_array().unwrap().iter().map(|edit| {
                let number = |key: &str| i64::try_from(edit["place"][key].as_u64().unwrap()).unwrap();
                let keys = ["line", "column", "end_line", "end_column"];
                (keys.map(number), edit["text"].as_str().unwrap().to_owned())
            });
            let fixed = change.replacements.iter().map(|replacement| {
                let region = &replacement.deleted_region;
                let numbers = [region.start_line, region.start_column, region.end_line, region.end_column];
                let inserted = replacement.inserted_content.as_ref().unwrap().text.clone().unwrap();
                (numbers.map(Option::unwrap), inserted)
            });
            let fixed: Vec<_> = fixed.collect();
            assert_eq!(fixed, edited.collect::<Vec<_>>());
            let after = support::auditor().audit_text(name, &replaced(text, &fixed));
            assert!(after.faults.is_empty(), "{name}: {:?}", result.rule_id);
            let after: Sarif = serde_json::from_str(&shown_as(Format::Sarif, &Arc::new(after))).unwrap();
            let mut left = after.runs[0].results.as_ref().unwrap().iter();
            let again = left.any(|other| other.partial_fingerprints == result.partial_fingerprints);
            assert!(!again, "{name}: {:?} is still found after its fix", result.rule_id);
            applied += 1;
        }
    }
    assert!(applied >= 8, "{applied} fixes");
}

/// A text after replacements, from the last to the first, by lines and columns as an editor counts them.
fn replaced(text: &str, replacements: &[([i64; 4], String)]) -> String {
    let mut text: Vec<char> = text.chars().collect();
    for ([line, column, end_line, end_column], inserted) in replacements.iter().rev() {
        let at = |line: i64, column: i64| {
            let before = text.iter().enumerate().filter(|(_, letter)| **letter == '\n').map(|(at, _)| at + 1);
            let start = std::iter::once(0).chain(before).nth(usize::try_from(line - 1).unwrap()).unwrap();
            start + usize::try_from(column - 1).unwrap()
        };
        let range = at(*line, *column)..at(*end_line, *end_column);
        text.splice(range, inserted.chars());
    }
    text.into_iter().collect()
}
