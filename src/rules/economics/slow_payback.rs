//! `slow-payback`: money that is spent on customers comes back later than the business can usually wait.

use std::sync::LazyLock;

use crate::facts::economics::{BREAK_EVEN_LTV_TO_CAC, Underivable, known};
use crate::facts::interval::Interval;
use crate::facts::{Facts, OwnEconomics};
use crate::plan::{BusinessModel, PlanPart, Segment, Subject};
use crate::rules::page::Page;
use crate::rules::reframe::{self, Fields};
use crate::rules::verdict::{FindingDraft, Need, Verdicts};
use crate::rules::{Area, Check, Rule};
use crate::settings::{FEWEST_CUSTOMERS, Setting, SettingUnit};
use crate::severity::Severity;
use crate::wording::{Figure, as_shown, ratio_as_shown, trimmed};

use super::{is_tried, lacks_economics, of_whom};

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "slow-payback",
    area: Area::Economics,
    weight: Severity::Medium,
    since: 1,
    on: &["product", "plan"],
    needs: &[PlanPart::Products],
    applies: could_be_judged,
    yields_to: &[],
    settings: &[&SMALL, &MID_MARKET, &ENTERPRISE],
    conventions: &[&FEWEST_CUSTOMERS],
    page: LazyLock::new(|| Page::parse(include_str!("slow_payback.md"))),
    check: Check::First(check),
};

static SMALL: Setting = months(
    "small",
    12.0,
    "the months in which consumers and small businesses should pay back what they cost",
    "a practitioners' convention: Skok, SaaS Metrics 2.0",
);

static MID_MARKET: Setting = months(
    "mid_market",
    18.0,
    "the months in which mid-sized companies should pay back what they cost",
    "a practitioners' convention: longer contracts are waited for longer",
);

static ENTERPRISE: Setting = months(
    "enterprise",
    24.0,
    "the months in which large companies should pay back what they cost",
    "a practitioners' convention: longer contracts are waited for longer",
);

const fn months(key: &'static str, default: f64, words: &'static str, source: &'static str) -> Setting {
    Setting { key, default, unit: SettingUnit::Months, least: 1.0, most: 120.0, words, source }
}

/// Only what is paid month by month, or year by year, is paid back in months.
fn could_be_judged(facts: &Facts) -> bool {
    let recurring = matches!(facts.business_model(), Some(BusinessModel::Subscription) | None);
    recurring && lacks_economics(facts)
}

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    if facts.pays_by_customer() {
        for own in facts.own_economics() {
            judge(facts, &own, verdicts);
        }
    }
}

fn judge(facts: &Facts, own: &OwnEconomics<'_>, verdicts: &mut Verdicts<'_>) {
    let subject = own.subject();
    let payback = match &own.figures.payback_months {
        Ok(payback) => payback.value.middle(),
        Err(Underivable::Missing(fields) | Underivable::Undefined(fields)) => {
            return verdicts.unknown(subject, Need::of_economics(*fields, own.of));
        }
        Err(Underivable::DoesNotApply) => return,
    };
    // A customer that never brings what it cost has no payback, whatever CAC over a month's profit says.
    if known(&own.figures.ltv_to_cac).is_some_and(|ratio| ratio_as_shown(ratio.middle()) < BREAK_EVEN_LTV_TO_CAC) {
        return;
    }
    if own.rest_on_few(facts) {
        // The plan has said how many there are: only time brings more.
        return verdicts.unknown(subject, []);
    }
    let payback = as_shown(payback, 1);
    let limit = |setting| facts.settings.threshold(RULE.name, setting);
    let segment = facts.plan.head.segment.as_ref().map(|segment| segment.value);
    let bounds = match segment {
        Some(Segment::Consumer | Segment::Smb) => vec![limit(&SMALL)],
        Some(Segment::MidMarket) => vec![limit(&MID_MARKET)],
        Some(Segment::Enterprise) => vec![limit(&ENTERPRISE)],
        None => vec![limit(&SMALL), limit(&MID_MARKET), limit(&ENTERPRISE)],
    };
    let most = bounds.iter().copied().fold(0.0, f64::max);
    if bounds.iter().all(|bound| payback <= *bound) {
        verdicts.pass(subject);
    } else if payback > most {
        verdicts.fail(subject, draft(facts, own, most, segment));
    } else {
        verdicts.unknown(subject, [Need::new("segment", Subject::Plan)]);
    }
}

fn draft(facts: &Facts, own: &OwnEconomics<'_>, limit: f64, segment: Option<Segment>) -> FindingDraft {
    let figures = own.figures;
    let cash = known(&figures.cash_payback_months);
    let reading = if cash.is_some() { "slow.prepaid" } else { "slow" };
    // While something is being tried, slow money is a part of the trial.
    let severity = if is_tried(facts, own) { Severity::Note } else { Severity::Medium };
    let page = RULE.page();
    let months = cash.unwrap_or_default().middle();
    let place = own.keys.cac.as_ref().map(|cac| cac.whole());
    FindingDraft::at(place.unwrap_or_else(|| own.place(facts)), reading, severity)
        .with("customer", Figure::Text(of_whom(page, ["customer.product", "customer.plan"], facts, own)))
        .with("cac", Figure::Worth(known(&figures.cac).unwrap_or_default()))
        .with("monthly", Figure::Worth(known(&figures.monthly_gross_profit).unwrap_or_default()))
        .with("payback", Figure::Months(known(&figures.payback_months).unwrap_or_default()))
        .with("cash", Figure::Count(months))
        .with("payment", Figure::Count(months / 12.0 + 1.0))
        .with("limit", Figure::Text(SMALL.unit.show(limit)))
        .with("segment", Figure::Text(page.phrase(phrase_of(segment)).to_owned()))
        .with("cap", Figure::Worth(cac_at(own, limit).unwrap_or_default()))
        .reframe(Some(as_guardrail(facts, own, limit)), false)
}

fn phrase_of(segment: Option<Segment>) -> &'static str {
    match segment {
        Some(Segment::Consumer) => "segment.consumer",
        Some(Segment::Smb) => "segment.smb",
        Some(Segment::MidMarket) => "segment.mid-market",
        Some(Segment::Enterprise) => "segment.enterprise",
        None => "segment.any",
    }
}

/// The CAC that would be paid back in so many months.
fn cac_at(own: &OwnEconomics<'_>, months: f64) -> Option<Interval> {
    known(&own.figures.monthly_gross_profit)?.scale(months)
}

/// Payback as a guardrail, with where it stands.
fn as_guardrail(facts: &Facts, own: &OwnEconomics<'_>, limit: f64) -> String {
    let product = match own.subject() {
        subject @ Subject::Product(_) => Some(facts.plan.id_of(subject)),
        _ => None,
    };
    let of_product = product.map(|id| format!("-{id}")).unwrap_or_default();
    let today = known(&own.figures.payback_months).map(|months| format!("{} months", trimmed(months.middle(), 1)));
    let fields = Fields::new()
        .text("id", facts.plan.fresh_id(&format!("payback{of_product}")))
        .text("name", of_whom(RULE.page(), ["kpi.product", "kpi.plan"], facts, own))
        .text("metric", "cac-payback")
        .text("role", "guardrail")
        .maybe("product", product)
        .text("target", format!("<= {}", SMALL.unit.show(limit)))
        .maybe("baseline", today);
    reframe::list("kpis", vec![fields])
}
