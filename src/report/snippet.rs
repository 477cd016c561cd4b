//! Snippets: the plan's own line, with its place, and a window of it where it is long.

use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::text::{View, clean};
use crate::plan::problem::Problem;
use crate::rules::verdict::Finding;
use crate::source::{Source, Span};

/// One place to show, with what is said about it.
pub(super) struct Mark {
    pub(super) span: Span,
    pub(super) label: String,
    pub(super) primary: bool,
}

impl Mark {
    /// The places of a finding, its own first.
    pub(super) fn of(finding: &Finding) -> Vec<Self> {
        let related = finding.related.iter();
        let related = related.map(|(span, label)| Self { span: *span, label: label.clone(), primary: false });
        let primary = Self { span: finding.place, label: String::new(), primary: true };
        std::iter::once(primary).chain(related).collect()
    }

    /// The places of a problem, its own first.
    pub(super) fn of_problem(problem: &Problem) -> Vec<Self> {
        let related = problem.related.iter();
        let related = related.map(|(span, label)| Self { span: *span, label: (*label).to_owned(), primary: false });
        let primary = Self { span: problem.span, label: String::new(), primary: true };
        std::iter::once(primary).chain(related).collect()
    }
}

/// The least of a line that is shown.
const NARROWEST: usize = 20;

/// One line of the plan, as far as it is shown.
pub(super) struct Excerpt<'m> {
    /// Its number, from 1.
    pub(super) number: usize,
    /// Its text, with nothing in it that a terminal would act on, and an ellipsis where it is cut.
    pub(super) text: String,
    /// What is marked on it: the bytes of the text, and what is said about them.
    pub(super) marks: Vec<(Range<usize>, &'m Mark)>,
}

/// The lines of some places, in their order, each in so many columns at most.
pub(super) fn excerpts<'m>(source: &Source, marks: &'m [Mark], columns: usize) -> Vec<Excerpt<'m>> {
    lines(source, marks).iter().map(|line| line.excerpt(source, columns)).collect()
}

/// The lines of some places. The first mark gives the place that is named.
pub(super) fn snippet(source: &Source, marks: &[Mark], view: &View) -> String {
    let mut group = Group::with_level(Level::NOTE);
    let lines = lines(source, marks);
    // Beside a line stand its number and a rule with a space on each side.
    let greatest = lines.last().map_or(0, |line| source.position(line.span.start).line);
    let columns = view.width.saturating_sub(greatest.to_string().len() + 3).max(NARROWEST);
    for (at, line) in lines.iter().enumerate() {
        let snippet = line.snippet(source, columns);
        group = group.element(if at == 0 { snippet.path("") } else { snippet });
    }
    let renderer = if view.colour { Renderer::styled() } else { Renderer::plain() };
    // Lines are cut to the width before: the renderer would let a long mark run over it.
    let rendered = renderer.decor_style(DecorStyle::Unicode).term_width(2 * view.width).render(&[group]);
    let named = marks.first().map_or(0, |mark| mark.span.start);
    with_place(&without_separators(&rendered), &place(source, named))
}

/// The lines of some places, in their order, each with its marks.
fn lines<'m>(source: &Source, marks: &'m [Mark]) -> Vec<Line<'m>> {
    let mut lines: Vec<Line> = Vec::new();
    for mark in marks {
        let line = source.line_at(mark.span.start);
        match lines.iter_mut().find(|shown| shown.span == line) {
            Some(shown) => shown.marks.push(mark),
            None => lines.push(Line { span: line, marks: vec![mark] }),
        }
    }
    lines.sort_by_key(|line| line.span.start);
    lines
}

/// Leaves out the lines by which the renderer parts files: all lines here are of one.
fn without_separators(rendered: &str) -> String {
    let lines = rendered.lines().filter(|line| line.contains('│') || !line.contains('⸬'));
    lines.collect::<Vec<_>>().join("\n")
}

