//! The traps of the rules on feasibility.

use kpi_audit::severity::Severity;

use crate::support::{audit, findings, readings, shown, unknowns};

const SHORT: &str = "funnel-falls-short";

/// MQL, SQL, opportunity, customer at 20,000, for a goal of that target; `top` are the keys of the first stage.
fn sales_led(target: &str, top: &str) -> String {
    format!(
        "plan: Sales-led\nperiod: 2027-Q1\ngoals: [{{name: New ARR, target: {target}}}]\n\
         kpis: [{{id: mql, name: MQLs, target: \"1,000\"}}]\nfunnels:\n  - goal: new-arr\n    stages:\n\
         \x20     - {{name: MQL, {top}, to_next: 25%}}\n      - {{name: SQL, to_next: 55%}}\n\
         \x20     - {{name: Opportunity, to_next: 22%}}\n      - {{name: Customer, value: \"20,000\"}}\n"
    )
}

#[test]
fn a_thousand_mqls_yield_605k_of_1_2m_and_1984_would_be_needed() {
    let report = audit(&sales_led("1.2M", "volume: \"1,000\""));
    let shown = |slot| shown(&report, SHORT, slot);
    assert_eq!([shown("yields"), shown("need"), shown("share")], ["605k", "1.2M", "50%"]);
    assert_eq!(shown("takes"), "MQL 1,984, SQL 496, Opportunity 273, Customer 60");
    let finding = findings(&report, SHORT)[0];
    assert_eq!(finding.severity, Severity::High);
    let planned: Vec<String> = finding.stages.iter().map(|row| format!("{:.2}", row.planned)).collect();
    assert_eq!(planned, ["1000.00", "250.00", "137.50", "30.25"]);
    assert_eq!(finding.stages.iter().filter_map(|row| row.needed).collect::<Vec<_>>(), [1984.0, 496.0, 273.0, 60.0]);
}

#[test]
fn a_volume_is_the_target_of_its_kpi_where_the_funnel_gives_none_and_the_reframe_stands_there() {
    let by_kpi = audit(&sales_led("1.2M", "kpi: mql"));
    let reframe = |report| -> String {
        findings(report, SHORT)[0].reframe.as_ref().map(|reframe| reframe.yaml.clone()).unwrap_or_default()
    };
    assert_eq!(shown(&by_kpi, SHORT, "yields"), "605k");
    assert_eq!(reframe(&by_kpi), "kpis:\n- id: mql\n  name: MQLs\n  target: 1984\n");
    let own = audit(&sales_led("1.2M", "kpi: mql, volume: \"2,000\""));
    assert!(readings(&own, SHORT).is_empty());
}

#[test]
fn severity_turns_at_ninety_and_ninety_nine_percent() {
    let severity = |target: &str| {
        let report = audit(&sales_led(target, "volume: \"1,000\""));
        findings(&report, SHORT).first().map(|finding| finding.severity)
    };
    assert_eq!(severity("605k"), None);
    assert_eq!(severity("611k"), None);
    assert_eq!(severity("612k"), Some(Severity::Medium));
    assert_eq!(severity("672k"), Some(Severity::Medium));
    assert_eq!(severity("673k"), Some(Severity::High));
}

#[test]
fn what_enters_too_late_does_not_count_and_the_pipeline_does() {
    let plan = |goal: &str, more: &str| {
        format!(
            "plan: Cycle\nperiod: 2027-Q1\ngoals: [{{name: New ARR, target: 600k{goal}}}]\nfunnels:\n  - goal: new-arr\n\
             \x20   cycle: 45 days\n    stages: [{{name: SQL, volume: 250, to_next: 12%{more}}}, {{name: Customer, value: 20000}}]\n"
        )
    };
    let alone = audit(&plan("", ""));
    assert_eq!(readings(&alone, SHORT), ["late.alone"]);
    assert_eq!([shown(&alone, SHORT, "in_time"), shown(&alone, SHORT, "yields")], ["50%", "300k"]);
    assert_eq!(shown(&alone, SHORT, "takes"), "SQL 250, Customer 30");
    assert_eq!(shown(&alone, SHORT, "wanted"), "500");
    // Half of the goal, and the plan does not say what was under way: nobody is accused gravely of that.
    assert_eq!(findings(&alone, SHORT)[0].severity, Severity::Medium);
    let outside = audit(&plan("", ", also_from: 10"));
    assert_eq!(readings(&outside, SHORT), ["late"]);
    assert_eq!(findings(&outside, SHORT)[0].severity, Severity::High);
    assert!(readings(&audit(&plan(", pipeline: 1.5M, pipeline_conversion: 20%", "")), SHORT).is_empty());
    assert_eq!(readings(&audit(&plan(", pipeline: 0.5M, pipeline_conversion: 20%", "")), SHORT), ["late.pipeline"]);
}

#[test]
fn a_pipeline_of_unknown_conversion_may_be_what_is_missing() {
    let report = audit(
        "plan: Open\nperiod: 2027-Q1\ngoals: [{id: g, name: New ARR, target: 600k, pipeline: 2M}]\nfunnels:\n  - goal: g\n\
         \x20   cycle: 45 days\n    stages: [{name: SQL, volume: 200..300, to_next: 12%}, {name: Won, value: 20000}]\n",
    );
    for rule in [SHORT, UNLIKELY] {
        assert!(readings(&report, rule).is_empty());
        assert_eq!(unknowns(&report, rule), ["pipeline_conversion"]);
    }
}

