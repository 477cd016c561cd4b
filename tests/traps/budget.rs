//! The traps of the rules on budget.

use kpi_audit::severity::Severity;

use crate::support::{audit, findings, readings, shown, unknowns};
use crate::{THIN, VANITY, with_kpis};

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
fn a_proposal_promises_no_more_than_the_best_split_of_the_same_products() {
    // Plants are in doubt and count among the products with figures all the same.
    let report = audit(include_str!("../../examples/six-products.yaml"));
    assert_eq!(shown(&report, THIN, "regret"), "20.9%");
    assert_eq!(shown(&report, THIN, "gain"), "19.4%");
}

const VIABLE: &str = "below-viable-budget";

/// Products with these keys each.
fn products(parts: &[&str]) -> String {
    let parts: String =
        parts.iter().enumerate().map(|(at, part)| format!("  - {{id: p{at}, name: P{at}, {part}}}\n")).collect();
    format!("plan: Products\nperiod: 2027-Q1\ngoals: [{{name: New ARR}}]\nproducts:\n{parts}")
}

/// A plan of a quarter with one product and one KPI about it.
fn in_auctions(product: &str, kpi: &str) -> String {
    format!(
        "plan: Auctions\nperiod: 2027-Q1\ngoals: [{{id: new-arr, name: New ARR, target: 1.2M}}]\n\
         products: [{{id: core, name: Core, {product}}}]\n\
         kpis: [{{id: leads, name: Leads, target: 900, drives: [new-arr], because: 1 in 20, {kpi}}}]\n"
    )
}

#[test]
fn twelve_thousand_a_month_at_115_buys_24_conversions_a_week() {
    let report = audit(&in_auctions("budget: 36k, channels: [paid-social]", "unit_cost: 115"));
    assert_eq!(readings(&report, VIABLE), ["unit-cost"]);
    let shown = |slot| shown(&report, VIABLE, slot);
    assert_eq!(["monthly", "bought", "wanted", "minimum"].map(shown), ["12k", "24.1", "50", "24.9k"]);
    assert_eq!(findings(&report, VIABLE)[0].severity, Severity::Medium);
}

#[test]
fn fifty_a_week_are_enough() {
    let at = |money: &str| {
        readings(&audit(&in_auctions(&format!("budget: {money}, channels: [paid-social]"), "unit_cost: 60")), VIABLE)
            .len()
    };
    // 50 x 60 x 52/12 x 3 months
    assert_eq!([at("39k"), at("38.9k")], [0, 1]);
}

#[test]
fn channels_that_are_no_auctions_need_no_minimum() {
    for channels in ["[email, partners]", "[linkedin]", "[trade-press]", "[]"] {
        let report = audit(&in_auctions(&format!("budget: 3k, channels: {channels}"), "unit_cost: 115"));
        assert!(readings(&report, VIABLE).is_empty() && unknowns(&report, VIABLE).is_empty(), "{channels}");
    }
    let silent = audit(&in_auctions("budget: 3k", "unit_cost: 115"));
    assert!(readings(&silent, VIABLE).is_empty() && unknowns(&silent, VIABLE).is_empty());
}

#[test]
fn auctions_are_known_however_they_are_written() {
    for channels in ["Paid Social", "paid_search", "[PAID-SEARCH, Display]"] {
        let report = audit(&in_auctions(&format!("budget: 3k, channels: {channels}"), "unit_cost: 115"));
        assert_eq!(readings(&report, VIABLE), ["unit-cost"], "{channels}");
    }
}

#[test]
fn a_budget_for_auctions_and_other_channels_is_unknown() {
    let report = audit(&in_auctions("budget: 3k, channels: [paid-social, email]", "unit_cost: 115"));
    assert!(readings(&report, VIABLE).is_empty());
    assert_eq!(unknowns(&report, VIABLE), ["channels"]);
}

#[test]
fn the_cheapest_conversion_counts_and_one_that_is_not_settled_counts_as_unknown() {
    let plan = |second: &str| {
        let first = in_auctions("budget: 36k, channels: [paid-social]", "unit_cost: 115");
        format!("{}, {{name: Sign-ups, product: core, unit_cost: {second}}}]\n", first.trim_end().trim_end_matches(']'))
    };
    assert!(readings(&audit(&plan("50")), VIABLE).is_empty());
    assert_eq!(readings(&audit(&plan("100")), VIABLE), ["unit-cost"]);
    let unsettled = audit(&plan("1.000"));
    assert!(readings(&unsettled, VIABLE).is_empty());
    assert_eq!(unknowns(&unsettled, VIABLE), ["unit_cost"]);
}

