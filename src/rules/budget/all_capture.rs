//! `all-capture`: money that only catches people who already want it, or only makes people want it.

use std::sync::LazyLock;

use crate::facts::{Facts, Purposes, PurposesFrom};
use crate::plan::{BusinessStage, PlanPart, Segment, Subject};
use crate::rules::page::Page;
use crate::rules::reframe::{self, Fields};
use crate::rules::verdict::{FindingDraft, Need, Verdicts};
use crate::rules::{Area, Check, Rule};
use crate::settings::{Setting, SettingUnit};
use crate::severity::Severity;
use crate::wording::Figure;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "all-capture",
    area: Area::Budget,
    weight: Severity::Low,
    since: 1,
    on: &["plan"],
    needs: &[],
    applies: |facts| !is_launch(facts),
    yields_to: &[],
    settings: &[&LEAST_CREATION, &MOST_CREATION],
    conventions: &[],
    page: LazyLock::new(|| Page::parse(include_str!("all_capture.md"))),
    check: Check::First(check),
};

static LEAST_CREATION: Setting = Setting {
    key: "least_creation",
    default: 0.20,
    unit: SettingUnit::Share,
    least: 0.0,
    most: 1.0,
    words: "the share of creation in creation and capture under which hardly anything makes new people want it",
    source: "a convention: well under Binet and Field's 46% for business and 60% for consumer brands",
};

static MOST_CREATION: Setting = Setting {
    key: "most_creation",
    default: 0.80,
    unit: SettingUnit::Share,
    least: 0.0,
    most: 1.0,
    words: "the share over which hardly anything catches those who want it",
    source: "a convention: well over the same figures",
};

fn is_launch(facts: &Facts) -> bool {
    facts.plan.head.stage.as_ref().is_some_and(|stage| stage.value == BusinessStage::Launch)
}

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    if is_launch(facts) || (facts.plan.lacks(PlanPart::Budget) && facts.plan.lacks(PlanPart::Initiatives)) {
        return;
    }
    let purposes = facts.purposes();
    if let PurposesFrom::Budget { missing } = &purposes.from
        && !missing.is_empty()
    {
        return verdicts.unknown(Subject::Plan, missing.iter().map(|key| Need::new(key, Subject::Plan)));
    }
    let Some((least, most)) = purposes.creation_share() else {
        let untold = without_purpose(purposes);
        if !untold.is_empty() {
            verdicts.unknown(Subject::Plan, untold);
        }
        return;
    };
    let threshold = |setting| facts.settings.threshold(RULE.name, setting);
    let (low, high) = (threshold(&LEAST_CREATION), threshold(&MOST_CREATION));
    if most < low {
        verdicts.fail(Subject::Plan, draft(facts, purposes, "all-capture", low));
    } else if least > high && facts.plan.head.stage.is_none() {
        // One that launches makes itself known first, and is right to.
        verdicts.unknown(Subject::Plan, [Need::new("stage", Subject::Plan)]);
    } else if least > high {
        verdicts.fail(Subject::Plan, draft(facts, purposes, "all-creation", high));
    } else if least >= low && most <= high {
        verdicts.pass(Subject::Plan);
    } else {
        verdicts.unknown(Subject::Plan, without_purpose(purposes));
    }
}

fn without_purpose(purposes: &Purposes) -> Vec<Need> {
    match &purposes.from {
        PurposesFrom::Initiatives { without } => {
            without.iter().map(|at| Need::new("purpose", Subject::Initiative(*at))).collect()
        }
        PurposesFrom::Budget { .. } => Vec::new(),
    }
}

fn draft(facts: &Facts, purposes: &Purposes, reading: &'static str, bound: f64) -> FindingDraft {
    let page = RULE.page();
    let stated = matches!(purposes.from, PurposesFrom::Budget { .. });
    let told = purposes.creation + purposes.capture;
    let reference = match facts.plan.head.segment.as_ref().map(|segment| segment.value) {
        Some(Segment::Consumer) => "reference.consumer",
        Some(Segment::Smb | Segment::MidMarket | Segment::Enterprise) => "reference.business",
        None => "reference.both",
    };
    let part = if stated { PlanPart::Budget } else { PlanPart::Initiatives };
    FindingDraft::at(facts.plan.place_of_parts(&[part]), reading, Severity::Low)
        .with("creation", Figure::Money(purposes.creation))
        .with("capture", Figure::Money(purposes.capture))
        .with("share", Figure::Share(purposes.creation / told))
        .with("rest", Figure::Share(purposes.capture / told))
        .with("bound", Figure::Share(bound))
        .with("basis", Figure::Text(page.phrase(if stated { "basis.budget" } else { "basis.initiatives" }).to_owned()))
        .with("reference", Figure::Text(page.phrase(reference).to_owned()))
        .reframe(stated.then(|| moved(told, bound)), false)
}

/// The smallest move that brings creation to the bound, the sum kept.
fn moved(told: f64, bound: f64) -> String {
    let creation = told * bound;
    let fields = Fields::new().text("creation", reframe::amount(creation));
    reframe::part("budget", fields.text("capture", reframe::amount(told - creation)))
}