/// A place as people write it: file, line and column.
pub(super) fn place(source: &Source, byte: u32) -> String {
    let position = source.position(byte);
    format!("{}:{}:{}", clean(source.name()), position.line, position.column)
}

/// Names the place. The renderer knows only that of the uppermost line, and counts from the start of a window.
fn with_place(rendered: &str, place: &str) -> String {
    let Some((head, after)) = rendered.split_once(':') else { return rendered.to_owned() };
    let rest = after.trim_start_matches(|c: char| c == ':' || c.is_ascii_digit());
    format!("{head}{place}{rest}")
}

struct Line<'m> {
    span: Span,
    marks: Vec<&'m Mark>,
}

impl<'m> Line<'m> {
    fn excerpt(&self, source: &Source, columns: usize) -> Excerpt<'m> {
        let Window { text, from } = self.window(source, columns);
        let inside = |byte: u32| (byte as usize).saturating_sub(from).min(text.len());
        let range = |span: Span| {
            let (start, end) = (inside(span.start), inside(span.end.min(self.span.end)));
            boundary(&text, start)..boundary(&text, end.max(start))
        };
        let marks = self.marks.iter().map(|mark| (range(mark.span), *mark)).collect();
        Excerpt { number: source.position(self.span.start).line, text, marks }
    }

    fn snippet(&self, source: &Source, columns: usize) -> Snippet<'static, annotate_snippets::Annotation<'static>> {
        let Excerpt { number, text, marks } = self.excerpt(source, columns);
        let mut snippet = Snippet::source(text.clone()).line_start(number).fold(false);
        for (range, mark) in marks {
            let kind = if mark.primary { AnnotationKind::Primary } else { AnnotationKind::Context };
            // The window is made for the first mark: the label of another is left out where it would run over the edge.
            let before = width(text.get(..range.end).unwrap_or_default());
            let fits = before + 1 + mark.label.width() <= columns;
            let label = (!mark.label.is_empty() && fits).then(|| clean(&mark.label).into_owned());
            snippet = snippet.annotation(kind.span(range).label(label));
        }
        snippet
    }

    /// What of the line fits, around its first mark.
    fn window(&self, source: &Source, columns: usize) -> Window {
        let line = source.slice(self.span);
        let (at, end, label) = self.marks.first().map_or((0, 0, 0), |mark| {
            let inside = |byte: u32| (byte.min(self.span.end).saturating_sub(self.span.start)) as usize;
            (inside(mark.span.start), inside(mark.span.end), mark.label.width())
        });
        // No screen shows more; the rest of a line of megabytes is not looked at.
        let before: usize = line.get(..at).unwrap_or_default().chars().rev().take(columns).map(char::len_utf8).sum();
        let after: usize = line.get(at..).unwrap_or_default().chars().take(columns + 1).map(char::len_utf8).sum();
        let (first, last) = (at - before, at + after);
        let text = harmless(line.get(first..last).unwrap_or_default());
        let (context, rest) = text.split_at(boundary(&text, before));
        let marked = rest.get(..boundary(rest, (end - at).min(rest.len()))).unwrap_or_default();
        let wanted = width(marked).min(columns / 2) + label + 1;
        let skipped = skipped(context, columns.saturating_sub(wanted), first > 0);
        let is_cut = first + skipped > 0;
        let from = self.span.start as usize + first + skipped;
        let shown = context.get(skipped..).unwrap_or_default().to_owned() + rest;
        let room = columns - usize::from(is_cut);
        let shown = fitting(&shown, room, last == line.len());
        match is_cut {
            true => Window { text: format!("{CUT}{shown}"), from: from.saturating_sub(CUT.len_utf8()) },
            false => Window { text: shown, from },
        }
    }
}

