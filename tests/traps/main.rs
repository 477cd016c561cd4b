//! The traps of the rules, by name: what must not be said, and what must not be missed.

#[path = "../support/mod.rs"]
mod support;

mod alignment;
mod budget;
mod completeness;
mod economics;
mod feasibility;
mod guards;
mod measures;
mod numbers;
mod reading;
mod revenue;
mod work;

const VANITY: &str = "vanity-metric";
const LINK: &str = "no-revenue-link";
const ROAS: &str = "roas-over-ltv-cac";
const THIN: &str = "spread-thin";
const BELOW: &str = "roas-below-break-even";
const BAND: &str = "ltv-cac-out-of-band";
const PAYBACK: &str = "slow-payback";
const LTV: &str = "ltv-not-credible";
const UNLOADED: &str = "unloaded-cac";
const MONEY: &str = "no-revenue-kpi";
const RESULTS: &str = "revenue-only";
const REASON: &str = "link-without-reason";
const LEAP: &str = "leap-to-revenue";
const GAP: &str = "lifecycle-gap";
const SILO: &str = "siloed-kpis";
const CLOCK: &str = "brand-on-a-short-clock";

/// A plan with these lines under `kpis:`, and a goal of money.
fn with_kpis(kpis: &str) -> String {
    format!("plan: Trap\nperiod: 2027-Q1\ngoals: [{{id: new-arr, name: New ARR, target: 1.2M}}]\nkpis:\n{kpis}\n")
}

fn named(name: &str) -> String {
    with_kpis(&format!("  - {{name: \"{name}\", drives: [new-arr], because: 1 in 4}}"))
}
