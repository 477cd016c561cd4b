//! The metric dictionary and what is read out of a KPI's name: its metric, its kind, its numbers and dates.

mod class;
mod clause;
mod dictionary;
mod entry;
mod found;
mod hash;
mod inflection;
mod lexicon;
mod name;
mod numbers;
mod phrase;
mod rates;
mod reading;
mod recognise;
mod remembered;
pub mod sets;
mod tokens;
mod turns;

pub use dictionary::{Dictionary, NotAdded, dictionary};
pub(crate) use lexicon::LANGUAGES;
pub use numbers::{Deadline, Figure, Figures, Sign};
pub use recognise::{Certainty, Recognition};

use std::borrow::Cow;

use crate::words::words;

words! {
    /// What a metric is about.
    pub enum Kind {
        /// How many saw or could see something.
        Reach = "reach",
        /// What they did with what they saw.
        Engagement = "engagement",
        /// What the team puts out.
        Activity = "activity",
        /// How many leads, sign-ups or opportunities came.
        LeadVolume = "lead-volume",
        /// Rates from stage to stage, win rate, cycle length.
        LeadQuality = "lead-quality",
        /// What a result costs: CPL, CAC, ROAS, payback.
        CostEfficiency = "cost-efficiency",
        /// Money coming in, with pipeline, bookings, new customers and order value.
        Revenue = "revenue",
        /// What is left: margin, LTV, LTV:CAC, ROI.
        Profitability = "profitability",
        /// Customers and revenue that stay: churn, NRR, renewal, repeat purchase, expansion.
        Retention = "retention",
        /// How content customers are.
        Satisfaction = "satisfaction",
        /// What people know and think of the brand.
        Brand = "brand",
        /// How a product is used.
        ProductUsage = "product-usage",
        /// How the company runs.
        Operations = "operations",
        /// Those who work there.
        People = "people",
    }
}

words! {
    /// Whether a metric flatters more than it tells.
    pub enum Vanity {
        /// It rises whatever the business does.
        Yes = "yes",
        /// It tells of the business.
        No = "no",
        /// It depends on what it is tied to.
        Depends = "depends",
        /// It counts the team's own output.
        Output = "output",
    }
}

words! {
    /// The direction in which a metric is better.
    pub enum Better {
        /// More is better.
        Up = "up",
        /// Less is better.
        Down = "down",
    }
}

words! {
    /// What a metric's values are.
    pub enum MetricUnit {
        /// A number of things.
        Count = "count",
        /// An amount in a currency.
        Money = "money",
        /// A part of a whole, in percent.
        Share = "share",
        /// One thing over another, as `3:1` or `4x`.
        Ratio = "ratio",
        /// A length of time.
        Time = "time",
        /// Points on a scale.
        Score = "score",
    }
}

words! {
    /// Metrics that rules treat as one.
    pub enum Family {
        /// In no family.
        None = "none",
        /// Return on ad spend by any name: ROAS, tROAS, ACOS, ad ROI. Not MER, not POAS.
        Roas = "roas",
        /// Lifetime value, alone or over CAC.
        Ltv = "ltv",
        /// Customer acquisition cost.
        Cac = "cac",
        /// The time until CAC is earned back.
        Payback = "payback",
        /// How often customers buy again.
        RepeatPurchase = "repeat-purchase",
    }
}

words! {
    /// A language that names are read in, by its ISO 639-1 code.
    pub enum Language {
        /// English
        English = "en",
        /// Portuguese
        Portuguese = "pt",
        /// Spanish
        Spanish = "es",
        /// Galician
        Galician = "gl",
        /// Polish
        Polish = "pl",
        /// German
        German = "de",
        /// French
        French = "fr",
    }
}

impl Family {
    /// Whether it is a figure of customers: what they are worth, what they cost, how soon they pay back.
    #[must_use]
    pub fn is_of_customers(self) -> bool {
        matches!(self, Self::Ltv | Self::Cac | Self::Payback | Self::RepeatPurchase)
    }
}

impl Kind {
    /// The kind as it is written in a sentence: "lead volume".
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::LeadVolume => "lead volume",
            Self::LeadQuality => "lead quality",
            Self::CostEfficiency => "cost efficiency",
            Self::ProductUsage => "product usage",
            other => other.word(),
        }
    }

    /// Money: revenue, profitability or retention.
    #[must_use]
    pub const fn is_money(self) -> bool {
        matches!(self, Self::Revenue | Self::Profitability | Self::Retention)
    }

    /// Attention: reach or engagement.
    #[must_use]
    pub const fn is_attention(self) -> bool {
        matches!(self, Self::Reach | Self::Engagement)
    }

    /// What is said of a metric of this kind when no more is known of it.
    pub const fn vanity(self) -> Vanity {
        match self {
            Self::Activity => Vanity::Output,
            Self::Reach
            | Self::Engagement
            | Self::LeadVolume
            | Self::Satisfaction
            | Self::Brand
            | Self::ProductUsage => Vanity::Depends,
            _ => Vanity::No,
        }
    }
}

/// One metric of the dictionary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metric {
    /// Its name in a plan, in kebab-case: `cost-per-lead`.
    pub name: Cow<'static, str>,
    /// Its name in a sentence: "Cost per lead".
    pub title: Cow<'static, str>,
    /// What it is about.
    pub kind: Kind,
    /// The direction in which it is better.
    pub better: Better,
    /// What its values are.
    pub unit: MetricUnit,
    /// Whether it flatters more than it tells.
    pub vanity: Vanity,
    /// The ruleset in which it came into the dictionary.
    pub since: u32,
    /// It is a stock (ARR, customers, followers), which a period changes rather than makes.
    pub balance: bool,
    /// Those that rules treat as one with it.
    pub family: Family,
    /// It is an amount of money that stays one when it is counted per something ("revenue per visitor").
    pub amount: bool,
}

impl Metric {
    /// A metric that the dictionary has not, of which only the kind is known: a count that is better up, or money that is
    /// better down where it is about cost.
    #[must_use]
    pub fn new(title: &str, kind: Kind) -> Self {
        let cost = kind == Kind::CostEfficiency;
        Self {
            name: Cow::Owned(title.trim().to_lowercase().replace(char::is_whitespace, "-")),
            title: Cow::Owned(title.trim().to_owned()),
            kind,
            better: if cost { Better::Down } else { Better::Up },
            unit: if cost { MetricUnit::Money } else { MetricUnit::Count },
            vanity: kind.vanity(),
            since: 1,
            balance: false,
            family: Family::None,
            amount: false,
        }
    }
}
