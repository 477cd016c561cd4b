//! Products: what is sold, what a customer of it is worth, and the money meant for it.

use super::number::{Count, Duration, Money, Multiple, Share};
use super::table::{Part, part};
use super::text::Text;
use super::value::{OneOrMany, Placed, Rare, decode_part};
use crate::words::words;

part! {
    /// A product, a region or a segment that money is meant for.
    pub struct Product, "a product" {
        /// The id by which others point at it; made from the name where absent.
        id: Option<Placed<Text>>,
        /// Its name.
        name: Placed<Text>,
        /// Whether it is a `product` (the default), a `region` or a `segment`: only products are weighed against each other.
        kind: Rare<ProductKind>,
        /// The marketing money for it in the period.
        budget: Option<Placed<Money>>,
        /// The advertising channels that the money goes to; `paid-social`, `paid-search` and `display` are auctions.
        channels: Option<Placed<OneOrMany<Text>>>,
        /// Where the product stands.
        stage: Option<Placed<ProductStage>>,
        /// What is not yet settled about it.
        doubts: Option<Placed<OneOrMany<Doubt>>>,
        /// The product whose customers it is sold to.
        sold_after: Rare<Text>,
        /// What it is sold to them through.
        sold_through: Rare<OneOrMany<SalesPath>>,
        shares
        /// What its customers pay, cost and bring.
        economics: EconomicKeys,
    }
}

part! {
    /// What customers pay, cost and bring: of one product, or of the whole plan.
    pub struct EconomicKeys, "the economics" {
        /// New customers expected in the period from that money.
        new_customers: Option<Placed<Count>>,
        /// What one new customer costs; budget / new_customers where absent.
        cac: Option<Placed<Money>>,
        /// What that cost includes.
        cac_includes: Option<Placed<OneOrMany<CacPart>>>,
        /// Who counts the revenue behind ROAS.
        revenue_from: Option<Placed<RevenueSource>>,
        /// A first order, or what one `billing` pays.
        price: Option<Placed<Money>>,
        /// How often the price is paid.
        billing: Option<Placed<Billing>>,
        /// The share of the price that is left after the cost of what is sold.
        gross_margin: Option<Placed<Share>>,
        /// The share of customers who leave in a month.
        monthly_churn: Option<Placed<Share>>,
        /// How long a customer stays, instead of a churn.
        lifetime: Rare<Duration>,
        /// How often a customer buys in all, for repeat purchase.
        orders_per_customer: Rare<Count>,
        /// The lifetime gross profit of a customer, where it is not to be derived.
        ltv: Rare<Money>,
        /// Last period's return on ad spend; shown.
        roas: Rare<Multiple>,
        /// The share of attributed orders that come from new customers.
        new_share: Rare<Share>,
        /// How many customers the averages rest on.
        customers: Option<Placed<Count>>,
        /// Visitor or lead to customer; shown.
        conversion: Rare<Share>,
    }
}

decode_part!(Product);

impl EconomicKeys {
    /// Whether a key is one of them.
    pub fn has(key: &str) -> bool {
        Self::TABLE.all().any(|own| own.name == key)
    }
}

words! {
    /// What a product's entry stands for.
    pub enum ProductKind {
        /// Something that is sold.
        Product = "product",
        /// A place where it is sold.
        Region = "region",
        /// A group it is sold to, or a way of reaching it.
        Segment = "segment",
    }
}

words! {
    /// Where a product stands.
    pub enum ProductStage {
        /// Being tried.
        Explore = "explore",
        /// Growing.
        Grow = "grow",
        /// Kept going.
        Sustain = "sustain",
    }
}

words! {
    /// What is not yet settled about a product.
    pub enum Doubt {
        /// Whether anybody wants it.
        Demand = "demand",
        /// Whether the price is right.
        Price = "price",
        /// Whether it fits the customers.
        Fit = "fit",
        /// Whether others do it better.
        Competition = "competition",
    }
}

words! {
    /// What a product is sold to existing customers through.
    pub enum SalesPath {
        /// Messages to known customers.
        Crm = "crm",
        /// Programmes along the customer's life.
        Lifecycle = "lifecycle",
        /// The sales team.
        Sales = "sales",
        /// Partners.
        Partners = "partners",
        /// The product itself.
        InProduct = "in-product",
    }
}

words! {
    /// What a customer acquisition cost includes.
    pub enum CacPart {
        /// Media.
        Media = "media",
        /// Salaries.
        People = "people",
        /// Tools.
        Tools = "tools",
    }
}

words! {
    /// Who counts the revenue behind ROAS.
    pub enum RevenueSource {
        /// The ad platform itself.
        Platform = "platform",
        /// Web analytics.
        Analytics = "analytics",
        /// The books.
        Finance = "finance",
    }
}

words! {
    /// How often a price is paid.
    pub enum Billing {
        /// One time.
        Once = "once",
        /// Each month.
        Monthly = "monthly",
        /// Each year.
        Yearly = "yearly",
    }
}