#[test]
fn two_funnels_of_one_goal_are_told_once_and_add_up() {
    let two = |target: &str| {
        audit(&format!(
            "plan: Two\nperiod: 2027-Q1\ngoals: [{{name: New ARR, target: {target}}}]\nfunnels:\n\
             \x20 - {{goal: new-arr, stages: [{{name: Demo, volume: 250, to_next: 12%}}, {{name: Won, value: 20000}}]}}\n\
             \x20 - {{goal: new-arr, stages: [{{name: Partner, volume: 60, to_next: 20%}}, {{name: Won, value: 20000}}]}}\n"
        ))
    };
    assert!(readings(&two("840k"), SHORT).is_empty());
    let short = two("1.2M");
    assert_eq!(readings(&short, SHORT), ["several"]);
    assert_eq!([shown(&short, SHORT, "yields"), shown(&short, SHORT, "takes")], ["840k", "Demo 400, Won 48"]);
    assert!(!findings(&short, SHORT)[0].message().contains("pipeline"));
}

#[test]
fn what_two_funnels_yield_with_the_pipeline_is_not_said_of_the_funnels_alone() {
    let report = audit(
        "plan: Two\nperiod: 2027-Q1\ngoals: [{name: New ARR, target: 2M, pipeline: 1M, pipeline_conversion: 20%}]\nfunnels:\n\
         \x20 - {goal: new-arr, cycle: 30 days, stages: [{name: Demo, volume: 250, to_next: 12%}, {name: Won, value: 20000}]}\n\
         \x20 - {goal: new-arr, stages: [{name: Partner, volume: 60, to_next: 20%}, {name: Won, value: 20000}]}\n",
    );
    let message = findings(&report, SHORT)[0].message();
    assert!(message.contains("and its open pipeline yield 840k together"), "{message}");
    assert!(message.contains("needs. Only what enters a whole cycle before the deadline counts. With"), "{message}");
}

#[test]
fn a_total_needs_what_is_added_to_its_baseline() {
    let plan = |goal: &str| {
        format!(
            "plan: Total\nperiod: 2027-Q1\ngoals: [{{id: g, {goal}}}]\nfunnels:\n\
             \x20 - {{goal: g, stages: [{{name: SQL, volume: 250, to_next: 12%}}, {{name: Won, value: 20000}}]}}\n"
        )
    };
    assert!(readings(&audit(&plan("name: ARR, target: 5M, baseline: 4.4M")), SHORT).is_empty());
    // Its kind said outright takes nothing from what the name says.
    assert!(readings(&audit(&plan("name: ARR, outcome: revenue, target: 5M, baseline: 4.4M")), SHORT).is_empty());
    assert_eq!(readings(&audit(&plan("name: New ARR, target: 5M, baseline: 4.4M")), SHORT), ["short"]);
    // What the funnel carries is said as the target that it would be, not as what it adds.
    let short = audit(&plan("name: ARR, target: 5.4M, baseline: 4.4M"));
    assert_eq!([shown(&short, SHORT, "need"), shown(&short, SHORT, "carries")], ["1M", "5M"]);
}

#[test]
fn a_goal_that_counts_customers_needs_no_value() {
    let report = audit(
        "plan: Count\nperiod: 2027-Q1\ngoals: [{id: g, name: New customers, target: 60}]\nfunnels:\n\
         \x20 - {goal: g, stages: [{name: SQL, volume: 250, to_next: 12%}, {name: Won}]}\n",
    );
    assert_eq!([shown(&report, SHORT, "yields"), shown(&report, SHORT, "need")], ["30", "60"]);
}

#[test]
fn what_a_funnel_lacks_is_asked_for_and_nobody_is_accused() {
    let plan = |goal: &str, first: &str, last: &str| {
        audit(&format!(
            "plan: Gap\nperiod: 2027-Q1\ngoals: [{{id: g, name: New ARR{goal}}}]\nfunnels:\n\
             \x20 - {{goal: g, stages: [{{name: SQL{first}}}, {{name: Won{last}}}]}}\n"
        ))
    };
    let asked = |report| unknowns(&report, SHORT);
    assert_eq!(asked(plan(", target: 1M", ", to_next: 12%", ", value: 20000")), ["volume"]);
    assert_eq!(asked(plan(", target: 1M", ", volume: 250", ", value: 20000")), ["to_next"]);
    assert_eq!(asked(plan(", target: 1M", ", volume: 250, to_next: 12%", "")), ["value"]);
    assert_eq!(asked(plan("", ", volume: 250, to_next: 12%", ", value: 20000")), ["target"]);
    // `1.000` may be one, or a thousand.
    assert_eq!(asked(plan(", target: 1M", ", volume: 1.000, to_next: 12%", ", value: 20000")), ["volume"]);
}

const COMPOUND: &str = "compound-optimism";

/// Three rates as planned and as they were, for a goal that asks for little.
fn rates(first: &str, second: &str, third: &str) -> String {
    format!(
        "plan: Rates\nperiod: 2027-Q1\ngoals: [{{name: New ARR, target: 100k}}]\nfunnels:\n  - goal: new-arr\n    stages:\n\
         \x20     - {{name: MQL, volume: \"1,000\", {first}}}\n      - {{name: SQL, {second}}}\n\
         \x20     - {{name: Opportunity, {third}}}\n      - {{name: Customer, value: \"20,000\"}}\n"
    )
}

