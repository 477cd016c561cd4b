//! `unloaded-cac`: a CAC without the people and the tools, or a ROAS by the figures of those who sell the ads.

use std::sync::LazyLock;

use crate::facts::economics::known;
use crate::facts::interval::Interval;
use crate::facts::{Facts, OwnEconomics};
use crate::plan::{CacPart, Plan, PlanPart, RevenueSource, Role};
use crate::rules::page::Page;
use crate::rules::verdict::{FindingDraft, Need, Verdicts};
use crate::rules::{Area, Check, Rule};
use crate::settings::LTV_TO_CAC;
use crate::severity::Severity;
use crate::wording::{Figure, list};

use super::{lacks_economics, of_whom, written};

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "unloaded-cac",
    area: Area::Economics,
    weight: Severity::Low,
    since: 1,
    on: &["product", "plan"],
    needs: &[PlanPart::Products],
    applies: lacks_economics,
    yields_to: &[],
    settings: &[],
    conventions: &[&LTV_TO_CAC],
    page: LazyLock::new(|| Page::parse(include_str!("unloaded_cac.md"))),
    check: Check::First(check),
};

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    if !facts.pays_by_customer() {
        return;
    }
    let steers_by_roas = (0..facts.plan.kpis.len()).any(|at| {
        let judged = facts.plan.kpis.get(at).is_some_and(|kpi| Plan::role(kpi) != Role::Diagnostic);
        judged && facts.is_roas(at)
    });
    for own in facts.own_economics() {
        judge(facts, &own, steers_by_roas, verdicts);
    }
}

fn judge(facts: &Facts, own: &OwnEconomics<'_>, steers_by_roas: bool, verdicts: &mut Verdicts<'_>) {
    let subject = own.subject();
    let drafts: Vec<FindingDraft> = [unloaded(facts, own), by_platform(facts, own)].into_iter().flatten().collect();
    if !drafts.is_empty() {
        return verdicts.fail_all(subject, drafts);
    }
    let includes = own.keys.cac_includes.as_ref().is_none_or(|parts| parts.is_empty()).then_some("cac_includes");
    // Who counts the revenue matters where a ROAS is looked at.
    let looks_at_roas = steers_by_roas || own.keys.roas.is_some();
    let counted = (looks_at_roas && own.keys.revenue_from.is_none()).then_some("revenue_from");
    let missing: Vec<Need> = includes.into_iter().chain(counted).map(|key| Need::new(key, subject)).collect();
    if missing.is_empty() { verdicts.pass(subject) } else { verdicts.unknown(subject, missing) }
}

/// A CAC that counts a part of what customers cost.
fn unloaded(facts: &Facts, own: &OwnEconomics<'_>) -> Option<FindingDraft> {
    // An empty list says no more than none.
    let includes = own.keys.cac_includes.as_ref().filter(|parts| !parts.is_empty())?;
    let counts = |part: CacPart| includes.iter().any(|counted| counted.value == part);
    let missing: Vec<String> =
        [CacPart::People, CacPart::Tools].into_iter().filter(|part| !counts(*part)).map(name).collect();
    if missing.is_empty() {
        return None;
    }
    let counted: Vec<String> =
        [CacPart::Media, CacPart::People, CacPart::Tools].into_iter().filter(|part| counts(*part)).map(name).collect();
    let room = room(facts, own);
    let cac = known(&own.figures.cac);
    let reading = match (room, cac) {
        (Some(_), _) => "unloaded.room",
        (None, Some(_)) => "unloaded.cac",
        (None, None) => "unloaded",
    };
    let wanted = facts.settings.convention(&LTV_TO_CAC);
    let all = ["media", "people", "tools"].map(str::to_owned).to_vec();
    let draft = FindingDraft::at(includes.whole(), reading, Severity::Low)
        .with("whose", Figure::Text(of_whom(RULE.page(), ["whose.product", "whose.plan"], facts, own)))
        .with("cac", Figure::Worth(cac.unwrap_or_default()))
        .with("counted", Figure::Text(list(&counted)))
        .with("missing", Figure::Text(list(&missing)))
        .with("wanted", Figure::Text(LTV_TO_CAC.unit.show(wanted)))
        .with("room", Figure::Share(room.unwrap_or_default()));
    Some(draft.reframe(Some(written(facts, own, |fields| fields.text("cac", "…").words("cac_includes", all))), false))
}

fn name(part: CacPart) -> String {
    RULE.page()
        .phrase(match part {
            CacPart::Media => "part.media",
            CacPart::People => "part.people",
            CacPart::Tools => "part.tools",
        })
        .to_owned()
}

/// By what share CAC may grow until LTV:CAC falls under what it should be; where it is not under that already.
fn room(facts: &Facts, own: &OwnEconomics<'_>) -> Option<f64> {
    let ratio = known(&own.figures.ltv_to_cac).map(Interval::middle)?;
    let room = ratio / facts.settings.convention(&LTV_TO_CAC) - 1.0;
    (room >= 0.0).then_some(room)
}

/// Revenue that is counted by the platform that sells the ads.
fn by_platform(facts: &Facts, own: &OwnEconomics<'_>) -> Option<FindingDraft> {
    let source = own.keys.revenue_from.as_ref().filter(|source| source.value == RevenueSource::Platform)?;
    let roas = own.keys.roas.as_ref().and_then(|roas| roas.point()).and_then(Interval::point);
    let reading = if roas.is_some() { "platform.roas" } else { "platform" };
    let draft = FindingDraft::at(source.whole(), reading, Severity::Low)
        .with("whose", Figure::Text(of_whom(RULE.page(), ["whose.product", "whose.plan"], facts, own)))
        .with("roas", Figure::Multiple(roas.unwrap_or_default()));
    Some(
        draft.reframe(
            Some(written(facts, own, |fields| fields.text("revenue_from", "finance").text("roas", "…"))),
            false,
        ),
    )
}
