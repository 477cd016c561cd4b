//! The traps of the rules on output, running totals, guards and directions.

use kpi_audit::severity::Severity;

use crate::support::{audit, findings, readings, shown, unknowns};
use crate::{named, with_kpis};

const OUTPUT: &str = "output-not-outcome";

#[test]
fn output_is_silent_on_results_that_open_like_work() {
    for name in [
        "Write-offs",
        "Launch conversion rate",
        "Publishing revenue",
        "Ship-to-customer time",
        "Campaign ROI",
        "Event revenue",
        "Demo-to-SQL",
        "Deliver 500 SQLs",
        "Produce 1.2M of pipeline",
        "Launch campaign to reach 1M ARR",
        "Update website to raise conversion rate to 3%",
        "Lançar campanha para chegar a 1M de ARR",
        "Launch referral programme, 200 referrals",
        "Sign-ups since launch",
        "On-time delivery",
        "Post-purchase NPS",
    ] {
        let report = audit(&named(name));
        assert!(readings(&report, OUTPUT).is_empty(), "output-not-outcome speaks of {name}");
    }
}

#[test]
fn output_is_known_by_its_verb_in_any_language_of_the_dictionary() {
    for name in [
        "Launch the new website",
        "Publish pricing page",
        "Lançar site novo",
        "Lançamento do novo site",
        "Lanzar la nueva web",
        "Lanzar a nova web",
        "Wdrożenie CRM",
        "Einführung des CRM",
        "Lancement du nouveau site",
        "Mise en place du CRM",
    ] {
        let report = audit(&with_kpis(&format!("  - {{name: \"{name}\"}}")));
        assert_eq!(readings(&report, OUTPUT), ["milestone"], "of {name}");
        assert_eq!(findings(&report, OUTPUT)[0].severity, Severity::Medium);
    }
}

#[test]
fn a_name_of_work_that_names_a_result_asks_which_is_meant() {
    for kpi in [
        "{name: Launch campaign to reach 1M ARR}",
        "{name: Spring campaign, target: 50k EUR}",
        "{name: Newsletter, target: \"5,000\"}",
        "{name: Newsletter, target: 30%}",
        "{name: The moonshot}",
    ] {
        let report = audit(&with_kpis(&format!("  - {kpi}")));
        assert!(readings(&report, OUTPUT).is_empty(), "{kpi}");
        assert_eq!(unknowns(&report, OUTPUT), ["metric"], "{kpi}");
    }
}

#[test]
fn output_is_high_for_each_over_a_third_of_the_kpis_and_from_two_on() {
    let severities = |kpis: &str| {
        let report = audit(&with_kpis(kpis));
        findings(&report, OUTPUT).iter().map(|finding| finding.severity).collect::<Vec<_>>()
    };
    assert_eq!(severities("  - {name: Publish 12 articles}"), [Severity::Medium]);
    let two = "  - {name: Publish 12 articles}\n  - {name: Host 3 webinars}\n";
    let results = |count: usize| (0..count).map(|at| format!("  - {{id: k{at}, name: SQLs}}\n")).collect::<String>();
    assert_eq!(severities(&format!("{two}{}", results(3))), [Severity::High; 2]);
    assert_eq!(severities(&format!("{two}{}", results(4))), [Severity::Medium; 2]);
}

#[test]
fn work_with_a_number_on_what_it_brings_is_a_fair_thing_to_lead_by_and_a_remark_as_a_target() {
    let demos = "name: Demos held, target: 90, drives: [new-arr], because: 1 in 6 signs at 20k";
    assert!(readings(&audit(&with_kpis(&format!("  - {{{demos}, role: leading}}"))), OUTPUT).is_empty());
    let report = audit(&with_kpis(&format!("  - {{{demos}}}")));
    assert_eq!(readings(&report, OUTPUT), ["tied"]);
    assert_eq!(findings(&report, OUTPUT)[0].severity, Severity::Low);
}

#[test]
fn a_milestone_as_a_guardrail_is_not_judged() {
    assert!(readings(&audit(&with_kpis("  - {name: Launch the new website, role: guardrail}")), OUTPUT).is_empty());
}

const TOTAL: &str = "running-total";

