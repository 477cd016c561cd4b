//! The traps of the rules, by name: what must not be said, and what must not be missed.

mod support;

use kpi_audit::facts::Basis;
use kpi_audit::facts::links::Level;
use kpi_audit::metrics::Kind;
use kpi_audit::rules;
use kpi_audit::settings::Settings;
use kpi_audit::severity::Severity;
use kpi_audit::source::Source;
use support::{audit, auditor, findings, readings, shown, unknowns};

const VANITY: &str = "vanity-metric";
const LINK: &str = "no-revenue-link";
const ROAS: &str = "roas-over-ltv-cac";
const THIN: &str = "spread-thin";

/// A plan with these lines under `kpis:`, and a goal of money.
fn with_kpis(kpis: &str) -> String {
    format!("plan: Trap\nperiod: 2027-Q1\ngoals: [{{id: new-arr, name: New ARR, target: 1.2M}}]\nkpis:\n{kpis}\n")
}

fn named(name: &str) -> String {
    with_kpis(&format!("  - {{name: \"{name}\", drives: [new-arr], because: 1 in 4}}"))
}

#[test]
fn vanity_is_silent_on_words_that_only_look_like_it() {
    for name in [
        "Reach €1M ARR",
        "Alcançar 1M de receita",
        "Lead follow-up time",
        "Like-for-like sales",
        "Impression share",
        "Paid subscribers",
        "Revenue from followers",
        "Cost per impression",
        "Likes per dollar",
        "Traffic accidents",
    ] {
        let report = audit(&named(name));
        assert!(readings(&report, VANITY).is_empty(), "vanity-metric speaks of {name}");
    }
}

#[test]
fn vanity_speaks_of_attention_by_any_name() {
    for name in ["LinkedIn followers", "Page views", "Impressions", "Grow followers by 20%", "Instagram likes"] {
        let report = audit(&named(name));
        assert_eq!(readings(&report, VANITY), ["linked"], "of {name}");
    }
}

#[test]
fn a_publishers_page_views_are_its_inventory() {
    let plan = named("Page views").replace("period:", "business_model: ad-funded\nperiod:");
    assert!(readings(&audit(&plan), VANITY).is_empty());
}

#[test]
fn a_kind_that_was_only_recognised_is_never_critical_and_a_declared_one_is() {
    let recognised = audit(&with_kpis("  - {name: Our lovely LinkedIn followers, role: north-star}"));
    let finding = findings(&recognised, VANITY)[0];
    assert_eq!((finding.severity, finding.recognised), (Severity::High, true));
    let declared = audit(&with_kpis("  - {name: Our lovely audience, metric: followers, role: north-star}"));
    let finding = findings(&declared, VANITY)[0];
    assert_eq!((finding.severity, finding.recognised), (Severity::Critical, false));
    let word_for_word = audit(&with_kpis("  - {name: Followers, role: north-star}"));
    assert_eq!(findings(&word_for_word, VANITY)[0].severity, Severity::Critical);
}