#[test]
fn rates_of_25_55_22_raised_to_30_60_26_look_mild_and_are_times_1_55() {
    let report = audit(&rates("to_next: 30%, was: 25%", "to_next: 60%, was: 55%", "to_next: 26%, was: 22%"));
    assert_eq!(readings(&report, COMPOUND), ["together"]);
    assert_eq!(shown(&report, COMPOUND, "times"), "1.55");
    assert_eq!(shown(&report, COMPOUND, "steps"), "MQL 25 → 30%, SQL 55 → 60%, Opportunity 22 → 26%");
    assert_eq!(findings(&report, COMPOUND)[0].severity, Severity::High);
}

#[test]
fn optimism_turns_over_1_25_and_over_1_5_and_not_at_them() {
    let severity = |planned: &str| {
        let report =
            audit(&rates(&format!("to_next: {planned}, was: 20%"), "to_next: 50%, was: 50%", "to_next: 20%, was: 20%"));
        findings(&report, COMPOUND).first().map(|finding| finding.severity)
    };
    assert_eq!(severity("25%"), None);
    assert_eq!(severity("25.2%"), Some(Severity::Medium));
    assert_eq!(severity("30%"), Some(Severity::Medium));
    assert_eq!(severity("30.4%"), Some(Severity::High));
    assert_eq!(severity("15%"), None);
}

#[test]
fn a_rate_that_rises_while_another_falls_is_no_optimism_together() {
    let report = audit(&rates("to_next: 40%, was: 25%", "to_next: 40%, was: 55%", "to_next: 22%, was: 22%"));
    assert!(readings(&report, COMPOUND).is_empty());
}

#[test]
fn one_rate_alone_is_told_as_one() {
    let report = audit(&rates("to_next: 40%, was: 25%", "to_next: 55%, was: 55%", "to_next: 22%, was: 22%"));
    assert_eq!(readings(&report, COMPOUND), ["one"]);
    assert_eq!(shown(&report, COMPOUND, "most"), "MQL");
}

#[test]
fn rates_without_a_past_are_unknown() {
    let some = audit(&rates("to_next: 40%, was: 25%", "to_next: 55%", "to_next: 22%, was: 22%"));
    assert_eq!(unknowns(&some, COMPOUND), ["was"]);
    let none = audit(&rates("to_next: 40%", "to_next: 55%", "to_next: 22%"));
    assert_eq!(unknowns(&none, COMPOUND), ["was"]);
    assert!(readings(&none, COMPOUND).is_empty());
}

#[test]
fn a_range_that_is_hopeful_is_widened_to_what_was_and_left_alone_where_it_holds_it() {
    let reframe = |first: &str| {
        let report = audit(&rates(first, "to_next: 55%, was: 55%", "to_next: 22%, was: 22%"));
        findings(&report, COMPOUND)[0].reframe.as_ref().map(|reframe| reframe.yaml.clone())
    };
    assert!(reframe("to_next: 30%..40%, was: 25%").is_some_and(|yaml| yaml.contains("to_next: 25%..40%")));
    assert_eq!(reframe("to_next: 20%..50%, was: 25%"), None);
}

#[test]
fn a_hopeful_rate_is_reframed_as_a_range_from_what_it_was() {
    let report = audit(&rates("to_next: 30%, was: 25%", "to_next: 60%, was: 55%", "to_next: 26%, was: 22%"));
    let reframe = findings(&report, COMPOUND)[0].reframe.as_ref().map(|reframe| reframe.yaml.clone());
    assert!(reframe.is_some_and(|yaml| yaml.contains("to_next: 25%..30%") && yaml.contains("value: 20,000")));
}

const UNLIKELY: &str = "unlikely-goal";

fn ranged(target: &str, volume: &str) -> String {
    format!(
        "plan: Ranged\nperiod: 2027-Q1\ngoals: [{{name: New ARR, target: {target}}}]\nfunnels:\n\
         \x20 - {{goal: new-arr, stages: [{{name: SQL, volume: {volume}, to_next: 12%}}, {{name: Won, value: 20000}}]}}\n"
    )
}

#[test]
fn the_chance_of_a_goal_is_exact_where_everything_drawn_is_log_normal() {
    // The range 200..312.5 is centred on 250 in the logarithm: as likely over it as under it.
    let even = audit(&ranged("600k", "200..312.5"));
    assert!(readings(&even, UNLIKELY).is_empty(), "an even chance is none under a half");
    // The lower end of the range is missed in one case of twenty.
    let low = audit(&ranged("750k", "200..312.5"));
    let told = low.all_findings().into_iter().find(|found| found.verdict.rule.name == UNLIKELY);
    let told = told.map(|found| found.finding.message());
    assert!(told.is_some_and(|message| message.contains("a chance of about 5%")));
}

#[test]
fn a_goal_is_unlikely_under_a_half_high_under_a_fifth_and_a_note_when_sure() {
    let severity = |target: &str| {
        let report = audit(&ranged(target, "150..500"));
        report
            .all_findings()
            .into_iter()
            .find(|found| found.verdict.rule.name == UNLIKELY)
            .map(|found| found.finding.severity)
    };
    assert_eq!(severity("600k"), None);
    assert_eq!(severity("700k"), Some(Severity::Medium));
    assert_eq!(severity("1M"), Some(Severity::High));
    assert_eq!(severity("350k"), Some(Severity::Note));
}