#[test]
fn a_running_total_is_said_in_any_language_of_the_dictionary() {
    for name in [
        "Cumulative sign-ups",
        "Downloads since launch",
        "Total registered users",
        "Registos acumulados",
        "Descargas desde el lanzamiento",
        "Rejestracje narastająco",
        "Kumulierte Downloads",
        "Inscriptions cumulées",
    ] {
        let report = audit(&with_kpis(&format!("  - {{name: \"{name}\"}}")));
        let kept = report.all_findings().into_iter().filter(|found| found.verdict.rule.name == TOTAL).count();
        assert_eq!(kept, 1, "of {name}");
    }
}

#[test]
fn balances_money_and_totals_of_a_period_can_fall() {
    for name in [
        "ARR",
        "Total customers",
        "Total active users",
        "Total followers",
        "Cumulative revenue",
        "Total revenue",
        "Total cost",
        "Total addressable market",
        "Total Shareholder Return",
        "Customer lifetime value",
        "Total leads this quarter",
        "Total leads",
        "Year-to-date MQLs",
        "Cumulative leads this quarter",
        "Leads acumulados do trimestre",
        "Total downloads per month",
    ] {
        let report = audit(&named(name));
        assert!(
            report.all_findings().iter().all(|found| found.verdict.rule.name != TOTAL),
            "running-total speaks of {name}"
        );
    }
}

#[test]
fn a_total_with_a_target_for_the_period_is_none() {
    let report = audit(&with_kpis("  - {name: Cumulative sign-ups, target: +500, baseline: \"4,000\"}"));
    assert!(readings(&report, TOTAL).is_empty());
}

#[test]
fn a_total_says_how_much_of_its_target_was_there_before() {
    let report = audit(&with_kpis("  - {name: Cumulative sign-ups, target: \"5,000\", baseline: \"4,000\"}"));
    let shown = |slot| shown(&report, TOTAL, slot);
    assert_eq!(
        [shown("baseline"), shown("target"), shown("share"), shown("added")],
        ["4,000", "5,000", "80%", "1,000"]
    );
    let reframe = findings(&report, TOTAL)[0].reframe.as_ref().map(|reframe| reframe.yaml.as_str()).unwrap_or_default();
    assert!(reframe.contains("target: 1000") || reframe.contains("target: \"1000\""), "{reframe}");
}

#[test]
fn attention_since_the_beginning_is_told_once_by_the_graver_rule() {
    let report = audit(&with_kpis("  - {name: Cumulative page views, target: \"90,000\"}"));
    assert_eq!(readings(&report, "vanity-metric"), ["alone"]);
    assert!(readings(&report, TOTAL).is_empty());
}

#[test]
fn what_is_counted_since_the_beginning_is_asked_where_it_cannot_be_told() {
    let report = audit(&with_kpis("  - {name: Cumulative wibbles}"));
    assert!(readings(&report, TOTAL).is_empty());
    assert_eq!(unknowns(&report, TOTAL), ["metric"]);
}

const GUARD: &str = "unguarded-target";

/// A plan with a cost per lead of 60 that is to fall to 42, and a funnel whose first stage has these rates.
fn cheaper_leads(rates: &str) -> String {
    format!(
        "plan: Cheaper\nperiod: 2027-Q1\ngoals: [{{id: new-arr, name: New ARR, target: 1.2M}}]\n\
         kpis: [{{id: cpl, name: Cost per lead, target: 42, baseline: 60}}]\n\
         funnels: [{{goal: new-arr, stages: [{{name: Leads, {rates}}}, {{name: SQL, to_next: 20%}}, {{name: Customer}}]}}]\n"
    )
}

#[test]
fn a_cost_per_lead_from_60_to_42_is_undone_when_17_5_instead_of_25_percent_go_on() {
    let report = audit(&cheaper_leads("to_next: 25%"));
    assert_eq!(readings(&report, GUARD), ["cost.rate"]);
    let shown = |slot| shown(&report, GUARD, slot);
    let numbers = [shown("baseline"), shown("target"), shown("rate"), shown("before"), shown("undoes")];
    assert_eq!(numbers, ["60", "42", "25%", "240", "17.5%"]);
}

#[test]
fn a_cost_per_lead_from_60_to_42_at_15_instead_of_25_percent_costs_280_instead_of_240() {
    let report = audit(&cheaper_leads("to_next: 15%, was: 25%"));
    assert_eq!(readings(&report, GUARD), ["cost.rises"]);
    let shown = |slot| shown(&report, GUARD, slot);
    assert_eq!([shown("before"), shown("after"), shown("rate"), shown("planned")], ["240", "280", "25%", "15%"]);
}