#[test]
fn without_any_cost_of_a_conversion_it_is_unknown() {
    let leads = audit(&in_auctions("budget: 3k, channels: display", "owner: ana"));
    assert_eq!(unknowns(&leads, VIABLE), ["unit_cost"]);
    let nothing = audit(&products(&["budget: 3k, channels: display"]));
    assert_eq!(unknowns(&nothing, VIABLE), ["cac"]);
}

#[test]
fn where_leads_are_counted_the_cac_is_not_what_an_auction_need_look_for() {
    let product = "budget: 30k, cac: 280, channels: [paid-social]";
    let own = audit(&in_auctions(product, "owner: ana"));
    assert!(readings(&own, VIABLE).is_empty());
    assert_eq!(unknowns(&own, VIABLE), ["unit_cost"]);
    let of_any = |kpi: &str| {
        let plan = products(&[product, "budget: 30k"]);
        let report = audit(&format!("{plan}business_model: subscription\nkpis: [{{name: Leads, {kpi}}}]\n"));
        (readings(&report, VIABLE), unknowns(&report, VIABLE))
    };
    assert_eq!(of_any("unit_cost: 35"), (vec![], vec!["product"]));
    assert_eq!(of_any("owner: ana"), (vec![], vec!["unit_cost"]));
    assert_eq!(of_any("product: p1, unit_cost: 35"), (vec!["cac"], vec![]));
}

#[test]
fn where_people_sell_the_cac_is_not_what_an_auction_buys() {
    let plan = in_auctions("budget: 60k, cac: \"5,000\", channels: [paid-search]", "owner: ana");
    let sales_led = audit(&format!("{plan}motion: sales-led\n"));
    assert!(readings(&sales_led, VIABLE).is_empty());
    assert_eq!(unknowns(&sales_led, VIABLE), ["unit_cost"]);
}

#[test]
fn orders_of_those_who_come_back_teach_an_auction_too() {
    let plan = |budget: &str, more: &str| {
        let product = format!("budget: {budget}, cac: 100, channels: [paid-social]{more}");
        format!("{}business_model: repeat-purchase\n", products(&[&product]))
    };
    // 20k a month buy 46 new customers a week, and 462 orders.
    assert!(readings(&audit(&plan("60k", ", new_share: 10%")), VIABLE).is_empty());
    assert_eq!(readings(&audit(&plan("60k", ", new_share: 100%")), VIABLE), ["cac"]);
    let open = audit(&plan("60k", ""));
    assert!(readings(&open, VIABLE).is_empty());
    assert_eq!(unknowns(&open, VIABLE), ["new_share"]);
    assert_eq!(readings(&audit(&plan("15k", "")), VIABLE), ["cac-at-least"]);
}

/// An initiative on its own dates, with leads at 115.
fn campaign(initiative: &str) -> String {
    with_kpis("  - {id: leads, name: Leads, unit_cost: 115}\n  - {id: awareness, name: Brand awareness}")
        + &format!("initiatives: [{{name: Search, channels: [paid-search], {initiative}}}]\n")
}

#[test]
fn an_initiative_is_judged_by_its_own_dates() {
    let of = |text: &str| readings(&audit(&campaign(text)), VIABLE).len();
    assert_eq!(of("serves: [leads], budget: 20k"), 1);
    assert_eq!(of("serves: [leads], budget: 20k, start: 2027-02-01, end: 2027-02-14"), 0);
    assert_eq!(of("serves: [leads], budget: 20k, status: done"), 0);
    assert_eq!(of("serves: [leads], budget: 20k, priority: wont"), 0);
}

#[test]
fn work_that_makes_a_brand_known_buys_no_conversions() {
    for more in ["serves: [leads], purpose: creation", "serves: [leads], kind: brand", "serves: [awareness]"] {
        let report = audit(&campaign(&format!("budget: 5k, {more}")));
        assert!(readings(&report, VIABLE).is_empty() && unknowns(&report, VIABLE).is_empty(), "{more}");
    }
}

#[test]
fn an_initiative_on_the_money_of_a_small_product_is_not_told_again() {
    let plan = in_auctions("budget: 36k, channels: [paid-social]", "unit_cost: 115")
        + "initiatives: [{name: Search, channels: [paid-search], budget: 9k, serves: [leads]}]\n";
    assert_eq!(readings(&audit(&plan), VIABLE), ["unit-cost"]);
}

#[test]
fn a_larger_budget_is_proposed_only_out_of_money_that_the_plan_has() {
    let reframe = |total: &str| {
        let plan = in_auctions("budget: 36k, channels: [paid-social]", "unit_cost: 115");
        let report = audit(&format!("{plan}budget: {{total: {total}}}\n"));
        findings(&report, VIABLE)[0].reframe.as_ref().map(|reframe| reframe.yaml.clone())
    };
    assert!(reframe("100k").is_some_and(|yaml| yaml.contains("budget: 75k")));
    assert_eq!(reframe("60k"), None);
}