#[test]
fn a_shortfall_of_the_middle_is_told_once_by_the_funnel() {
    let report = audit(&ranged("1.2M", "150..500"));
    assert_eq!(readings(&report, SHORT), ["short"]);
    assert!(readings(&report, UNLIKELY).is_empty());
}

#[test]
fn a_goal_without_ranges_is_asked_nothing() {
    let report = audit(&ranged("1.2M", "250"));
    assert!(readings(&report, UNLIKELY).is_empty() && unknowns(&report, UNLIKELY).is_empty());
}

const THIN_PIPELINE: &str = "thin-pipeline";

fn pipeline(head: &str, goal: &str) -> String {
    format!("plan: Pipe\nperiod: 2027-Q1\n{head}goals: [{{id: g, {goal}}}]\n")
}

#[test]
fn a_pipeline_must_hold_its_goal_at_the_plans_own_conversion() {
    let thin = |keys: &str| audit(&pipeline("", &format!("name: New ARR, target: 1.2M, {keys}")));
    let report = thin("pipeline: 2.9M, pipeline_conversion: 24%");
    let figures = ["coverage", "wanted", "wanted_money", "brings"].map(|slot| shown(&report, THIN_PIPELINE, slot));
    assert_eq!(figures, ["2.42", "4.17", "5M", "696k"]);
    assert!(readings(&thin("pipeline: 5M, pipeline_conversion: 24%"), THIN_PIPELINE).is_empty());
    // One that wins half of its pipeline needs no three times of it.
    assert!(readings(&thin("pipeline: 2.4M, pipeline_conversion: 50%"), THIN_PIPELINE).is_empty());
    assert_eq!(readings(&thin("pipeline: 2.9M"), THIN_PIPELINE), ["thin.assumed"]);
    assert!(readings(&thin("pipeline: 3.6M"), THIN_PIPELINE).is_empty());
}

#[test]
fn a_pipeline_is_asked_for_only_where_people_sell_and_revenue_is_the_goal() {
    let asked = |head: &str, goal: &str| unknowns(&audit(&pipeline(head, goal)), THIN_PIPELINE);
    let arr = "name: New ARR, target: 1.2M";
    assert_eq!(asked("motion: sales-led\n", arr), ["pipeline"]);
    assert_eq!(asked("teams: {Vertrieb: {people: 3}}\n", arr), ["pipeline"]);
    assert!(asked("motion: self-serve\nteams: {sales: {people: 3}}\n", arr).is_empty());
    assert!(asked("business_model: repeat-purchase\n", arr).is_empty());
    assert!(asked("", arr).is_empty());
    assert!(asked("motion: sales-led\n", "name: Net revenue retention, target: 105%").is_empty());
    assert!(asked("motion: sales-led\n", "name: Brand awareness, target: 30%").is_empty());
    assert!(asked("motion: sales-led\n", "name: New customers, target: 60").is_empty());
    assert!(asked("motion: sales-led\n", "name: Pipeline, target: 3M").is_empty());
    // Money is not held against a number of customers.
    let customers = pipeline("", "name: New customers, target: 60, pipeline: 100k, pipeline_conversion: 20%");
    assert!(readings(&audit(&customers), THIN_PIPELINE).is_empty());
}

#[test]
fn a_funnel_that_closes_in_time_carries_what_the_pipeline_does_not_hold() {
    let plan = |cycle: &str| {
        audit(&format!(
            "plan: Fast\nperiod: 2027-Q1\ngoals: [{{id: g, name: New ARR, target: 600k, pipeline: 200k, pipeline_conversion: 25%}}]\n\
             funnels:\n  - {{goal: g{cycle}, stages: [{{name: SQL, volume: 300, to_next: 12%}}, {{name: Won, value: 20000}}]}}\n"
        ))
    };
    assert!(readings(&plan(", cycle: 10 days"), THIN_PIPELINE).is_empty());
    // Without a cycle nobody knows whether it closes in time, and nobody is accused of it.
    assert!(readings(&plan(""), THIN_PIPELINE).is_empty());
    assert_eq!(unknowns(&plan(""), THIN_PIPELINE), ["cycle"]);
}

#[test]
fn nobody_opens_the_deals_of_a_whole_year_on_its_first_day() {
    let year = |period: &str, goal: &str| {
        audit(&format!(
            "plan: Year\nperiod: {period}\ngoals: [{{id: g, name: New ARR, target: 2.4M, pipeline: 1.6M, pipeline_conversion: 25%{goal}}}]\n"
        ))
    };
    assert!(readings(&year("2027", ""), THIN_PIPELINE).is_empty());
    assert_eq!(unknowns(&year("2027", ""), THIN_PIPELINE), ["funnels"]);
    assert_eq!(readings(&year("2027-Q1", ""), THIN_PIPELINE), ["thin"]);
    assert_eq!(readings(&year("2027", ", by: 2027-03-31"), THIN_PIPELINE), ["thin"]);
}

