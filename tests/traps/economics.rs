//! The traps of the rules on economics.

use kpi_audit::severity::Severity;

use crate::support::{audit, findings, readings, shown, unknowns};
use crate::{BAND, BELOW, LINK, LTV, PAYBACK, ROAS, UNLOADED, named, with_kpis};

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
    for kpi in ["name: ROAS, target: 20%", "name: ACOS, target: 25"] {
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

/// A subscription with one product of these keys.
fn product(keys: &str) -> String {
    format!(
        "plan: App\nperiod: 2027-Q1\nbusiness_model: subscription\ngoals: [{{id: arr, name: New ARR, target: 1.2M}}]\n\
         products: [{{id: app, name: App, {keys}}}]\n"
    )
}

fn said(plan: &str, rule: &str) -> Vec<(&'static str, Severity)> {
    findings(&audit(plan), rule).iter().map(|finding| (finding.reading, finding.severity)).collect()
}

#[test]
fn ltv_to_cac_is_judged_at_one_three_and_five_as_it_is_printed() {
    let said_at = |ltv: &str| said(&product(&format!("cac: \"1,000\", ltv: \"{ltv}\"")), BAND);
    assert_eq!(said_at("994"), [("loses", Severity::Critical)]);
    assert_eq!(said_at("996"), [("thin", Severity::Medium)], "it prints as 1.00");
    assert_eq!(said_at("1,000"), [("thin", Severity::Medium)]);
    assert_eq!(said_at("2,940"), [("thin", Severity::Medium)]);
    assert_eq!(said_at("2,960"), [], "it prints as 3.0:1");
    assert_eq!(said_at("5,000"), []);
    assert_eq!(said_at("5,040"), [], "it prints as 5.0:1");
    assert_eq!(said_at("5,060"), [("generous", Severity::Note)]);
}

#[test]
fn a_loss_on_each_customer_is_told_with_its_numbers_and_the_money_behind_it() {
    let keys = "budget: 50k, new_customers: 55, price: 90, billing: monthly, gross_margin: 35%, monthly_churn: 4%";
    let report = audit(&product(keys));
    let finding = findings(&report, BAND)[0];
    assert_eq!(
        finding.message(),
        "A new customer of App costs 909 and brings 719 of gross profit in 60 months, at 4.0% churn a month: \
         LTV:CAC 0.79, a loss of 190 on each."
    );
    assert_eq!(finding.at_stake.as_ref().map(|stake| stake.amount), Some(50_000.0));
    let reframe = finding.reframe.as_ref().expect("a reframe");
    assert!(reframe.yaml.contains("target: <= 239") && !reframe.safe, "{}", reframe.yaml);
}

#[test]
fn a_ceiling_for_cac_stands_at_the_kpi_of_cac_that_the_plan_has() {
    let plan =
        product("cac: \"1,000\", ltv: \"2,000\"") + "kpis: [{id: cost, name: CAC, product: app, drives: [arr]}]\n";
    let report = audit(&plan);
    let yaml = &findings(&report, BAND)[0].reframe.as_ref().expect("a reframe").yaml;
    assert!(yaml.contains("id: cost") && yaml.contains("<= 666") && !yaml.contains("role"), "{yaml}");
}

#[test]
fn what_is_being_tried_may_still_cost_more_than_it_should() {
    let said_of = |keys: &str| said(&product(&format!("stage: explore, cac: \"1,000\", {keys}")), BAND);
    assert_eq!(said_of("ltv: 900"), [("loses", Severity::High)]);
    assert_eq!(said_of("ltv: \"2,000\""), [("thin", Severity::Note)]);
    let launch = product("cac: \"1,000\", ltv: 900").replace("period:", "stage: launch\nperiod:");
    assert_eq!(said(&launch, BAND), [("loses", Severity::High)]);
}

#[test]
fn absent_figures_are_unknown_and_name_what_would_tell_and_few_customers_ask_for_nothing() {
    let asked = |keys: &str| unknowns(&audit(&product(keys)), BAND);
    assert_eq!(asked("cac: \"1,000\", ltv: 900, customers: 29"), [""; 0]);
    assert!(findings(&audit(&product("cac: \"1,000\", ltv: 900, customers: 29")), BAND).is_empty());
    assert_eq!(findings(&audit(&product("cac: \"1,000\", ltv: 900, customers: 30")), BAND).len(), 1);
    assert_eq!(asked("budget: 50k, ltv: 900"), ["new_customers"]);
    assert_eq!(asked("cac: 900, price: 90, gross_margin: 35%"), ["billing", "monthly_churn"]);
    assert_eq!(asked("budget: 50k"), ["billing", "gross_margin", "monthly_churn", "new_customers", "price"]);
}

#[test]
fn an_unsettled_amount_is_no_figure() {
    let report = audit(&product("cac: 1.000, ltv: 900"));
    assert!(findings(&report, BAND).is_empty());
    assert_eq!(unknowns(&report, BAND), ["cac"]);
}

#[test]
fn customers_who_buy_once_are_not_held_to_three() {
    let plan =
        |cac: &str| product(&format!("price: 900, gross_margin: 42%, cac: {cac}")).replace("subscription", "one-off");
    assert_eq!(said(&plan("300"), BAND), []);
    assert_eq!(said(&plan("400"), BAND), [("loses.once", Severity::Critical)]);
    let report = audit(&plan("400"));
    let yaml = &findings(&report, BAND)[0].reframe.as_ref().expect("a reframe").yaml;
    assert!(yaml.contains("target: <= 378"), "{yaml}");
}

#[test]
fn products_without_economics_of_their_own_are_covered_by_the_plans() {
    let plan = product("budget: 50k") + "economics: {cac: \"1,000\", ltv: 900}\n";
    let report = audit(&plan);
    assert_eq!(readings(&report, BAND), ["loses"]);
    assert_eq!(unknowns(&report, BAND), [""; 0]);
    assert!(findings(&report, BAND)[0].message().starts_with("By the plan's own economics a new customer costs"));
}

#[test]
fn a_product_without_money_and_figures_is_not_asked_about() {
    assert_eq!(unknowns(&audit(&product("budget: 0, sold_through: [crm]")), BAND), [""; 0]);
}

#[test]
fn nonprofits_and_ad_funded_businesses_are_not_judged_by_their_customers() {
    for model in ["nonprofit", "ad-funded"] {
        let report = audit(&product("cac: \"1,000\", ltv: 900").replace("subscription", model));
        assert!(!report.verdicts.iter().any(|verdict| verdict.rule.name == BAND), "{model}");
        let economics = report.score.areas.iter().find(|area| area.area.name() == "economics").expect("the area");
        assert!(!economics.applies, "{model}");
    }
}

#[test]
fn a_plan_without_any_economics_is_not_judged_but_could_be() {
    let report = audit("plan: x\nperiod: 2027-Q1\ngoals: [{name: New ARR, target: 1.2M}]\n");
    let economics = report.score.areas.iter().find(|area| area.area.name() == "economics").expect("the area");
    assert!(economics.applies);
    assert_eq!((economics.score, economics.evidence), (None, 0.0));
}

/// A subscription of 100 of gross profit a month, with a CAC and a segment.
fn paid_back(cac: &str, segment: &str) -> String {
    let plan = product(&format!("cac: \"{cac}\", price: 125, billing: monthly, gross_margin: 80%, monthly_churn: 1%"));
    if segment.is_empty() { plan } else { plan.replace("period:", &format!("segment: {segment}\nperiod:")) }
}

#[test]
fn payback_is_slow_over_12_18_or_24_months_by_segment() {
    for (segment, limit) in [("consumer", 12), ("smb", 12), ("mid-market", 18), ("enterprise", 24)] {
        assert_eq!(said(&paid_back(&format!("{limit}04"), segment), PAYBACK), [], "{segment}: it prints as {limit}.0");
        let slow = said(&paid_back(&format!("{limit}06"), segment), PAYBACK);
        assert_eq!(slow, [("slow", Severity::Medium)], "{segment}");
    }
}

#[test]
fn without_a_segment_payback_is_judged_only_where_all_segments_agree() {
    assert_eq!(unknowns(&audit(&paid_back("1200", "")), PAYBACK), [""; 0]);
    assert_eq!(unknowns(&audit(&paid_back("1300", "")), PAYBACK), ["segment"]);
    assert_eq!(unknowns(&audit(&paid_back("2400", "")), PAYBACK), ["segment"]);
    assert_eq!(said(&paid_back("2500", ""), PAYBACK), [("slow", Severity::Medium)]);
}

#[test]
fn years_paid_ahead_are_judged_by_month_and_the_cash_is_told_beside() {
    let keys = "cac: \"8,000\", price: \"9,600\", billing: yearly, gross_margin: 80%, monthly_churn: 2%";
    let report = audit(&product(keys).replace("period:", "segment: smb\nperiod:"));
    assert_eq!(
        findings(&report, PAYBACK)[0].message(),
        "A new customer of App costs 8,000 and earns 640 of gross profit a month: after 12.5 months it has earned its cost, \
         and 12 months is the usual limit for small businesses. Since years are paid ahead, the cash is back with payment 2, after 12 \
         months."
    );
    let yaml = &findings(&report, PAYBACK)[0].reframe.as_ref().expect("a reframe").yaml;
    assert!(yaml.contains("target: <= 12 months") && yaml.contains("baseline: 12.5 months"), "{yaml}");
}

#[test]
fn a_customer_that_never_brings_its_cost_is_told_once() {
    let plan = product("cac: \"3,000\", price: 125, billing: monthly, gross_margin: 80%, monthly_churn: 4%");
    let report = audit(&plan);
    assert_eq!(readings(&report, BAND), ["loses"]);
    assert!(!report.verdicts.iter().any(|verdict| verdict.rule.name == PAYBACK));
}

#[test]
fn payback_asks_for_what_it_lacks_and_leaves_shops_alone() {
    let asked = |keys: &str| unknowns(&audit(&product(keys)), PAYBACK);
    assert_eq!(asked("cac: 900, price: 90, gross_margin: 35%"), ["billing"]);
    assert_eq!(asked("ltv: 900, price: 90, billing: monthly, gross_margin: 35%"), ["cac"]);
    assert_eq!(asked("cac: 900, price: 90, billing: monthly, gross_margin: 0%"), ["gross_margin", "price"]);
    let shop = product("cac: 900, price: 90, gross_margin: 35%, orders_per_customer: 40")
        .replace("subscription", "repeat-purchase");
    assert!(!audit(&shop).verdicts.iter().any(|verdict| verdict.rule.name == PAYBACK));
}

/// A subscription of 100 a month at 60%, so that 2% of churn give an LTV of 3,000 without a horizon.
fn worth(keys: &str) -> String {
    product(&format!("price: 100, billing: monthly, gross_margin: 60%, {keys}"))
}

#[test]
fn nobody_leaving_is_not_credible_but_a_low_churn_may_be_true() {
    assert_eq!(said(&worth("monthly_churn: 0%"), LTV), [("no-churn", Severity::High)]);
    assert_eq!(said(&product("monthly_churn: 0"), LTV), [("no-churn", Severity::High)], "also where no LTV follows");
    assert_eq!(said(&worth("monthly_churn: 0.1%"), LTV), []);
    assert_eq!(said(&worth("monthly_churn: 100%"), LTV), []);
}

#[test]
fn a_lifetime_is_not_credible_beyond_the_horizon() {
    assert_eq!(said(&worth("lifetime: 60 months"), LTV), []);
    assert_eq!(said(&worth("lifetime: 5 years"), LTV), []);
    let report = audit(&worth("lifetime: 61 months"));
    assert_eq!((readings(&report, LTV), shown(&report, LTV, "months")), (vec!["long-life"], "61".to_owned()));
    let yaml = &findings(&report, LTV)[0].reframe.as_ref().expect("a reframe").yaml;
    assert!(yaml.contains("lifetime: 60 months"), "{yaml}");
}

#[test]
fn a_given_ltv_is_compared_with_what_no_horizon_cuts() {
    let said_of = |ltv: &str| said(&worth(&format!("monthly_churn: 2%, ltv: \"{ltv}\"")), LTV);
    assert_eq!(said_of("2,107"), [], "cut at 60 months");
    assert_eq!(said_of("3,450"), [], "15% over 3,000");
    assert_eq!(said_of("3,460"), [("too-high", Severity::High)]);
    assert_eq!(said_of("4,700"), [("too-high", Severity::High)]);
    assert_eq!(said_of("5,000"), [("revenue", Severity::High)], "100 / 2%");
    assert_eq!(said_of("5,250"), [("revenue", Severity::High)]);
    assert_eq!(said_of("5,300"), [("too-high", Severity::High)]);
}

#[test]
fn revenue_taken_for_margin_is_told_with_the_ltv_to_cac_that_is_left() {
    let report = audit(&worth("monthly_churn: 2%, ltv: \"5,000\", cac: \"1,200\""));
    assert_eq!(
        findings(&report, LTV)[0].message(),
        "The LTV of App (5,000) is what a customer pays. What is left of that at a margin of 60% is 3,000 without \
         any limit in time, and 2,107 in 60 months: LTV:CAC is 1.76, not 4.2:1."
    );
    let yaml = &findings(&report, LTV)[0].reframe.as_ref().expect("a reframe").yaml;
    assert!(yaml.contains("ltv: 2107"), "{yaml}");
}

#[test]
fn the_plans_own_ltv_is_mended_where_it_stands() {
    let plan = "plan: App\nperiod: 2027-Q1\nbusiness_model: subscription\ngoals: [{name: New ARR, target: 1.2M}]\nkpis: [SQLs]\n\
                economics: {price: 100, billing: monthly, gross_margin: 60%, monthly_churn: 2%, ltv: \"5,000\"}\n";
    let report = audit(plan);
    let yaml = &findings(&report, LTV)[0].reframe.as_ref().expect("a reframe").yaml;
    assert_eq!(yaml.trim(), "economics:\n  ltv: 2107");
}

#[test]
fn an_ltv_that_nothing_can_be_compared_with_is_unknown() {
    let asked = |keys: &str| unknowns(&audit(&product(keys)), LTV);
    assert_eq!(asked("ltv: \"2,000\""), ["billing", "gross_margin", "monthly_churn", "price"]);
    assert_eq!(asked("ltv: \"2,000\", price: 100, billing: monthly, monthly_churn: 2%"), ["gross_margin"]);
    assert_eq!(asked("ltv: 5.000, price: 100, billing: monthly, gross_margin: 60%, monthly_churn: 2%"), ["ltv"]);
    assert_eq!(asked("price: 100, billing: monthly, gross_margin: 60%, monthly_churn: 2%"), [""; 0]);
}

#[test]
fn room_to_grow_by_an_ltv_that_is_not_credible_is_told_once() {
    let report = audit(&worth("monthly_churn: 2%, ltv: \"5,000\", cac: 900"));
    assert!(readings(&report, BAND).is_empty());
    assert_eq!(readings(&report, LTV), ["revenue.of-cac"]);
}

#[test]
fn a_cac_without_people_or_tools_is_told_with_the_room_that_is_left() {
    let core = "cac: \"1,600\", price: 200, billing: monthly, gross_margin: 80%, monthly_churn: 2%, cac_includes:";
    let report = audit(&product(&format!("{core} [media]")));
    assert_eq!(
        findings(&report, UNLOADED)[0].message(),
        "The CAC of App (1,600) counts media, without people and tools. If these add more than 17%, LTV:CAC falls under 3:1."
    );
    assert_eq!(said(&product(&format!("{core} [media, people]")), UNLOADED), [("unloaded.room", Severity::Low)]);
    assert_eq!(said(&product(&format!("{core} [people, tools]")), UNLOADED), [], "nobody need buy media");
    let under = format!("{} [media]", core.replace("1,600", "2,000"));
    assert_eq!(said(&product(&under), UNLOADED), [("unloaded.cac", Severity::Low)], "there is no room under 3:1");
}

#[test]
fn what_nobody_says_of_a_cac_is_asked_and_not_told() {
    let asked = |keys: &str| unknowns(&audit(&product(keys)), UNLOADED);
    assert_eq!(asked("cac: 900"), ["cac_includes"]);
    assert_eq!(asked("cac: 900, cac_includes: []"), ["cac_includes"]);
    assert_eq!(asked("cac: 900, roas: 2"), ["cac_includes", "revenue_from"]);
    assert_eq!(asked("cac: 900, cac_includes: [media, people, tools]"), [""; 0]);
    let steered = product("cac: 900, cac_includes: [media, people, tools]")
        + "kpis: [{name: ROAS, product: app, drives: [arr]}]\n";
    assert_eq!(unknowns(&audit(&steered), UNLOADED), ["revenue_from"]);
}

#[test]
fn a_platform_that_counts_its_own_revenue_is_told_and_analytics_is_not() {
    let by = |source: &str| {
        said(&product(&format!("cac: 900, cac_includes: [media, people, tools], revenue_from: {source}")), UNLOADED)
    };
    assert_eq!(by("platform"), [("platform", Severity::Low)]);
    assert_eq!(by("analytics"), []);
    assert_eq!(by("finance"), []);
}

#[test]
fn both_faults_of_one_cac_are_told_and_cost_once() {
    let report = audit(&product("cac: 900, cac_includes: [media], revenue_from: platform"));
    assert_eq!(readings(&report, UNLOADED), ["unloaded.cac", "platform"]);
    let verdicts = report.verdicts.iter().filter(|verdict| verdict.rule.name == UNLOADED);
    assert_eq!(verdicts.count(), 1);
}

/// A shop with LTV:CAC as its north star and a KPI beside it.
fn beside_ltv_cac(economics: &str, kpi: &str) -> String {
    format!(
        "plan: Shop\nperiod: 2027-Q1\nbusiness_model: repeat-purchase\neconomics: {{{economics}}}\n\
         goals: [{{id: sales, name: Online sales, target: 1.2M}}]\nkpis:\n  - {{name: \"LTV:CAC\", role: north-star, drives: [sales]}}\n  \
         - {{{kpi}, drives: [sales]}}\n"
    )
}

const ONE_ORDER: &str = "price: 80, gross_margin: 40%, new_share: 60%, orders_per_customer: 1.2";
const REGULARS: &str = "price: 80, gross_margin: 40%, new_share: 95%, orders_per_customer: 3.2";

#[test]
fn a_roas_under_break_even_is_told_also_where_ltv_to_cac_stands_in_the_plan() {
    let report = audit(&beside_ltv_cac(ONE_ORDER, "name: ROAS, target: 2, budget: 40k"));
    assert!(readings(&report, ROAS).is_empty());
    let finding = findings(&report, BELOW)[0];
    assert_eq!(finding.severity, Severity::High);
    assert_eq!(
        finding.message(),
        "\"ROAS\" is set at a ROAS of 2, under the break-even of 2.5 (margin 40%): 100 of ad spend bring 80 of gross profit \
         with the first order. Later ones do not make up for it: a new customer costs 66.7 and brings 38.4 in all, LTV:CAC 0.58."
    );
    assert_eq!(finding.at_stake.as_ref().map(|stake| stake.amount), Some(40_000.0));
}

#[test]
fn a_roas_at_break_even_or_over_it_or_worth_three_to_one_passes() {
    let said_at = |economics: &str, target: &str| {
        said(&beside_ltv_cac(economics, &format!("name: ROAS, target: {target}")), BELOW)
    };
    assert_eq!(said_at(ONE_ORDER, "2.5"), []);
    assert_eq!(said_at(ONE_ORDER, "2.49"), [("never", Severity::High)]);
    assert_eq!(said_at(REGULARS, "2.4"), [("too-little", Severity::High)]);
    assert_eq!(said_at(REGULARS, "2.47"), [], "LTV:CAC is 3.0:1 there");
    assert_eq!(said_at("price: 80, gross_margin: 40%, new_share: 95%, orders_per_customer: 9", "1.2"), []);
}

#[test]
fn a_declared_payback_says_that_customers_are_bought_at_a_loss_on_purpose() {
    assert_eq!(said(&beside_ltv_cac(REGULARS, "name: ROAS, target: 1.8"), BELOW), [("too-little", Severity::High)]);
    let report = audit(&beside_ltv_cac(REGULARS, "name: ROAS, target: 1.8, payback: 5 months"));
    assert!(readings(&report, BELOW).is_empty() && unknowns(&report, BELOW).is_empty());
}

#[test]
fn the_floor_that_is_proposed_is_one_of_roas_and_a_ceiling_of_acos() {
    let yaml = |kpi: &str| {
        let report = audit(&beside_ltv_cac(REGULARS, kpi));
        findings(&report, BELOW)[0].reframe.as_ref().expect("a reframe").yaml.clone()
    };
    assert_eq!(yaml("name: ROAS, target: 1.8"), "kpis:\n- id: roas\n  name: ROAS\n  target: \">= 2.47\"\n");
    assert!(yaml("name: ACOS, target: 60%").contains("<= 40.5%"));
    assert!(!yaml("name: Hit a ROAS of 1.8").contains("1.8\n"));
}

#[test]
fn an_unknown_share_of_new_customers_decides_only_where_all_shares_agree() {
    let economics = |orders: &str| format!("price: 80, gross_margin: 40%, orders_per_customer: {orders}");
    let certain = beside_ltv_cac(&economics("2"), "name: ROAS, target: 2");
    assert_eq!(said(&certain, BELOW), [("too-little.range", Severity::Medium)]);
    assert_eq!(shown(&audit(&certain), BELOW, "ratio"), "0.48 to 1.60");
    let unclear = audit(&beside_ltv_cac(&economics("6"), "name: ROAS, target: 2"));
    assert!(readings(&unclear, BELOW).is_empty());
    assert_eq!(unknowns(&unclear, BELOW), ["new_share"]);
}

#[test]
fn a_roas_that_cannot_be_judged_names_what_would_tell() {
    let asked = |economics: &str, kpi: &str| unknowns(&audit(&beside_ltv_cac(economics, kpi)), BELOW);
    assert_eq!(asked("price: 80", "name: ROAS, target: 2"), ["gross_margin"]);
    assert_eq!(asked("gross_margin: 40%, new_share: 60%", "name: ROAS, target: 2"), ["orders_per_customer", "price"]);
    assert_eq!(asked("gross_margin: 40%", "name: ROAS, target: 3"), [""; 0], "over break-even no more is needed");
    for doubtful in ["20%", "400", "1.000"] {
        assert_eq!(asked(ONE_ORDER, &format!("name: ROAS, target: {doubtful}")), ["target"], "{doubtful}");
    }
    assert_eq!(asked(ONE_ORDER, "name: ROAS"), ["target"]);
    let bare = with_kpis("  - {name: ROAS, target: 2, drives: [new-arr]}");
    assert_eq!(unknowns(&audit(&bare), BELOW), ["gross_margin"]);
    let products = bare + "products: [{name: One, budget: 10k}, {name: Two, budget: 10k}]\n";
    assert_eq!(unknowns(&audit(&products), BELOW), ["product"]);
}

#[test]
fn a_graver_rule_on_the_same_roas_tells_it_once() {
    let alone = beside_ltv_cac(ONE_ORDER, "name: ROAS, target: 2").replace("LTV:CAC", "Online sales");
    let report = audit(&alone);
    assert_eq!(readings(&report, ROAS), ["destroys-value"]);
    assert!(readings(&report, BELOW).is_empty());
}

#[test]
fn a_floor_is_told_only_where_each_customer_under_it_loses_and_once() {
    let floor = |economics: &str| {
        let report = audit(&beside_ltv_cac(economics, "name: ROAS, role: guardrail, target: \">= 1.8\""));
        (readings(&report, BELOW), readings(&report, ROAS))
    };
    assert_eq!(floor(ONE_ORDER), (vec!["never"], vec![]));
    assert_eq!(floor(REGULARS), (vec![], vec!["guardrail"]));
}

#[test]
fn a_diagnostic_roas_an_ad_roi_and_the_roas_of_a_nonprofit_are_left_alone() {
    let judged = |plan: &str| audit(plan).verdicts.iter().any(|verdict| verdict.rule.name == BELOW);
    assert!(!judged(&beside_ltv_cac(ONE_ORDER, "name: ROAS, target: 2, role: diagnostic")));
    assert!(!judged(&beside_ltv_cac(ONE_ORDER, "name: Ad ROI, metric: ad-roi, target: 2")));
    assert!(!judged(&beside_ltv_cac(ONE_ORDER, "name: MER, target: 2")));
    assert!(!judged(&beside_ltv_cac(ONE_ORDER, "name: ROAS, target: 2").replace("repeat-purchase", "nonprofit")));
}

#[test]
fn a_roas_on_more_than_one_payment_is_not_held_against_the_first() {
    let plan = product("cac: 300, price: 49, billing: monthly, gross_margin: 50%, monthly_churn: 20%")
        + "kpis: [{name: LTV, drives: [arr]}, {name: ROAS, product: app, target: 1.5, drives: [arr]}]\n";
    assert_eq!(said(&plan, BELOW), []);
    let on_a_payment = plan.replace("cac: 300, ", "new_share: 100%, ");
    assert_eq!(said(&on_a_payment, BELOW), []);
}

#[test]
fn a_roas_is_known_in_other_languages() {
    for name in ["ROAS das campanhas", "ROAS de campañas", "ROAS kampanii", "ROAS der Kampagnen", "ROAS des campagnes"]
    {
        assert_eq!(
            readings(&audit(&beside_ltv_cac(ONE_ORDER, &format!("name: {name}, target: 2"))), BELOW),
            ["never"],
            "{name}"
        );
    }
}

#[test]
fn what_is_given_away_or_sold_at_cost_is_not_said_to_lose() {
    for keys in ["price: 0, gross_margin: 60%", "price: 90, gross_margin: 0%"] {
        let report = audit(&product(&format!("{keys}, billing: monthly, monthly_churn: 2%, cac: 10")));
        assert!(findings(&report, BAND).is_empty(), "{keys}");
        assert_eq!(unknowns(&report, BAND), ["gross_margin", "price"], "{keys}");
        let given = audit(&product(&format!("{keys}, billing: monthly, monthly_churn: 2%, ltv: 900")));
        assert_eq!(unknowns(&given, LTV), ["gross_margin", "price"], "{keys}");
    }
}

#[test]
fn a_region_without_figures_is_not_asked_for_any_and_one_with_figures_is_judged() {
    let region = |keys: &str| {
        let plan = product("cac: \"1,000\", ltv: \"4,000\"");
        format!("{}, {{name: EMEA, kind: region, {keys}}}]\n", plan.trim_end().trim_end_matches(']'))
    };
    let of_region = |keys: &str| {
        let report = audit(&region(keys));
        (unknowns(&report, BAND), readings(&report, BAND))
    };
    assert_eq!(of_region("budget: 20k"), (vec![], vec![]));
    assert_eq!(of_region("budget: 20k, cac: 900, ltv: 600"), (vec![], vec!["loses"]));
}

#[test]
fn what_a_roas_target_buys_is_told_once_with_the_target() {
    let plan = |orders: &str, target: &str| {
        format!(
            "plan: Tea\nperiod: 2027-Q1\nbusiness_model: repeat-purchase\n\
             goals: [{{id: sales, name: Online sales, target: 300k}}]\n\
             products: [{{id: tea, name: Tea, price: 40, gross_margin: 50%, {orders}, new_share: 60%, cac: 20}}]\n\
             kpis: [{{id: roas, name: ROAS, metric: roas, product: tea, target: {target}, drives: [sales], because: 1 is 3}}]\n"
        )
    };
    // 40 / (3 x 60%) = 22.2 a customer, worth 40: the same side of the band as 20.
    let same = audit(&plan("orders_per_customer: 2", "3"));
    assert_eq!((readings(&same, "roas-over-ltv-cac"), readings(&same, BAND).len()), (vec!["too-low"], 0));
    let losing = audit(&plan("orders_per_customer: 0.9", "3"));
    assert_eq!((readings(&losing, "roas-over-ltv-cac").len(), readings(&losing, BAND).len()), (1, 0));
    // 40 / (6 x 60%) = 11.1: by the target a customer would be worth its cost, and by the plan's CAC it is not.
    let other = audit(&plan("orders_per_customer: 2", "6"));
    assert_eq!(readings(&other, BAND), ["thin"]);
}

#[test]
fn nobody_is_told_to_pay_more_for_customers_who_pay_back_late() {
    let late = "cac: 900, price: 50, billing: monthly, gross_margin: 70%, monthly_churn: 0.5%, ltv: \"7,000\"";
    let report = audit(&format!("{}segment: smb\n", product(late)));
    assert_eq!(readings(&report, "slow-payback"), ["slow"]);
    assert!(readings(&report, BAND).is_empty());
}

#[test]
fn what_makes_a_customer_worth_nothing_is_named() {
    for (keys, named) in [("orders_per_customer: 0", "`orders_per_customer`"), ("ltv: 0", "`ltv`")] {
        let plan = format!(
            "plan: Shop\nperiod: 2027-Q1\ngoals: [{{id: sales, name: Online sales}}]\n\
             economics: {{price: 80, gross_margin: 40%, {keys}}}\n\
             kpis: [{{name: ROAS, target: 4, drives: [sales]}}]\n"
        );
        let report = audit(&plan);
        assert_eq!(readings(&report, ROAS), ["no-figure"]);
        assert_eq!(shown(&report, ROAS, "missing"), named);
    }
}

#[test]
fn a_deadline_in_quotes_can_be_pasted_back() {
    for (by, pasted) in [("2027-03-31", "2027-03-31"), ("\"2027-03-31\"", "2027-03-31"), ("'6 months'", "2027-06-30")] {
        let report = audit(&with_kpis(&format!("  - {{name: ROAS, target: 4, by: {by}}}")));
        let yaml = findings(&report, ROAS)[0].reframe.as_ref().map(|reframe| reframe.yaml.clone()).unwrap_or_default();
        assert!(yaml.contains(&format!("by: {pasted}\n")), "{yaml}");
    }
}

#[test]
fn a_roas_that_is_to_be_kept_is_asked_about_by_the_number_that_it_stands_at() {
    let report = audit(&with_kpis("  - {name: tROAS, baseline: \"49%\", keep: 3%}"));
    assert_eq!(readings(&report, ROAS), ["doubtful-target"]);
    assert_eq!(shown(&report, ROAS, "written"), "49%");
}

#[test]
fn a_guardrail_has_no_floor_to_be_under_where_a_customer_is_worth_nothing() {
    let report = audit(
        "plan: Shop\nperiod: 2027-Q1\nbusiness_model: repeat-purchase\ngoals: [{id: sales, name: Online sales}]\n\
         economics: {price: 80, gross_margin: 40%, new_share: 60%, orders_per_customer: 0}\n\
         kpis: [{name: ROAS, role: guardrail, target: 4, drives: [sales]}, {name: \"LTV:CAC\", target: 3}]\n",
    );
    assert!(readings(&report, ROAS).is_empty());
}