#[test]
fn a_split_that_is_proposed_leaves_no_auction_with_too_little() {
    let plan = |budgets: [&str; 3]| {
        let line = |(id, budget, keys): (&str, &str, &str)| {
            format!("  - {{id: {id}, name: {id}, budget: {budget}, ltv: 4000, {keys}}}\n")
        };
        let keys = ["cac: 200", "cac: 1500", "cac: 300, channels: [paid-search]"];
        let products: String =
            ["a", "b", "c"].into_iter().zip(budgets).zip(keys).map(|((a, b), c)| line((a, b, c))).collect();
        format!(
            "plan: Split\nperiod: 2027-Q1\ngoals: [{{name: New ARR}}]\nproducts:\n{products}\
             kpis: [{{name: Leads, product: c, unit_cost: 14, drives: [new-arr], because: 1 in 4}}]\n"
        )
    };
    let report = audit(&plan(["6000", "10000", "5000"]));
    let proposed = &findings(&report, THIN)[0].reframe.as_ref().expect("a split").yaml;
    let budgets: Vec<&str> = proposed.lines().filter_map(|line| line.trim().strip_prefix("budget: ")).collect();
    // 50 a week at 14 are 9,100 in a quarter.
    let again = audit(&plan(budgets.try_into().expect("three budgets")));
    assert_eq!(readings(&again, VIABLE), [""; 0], "{proposed}");
}

const UNREADY: &str = "unready-product";

#[test]
fn an_even_share_on_a_product_in_doubt_is_high() {
    let report = audit(&products(&["budget: 50k, doubts: [demand]", "budget: 50k, doubts: []"]));
    assert_eq!(findings(&report, UNREADY)[0].severity, Severity::High);
    let shown = |slot| shown(&report, UNREADY, slot);
    assert_eq!(["share", "even", "doubts"].map(shown), ["50%", "50%", "whether anybody wants it"]);
    let third = ["budget: 10k, doubts: [demand]", "budget: 10k, doubts: []", "budget: 10k, doubts: []"];
    assert_eq!(readings(&audit(&products(&third)), UNREADY), ["in-doubt"]);
    assert!(
        readings(&audit(&products(&["budget: 49k, doubts: [demand]", "budget: 51k, doubts: []"])), UNREADY).is_empty()
    );
}

#[test]
fn a_product_that_explores_may_hold_ten_points_more() {
    let plan = |money: &str| {
        let first = format!("budget: {money}, stage: explore, doubts: [fit]");
        products(&[&first, "budget: 40k, doubts: []"])
    };
    assert!(readings(&audit(&plan("60k")), UNREADY).is_empty());
    assert_eq!(readings(&audit(&plan("61k")), UNREADY), ["in-doubt"]);
}

#[test]
fn a_product_alone_is_not_weighed_against_others() {
    let alone = audit(&products(&["budget: 50k, doubts: [demand]"]));
    assert!(readings(&alone, UNREADY).is_empty() && unknowns(&alone, UNREADY).is_empty());
    let open = audit(&products(&["doubts: [demand]"]));
    assert!(unknowns(&open, UNREADY).is_empty());
    let regions = audit(&products(&["kind: region, budget: 50k, doubts: [fit]", "kind: region, budget: 50k"]));
    assert!(readings(&regions, UNREADY).is_empty() && unknowns(&regions, UNREADY).is_empty());
}

#[test]
fn a_leading_product_that_says_nothing_of_its_doubts_is_unknown_and_a_small_one_passes() {
    let report = audit(&products(&["budget: 70k", "budget: 30k"]));
    assert!(readings(&report, UNREADY).is_empty());
    assert_eq!(unknowns(&report, UNREADY), ["doubts"]);
}

#[test]
fn a_missing_budget_leaves_a_product_in_doubt_unknown() {
    let report = audit(&products(&["budget: 70k, doubts: [fit]", "doubts: []"]));
    assert!(readings(&report, UNREADY).is_empty());
    assert_eq!(unknowns(&report, UNREADY), ["budget"]);
}

#[test]
fn all_eggs_in_a_product_in_doubt_are_told_once() {
    let report = audit(&products(&["budget: 190k, doubts: [fit]", "budget: 10k, doubts: []"]));
    assert_eq!(readings(&report, UNREADY), ["in-doubt"]);
    assert!(readings(&report, THIN).is_empty());
    let only = audit(&products(&["budget: 190k, doubts: [fit]", "budget: 0"]));
    assert_eq!(readings(&only, THIN), ["all-eggs"]);
}