#[test]
fn the_value_of_contracts_is_no_number_of_contracts() {
    for name in ["Wartość nowych umów", "Valor de nuevos contratos", "Value of new contracts"] {
        let report = audit(&format!(
            "plan: Value\nperiod: 2027-Q1\ngoals: [{{id: g, name: {name}, target: 1200k}}]\nfunnels:\n\
             \x20 - {{goal: g, stages: [{{name: SQL, volume: 250, to_next: 12%}}, {{name: Won, value: 20000}}]}}\n"
        ));
        assert_eq!([shown(&report, SHORT, "yields"), shown(&report, SHORT, "share")], ["600k", "50%"], "{name}");
    }
    let counted = audit(
        "plan: Count\nperiod: 2027-Q1\ngoals: [{id: g, name: New customers, target: 60}]\nfunnels:\n\
         \x20 - {goal: g, stages: [{name: SQL, volume: 250, to_next: 12%}, {name: Won, value: 20000}]}\n",
    );
    assert_eq!(shown(&counted, SHORT, "yields"), "30");
}

#[test]
fn a_thin_pipeline_is_told_once_where_the_funnel_that_counts_it_falls_short() {
    let report = audit(
        "plan: Short\nperiod: 2027-Q1\ngoals: [{id: g, name: New ARR, target: 1.2M, pipeline: 900k, pipeline_conversion: 25%}]\n\
         funnels:\n  - {goal: g, stages: [{name: SQL, volume: 250, to_next: 12%}, {name: Won, value: 20000}]}\n",
    );
    assert_eq!(readings(&report, SHORT), ["short.pipeline"]);
    assert!(readings(&report, THIN_PIPELINE).is_empty());
}

const MORE: &str = "more-with-less";

fn growing(goal: &str, budget: &str) -> String {
    format!("plan: Grow\nperiod: 2027-Q1\ngoals: [{{id: g, {goal}}}]\nbudget: {{{budget}}}\n")
}

#[test]
fn a_fifth_more_with_a_tenth_less_is_a_third_more_for_each_euro() {
    let report = audit(&growing("name: New ARR, target: 1.2M, baseline: 1M", "total: 270k, last: 300k"));
    assert_eq!(readings(&report, MORE), ["less"]);
    assert_eq!([shown(&report, MORE, "times"), shown(&report, MORE, "carried")], ["1.33", "900k"]);
    assert_eq!(findings(&report, MORE)[0].severity, Severity::Medium);
}

#[test]
fn growth_beyond_the_money_turns_over_1_25_and_over_1_5() {
    let severity = |target: &str| {
        let report =
            audit(&growing(&format!("name: New ARR, target: {target}, baseline: 1M"), "total: 300k, last: 300k"));
        findings(&report, MORE).first().map(|finding| finding.severity)
    };
    assert_eq!(severity("1.25M"), None);
    assert_eq!(severity("1.26M"), Some(Severity::Medium));
    assert_eq!(severity("1.5M"), Some(Severity::Medium));
    assert_eq!(severity("1.51M"), Some(Severity::High));
    assert_eq!(severity("+60%"), Some(Severity::High));
    assert_eq!(severity("900k"), None);
}

#[test]
fn a_total_a_rate_and_a_pace_have_no_share_in_the_money() {
    for goal in [
        "name: ARR, target: 5M, baseline: 3M",
        "name: New ARR, counts: total, target: 5M, baseline: 3M",
        "name: Win rate, outcome: revenue, target: 40%, baseline: 20%",
        "name: Average order value, target: 90, baseline: 40",
        "name: LTV:CAC, target: \"5:1\", baseline: \"2:1\"",
    ] {
        let report = audit(&growing(goal, "total: 300k, last: 300k"));
        assert!(readings(&report, MORE).is_empty() && unknowns(&report, MORE).is_empty(), "{goal}");
    }
}

#[test]
fn the_north_star_is_asked_before_the_goal_where_it_is_a_count() {
    let plan = |star: &str| {
        format!(
            "{}kpis: [{{{star}, role: north-star}}]\n",
            growing("name: New ARR, target: 2M, baseline: 1M", "total: 300k, last: 300k")
        )
    };
    assert!(readings(&audit(&plan("name: New customers, target: 110, baseline: 100")), MORE).is_empty());
    assert_eq!(readings(&audit(&plan("name: LTV:CAC, target: \"4:1\", baseline: \"3:1\"")), MORE), ["faster"]);
}

#[test]
fn what_growth_lacks_is_asked_for() {
    let asked = |goal: &str, budget: &str| unknowns(&audit(&growing(goal, budget)), MORE);
    assert_eq!(asked("name: New ARR, target: 2M", "total: 300k, last: 300k"), ["baseline"]);
    assert_eq!(asked("name: New ARR, target: 2M, baseline: 1M", "total: 300k"), ["last"]);
    assert_eq!(asked("name: New ARR, target: 2M, baseline: 1M", "last: 300k"), ["total"]);
}

const BUY: &str = "budget-cannot-buy";

fn bought(keys: &str) -> String {
    format!("plan: Buy\nperiod: 2027-Q1\nkpis: [{{name: Leads, {keys}}}]\n")
}

#[test]
fn a_thousand_leads_at_60_cannot_be_bought_for_40k() {
    let report = audit(&bought("target: \"1,000\", unit_cost: 60, budget: 40k"));
    assert_eq!(readings(&report, BUY), ["over"]);
    assert_eq!(
        ["cost", "budget", "buys", "missing"].map(|slot| shown(&report, BUY, slot)),
        ["60k", "40k", "666", "20k"]
    );
    let organic = audit(&bought("target: \"1,000\", organic: 200, unit_cost: 60, budget: 40k"));
    assert_eq!(["paid", "cost", "buys"].map(|slot| shown(&organic, BUY, slot)), ["800", "48k", "866"]);
}

