//! `underpowered-test`: a test that will not tell, because it is too small or its mark is met by luck.

use std::sync::LazyLock;

use hashbrown::HashMap;

use crate::facts::Facts;
use crate::facts::marks::Test;
use crate::facts::odds::{Deciding, MarkOf, chance_of_at_least, size_that_decides, size_without_luck};
use crate::plan::{Entity, Initiative, InitiativeKind, PlanPart, Subject, Success};
use crate::rules::page::Page;
use crate::rules::reframe::{self, Fields};
use crate::rules::verdict::{FindingDraft, Need, Verdicts};
use crate::rules::{Area, Check, Rule, Yield};
use crate::settings::{Setting, SettingUnit};
use crate::severity::Severity;
use crate::wording::{Figure, Template};

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "underpowered-test",
    area: Area::Work,
    weight: Severity::Medium,
    since: 1,
    on: &["initiative"],
    needs: &[PlanPart::Initiatives],
    applies: |facts| facts.plan.initiatives.is_empty() || facts.plan.initiatives_ahead().any(|(_, one)| is_a_test(one)),
    // A test that should have stopped is not made larger.
    yields_to: &[Yield::to("should-have-stopped")],
    settings: &[&LEAST_CHANCE, &MOST_LUCK, &POWER],
    conventions: &[],
    page: LazyLock::new(|| Page::parse(include_str!("underpowered_test.md"))),
    check: Check::First(check),
};

static LEAST_CHANCE: Setting = Setting {
    key: "least_chance",
    default: 0.5,
    unit: SettingUnit::Share,
    least: 0.0,
    most: 1.0,
    words: "the least chance of meeting the mark where what is hoped for is true",
    source: "a convention: below it, a test rather fails what works",
};

static MOST_LUCK: Setting = Setting {
    key: "most_luck",
    default: 0.2,
    unit: SettingUnit::Share,
    least: 0.0,
    most: 1.0,
    words: "the most chance of meeting the mark by luck, where only half of it is true",
    source: "a convention: one in five is the risk of a first try, not of a proof",
};

static POWER: Setting = Setting {
    key: "power",
    default: 0.8,
    unit: SettingUnit::Share,
    least: 0.01,
    most: 0.99,
    words: "the chance of meeting the mark that the size proposed would have",
    source: "the usual convention for the power of a test, after Jacob Cohen, Statistical Power Analysis \
             for the Behavioral Sciences, 1988",
};

/// Whether a number of tries is what would make it decide.
fn is_a_test(initiative: &Initiative) -> bool {
    let has_a_size = || initiative.success.iter().flat_map(|marks| marks.iter()).any(|mark| mark.of.is_some());
    initiative.is(InitiativeKind::Experiment)
        || initiative.is(InitiativeKind::Campaign)
        || (!initiative.is(InitiativeKind::Pilot) && has_a_size())
}

/// What keeps a test from deciding.
struct Weakness<'p> {
    reading: &'static str,
    test: Test<'p>,
    size: u64,
    /// The chance of meeting the mark where what is hoped for is true.
    chance: Option<f64>,
    /// The chance of meeting it where only half of it is true.
    luck: f64,
    rate: f64,
}

/// Sizes that would decide, by mark and hope: one search for all tests that are alike.
type Sizes = HashMap<(bool, u64, Option<u64>), Option<u64>>;

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    let mut sizes = Sizes::new();
    for (at, initiative) in facts.plan.initiatives_ahead().filter(|(_, initiative)| is_a_test(initiative)) {
        let subject = Subject::Initiative(at);
        let judged: Vec<Option<Weakness<'_>>> = initiative.tests().filter_map(|test| weakness(facts, test)).collect();
        let lacks_size = initiative.tests().any(|test| test.size.is_none());
        let drafts: Vec<FindingDraft> =
            judged.iter().flatten().map(|weak| finding(facts, initiative, weak, &mut sizes)).collect();
        if !drafts.is_empty() {
            verdicts.fail_all(subject, drafts);
        } else if !judged.is_empty() {
            verdicts.pass(subject);
        } else if lacks_size {
            verdicts.unknown(subject, [Need::new("of", subject)]);
        }
    }
}

