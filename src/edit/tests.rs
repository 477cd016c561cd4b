//! Edits in the layouts that people write.

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::plan::{Loader, read};
use crate::{Auditor, metrics};
use std::sync::Arc;

/// What a reframe makes of a plan.
fn edited(plan: &str, reframe: &str) -> Result<String, ByHand> {
    let report = Auditor::new(jiff::civil::date(2027, 1, 15)).audit_text("plan.yaml", plan);
    assert!(report.faults.is_empty(), "{:?} in\n{plan}", report.faults);
    let plan = report.plans[0].plan();
    let editor = Editor::new(plan).unwrap();
    let edits = editor.edits(reframe)?;
    // What was seen of a part of the text holds for all of it.
    let source = Arc::new(Source::new("", reframe));
    let (overlay, _) = yaml::parse(&source);
    let changes = Changes::find(&editor, &source, &overlay).unwrap();
    let whole = Arc::new(Source::new("", apply(plan.source.text(), &edits.list)));
    let (tree, faults) = yaml::parse(&whole);
    assert!(faults.is_empty() && changes.gave(&Window::whole(&editor), &whole, &tree), "{}", whole.text());
    Ok(plan.source.with_its_mark(&apply(plan.source.text(), &edits.list)))
}

fn assert_edit(plan: &str, reframe: &str, wanted: &str) {
    assert_eq!(edited(plan, reframe).as_deref(), Ok(wanted));
}

#[test]
fn a_value_is_replaced_in_its_quotes_and_its_comment_stays() {
    let plan =
        "plan: x\nkpis:\n  - {name: A, target: 5}\n  - name: B\n    target: '10%'   # of all\n    owner: \"jana\"\n";
    assert_edit(
        plan,
        "kpis:\n- id: b\n  name: B\n  target: 20%\n  owner: ola\n",
        "plan: x\nkpis:\n  - {name: A, target: 5}\n  - name: B\n    target: '20%'   # of all\n    owner: \"ola\"\n",
    );
}

#[test]
fn a_value_that_cannot_stand_without_quotes_gets_them() {
    assert_edit(
        "plan: x\nkpis:\n  - name: A\n    target: 5 # now\n",
        "kpis:\n- id: a\n  target: \">= 3:1\"\n",
        "plan: x\nkpis:\n  - name: A\n    target: \">= 3:1\" # now\n",
    );
    assert_edit(
        "plan: x\nproducts: [{name: A, budget: 60k}]\n",
        "products:\n- id: a\n  budget: \"9,600\"\n",
        "plan: x\nproducts: [{name: A, budget: \"9,600\"}]\n",
    );
}

#[test]
fn where_a_reframe_writes_a_key_twice_the_last_holds() {
    assert_edit(
        "plan: x\nkpis:\n- {name: A, target: 5}\n- {name: B, target: 5}\n",
        "kpis:\n- id: b\n  target: 6\n- id: a\n  target: 7\n- id: b\n  target: 8\n",
        "plan: x\nkpis:\n- {name: A, target: 7}\n- {name: B, target: 8}\n",
    );
}

#[test]
fn only_the_end_of_a_list_that_gains_an_item_is_read_again() {
    let plan = "plan: x\nkpis:\n- A\n- B\n- C\ngoals: [D]\n";
    let report = Auditor::new(jiff::civil::date(2027, 1, 15)).audit_text("plan.yaml", plan);
    let editor = Editor::new(report.plans[0].plan()).unwrap();
    let source = Arc::new(Source::new("", "kpis:\n- id: b\n  name: B\n  owner: ola\n- name: E\n"));
    let (overlay, _) = yaml::parse(&source);
    let changes = Changes::find(&editor, &source, &overlay).unwrap();
    let list = editor.edits(source.text()).unwrap().list;
    let window = Window::around(&editor, &changes, &list);
    assert_eq!(window.edited(editor.source, &list), "- name: B\n  owner: ola\n- C\n- name: E\n");
}

#[test]
fn an_empty_value_is_filled_before_its_comment() {
    assert_edit(
        "plan: x\nkpis:\n- name: A\n  target:   # to be agreed\n",
        "kpis:\n- id: a\n  target: 8\n",
        "plan: x\nkpis:\n- name: A\n  target: 8   # to be agreed\n",
    );
}

