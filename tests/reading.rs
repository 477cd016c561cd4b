//! Whole texts through the reading: every kind of problem at its place and in its words, and texts made to break it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::civil::date;
use kpi_audit::metrics::dictionary;
use kpi_audit::plan::period::Deadline;
use kpi_audit::plan::problem::{Problem, What, YamlFault};
use kpi_audit::plan::quantity::{Amount, Change};
use kpi_audit::plan::{self, FromName, Loader, NoFiles, Plan, Reading, Target};
use kpi_audit::rules::verdict::Status;
use kpi_audit::settings::Settings;
use kpi_audit::source::Source;
use kpi_audit::{Auditor, Choice};
use proptest::prelude::*;

const WHOLE_PLAN: &str = include_str!("../src/plan/reference.yaml");

fn read(text: &str) -> (Arc<Source>, Reading) {
    let source = Arc::new(Source::new("plan.yaml", text));
    let reading = plan::read(&source, dictionary(), &NoFiles);
    (source, reading)
}

fn plan_of(text: &str) -> Plan {
    let (source, mut reading) = read(text);
    assert_eq!(shown(&source, &reading.problems), Vec::<String>::new());
    reading.plans.remove(0)
}

/// Each problem as `line:column message | help`.
fn problems(text: &str) -> Vec<String> {
    let (source, reading) = read(text);
    shown(&source, &reading.problems)
}

fn shown(source: &Source, problems: &[Problem]) -> Vec<String> {
    problems.iter().map(|problem| line_of(source, problem)).collect()
}

fn line_of(source: &Source, problem: &Problem) -> String {
    let at = source.position(problem.span.start);
    let help = problem.help().map(|help| format!(" | {help}")).unwrap_or_default();
    format!("{}:{} {}{help}", at.line, at.column, problem.what)
}

/// The problems of a plan with one KPI named "Leads" that has one more line, the fifth.
fn of_kpi(line: &str) -> Vec<String> {
    problems(&format!("plan: x\nperiod: 2027-Q1\nkpis:\n  - name: Leads\n    {line}\n  - name: Sales\n"))
}

/// The problems of a plan with one more line, the third.
fn of_plan(line: &str) -> Vec<String> {
    problems(&format!("plan: x\nkpis: [Leads]\n{line}\n"))
}