#[test]
fn the_models_are_told_with_what_they_say_and_no_more() {
    let cut = audit(&with_kpis("  - Cut cost per lead by 30%"));
    assert_eq!(readings(&cut, GUARD), ["cost.part"]);
    assert_eq!(shown(&cut, GUARD, "part"), "30%");
    let mqls = audit(&with_kpis("  - 1,000 MQLs this quarter"));
    assert_eq!(readings(&mqls, GUARD), ["count"]);
    let more = audit(&with_kpis("  - {name: MQLs, target: \"1,000\", baseline: 640}"));
    assert_eq!(readings(&more, GUARD), ["count.part"]);
    assert_eq!(shown(&more, GUARD, "part"), "36%");
    for report in [cut, mqls, more] {
        assert_eq!(findings(&report, GUARD)[0].severity, Severity::Medium);
    }
}

#[test]
fn a_guard_is_there_in_any_role_or_as_a_rate_of_the_funnel_or_as_the_next_target() {
    for others in [
        ", guarded_by: [sqls]}\n  - {name: SQLs, role: diagnostic}",
        "}\n  - {name: MQL to SQL conversion, role: diagnostic}",
        "}\n  - {name: Win rate, role: guardrail}",
        "}\n  - {name: Współczynnik wygranych, role: guardrail}",
        "}\n  - {name: Taxa de conversão de MQL em SQL, role: guardrail}",
        ", drives: [opps]}\n  - {id: opps, name: Opportunities, role: leading, target: 250, guarded_by: [mqls]}",
        "}\nfunnels: [{goal: new-arr, stages: [{name: MQL, to_next: 20%}, {name: Customer}]}]",
        "}\nfunnels: [{goal: new-arr, stages: [{name: Anything, kpi: mqls, to_next: 20%}, {name: Customer}]}]",
    ] {
        let report = audit(&with_kpis(&format!("  - {{name: MQLs, target: \"1,000\"{others}")));
        assert!(readings(&report, GUARD).is_empty(), "{others}");
    }
}

#[test]
fn the_rate_of_another_product_guards_nothing() {
    let plan = |guard: &str| {
        let kpis =
            format!("  - {{name: MQLs, target: 900, product: pro}}\n  - {{name: Win rate, role: guardrail{guard}}}");
        format!("{}\nproducts: [{{name: Pro}}, {{name: Core}}]\n", with_kpis(&kpis))
    };
    assert_eq!(readings(&audit(&plan(", product: core")), GUARD), ["count"]);
    for same in ["", ", product: pro"] {
        assert!(readings(&audit(&plan(same)), GUARD).is_empty(), "{same}");
    }
}

#[test]
fn a_kpi_that_names_itself_as_its_guard_has_none() {
    let report = audit(&with_kpis("  - {name: MQLs, target: 900, guarded_by: [mqls]}"));
    assert_eq!(readings(&report, GUARD), ["count"]);
}

#[test]
fn a_kpi_that_cannot_be_told_might_be_the_guard() {
    let report = audit(&with_kpis("  - {name: MQLs, target: 900}\n  - {name: The wibble index, role: diagnostic}"));
    assert!(readings(&report, GUARD).is_empty());
    assert_eq!(unknowns(&report, GUARD), ["metric"]);
}

#[test]
fn a_piece_of_work_is_no_guard_of_anything() {
    let report = audit(&with_kpis("  - {name: MQLs, target: 900}\n  - {name: Einführung des CRM}"));
    assert_eq!(readings(&report, GUARD), ["count"]);
    assert!(unknowns(&report, GUARD).is_empty());
}

#[test]
fn a_cost_of_something_unheard_of_and_a_share_of_leads_are_unknown() {
    for kpi in ["{name: Cost per demo, target: 90}", "{name: MQLs, target: 30%}"] {
        let report = audit(&with_kpis(&format!("  - {kpi}")));
        assert!(readings(&report, GUARD).is_empty(), "{kpi}");
        assert_eq!(unknowns(&report, GUARD), ["metric"], "{kpi}");
    }
}

#[test]
fn what_carries_its_own_pair_is_not_judged() {
    for name in ["LTV:CAC", "CAC payback", "Win rate", "Conversion rate", "Churn", "NPS", "Pipeline", "Followers"] {
        let report = audit(&named(name));
        assert!(readings(&report, GUARD).is_empty(), "{name}");
        assert!(report.verdicts.iter().all(|verdict| verdict.rule.name != GUARD), "{name}");
    }
}