/// How many bytes of what stands before a mark are left out, so that the mark is shown.
fn skipped(context: &str, room: usize, is_cut: bool) -> usize {
    let mut skipped = 0;
    let mut left = width(context);
    for c in context.chars() {
        if left + usize::from(is_cut || skipped > 0) <= room {
            break;
        }
        skipped += c.len_utf8();
        left -= columns_of(c);
    }
    skipped
}

/// As much of a text as fits, and a sign where that, or the text, is not all.
fn fitting(text: &str, room: usize, is_all: bool) -> String {
    if is_all && width(text) <= room {
        return text.to_owned();
    }
    let mut used = 0;
    let first = text.chars().take_while(|c| {
        used += columns_of(*c);
        used < room
    });
    first.chain([CUT]).collect()
}

/// The part of a line that is shown.
struct Window {
    text: String,
    /// The byte of the source that the text's first byte stands for.
    from: usize,
}

/// Stands where a line is cut.
const CUT: char = '…';

/// The columns of a text, with tabs as the renderer writes them.
fn width(text: &str) -> usize {
    text.chars().map(columns_of).sum()
}

fn columns_of(c: char) -> usize {
    const TAB: usize = 4;
    if c == '\t' { TAB } else { c.width().unwrap_or(0) }
}

/// Replaces what a terminal would act on by as many bytes of harmless text, so that places hold.
fn harmless(line: &str) -> String {
    line.chars()
        .flat_map(|c| {
            let acts = c != '\t' && !clean(c.encode_utf8(&mut [0; 4])).starts_with(c);
            let shown = if acts { '?' } else { c };
            std::iter::repeat_n(shown, if acts { c.len_utf8() } else { 1 })
        })
        .collect()
}

fn boundary(text: &str, mut at: usize) -> usize {
    while at > 0 && !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(text: &str, span: Span, width: usize) -> String {
        let view = View { width, colour: false, all: false };
        snippet(&Source::new("x", text), &[Mark { span, label: String::new(), primary: true }], &view)
    }

    #[test]
    fn a_short_line_is_shown_whole() {
        assert_eq!(shown("ab: cd\n", Span::new(4, 6), 40), "  ╭▸ x:1:5\n  │\n1 │ ab: cd\n  ╰╴    ━━");
    }

    #[test]
    fn a_long_line_is_cut_on_both_sides_and_keeps_its_place() {
        let text = format!("{}MARK{}", "a".repeat(500), "b".repeat(500));
        let shown = shown(&text, Span::new(500, 504), 40);
        let lines: Vec<&str> = shown.lines().collect();
        assert_eq!(lines[0], "  ╭▸ x:1:501");
        assert_eq!(lines[2], "1 │ …aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaMARK…");
        assert_eq!(
            lines[3].split_once('━').map(|(before, _)| before.width()),
            lines[2].split_once('M').map(|(before, _)| before.width())
        );
    }

    #[test]
    fn the_first_mark_gives_the_place_also_where_another_stands_above_it() {
        let source = Source::new("x", "one\ntwo\nthree\n");
        let mark = |span, primary| Mark { span, label: "here".to_owned(), primary };
        let view = View { width: 40, colour: false, all: false };
        let shown = snippet(&source, &[mark(Span::new(8, 13), true), mark(Span::new(0, 3), false)], &view);
        assert!(shown.starts_with("  ╭▸ x:3:1\n"), "{shown}");
        assert!(!shown.contains('⸬'), "{shown}");
    }

    proptest! {
        #[test]
        fn no_line_is_wider_than_the_screen(
            text in "[a-c \\t名é\u{202e}\u{1b}]{0,300}", start in 0_usize..300, length in 0_usize..300, width in 40_usize..130,
        ) {
            let within = |at: usize| boundary(&text, at.min(text.len()));
            let span = Span::new(within(start), within(start + length));
            for line in shown(&text, span, width).lines() {
                prop_assert!(line.width() <= width, "{}: {line}", line.width());
                let is_harmless = !line.contains(['\u{202e}', '\u{1b}']);
                prop_assert!(is_harmless);
            }
        }
    }
}