#[test]
fn the_rest_goes_to_the_ready_product_that_returns_most_or_waits() {
    let yaml = |parts: &[&str]| {
        let report = audit(&products(parts));
        findings(&report, UNREADY)[0].reframe.as_ref().map(|reframe| reframe.yaml.clone()).unwrap_or_default()
    };
    let moved = yaml(&["budget: 60k, doubts: [fit]", "budget: 40k, cac: 10, ltv: 30", "budget: 30k, cac: 10, ltv: 50"]);
    assert_eq!(
        moved,
        "products:\n- id: p0\n  name: P0\n  budget: 30k\n  stage: explore\n- id: p2\n  name: P2\n  budget: 60k\n"
    );
    let waits = yaml(&["budget: 190k, doubts: [fit]", "budget: 10k, doubts: []"]);
    assert_eq!(waits, "products:\n- id: p0\n  name: P0\n  budget: 95k\n  stage: explore\n");
}

const PATH: &str = "no-cross-sell-path";

#[test]
fn three_doors_are_medium_and_two_are_a_choice() {
    let three = audit(&products(&["budget: 120k", "budget: 50k", "budget: 30k"]));
    assert_eq!(readings(&three, PATH), ["many-openers"]);
    assert_eq!(findings(&three, PATH)[0].severity, Severity::Medium);
    let two = audit(&products(&["budget: 120k", "budget: 50k", "budget: 10k, sold_after: p0"]));
    assert!(readings(&two, PATH).is_empty());
}

#[test]
fn where_the_money_does_not_say_who_keeps_the_door_no_one_is_proposed() {
    let proposed = |budgets: [&str; 3]| {
        let report = audit(&products(&budgets));
        findings(&report, PATH)[0].reframe.as_ref().map(|reframe| reframe.yaml.clone())
    };
    assert_eq!(proposed(["budget: 160k", "budget: 40k", "budget: 40k"]), None);
    let after_the_first = "products:\n- id: p2\n  name: P2\n  sold_after: p0\n";
    assert_eq!(proposed(["budget: 100k", "budget: 100k", "budget: 20k"]).as_deref(), Some(after_the_first));
}

#[test]
fn fewer_than_three_products_need_no_path() {
    let report = audit(&products(&["budget: 120k", "budget: 0"]));
    assert!(readings(&report, PATH).is_empty() && unknowns(&report, PATH).is_empty());
    let regions =
        audit(&products(&["kind: region, budget: 9k", "kind: region, budget: 9k", "kind: region, budget: 9k"]));
    assert!(readings(&regions, PATH).is_empty());
}

#[test]
fn an_even_spread_tells_the_many_doors_too() {
    let report = audit(&products(&["budget: 60k", "budget: 60k", "budget: 60k"]));
    assert_eq!(readings(&report, THIN), ["even"]);
    assert!(readings(&report, PATH).is_empty());
}

#[test]
fn a_product_sold_to_anothers_customers_may_have_a_fifth_of_the_money() {
    let plan = |money: &str| {
        products(&[
            "budget: 80k",
            &format!("budget: {money}, sold_after: p0"),
            "budget: 0, sold_after: p0, sold_through: sales",
        ])
    };
    assert!(readings(&audit(&plan("20k")), PATH).is_empty());
    let over = audit(&plan("20.3k"));
    assert_eq!(readings(&over, PATH), ["funded-follower"]);
    assert_eq!(shown(&over, PATH, "share"), "20.2%");
}

#[test]
fn a_follower_that_the_best_split_would_not_cut_keeps_its_money() {
    let plan = |ltv: u32| {
        let follower = format!("budget: 30k, sold_after: p0, cac: 100, ltv: {ltv}");
        products(&["budget: 90k, cac: 100, ltv: 400", &follower, "budget: 1k, sold_after: p0"])
    };
    assert!(readings(&audit(&plan(500)), PATH).is_empty());
    assert_eq!(readings(&audit(&plan(300)), PATH), ["funded-follower"]);
}

#[test]
fn followers_of_an_even_split_that_became_one_with_a_door_are_left_alone() {
    // As the reframe of an even split of 180k would have it.
    let follower = "budget: 30k, sold_after: p0, sold_through: sales";
    let report = audit(&products(&["budget: 120k", follower, follower]));
    assert!(readings(&report, PATH).is_empty() && readings(&report, THIN).is_empty());
}

#[test]
fn a_follower_from_which_a_better_split_takes_money_is_told_with_that_split() {
    let plan = |worth: &str| {
        let follower = format!("budget: 60k, sold_after: p0, sold_through: sales, cac: 2000, {worth}");
        products(&["budget: 100k, cac: 1000, ltv: 2800", "budget: 100k, cac: 2500, ltv: 1300", &follower])
    };
    let report = audit(&plan("ltv: 1100"));
    assert_eq!(readings(&report, THIN), ["losing"]);
    assert!(readings(&report, PATH).is_empty());
}

