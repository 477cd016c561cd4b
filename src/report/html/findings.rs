//! The findings, worst first: what is wrong, where, what to ask, and what to put in its place.

use maud::{Markup, html};

use super::funnel::stages_table;
use super::plan::PlanSection;
use super::rule_pages::rule_anchor;
use super::text::{counted, heading, left_out, own, prose, severity};
use crate::audit::FindingRef;
use crate::report::remark::Remark;
use crate::report::snippet::{Mark, excerpts, place};
use crate::report::text::clip;
use crate::rules::verdict::Status;
use crate::source::Source;
use crate::wording::money;

/// Remarks that are shown in full.
pub(super) const MOST_REMARKS: usize = 200;
/// Other subjects of one remark that are listed.
pub(super) const MOST_SUBJECTS: usize = 60;
/// Lines of the plan that are shown with one finding.
const MOST_LINES: usize = 8;
/// Letters of a line of the plan; the rest is cut around what is marked.
const COLUMNS: usize = 160;
/// Accepted findings that are listed.
const MOST_ACCEPTED: usize = 200;
/// Columns of a finding's sentence that the name of its link has.
const CALLED: usize = 80;

pub(super) fn findings(section: &PlanSection<'_>) -> Option<Markup> {
    let accepted = accepted(section);
    if section.remarks.is_empty() && accepted.is_none() && section.open.is_empty() {
        return None;
    }
    let hidden = section.open.iter().filter(|found| found.finding.severity < section.least).count();
    Some(html! {
        @for remark in section.remarks.iter().take(MOST_REMARKS) { (article(section, remark)) }
        (left_out(section.remarks.len().saturating_sub(MOST_REMARKS), "remark"))
        @if hidden > 0 {
            p class="note" {
                (counted(hidden, "finding")) " below " (section.least.word()) " left out, as " code { "--min-severity" } " asks."
            }
        }
        @if let Some(accepted) = accepted { (accepted) }
    })
}

fn article(section: &PlanSection<'_>, remark: &Remark<'_>) -> Markup {
    let Some(first) = remark.findings.first() else { return html! {} };
    let plan = section.plan.plan();
    let anchor = section.finding_anchors.get(first.finding);
    let rule = first.verdict.rule;
    let title = html! { (severity(remark.severity())) " " (rule.name) };
    let question = remark.question(plan);
    html! {
        article class={ "finding " (remark.severity().word()) } id=(anchor) {
            (heading(section.inner_level(), anchor, &title, &called(section, remark, first)))
            p class="lead" { (prose(&remark.message(plan))) }
            p class="meta" { (meta(section, remark, first)) }
            @if !first.finding.stages.is_empty() { (stages_table(&first.finding.stages, &[])) }
            (lines(&plan.source, &Mark::of(first.finding)))
            (others(section, remark))
            @if let Some(question) = question {
                div class="ask" { p { strong { "Ask: " } (prose(&question)) } }
            }
            @if let Some(reframe) = &first.finding.reframe {
                div class="reframe" {
                    p { strong { "Reframe: " } (prose(&first.finding.why())) }
                    @if !reframe.yaml.is_empty() { (yaml(&reframe.yaml)) }
                }
            }
            p class="why" { a href={ "#" (rule_anchor(rule)) } { "Why this matters" } }
        }
    }
}

/// What the link to a finding is called: several of a rule are told apart by what they say, and where.
fn called(section: &PlanSection<'_>, remark: &Remark<'_>, first: &FindingRef<'_>) -> String {
    let plan = section.plan.plan();
    let line = section.plan.position(first.finding).line;
    let message = clip(&remark.message(plan), CALLED);
    section.called(&format!("{} {}, line {line}: {message}", remark.severity().word(), first.verdict.rule.name))
}

