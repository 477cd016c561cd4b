//! The traps of the rules on economics.

use kpi_audit::severity::Severity;

use crate::support::{audit, findings, readings, shown, unknowns};
use crate::{LINK, ROAS, named, with_kpis};

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
