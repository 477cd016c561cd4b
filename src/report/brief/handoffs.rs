//! Each handoff as two sentences that both teams could sign, with blanks for what they have yet to agree on.

use super::{Block, Section, more, say, whole, word};
use crate::audit::PlanReport;
use crate::plan::period::{Cadence, Rhythm};
use crate::plan::{Entity, Handoff, Subject};
use crate::severity::Severity;
use crate::wording::{Figure, count};

/// Handoffs that are told; more are no longer one page.
const MOST_HANDOFFS: usize = 3;

pub(super) fn section(report: &PlanReport) -> Option<Section> {
    let handoffs = report.plan().handoffs.iter().enumerate().take(MOST_HANDOFFS);
    let mut blocks: Vec<Block> = handoffs.map(|(at, handoff)| Block::Items(sentences(report, at, handoff))).collect();
    blocks.extend(more(report.plan().handoffs.len().saturating_sub(MOST_HANDOFFS)).map(Block::Text));
    let blank = word("handoff.blank");
    let is_open =
        |block: &Block| matches!(block, Block::Items(items) if items.iter().any(|item| item.contains(&blank)));
    if blocks.iter().any(is_open) {
        blocks.push(Block::Text(word("handoff.blanks")));
    }
    Section::of("handoffs", blocks)
}

/// What one team gives, what the other does with it, and what of that does not add up.
fn sentences(report: &PlanReport, at: usize, handoff: &Entity<Handoff>) -> Vec<String> {
    let every = handoff.every.as_ref().map(|every| every.value.in_sentence());
    // Hours that stand beside a weekday are those of its week.
    let rhythm = handoff.every.as_ref().map(|every| match every.value {
        Rhythm::Weekday(_) => Rhythm::Week.as_str(),
        other => other.in_sentence(),
    });
    // What becomes of leads "never" is nothing that two teams agree on.
    let feedback = handoff.feedback.as_ref().filter(|feedback| feedback.value != Cadence::Never);
    let measure = handoff.measured_by.as_ref().map(|id| match report.plan().metric(id) {
        Some(metric) => report.plan().metric_name(metric),
        None => id.as_str(),
    });
    let volume = handoff.volume.as_ref().and_then(|volume| volume.point()).map(count);
    let figures = [
        ("from", whole(&handoff.from)),
        ("to", whole(&handoff.to)),
        ("every", or_blank(every)),
        ("rhythm", or_blank(rhythm)),
        ("volume", or_blank(volume.as_deref())),
        ("fit", or_blank(handoff.fit.as_ref().map(|fit| fit.quantity().text.as_str()))),
        ("qualified", or_blank(handoff.qualified.as_ref().map(|text| text.trim().trim_end_matches('.')))),
        ("within", or_blank(handoff.respond_within.as_ref().map(|within| within.quantity().text.as_str()))),
        ("handling", or_blank(handoff.handling.as_ref().map(|handling| handling.quantity().text.as_str()))),
        ("hours", or_blank(handoff.hours.as_ref().map(|hours| hours.quantity().text.as_str()))),
        ("feedback", or_blank(feedback.map(|feedback| feedback.value.as_str()))),
        ("measure", or_blank(measure)),
    ];
    let [gives, takes] = ["handoff.gives", "handoff.takes"].map(|sentence| capitalised(&say(sentence, &figures)));
    [gives, takes].into_iter().chain(does_not_add_up(report, at)).collect()
}

/// What the audit found grave about a handoff.
fn does_not_add_up(report: &PlanReport, at: usize) -> Vec<String> {
    let own = report.findings().filter(|found| found.verdict.subject == Subject::Handoff(at));
    let grave = own.filter(|found| found.finding.severity >= Severity::High);
    grave.map(|found| say("handoff.settle", &[("message", whole(&found.finding.message()))])).collect()
}

/// A sentence may begin with a team's name.
fn capitalised(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn or_blank(text: Option<&str>) -> Figure {
    let text = text.map(str::trim).filter(|text| !text.is_empty());
    text.map_or_else(|| Figure::All(vec![word("handoff.blank")]), whole)
}