#[test]
fn products_whose_customers_come_without_money_need_no_path() {
    let path = |parts: &[&str]| readings(&audit(&products(parts)), PATH);
    let all_organic = ["budget: 0, new_customers: 40", "budget: 0", "budget: 0, sold_after: p0, sold_through: crm"];
    assert!(path(&all_organic).is_empty());
    let paid = "budget: 9k";
    assert!(path(&[paid, "budget: 0, new_customers: 40", "budget: 1k, sold_after: p0"]).is_empty());
    assert!(path(&[paid, "budget: 0", "budget: 1k, sold_after: p1"]).is_empty());
    assert_eq!(path(&[paid, "budget: 0, new_customers: 0", "budget: 1k, sold_after: p0"]), ["no-path"]);
}

#[test]
fn no_door_is_named_while_another_product_may_have_money() {
    let said = |last: &str| {
        let report = audit(&products(&["budget: 9k", "budget: 0", last]));
        let found = findings(&report, PATH);
        found.iter().any(|finding| finding.reframe.is_some())
    };
    assert!(said("budget: 1k, sold_after: p0"));
    assert!(!said("doubts: []"));
}

#[test]
fn what_is_missing_of_a_path_is_named() {
    let plan = |third: &str| products(&["budget: 90k", "budget: 5k, sold_after: p0", third]);
    let said = |third: &str| {
        let report = audit(&plan(third));
        findings(&report, PATH).iter().map(|finding| (finding.reading, finding.severity)).collect::<Vec<_>>()
    };
    assert_eq!(said("budget: 0"), [("no-path", Severity::Medium)]);
    assert_eq!(said("budget: 0, sold_after: p0"), [("no-way", Severity::Low)]);
    assert_eq!(said("budget: 0, sold_through: crm"), [("no-customers", Severity::Low)]);
    assert_eq!(said("budget: 0, sold_after: p0, sold_through: crm"), []);
    assert_eq!(said("budget: 0, stage: sustain"), []);
}

#[test]
fn a_product_without_a_budget_is_unknown_unless_the_others_hold_all_the_money() {
    let plan = products(&["budget: 90k", "budget: 5k, sold_after: p0", "doubts: []"]);
    let open = audit(&plan);
    assert!(readings(&open, PATH).is_empty());
    assert_eq!(unknowns(&open, PATH), ["budget"]);
    assert_eq!(readings(&audit(&format!("{plan}budget: {{total: 95k}}\n")), PATH), ["no-path"]);
}

#[test]
fn a_third_door_of_unknown_money_leaves_the_plan_unknown() {
    let report = audit(&products(&["budget: 90k", "budget: 50k", "doubts: []"]));
    assert!(readings(&report, PATH).is_empty());
    // Of the plan, and of the product.
    assert_eq!(unknowns(&report, PATH), ["budget", "budget"]);
    assert_eq!(
        readings(&audit(&products(&["budget: 9k", "budget: 5k", "budget: 2k", "doubts: []"])), PATH),
        ["many-openers"]
    );
}

const CAPTURE: &str = "all-capture";

fn purposes(budget: &str, more: &str) -> String {
    format!("plan: Purposes\nperiod: 2027-Q1\ngoals: [{{id: new-arr, name: New ARR}}]\nbudget: {{{budget}}}\n{more}")
}

#[test]
fn under_a_fifth_and_over_four_fifths_for_creation_is_low() {
    let of = |budget: &str| readings(&audit(&purposes(budget, "stage: grow\n")), CAPTURE);
    assert_eq!(of("creation: 19k, capture: 81k"), ["all-capture"]);
    assert!(of("creation: 20k, capture: 80k").is_empty());
    assert!(of("creation: 80k, capture: 20k, retention: 400k").is_empty());
    assert_eq!(of("creation: 81k, capture: 19k"), ["all-creation"]);
    let report = audit(&purposes("creation: 19k, capture: 81k", ""));
    assert_eq!(findings(&report, CAPTURE)[0].severity, Severity::Low);
}

#[test]
fn a_launch_is_not_judged_and_what_may_be_one_is_unknown() {
    let launch = audit(&purposes("creation: 90k, capture: 0", "stage: launch\n"));
    assert!(readings(&launch, CAPTURE).is_empty() && unknowns(&launch, CAPTURE).is_empty());
    let open = audit(&purposes("creation: 90k, capture: 0", ""));
    assert!(readings(&open, CAPTURE).is_empty());
    assert_eq!(unknowns(&open, CAPTURE), ["stage"]);
}

#[test]
fn the_reference_is_that_of_the_segment() {
    let of = |segment: &str| {
        let report = audit(&purposes("creation: 0, capture: 90k", segment));
        shown(&report, CAPTURE, "reference")
    };
    assert!(of("segment: consumer\n").contains("60 to 40") && !of("segment: consumer\n").contains("46"));
    assert!(of("segment: smb\n").contains("46") && !of("segment: smb\n").contains("60 to 40"));
    assert!(of("").contains("60") && of("").contains("46 to 54"));
}