#[test]
fn revenue_without_a_margin_is_low_and_a_goal_for_a_margin_guards_it() {
    let report = audit(&with_kpis("  - {name: New ARR, target: 1.2M}"));
    assert_eq!(readings(&report, GUARD), ["revenue"]);
    assert_eq!(findings(&report, GUARD)[0].severity, Severity::Low);
    let margin = with_kpis("  - {name: New ARR, target: 1.2M}").replace("goals: [", "goals: [{name: Gross margin}, ");
    assert!(readings(&audit(&margin), GUARD).is_empty());
}

#[test]
fn roas_is_told_once_by_the_rule_that_reckons_with_it() {
    let plan = with_kpis("  - {name: ROAS, target: 4}").replace("period:", "business_model: repeat-purchase\nperiod:");
    let report = audit(&plan);
    assert_eq!(readings(&report, "roas-over-ltv-cac").len(), 1);
    assert!(readings(&report, GUARD).is_empty());
}

#[test]
fn an_unsettled_number_is_not_reckoned_with() {
    let report = audit(&with_kpis("  - {name: MQLs, target: 1.000, baseline: 640}"));
    assert_eq!(readings(&report, GUARD), ["count"]);
}

#[test]
fn what_should_become_fewer_is_no_count_to_guard() {
    for kpi in [
        "{name: Overdue leads, target: 20}",
        "{name: Porzucone rejestracje, target: 20}",
        "{name: Leads to be cleared, target: 20, baseline: 60}",
        "{name: Leads in the queue, target: <= 20}",
        "{name: Cost per lead, target: 60, baseline: 42, because: dearer and better ones}",
    ] {
        let report = audit(&with_kpis(&format!("  - {}", kpi.replace("<= 20", "\"<= 20\""))));
        assert!(readings(&report, GUARD).is_empty(), "{kpi}");
        assert!(readings(&report, DIRECTION).is_empty(), "{kpi}");
    }
}

const DIRECTION: &str = "against-direction";

#[test]
fn a_target_that_is_worse_than_the_baseline_is_high_in_any_language() {
    for (kpi, reading) in [
        ("{name: Monthly churn, target: 2.2%, baseline: 1.7%}", "rises"),
        ("{name: Taxa de cancelamento de clientes, target: 2.2%, baseline: 1.7%}", "rises"),
        ("{name: Koszt pozyskania leada, target: 60, baseline: 42}", "rises"),
        ("{name: Tiempo de respuesta a leads, target: 2 days, baseline: 36 hours}", "rises"),
        ("{name: Win rate, target: 20%, baseline: 24%}", "falls"),
        ("{name: Neukunden, target: 90, baseline: 120}", "falls"),
        ("{name: LTV:CAC, target: 3, baseline: \"3.8:1\"}", "falls"),
        ("{name: NRR, target: 98%..100%, baseline: 104%}", "falls"),
        ("{name: Cost per lead, target: +10%}", "change"),
        ("{name: Win rate, target: -2 pp}", "change"),
    ] {
        let report = audit(&with_kpis(&format!("  - {kpi}")));
        assert_eq!(readings(&report, DIRECTION), [reading], "{kpi}");
        assert_eq!(findings(&report, DIRECTION)[0].severity, Severity::High, "{kpi}");
    }
}

#[test]
fn direction_is_silent_where_it_is_right_meant_unsure_or_cannot_be_compared() {
    for kpi in [
        "Cut cost per lead by 30%",
        "Improve churn by 10%",
        "{name: Cost per lead, target: -30%}",
        "{name: Monthly churn, target: 1.7%, baseline: 1.7%}",
        "{name: Monthly churn, target: 1.5%..1.9%, baseline: 1.7%}",
        "{name: Monthly churn, target: 2.2%, baseline: 1.7%, because: we take smaller customers}",
        "{name: Monthly churn, role: guardrail, target: 2.2%, baseline: 1.7%}",
        "{name: Monthly churn, baseline: 1.7%, keep: 5%}",
        "{name: ROAS, target: 3, baseline: 4}",
        "{name: ACOS, target: 30%, baseline: 25%}",
        "{name: Marketing spend, target: 90k, baseline: 70k}",
        "{name: Average order value, target: 70, baseline: 80}",
        "{name: Average position, target: 3, baseline: 8}",
        "{name: Keyword rankings, target: 3, baseline: 8}",
        "{name: Customers, target: 40, baseline: 340}",
        "{name: ARR, target: 1.2M, baseline: 8M}",
        "{name: MQLs, target: 20%, baseline: 640}",
        "{name: Lead response time, target: 30 hours, baseline: 2 days}",
        "{name: Win rate, target: 20%, baseline: \"0.24\"}",
        "{name: MQLs, target: 100/month, baseline: 250}",
        "{name: MQLs, target: 1.000, baseline: 640}",
        "{name: Emails sent, target: 20, baseline: 40}",
    ] {
        let report = audit(&with_kpis(&format!("  - {kpi}")));
        assert!(readings(&report, DIRECTION).is_empty(), "against-direction speaks of {kpi}");
    }
}

