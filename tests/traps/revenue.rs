//! The traps of the rules on revenue.

use std::sync::Arc;

use kpi_audit::PlanReport;
use kpi_audit::facts::links::Level;
use kpi_audit::plan::Loader;
use kpi_audit::rules::verdict::Status;
use kpi_audit::severity::Severity;
use kpi_audit::source::Source;

use crate::support::{EXAMPLES, audit, auditor, findings, readings, shown, unknowns};
use crate::{CLOCK, GAP, LEAP, LINK, MONEY, REASON, RESULTS, SILO, VANITY, with_kpis};

#[test]
fn a_goal_whose_kind_cannot_be_told_accuses_nobody() {
    let report = audit(
        "plan: Unclear\nperiod: 2027-Q1\ngoals: [{name: The moonshot, target: 5}]\n\
         kpis: [{name: SQLs, target: 100, drives: [the-moonshot], because: 1 in 4}]\n",
    );
    assert!(readings(&report, LINK).is_empty());
    assert_eq!(unknowns(&report, LINK), ["outcome"]);
}

#[test]
fn guardrails_and_diagnostics_are_not_judged_for_vanity_or_links() {
    let report = audit(&with_kpis(
        "  - {name: LinkedIn followers, role: diagnostic}\n  - {name: Page views, role: guardrail, baseline: 900, keep: 5%}",
    ));
    assert!(readings(&report, VANITY).is_empty());
    assert!(readings(&report, LINK).is_empty());
}

#[test]
fn attention_without_a_path_fails_both_for_what_it_counts_and_for_where_it_leads() {
    let report = audit(&with_kpis("  - {name: LinkedIn followers, target: \"9,000\"}"));
    assert_eq!(readings(&report, VANITY), ["alone"]);
    assert_eq!(readings(&report, LINK), ["nowhere"]);
}

#[test]
fn what_a_customer_costs_and_pays_back_is_not_accused_of_leading_to_no_money() {
    for name in ["CAC", "CAC payback", "LTV:CAC", "Repeat purchase rate"] {
        let report = audit(&with_kpis(&format!("  - {{name: \"{name}\"}}")));
        assert!(readings(&report, LINK).is_empty(), "{name}");
    }
}

#[test]
fn a_reason_holds_a_number_only_where_one_stands_by_itself() {
    for because in ["B2B buyers trust us", "it pays off in 2027", "since Q1", "they like us"] {
        let report = audit(&with_kpis(&format!("  - {{name: SQLs, drives: [new-arr], because: {because}}}")));
        assert_eq!(readings(&report, LINK), ["unfounded"], "{because}");
    }
}

#[test]
fn levels_count_nesting_as_a_link_without_a_reason_of_its_own() {
    let report = audit(
        "plan: Nested\nperiod: 2027-Q1\ngoals:\n  - name: New ARR\n    target: 1.2M\n    kpis: [{name: SQLs, target: 100}]\n",
    );
    assert_eq!(report.facts.way(0).and_then(|way| way.level), Some(Level::Founded));
    assert!(readings(&report, LINK).is_empty());
}

#[test]
fn a_brand_without_a_path_weighs_less() {
    let report = audit(&with_kpis("  - {name: Unaided brand awareness, target: 30%}"));
    assert_eq!(findings(&report, LINK)[0].severity, Severity::Medium);
}

/// A plan with these lines behind its name and period.
fn plan(lines: &str) -> String {
    format!("plan: Trap\nperiod: 2027-Q1\n{lines}\n")
}

#[test]
fn a_plan_without_money_is_critical_where_its_kinds_are_sure_and_high_where_they_were_recognised() {
    let sure = audit(&plan("kpis: [{name: A, metric: impressions}, {name: B, metric: mql}]"));
    assert_eq!(readings(&sure, MONEY), ["none"]);
    assert_eq!(findings(&sure, MONEY)[0].severity, Severity::Critical);
    let recognised = audit(&plan("kpis: [Grow our impressions in Poland]"));
    assert_eq!(readings(&recognised, MONEY), ["none"]);
    assert_eq!(findings(&recognised, MONEY)[0].severity, Severity::High);
}

#[test]
fn a_plan_with_a_kpi_that_cannot_be_told_is_not_accused_of_lacking_money() {
    let report = audit(&plan("goals: [The moonshot]\nkpis: [{name: Impressions}, {name: Zorbs}]"));
    assert!(readings(&report, MONEY).is_empty());
    assert_eq!(unknowns(&report, MONEY), ["metric", "outcome"]);
    // Nor is one whose only money is pipeline, for the other may be what is won.
    let pipeline = audit(&plan("goals: [Pipeline value]\nkpis: [{name: Zorbs}]"));
    assert_eq!(unknowns(&pipeline, MONEY), ["metric"]);
}

