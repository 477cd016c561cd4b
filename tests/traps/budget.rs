//! The traps of the rules on budget.

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