/// The area, what it costs, what it rests on.
fn meta(section: &PlanSection<'_>, remark: &Remark<'_>, first: &FindingRef<'_>) -> String {
    let stake = first.finding.at_stake.as_ref().filter(|_| remark.findings.len() == 1);
    let parts = [
        Some(first.verdict.rule.area.name().to_owned()),
        remark.cost().filter(|_| section.is_scored()),
        stake.map(|stake| format!("{} at stake", money(stake.amount))),
        first.finding.recognised.then(|| "kind read from the name".to_owned()),
        remark.is_known().then(|| "known".to_owned()),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// The plan's own lines, with what is meant marked.
pub(super) fn lines(source: &Source, marks: &[Mark]) -> Markup {
    let excerpts = excerpts(source, marks, COLUMNS);
    let Some(first) = marks.first() else { return html! {} };
    // The line that the finding is about is never among those left out.
    let own_line = source.position(first.span.start).line;
    let keep = excerpts.iter().position(|excerpt| excerpt.number == own_line).unwrap_or_default();
    let from = (keep + 1).saturating_sub(MOST_LINES);
    html! {
        figure class="lines" {
            figcaption { (own(&place(source, first.span.start))) }
            pre {
                @for excerpt in excerpts.iter().skip(from).take(MOST_LINES) {
                    span class="line" {
                        span class="at" { (excerpt.number) } " "
                        (marked(&excerpt.text, excerpt.marks.iter().map(|(range, _)| range.clone()).collect()))
                        @for (_, mark) in excerpt.marks.iter().filter(|(_, mark)| !mark.label.is_empty()) {
                            span class="label" { " ← " (own(&mark.label)) }
                        }
                        "\n"
                    }
                }
            }
            @if excerpts.len() > MOST_LINES {
                p class="note" { (counted(excerpts.len() - MOST_LINES, "line")) " more belong to it." }
            }
        }
    }
}

/// A line with its marks; one that lies within another is left to it.
fn marked(text: &str, mut ranges: Vec<std::ops::Range<usize>>) -> Markup {
    ranges.sort_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
    let mut pieces = Vec::new();
    let mut so_far = 0;
    for range in ranges {
        if range.start < so_far || range.is_empty() {
            continue;
        }
        pieces.push((false, text.get(so_far..range.start).unwrap_or_default()));
        pieces.push((true, text.get(range.clone()).unwrap_or_default()));
        so_far = range.end;
    }
    pieces.push((false, text.get(so_far..).unwrap_or_default()));
    html! {
        bdi dir="auto" {
            @for (is_marked, piece) in pieces { @if is_marked { mark { (piece) } } @else { (piece) } }
        }
    }
}

/// YAML to paste, line by line as it is.
fn yaml(text: &str) -> Markup {
    let lines: Vec<_> = text.lines().map(crate::report::text::clean).collect();
    html! { pre class="yaml" { code { (lines.join("\n")) } } }
}

/// What else a remark is about: each with its own place in the page, so that a link to any of them holds.
fn others(section: &PlanSection<'_>, remark: &Remark<'_>) -> Markup {
    let [_, others @ ..] = remark.findings.as_slice() else { return html! {} };
    let plan = section.plan.plan();
    html! {
        @if !others.is_empty() {
            p class="also" { strong { "Also:" } }
            ul class="also" {
                @for found in others.iter().take(MOST_SUBJECTS) {
                    li id=(section.finding_anchors.get(found.finding)) {
                        (own(plan.name_of(found.verdict.subject))) ", line " (section.plan.position(found.finding).line)
                    }
                }
            }
            (left_out(others.len().saturating_sub(MOST_SUBJECTS), "other"))
        }
    }
}

/// Findings that a waiver accepts, and those that another one tells.
fn accepted(section: &PlanSection<'_>) -> Option<Markup> {
    let plan = section.plan.plan();
    let all = section.plan.all_findings();
    let accepted: Vec<&FindingRef<'_>> = all
        .iter()
        .filter(|found| found.finding.status != Status::Open && found.finding.severity >= section.least)
        .collect();
    let waived = accepted.iter().filter(|found| matches!(found.finding.status, Status::Waived(_))).count();
    let told = accepted.len() - waived;
    let standing = [(waived, "waived by the plan"), (told, "told by a graver finding")];
    let standing = standing.into_iter().filter(|(count, _)| *count > 0).map(|(count, how)| format!("{count} {how}"));
    let standing: Vec<String> = standing.collect();
    let waiver = |at: usize| plan.head.waivers.as_ref().and_then(|waivers| waivers.get(at));
    (!accepted.is_empty()).then(|| {
        html! {
            details class="accepted" {
                summary { (standing.join(", ")) }
                ul {
                    @for found in accepted.iter().take(MOST_ACCEPTED) {
                        li id=(section.finding_anchors.get(found.finding)) {
                            (severity(found.finding.severity)) " " strong { (found.verdict.rule.name) } " on "
                            (own(plan.name_of(found.verdict.subject))) ", "
                            @match found.finding.status {
                                Status::Waived(at) => {
                                    "waived"
                                    @if let Some(waiver) = waiver(at) {
                                        " until " (waiver.until.value)
                                        @if let Some(because) = &waiver.because { ": " (own(&because.value)) }
                                    }
                                }
                                Status::Told(by) => { "told by " (by) }
                                Status::Open => {}
                            }
                            span class="below" { (prose(&found.finding.message())) }
                        }
                    }
                }
                (left_out(accepted.len().saturating_sub(MOST_ACCEPTED), "finding"))
            }
        }
    })
}