#[test]
fn one_purpose_alone_says_nothing_of_the_other() {
    assert_eq!(unknowns(&audit(&purposes("capture: 90k, total: 100k", "")), CAPTURE), ["creation"]);
}

#[test]
fn initiatives_without_a_purpose_decide_only_where_it_does_not_matter_what_they_are_for() {
    let plan = |untold: &str| {
        purposes(
            "total: 200k",
            &format!(
                "initiatives:\n  - {{name: A, purpose: capture, budget: 90k}}\n  - {{name: B, purpose: retention, budget: 50k}}\n\
             \x20 - {{name: C, budget: {untold}}}\n  - {{name: D, purpose: creation, budget: 80k, priority: wont}}\n"
            ),
        )
    };
    assert_eq!(readings(&audit(&plan("10k")), CAPTURE), ["all-capture"]);
    let open = audit(&plan("60k"));
    assert!(readings(&open, CAPTURE).is_empty());
    assert_eq!(unknowns(&open, CAPTURE), ["purpose"]);
}

#[test]
fn a_plan_without_money_for_either_has_nothing_to_weigh() {
    for budget in ["total: 90k", "creation: 0, capture: 0"] {
        let report = audit(&purposes(budget, ""));
        assert!(readings(&report, CAPTURE).is_empty() && unknowns(&report, CAPTURE).is_empty(), "{budget}");
    }
}

const UNMEASURED: &str = "unmeasured-spend";

fn initiatives(parts: &[&str]) -> String {
    let parts: String = parts.iter().enumerate().map(|(at, part)| format!("  - {{name: W{at}, {part}}}\n")).collect();
    with_kpis("  - {id: leads, name: Leads}") + "initiatives:\n" + &parts
}

#[test]
fn over_a_fifth_is_medium_and_over_half_is_high() {
    let of = |unmeasured: &str| {
        let report = audit(&initiatives(&["budget: 40k, serves: [leads]", &format!("budget: {unmeasured}")]));
        findings(&report, UNMEASURED).first().map(|finding| finding.severity)
    };
    assert_eq!(
        [of("10k"), of("11k"), of("40k"), of("41k")],
        [None, Some(Severity::Medium), Some(Severity::Medium), Some(Severity::High)]
    );
}

#[test]
fn the_money_in_question_is_that_of_the_work_that_serves_nothing() {
    let report = audit(&initiatives(&["budget: 40k, serves: [leads]", "budget: 45k", "budget: 15k"]));
    let stake = findings(&report, UNMEASURED)[0].at_stake.as_ref();
    assert_eq!(stake.map(|stake| (stake.amount, stake.of.len())), Some((60_000.0, 2)));
    assert_eq!([shown(&report, UNMEASURED, "share"), shown(&report, UNMEASURED, "names")], ["60%", "W1 and W2"]);
}

#[test]
fn what_it_expects_is_what_it_serves_and_upkeep_and_what_is_over_are_left_out() {
    for work in ["expects: {leads: +40}", "kind: upkeep", "status: done", "status: stopped", "priority: wont"] {
        let report = audit(&initiatives(&["budget: 40k, serves: [leads]", &format!("budget: 90k, {work}")]));
        assert!(readings(&report, UNMEASURED).is_empty(), "{work}");
    }
}

#[test]
fn an_empty_list_serves_nothing() {
    assert_eq!(readings(&audit(&initiatives(&["budget: 40k, serves: []"])), UNMEASURED), ["initiatives"]);
}

#[test]
fn missing_budgets_leave_it_unknown_unless_the_total_bounds_them() {
    let parts = ["serves: [leads]", "budget: 60k"];
    let open = audit(&initiatives(&parts));
    assert!(readings(&open, UNMEASURED).is_empty());
    assert_eq!(unknowns(&open, UNMEASURED), ["budget"]);
    let severity = |total: &str| {
        let report = audit(&format!("{}budget: {{total: {total}}}\n", initiatives(&parts)));
        findings(&report, UNMEASURED).first().map(|finding| finding.severity)
    };
    assert_eq!(
        [severity("100k"), severity("200k"), severity("400k")],
        [Some(Severity::High), Some(Severity::Medium), None]
    );
    let unserved = audit(&initiatives(&["budget: 60k, serves: [leads]", "owner: ana"]));
    assert_eq!(unknowns(&unserved, UNMEASURED), ["budget"]);
}

