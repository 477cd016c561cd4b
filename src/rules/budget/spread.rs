//! How the money is spread: what spread-thin tells of it, and what other rules then leave to its proposal.

use crate::facts::allocation::Proposal;
use crate::facts::economics::BREAK_EVEN_LTV_TO_CAC;
use crate::facts::{Facts, Split};
use crate::settings::{LEADING_SHARE, Setting, SettingUnit};
use crate::severity::Severity;

/// The rule that tells it, and has its thresholds.
pub(super) const RULE_NAME: &str = "spread-thin";

pub(super) static FEWEST_PRODUCTS: Setting = Setting {
    key: "fewest_products",
    default: 3.0,
    unit: SettingUnit::Count,
    least: 2.0,
    most: 100.0,
    words: "the funded products from which a budget can be spread thin",
    source: "a convention: two products are a choice, not a spread",
};

pub(super) static EVEN: Setting = Setting {
    key: "even",
    default: 0.85,
    unit: SettingUnit::Number,
    least: 0.0,
    most: 1.0,
    words: "the evenness (1/Σs²)/n from which a split counts as even",
    source: "a convention on Hill's diversity number of order 2, Ecology 54, 1973",
};

pub(super) static LOSING: Setting = Setting {
    key: "losing",
    default: 0.10,
    unit: SettingUnit::Share,
    least: 0.0,
    most: 1.0,
    words: "the share of the money under an LTV:CAC of 1 from which it is high",
    source: "a convention",
};

pub(super) static REGRET: Setting = Setting {
    key: "regret",
    default: 0.10,
    unit: SettingUnit::Share,
    least: 0.0,
    most: 10.0,
    words: "the gain of the best split from which it is medium",
    source: "a convention: less than a tenth is within what the figures can tell",
};

pub(super) static ALIKE: Setting = Setting {
    key: "alike",
    default: 1.25,
    unit: SettingUnit::Ratio,
    least: 1.0,
    most: 10.0,
    words: "the ratio of the highest to the lowest LTV:CAC up to which returns are alike",
    source: "a convention",
};

/// What is to be said of a split.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spread {
    /// Much of the money buys customers who bring less than they cost.
    Losing,
    /// Another split would gain.
    Regret,
    /// It is even, and nothing is known of what the products return.
    Even,
    /// It is even, and the products return alike.
    Alike,
}

impl Spread {
    /// With LTV:CAC for two or more products, the money decides, over those products; else evenness does.
    pub(super) fn of(facts: &Facts, split: &Split) -> Option<Self> {
        by_returns(facts, split).unwrap_or_else(|| is_even(facts, split).then_some(Self::Even))
    }

    pub(super) fn reading(self) -> &'static str {
        match self {
            Self::Losing => "losing",
            Self::Regret => "regret",
            Self::Even => "even",
            Self::Alike => "alike",
        }
    }

    pub(super) fn severity(self) -> Severity {
        match self {
            Self::Losing => Severity::High,
            Self::Regret | Self::Even => Severity::Medium,
            Self::Alike => Severity::Note,
        }
    }

    /// Whether it is more than a note, and comes with another split.
    pub(super) fn is_told(self) -> bool {
        self.severity() > Severity::Note
    }
}

/// The split that is proposed with a finding, where there is one: other rules give no second budget to its products.
pub(super) fn proposed_split(facts: &Facts) -> Option<Proposal> {
    let split = facts.split();
    let speaks = split.unclear.is_empty() && has_several(facts, split);
    let is_told = speaks && Spread::of(facts, split).is_some_and(Spread::is_told);
    is_told.then(|| split.proposal(facts)).flatten()
}

/// Whether there are enough funded products for a spread.
pub(super) fn has_several(facts: &Facts, split: &Split) -> bool {
    split.funded.len() as f64 >= facts.settings.threshold(RULE_NAME, &FEWEST_PRODUCTS)
}

/// By what the products return; the outer `None` where that cannot decide.
fn by_returns(facts: &Facts, split: &Split) -> Option<Option<Spread>> {
    let threshold = |setting| facts.settings.threshold(RULE_NAME, setting);
    let known: Vec<(f64, f64)> =
        split.funded.iter().filter_map(|share| share.ltv_to_cac.map(|ratio| (share.money, ratio))).collect();
    if known.len() < 2 {
        return None;
    }
    let with_figures: f64 = known.iter().map(|(money, _)| money).sum();
    let losing: f64 = known.iter().filter(|(_, ratio)| *ratio < BREAK_EVEN_LTV_TO_CAC).map(|(money, _)| money).sum();
    if losing >= threshold(&LOSING) * split.total {
        return Some(Some(Spread::Losing));
    }
    // A gain that no split of human size reaches is no remedy, and so no finding.
    let gains =
        || split.proposal(facts).and_then(|proposal| proposal.gain).is_some_and(|gain| gain >= threshold(&REGRET));
    if split.regret_of_ready.is_some_and(|regret| regret >= threshold(&REGRET)) && gains() {
        return Some(Some(Spread::Regret));
    }
    // Figures of less than half of the money say nothing of the rest.
    if with_figures * 2.0 < split.total {
        return None;
    }
    let (low, high) = ratios(split)?;
    Some((is_even(facts, split) && high <= threshold(&ALIKE) * low).then_some(Spread::Alike))
}

fn is_even(facts: &Facts, split: &Split) -> bool {
    let leads = split.funded.iter().any(|share| share.share >= facts.settings.convention(&LEADING_SHARE));
    !leads && split.evenness.is_some_and(|evenness| evenness >= facts.settings.threshold(RULE_NAME, &EVEN))
}

/// The lowest and the highest LTV:CAC.
pub(super) fn ratios(split: &Split) -> Option<(f64, f64)> {
    let ratios = split.funded.iter().filter_map(|share| share.ltv_to_cac);
    let low = ratios.clone().fold(f64::INFINITY, f64::min);
    let high = ratios.fold(f64::NEG_INFINITY, f64::max);
    (low.is_finite() && high.is_finite()).then_some((low, high))
}