#[test]
fn a_key_is_added_behind_the_parts_own_simple_keys() {
    assert_edit(
        "plan: x\ngoals:\n- name: A   # the one\n  kpis:\n    - B\n\n# more\nkpis: [C]\n",
        "goals:\n- id: a\n  name: A\n  owners: [marketing, sales]\n",
        "plan: x\ngoals:\n- name: A   # the one\n  owners: [marketing, sales]\n  kpis:\n    - B\n\n# more\nkpis: [C]\n",
    );
}

#[test]
fn a_nested_kpi_is_found_where_it_stands() {
    assert_edit(
        "plan: x\ngoals:\n- name: A\n  kpis:\n    - name: B\n      target: 3\n    - C\n",
        "kpis:\n- id: c\n  name: C\n  role: leading\n- id: b\n  name: B\n  target: 4\n",
        "plan: x\ngoals:\n- name: A\n  kpis:\n    - name: B\n      target: 4\n    - name: C\n      role: leading\n",
    );
}

#[test]
fn a_plain_text_keeps_its_writing_as_a_name() {
    assert_edit(
        "plan: x\nkpis:\n  - \"Cut cost per lead by 30%\"   # from above\n  - MQLs\n",
        "kpis:\n- id: cut-cost-per-lead-by-30\n  name: Cut cost per lead by 30%\n  owner: jana\n",
        "plan: x\nkpis:\n  - name: \"Cut cost per lead by 30%\"   # from above\n    owner: jana\n  - MQLs\n",
    );
    assert_edit(
        "plan: x\nkpis: [MQLs, 'SQLs']\n",
        "kpis:\n- id: sqls\n  name: SQLs\n  owner: jana\n",
        "plan: x\nkpis: [MQLs, {name: 'SQLs', owner: jana}]\n",
    );
}

#[test]
fn an_id_is_written_where_the_name_no_longer_makes_it() {
    assert_edit(
        "plan: x\nkpis:\n  - Hit a ROAS of 4\n  - name: Get 50 demos\n    owner: ola\n",
        "kpis:\n- id: hit-a-roas-of-4\n  name: ROAS\n  role: guardrail\n- id: get-50-demos\n  name: Demos\n",
        "plan: x\nkpis:\n  - name: ROAS\n    id: hit-a-roas-of-4\n    role: guardrail\n  - name: Demos\n    owner: ola\n    id: get-50-demos\n",
    );
}

#[test]
fn a_new_part_stands_like_its_neighbours() {
    let reframe = "kpis:\n- id: c\n  name: C\n  role: guardrail\n  guarded_by: [a]\n";
    assert_edit(
        "plan: x\nkpis:\n    -   name: A\n        target: 1\n\n    -   name: B # last\n        # its note\n\n# after\nproducts: [{name: Core}]\n",
        reframe,
        "plan: x\nkpis:\n    -   name: A\n        target: 1\n\n    -   name: B # last\n        # its note\n\n    -   id: c\n        name: C\n        role: guardrail\n        guarded_by: [a]\n\n# after\nproducts: [{name: Core}]\n",
    );
    assert_edit(
        "plan: x\nkpis:\n- {name: A}\n- {name: B}",
        reframe,
        "plan: x\nkpis:\n- {name: A}\n- {name: B}\n- {id: c, name: C, role: guardrail, guarded_by: [a]}",
    );
    assert_edit(
        "plan: x\nkpis: [A]  # one\n",
        reframe,
        "plan: x\nkpis: [A, {id: c, name: C, role: guardrail, guarded_by: [a]}]  # one\n",
    );
}

#[test]
fn a_new_section_stands_where_the_format_has_it() {
    assert_edit(
        "plan: x\nperiod: 2027-Q1\n\n# What it is for\ngoals:\n- A\n\nproducts: [{name: Core}]\n",
        "kpis:\n- id: b\n  name: B\n",
        "plan: x\nperiod: 2027-Q1\n\n# What it is for\ngoals:\n- A\n\nkpis:\n- id: b\n  name: B\n\nproducts: [{name: Core}]\n",
    );
    assert_edit(
        "plan: x\nperiod: 2027-Q1\nkpis: [A]\n",
        "guidepoint: >\n  By 31 March 2027 we\n  have it.\n",
        "plan: x\nperiod: 2027-Q1\nguidepoint: >\n  By 31 March 2027 we\n  have it.\nkpis: [A]\n",
    );
    assert_edit(
        "plan: x\nkpis:\ngoals: [A]\n",
        "kpis:\n- id: b\n  name: B\n",
        "plan: x\nkpis:\n  - id: b\n    name: B\ngoals: [A]\n",
    );
}