#[test]
fn a_kpi_that_names_no_product_may_be_about_any_of_them() {
    let plan = |product: &str| {
        with_kpis(&format!("  - {{name: Leads{product}}}"))
            + "products: [{id: core, name: Core, budget: 60k}, {id: pro, name: Pro, budget: 40k}]\n"
    };
    let open = audit(&plan(""));
    assert!(readings(&open, UNMEASURED).is_empty());
    assert_eq!(unknowns(&open, UNMEASURED), ["product"]);
    assert_eq!(readings(&audit(&plan(", product: core")), UNMEASURED), ["products"]);
    let one = with_kpis("  - {name: Leads}") + "products: [{name: Core, budget: 60k}]\n";
    assert!(readings(&audit(&one), UNMEASURED).is_empty() && unknowns(&audit(&one), UNMEASURED).is_empty());
}

#[test]
fn a_plan_that_measures_nothing_is_not_told_so_of_its_money() {
    let report = audit("plan: Bare\nperiod: 2027-Q1\ninitiatives: [{name: Fair, budget: 40k}]\n");
    assert!(readings(&report, UNMEASURED).is_empty() && unknowns(&report, UNMEASURED).is_empty());
}

const SUMS: &str = "sums-do-not-add";

#[test]
fn purposes_and_reserve_are_shown_with_their_sum() {
    let report = audit(&purposes("total: 280k, creation: 60k, capture: 210k, retention: 20k, reserve: 10k", ""));
    assert_eq!(readings(&report, SUMS), ["purposes-over"]);
    assert_eq!(findings(&report, SUMS)[0].severity, Severity::High);
    let message = "creation 60k + capture 210k + retention 20k + reserve 10k = 300k, 20k more than the total of 280k.";
    assert_eq!(findings(&report, SUMS)[0].message(), message);
}

#[test]
fn one_per_cent_is_rounding() {
    let of =
        |total: &str| readings(&audit(&purposes(&format!("total: {total}, creation: 101k, reserve: 0"), "")), SUMS);
    assert!(of("100k").is_empty());
    assert_eq!(of("99.9k"), ["purposes-over"]);
}

#[test]
fn money_that_no_purpose_is_given_to_is_no_mistake_unless_all_are_given() {
    assert!(
        readings(&audit(&purposes("total: 300k, creation: 60k, capture: 100k, retention: 20k", "")), SUMS).is_empty()
    );
    let all = audit(&purposes("total: 300k, creation: 60k, capture: 100k, retention: 20k, reserve: 10k", ""));
    assert_eq!(readings(&all, SUMS), ["purposes-under"]);
    assert_eq!(
        findings(&all, SUMS)[0].reframe.as_ref().map(|reframe| reframe.yaml.as_str()),
        Some("budget:\n  reserve: 120k\n")
    );
}

#[test]
fn regions_and_products_are_two_cuts_of_the_same_money() {
    let plan = |north: &str| {
        purposes(
            "total: 100k",
            &format!(
                "products: [{{name: A, budget: 100k}}, {{name: North, kind: region, budget: {north}}}, {{name: South, kind: region, budget: 40k}}]\n"
            ),
        )
    };
    assert!(readings(&audit(&plan("60k")), SUMS).is_empty());
    let over = audit(&plan("80k"));
    assert_eq!((readings(&over, SUMS), shown(&over, SUMS, "difference")), (vec!["regions"], "20k".to_owned()));
}

#[test]
fn initiatives_count_where_they_are_ahead_and_within_the_period() {
    let of = |second: &str| {
        let list = format!("initiatives: [{{name: A, budget: 80k}}, {{name: B, budget: 50k, {second}}}]\n");
        readings(&audit(&purposes("total: 100k", &list)), SUMS)
    };
    assert_eq!(of("priority: should"), ["initiatives"]);
    assert_eq!(of("priority: could"), ["with-coulds"]);
    for over in ["priority: wont", "status: done", "end: 2027-06-30", "start: 2026-10-01"] {
        assert!(of(over).is_empty(), "{over}");
    }
}

#[test]
fn a_budget_without_a_total_or_with_an_unsettled_part_is_unknown() {
    assert_eq!(unknowns(&audit(&purposes("creation: 60k", "")), SUMS), ["total"]);
    assert_eq!(unknowns(&audit(&purposes("total: \"1.000\", creation: 60k", "")), SUMS), ["total"]);
    assert_eq!(unknowns(&audit(&purposes("total: 100k, creation: \"1.000\"", "")), SUMS), ["creation"]);
    let none = audit(&products(&["budget: 60k"]));
    assert!(readings(&none, SUMS).is_empty() && unknowns(&none, SUMS).is_empty());
}

const LOPSIDED: &str = "lopsided-teams";

fn teams(teams: &str) -> String {
    format!("plan: Teams\nperiod: 2027-Q1\ngoals: [{{name: New ARR}}]\nteams: {{{teams}}}\n")
}

