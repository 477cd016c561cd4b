//! Thresholds: each with its default, its bounds, its unit, and whose number that is.

use crate::plan::{Decoder, Measure, measured};
use crate::yaml::NodeId;

/// A threshold: where it is set, what it is by default, and whose number that is.
#[derive(Debug)]
pub struct Setting {
    /// The key under the rule, or under `conventions`.
    pub key: &'static str,
    /// Its default.
    pub default: f64,
    /// Its unit, as it is written and shown.
    pub unit: SettingUnit,
    /// The least that makes sense.
    pub least: f64,
    /// The most that makes sense.
    pub most: f64,
    /// What it means.
    pub words: &'static str,
    /// Where the default comes from.
    pub source: &'static str,
}

impl Setting {
    /// Its bounds, in words.
    pub(super) fn bounds(&self) -> String {
        format!("between {} and {}", self.unit.show(self.least), self.unit.show(self.most))
    }
}

/// The unit of a [`Setting`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingUnit {
    /// Written `30%`, held as 0.3.
    Share,
    /// A count.
    Count,
    /// A ratio to one.
    Ratio,
    /// Months.
    Months,
    /// A plain number.
    Number,
}

impl SettingUnit {
    /// Reads a value of this unit; a bare number is taken for one of it.
    pub(super) fn read(self, node: NodeId, decoder: &mut Decoder<'_>) -> Option<f64> {
        let expected = match self {
            Self::Share => Measure::Share,
            Self::Count | Self::Number => Measure::Count,
            Self::Ratio => Measure::Ratio,
            Self::Months => Measure::Months,
        };
        measured(node, expected, decoder)
    }

    /// A value as it is shown.
    pub fn show(self, value: f64) -> String {
        self.rounded(value, 3)
    }

    /// A value as it is written in a settings file that is read back.
    pub(super) fn write(self, value: f64) -> String {
        // Without the commas between thousands, which `{ }` would end the value at.
        self.rounded(value, 9).replace(',', "")
    }

    fn rounded(self, value: f64, places: usize) -> String {
        let number = crate::wording::trimmed(value, places);
        match self {
            Self::Share => format!("{}%", crate::wording::trimmed(value * 100.0, places - 1)),
            Self::Ratio => format!("{number}:1"),
            Self::Months if number == "1" => "1 month".to_owned(),
            Self::Months => format!("{number} months"),
            Self::Count | Self::Number => number,
        }
    }
}

/// What a settings file can change about one rule.
#[derive(Debug, Clone, Copy)]
pub struct Adjustable {
    /// The rule's name.
    pub rule: &'static str,
    /// The ruleset that it came with.
    pub since: u32,
    /// Its thresholds.
    pub settings: &'static [&'static Setting],
}

/// The longest time for which a customer is counted on.
pub static HORIZON: Setting = Setting {
    key: "horizon",
    default: 60.0,
    unit: SettingUnit::Months,
    least: 1.0,
    most: 600.0,
    words: "the months after which a customer is no longer counted on, so that lifetime value stays finite",
    source: "a convention: five years is the usual cap in subscription finance",
};

/// The LTV:CAC to keep.
pub static LTV_TO_CAC: Setting = Setting {
    key: "ltv_to_cac",
    default: 3.0,
    unit: SettingUnit::Ratio,
    least: 0.1,
    most: 100.0,
    words: "the LTV:CAC that growth should keep",
    source: "a practitioners' convention: Skok, SaaS Metrics 2.0",
};

/// The least that new customers may be of attributed orders where the plan does not say.
pub static NEW_SHARE_LEAST: Setting = Setting {
    key: "new_share_least",
    default: 0.3,
    unit: SettingUnit::Share,
    least: 0.01,
    most: 1.0,
    words: "the least share of new customers among attributed orders, where the plan gives none",
    source: "our assumption; a plan's own `new_share` replaces it",
};

/// How fast returns diminish.
pub static RETURNS_POWER: Setting = Setting {
    key: "returns_power",
    default: 0.5,
    unit: SettingUnit::Number,
    least: 0.05,
    most: 0.95,
    words: "the power by which returns grow with money, 1 meaning that they never diminish",
    source: "an assumption: a square-root response; measured advertising elasticities are lower, \
             see Sethuraman, Tellis and Briesch, Journal of Marketing Research 48(3), 2011",
};

/// Conversions a week that an advertising auction needs to learn from.
pub static CONVERSIONS_A_WEEK: Setting = Setting {
    key: "conversions_a_week",
    default: 50.0,
    unit: SettingUnit::Count,
    least: 0.0,
    most: 10_000.0,
    words: "the conversions a week below which money in advertising auctions teaches them too little",
    source: "the ad platforms' own guidance on how an ad set leaves its learning phase",
};