#[test]
fn lists_are_extended_where_they_stand() {
    assert_edit(
        "plan: x\ngoals:\n- name: A\n  owners:\n    - sales # who signs\nkpis: [B]\n",
        "goals:\n- id: a\n  owners: [sales, marketing]\n",
        "plan: x\ngoals:\n- name: A\n  owners:\n    - sales # who signs\n    - marketing\nkpis: [B]\n",
    );
    assert_edit(
        "plan: x\ngoals:\n- name: A\n  owners: [ sales ] # who signs\nkpis: [B]\n",
        "goals:\n- id: a\n  owners: [marketing, sales]\n",
        "plan: x\ngoals:\n- name: A\n  owners: [marketing, sales] # who signs\nkpis: [B]\n",
    );
    assert_edit(
        "plan: x\ngoals:\n- name: A\n  owners: sales\n",
        "goals:\n- id: a\n  owners: [sales, marketing]\n",
        "plan: x\ngoals:\n- name: A\n  owners: [sales, marketing]\n",
    );
}

#[test]
fn stages_without_ids_are_changed_one_by_one() {
    assert_edit(
        "plan: x\ngoals: [A]\nfunnels:\n  - goal: a\n    stages:\n      - {name: S, volume: 10, to_next: 5%}   # weak\n      - name: C\n        value: 3\n",
        "funnels:\n- goal: a\n  stages:\n  - name: S\n    volume: 40\n    to_next: 5%\n  - name: C\n    value: 3\n",
        "plan: x\ngoals: [A]\nfunnels:\n  - goal: a\n    stages:\n      - {name: S, volume: 40, to_next: 5%}   # weak\n      - name: C\n        value: 3\n",
    );
}

#[test]
fn a_text_of_several_lines_is_replaced_whole() {
    assert_edit(
        "plan: x\nguidepoint: >-\n  we do\n  well\n\nkpis: [A]\n",
        "guidepoint: >\n  By 31 March\n  we have it.\n",
        "plan: x\nguidepoint: >\n  By 31 March\n  we have it.\n\nkpis: [A]\n",
    );
    assert_edit(
        "plan: x\nguidepoint: we do well # really?\nkpis: [A]\n",
        "guidepoint: >\n  By 31 March\n  we have it.\n",
        "plan: x\nguidepoint: By 31 March we have it. # really?\nkpis: [A]\n",
    );
}

#[test]
fn line_ends_the_mark_and_other_documents_stay() {
    let reframe = "kpis:\n- id: b\n  name: B\n  owner: ola\n- id: c\n  name: C\n";
    assert_edit(
        "\u{feff}plan: x\r\nkpis:\r\n- B\r\n---\r\nplan: y\r\nkpis: [B]\r\n",
        reframe,
        "\u{feff}plan: x\r\nkpis:\r\n- name: B\r\n  owner: ola\r\n- id: c\r\n  name: C\r\n---\r\nplan: y\r\nkpis: [B]\r\n",
    );
    assert_edit("plan: x\nkpis:\n- B", reframe, "plan: x\nkpis:\n- name: B\n  owner: ola\n- id: c\n  name: C");
}

#[test]
fn what_is_read_in_two_places_is_written_by_hand() {
    let shared = edited(
        "plan: x\nkpis:\n- name: A\n  owner: &o jana\n- name: B\n  owner: *o\n",
        "kpis:\n- id: a\n  owner: ola\n",
    );
    assert_eq!(shared, Err(ByHand::Shared { line: 4, other: 6 }));
    let shared = edited(
        "plan: x\nkpis:\n- name: A\n  owner: &o jana\n- name: B\n  owner: *o\n",
        "kpis:\n- id: b\n  owner: ola\n",
    );
    assert_eq!(shared, Err(ByHand::Shared { line: 6, other: 4 }));
    // Beside an alias there is room.
    assert_edit(
        "plan: x\nkpis:\n- name: A\n  owner: &o jana\n- name: B\n  owner: *o\n",
        "kpis:\n- id: b\n  target: 4\n",
        "plan: x\nkpis:\n- name: A\n  owner: &o jana\n- name: B\n  owner: *o\n  target: 4\n",
    );
}