#[test]
fn a_kind_that_cannot_be_recognised_is_unknown_and_never_a_finding() {
    let report = audit(&with_kpis("  - Zorblax index"));
    assert!(readings(&report, VANITY).is_empty());
    assert!(readings(&report, LINK).is_empty());
    assert!(unknowns(&report, VANITY).contains(&"metric"));
    assert!(unknowns(&report, LINK).contains(&"metric"));
}

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
fn a_share_of_a_count_of_attention_is_unknown() {
    let report = audit(&with_kpis("  - {name: Repeat visits, target: 20%, drives: [new-arr], because: 1 in 4}"));
    assert!(readings(&report, VANITY).is_empty());
    assert!(unknowns(&report, VANITY).contains(&"metric"));
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
fn a_roas_that_cannot_be_on_one_payment_is_asked_about_and_not_judged() {
    let plan = "plan: App\nperiod: 2027-Q1\nbusiness_model: subscription\ngoals: [{id: arr, name: New ARR}]\n\
                products: [{id: app, name: App, budget: 120k, new_customers: 400, price: 49, billing: monthly, \
                gross_margin: 80%, monthly_churn: 3%}]\nkpis: [{name: ROAS, product: app, target: 6, drives: [arr]}]\n";
    let report = audit(plan);
    let finding = findings(&report, ROAS)[0];
    assert_eq!((finding.reading, finding.severity), ("other-revenue", Severity::Medium));
    assert_eq!(shown(&report, ROAS, "own_cac"), "300");
}

#[test]
fn a_product_without_economics_of_its_own_has_the_plans() {
    let plan = "plan: Shop\nperiod: 2027-Q1\nbusiness_model: repeat-purchase\n\
                economics: {price: 80, gross_margin: 40%, new_share: 60%, orders_per_customer: 1.0}\n\
                goals: [{id: sales, name: Online sales}]\nproducts: [{id: p, name: P, budget: 10k}]\n\
                kpis: [{name: ROAS, product: p, target: 4, drives: [sales]}]\n";
    assert_eq!(readings(&audit(plan), ROAS), ["passes-and-still-loses"]);
}

#[test]
fn orders_tell_how_long_a_shops_customer_lasts_also_where_a_churn_is_given() {
    let plan = "plan: Shop\nperiod: 2027-Q1\nbusiness_model: repeat-purchase\n\
                economics: {price: 80, gross_margin: 40%, new_share: 60%, orders_per_customer: 1.0, monthly_churn: 4%}\n\
                goals: [{id: sales, name: Online sales}]\nkpis: [{name: ROAS, target: 4, drives: [sales]}]\n";
    assert_eq!(shown(&audit(plan), ROAS, "ltv"), "32.0");
}

#[test]
fn a_given_range_of_new_customers_stays_a_range() {
    let plan = "plan: Shop\nperiod: 2027-Q1\nbusiness_model: repeat-purchase\n\
                economics: {price: 80, gross_margin: 40%, new_share: 40%..80%, orders_per_customer: 1.0}\n\
                goals: [{id: sales, name: Online sales}]\nkpis: [{name: ROAS, target: 4, drives: [sales]}]\n";
    let report = audit(plan);
    assert_eq!(
        (findings(&report, ROAS)[0].reading, findings(&report, ROAS)[0].severity),
        ("undecided-by-range", Severity::Medium)
    );
    assert_eq!(shown(&report, ROAS, "ratio"), "0.64 to 1.28");
}

#[test]
fn a_change_of_roas_is_resolved_against_its_baseline() {
    let plan = "plan: Shop\nperiod: 2027-Q1\nbusiness_model: repeat-purchase\n\
                economics: {price: 80, gross_margin: 40%, new_share: 60%, orders_per_customer: 1.0}\n\
                goals: [{id: sales, name: Online sales}]\nkpis: [{name: ROAS, target: +25%, baseline: 3.2, drives: [sales]}]\n";
    assert_eq!(shown(&audit(plan), ROAS, "target"), "4");
}

#[test]
fn a_target_that_is_hardly_meant_as_a_roas_is_asked_about() {
    for kpi in ["name: ROAS, target: 20%", "name: ACOS, target: 25", "name: ROAS, target: 400"] {
        let plan = format!(
            "plan: Shop\nperiod: 2027-Q1\nbusiness_model: repeat-purchase\n\
             economics: {{price: 80, gross_margin: 40%, new_share: 60%, orders_per_customer: 2}}\n\
             goals: [{{id: sales, name: Online sales}}]\nkpis: [{{{kpi}, drives: [sales]}}]\n"
        );
        assert_eq!(readings(&audit(&plan), ROAS), ["doubtful-target"], "{kpi}");
    }
}

#[test]
fn an_acos_is_guarded_by_a_ceiling() {
    let plan = "plan: Shop\nperiod: 2027-Q1\nbusiness_model: repeat-purchase\n\
                economics: {price: 80, gross_margin: 50%, new_share: 80%, orders_per_customer: 3}\n\
                goals: [{id: sales, name: Online sales}]\nkpis: [{name: ACOS, target: 22%, drives: [sales]}]\n";
    let report = audit(plan);
    let reframe = findings(&report, ROAS)[0].reframe.as_ref().expect("a reframe");
    assert!(reframe.yaml.contains("<= 40%"), "{}", reframe.yaml);
}

#[test]
fn a_sign_in_a_name_is_a_change() {
    let report = audit(&with_kpis("  - Brand search volume +15%\n  - ROAS +20%\n  - CPL -10%"));
    let targets: Vec<&str> =
        report.plan().kpis.iter().filter_map(|kpi| kpi.target.as_ref()).map(|target| target.text()).collect();
    assert_eq!(targets, ["+15%", "+20%", "-10%"]);
}

#[test]
fn a_kpi_that_cannot_be_recognised_may_be_the_one_that_roas_lacks() {
    let report =
        audit(&with_kpis("  - {name: ROAS, target: 4, drives: [new-arr]}\n  - {name: Zorblax, drives: [new-arr]}"));
    assert!(readings(&report, ROAS).is_empty());
    assert!(unknowns(&report, ROAS).contains(&"metric"));
}

#[test]
fn what_a_plan_proposes_has_a_fresh_id_and_closes_no_circle() {
    let plan = with_kpis(
        "  - {id: ltv-cac, name: Happy customers, drives: [new-arr]}\n  - {name: ROAS, target: 4, drives: [new-arr]}\n\
         \x20 - {id: mql, name: MQLs, drives: [new-arr, nps]}\n  - {id: nps, name: NPS}",
    );
    let report = audit(&plan);
    let yaml = |rule| {
        findings(&report, rule)
            .iter()
            .filter_map(|finding| finding.reframe.as_ref())
            .map(|r| r.yaml.clone())
            .collect::<String>()
    };
    assert!(yaml(ROAS).contains("id: ltv-cac-2"), "{}", yaml(ROAS));
    assert!(!yaml(LINK).contains("drives: [mql]"), "{}", yaml(LINK));
}

#[test]
fn all_eggs_do_not_hide_a_loss() {
    let plan = "plan: Eggs\nperiod: 2027-Q1\ngoals: [{name: New ARR}]\nproducts:\n\
                \x20 - {name: A, budget: 190k, cac: 100, ltv: 50, doubts: [fit]}\n\
                \x20 - {name: B, budget: 5k, cac: 100, ltv: 300}\n  - {name: C, budget: 5k, cac: 100, ltv: 300}\n";
    assert_eq!(readings(&audit(plan), THIN), ["losing"]);
}

#[test]
fn money_that_will_not_be_spent_is_not_in_question() {
    let plan = |more: &str| {
        let kpis = with_kpis("  - {id: likes, name: Instagram likes}");
        format!("{kpis}initiatives: [{{name: Contest, serves: [likes], budget: 40k{more}}}]\n")
    };
    let at_stake = |text: &str| findings(&audit(text), VANITY)[0].at_stake.as_ref().map(|stake| stake.amount);
    assert_eq!(at_stake(&plan("")), Some(40_000.0));
    assert_eq!(at_stake(&plan(", priority: wont")), None);
    assert_eq!(at_stake(&plan(", status: done")), None);
}

#[test]
fn one_vanity_kpi_is_no_share_of_the_plan_and_two_of_five_are() {
    let one = audit(&with_kpis("  - {name: Page views, drives: [new-arr]}\n  - {name: SQLs, drives: [new-arr]}"));
    assert!(!readings(&one, VANITY).contains(&"plan"));
    let others = "  - {name: SQLs}\n  - {name: MQLs}\n  - {name: Win rate}";
    let two = audit(&with_kpis(&format!("  - {{name: Page views}}\n  - {{name: Instagram likes}}\n{others}")));
    assert!(readings(&two, VANITY).contains(&"plan"));
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

#[test]
fn four_hundred_percent_is_a_roas_of_4_and_an_acos_of_25_percent_as_well() {
    let shop = |kpi: &str| {
        format!(
            "plan: Shop\nperiod: 2027-Q1\nbusiness_model: repeat-purchase\n\
             economics: {{price: 80, gross_margin: 40%, new_share: 60%, orders_per_customer: 1.0}}\n\
             goals: [{{id: sales, name: Online sales, target: 1.2M}}]\nkpis: [{{{kpi}, drives: [sales]}}]\n"
        )
    };
    for kpi in
        ["name: ROAS, target: 400%", "name: ROAS, target: 4x", "name: ROAS, target: \"4:1\"", "name: ACOS, target: 25%"]
    {
        let report = audit(&shop(kpi));
        assert_eq!(readings(&report, ROAS), ["passes-and-still-loses"], "{kpi}");
        assert_eq!(shown(&report, ROAS, "ratio"), "0.96", "{kpi}");
    }
}

#[test]
fn mer_is_not_roas() {
    assert!(readings(&audit(&named("MER")), ROAS).is_empty());
    assert!(readings(&audit(&named("Marketing efficiency ratio")), ROAS).is_empty());
}

#[test]
fn roas_beside_a_kpi_of_customer_worth_is_not_reported() {
    for beside in ["LTV:CAC", "CAC", "CAC payback", "Customer lifetime value", "Repeat purchase rate"] {
        let kpis =
            format!("  - {{name: ROAS, target: 4, drives: [new-arr]}}\n  - {{name: \"{beside}\", drives: [new-arr]}}");
        assert!(readings(&audit(&with_kpis(&kpis)), ROAS).is_empty(), "beside {beside}");
    }
}

#[test]
fn a_diagnostic_ltv_does_not_stand_beside_a_roas() {
    let kpis = "  - {name: ROAS, target: 4, drives: [new-arr]}\n  - {name: \"LTV:CAC\", role: diagnostic}";
    assert_eq!(readings(&audit(&with_kpis(kpis)), ROAS), ["no-economics"]);
}

#[test]
fn customers_who_buy_once_are_asked_for_profit_on_ad_spend_only_where_roas_is_the_north_star() {
    let plan = |role: &str| {
        with_kpis(&format!("  - {{name: ROAS, role: {role}, target: 4, drives: [new-arr]}}"))
            .replace("period:", "business_model: one-off\nperiod:")
    };
    assert_eq!(readings(&audit(&plan("north-star")), ROAS), ["one-off"]);
    assert!(readings(&audit(&plan("target")), ROAS).is_empty());
}

#[test]
fn an_assumed_share_of_new_customers_is_a_range_and_never_more_than_medium() {
    let report = audit(
        "plan: Shop\nperiod: 2027-Q1\nbusiness_model: repeat-purchase\n\
         economics: {price: 80, gross_margin: 40%, orders_per_customer: 1.0}\n\
         goals: [{id: sales, name: Online sales, target: 1.2M}]\nkpis: [{name: ROAS, target: 2, drives: [sales]}]\n",
    );
    let finding = findings(&report, ROAS)[0];
    assert_eq!(finding.severity, Severity::Medium);
    assert_eq!(shown(&report, ROAS, "ratio"), "0.24 to 0.80");
}

#[test]
fn two_products_are_never_spread_thin() {
    let plan = "plan: Two\nperiod: 2027-Q1\ngoals: [{name: New ARR}]\n\
                products: [{name: A, budget: 50k, cac: 100, ltv: 50}, {name: B, budget: 50k, cac: 100, ltv: 900}]\n";
    assert!(readings(&audit(plan), THIN).is_empty());
}

#[test]
fn regions_and_segments_are_not_weighed_against_each_other() {
    let plan = "plan: Regions\nperiod: 2027-Q1\ngoals: [{name: New ARR}]\nproducts:\n\
                \x20 - {name: North, kind: region, budget: 50k}\n  - {name: South, kind: region, budget: 50k}\n\
                \x20 - {name: West, kind: region, budget: 50k}\n";
    assert!(readings(&audit(plan), THIN).is_empty());
}

#[test]
fn averages_of_fewer_than_thirty_customers_do_not_decide_a_split() {
    let product = |name: &str, customers: u32| {
        format!("  - {{name: {name}, budget: 50k, cac: 100, ltv: 50, customers: {customers}}}\n")
    };
    let plan = |customers: u32| {
        let products: String = ["A", "B", "C"].iter().map(|name| product(name, customers)).collect();
        format!("plan: Few\nperiod: 2027-Q1\ngoals: [{{name: New ARR}}]\nproducts:\n{products}")
    };
    assert_eq!(readings(&audit(&plan(12)), THIN), ["even"]);
    assert_eq!(readings(&audit(&plan(30)), THIN), ["losing"]);
}

#[test]
fn a_product_without_a_budget_leaves_the_split_unknown_unless_the_others_spend_it_all() {
    let plan = |total: &str| {
        format!(
            "plan: Gap\nperiod: 2027-Q1\ngoals: [{{name: New ARR}}]\nbudget: {{total: {total}}}\n\
             products: [{{name: A, budget: 50k}}, {{name: B, budget: 50k}}, {{name: C, budget: 50k}}, {{name: D}}]\n"
        )
    };
    let open = audit(&plan("300k"));
    assert!(readings(&open, THIN).is_empty());
    assert_eq!(unknowns(&open, THIN), ["budget"]);
    assert_eq!(readings(&audit(&plan("150k")), THIN), ["even"]);
}

#[test]
fn an_unsettled_number_is_reported_and_unknown_to_every_other_rule() {
    let plan = "plan: Readings\nperiod: 2027-Q1\nbusiness_model: repeat-purchase\n\
                economics: {price: 1.000, gross_margin: 40%, new_share: 60%, orders_per_customer: 1.0}\n\
                goals: [{id: sales, name: Online sales}]\nkpis: [{name: ROAS, target: 4, drives: [sales]}]\n";
    let report = audit(plan);
    assert_eq!(readings(&report, "suspicious-number"), ["unsettled"]);
    assert_eq!(shown(&report, "suspicious-number", "thousands"), "1,000");
    assert_eq!(readings(&report, ROAS), ["no-economics"]);
    let settled = audit(&plan.replace("period:", "locale: pt\nperiod:"));
    assert_eq!(readings(&settled, ROAS), ["passes-and-still-loses"]);
}

#[test]
fn numbers_and_dates_in_a_name_are_read_where_none_is_given() {
    let report =
        audit(&with_kpis("  - Cut cost per lead by 30%\n  - \"1,000 MQLs this quarter\"\n  - Hit a ROAS of 4"));
    let targets: Vec<&str> =
        report.plan().kpis.iter().filter_map(|kpi| kpi.target.as_ref()).map(|target| target.text()).collect();
    assert_eq!(targets, ["-30%", "1,000", "4"]);
    assert!(report.plan().kpis.iter().all(|kpi| kpi.from_name.target));
    assert_eq!(
        report.plan().deadline(&report.plan().kpis[1]).map(|day| day.to_string()).as_deref(),
        Some("2027-03-31")
    );
    let given = audit(&with_kpis("  - {name: \"1,000 MQLs\", target: 900}"));
    assert_eq!(given.plan().kpis[0].target.as_ref().map(|target| target.text()), Some("900"));
    assert!(!given.plan().kpis[0].from_name.target);
}

#[test]
fn a_declared_metric_wins_over_the_name() {
    let report = audit(&with_kpis("  - {name: Reach, metric: mql}"));
    assert_eq!(report.facts.kpi(0).kind, Some(Kind::LeadVolume));
    assert_eq!(report.facts.kpi(0).basis, Basis::Declared);
}

#[test]
fn a_proposal_promises_no_more_than_the_best_split_of_the_same_products() {
    // Plants are in doubt and count among the products with figures all the same.
    let report = audit(include_str!("../examples/six-products.yaml"));
    assert_eq!(shown(&report, THIN, "regret"), "20.9%");
    assert_eq!(shown(&report, THIN, "gain"), "19.4%");
}

#[test]
fn the_metric_that_a_plan_gives_wins_over_the_name() {
    let plan =
        with_kpis("  - {name: Followers, metric: new-arr, target: 100k}\n  - {name: New ARR, metric: followers}");
    let report = audit(&plan);
    let kind = |at| report.facts.kpi(at).kind;
    assert_eq!(kind(0), Some(Kind::Revenue));
    assert_eq!(kind(1), Some(Kind::Reach));
    assert_eq!(findings(&report, VANITY).len(), 1);
}

#[test]
fn names_that_settings_add_are_audited_as_what_they_mean() {
    let settings = "metrics: {Hand-raisers: demo-requests, Followers: new-customers, Wizzies: {kind: retention}}";
    let settings = Settings::read(&Source::new("settings.yaml", settings), &rules::adjustable()).unwrap();
    let plan = with_kpis("  - Grow followers to 900\n  - {name: Anything, metric: Wizzies}\n  - Hand-raisers");
    let report = auditor().settings(settings).audit_text("plan.yaml", &plan).plans.remove(0);
    let kinds = [0, 1, 2].map(|at| report.facts.kpi(at).kind);
    assert_eq!(kinds, [Some(Kind::Revenue), Some(Kind::Retention), Some(Kind::LeadVolume)]);
    assert!(findings(&report, VANITY).is_empty());
    // Without them, followers are followers.
    assert_eq!(audit(&with_kpis("  - Grow followers to 900")).facts.kpi(0).kind, Some(Kind::Reach));
}
