//! What the build says of mistakes in the dictionary's data: each line by its place, and why.

#![allow(dead_code, unreachable_pub, missing_docs, reason = "these are the build script's own files")]

#[path = "../src/metrics/class.rs"]
mod class;
#[path = "../build/data.rs"]
mod data;
#[path = "../src/metrics/hash.rs"]
mod hash;
#[path = "../src/metrics/inflection.rs"]
mod inflection;
#[path = "../build/tables.rs"]
mod tables;
#[path = "../src/metrics/tokens.rs"]
mod tokens;

/// The problems of data that is one file.
fn problems(text: &str) -> Vec<String> {
    let mut data = data::Data::default();
    data.read("metrics.txt", text);
    let tables = tables::compile(&data).map(|tables| tables.problems).unwrap_or_else(|error| vec![error]);
    let untitled: Vec<_> = data.untitled().collect();
    [data.problems, untitled, tables].concat()
}

fn assert_problem(text: &str, place: &str, why: &str) {
    let problems = problems(text);
    let is_told = matches!(problems.as_slice(), [one] if one.contains(place) && one.contains(why));
    assert!(is_told, "{text}\n{problems:?} is not one that says `{why}` at `{place}`");
}

const REACH: &str = "views | reach up count yes 1\n  en: Views, page views\n  pt: visualizações\n";

#[test]
fn sound_data_has_no_problem() {
    assert_eq!(problems(REACH), Vec::<String>::new());
    assert_eq!(problems("# a comment\n\nneutral\n  en: number\nmonth\n  en: march=3\n"), Vec::<String>::new());
}

#[test]
fn a_line_may_have_come_with_a_later_ruleset_than_its_metric() {
    let mut data = data::Data::default();
    data.read("metrics.txt", &format!("{REACH}  es@2: visitas\nneutral\n  en: number\n"));
    let since = |text| data.phrases.iter().find(|phrase| phrase.text == text).map(|phrase| phrase.since);
    assert_eq!(data.problems, Vec::<String>::new());
    assert_eq!((since("Views"), since("visitas"), since("number")), (Some(1), Some(2), Some(1)));
    assert_problem(&format!("{REACH}  es@two: vistas\n"), "metrics.txt:4:", "a line is `en: phrase, phrase`");
}

#[test]
fn a_head_that_cannot_be_read_is_told_once_with_what_is_wrong() {
    for (head, why) in [
        ("views | brnd up count yes 1", "`brnd` is not one of reach, engagement"),
        ("views | reach upp count yes 1", "`upp` is not one of up, down"),
        ("views | reach up number yes 1", "`number` is not one of count, money"),
        ("views | reach up count maybe 1", "`maybe` is not one of yes, no"),
        ("views | reach up count yes", "the ruleset in which it came is missing"),
        ("views | reach up count yes 1 balanse", "there is no flag `balanse`"),
        ("views | reach up count yes 1 family=rous", "`rous` is not one of roas"),
        ("Page Views | reach up count yes 1", "`Page Views` is no name in kebab-case"),
        ("determinr", "there is no class `determinr`"),
        ("term raech yes", "`raech` is not one of reach"),
        ("block more", "`more` is too much"),
    ] {
        assert_problem(&format!("{head}\n  en: Views\n  pt: visualizações\n"), "metrics.txt:1:", why);
    }
}

#[test]
fn a_line_without_a_head_or_of_another_form_is_told_at_its_place() {
    assert_problem("  en: Views\n", "metrics.txt:1:", "it belongs to no head");
    assert_problem(&format!("{REACH}  xx: vistas\n"), "metrics.txt:4:", "a line is `en: phrase, phrase`");
    assert_problem(&format!("{REACH}  es vistas\n"), "metrics.txt:4:", "a line is `en: phrase, phrase`");
    assert_problem("views | reach up count yes 1\n  pt: vistas\n", "metrics.txt", "has no English name");
}

#[test]
fn two_metrics_of_one_name_and_one_name_of_two_metrics_are_told_with_both_places() {
    assert_problem(&format!("{REACH}{REACH}"), "metrics.txt:4:", "there is another metric `views`");
    // Plurals are cut, so that a name is one in all its forms.
    let clash = format!("{REACH}clicks | engagement up count yes 1\n  en: Clicks, Page view\nendings\n  en: s>\n");
    assert_problem(&clash, "metrics.txt:5: `Page view` is clicks", "`page views` at src/metrics/data/metrics.txt:2");
    let clash = format!("{REACH}block\n  en: view\nendings\n  en: s>\n");
    assert_problem(&clash, "metrics.txt:5: `view` is block", "views as `Views` at src/metrics/data/metrics.txt:2");
}