#[test]
fn brackets_of_several_lines_are_written_by_hand() {
    let plan = "plan: x\nkpis:\n- {name: A, target: 4,\n   owner: jana}\n";
    let kind = "mapping in { }";
    assert_eq!(edited(plan, "kpis:\n- id: a\n  target: 5\n"), Err(ByHand::SeveralLines { line: 3, kind }));
    let json = "{\n  \"plan\": \"x\",\n  \"kpis\": [{\"name\": \"A\"}]\n}\n";
    for reframe in ["guidepoint: We have it.\n", "kpis:\n- id: a\n  target: 5\n", "kpis:\n- id: b\n  name: B\n"] {
        assert_eq!(edited(json, reframe), Err(ByHand::SeveralLines { line: 1, kind }), "{reframe}");
    }
    assert_edit("{plan: x, kpis: [A]}\n", "guidepoint: By May.\n", "{plan: x, kpis: [A], guidepoint: By May.}\n");
    let plan = "plan: x\nkpis: [\n  {name: A, target: 4},\n]\n";
    assert_eq!(edited(plan, "kpis:\n- id: b\n  name: B\n"), Err(ByHand::SeveralLines { line: 2, kind: "list in [ ]" }));
    assert_edit(plan, "kpis:\n- id: a\n  target: 5\n", "plan: x\nkpis: [\n  {name: A, target: 5},\n]\n");
}

#[test]
fn a_gap_is_for_people_and_what_is_there_already_is_left() {
    let plan = "plan: x\nkpis:\n- name: Grow … fast\n  owner: jana\n";
    let reframe = |key: &str| format!("kpis:\n- id: grow-fast\n  name: Grow … fast\n  {key}\n");
    assert_eq!(edited(plan, &reframe("because: one in … signs")), Err(ByHand::NeedsWords));
    assert_eq!(edited(plan, &reframe("owner: jana")), Err(ByHand::Nothing));
    assert!(edited(plan, &reframe("owner: ola")).is_ok());
}

#[test]
fn no_comment_is_lost_with_a_list() {
    let plan = "plan: x\ngoals:\n- name: A\n  owners:\n    - sales # who signs\n    - finance\nkpis: [B]\n";
    assert_eq!(edited(plan, "goals:\n- id: a\n  owners: [marketing]\n"), Err(ByHand::Comment { line: 5 }));
    assert_edit(
        &plan.replace(" # who signs", ""),
        "goals:\n- id: a\n  owners: [marketing]\n",
        "plan: x\ngoals:\n- name: A\n  owners: [marketing]\nkpis: [B]\n",
    );
}

#[test]
fn a_part_with_an_alias_and_a_part_with_its_anchor_are_changed() {
    for (first, others) in [("  - ", "    "), ("- ", "  ")] {
        let plan = format!(
            "plan: x\nkpis:\n{first}name: A\n{others}teams: &room [sales, marketing]\n{first}name: B\n{others}teams: *room\n\
             {first}{{name: C, teams: *room}}   # last\n# what follows\nproducts: [{{name: D}}]\n"
        );
        for (id, before, after) in [
            ("a", "marketing]\n", "marketing]\nOTHERSowner: ola\n"),
            ("b", "teams: *room\n", "teams: *room\nOTHERSowner: ola\n"),
            ("c", "*room}", "*room, owner: ola}"),
        ] {
            let wanted = plan.replacen(before, &after.replace("OTHERS", others), 1);
            assert_edit(&plan, &format!("kpis:\n- id: {id}\n  owner: ola\n"), &wanted);
        }
    }
}

#[test]
fn the_file_of_an_extended_plan_is_never_written() {
    struct Base;
    impl Loader for Base {
        fn load(&self, _: &str, _: &str) -> Result<Arc<Source>, String> {
            Ok(Arc::new(Source::new("base.yaml", "plan: base\nkpis: [A]\n")))
        }
    }
    let source = Arc::new(Source::new("plan.yaml", "plan: x\nextends: base.yaml\nkpis: [B]\n"));
    let reading = read(&source, metrics::dictionary(), &Base);
    let editor = Editor::new(&reading.plans[0]).unwrap();
    let edits = editor.edits("kpis:\n- id: a\n  name: A\n  owner: ola\n");
    assert_eq!(edits, Err(ByHand::Extended { id: "a".to_owned() }));
}

/// One KPI of a made plan: its name, and how it is written.
#[derive(Debug, Clone)]
struct Made {
    name: &'static str,
    style: u8,
    comment: bool,
    blank: bool,
}

