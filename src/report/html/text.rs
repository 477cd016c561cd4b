//! Small pieces of a page: texts of a plan made harmless, sentences, headings, bars, and marks that need no colour.

use std::borrow::Cow;

use maud::{Markup, html};

use crate::report::text::clean;
use crate::severity::Severity;
use crate::wording::count;

/// A text of a plan, as text: its direction is its own, and nothing in it acts.
pub(in crate::report) fn own(text: &str) -> Markup {
    html! { bdi dir="auto" { (clean(text)) } }
}

/// The same where there can be no element: in a title.
pub(in crate::report) fn own_as_text(text: &str) -> Cow<'_, str> {
    clean(text)
}

/// A sentence of ours, in which texts of a plan may stand; what is between backticks is code.
pub(in crate::report) fn prose(text: &str) -> Markup {
    let text = clean(text);
    let parts: Vec<&str> = text.split('`').collect();
    // An odd backtick out is a backtick.
    let is_paired = parts.len() % 2 == 1;
    html! {
        @if is_paired {
            @for (at, part) in parts.iter().enumerate() {
                @if at % 2 == 1 { code { (part) } } @else { (part) }
            }
        } @else {
            (text)
        }
    }
}

/// Paragraphs and lists of a rule's page.
pub(in crate::report) fn paragraphs(body: &str) -> Markup {
    html! {
        @for paragraph in body.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty()) {
            @match paragraph.strip_prefix("- ") {
                Some(items) => ul { @for item in items.split("\n- ") { li { (prose(item)) } } }
                None => p { (prose(paragraph)) }
            }
        }
    }
}

/// A heading of a level, with a link to itself that can be shared. What the link is called tells it from all others of the page.
pub(in crate::report) fn heading(level: u8, anchor: &str, content: &Markup, called: &str) -> Markup {
    let called = format!("Link to {}", clean(called));
    let link = html! { " " a class="here" href={ "#" (anchor) } aria-label=(called) { "#" } };
    plain_heading(level, &html! { (content) (link) })
}

/// A heading of a level.
pub(in crate::report) fn plain_heading(level: u8, content: &Markup) -> Markup {
    html! {
        @match level {
            1 => h1 { (content) }
            2 => h2 { (content) }
            3 => h3 { (content) }
            4 => h4 { (content) }
            _ => h5 { (content) }
        }
    }
}

/// A table that is wider than a phone: it scrolls by itself, also by keyboard.
pub(in crate::report) fn scrolling(label: &str, table: &Markup) -> Markup {
    html! { div class="scroll" role="group" aria-label=(label) tabindex="0" { (table) } }
}

/// A number in a table: what is not known is a dash.
pub(in crate::report) fn number(text: Option<String>) -> Markup {
    html! { td class="num" { @match text { Some(text) => { (own(&text)) } None => { "–" } } } }
}

/// A severity as a shape and a word.
pub(in crate::report) fn severity(severity: Severity) -> Markup {
    severity_as(severity, severity.word())
}

/// How many findings of a severity there are.
pub(in crate::report) fn severity_count(severity: Severity, count: usize) -> Markup {
    html! { span class="count" { strong { (count) } " " (severity_as(severity, severity.counted(count))) } " " }
}

fn severity_as(severity: Severity, word: &str) -> Markup {
    html! { span class={ "severity " (severity.word()) } { (shape(severity)) (word) } }
}

/// A shape for each severity, so that none is told by its colour alone; the word stands beside it.
fn shape(severity: Severity) -> Markup {
    let path = match severity {
        Severity::Critical => "M1 4l3-3 3 3 3-3 3 3-3 3 3 3-3 3-3-3-3 3-3-3 3-3z",
        Severity::High => "M7 1l6.5 12H.5z",
        Severity::Medium => "M7 .5L13.5 7 7 13.5.5 7z",
        Severity::Low => "M7 2a5 5 0 100 10A5 5 0 007 2z",
        Severity::Note => "M2.5 2.5h9v9h-9z",
    };
    html! { svg class="shape" viewBox="0 0 14 14" width="12" height="12" aria-hidden="true" { path d=(path) {} } }
}

/// A share of 0 to 100 as a bar; the number stands beside it.
pub(in crate::report) fn bar(share: f64) -> Markup {
    html! {
        svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" {
            rect class="track" width="100" height="10" {}
            (rect("fill", share, 0.0, 10.0))
        }
    }
}

/// One piece of a bar.
pub(in crate::report) fn rect(class: &str, width: f64, y: f64, height: f64) -> Markup {
    html! { rect class=(class) width=(tenths(width.clamp(0.0, 100.0))) y=(tenths(y)) height=(tenths(height)) {} }
}

/// A coordinate, as short as it can be.
pub(in crate::report) fn tenths(value: f64) -> String {
    let rounded = (value * 10.0).round() / 10.0;
    // No minus before a zero.
    format!("{}", rounded + 0.0)
}

/// A number with its noun: "1 finding", "2,000 findings".
pub(in crate::report) fn counted(number: usize, one: &str) -> String {
    format!("{} {one}{}", count(number as f64), if number == 1 { "" } else { "s" })
}

/// That a list is cut, and where the rest is.
pub(in crate::report) fn left_out(left: usize, one: &str) -> Markup {
    html! {
        @if left > 0 { p class="note" { "… and " (counted(left, one)) " more: " code { "--format json" } " has them all." } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_a_plan_are_text() {
        let shown = own("<script>\u{202e}\"&\u{1b}[31m").into_string();
        assert_eq!(shown, "<bdi dir=\"auto\">&lt;script&gt;\u{fffd}&quot;&amp;␛[31m</bdi>");
        let shown = prose("\"<b>\" lacks `price`").into_string();
        assert_eq!(shown, "&quot;&lt;b&gt;&quot; lacks <code>price</code>");
        assert_eq!(prose("a ` b").into_string(), "a ` b");
    }

    #[test]
    fn coordinates_are_short() {
        assert_eq!([-0.01, 3.0, 2.345].map(tenths), ["0", "3", "2.3"]);
    }
}