#[test]
fn a_budget_may_be_five_percent_short_and_a_fifth_may_come_by_itself_where_nobody_says() {
    let severity = |keys: &str| {
        let report = audit(&bought(&format!("target: \"1,000\", unit_cost: 60, {keys}")));
        findings(&report, BUY).first().map(|finding| finding.severity)
    };
    assert_eq!(severity("budget: 58k"), None);
    assert_eq!(severity("budget: 57k"), Some(Severity::Medium));
    assert_eq!(severity("budget: 48001"), Some(Severity::Medium));
    assert_eq!(severity("budget: 48k"), Some(Severity::High));
    assert_eq!(severity("organic: 0, budget: 57k"), Some(Severity::High));
    assert_eq!(severity("organic: 400, budget: 40k"), None);
}

#[test]
fn of_a_stock_only_what_is_added_is_bought() {
    let followers = |keys: &str| {
        readings(
            &audit(&format!("plan: S\nkpis: [{{name: LinkedIn followers, unit_cost: 5, budget: 10k{keys}}}]\n")),
            BUY,
        )
    };
    assert!(followers(", target: \"12,000\", baseline: \"10,000\"").is_empty());
    assert_eq!(followers(", target: \"12,000\", baseline: \"8,000\""), ["over"]);
    let plus = audit(&bought("target: +40, baseline: 60, unit_cost: 100, budget: 10k"));
    assert!(readings(&plus, BUY).is_empty());
}

#[test]
fn half_of_the_sum_is_unknown_and_none_of_it_is_not_asked_for() {
    let asked = |keys: &str| unknowns(&audit(&bought(keys)), BUY);
    assert_eq!(asked("target: \"1,000\", unit_cost: 60"), ["budget"]);
    assert_eq!(asked("target: \"1,000\", budget: 40k"), ["unit_cost"]);
    assert_eq!(asked("target: \"1,000\", unit_cost: 1.000, budget: 40k"), ["unit_cost"]);
    assert!(asked("target: \"1,000\"").is_empty());
    let brand = "plan: B\nkpis: [{name: Unaided brand awareness, target: 30%, budget: 40k}]\n";
    assert!(unknowns(&audit(brand), BUY).is_empty());
}

#[test]
fn a_cac_with_people_in_it_may_be_paid_from_other_money() {
    let product = |keys: &str| {
        audit(&format!("plan: P\nproducts: [{{name: Core, budget: 60k, new_customers: 40, cac: 2000{keys}}}]\n"))
    };
    assert_eq!(readings(&product(""), BUY), ["product"]);
    assert_eq!(readings(&product(", cac_includes: [media]"), BUY), ["product"]);
    assert!(readings(&product(", cac_includes: [media, people]"), BUY).is_empty());
}

const DISAGREE: &str = "numbers-disagree";

#[test]
fn a_cac_is_what_is_spent_on_each_customer_where_it_counts_media() {
    let product =
        |cac: &str| audit(&format!("plan: P\nproducts: [{{name: Core, budget: 60k, new_customers: 40, {cac}}}]\n"));
    let low = product("cac: 900");
    assert_eq!(readings(&low, DISAGREE), ["cac"]);
    assert_eq!([shown(&low, DISAGREE, "given"), shown(&low, DISAGREE, "computed")], ["900", "1,500"]);
    assert!(readings(&product("cac: 1570"), DISAGREE).is_empty());
    assert!(readings(&product("cac: 900, cac_includes: [media, people]"), DISAGREE).is_empty());
}

#[test]
fn a_cac_over_what_is_spent_is_told_once_as_money_that_is_missing() {
    let report = audit("plan: P\nproducts: [{name: Core, budget: 60k, new_customers: 40, cac: 2000}]\n");
    assert_eq!(readings(&report, BUY), ["product"]);
    assert!(readings(&report, DISAGREE).is_empty());
    let month = audit("plan: P\nproducts: [{name: Core, budget: 20k, new_customers: 30, cac: 2000}]\n");
    assert!(readings(&month, BUY).is_empty());
    assert_eq!(readings(&month, DISAGREE), ["cac.period"]);
    assert_eq!(shown(&month, DISAGREE, "between"), "a month and a quarter");
}

/// MQL, SQL and customers, the last with a KPI.
fn counted(sql: &str, customers: &str, more: &str) -> String {
    format!(
        "plan: Flow\nperiod: 2027-Q1\ngoals: [{{id: g, name: New ARR, target: 600k}}]\nkpis: [{{id: won, {customers}}}]\n\
         funnels:\n  - goal: g{more}\n    stages:\n      - {{name: MQL, volume: \"1,000\", to_next: 25%}}\n\
         \x20     - {{name: SQL, to_next: 12%{sql}}}\n      - {{name: Customer, kpi: won, value: \"20,000\"}}\n"
    )
}