/// Customers below whom an average decides nothing.
pub static FEWEST_CUSTOMERS: Setting = Setting {
    key: "fewest_customers",
    default: 30.0,
    unit: SettingUnit::Count,
    least: 0.0,
    most: 100_000.0,
    words: "the customers that a product's averages must rest on to decide about its money",
    source: "a convention of statistics",
};

/// How far the CAC that a ROAS means may be from the plan's own.
pub static CAC_MOST_OFF: Setting = Setting {
    key: "cac_most_off",
    default: 2.0,
    unit: SettingUnit::Number,
    least: 1.0,
    most: 100.0,
    words: "how many times the CAC that a ROAS means may differ from the plan's own before the ROAS is taken to count another \
            revenue than one payment",
    source: "a convention",
};

/// The ROAS from which a number was hardly meant as one.
pub static HIGHEST_ROAS: Setting = Setting {
    key: "highest_roas",
    default: 100.0,
    unit: SettingUnit::Number,
    least: 10.0,
    most: 10_000.0,
    words: "the ROAS from which a number without `%` was most likely meant in per cent",
    source: "a convention: a ROAS of 100 would bring back 100 for each unit of money spent",
};

/// The ROAS below which a number was hardly meant as one.
pub static LOWEST_ROAS: Setting = Setting {
    key: "lowest_roas",
    default: 0.5,
    unit: SettingUnit::Number,
    least: 0.0,
    most: 1.0,
    words: "the ROAS below which a number was most likely a percentage or a change",
    source: "a convention: half of the money would be lost at once",
};

/// How far a ROAS target may stand over its floor.
pub static ROAS_HEADROOM: Setting = Setting {
    key: "roas_headroom",
    default: 1.25,
    unit: SettingUnit::Number,
    least: 1.0,
    most: 10.0,
    words: "the multiple of its floor over which a ROAS target holds growth back",
    source: "a convention: a quarter above is caution, more is room to grow",
};

/// The share of the money that a proposed split keeps to explore.
pub static EXPLORE_SHARE: Setting = Setting {
    key: "explore_share",
    default: 0.10,
    unit: SettingUnit::Share,
    least: 0.0,
    most: 0.9,
    words: "the share of the money that a proposed split keeps for products that are no door-openers",
    source: "a convention",
};

/// How much more a product gets at most in a proposed split.
pub static MOST_GROWTH: Setting = Setting {
    key: "most_growth",
    default: 2.0,
    unit: SettingUnit::Number,
    least: 1.0,
    most: 100.0,
    words: "the largest multiple of its money that a proposed split gives a product",
    source: "a convention: what a team can take in",
};

/// The share at which one product leads.
pub static LEADING_SHARE: Setting = Setting {
    key: "leading_share",
    default: 0.40,
    unit: SettingUnit::Share,
    least: 0.0,
    most: 1.0,
    words: "the share of the money at which one product leads, and the split is a choice",
    source: "a convention",
};

/// Working hours in a day.
pub static HOURS_A_DAY: Setting = Setting {
    key: "hours_a_day",
    default: 8.0,
    unit: SettingUnit::Number,
    least: 0.5,
    most: 24.0,
    words: "the working hours of one person in a day",
    source: "a convention",
};

/// Working days in a week.
pub static DAYS_A_WEEK: Setting = Setting {
    key: "days_a_week",
    default: 5.0,
    unit: SettingUnit::Number,
    least: 0.5,
    most: 7.0,
    words: "the working days of one person in a week",
    source: "a convention",
};

/// How often a forecast draws.
pub static DRAWS: Setting = Setting {
    key: "draws",
    default: 10_000.0,
    unit: SettingUnit::Count,
    least: 100.0,
    most: 1_000_000.0,
    words: "how often a rule draws a number for each range, where the chance of a goal has no closed form",
    source: "a convention: over 10,000 draws a chance near one half is counted to within a point, 19 times in 20",
};

/// How much each stage of a funnel goes with the one before.
pub static STAGE_CORRELATION: Setting = Setting {
    key: "stage_correlation",
    default: 0.0,
    unit: SettingUnit::Number,
    least: -0.99,
    most: 0.99,
    words: "how much what enters a funnel and its rates go with each other from stage to stage, 0 meaning not at all",
    source: "an assumption: what is not known of stages is taken as independent",
};

/// The conventions that facts are computed with.
pub static CONVENTIONS: &[&Setting] = &[
    &HORIZON,
    &LTV_TO_CAC,
    &NEW_SHARE_LEAST,
    &ROAS_HEADROOM,
    &CAC_MOST_OFF,
    &HIGHEST_ROAS,
    &LOWEST_ROAS,
    &RETURNS_POWER,
    &EXPLORE_SHARE,
    &MOST_GROWTH,
    &LEADING_SHARE,
    &CONVERSIONS_A_WEEK,
    &FEWEST_CUSTOMERS,
    &HOURS_A_DAY,
    &DAYS_A_WEEK,
    &DRAWS,
    &STAGE_CORRELATION,
];
