//! `suspicious-number`: a number that can be read in two ways.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use crate::facts::Facts;
use crate::plan::Subject;
use crate::plan::quantity::Amount;
use crate::rules::page::Page;
use crate::rules::verdict::{FindingDraft, Verdicts};
use crate::rules::{Area, Check, Rule};
use crate::severity::Severity;
use crate::wording::{Figure, trimmed};

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "suspicious-number",
    area: Area::Measures,
    weight: Severity::High,
    since: 1,
    on: Subject::KINDS,
    needs: &[],
    applies: |_| false,
    yields_to: &[],
    settings: &[],
    conventions: &[],
    page: LazyLock::new(|| Page::parse(include_str!("suspicious_number.md"))),
    check: Check::First(check),
};

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    let mut found: Vec<(Subject, FindingDraft)> = Vec::new();
    let mut settled = BTreeSet::new();
    facts.plan.numbers(&mut |subject, span, quantity| {
        if quantity.has_two_forms() {
            settled.insert(subject);
        }
        if let Some((plain, thousands)) = quantity.amount.readings() {
            let draft = FindingDraft::at(span, "unsettled", Severity::High)
                .with("text", Figure::Text(quantity.text.clone()))
                .with("plain", Figure::Text(reading(plain)))
                .with("thousands", Figure::Text(reading(thousands)));
            found.push((subject, draft));
        }
    });
    for (subject, drafts) in by_subject(found) {
        settled.remove(&subject);
        verdicts.fail_all(subject, drafts);
    }
    for subject in settled {
        verdicts.pass(subject);
    }
}

/// One of the readings, written so that it can be read in one way only.
fn reading(amount: Amount) -> String {
    match amount.bounds() {
        Some((low, high)) if low < high => format!("{} to {}", trimmed(low, 6), trimmed(high, 6)),
        Some((one, _)) => trimmed(one, 6),
        None => String::new(),
    }
}

fn by_subject(found: Vec<(Subject, FindingDraft)>) -> BTreeMap<Subject, Vec<FindingDraft>> {
    let mut groups: BTreeMap<Subject, Vec<FindingDraft>> = BTreeMap::new();
    for (subject, draft) in found {
        groups.entry(subject).or_default().push(draft);
    }
    groups
}
