//! `kpi-audit explain [RULE]`: prints a rule's page, or the list of rules.

use kpi_audit::report::{View, explain, text::clean};
use kpi_audit::rules;

use super::audit::Outcome;
use super::meant;

pub(crate) fn run(rule: Option<&str>, view: &View) -> Outcome {
    let Some(name) = rule else { return Outcome { out: explain::list(view), ..Outcome::default() } };
    match rules::named(name) {
        Some(rule) => Outcome { out: explain::page(rule, view), ..Outcome::default() },
        None => {
            let help = match meant(name, rules::all().map(|rule| rule.name)) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => "`kpi-audit explain` lists the rules".to_owned(),
            };
            Outcome {
                err: format!("error: there is no rule `{}`\nhelp: {help}\n", clean(name)),
                status: 2,
                ..Outcome::default()
            }
        }
    }
}