#[test]
fn a_goal_with_a_target_in_money_is_not_said_to_be_none() {
    let report = audit(&plan("goals: [{name: Brand awareness, outcome: brand, target: 300k EUR}]\nkpis: [MQLs]"));
    assert!(readings(&report, MONEY).is_empty());
    assert_eq!(unknowns(&report, MONEY), ["outcome"]);
}

#[test]
fn donations_advertising_and_figures_of_customers_are_money() {
    for kpi in [
        "Donations",
        "Donativos",
        "Advertising revenue",
        "CAC",
        "LTV:CAC",
        "Quota de mercado",
        "Umsatz",
        "Net revenue retention",
    ] {
        let report = audit(&plan(&format!("kpis: [{{name: {kpi:?}}}, {{name: Impressions}}]")));
        assert!(readings(&report, MONEY).is_empty() && unknowns(&report, MONEY).is_empty(), "{kpi}");
    }
}

#[test]
fn money_that_is_only_held_or_only_in_the_pipeline_is_medium() {
    let held = audit(&plan("kpis: [{name: MQLs}, {name: Gross margin, role: guardrail, baseline: 60%, keep: 2%}]"));
    assert_eq!((readings(&held, MONEY), findings(&held, MONEY)[0].severity), (vec!["kept"], Severity::Medium));
    let goal = "goals: [{name: Marketing-sourced pipeline, outcome: revenue, target: 3M}]";
    let pipeline = audit(&plan(goal));
    assert_eq!(
        (readings(&pipeline, MONEY), findings(&pipeline, MONEY)[0].severity),
        (vec!["pipeline"], Severity::Medium)
    );
    assert!(readings(&audit(&plan(&format!("{goal}\nkpis: [Deals won]"))), MONEY).is_empty());
}

#[test]
fn whose_money_it_is_is_asked_only_where_marketing_takes_part_and_told_only_where_all_of_it_is_said() {
    let by = |owners: &str| {
        plan(&format!(
            "teams: {{marketing: {{members: [ana]}}, sales: {{members: [rui]}}, dp: {{members: [eva]}}}}\ngoals:\n  - {{name: New ARR, target: 1.2M{owners}}}"
        ))
    };
    let silent = audit(&by(""));
    assert!(readings(&silent, MONEY).is_empty());
    assert_eq!(unknowns(&silent, MONEY), ["owners"]);
    for unsure in [", owners: [growth]", ", owners: [sales, eva]"] {
        assert_eq!(unknowns(&audit(&by(unsure)), MONEY), ["owners"], "{unsure}");
    }
    for shared in [", owners: [sales, marketing]", ", owners: [ana]", ", owners: [Equipa de marketing]"] {
        let report = audit(&by(shared));
        assert!(readings(&report, MONEY).is_empty() && unknowns(&report, MONEY).is_empty(), "{shared}");
    }
    let without = audit(&plan("teams: {sales: {people: 2}}\ngoals: [{name: New ARR, owners: [sales]}]"));
    assert!(readings(&without, MONEY).is_empty() && unknowns(&without, MONEY).is_empty());
}

#[test]
fn where_the_plan_has_no_money_its_kpis_are_not_told_one_by_one() {
    let report = audit(&plan("kpis: [{name: Impressions}, {name: MQLs}]"));
    assert_eq!(readings(&report, MONEY), ["none"]);
    assert!(readings(&report, LINK).is_empty());
    let told = report.all_findings().iter().filter(|found| found.finding.status == Status::Told(MONEY)).count();
    assert_eq!(told, 2);
    // Where some of it is only held, the plan's finding is another.
    let held = audit(&plan("kpis: [{name: MQLs}, {name: Gross margin, role: guardrail}]"));
    assert_eq!(readings(&held, LINK), ["nowhere-to-go"]);
}

#[test]
fn a_kpi_of_money_is_somewhere_to_lead_to() {
    let report = audit(&plan("kpis: [{name: MQLs}, {name: New ARR, id: arr}]"));
    assert_eq!(readings(&report, LINK), ["nowhere.kpi"]);
    assert_eq!(shown(&report, LINK, "goal"), "New ARR");
    let reframe = findings(&report, LINK)[0].reframe.as_ref().map(|reframe| reframe.yaml.clone()).unwrap_or_default();
    assert!(reframe.contains("drives: [arr]"), "{reframe}");
}