/// How a made plan is written.
#[derive(Debug, Clone)]
struct Looks {
    indent: usize,
    gap: usize,
    windows: bool,
    ends: bool,
    nested: bool,
    flow: bool,
}

fn made() -> impl Strategy<Value = (Vec<Made>, Looks)> {
    let names = Just(vec!["Alpha", "Beta two", "Gamma", "Delta"]).prop_shuffle();
    let styles = prop::collection::vec((0..7_u8, any::<bool>(), any::<bool>()), 1..=4);
    let kpis = (names, styles).prop_map(|(names, styles)| {
        let all = names.into_iter().zip(styles);
        all.map(|(name, (style, comment, blank))| Made { name, style, comment, blank }).collect()
    });
    let looks = (0..5_usize, 1..4_usize, any::<[bool; 4]>());
    let looks = looks.prop_map(|(indent, gap, [windows, ends, nested, flow])| Looks {
        indent,
        gap,
        windows,
        ends,
        nested,
        flow,
    });
    (kpis, looks)
}

fn written((kpis, looks): &(Vec<Made>, Looks)) -> String {
    let mut lines = vec!["# 0 a plan".to_owned(), "plan: \"Made: up\"  # 1".to_owned(), String::new()];
    let base = if looks.nested { 4 } else { 0 };
    if looks.nested {
        lines.extend(["goals:".to_owned(), "  - name: Money # 2".to_owned(), "    target: 5".to_owned()]);
    }
    if looks.flow {
        let items =
            kpis.iter().map(|kpi| if kpi.style < 3 { kpi.name.to_owned() } else { format!("{{name: {}}}", kpi.name) });
        lines.push(format!("{}kpis: [{}]  # 3", " ".repeat(base), items.collect::<Vec<_>>().join(", ")));
    } else {
        lines.push(format!("{}kpis:  # 3", " ".repeat(base)));
        let dash = format!("{}-{}", " ".repeat(base + looks.indent), " ".repeat(looks.gap));
        let below = " ".repeat(dash.len());
        for (at, kpi) in kpis.iter().enumerate() {
            let comment = if kpi.comment { format!("  # {at} said: \"so\"") } else { String::new() };
            let name = kpi.name;
            match kpi.style {
                0 => lines.push(format!("{dash}{name}{comment}")),
                1 => lines.push(format!("{dash}'{name}'{comment}")),
                2 => lines.push(format!("{dash}{{name: {name}, owner: jana}}{comment}")),
                3 => lines.push(format!("{dash}{{ name: \"{name}\", target: 1, }}{comment}")),
                4 => lines.extend([format!("{dash}name: {name}{comment}"), format!("{below}owner: 'jana' # own")]),
                5 => lines.extend([
                    format!("{dash}owner: jana{comment}"),
                    format!("{below}# between"),
                    format!("{below}name: \"{name}\""),
                    format!("{below}teams:"),
                    format!("{below}- sales  # first"),
                ]),
                _ => lines.extend([
                    format!("{dash}name: {name}"),
                    format!("{below}target:{comment}"),
                    format!("{below}because: >-"),
                    format!("{below}  one in four"),
                    format!("{below}  signs"),
                ]),
            }
            if kpi.blank {
                lines.push(String::new());
            }
        }
    }
    lines.extend(["# 4 products".to_owned(), "products: [{name: Core}]".to_owned()]);
    let end = if looks.windows { "\r\n" } else { "\n" };
    lines.join(end) + if looks.ends { end } else { "" }
}

/// What is proposed: for KPIs by their number, keys with values; and a new one.
fn proposed() -> impl Strategy<Value = (Vec<(usize, u8)>, bool, bool)> {
    (prop::collection::btree_map(0..4_usize, 0..6_u8, 0..4), any::<bool>(), any::<bool>())
        .prop_map(|(keys, new, budget)| (keys.into_iter().collect(), new, budget))
}