#[test]
fn a_reason_that_has_still_to_be_filled_in_declares_nothing() {
    let report =
        audit(&with_kpis("  - {name: Win rate, target: 20%, baseline: 24%, because: \"it is meant so, since …\"}"));
    assert_eq!(readings(&report, DIRECTION), ["falls"]);
}

#[test]
fn direction_asks_for_the_baseline_and_for_the_metric() {
    for (kpi, key) in [("{name: Win rate, target: 20%}", "baseline"), ("{name: The wibble index, target: 4}", "metric")]
    {
        let report = audit(&with_kpis(&format!("  - {kpi}")));
        assert_eq!(unknowns(&report, DIRECTION), [key], "{kpi}");
    }
}

#[test]
fn a_line_to_hold_is_offered_as_a_guardrail() {
    let report = audit(&with_kpis("  - {name: NPS, target: \">= 40\", baseline: 44}"));
    assert_eq!(readings(&report, DIRECTION), ["line"]);
    assert_eq!(findings(&report, DIRECTION)[0].severity, Severity::Medium);
}

#[test]
fn a_missing_guard_alone_puts_no_money_in_question() {
    let report = audit(&with_kpis("  - {name: MQLs, target: 900, budget: 40k}"));
    assert_eq!(readings(&report, GUARD), ["count"]);
    assert!(findings(&report, GUARD).iter().all(|finding| finding.at_stake.is_none()));
    let rises = audit(&cheaper_leads("to_next: 15%, was: 25%").replace("baseline: 60", "baseline: 60, budget: 40k"));
    assert!(findings(&rises, GUARD).iter().all(|finding| finding.at_stake.is_some()));
}

#[test]
fn the_money_next_door_guards_the_last_count_before_it() {
    let count = |kpi: &str| audit(&with_kpis(&format!("  - {{{kpi}, target: 90, baseline: 70}}")));
    let linked = "drives: [new-arr], because: one in five signs";
    for name in ["SQLs", "Opportunities"] {
        assert!(readings(&count(&format!("name: {name}, {linked}")), GUARD).is_empty(), "{name}");
        assert_eq!(readings(&count(&format!("name: {name}, drives: [new-arr]")), GUARD), ["count.part"], "{name}");
    }
    assert_eq!(readings(&count(&format!("name: MQLs, {linked}")), GUARD), ["count.part"]);
}

#[test]
fn the_leads_that_quick_replies_drive_show_what_they_are_worth() {
    let reply =
        "  - {name: Speed to lead, target: 30 minutes, baseline: 5 hours, drives: [sql], because: twice as many}\n";
    let plan = |target: &str| with_kpis(&format!("{reply}  - {{id: sql, name: SQLs, role: guardrail{target}}}"));
    assert!(readings(&audit(&plan(", target: 90")), GUARD).is_empty());
    assert_eq!(readings(&audit(&plan("")), GUARD), ["reply-time"]);
}

#[test]
fn those_who_come_guard_those_who_register() {
    let plan = with_kpis("  - {name: Registrations, target: 1600}\n  - {name: Attendance rate, target: 55%}");
    assert!(readings(&audit(&plan), GUARD).is_empty());
}

#[test]
fn what_can_be_met_the_wrong_way_is_called_by_its_name() {
    for (name, things) in
        [("Cost per click", "clicks"), ("Cost per lead", "leads"), ("MQLs", "leads"), ("Trials", "trials")]
    {
        assert_eq!(shown(&audit(&with_kpis(&format!("  - {{name: {name}}}"))), GUARD, "things"), things);
    }
}