/// The company's plan, that others extend.
struct Company(&'static str);

impl Loader for Company {
    fn load(&self, _: &str, path: &str) -> Result<Arc<Source>, String> {
        Ok(Arc::new(Source::new(path, self.0)))
    }
}

fn audit_extending(company: &'static str, own: &str) -> PlanReport {
    let mut report = auditor().empty_report();
    auditor().audit_source(Arc::new(Source::new("own.yaml", own)), &Company(company), &mut report);
    report.plans.remove(0)
}

#[test]
fn the_goal_of_a_plan_that_is_extended_is_money_enough() {
    let report = audit_extending(
        "plan: Company\ngoals: [{name: ARR, target: 9M}]\n",
        &plan("extends: company.yaml\nkpis: [Impressions]"),
    );
    assert!(readings(&report, MONEY).is_empty() && unknowns(&report, MONEY).is_empty());
}

#[test]
fn three_results_and_nothing_before_them_are_told_and_two_are_not() {
    let results = ["New ARR", "Gross profit", "Net revenue retention"].map(|name| format!("{{name: {name}}}"));
    let three = audit(&plan(&format!("kpis: [{}]", results.join(", "))));
    assert_eq!(readings(&three, RESULTS), ["only-results"]);
    assert_eq!(findings(&three, RESULTS)[0].severity, Severity::Low);
    assert_eq!(shown(&three, RESULTS, "count"), "3");
    assert!(readings(&audit(&plan(&format!("kpis: [{}]", results[..2].join(", ")))), RESULTS).is_empty());
}

#[test]
fn whatever_moves_before_money_keeps_a_plan_from_looking_back_only() {
    let three = "{name: Nowe MRR}, {name: Umsatz}, {name: Marge brute}";
    assert_eq!(readings(&audit(&plan(&format!("kpis: [{three}]"))), RESULTS), ["only-results"]);
    for early in [
        "{name: New customers, role: leading}",
        "{name: Impressions, role: diagnostic}",
        "{name: Win rate, role: guardrail}",
        "{name: Valor do pipeline}",
        "{name: SQLs}",
    ] {
        let report = audit(&plan(&format!("kpis: [{three}, {early}]")));
        assert!(readings(&report, RESULTS).is_empty() && unknowns(&report, RESULTS).is_empty(), "{early}");
    }
    let funnel = "goals: [Revenue]\nfunnels: [{goal: revenue, stages: [{name: Visits}, {name: Orders}]}]";
    assert!(readings(&audit(&plan(&format!("kpis: [{three}]\n{funnel}"))), RESULTS).is_empty());
    assert_eq!(unknowns(&audit(&plan(&format!("kpis: [{three}, Zorbs]"))), RESULTS), ["metric"]);
}

/// A KPI nested in the goal, so that it has a path with a reason, with what else it drives.
fn nested(kpi: &str, others: &str) -> String {
    plan(&format!("goals: [{{name: New ARR, kpis: [{kpi}]}}]\nkpis: [{others}]"))
}

#[test]
fn a_link_needs_a_reason_unless_it_is_nesting_a_rate_or_arithmetic() {
    let nps = "{name: NPS, role: diagnostic}";
    let bare = audit(&nested("{name: Onboarding completion, drives: [nps]}", nps));
    assert_eq!(readings(&bare, REASON), ["bare"]);
    assert_eq!(shown(&bare, REASON, "to"), "\"NPS\"");
    let reasoned = audit(&nested("{name: Onboarding completion, drives: [nps], because: they say so}", nps));
    assert!(readings(&reasoned, REASON).is_empty());
    // Nesting and `drives` to the same goal are one link, and so are a rate of a funnel and `drives`.
    assert!(readings(&audit(&nested("{name: SQLs, drives: [new-arr]}", nps)), REASON).is_empty());
    let rate = "goals: [New ARR]\nkpis: [{name: MQLs, drives: [sqls]}, {name: SQLs}]\nfunnels: [{goal: new-arr, stages: [{name: MQL, kpi: mqls, to_next: 25%}, {name: SQL, kpi: sqls, to_next: 20%}, {name: Won}]}]";
    assert!(readings(&audit(&plan(rate)), REASON).is_empty());
    for (part, whole) in [
        ("New MRR", "New ARR"),
        ("Monthly churn", "Net revenue retention"),
        ("Ocupación", "RevPAR"),
        ("CAC", "LTV:CAC"),
        ("Cost per lead", "Cost per MQL"),
        ("Likes on LinkedIn", "Likes"),
    ] {
        let report =
            audit(&plan(&format!("kpis: [{{name: {part:?}, drives: [whole]}}, {{id: whole, name: {whole:?}}}]")));
        let open = report.all_findings().iter().any(|found| found.verdict.rule.name == REASON);
        assert!(!open && unknowns(&report, REASON).is_empty(), "{part} in {whole}");
    }
}

#[test]
fn a_link_of_which_an_end_cannot_be_told_may_be_arithmetic() {
    let report = audit(&nested("{name: Zorbs, drives: [nps]}", "{name: NPS, role: diagnostic}"));
    assert_eq!(unknowns(&report, REASON), ["metric"]);
}

#[test]
fn a_link_without_a_reason_is_told_once() {
    let report = audit(&with_kpis("  - {name: SQLs, drives: [new-arr]}"));
    assert_eq!((readings(&report, LINK), readings(&report, REASON)), (vec!["unfounded"], vec![]));
}

const ATTENTION: [&str; 3] = ["Impressões", "Follower auf LinkedIn", "Taux d'engagement"];

/// Three KPIs of attention with these keys each, and a goal of money.
fn attention(model: &str, keys: &str, others: &str) -> String {
    let kpis = ATTENTION.map(|name| format!("{{name: {name:?}{keys}}}")).join(", ");
    plan(&format!("business_model: {model}\ngoals: [{{id: revenue, name: Revenue}}]\nkpis: [{kpis}{others}]"))
}

#[test]
fn three_kpis_of_attention_tied_straight_to_money_are_a_leap_and_two_are_not() {
    let report = audit(&attention("one-off", ", drives: [revenue]", ""));
    assert_eq!(readings(&report, LEAP), ["leap"]);
    assert_eq!(findings(&report, LEAP)[0].severity, Severity::Medium);
    assert!(findings(&report, LEAP)[0].recognised);
    let two =
        plan("goals: [Revenue]\nkpis: [{name: Impressions, drives: [revenue]}, {name: Likes, drives: [revenue]}]");
    assert!(readings(&audit(&two), LEAP).is_empty());
    let nested = plan("goals: [{name: Revenue, kpis: [Impressions, Likes, Followers]}]");
    assert_eq!(readings(&audit(&nested), LEAP), ["leap"]);
}

#[test]
fn a_step_between_is_no_leap() {
    let step = ", {id: leads, name: Leads, drives: [revenue]}";
    for keys in [", drives: [leads]", ", drives: [leads, revenue]", ""] {
        assert!(readings(&audit(&attention("one-off", keys, step)), LEAP).is_empty(), "{keys}");
    }
    let rated = "goals: [Revenue]\nkpis: [Impressions, {name: Likes, drives: [revenue]}, {name: Followers, drives: [revenue]}]\n\
        funnels: [{goal: revenue, stages: [{name: Seen, kpi: impressions, to_next: 2%}, {name: Came, to_next: 2%}, {name: Bought}]}]";
    assert!(readings(&audit(&plan(rated)), LEAP).is_empty());
}

#[test]
fn an_audience_that_is_sold_does_not_leap() {
    let views = |model: &str| {
        plan(&format!(
            "business_model: {model}\ngoals: [{{id: ads, name: Advertising revenue}}]\nkpis: [{{name: Page views, drives: [ads]}}, {{name: Sessions, drives: [ads]}}, {{name: Video views, drives: [ads]}}]"
        ))
    };
    assert!(readings(&audit(&views("ad-funded")), LEAP).is_empty());
    assert_eq!(readings(&audit(&views("one-off")), LEAP), ["leap"]);
}

#[test]
fn a_leap_that_depends_on_what_cannot_be_told_is_unknown() {
    let one_unclear = plan(
        "goals: [Revenue]\nkpis: [{name: Impressions, drives: [revenue]}, {name: Likes, drives: [revenue]}, {name: Zorbs, drives: [revenue]}]",
    );
    assert_eq!(unknowns(&audit(&one_unclear), LEAP), ["metric"]);
    let goal_unclear = attention("one-off", ", drives: [moonshot]", "")
        .replace("{id: revenue, name: Revenue}", "{id: moonshot, name: The moonshot}");
    assert_eq!(unknowns(&audit(&goal_unclear), LEAP), ["outcome"]);
}

#[test]
fn what_a_leap_is_reframed_to_is_no_leap() {
    let text = attention("repeat-purchase", ", drives: [revenue]", "");
    let report = audit(&text);
    let yaml = findings(&report, LEAP)[0].reframe.clone().unwrap().yaml;
    let (before, _) = text.split_once("kpis:").unwrap();
    assert!(readings(&audit(&format!("{before}{yaml}")), LEAP).is_empty(), "{yaml}");
}

/// A plan of that model that wins new customers, with more lines.
fn winning(model: &str, lines: &str) -> String {
    plan(&format!("business_model: {model}\ngoals: [Revenue]\n{lines}"))
}

#[test]
fn a_subscription_without_a_goal_or_kpi_of_retention_is_high_and_any_role_of_one_passes() {
    let bare = audit(&winning("subscription", "kpis: [New customers]"));
    assert_eq!((readings(&bare, GAP), findings(&bare, GAP)[0].severity), (vec!["staying"], Severity::High));
    for kept in [
        "{name: Taxa de churn, role: guardrail}",
        "{name: Renewal rate, role: diagnostic}",
        "{name: Kündigungsquote}",
        "{name: Expansion revenue}",
    ] {
        let report = audit(&winning("subscription", &format!("kpis: [New customers, {kept}]")));
        assert!(readings(&report, GAP).is_empty() && unknowns(&report, GAP).is_empty(), "{kept}");
    }
    // Work on it, and what a customer is worth, do not say whether anybody looks.
    let work = "kpis: [LTV:CAC]\ninitiatives: [{name: Onboarding, kind: lifecycle}]\nbudget: {retention: 10k}";
    assert_eq!(readings(&audit(&winning("subscription", work)), GAP), ["staying"]);
}

#[test]
fn who_leaves_within_a_year_is_said_to_the_printed_digit() {
    let report = audit(&winning(
        "subscription",
        "products: [{name: Core, monthly_churn: 2%}, {name: Pro, monthly_churn: 3.5%}]",
    ));
    assert_eq!(readings(&report, GAP), ["staying.churn"]);
    // 1 - 0.965^12 = 34.8%
    let shown = ["of", "churn", "leaving"].map(|slot| shown(&report, GAP, slot));
    assert_eq!(shown, ["Pro", "3.5%", "35"]);
}

#[test]
fn a_shop_passes_with_a_kpi_with_work_or_with_money_for_those_who_come_back() {
    let capture = "kpis: [New customers]\ninitiatives: [{name: Search, purpose: capture}";
    let bare = audit(&winning("repeat-purchase", &format!("{capture}]")));
    assert_eq!((readings(&bare, GAP), findings(&bare, GAP)[0].severity), (vec!["coming-back"], Severity::Medium));
    let ended = format!(
        "{capture}, {{name: Letters, kind: lifecycle, status: stopped}}, {{name: Later, purpose: retention, priority: wont}}]"
    );
    assert_eq!(readings(&audit(&winning("marketplace", &ended)), GAP), ["coming-back"]);
    for kept in [
        format!("{capture}, {{name: Letters, kind: lifecycle}}]"),
        format!("{capture}, {{name: Letters, purpose: retention}}]"),
        format!("{capture}]\nbudget: {{retention: 8k}}"),
        "kpis: [New customers, Taxa de recompra]".to_owned(),
        "kpis: [New customers, LTV]".to_owned(),
    ] {
        let report = audit(&winning("repeat-purchase", &kept));
        assert!(readings(&report, GAP).is_empty() && unknowns(&report, GAP).is_empty(), "{kept}");
    }
}

#[test]
fn a_gap_that_depends_on_what_is_not_said_is_unknown() {
    assert_eq!(unknowns(&audit(&plan("goals: [Revenue]")), GAP), ["business_model"]);
    assert_eq!(unknowns(&audit(&winning("subscription", "kpis: [Zorbs]")), GAP), ["metric"]);
    // A reminder by email may be for customers whom the shop has.
    let work = audit(&winning(
        "repeat-purchase",
        "initiatives: [{name: Reminder, kind: campaign}, {name: CRM, kind: upkeep}]",
    ));
    assert_eq!(unknowns(&work, GAP), ["purpose"]);
}

#[test]
fn who_buys_once_gives_or_reads_for_free_is_not_missed() {
    for model in ["one-off", "ad-funded", "nonprofit"] {
        let report = audit(&winning(model, "kpis: [New customers]"));
        assert!(report.verdicts.iter().all(|verdict| verdict.rule.name != GAP), "{model}");
    }
}

/// A goal of money with these owners, in a plan with marketing, sales and customer success.
fn owned(owners: &str, kpis: &str) -> String {
    plan(&format!(
        "teams: {{marketing: {{members: [ana]}}, sales: {{members: [rui]}}, customer-success: {{people: 2}}}}\ngoals: [{{name: New ARR, owners: [{owners}]}}]\nkpis: [{kpis}]"
    ))
}

#[test]
fn a_result_shared_with_one_of_the_other_teams_is_enough() {
    for shared in
        ["marketing, sales", "Equipa de marketing, Vertrieb", "ana, rui", "marketing, customer-success, finance"]
    {
        let report = audit(&owned(shared, ""));
        assert!(readings(&report, SILO).is_empty() && unknowns(&report, SILO).is_empty(), "{shared}");
    }
    let by_kpi = "{name: New MRR, teams: [marketing, sales]}";
    assert!(readings(&audit(&owned("sales", by_kpi)), SILO).is_empty());
    let by_guardrail = "{name: Gross margin, role: guardrail, teams: [marketing, sales]}";
    assert!(readings(&audit(&owned("sales", by_guardrail)), SILO).is_empty());
    let company = "plan: Company\ngoals: [{name: ARR, target: 9M, owners: [marketing, sales]}]\n";
    let own = format!("{}\nextends: company.yaml", owned("sales", "{name: MQLs, teams: [marketing]}"));
    assert!(readings(&audit_extending(company, &own), SILO).is_empty());
}

#[test]
fn two_scoreboards_are_named_with_what_is_on_each() {
    let hotel = EXAMPLES.iter().find(|(name, _)| *name == "hotel-group.yaml").map(|(_, text)| *text).unwrap();
    let report = audit(hotel);
    assert_eq!(readings(&report, SILO), ["two-scoreboards"]);
    assert_eq!(findings(&report, SILO)[0].severity, Severity::High);
    assert_eq!(
        shown(&report, SILO, "soft"),
        "Impresións das campañas, Interacción en redes sociais and ROAS das campañas"
    );
    assert_eq!(shown(&report, SILO, "others"), "revenue management");
    // That marketing answers for no money is the same fault.
    assert!(readings(&report, MONEY).is_empty());
    let yaml = findings(&report, SILO)[0].reframe.clone().unwrap();
    assert!(
        yaml.yaml.contains("id: reserva-directa") && yaml.yaml.contains("[revenue-management, marketing]"),
        "{}",
        yaml.yaml
    );
    assert!(!yaml.safe);
}

#[test]
fn each_way_of_not_sharing_has_its_own_words() {
    let reading = |owners, kpis| readings(&audit(&owned(owners, kpis)), SILO);
    assert_eq!(reading("sales", "{name: MQLs, teams: [marketing]}"), ["two-scoreboards"]);
    assert_eq!(reading("sales", "{name: New MRR, teams: [marketing]}"), ["each-its-own"]);
    assert_eq!(reading("sales", "{name: MQLs, teams: [marketing, sales]}"), ["one-side.others"]);
    assert_eq!(reading("marketing", ""), ["one-side.marketing"]);
    assert_eq!(reading("finance", ""), ["neither"]);
}

#[test]
fn money_of_which_it_is_not_said_whose_it_is_may_be_shared() {
    let asks = |owners, kpis| unknowns(&audit(&owned(owners, kpis)), SILO);
    assert_eq!(asks("", "").as_slice(), ["owners"]);
    assert_eq!(asks("growth", ""), ["owners"]);
    assert_eq!(asks("sales", "{name: New MRR}"), ["teams"]);
    assert_eq!(asks("sales", "{name: Zorbs, teams: [marketing, sales]}"), ["metric"]);
    assert_eq!(asks("sales", "{name: Zorbs, teams: [marketing]}"), Vec::<&str>::new());
}

#[test]
fn a_plan_of_one_team_or_without_money_has_nothing_to_share() {
    for text in [
        "teams: {marketing: {people: 2}}\ngoals: [{name: New ARR, owners: [marketing]}]",
        "teams: {sales: {people: 2}, finance: {people: 1}}\ngoals: [{name: New ARR, owners: [sales]}]",
        "teams: {marketing: {people: 2}, sales: {people: 2}}\nkpis: [{name: Impressions, teams: [marketing]}]",
    ] {
        let report = audit(&plan(text));
        assert!(report.verdicts.iter().all(|verdict| verdict.rule.name != SILO), "{text}");
        let revenue = report.score.areas.iter().find(|area| area.area.name() == "revenue").unwrap();
        assert!(revenue.rules.iter().all(|rule| rule.rule.name != SILO), "{text}");
    }
}

/// A brand KPI in a half-year, with these keys.
fn brand(name: &str, keys: &str) -> String {
    format!(
        "plan: Trap\nperiod: 2027-H1\ngoals: [{{id: arr, name: New ARR, by: 2027-12-31}}, {{id: soon, name: New MRR, by: 2027-06-30}}]\nkpis: [{{name: {name:?}{keys}}}]\n"
    )
}

#[test]
fn a_brand_needs_more_than_six_months_and_a_quarter_between_two_looks() {
    let reading = |keys: &str| readings(&audit(&brand("Brand awareness", keys)), CLOCK);
    let short = ["short"];
    assert_eq!(reading(", cadence: quarterly, by: 2027-06-30"), short);
    assert!(reading(", cadence: quarterly, by: 2027-07-01").is_empty());
    for cadence in ["daily", "weekly", "monthly"] {
        assert_eq!(reading(&format!(", cadence: {cadence}, by: 2027-12-31")), short, "{cadence}");
    }
    assert!(reading(", cadence: quarterly, by: 12 months").is_empty());
    assert_eq!(reading(", cadence: quarterly, by: 2027-12-31, drives: [soon]"), short);
    assert!(reading(", cadence: quarterly, by: 2027-12-31, drives: [arr]").is_empty());
}

#[test]
fn the_clock_is_said_with_its_dates() {
    let report = audit(&brand("Brand awareness", ", cadence: weekly, by: 2027-03-31, drives: [soon]"));
    let said = "it is looked at weekly, it is due on 2027-03-31 (3 months after the start) and it should move \"New MRR\" by 2027-06-30";
    assert_eq!(shown(&report, CLOCK, "clock"), said);
    assert_eq!(findings(&report, CLOCK)[0].severity, Severity::Medium);
}

#[test]
fn a_lift_study_tells_sooner_in_every_language() {
    for source in [
        "yearly brand lift study",
        "Brand-Lift-Studie",
        "estudo de brand lift",
        "estudio de lift",
        "badanie brand lift",
        "étude de lift",
        "YouTube lift survey",
    ] {
        let report =
            audit(&brand("Notoriedade da marca", &format!(", cadence: weekly, by: 2027-03-31, source: {source}")));
        assert!(readings(&report, CLOCK).is_empty(), "{source}");
    }
    for source in ["forklift survey", "Google Trends", "a face lift of the website"] {
        let report = audit(&brand("Brand awareness", &format!(", cadence: weekly, source: {source}")));
        assert_eq!(readings(&report, CLOCK), ["short"], "{source}");
    }
}

#[test]
fn what_others_publish_and_what_an_auction_shows_may_be_read_every_week() {
    for name in ["Media mentions", "Impression share", "Share of voice", "Menções na imprensa", "Brand lift"] {
        let report = audit(&brand(name, ", cadence: weekly, by: 2027-03-31"));
        assert!(readings(&report, CLOCK).is_empty(), "{name}");
    }
    assert!(report_is_silent("SQLs") && report_is_silent("Net revenue retention"));
}

fn report_is_silent(name: &str) -> bool {
    let report = audit(&brand(name, ", cadence: weekly, by: 2027-03-31"));
    report.verdicts.iter().all(|verdict| verdict.rule.name != CLOCK)
}

#[test]
fn a_clock_that_is_not_said_is_unknown() {
    let asks = |keys: &str| unknowns(&audit(&brand("Brand awareness", keys)), CLOCK);
    assert_eq!(asks(""), ["by", "cadence"]);
    assert_eq!(asks(", by: 2027-12-31"), ["cadence"]);
    assert_eq!(unknowns(&audit(&brand("Zorbs", ", cadence: weekly")), CLOCK), ["metric"]);
    let timeless = brand("Brand awareness", ", cadence: quarterly, by: 2027-03-31").replace("period: 2027-H1\n", "");
    assert_eq!(unknowns(&audit(&timeless), CLOCK), ["period"]);
}

#[test]
fn what_a_brand_is_reframed_to_is_not_on_a_short_clock() {
    for keys in [", cadence: weekly, by: 2027-03-31, drives: [soon]", ", cadence: monthly, by: 2027-12-31"] {
        let text = brand("Brand awareness", keys);
        let yaml = findings(&audit(&text), CLOCK)[0].reframe.clone().unwrap().yaml;
        let (before, _) = text.split_once("kpis:").unwrap();
        assert!(readings(&audit(&format!("{before}{yaml}")), CLOCK).is_empty(), "{yaml}");
    }
}

#[test]
fn no_reframe_gives_a_reason_a_number_that_nobody_gave() {
    for name in [LINK, RESULTS, REASON, LEAP, CLOCK] {
        let rule = kpi_audit::rules::named(name).unwrap();
        for phrase in rule.page().phrases.iter().filter(|phrase| phrase.reading.starts_with("because")) {
            assert!(!phrase.text.contains(|c: char| c.is_ascii_digit()), "{name}: {}", phrase.text);
        }
    }
}

#[test]
fn a_rate_in_words_is_a_number() {
    let path = |because: &str| {
        let report =
            audit(&with_kpis(&format!("  - {{name: SQLs, target: 90, drives: [new-arr], because: {because}}}")));
        readings(&report, LINK).len()
    };
    for because in
        ["one in four signs", "co czwarty podpisuje umowę", "aus jedem dritten wird ein Kunde", "la mitad firma"]
    {
        assert_eq!(path(because), 0, "{because}");
    }
    assert_eq!(path("they usually sign"), 1);
}

#[test]
fn the_kpi_proposed_for_customers_who_stay_brings_no_graver_finding() {
    for model in ["subscription", "repeat-purchase"] {
        let plan =
            with_kpis("  - {name: New customers, target: 120, baseline: 100, drives: [new-arr], because: 10k each}")
                .replace("period:", &format!("business_model: {model}\nperiod:"));
        let report = audit(&plan);
        let gap = findings(&report, GAP);
        let yaml = gap[0].reframe.as_ref().map(|reframe| reframe.yaml.clone()).unwrap_or_default();
        let added = yaml.trim_start_matches("kpis:\n").lines().map(|line| format!("  {line}\n")).collect::<String>();
        let mended = audit(&format!("{plan}{added}"));
        assert!(readings(&mended, GAP).is_empty(), "{model}");
        assert!(mended.findings().count() < report.findings().count(), "{model}");
    }
}

#[test]
fn no_link_is_proposed_that_would_close_a_circle() {
    let reframe = |kpis: &str| {
        let report = audit(&format!("plan: Trap\nperiod: 2027-Q1\nkpis: {kpis}\n"));
        let finding = findings(&report, LINK)[0];
        (finding.reading, finding.reframe.as_ref().map(|reframe| reframe.yaml.clone()))
    };
    let (reading, proposed) = reframe("[{id: sales, name: Online revenue}, {id: up, name: Uptime}]");
    assert_eq!((reading, proposed.is_some_and(|yaml| yaml.contains("drives: [sales]"))), ("nowhere.kpi", true));
    let (reading, proposed) =
        reframe("[{id: sales, name: Online revenue, drives: [up], because: 1 in 2}, {id: up, name: Uptime}]");
    assert_eq!((reading, proposed), ("nowhere.kpi", None));
}

#[test]
fn a_step_that_leads_to_a_kpi_is_not_its_next_step() {
    let report = audit(
        "plan: Trap\nperiod: 2027-Q1\ngoals: [{id: new-arr, name: New ARR, by: 2027-03-31}]\nkpis:\n  \
         - {id: mql, name: MQLs, drives: [new-arr, brand], because: 1 in 8}\n  \
         - {id: brand, name: Unaided brand awareness, drives: [new-arr], because: 1 in 40 buy}\n",
    );
    let yaml = findings(&report, CLOCK)[0].reframe.as_ref().map(|reframe| reframe.yaml.clone()).unwrap_or_default();
    assert!(yaml.contains("drives: ") && !yaml.contains("drives: [mql]"), "{yaml}");
}

#[test]
fn a_leap_of_many_is_reframed_for_as_many_as_anybody_pastes() {
    let kpis: String = (0..50)
        .map(|at| format!("  - {{name: Impressions of page {at}, drives: [new-arr], because: 1 in 9}}\n"))
        .collect();
    let report = audit(&with_kpis(&kpis));
    let yaml = findings(&report, LEAP)[0].reframe.as_ref().map(|reframe| reframe.yaml.clone()).unwrap_or_default();
    assert_eq!(yaml.matches("- id:").count(), 21, "{yaml}");
}