/// Texts by their names, as a folder would hold them.
struct Folder(HashMap<&'static str, String>);

impl Folder {
    fn new<const N: usize>(files: [(&'static str, &str); N]) -> Self {
        Self(files.into_iter().map(|(name, text)| (name, text.to_owned())).collect())
    }

    fn read(&self, name: &str) -> (Arc<Source>, Reading) {
        let text = self.0.get(name).map(String::as_str).unwrap_or_default();
        let source = Arc::new(Source::new(name, text));
        let reading = plan::read(&source, dictionary(), self);
        (source, reading)
    }

    fn problems(&self, name: &str) -> Vec<String> {
        let (source, reading) = self.read(name);
        shown(&source, &reading.problems)
    }
}

impl Loader for Folder {
    fn load(&self, _: &str, path: &str) -> Result<Arc<Source>, String> {
        let text = self.0.get(path).ok_or("there is no such file")?;
        Ok(Arc::new(Source::new(path, text.as_str())))
    }
}

#[test]
fn what_is_no_text_is_told_with_what_to_do() {
    let problem = |bytes: &[u8]| {
        let (source, problem) = Source::from_bytes("plan.yaml", bytes.to_vec());
        line_of(&source, &problem.map(|(span, why)| Problem::new(span, What::Source(why))).unwrap())
    };
    assert_eq!(
        problem(b"\xff\xfep\0l\0a\0n\0"),
        "1:1 this is UTF-16, not UTF-8 text | save the file as UTF-8 and try again"
    );
    assert_eq!(
        problem(b"plan: a\nkpis: [M\xe9dia]\n"),
        "2:9 byte 0xe9 is not valid UTF-8 | save the file as UTF-8 and try again"
    );
}

#[test]
fn what_is_no_plan_is_told_so() {
    let no_plan = "this is not a plan | a plan is a mapping with `plan: its name` and at least one of goals, kpis, products, initiatives";
    for text in ["just a text\n", "- a\n- b\n", "a: b\n"] {
        assert_eq!(problems(text), [format!("1:1 {no_plan}")], "{text}");
    }
    let nothing = "1:7 this plan has no goal, KPI, product or initiative yet | write what was handed down, one line each: `kpis: [Cut cost per lead by 30%]`";
    for text in [
        "plan: x\n",
        "plan: x\nkpis:\n",
        "plan: x\ngoals: []\nproducts: []\n",
        "plan: x\nteams: {sales: {people: 5}}\n",
    ] {
        assert_eq!(problems(text), [nothing], "{text}");
    }
    for text in ["", "---\n---\n"] {
        assert_eq!(problems(text), ["1:1 the file is empty | `kpi-audit init` writes a plan to start from"], "{text}");
    }
    for text in ["# a comment\n", "---\n  # plan: x\n"] {
        let comments = "1:1 the file holds only comments | `kpi-audit init` writes a plan to start from";
        assert_eq!(problems(text), [comments], "{text}");
    }
    assert_eq!(problems("plan: x\nkpis: [a]\n---\nfoo\n"), [format!("4:1 {no_plan}")]);
    assert_eq!(problems("kpis: [a]\n"), ["1:1 a plan needs `plan`"]);
}

#[test]
fn what_is_no_yaml_is_told_in_plain_words() {
    let quote = "an unquoted `>` or `|` begins a text of several lines | put a value such as \">= 1000\" in quotes";
    for line in ["target: > 5", "target: >5", "target: >= 1000"] {
        assert_eq!(of_kpi(line), [format!("5:13 {quote}")], "{line}");
    }
    for sign in ["%", "@", "`"] {
        let expected = format!("5:13 a value cannot begin with `{sign}` | put the whole value in quotes");
        assert_eq!(of_kpi(&format!("target: {sign}5")), [expected]);
    }
    assert_eq!(of_kpi("\ttarget: 5"), ["5:5 a tab stands where YAML takes only spaces | indent with spaces"]);
    assert_eq!(
        of_kpi("      target: 5"),
        [
            "5:17 a `:` stands where no key can be | check the indentation of this line and the one above; a text that holds `: ` needs quotes"
        ]
    );
    assert_eq!(
        of_kpi("target: \"5\" x"),
        ["5:17 text follows a closing quote | put the quotes around the whole value"]
    );
    assert_eq!(
        of_kpi("target: 'a"),
        ["5:13 a quote is opened here and never closed | close it with the same kind of quote"]
    );
    assert_eq!(
        of_kpi("target: *x"),
        ["5:13 this alias repeats an anchor that is not there | write `&name` at the value to repeat"]
    );
    assert_eq!(
        of_plan("goals: [a"),
        ["3:8 a `[` or `{` is not closed, or a comma is missing inside it | close it, or write one item a line"]
    );
    assert_eq!(
        of_plan("goals: [a]]"),
        [
            "3:11 this bracket closes nothing that is open | check the brackets before it; a text with brackets needs quotes"
        ]
    );
    assert_eq!(of_kpi("owner: a\u{1b}b"), ["5:13 the control character \\u{1b} cannot stand in a text | take it out"]);
    assert_eq!(
        problems("%YAML 3.0\n---\nplan: x\n"),
        ["1:1 this is not YAML: unsupported yaml major version | check this line and the one above"]
    );
}

#[test]
fn a_colon_that_is_missing_or_too_many_is_told_where_it_is() {
    let quotes = "a text with a `:` inside needs quotes | put the whole text in quotes";
    assert_eq!(of_kpi("owner: a: b"), [format!("5:13 {quotes}")]);
    assert_eq!(of_kpi("because: a rate: 5%"), [format!("5:20 {quotes}")]);
    let missing = "a `:` is missing in this line | write `key: value`";
    assert_eq!(of_kpi("owner Ana"), [format!("5:5 {missing}")]);
    assert_eq!(problems("plan P\nkpis:\n  - name: a\n"), [format!("1:1 {missing}")]);
    assert_eq!(problems("plan: x\nkpis\n  - name: a\n"), [format!("2:1 {missing}")]);
    assert_eq!(problems("plan: x\ncurrency EUR # see: this\nkpis: []\n"), [format!("2:1 {missing}")]);
    let item = "3:5 a `:` is missing in this line | a text with keys below it is written `- name: its text`";
    assert_eq!(problems("plan: x\nkpis:\n  - name a\n    target: 4\n"), [item]);
    assert_eq!(problems("plan: x\r\nkpis:\r\n  - SQLs\r\n    target: 30\r\n"), [item]);
    // Where a line goes on, or has a colon of another kind, nothing is blamed for sure.
    let unsure =
        ["    because: one thing\n      and another\n      namely: x", "    owner at 10:30", "    https://a.example"];
    for line in unsure {
        let told = problems(&format!("plan: x\nkpis:\n  - name: a\n{line}\n"));
        assert!(told.len() == 1 && !told[0].contains("missing in this line"), "{told:?}");
    }
    let no_space = "a space is missing after this `:` | write `key: value`";
    assert_eq!(of_kpi("target:400"), [format!("5:11 {no_space}")]);
    assert_eq!(problems("plan:x\nkpis: [a]\n"), [format!("1:5 {no_space}")]);
}

#[test]
fn a_text_that_a_colon_cuts_is_one_problem_that_says_to_quote_it() {
    let cut = |sentence| {
        format!(
            "3:5 the colon cuts this text in two | put it in quotes: \"{sentence}\"; or write `name:` and `target:`"
        )
    };
    for sentence in ["Focus: cut CPL by 30%", "MQLs: 400", "Objetivo: 1.000 leads"] {
        assert_eq!(problems(&format!("plan: x\nkpis:\n  - {sentence}\n")), [cut(sentence)]);
        assert_eq!(problems(&format!("plan: x\ngoals:\n  - {sentence}\n")), [cut(sentence)]);
        assert_eq!(plan_of(&format!("plan: x\nkpis:\n  - \"{sentence}\"\n")).kpis[0].name.value, sentence);
    }
    // One misspelt key is that, not a sentence.
    assert_eq!(problems("plan: x\nkpis:\n  - nmae: CPL\n"), ["3:5 a KPI has no key `nmae` | did you mean `name`?"]);
    assert_eq!(
        problems("plan: x\ngoals:\n  - goal: New ARR\n"),
        ["3:5 a goal has no key `goal` | did you mean `name`?"]
    );
}

#[test]
fn what_yaml_has_and_the_format_has_not_is_told_and_the_rest_is_read() {
    let text = "plan: x\nplan: y\nkpis:\n  - {<<: {a: b}, name: q}\n  - !include b.yaml\n  - &loop {name: r, because: [*loop]}\n? [b]\n: c\n";
    assert_eq!(
        problems(text),
        [
            "2:1 the key `plan` stands twice | keep one of the two; a list holds several values",
            "4:6 merge keys (`<<`) are not read | write the keys out; anchors (`&name`) and aliases (`*name`) are read",
            "5:5 the tag `!include` is not read | leave the tag out; the format says what each value is",
            "6:30 expected a text, found a list | write one text; one that begins with `[` needs quotes",
            "6:31 this alias stands inside the value that it repeats | write the value out here",
            "7:3 a key must be a plain word | write `key: value`, with a word as the key",
        ]
    );
}

#[test]
fn a_number_cut_at_a_comma_is_one_problem_that_says_to_quote_it() {
    let quote = "inside { } a comma ends a value: put a number such as \"9,600\" in quotes";
    assert_eq!(
        of_plan("products: [{name: a, price: 9,600}]"),
        [format!("3:31 a comma ended the value before `600` | {quote}")]
    );
    assert_eq!(
        of_plan("goals: [{name: a, target: 1,000,000, by: 2027-01-01}]"),
        [format!("3:29 a comma ended the value before `000` | {quote}")]
    );
    assert_eq!(
        of_plan("initiatives: [{name: a, expects: {leads: 1,000}}]"),
        [format!("3:44 a comma ended the value before `000` | {quote}")]
    );
    assert_eq!(
        problems("plan: x\nkpis: [Sales, 1,000 leads]\n"),
        [
            "2:15 inside [ ] a comma ends an item, so this number is cut in two | put it in quotes, such as \"1,000 leads\", or write one item a line"
        ]
    );
    assert_eq!(plan_of("plan: x\nkpis: [Top 1, 100 leads]\n").kpis.len(), 2);
}

#[test]
fn unknown_keys_name_the_nearest_in_every_part() {
    for (line, expected) in [
        ("curency: EUR", "3:1 a plan has no key `curency` | did you mean `currency`?"),
        ("goals: [{name: a, onwers: b}]", "3:19 a goal has no key `onwers` | did you mean `owners`?"),
        (
            "products: [{name: a, Gross-Margin: 5%}]",
            "3:22 a product has no key `Gross-Margin` | did you mean `gross_margin`?",
        ),
        ("economics: {prise: 5}", "3:13 the plan's economics has no key `prise` | did you mean `price`?"),
        ("teams: {sales: {peple: 5}}", "3:17 a team has no key `peple` | did you mean `people`?"),
        ("initiatives: [{name: a, efort: 5 days}]", "3:25 an initiative has no key `efort` | did you mean `effort`?"),
        ("colour: red", "3:1 a plan has no key `colour` | leave it out, or write it as a comment with `#`"),
    ] {
        assert_eq!(of_plan(line), [expected]);
    }
}

#[test]
fn other_words_for_a_key_name_the_key() {
    for (written, key) in [("deadline", "by"), ("Responsible", "owner"), ("reason", "because"), ("goal", "drives")] {
        assert_eq!(
            of_kpi(&format!("{written}: x")),
            [format!("5:5 a KPI has no key `{written}` | did you mean `{key}`?")]
        );
    }
    assert_eq!(of_plan("objectives: [a]"), ["3:1 a plan has no key `objectives` | did you mean `goals`?"]);
    assert_eq!(problems("plan: x\nmetrics: [a]\n"), ["2:1 a plan has no key `metrics` | did you mean `kpis`?"]);
    assert_eq!(
        of_plan("products: [{name: a, margin: 40%, churn: 2%}]"),
        [
            "3:22 a product has no key `margin` | did you mean `gross_margin`?",
            "3:35 a product has no key `churn` | did you mean `monthly_churn`?"
        ]
    );
}

#[test]
fn a_key_in_capitals_is_no_other_file() {
    assert_eq!(
        problems("Plan: x\nKPIs: [a]\n"),
        ["1:1 a plan has no key `Plan` | did you mean `plan`?", "2:1 a plan has no key `KPIs` | did you mean `kpis`?"]
    );
}

#[test]
fn what_a_part_cannot_be_without_is_asked_for_at_the_part() {
    assert_eq!(of_plan("goals: [{target: 5}]"), ["3:10 a goal needs `name`"]);
    assert_eq!(
        of_plan("waivers: [{rule: vanity-metric}]"),
        ["3:12 a waiver needs `until` | a waiver ends: write `until: 2027-03-31`"]
    );
    assert_eq!(of_plan("handoffs: [{id: a}]"), ["3:13 a handoff needs `from`", "3:13 a handoff needs `to`"]);
}

#[test]
fn a_value_of_another_shape_is_told_once() {
    let list = "expected a text, found a list | write one text; one that begins with `[` needs quotes";
    assert_eq!(of_kpi("because: [a, b]"), [format!("5:14 {list}")]);
    assert_eq!(of_kpi("owner: ''"), ["5:12 expected a text, found an empty text | write it, or leave the key out"]);
    assert_eq!(of_kpi("mandated: maybe"), ["5:15 expected true or false, found another text"]);
    assert_eq!(of_plan("goals: a"), ["3:8 expected a list (one item a line, each with `- `), found a text"]);
    assert_eq!(
        of_plan("teams: {sales: 5}"),
        ["3:16 expected a team, found a text | write `{people: 5}`, or any other key of a team"]
    );
    assert_eq!(
        of_plan("teams: [sales]"),
        ["3:8 expected a mapping of names to values, found a list | write `name: value` on each line, without `- `"]
    );
    let named = "found a text | write `{name: …}`";
    assert_eq!(of_plan("products: [Core]"), [format!("3:12 expected a product, {named}")]);
    assert_eq!(of_plan("initiatives: [Webinars]"), [format!("3:15 expected an initiative, {named}")]);
    assert_eq!(
        of_plan("goals: [{name: g}]\nfunnels: [{goal: g, stages: [MQL]}]"),
        [format!("4:30 expected a stage, {named}")]
    );
    assert_eq!(
        of_plan("handoffs: [a]\nwaivers: [b]"),
        [
            "3:12 expected a handoff, found a text | write `{from: …, to: …}`",
            "4:11 expected a waiver, found a text | write `{rule: …, until: 2027-03-31}`"
        ]
    );
    // The goal that cannot be read is not an unknown one as well.
    assert_eq!(of_plan("funnels: [{goal: [a], stages: []}]"), [format!("3:18 {list}")]);
}

#[test]
fn words_that_are_not_of_their_list_name_the_nearest() {
    let roles = "is not one of north-star, target, leading, guardrail, diagnostic";
    assert_eq!(of_kpi("role: targt"), [format!("5:11 `targt` {roles} | did you mean `target`?")]);
    assert_eq!(of_kpi("role: boss"), [format!("5:11 `boss` {roles}")]);
    assert_eq!(of_kpi("cadence: Monthly"), Vec::<String>::new());
    assert_eq!(
        of_plan("locale: xx"),
        ["3:9 `xx` is not a locale that is known: write one of en, pt, es, gl, de, pl, fr"]
    );
    assert_eq!(
        of_plan("locale: es-MX"),
        ["3:9 `es-MX` writes 1,000 for a thousand, as en does and its language elsewhere does not: write en"]
    );
}

#[test]
fn numbers_that_make_no_sense_are_told_at_their_place() {
    let finite = "is not a finite number: write a number, or leave the key out where it is unknown";
    for word in [".nan", ".inf", "-.inf"] {
        assert_eq!(of_kpi(&format!("target: {word}")), [format!("5:13 `{word}` {finite}")]);
        assert_eq!(of_kpi(&format!("baseline: {word}")), [format!("5:15 `{word}` {finite}")]);
    }
    let units = "write a number and one unit, such as 1,200, 30%, 40k EUR, 3:1, 6 months or 50 leads";
    assert_eq!(of_kpi("target: 1e400"), [format!("5:13 cannot read `e400`: {units}")]);
    assert_eq!(
        of_kpi("target: 9000000000000000"),
        ["5:13 `9000000000000000` is over 1e15: check its digits and its multiplier"]
    );
    assert_eq!(of_kpi("budget: -5"), ["5:13 `-5` is below zero, which makes no sense here: write zero or more"]);
    assert_eq!(of_kpi("target: 15..10"), ["5:13 the range `15..10` runs backwards: write the lower end first"]);
    assert_eq!(
        of_kpi("target: 50 demos"),
        ["5:13 `demos` is not what \"Leads\" counts | leave the word out, or write it in the name of what is counted"]
    );
    assert_eq!(
        of_plan("products: [{name: a, gross_margin: 78}]"),
        ["3:36 expected a share such as 30%, found 78: write 78%, or a fraction such as 0.3"]
    );
}

#[test]
fn an_amount_is_in_the_plans_currency() {
    assert_eq!(
        problems("plan: x\ncurrency: EUR\nkpis: [{name: Revenue, target: 40k USD}]\n"),
        ["3:32 `40k USD` is not in EUR, the plan's currency: convert it"]
    );
    assert_eq!(
        of_kpi("budget: 5k EUR\n    unit_cost: 3 USD"),
        ["6:16 `3 USD` is not in EUR, the plan's currency: convert it"]
    );
    assert_eq!(of_kpi("budget: 5k USD\n    unit_cost: $3"), Vec::<String>::new());
    assert_eq!(
        of_kpi("budget: $5k\n    unit_cost: €3"),
        ["6:16 this plan has amounts in `$` too: convert one of the two"]
    );
    assert_eq!(
        of_plan("currency: EURO"),
        ["3:11 `EURO` is not a currency code of ISO 4217: write one, such as EUR, USD or PLN"]
    );
}

#[test]
fn dates_deadlines_and_periods_are_told_how_to_be_written() {
    assert_eq!(of_kpi("by: soon"), ["5:9 `soon` is not a date: write it as year-month-day, such as 2027-03-31"]);
    assert_eq!(
        of_kpi("agreed_on: 31.03.2027"),
        ["5:16 `31.03.2027` is not written as year-month-day: write 2027-03-31"]
    );
    assert_eq!(
        of_kpi("by: 9000 years"),
        ["5:9 9000 years from 2027-01-01 is no day on the calendar: check the number"]
    );
    assert_eq!(of_plan("period: Q1 2027"), ["3:9 `Q1 2027` is not how a period is written: write 2027-Q1"]);
}

#[test]
fn ids_are_unique_and_plain() {
    let (source, reading) = read(
        "plan: x\ngoals:\n  - {name: a, kpis: [{name: b, id: q}]}\n  - {name: c, id: q}\nkpis: [{name: d, id: q}]\n",
    );
    let twice = "the id `q` is given twice | give each an id of its own";
    assert_eq!(shown(&source, &reading.problems), [format!("4:19 {twice}"), format!("5:22 {twice}")]);
    let (first, label) = reading.problems[0].related[0];
    assert_eq!((source.position(first.start).line, label), (3, "first given here"));

    assert_eq!(of_kpi("id: plan"), ["5:9 the id `plan` is reserved for the plan itself | choose another id"]);
    assert_eq!(of_kpi("id: \"a\\tb\""), ["5:9 an id cannot hold control characters | use letters, digits and hyphens"]);
}

#[test]
fn ids_are_made_from_names_and_never_twice() {
    let plan = plan_of("plan: x\nkpis: [Leads, Leads, Leads 2, Łódź & Straße, Plan, '!!']\n");
    let ids: Vec<&str> = plan.kpis.iter().map(|kpi| kpi.id.as_str()).collect();
    assert_eq!(ids, ["leads", "leads-2", "leads-2-2", "lodz-strasse", "plan-2", "unnamed"]);

    let plan = plan_of("plan: x\nkpis: [Leads, {name: SQLs, id: leads}, {name: c, drives: leads}]\n");
    assert_eq!(plan.kpis[0].id, "leads-2", "a given id is kept for what gives it");

    let text = "plan: x\ngoals: [{name: g}]\nfunnels: [{goal: g, stages: []}]\nhandoffs: [{from: Marketing, to: sales}, {from: marketing, to: Sales}]\n";
    let plan = plan_of(text);
    assert_eq!((plan.funnels[0].id.as_str(), plan.handoffs[1].id.as_str()), ("g", "marketing-sales-2"));
}

#[test]
fn an_id_that_several_names_gave_is_a_problem_only_where_it_is_pointed_at() {
    assert_eq!(
        problems("plan: x\nkpis: [Leads, Leads, {name: b, drives: [leads]}]\n"),
        ["2:41 `leads` could be several things of that name | give the one that is meant an `id`"]
    );
    plan_of("plan: x\nkpis: [Leads, Leads, {name: b, drives: [leads-2]}]\n");
}

#[test]
fn a_name_where_an_id_belongs_is_the_same_link() {
    let plan = plan_of("plan: x\ngoals: [{name: New ARR}]\nkpis: [{name: a, drives: [New ARR]}]\n");
    assert!(plan.metric("New ARR").is_some());
    assert_eq!(plan.metric("New ARR"), plan.metric("new-arr"));
}

#[test]
fn references_to_nothing_name_the_nearest() {
    let either = "no goal or KPI has the id";
    assert_eq!(of_kpi("drives: [slaes]"), [format!("5:14 {either} `slaes` | did you mean `sales`?")]);
    assert_eq!(
        of_kpi("guarded_by: nothing"),
        [format!("5:17 {either} `nothing` | an id is the `id:` of a thing, or its name in lower case with hyphens")]
    );
    assert_eq!(
        of_plan("initiatives: [{name: a, serves: [leds], expects: {lads: +4}}]"),
        [
            format!("3:34 {either} `leds` | did you mean `leads`?"),
            format!("3:51 {either} `lads` | did you mean `leads`?")
        ]
    );
    assert_eq!(
        of_plan("products: [{name: Core}, {name: Pro, sold_after: cor}]"),
        ["3:50 no product has the id `cor` | did you mean `core`?"]
    );
    assert_eq!(of_kpi("metric: mqll"), ["5:13 no metric of the dictionary has the id `mqll` | did you mean `mql`?"]);
    let text = "plan: x\ngoals: [{name: g}]\nfunnels: [{goal: g, stages: [{name: MQL}]}]\nhandoffs: [{from: a, to: b, stage: MQLs}]\n";
    assert_eq!(problems(text), ["4:36 no stage of a funnel has the id `MQLs` | did you mean `MQL`?"]);
}

#[test]
fn circles_are_told_where_they_close() {
    let help = "something must come first: take one of the links out";
    let itself = "take it out; to point at the one of a plan that this plan extends, give one of the two another id";
    assert_eq!(of_kpi("drives: [leads]"), [format!("5:14 this closes a circle: leads → leads | {itself}")]);
    assert_eq!(
        problems("plan: x\nkpis:\n  - {name: a, drives: [b]}\n  - {name: b, drives: [a]}\n"),
        [format!("4:24 this closes a circle: b → a → b | {help}")]
    );
    let five = "plan: x\nkpis:\n  - {name: a, drives: [b]}\n  - {name: b, drives: [c]}\n  - {name: c, drives: [d]}\n  - {name: d, drives: [e]}\n  - {name: e, drives: [f, a]}\n  - {name: f}\n";
    assert_eq!(problems(five), [format!("7:27 this closes a circle: e → a → b → c → d → e | {help}")]);
    assert_eq!(
        of_plan("products: [{name: a, sold_after: b}, {name: b, sold_after: a}]"),
        [format!("3:60 this closes a circle: b → a → b | {help}")]
    );
    let apart = "plan: x\nkpis: [{name: a, drives: a}, {name: b, drives: c}, {name: c, drives: b}]\n";
    assert_eq!(problems(apart).len(), 2);
}

#[test]
fn all_problems_of_a_file_are_told_in_one_run_in_their_order() {
    let text = "plan: x\ncurrency: EURO\nperiod: 2027-Q9\ngoals:\n  - {nme: a}\nkpis:\n  - {name: Leads, target: 5x7, onwer: b}\n  - {name: b, drives: [ldeas], by: soon}\n---\nplan: y\nkpis: [{name: c, role: x}]\n";
    let lines: Vec<String> =
        problems(text).iter().map(|problem| problem.split(' ').next().unwrap().to_owned()).collect();
    assert_eq!(lines, ["2:11", "3:9", "5:6", "7:27", "7:32", "8:24", "8:36", "11:24"]);
}

#[test]
fn a_problem_behind_several_aliases_is_told_once() {
    assert_eq!(
        problems("plan: x\nkpis: [{name: a, teams: &t [{b: c}]}, {name: b, teams: *t}, {name: c, teams: *t}]\n"),
        [
            "2:29 expected a text, found a mapping of keys | write one text; one that holds `: ` or begins with `{` needs quotes"
        ]
    );
}

#[test]
fn an_empty_target_is_no_problem_and_a_comment_in_its_place_is_seen() {
    let target = |line: &str| {
        let plan = plan_of(&format!("plan: x\nkpis:\n  - name: Leads\n    {line}\n    owner: jana\n"));
        plan.kpis[0].target.clone().map(|target| target.value)
    };
    assert_eq!(target("target: #5"), Some(Target::Empty { comment: true }));
    assert_eq!(target("target:"), Some(Target::Empty { comment: false }));
    assert_eq!(target("target: ''"), Some(Target::Empty { comment: false }));
    assert_eq!(target("target: TBD"), Some(Target::Words("TBD".into())));
    assert_eq!(target("# no target"), None);
}

#[test]
fn what_is_written_alike_is_a_change_in_a_target_and_a_level_in_a_baseline() {
    let plan = plan_of(
        "plan: x\nkpis:\n  - {name: A, target: '-5', baseline: '-5'}\n  - {name: B, baseline: '-5', target: '-5'}\n",
    );
    for kpi in &plan.kpis {
        let [target, baseline] = [
            kpi.target.as_ref().and_then(|target| target.quantity()),
            kpi.baseline.as_ref().map(|baseline| baseline.quantity()),
        ];
        assert_eq!(target.and_then(|target| target.change), Some(Change::Units));
        assert_eq!(baseline.map(|baseline| (baseline.change, baseline.amount)), Some((None, Amount::One(-5.0))));
    }
}

#[test]
fn a_plain_text_is_a_kpi() {
    let plan = plan_of("plan: x\nkpis:\n  - Cut cost per lead by 30%\n  - name: Sales\n");
    assert_eq!(plan.kpis[0].name.value, "Cut cost per lead by 30%");
    assert_eq!(plan.kpis[0].id, "cut-cost-per-lead-by-30");
    assert_eq!(plan.source.slice(plan.kpis[0].place), "Cut cost per lead by 30%");
}

#[test]
fn a_plain_text_is_a_goal_and_its_name_may_hold_target_and_deadline() {
    let text = "plan: x\nperiod: 2027-Q1\ngoals:\n  - Reach 1M ARR by end of March\n  - {name: 200 new customers, target: 150, by: 2027-02-01}\nkpis: [{name: a, drives: [Reach 1M ARR by end of March]}]\n";
    let plan = plan_of(text);
    let [arr, customers] = plan.goals.as_slice() else { panic!("two goals") };
    assert_eq!((arr.id.as_str(), arr.name.as_str()), ("reach-1m-arr-by-end-of-march", "Reach 1M ARR by end of March"));
    let target = arr.target.as_ref().unwrap();
    assert_eq!((target.level(), plan.source.slice(target.span)), (Some(1e6), "1M"));
    assert_eq!(arr.by.as_ref().unwrap().value, Deadline::On(date(2027, 3, 31)));
    assert_eq!(arr.from_name, FromName { target: true, baseline: false, by: true });
    assert_eq!(customers.target.as_ref().unwrap().level(), Some(150.0));
    assert_eq!(customers.from_name, FromName::default());
}

#[test]
fn nested_kpis_keep_the_order_of_the_text_and_the_deadline_of_their_goal() {
    let text = "plan: x\nperiod: 2027-Q1\nkpis: [First]\ngoals:\n  - {name: g, by: the first 90 days, kpis: [Second, {name: Third, by: 2027-02-01}]}\n  - {name: h, kpis: [Fourth]}\n";
    let plan = plan_of(text);
    let names: Vec<&str> = plan.kpis.iter().map(|kpi| kpi.name.as_str()).collect();
    assert_eq!(names, ["First", "Second", "Third", "Fourth"]);
    let nested: Vec<_> = plan.kpis.iter().map(|kpi| kpi.nested_in).collect();
    assert_eq!(nested, [None, Some(0), Some(0), Some(1)]);
    let deadlines: Vec<_> = plan.kpis.iter().map(|kpi| plan.deadline(kpi)).collect();
    assert_eq!(deadlines, [None, Some(date(2027, 3, 31)), Some(date(2027, 2, 1)), None]);
}

#[test]
fn spans_count_from_the_start_of_the_period() {
    let plan = plan_of("plan: x\nperiod: 2027-Q1\nkpis: [{name: a, by: 6 months}]\n");
    assert_eq!(plan.deadline(&plan.kpis[0]), Some(date(2027, 6, 30)));
    let plan = plan_of("plan: x\nkpis: [{name: a, by: 6 months}]\n");
    assert_eq!(plan.deadline(&plan.kpis[0]), None);
}

#[test]
fn places_are_the_same_with_either_line_end_and_with_a_mark() {
    let text = "plan: x\nkpis:\n  - name: Leads\n    target: #5\n    onwer: é\n  - {name: b, drives: [leds], by: soon}\nteams: 5\n";
    let expected = problems(text);
    assert_eq!(expected.len(), 4);
    assert_eq!(problems(&text.replace('\n', "\r\n")), expected);
    assert_eq!(problems(&format!("\u{feff}{text}")), expected);
    let (source, problem) = Source::from_bytes("x", format!("\u{feff}{text}").into_bytes());
    assert!(problem.is_none());
    let source = Arc::new(source);
    assert_eq!(shown(&source, &plan::read(&source, dictionary(), &NoFiles).problems), expected);
}

#[test]
fn what_a_plan_extends_can_be_linked_to() {
    let company =
        "plan: Company\ngoals: [{id: arr, name: ARR, target: 9M}]\nproducts: [{name: Core}]\neconomics: {price: 100}\n";
    let own = "plan: Own\nextends: company.yaml\nkpis: [{name: Leads, drives: [arr], product: core}]\n";
    let folder = Folder::new([("company.yaml", company), ("own.yaml", own)]);
    let (source, reading) = folder.read("own.yaml");
    assert_eq!(shown(&source, &reading.problems), Vec::<String>::new());
    let plan = &reading.plans[0];
    let arr = plan.metric("arr").unwrap();
    assert_eq!((arr.plan, plan.metric_name(arr)), (1, "ARR"));
    assert_eq!(plan.product("core"), Some((1, 0)));
    assert!(plan.extended[0].head.economics.is_some());
}

#[test]
fn what_is_in_another_currency_cannot_be_extended() {
    let company = "plan: Company\ncurrency: USD\nkpis: [ARR]\neconomics: {price: 100}\n";
    let other =
        |currency: &str| format!("plan: Own\nextends: company\n{currency}\nkpis: [{{name: Leads, budget: 5k}}]\n");
    let told = "2:10 cannot extend `company`: its amounts are in USD, this plan's in EUR | convert the amounts of one of the two, or take `extends` out";
    let folder = Folder::new([
        ("company", company),
        ("euros", &other("currency: EUR")),
        ("named", &other("budget: {total: €5k}")),
        ("dollars", &other("currency: USD")),
        ("unsaid", &other("motion: sales-led")),
        ("between", "plan: Between\nextends: company\nkpis: [a]\n"),
        ("far", &other("currency: EUR").replace("company", "between")),
    ]);
    assert_eq!(folder.problems("euros"), [told]);
    assert_eq!(folder.problems("named"), [told]);
    assert_eq!(folder.problems("far"), [told.replace("`company`", "`between`")]);
    for fits in ["dollars", "unsaid", "between"] {
        assert_eq!(folder.problems(fits), Vec::<String>::new(), "{fits}");
    }
}

#[test]
fn a_plan_that_is_reached_on_two_ways_is_extended_once() {
    let base = "plan: base\ngoals: [{id: arr, name: ARR}]\n";
    let side = "plan: side\nextends: base\nkpis: [{name: a, drives: arr}]\n";
    let own = "plan: own\nextends: [left, right, base]\nkpis: [{name: b, drives: arr}]\n";
    let folder = Folder::new([("base", base), ("left", side), ("right", side), ("own", own)]);
    let (source, reading) = folder.read("own");
    assert_eq!(shown(&source, &reading.problems), Vec::<String>::new());
    assert_eq!(reading.plans[0].extended.len(), 3);
}

#[test]
fn the_own_id_comes_before_an_extended_one_and_two_extended_ones_are_ambiguous() {
    let base = "plan: base\ngoals: [{name: ARR}]\n";
    let text = |kpis: &str| format!("plan: own\nextends: [one, two]\nkpis: [{kpis}, {{name: b, drives: [arr]}}]\n");
    let folder = Folder::new([("one", base), ("two", base), ("own", &text("ARR")), ("far", &text("a"))]);
    let (_, reading) = folder.read("own");
    assert_eq!(reading.plans[0].metric("arr").unwrap().plan, 0);
    assert_eq!(
        folder.problems("far"),
        ["3:30 `arr` could be several things of that name | give the one that is meant an `id`"]
    );
}

#[test]
fn an_extends_that_leads_nowhere_is_told_at_its_path() {
    let of = |path: &str| format!("plan: x\nextends: {path}\nkpis: [a]\n");
    let folder = Folder::new([
        ("missing", &of("nothing.yaml")),
        ("self", &of("self")),
        ("a", &of("b")),
        ("b", &of("c")),
        ("c", &of("a")),
        ("outside", &of("a")),
        ("secret", "password: hunter2\n"),
        ("reads-secret", &of("secret")),
    ]);
    let path = "write the path as it leads from this file, to a plan in the same repository";
    assert_eq!(
        folder.problems("missing"),
        [format!("2:10 cannot extend `nothing.yaml`: there is no such file | {path}")]
    );
    assert_eq!(
        folder.problems("self"),
        [
            "2:10 cannot extend `self`: a plan cannot extend itself | take it out: what this plan has can be pointed at without it"
        ]
    );
    for (name, next) in [("a", "b"), ("b", "c"), ("c", "a")] {
        let expected =
            format!("2:10 cannot extend `{next}`: it extends this plan in turn | take one of the two `extends` out");
        assert_eq!(folder.problems(name), [expected]);
    }
    let unreadable = "it cannot be read as a plan | audit it by itself to see why";
    assert_eq!(folder.problems("outside"), [format!("2:10 cannot extend `a`: {unreadable}")]);
    assert_eq!(folder.problems("reads-secret"), [format!("2:10 cannot extend `secret`: {unreadable}")]);
    assert_eq!(
        problems(&of("a")),
        [format!("2:10 cannot extend `a`: a text from memory or standard input has no folder to look in | {path}")]
    );
}

#[test]
fn chains_and_fans_of_extends_end_quickly() {
    let mut files: HashMap<&'static str, String> = HashMap::new();
    for level in 0..40 {
        // Each level extends the next one twice over.
        let name: &'static str = format!("{level}").leak();
        let twin: &'static str = format!("{level}t").leak();
        let next = level + 1;
        let text = format!("plan: x\nextends: [\"{next}\", {next}t]\nkpis: [a]\n");
        files.insert(name, text.clone());
        files.insert(twin, text);
    }
    files.insert("40", "plan: x\nkpis: [a]\n".to_owned());
    files.insert("40t", "plan: x\nkpis: [a]\n".to_owned());
    let folder = Folder(files);
    let too_deep = "plans extend one another more than 16 levels deep | extend the plan that has what is needed, without those between";
    assert!(within(10, || folder.problems("0"))[0].ends_with(too_deep));
    assert_eq!(within(10, || folder.problems("30")), Vec::<String>::new());
}

#[test]
fn waivers_must_name_a_rule_that_can_be_about_such_a_thing() {
    let problems = |waiver: &str| {
        let text = format!(
            "plan: x\nkpis: [Leads]\nproducts: [Core, {{name: Core}}]\nwaivers: [{{{waiver}, until: 2027-03-31}}]\n"
        );
        let text = text.replace("[Core, {name: Core}]", "[{name: Core}]");
        let report = Auditor::new(date(2027, 1, 15)).choice(Choice::default()).audit_text("plan.yaml", &text);
        report.faults.iter().flat_map(|fault| shown(&fault.source, &fault.problems)).collect::<Vec<_>>()
    };
    assert_eq!(
        problems("rule: vanity-metrics"),
        ["4:18 there is no rule `vanity-metrics` | did you mean `vanity-metric`?"]
    );
    assert_eq!(problems("rule: luck"), ["4:18 there is no rule `luck` | `kpi-audit explain` lists the rules"]);
    assert_eq!(
        problems("rule: vanity-metric, on: core"),
        [
            "4:37 `vanity-metric` is never about a product | `kpi-audit explain vanity-metric` says what it judges; name one of those, or leave `on` out"
        ]
    );
    assert_eq!(
        problems("rule: vanity-metric, on: laeds"),
        ["4:37 no part of the plan has the id `laeds` | did you mean `leads`?"]
    );
    for on in ["leads", "Leads", "plan"] {
        assert_eq!(problems(&format!("rule: vanity-metric, on: {on}")), Vec::<String>::new());
    }
    // A rule that cannot be read is not an unknown one as well.
    assert_eq!(problems("rule: [a]").len(), 1);
}

#[test]
fn a_waiver_takes_a_name_for_the_id_that_is_made_from_it() {
    let statuses = |on: &str| {
        let text = format!(
            "plan: x\nkpis: [LinkedIn Followers, Views]\nwaivers: [{{rule: vanity-metric, on: {on}, until: 2027-03-31}}]\n"
        );
        let report = Auditor::new(date(2027, 1, 15)).audit_text("plan.yaml", &text);
        let plan = report.plans.first().expect("a plan");
        let all = plan.all_findings().into_iter().filter(|found| found.verdict.rule.name == "vanity-metric");
        all.filter(|found| matches!(found.finding.status, Status::Waived(_)))
            .map(|found| plan.plan().id_of(found.verdict.subject).to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(statuses("linkedin-followers"), ["linkedin-followers"]);
    assert_eq!(statuses("LinkedIn Followers"), ["linkedin-followers"]);
    assert_eq!(statuses("views"), ["views"]);
}

#[test]
fn a_waiver_cannot_say_which_of_two_things_of_one_name_is_meant() {
    let report = Auditor::new(date(2027, 1, 15)).audit_text(
        "plan.yaml",
        "plan: x\nkpis: [Leads, Leads]\nwaivers: [{rule: vanity-metric, on: Leads, until: 2027-03-31}]\n",
    );
    let fault = report.faults.first().expect("a fault");
    assert_eq!(
        shown(&fault.source, &fault.problems),
        ["3:37 `Leads` could be several things of that name | give the one that is meant an `id`"]
    );
}

#[test]
fn a_threshold_outside_of_its_bounds_is_told() {
    let source = Source::new(".kpi-audit.yaml", "conventions: {ltv_to_cac: 9,999, ltv_to_cca: 3}\n");
    let faults = Settings::read(&source, &kpi_audit::rules::adjustable()).err().unwrap_or_default();
    assert_eq!(shown(&source, &faults).len(), 2, "a number cut at a comma, and an unknown key");
    let source = Source::new(".kpi-audit.yaml", "conventions: {ltv_to_cac: 9999}\n");
    let faults = Settings::read(&source, &kpi_audit::rules::adjustable()).err().unwrap_or_default();
    assert_eq!(
        shown(&source, &faults),
        [
            "1:27 `ltv_to_cac` must be between 0.1:1 and 100:1 | write a value within them, or leave the key out for the default"
        ]
    );
}

#[test]
fn a_text_with_a_problem_gives_no_plan_to_a_report() {
    let report =
        Auditor::new(date(2027, 1, 15)).audit_text("plan.yaml", "plan: x\nkpis: [a]\n---\nplan: y\nkpis: [{x: 1}]\n");
    assert!(report.plans.is_empty());
    assert_eq!(report.faults.len(), 1);
}

#[test]
fn the_plan_to_start_from_is_audited_without_faults() {
    let report = Auditor::new(date(2027, 1, 15)).audit_text("plan.yaml", &plan::starter());
    assert_eq!(report.faults.len(), 0);
    assert_eq!(report.plans.len(), 1);
    assert!(!plan::starter().contains("# {"), "a marker was left in");
}

#[test]
fn an_alias_bomb_ends_quickly() {
    let mut text = String::from("plan: x\nteams:\n");
    let row = |text: &mut String, name: usize| {
        let items = match name {
            0 => vec!["a"; 1000].join(","),
            _ => vec![format!("*l{}", name - 1); 100].join(","),
        };
        text.push_str(&format!("  t{name}: {{members: &l{name} [{items}]}}\n"));
    };
    (0..12).for_each(|name| row(&mut text, name));
    text.push_str("kpis:\n");
    (0..300).for_each(|at| text.push_str(&format!("  - {{name: k{at}, teams: *l0}}\n")));
    assert!(text.len() < 16_000, "{} bytes", text.len());
    let (_, reading) = within(5, || read(&text));
    let limits =
        reading.problems.iter().filter(|problem| matches!(problem.what, What::Yaml(YamlFault::Limit(_)))).count();
    assert_eq!(limits, 1);
    assert!(reading.problems.len() < 5_000);
}

/// A comment that makes a text long enough for that many parts.
fn room_for(parts: usize) -> String {
    format!("# {}\n", "-".repeat(parts * 400))
}

#[test]
fn plans_of_ten_thousand_kpis_are_read() {
    let short: String = (0..10_000).map(|at| format!("  - Number {at}\n")).collect();
    let (_, reading) = within(20, || read(&format!("plan: x\nkpis:\n{short}{}", room_for(10_000))));
    assert_eq!(reading.problems, []);
    assert_eq!(reading.plans[0].kpis.len(), 10_000);

    let same: String = (0..10_000).map(|_| "  - Leads\n").collect();
    let (_, reading) = within(20, || read(&format!("plan: x\nkpis:\n{same}{}", room_for(10_000))));
    assert_eq!(reading.plans[0].kpis[9_999].id, "leads-10000");
}

#[test]
fn thousands_of_misspelt_references_are_all_told_in_time() {
    let kpis: String = (0..4_900).map(|at| format!("  - {{name: Number {at}, drives: [nmber-{at}]}}\n")).collect();
    let told = within(30, || problems(&format!("plan: x\nkpis:\n{kpis}")));
    assert_eq!(told.len(), 4_900);
    assert!(told[0].ends_with("did you mean `number-0`?"), "{}", told[0]);
}

#[test]
fn a_chain_of_ten_thousand_links_is_read_and_a_circle_of_them_is_told_in_a_line() {
    let chain = |last: usize| -> String {
        let links = (0..10_000).map(|at| format!("  - {{id: k{at}, name: n, drives: [k{}]}}\n", (at + 1) % last));
        let links: String = links.collect();
        format!("plan: x\nkpis:\n{links}  - {{id: k10000, name: n}}\n{}", room_for(10_000))
    };
    let (_, reading) = within(20, || read(&chain(usize::MAX)));
    assert_eq!(reading.problems, []);
    let told = within(20, || problems(&chain(10_000)));
    assert_eq!(
        told,
        [
            "10002:35 this closes a circle: k9999 → k0 → k1 → k2 → k3 → … → k9999 | something must come first: take one of the links out"
        ]
    );
}

/// Runs something that must end in so many seconds.
fn within<T>(seconds: u64, run: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = run();
    assert!(start.elapsed() < Duration::from_secs(seconds), "took {:?}", start.elapsed());
    result
}

/// One change to a text.
#[derive(Debug, Clone)]
enum Slip {
    Delete(usize),
    Double(usize),
    Swap(usize, usize),
    Insert(usize, char),
    Cut(usize),
}

fn slip() -> impl Strategy<Value = Slip> {
    let letters = prop::sample::select("-:#{}[],&*!|>'\"%@`?~ \t\n\r\u{0}\u{85}é9.%€".chars().collect::<Vec<_>>());
    let at = 0..10_000_usize;
    prop_oneof![
        at.clone().prop_map(Slip::Delete),
        at.clone().prop_map(Slip::Double),
        (at.clone(), at.clone()).prop_map(|(one, other)| Slip::Swap(one, other)),
        (at.clone(), prop_oneof![letters, any::<char>()]).prop_map(|(at, letter)| Slip::Insert(at, letter)),
        at.prop_map(Slip::Cut),
    ]
}

fn changed(text: &str, slips: &[Slip]) -> String {
    let mut text = text.to_owned();
    for slip in slips {
        let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
        let count = lines.len().max(1);
        match slip {
            _ if lines.is_empty() => {}
            Slip::Delete(at) => {
                lines.remove(at % count);
            }
            Slip::Double(at) => {
                let line = lines.get(at % count).copied().unwrap_or_default();
                lines.insert(at % count, line);
            }
            Slip::Swap(one, other) => lines.swap(one % count, other % count),
            Slip::Insert(..) | Slip::Cut(_) => {}
        }
        let mut next: String = lines.concat();
        let place = |at: &usize| next.char_indices().map(|(at, _)| at).nth(at % next.chars().count().max(1));
        match slip {
            Slip::Insert(at, letter) => next.insert(place(at).unwrap_or_default(), *letter),
            Slip::Cut(at) => {
                place(at).map(|at| next.remove(at));
            }
            _ => {}
        }
        text = next;
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_change_to_a_plan_panics_and_every_problem_is_in_the_text(slips in prop::collection::vec(slip(), 1..8)) {
        let text = changed(WHOLE_PLAN, &slips);
        let (source, reading) = read(&text);
        for problem in &reading.problems {
            prop_assert!(source.text().get(problem.span.range()).is_some(), "{:?}", problem);
            let _ = line_of(&source, problem);
        }
    }

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), slips in prop::collection::vec(slip(), 0..3)) {
        let mut all = changed(WHOLE_PLAN, &slips).into_bytes();
        let at = bytes.len() * 7 % all.len().max(1);
        all.splice(at..at, bytes);
        let (source, problem) = Source::from_bytes("plan.yaml", all);
        if problem.is_none() {
            plan::read(&Arc::new(source), dictionary(), &NoFiles);
        }
    }
}