#[test]
fn over_five_to_one_is_a_note_either_way() {
    let of = |sales: u32, marketing: u32| {
        let report = audit(&teams(&format!("sales: {{people: {sales}}}, marketing: {{people: {marketing}}}")));
        findings(&report, LOPSIDED).first().map(|finding| (finding.severity, shown(&report, LOPSIDED, "larger")))
    };
    assert_eq!(of(20, 4), None);
    assert_eq!(of(21, 4), Some((Severity::Note, "sales".to_owned())));
    assert_eq!(of(2, 11), Some((Severity::Note, "marketing".to_owned())));
}

#[test]
fn a_note_costs_no_points() {
    let lopsided = audit(&teams("sales: {people: 44}, marketing: {people: 4}"));
    let points: Vec<f64> =
        lopsided.findings().filter(|found| found.verdict.rule.name == LOPSIDED).map(|found| found.points).collect();
    assert_eq!(points, [0.0]);
}

#[test]
fn teams_are_known_by_what_they_do_and_summed() {
    let report = audit(&teams("Vendas: {people: 20}, SDR: {people: 10}, Dział marketingu: {people: 2}"));
    assert_eq!(
        [shown(&report, LOPSIDED, "many"), shown(&report, LOPSIDED, "few"), shown(&report, LOPSIDED, "ratio")],
        ["30", "2", "15"]
    );
    // Of one sales team nobody says how many there are.
    let open = audit(&teams("sales: {people: 20}, SDR: {members: [ana]}, marketing: {people: 2}"));
    assert!(readings(&open, LOPSIDED).is_empty());
    assert_eq!(unknowns(&open, LOPSIDED), ["budget", "people"]);
}

#[test]
fn people_are_weighed_before_money() {
    let both = audit(&teams("sales: {people: 30, budget: 900k}, marketing: {people: 3, budget: 100k}"));
    assert_eq!(readings(&both, LOPSIDED), ["people"]);
    let money = audit(&teams("sales: {people: 8, budget: 900k}, marketing: {people: 3, budget: 100k}"));
    assert_eq!(readings(&money, LOPSIDED), ["money"]);
}

#[test]
fn a_plan_of_one_team_has_no_ratio() {
    for of in [
        "marketing: {people: 40}",
        "sales: {people: 40}, finance: {people: 1}",
        "marketing: {people: 40}, growth: {people: 1}",
    ] {
        let report = audit(&teams(of));
        assert!(readings(&report, LOPSIDED).is_empty() && unknowns(&report, LOPSIDED).is_empty(), "{of}");
    }
}

#[test]
fn another_budget_takes_its_new_customers_with_it() {
    let product = |money: &str, price: u32| {
        format!(
            "budget: {money}, new_customers: 100, price: {price}, billing: monthly, gross_margin: 80%, monthly_churn: 2%"
        )
    };
    let plan =
        products(&[&product("100k", 100), &product("100k", 30), &format!("{}, doubts: [fit]", product("100k", 20))]);
    let report = audit(&format!("{plan}business_model: subscription\n"));
    let reframe = |rule| findings(&report, rule)[0].reframe.as_ref().map(|reframe| reframe.yaml.clone()).unwrap();
    // 100 x (200k / 100k)^0.5.
    assert!(reframe(THIN).contains("budget: 200k\n  new_customers: 142\n"), "{}", reframe(THIN));
}

#[test]
fn a_product_in_doubt_is_given_one_budget_and_not_two() {
    let plan = products(&[
        "budget: 50k, doubts: []",
        "budget: 50k, doubts: [fit]",
        "budget: 50k, doubts: []",
        "budget: 50k, doubts: []",
    ]);
    let report = audit(&plan);
    let money = |rule| {
        let yaml = findings(&report, rule)[0].reframe.as_ref().map(|reframe| reframe.yaml.clone()).unwrap();
        let own = yaml.split("id: p1\n").nth(1).unwrap().to_owned();
        own.lines().find(|line| line.contains("budget")).unwrap().trim().to_owned()
    };
    assert_eq!(money(THIN), money("unready-product"));
    let unready = findings(&report, "unready-product")[0].reframe.as_ref().unwrap().yaml.clone();
    assert!(!unready.contains("id: p0"), "{unready}");
    let yaml = findings(&report, THIN)[0].reframe.as_ref().unwrap().yaml.clone();
    assert!(!yaml.contains("40k\n- id: p2"), "{yaml}");
}

#[test]
fn beside_a_spread_over_many_products_stand_as_many_as_anybody_reads() {
    let products: String =
        (0..50).map(|at| format!("  - {{name: P{at}, budget: 1000, cac: 100, ltv: {}}}\n", 50 + at % 2)).collect();
    let report = audit(&format!("plan: Trap\nperiod: 2027-Q1\nproducts:\n{products}"));
    assert_eq!(findings(&report, THIN)[0].related.len(), 20);
}
