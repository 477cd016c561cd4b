//! The plan itself: its head, and the lists of its parts.

use jiff::civil::Date;

use super::budget::Budget;
use super::funnel::Funnel;
use super::goal::Goal;
use super::handoff::Handoff;
use super::initiative::Initiative;
use super::kpi::Kpi;
use super::period::Period;
use super::product::{EconomicKeys, Product};
use super::quantity::{CurrencyCode, Locale};
use super::table::part;
use super::team::Team;
use super::text::Text;
use super::value::{List, Map, OneOrMany, Placed, decode_part};
use super::waiver::Waiver;
use crate::words::words;

part! {
    /// A plan as it is written, before its ids and references are settled.
    pub struct Draft, "a plan" {
        /// The plan's name, as the meeting calls it.
        plan: Placed<Text>,
        /// The time that it covers: `2027`, `2027-H1`, `2027-Q1`, `2027-03` or `2027-01-01..2027-03-31`.
        period: Option<Placed<Period>>,
        /// The currency of every amount, by its ISO 4217 code, such as `EUR`.
        currency: Option<Placed<CurrencyCode>>,
        /// How numbers are written where it matters: `1.000` is a thousand in `pt`, `es`, `gl`, `de`, `pl` and `fr`.
        locale: Option<Placed<Locale>>,
        /// How the business earns.
        business_model: Option<Placed<BusinessModel>>,
        /// How it sells: through people, or by itself.
        motion: Option<Placed<Motion>>,
        /// Whom it sells to.
        segment: Option<Placed<Segment>>,
        /// Whether the business is launching or growing.
        stage: Option<Placed<BusinessStage>>,
        /// When the plan was decided.
        decided_on: Option<Placed<Date>>,
        /// Who planned it together.
        workshop: Option<Placed<Workshop>>,
        /// What success looks like to the stakeholders when the period ends: a sentence with a date and a number.
        guidepoint: Option<Placed<Text>>,
        /// Another plan whose goals, KPIs, products and economics this one links to, in the same currency: a path or a list of paths.
        extends: Option<Placed<OneOrMany<Text>>>,
        /// What the period is for. A plain text is a goal's name.
        goals: Option<Placed<List<Goal>>>,
        /// What is measured. A plain text is a KPI's name.
        kpis: Option<Placed<List<Kpi>>>,
        /// What is sold, with the money meant for each.
        products: Option<Placed<List<Product>>>,
        /// The economics of the business as a whole, for products that carry none of their own.
        economics: Option<Placed<Economics>>,
        /// How leads become customers, stage by stage.
        funnels: Option<Placed<List<Funnel>>>,
        /// The plan's money, by purpose.
        budget: Option<Placed<Budget>>,
        /// The teams, by name; `marketing`, `sales`, `revenue-management`, `customer-success`, `finance` and `product` are understood.
        teams: Option<Placed<Map<Team>>>,
        /// What is done: campaigns, experiments, events, upkeep.
        initiatives: Option<Placed<List<Initiative>>>,
        /// How one team hands leads to another.
        handoffs: Option<Placed<List<Handoff>>>,
        /// Findings that are accepted, each for a reason and until a date.
        waivers: Option<Placed<List<Waiver>>>,
    }
}

impl Draft {
    /// Whether it has nothing to audit: no goal, KPI, product or initiative.
    pub(super) fn is_bare(&self) -> bool {
        fn none<T>(list: &Option<Placed<List<T>>>) -> bool {
            list.as_ref().is_none_or(|list| list.is_empty())
        }
        none(&self.goals) && none(&self.kpis) && none(&self.products) && none(&self.initiatives)
    }
}

part! {
    /// Who planned together.
    pub struct Workshop, "a workshop" {
        /// When it took place.
        date: Option<Placed<Date>>,
        /// Those in the room who decide.
        decide: Option<Placed<OneOrMany<Text>>>,
        /// Those in the room who do the work.
        execute: Option<Placed<OneOrMany<Text>>>,
    }
}

part! {
    /// The plan's own economics.
    pub struct Economics, "the plan's economics" {
        shares
        /// The economic keys, the same as a product's.
        keys: EconomicKeys,
    }
}

decode_part!(Draft, Workshop, Economics);

words! {
    /// How a business earns.
    pub enum BusinessModel {
        /// Customers pay again and again by contract.
        Subscription = "subscription",
        /// Customers come back to buy again.
        RepeatPurchase = "repeat-purchase",
        /// Customers buy once.
        OneOff = "one-off",
        /// A share of what others sell.
        Marketplace = "marketplace",
        /// Advertisers pay for the audience.
        AdFunded = "ad-funded",
        /// Donations and grants.
        Nonprofit = "nonprofit",
    }
}

words! {
    /// How a business sells.
    pub enum Motion {
        /// People sell.
        SalesLed = "sales-led",
        /// Customers buy by themselves.
        SelfServe = "self-serve",
    }
}

words! {
    /// Whom a business sells to.
    pub enum Segment {
        /// Persons.
        Consumer = "consumer",
        /// Small and medium-sized businesses.
        Smb = "smb",
        /// Mid-sized companies.
        MidMarket = "mid-market",
        /// Large companies.
        Enterprise = "enterprise",
    }
}

words! {
    /// Where a business stands.
    pub enum BusinessStage {
        /// New to its market.
        Launch = "launch",
        /// Growing in it.
        Grow = "grow",
    }
}