#[test]
fn a_stage_holds_what_flows_into_it_and_a_modest_target_is_no_contradiction() {
    let read = |sql: &str, customers: &str| readings(&audit(&counted(sql, customers, "")), DISAGREE);
    assert!(read("", "name: New customers, target: 30").is_empty());
    assert!(read("", "name: New customers, target: 31").is_empty());
    assert_eq!(read("", "name: New customers, target: 35"), ["stage-target"]);
    assert!(read("", "name: New customers, target: 18").is_empty());
    assert_eq!(read(", volume: 200", "name: New customers"), ["stage-volume"]);
    assert_eq!(read(", volume: 300", "name: New customers"), ["stage-volume"]);
    // With 50 from outside, both 250 and 300 are what reaches the stage.
    assert!(read(", volume: 300, also_from: 50", "name: New customers").is_empty());
    assert!(read(", volume: 250, also_from: 50", "name: New customers").is_empty());
    // A rate, and a pace, are no counts of the period.
    assert!(read("", "name: Win rate, target: 35%").is_empty());
    assert!(read("", "name: New customers, target: 35/month").is_empty());
}

#[test]
fn a_target_is_compared_with_the_whole_period_whatever_the_cycle_leaves_of_it() {
    let report = audit(&counted("", "name: New customers, target: 30", "\n    cycle: 45 days"));
    assert!(readings(&report, DISAGREE).is_empty());
}

#[test]
fn what_a_customer_is_worth_is_compared_as_exactly_as_it_is_written() {
    // LTV:CAC 2.81, or 4.0 without a horizon; payback 12.5 months.
    let read = |kpi: &str| {
        let report = audit(&format!(
            "plan: W\nperiod: 2027-Q1\nbusiness_model: subscription\nkpis: [{{{kpi}}}]\n\
             economics: {{price: 200, billing: monthly, gross_margin: 80%, monthly_churn: 2%, cac: 2000}}\n"
        ));
        readings(&report, DISAGREE)
    };
    for fits in ["2.8:1", "3:1", "2.9:1", "4:1"] {
        assert!(read(&format!("name: LTV:CAC, baseline: \"{fits}\"")).is_empty(), "{fits}");
    }
    assert_eq!(read("name: LTV:CAC, baseline: \"3.3:1\""), ["ltv-cac"]);
    assert_eq!(read("name: LTV:CAC, baseline: \"2.8:1\", actual: \"3.3:1\""), ["ltv-cac"]);
    assert!(read("name: LTV:CAC, target: \"5:1\"").is_empty());
    assert!(read("name: CAC payback, baseline: 12 months").is_empty());
    assert_eq!(read("name: CAC payback, baseline: 9 months"), ["payback"]);
}

#[test]
fn a_roas_of_one_channel_is_not_held_against_the_cac_of_all() {
    let plan = |kpis: &str| {
        audit(&format!(
            "plan: R\nbusiness_model: repeat-purchase\nkpis: [{kpis}]\n\
             economics: {{price: 80, gross_margin: 60%, new_share: 50%, orders_per_customer: 3, cac: 30}}\n"
        ))
    };
    // 80 / (4 x 50%) = 40.
    assert_eq!(shown(&plan("{name: ROAS, target: 4}"), DISAGREE, "computed"), "40.0");
    assert!(readings(&plan("{name: ROAS, target: 5.3}"), DISAGREE).is_empty());
    let two = plan("{name: ROAS of retargeting, target: 4}, {name: ROAS of prospecting, target: 2}");
    assert!(readings(&two, DISAGREE).is_empty());
}

const CONFLICT: &str = "conflicting-targets";

fn pair(one: &str, other: &str) -> Vec<&'static str> {
    let plan = format!(
        "plan: Pair\nperiod: 2027-Q1\ngoals: [{{id: north, name: Revenue North}}, {{id: south, name: Revenue South}}]\n\
         products: [{{name: Core}}, {{name: Pro}}]\nkpis:\n  - {{id: a, {one}}}\n  - {{id: b, {other}}}\n"
    );
    readings(&audit(&plan), CONFLICT)
}

#[test]
fn one_number_has_one_target() {
    assert_eq!(pair("name: MQLs, target: 1000", "name: MQLs, target: 800"), ["twice"]);
    assert_eq!(pair("name: MQLs, target: 1000", "name: mqls, target: 1001 MQLs"), ["twice"]);
    assert_eq!(
        pair("name: MQLs, target: 1000", "name: Marketing-qualified leads, target: 800"),
        ["twice.by-two-names"]
    );
    assert_eq!(
        pair("name: MQL, target: 1000", "name: Leady zakwalifikowane przez marketing, target: 800"),
        ["twice.by-two-names"]
    );
    assert_eq!(pair("name: Taxa de conversão, target: 3%", "name: taxa de conversão, target: 4%"), ["twice"]);
    assert_eq!(pair("name: Our own index, target: 10", "name: Our own index, target: 12"), ["twice"]);
    assert!(pair("name: MQLs, target: 1000", "name: MQLs, target: 1k").is_empty());
}

