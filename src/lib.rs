//! Audits go-to-market plans: what is measured, whether it leads to money, and where the money goes.
//!
//! A company writes its goals, KPIs, product budgets, funnels, initiatives and team agreements as
//! YAML. This crate reads them, runs a rule set over what follows from them, and gives a [`Report`]:
//! findings with the plan's own numbers, the question to ask in the meeting, a better KPI where
//! there is one, and a score that can be recomputed by hand. It is deterministic, offline, and a
//! function of its input: the date comes in as a parameter.
//!
//! The command-line tool of the same name is built on it; its manual is the README.
//!
//! # Audit a text
//!
//! ```
//! let text = "
//! plan: Q1 growth plan
//! period: 2027-Q1
//! goals: [{name: New ARR, target: 1.2M}]
//! kpis: [{name: LinkedIn followers, target: 9000, drives: [new-arr]}]
//! ";
//! let report = kpi_audit::Auditor::new(kpi_audit::Date::constant(2027, 1, 15)).audit_text("plan.yaml", text);
//! let plan = &report.plans[0];
//! let finding = plan.findings().next().expect("followers alone are a vanity metric");
//! assert_eq!(finding.verdict.rule.name, "vanity-metric");
//! assert_eq!(plan.position(finding.finding).line, 5);
//! println!("{}", finding.finding.message());
//! println!("ask: {}", finding.finding.question().unwrap_or_default());
//! ```
//!
//! A text with a fault gives no plan, but every fault with its place:
//!
//! ```
//! let report = kpi_audit::Auditor::new(kpi_audit::Date::constant(2027, 1, 15))
//!     .audit_text("plan.yaml", "plan: x\nkpis: [{name: Leads, onwer: jana}]");
//! assert!(report.plans.is_empty());
//! let fault = &report.faults[0];
//! assert_eq!(fault.problems[0].help().as_deref(), Some("did you mean `owner`?"));
//! ```
//!
//! # The way through
//!
//! [`source`] gives texts and places, [`plan`] the typed plan, [`facts`] what follows from it,
//! [`rules`] the verdicts, [`score`] the score, and [`report`] the outputs. Each knows nothing of
//! those after it.

pub mod audit;
pub mod baseline;
pub mod compare;
pub mod discover;
pub mod edit;
pub mod facts;
mod fingerprint;
pub mod fix;
pub mod gates;
pub mod git;
pub mod import;
pub mod metrics;
mod phrases;
pub mod plan;
pub mod report;
pub mod rules;
pub mod run;
pub mod score;
pub mod set;
pub mod settings;
pub mod severity;
pub mod source;
pub mod waivers;
pub mod wording;
pub mod words;
mod yaml;

pub use jiff::civil::Date;

pub use audit::{Auditor, Choice, FindingRef, PlanReport, Report};
