//! The rules' pages are true: every Bad plan is reported, no Good plan is, and every sentence is said.

mod support;

use std::collections::BTreeSet;

use kpi_audit::rules::{self, Rule};
use kpi_audit::wording::Template;

use support::{audit, findings, readings, whole};

#[test]
fn every_bad_plan_is_reported_by_its_rule() {
    for rule in rules::of_one_plan() {
        let page = rule.page();
        assert!(!page.bad().is_empty(), "{} shows no bad plan", rule.name);
        for block in page.bad().iter().map(|example| example.yaml) {
            let report = audit(&whole(block));
            assert!(!findings(&report, rule.name).is_empty(), "{} is silent on its bad plan\n{block}", rule.name);
        }
    }
}

#[test]
fn every_good_plan_is_passed_by_every_rule() {
    for rule in rules::of_one_plan() {
        let page = rule.page();
        assert!(!page.good().is_empty(), "{} shows no good plan", rule.name);
        for block in page.good().iter().map(|example| example.yaml) {
            let report = audit(&whole(block));
            let said: Vec<_> =
                report.findings().map(|found| (found.verdict.rule.name, found.finding.message())).collect();
            assert!(said.is_empty(), "of a good plan of {}: {said:#?}\n{block}", rule.name);
        }
    }
}

#[test]
fn the_good_examples_are_passed_by_every_rule() {
    for text in [support::BASE, include_str!("../examples/freight-as-counted.yaml")] {
        let report = audit(text);
        let said: Vec<String> = report.findings().map(|found| found.finding.message()).collect();
        assert!(said.is_empty(), "{said:?}");
    }
}

#[test]
fn every_sentence_of_a_page_is_said_by_one_of_its_bad_plans() {
    for rule in rules::of_one_plan() {
        let said: BTreeSet<&str> =
            rule.page().bad().iter().flat_map(|example| readings(&audit(&whole(example.yaml)), rule.name)).collect();
        let written: BTreeSet<&str> = rule
            .page()
            .says
            .iter()
            .map(|sentence| sentence.reading)
            .filter(|reading| !reading.ends_with(".together"))
            .collect();
        assert_eq!(said, written, "readings of {}", rule.name);
    }
}

#[test]
fn every_finding_is_worded_whole_with_a_question() {
    for (rule, block) in bad_blocks() {
        let report = audit(&whole(block));
        for found in report.all_findings() {
            let finding = found.finding;
            let name = found.verdict.rule.name;
            assert!(!finding.message().is_empty(), "{name} says nothing for `{}`\n{block}", finding.reading);
            assert!(finding.question().is_some(), "{name} asks nothing for `{}`\n{block}", finding.reading);
            let sentences =
                [Some(finding.message()), finding.question(), finding.reframe.as_ref().map(|_| finding.why())];
            for sentence in sentences.into_iter().flatten() {
                assert!(!sentence.is_empty(), "an empty sentence of {name} on\n{block}");
                assert_eq!(
                    Template(&sentence).slots().next(),
                    None,
                    "an open slot of {name}: {sentence}\n(a bad plan of {})",
                    rule.name
                );
            }
        }
    }
}

#[test]
fn sentences_for_several_need_only_their_count_and_names_besides() {
    for (_, block) in bad_blocks() {
        for found in audit(&whole(block)).all_findings() {
            let figures = found.finding.figures.iter().map(|(slot, _)| *slot);
            let filled: BTreeSet<&str> = figures.chain(["count", "names"]).collect();
            for sentence in [found.finding.together, found.finding.question_together].into_iter().flatten() {
                let open: Vec<&str> = sentence.slots().filter(|slot| !filled.contains(slot)).collect();
                assert!(open.is_empty(), "{open:?} in {}", sentence.0);
            }
        }
    }
}

#[test]
fn every_page_says_what_it_checks_and_why_with_sources() {
    for rule in rules::all() {
        let page = rule.page();
        assert_eq!(page.title, rule.name);
        assert!(!page.summary.is_empty() && !page.checks.is_empty(), "the words of {}", rule.name);
        assert!(!page.severity.is_empty(), "the severities of {}", rule.name);
        for phrase in &page.phrases {
            assert!(!phrase.text.is_empty(), "the phrase {} of {}", phrase.reading, rule.name);
        }
        assert!(page.why.contains("Sources:"), "the sources of {}", rule.name);
    }
}

#[test]
fn a_title_in_the_brief_belongs_to_a_reading_that_asks_several_things() {
    for rule in rules::all() {
        let page = rule.page();
        for title in &page.brief {
            assert!(page.say(title.reading).is_some(), "{} says nothing for {}", rule.name, title.reading);
            let asks = page.question(title.reading).map_or(0, |question| question.0.matches('?').count());
            assert!(asks >= 2, "{} asks one thing for {}", rule.name, title.reading);
        }
    }
}

#[test]
fn a_reframe_is_yaml_that_the_format_reads() {
    for (rule, block) in bad_blocks() {
        let report = audit(&whole(block));
        for found in report.all_findings() {
            let Some(reframe) = &found.finding.reframe else { continue };
            let value: Result<serde_json::Value, _> = serde_yaml::from_str(&reframe.yaml);
            assert!(value.is_ok_and(|value| value.is_object()), "{}\n{}", rule.name, reframe.yaml);
        }
    }
}

fn bad_blocks() -> impl Iterator<Item = (&'static Rule, &'static str)> {
    rules::of_one_plan().flat_map(|rule| rule.page().bad().into_iter().map(move |example| (rule, example.yaml)))
}

#[test]
fn the_readme_names_every_rule() {
    let readme = include_str!("../README.md");
    for rule in rules::all() {
        assert!(readme.contains(&format!("| `{}` |", rule.name)), "{}", rule.name);
    }
}