#[test]
fn what_could_be_another_number_is_left_alone() {
    let same = "name: MQLs, target: 1000";
    for other in [
        "name: MQLs from fairs, metric: mql, target: 300",
        "name: MQLs, target: 300, product: pro",
        "name: MQLs, target: 300, teams: [sales]",
        "name: MQLs, target: 300, by: 2027-01-31",
        "name: MQLs, target: 300, role: guardrail",
        "name: MQLs, target: 300, role: diagnostic",
        "name: MQLs, target: 300/month",
        "name: MQLs, target: 1.200",
        "name: MQLs, target: 30%",
        "name: MQLs, target: +20%",
        "name: MQLs, target: 900..1100",
        "name: SQLs, target: 300",
    ] {
        assert!(pair(same, other).is_empty(), "{other}");
    }
    // One metric of the dictionary, and two numbers.
    assert!(pair("name: LinkedIn followers, target: 900", "name: Instagram followers, target: 300").is_empty());
    assert!(pair("name: Organic leads, target: 900", "name: Paid leads, target: 300").is_empty());
    assert!(pair("name: SQLs, target: 300, drives: [north]", "name: SQLs, target: 200, drives: [south]").is_empty());
    assert!(pair("name: MQLs, target: 300, cadence: monthly", "name: MQLs, target: 75, cadence: weekly").is_empty());
    assert!(pair("name: Churn, target: <= 3%", "name: Churn, target: \">= 1%\"").is_empty());
}

#[test]
fn many_targets_of_one_number_are_each_held_against_the_first() {
    let kpis: String = (0..500).map(|at| format!("  - {{id: k{at}, name: MQLs, target: {}}}\n", 1000 + at)).collect();
    let report = audit(&format!("plan: Many\nkpis:\n{kpis}"));
    assert_eq!(readings(&report, CONFLICT).len(), 499);
}

fn priced(volume: &str, cost: &str, more: &str) -> kpi_audit::PlanReport {
    audit(&format!("plan: Priced\nperiod: 2027-Q1\n{more}kpis:\n  - {{{volume}}}\n  - {{{cost}}}\n"))
}

#[test]
fn a_thousand_leads_at_60_are_60k_whatever_each_target_says_alone() {
    let leads = "name: Leads, target: 1000";
    let own = priced("name: Leads, target: 1000, budget: 40k", "name: Cost per lead, target: 60", "");
    assert_eq!(readings(&own, CONFLICT), ["costs"]);
    assert_eq!(
        ["cost", "money", "whose"].map(|slot| shown(&own, CONFLICT, slot)),
        ["60k", "40k", "the money meant for it is"]
    );
    let read = |volume: &str, cost: &str, more: &str| readings(&priced(volume, cost, more), CONFLICT);
    assert_eq!(read(leads, "name: CPL, target: 60, budget: 40k", ""), ["costs"]);
    assert_eq!(read("name: MQLs, target: 1000, budget: 40k", "name: Koszt leada, target: 60", ""), ["costs"]);
    assert_eq!(read(leads, "name: CPL, target: 60", "budget: {total: 40k}\n"), ["costs"]);
    assert!(read(leads, "name: CPL, target: 60", "budget: {total: 55k}\n").is_empty());
    assert!(read("name: Leads, target: 1000, organic: 400, budget: 40k", "name: CPL, target: 60", "").is_empty());
    assert!(read(leads, "name: CPL, target: 60", "").is_empty());
    // The cost of some of the leads says nothing of all of them.
    assert!(
        read("name: Leads, target: 1000, budget: 40k", "name: Cost per lead on LinkedIn, target: 200", "").is_empty()
    );
    assert!(read("name: Organic leads, target: 1000, budget: 40k", "name: CPL, target: 60", "").is_empty());
    assert!(read("name: Leads, target: 1000, budget: 40k", "name: CPL, target: -10%", "").is_empty());
}

#[test]
fn what_the_budget_cannot_buy_at_its_own_unit_cost_is_told_once() {
    let report = priced("name: Leads, target: 1000, unit_cost: 60, budget: 40k", "name: CPL, target: 60", "");
    assert_eq!(readings(&report, BUY), ["over"]);
    assert!(readings(&report, CONFLICT).is_empty());
}

#[test]
fn a_stage_that_aims_at_what_its_goal_takes_is_told_by_the_funnel_alone() {
    let plan = |aim: u32| {
        audit(&format!(
            "plan: Once\nperiod: 2027-Q1\ngoals: [{{id: g, name: New ARR, target: 900k}}]\n\
             kpis: [{{id: opp, name: Opportunities, target: {aim}}}]\nfunnels:\n\
             \x20 - {{goal: g, stages: [{{name: MQL, volume: 800, to_next: 25%}}, {{name: Opportunity, kpi: opp, to_next: 25%}}, \
             {{name: Won, value: 15000}}]}}\n"
        ))
    };
    // 200 flow in, 240 are needed and aimed at: one shortfall.
    assert_eq!(readings(&plan(240), SHORT), ["short"]);
    assert!(readings(&plan(240), "numbers-disagree").is_empty());
    // 300 are neither planned nor needed.
    assert_eq!(readings(&plan(300), "numbers-disagree"), ["stage-target"]);
}

#[test]
fn a_rate_that_stays_is_not_named_among_those_that_are_better() {
    let report = audit(
        "plan: Leap\nperiod: 2027-Q1\ngoals: [{id: g, name: New ARR, target: 800k}]\nfunnels:\n\
         \x20 - {goal: g, stages: [{name: MQL, volume: 1000, to_next: 25%, was: 25%}, {name: SQL, to_next: 16%, was: 12%}, \
         {name: Won, value: 20000}]}\n",
    );
    assert_eq!(shown(&report, "compound-optimism", "steps"), "SQL 12 → 16%");
}