/// What is weak about a test; nothing inside where it can decide. `None` where it cannot be judged.
fn weakness<'p>(facts: &Facts, test: Test<'p>) -> Option<Option<Weakness<'p>>> {
    let (size, rate) = (test.size?, test.rate()?);
    let least = test.mark.count_of(size);
    let luck = chance_of_at_least(least, size, rate / 2.0)?;
    let chance = test.hope.and_then(|hope| chance_of_at_least(least, size, hope));
    let threshold = |setting| facts.settings.threshold(RULE.name, setting);
    // What has happened already needs no odds.
    let is_met = test.observed.is_some_and(|observed| observed >= least);
    let unlikely = !is_met && chance.is_some_and(|chance| chance < threshold(&LEAST_CHANCE));
    let reading = match (unlikely, luck > threshold(&MOST_LUCK)) {
        (false, false) => return Some(None),
        // A count is met at any rate, by more tries.
        (true, _) if matches!(test.mark, MarkOf::Share(mark) if test.hope.is_some_and(|hope| hope < mark)) => {
            "hopeless"
        }
        (true, _) => "unlikely",
        (false, true) if test.hope.is_none() => "luck-without-hope",
        (false, true) => "luck",
    };
    Some(Some(Weakness { reading, test, size, chance, luck, rate }))
}

fn finding(facts: &Facts, initiative: &Entity<Initiative>, weak: &Weakness<'_>, sizes: &mut Sizes) -> FindingDraft {
    let Weakness { reading, test, size, chance, luck, rate } = weak;
    let page = RULE.page();
    let power = facts.settings.threshold(RULE.name, &POWER);
    let decides = decides(facts, test, sizes);
    let figures = [
        ("decides", Figure::Count(decides.unwrap_or_default() as f64)),
        ("power", Figure::Share(power)),
        ("lucky", Figure::Share(facts.settings.threshold(RULE.name, &MOST_LUCK))),
    ];
    let larger = match (decides, test.hope) {
        (None, Some(_)) if matches!(test.mark, MarkOf::Share(_)) => page.phrase("size.near"),
        (None, _) => page.phrase("size.low"),
        (Some(_), None) => page.phrase("size.luck"),
        (Some(_), Some(_)) => page.phrase("size.power"),
    };
    let place = test.written.at_least.as_ref().map_or(initiative.place, |mark| mark.whole());
    FindingDraft::at(place, reading, Severity::Medium)
        .with("name", Figure::Text(initiative.name.value.to_string()))
        .with("measure", Figure::Text(test.written.measure.value.to_string()))
        .with("least", Figure::Count(test.mark.count_of(*size) as f64))
        .with("size", Figure::Count(*size as f64))
        .with("hope", Figure::Rate(test.hope.unwrap_or_default()))
        .with("mark", Figure::Rate(*rate))
        .with("half", Figure::Rate(rate / 2.0))
        .with("chance", Figure::Share(chance.unwrap_or_default()))
        .with("luck", Figure::Share(*luck))
        .with("larger", Figure::Text(Template(larger).fill(&figures)))
        .with("decides", Figure::Count(decides.unwrap_or_default() as f64))
        .reframe(decides.and_then(|decides| reframe(initiative, test, decides)), false)
}

/// The smallest size that would decide; without a hope, from which on luck would not.
fn decides(facts: &Facts, test: &Test<'_>, sizes: &mut Sizes) -> Option<u64> {
    let hope = test.hope.map(f64::to_bits);
    let key = match test.mark {
        MarkOf::Share(share) => (true, share.to_bits(), hope),
        MarkOf::Count(count) => (false, count.to_bits(), hope),
    };
    let threshold = |setting| facts.settings.threshold(RULE.name, setting);
    let deciding = Deciding { power: threshold(&POWER), luck: threshold(&MOST_LUCK) };
    *sizes.entry(key).or_insert_with(|| match test.hope {
        Some(hope) => size_that_decides(test.mark, hope, deciding),
        None => size_without_luck(test.mark, deciding.luck),
    })
}

/// The marks of the initiative, this one with the size that would decide.
fn reframe(initiative: &Entity<Initiative>, test: &Test<'_>, decides: u64) -> Option<String> {
    let marks = initiative.success.as_ref()?.iter().map(|mark| {
        let own = std::ptr::eq(mark.value.as_ref(), test.written);
        let size =
            if own { Some(decides.to_string()) } else { mark.of.as_ref().map(|of| of.quantity().text.to_string()) };
        written(&mark.value, size)
    });
    let fields = Fields::named(&initiative.id, &initiative.name);
    Some(reframe::list("initiatives", vec![fields.parts("success", marks.collect())]))
}

fn written(mark: &Success, size: Option<String>) -> Fields {
    let text = |quantity: Option<&crate::plan::quantity::Quantity>| quantity.map(|quantity| quantity.text.to_string());
    Fields::new()
        .text("measure", mark.measure.value.to_string())
        .maybe("at_least", text(mark.at_least.as_ref().map(|mark| mark.quantity())))
        .maybe("of", size)
        .maybe("hope", text(mark.hope.as_ref().map(|hope| hope.quantity())))
        .maybe("observed", text(mark.observed.as_ref().map(|observed| observed.quantity())))
        .maybe("so_far", text(mark.so_far.as_ref().map(|so_far| so_far.quantity())))
}