fn overlay(kpis: &[Made], (keys, new, budget): &(Vec<(usize, u8)>, bool, bool)) -> String {
    let mut text = String::new();
    let parts: Vec<String> = keys
        .iter()
        .filter_map(|(at, key)| {
            let name = kpis.get(*at)?.name;
            let key = match key {
                0 => "target: \">= 3:1\"",
                1 => "owner: ola",
                2 => "teams: [sales, marketing]",
                3 => "role: guardrail\n  by: 2027-03-31",
                4 => "because: 'it''s, so: #1 {all} [of] it'",
                _ => "guarded_by: [products-sold]",
            };
            Some(format!("- id: {}\n  name: {name}\n  {key}\n", Plan::id_from(name)))
        })
        .collect();
    let guard = "- id: products-sold\n  name: Products sold\n  role: guardrail\n".to_owned();
    let needs = *new || keys.iter().any(|(_, key)| *key == 5);
    let parts: Vec<String> = parts.into_iter().chain(needs.then_some(guard)).collect();
    if !parts.is_empty() {
        text.push_str(&format!("kpis:\n{}", parts.concat()));
    }
    if *budget {
        text.push_str("budget:\n  total: 50k\n  reserve: 5000\n");
    }
    text
}

/// A text as values: every scalar is a text.
fn values(text: &str) -> Value {
    fn as_text(value: &mut Value) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(as_text),
            Value::Object(keys) => keys.values_mut().for_each(as_text),
            Value::String(_) | Value::Null => {}
            other => *other = Value::String(other.to_string()),
        }
    }
    let mut value = serde_yaml::from_str(text).unwrap();
    as_text(&mut value);
    value
}

/// The KPIs of a plan by name, as mappings, and everything else.
fn kpis_and_rest(mut plan: Value) -> (serde_json::Map<String, Value>, Value) {
    let mut all = Vec::new();
    let goal = plan.pointer_mut("/goals/0/kpis").map(Value::take);
    let own = plan.as_object_mut().and_then(|plan| plan.remove("kpis"));
    for list in [goal, own].into_iter().flatten() {
        all.extend(list.as_array().cloned().unwrap_or_default());
    }
    let by_name = all.into_iter().map(|kpi| match kpi {
        Value::String(name) => (name.clone(), serde_json::json!({ "name": name })),
        kpi => (kpi["name"].as_str().unwrap().to_owned(), kpi),
    });
    (by_name.collect(), plan)
}

proptest! {
    #[test]
    fn a_word_is_read_back_wherever_it_stands(word in "[a-zA-Z][a-zA-Z0-9-]{0,9}|[nN][uU][lL][lL]|yes|No|true|nan|[-~.0-9][a-z-]?") {
        if layout::is_word(&word) {
            prop_assert!(layout::gives(&word, &word, false) && layout::gives(&word, &word, true));
        }
    }

    /// Whatever a plan looks like, it says afterwards what it said and what was proposed, in the same comments and lines.
    #[test]
    fn any_layout_takes_any_overlay(made in made(), proposed in proposed()) {
        let plan = written(&made);
        let overlay = overlay(&made.0, &proposed);
        let result = match edited(&plan, &overlay) {
            Ok(result) => result,
            Err(ByHand::Nothing) => return Ok(()),
            Err(why) => return Err(TestCaseError::fail(format!("{why}\n{plan}\n{overlay}"))),
        };
        let (before, rest) = kpis_and_rest(values(&plan));
        let (after, rest_after) = kpis_and_rest(values(&result));
        let (changed, sections) = kpis_and_rest(values(&overlay));
        let mut wanted = before;
        for (name, keys) in changed {
            let kpi = wanted.entry(name).or_insert_with(|| keys.clone());
            let own_id = kpi.get("id").is_some();
            for (key, value) in keys.as_object().unwrap() {
                if key != "id" || own_id {
                    kpi[key] = value.clone();
                }
            }
        }
        let mut wanted_rest = rest;
        if let Some(sections) = sections.as_object() {
            for (key, value) in sections.iter().filter(|(key, _)| *key != "goals") {
                wanted_rest[key] = value.clone();
            }
        }
        prop_assert_eq!(after, wanted, "\n{}\n{}", &plan, &result);
        prop_assert_eq!(rest_after, wanted_rest, "\n{}\n{}", &plan, &result);
        let comments = |text: &str| -> Vec<String> {
            text.lines().filter_map(|line| line.split_once("# ")).map(|(_, comment)| comment.to_owned()).collect()
        };
        let mut found = comments(&result).into_iter();
        for comment in comments(&plan) {
            prop_assert!(found.any(|line| line == comment), "{} is lost in\n{}", comment, result);
        }
        if plan.contains("\r\n") {
            prop_assert_eq!(result.matches('\n').count(), result.matches("\r\n").count());
        }
        prop_assert_eq!(plan.ends_with('\n'), result.ends_with('\n'));
        // A second time there is nothing to do.
        prop_assert_eq!(edited(&result, &overlay), Err(ByHand::Nothing));
    }
}
