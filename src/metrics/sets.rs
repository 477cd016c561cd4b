//! Sets of metrics that rules tell apart where no property of a metric in the dictionary does. Who adds a metric to the
//! dictionary looks here whether it belongs to one of them.

use crate::phrases::{Phrases, phrases};

/// Metrics of the dictionary, by name.
#[derive(Debug, Clone, Copy)]
pub struct MetricSet(Phrases);

impl MetricSet {
    /// Whether a metric of that name is one of them.
    pub fn has(self, name: &str) -> bool {
        self.0.has(name)
    }

    #[cfg(test)]
    fn names(self) -> impl Iterator<Item = &'static str> {
        self.0.all()
    }
}

macro_rules! sets {
    ($($(#[$doc:meta])* $name:ident = $names:literal;)*) => {
        $($(#[$doc])* pub const $name: MetricSet = MetricSet(phrases!($names));)*

        #[cfg(test)]
        const ALL: &[(&str, MetricSet)] = &[$((stringify!($name), $name)),*];
    };
}

sets! {
    /// Measures of which both directions may be wanted, or of which the numbers run either way: what is spent, ranks of which the
    /// first is best, prices that filling rooms may lower, people and their hours.
    EITHER_WAY =
        "ad-frequency keyword-rankings average-position analyst-rankings new-visitor-share mobile-traffic-share \
         impression-share time-on-page pages-per-session time-in-app session-frequency mer total-acos poas \
         marketing-spend marketing-spend-share advertising-budget sales-cost retention-cost revenue-per-marketing-dollar \
         average-order-value average-deal-size average-daily-rate average-gift items-per-order length-of-stay take-rate \
         pipeline-coverage direct-booking-share burn-rate cash-runway markup support-tickets inventory-level \
         inventory-turnover production-volume billable-utilisation average-handle-time shipping-cost staff-costs \
         food-cost return-rate";

    /// Metrics that are a part of a whole: no value of them can be over 100%. Left out is what can (net retention, growth,
    /// attainment, markup, turnover), and what some count by events and not by people.
    PARTS_OF_A_WHOLE =
        "ad-viewability mobile-traffic-share open-rate reply-rate bounce-rate unsubscribe-rate attendance-rate \
         scroll-depth view-through-rate exit-rate conversion-rate mql-to-sql lead-to-customer trial-to-paid win-rate \
         lead-acceptance-rate cart-abandonment no-show-rate visitor-to-lead sql-to-opportunity opportunity-to-win \
         form-completion-rate checkout-completion demo-to-close drop-off-rate loss-rate install-conversion-rate \
         donation-conversion-rate lead-to-opportunity sign-up-rate market-share direct-booking-share gross-margin \
         operating-margin profit-margin customer-churn revenue-churn customer-retention gross-revenue-retention \
         repeat-purchase-rate donor-retention brand-awareness brand-recall brand-consideration share-of-voice \
         share-of-search impression-share share-of-mentions positive-coverage top-of-mind purchase-intent stickiness \
         activation-rate onboarding-completion uptime first-contact-resolution on-time-delivery deliverability \
         call-abandonment order-accuracy booking-cancellation-rate crash-free-rate email-bounce-rate offer-acceptance \
         gender-balance employee-retention";

    /// Counts of which even a plain "total" is an all-time one.
    COUNTED_FOR_EVER = "app-downloads content-downloads podcast-downloads sign-ups";

    /// Who comes, what they look at and for how long: what an ad-funded business has to sell.
    INVENTORY =
        "page-views website-traffic sessions unique-visitors video-views impressions time-listened time-on-page \
         pages-per-session";

    /// Open offers, by their value or number: money that may still be lost.
    PIPELINE = "pipeline pipeline-coverage marketing-sourced-pipeline deals-in-pipeline";

    /// Revenue that can be bought with margin. Pipeline is none yet, and of what recurs or is given the margin is not the question.
    REVENUES =
        "revenue arr new-arr mrr new-mrr new-business-revenue bookings order-intake gross-merchandise-value \
         marketing-sourced-revenue revenue-by-channel new-product-revenue direct-revenue";

    /// What is made in a period and counted once, so that what several teams bring is a sum. Left out are stocks, means, people who
    /// may be counted by several teams, and what is attributed.
    ADDS_UP =
        "leads mql sql sal pql sao opportunities demo-requests quote-requests revenue new-arr new-mrr new-business-revenue \
         bookings order-intake new-customers deals-won orders units-sold gross-merchandise-value expansion-revenue";

    /// What shows that those who signed up are there.
    ACTIVATION = "activation-rate activated-users onboarding-completion user-retention-day-30 attendance-rate";

    /// Counts behind which the money comes next.
    LAST_STAGES = "sql sal sao opportunities";

    /// What one customer or order brings.
    WORTH_OF_ONE = "average-deal-size average-order-value average-revenue-per-user";

    /// What shows that an answer helped.
    RESOLVED = "first-contact-resolution resolution-rate sla-attainment";

    /// What growth of the customers who stay cannot hide.
    GROSS_RETENTION =
        "gross-revenue-retention customer-churn revenue-churn customer-retention renewal-rate lost-customers";

    /// Metrics of the brand that count what others publish or what an auction shows: these can be moved, and read, within weeks.
    BRAND_SEEN_AT_ONCE =
        "analyst-rankings brand-mentions earned-media-value impression-share media-mentions positive-coverage \
         share-of-mentions share-of-voice";

    /// Metrics of the brand that are asked for in surveys.
    BRAND_ASKED_FOR =
        "brand-awareness brand-consideration brand-equity brand-loyalty brand-recall brand-reputation purchase-intent \
         top-of-mind";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::ALL;
    use crate::metrics::dictionary;

    #[test]
    fn every_name_is_one_of_the_dictionary_and_stands_once() {
        for (set, metrics) in ALL {
            let mut seen = BTreeSet::new();
            for name in metrics.names() {
                let known = dictionary().metric(name).is_some_and(|metric| metric.name == name);
                assert!(known, "{name} of {set} is no metric");
                assert!(seen.insert(name), "{name} stands twice in {set}");
            }
        }
    }
}
