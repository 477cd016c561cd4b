//! The traps of the rules on measures.

use crate::support::{audit, findings, readings, shown, unknowns};
use crate::{ROAS, VANITY, named, with_kpis};

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
fn a_share_of_a_count_of_attention_is_unknown() {
    let report = audit(&with_kpis("  - {name: Repeat visits, target: 20%, drives: [new-arr], because: 1 in 4}"));
    assert!(readings(&report, VANITY).is_empty());
    assert!(unknowns(&report, VANITY).contains(&"metric"));
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
fn attention_is_sent_to_leads_only_where_the_business_sells_to_leads() {
    let reframe = |model: &str| {
        let plan = with_kpis("  - {name: Instagram likes, target: 900}")
            .replace("period:", &format!("business_model: {model}\nperiod:"));
        let report = audit(&plan);
        let found = findings(&report, VANITY);
        found[0].reframe.as_ref().map(|reframe| reframe.yaml.clone()).unwrap_or_default()
    };
    assert!(reframe("subscription").contains("metric: leads"));
    for model in ["repeat-purchase", "nonprofit", "ad-funded", "marketplace"] {
        assert!(!reframe(model).contains("leads"), "{model}");
    }
}
