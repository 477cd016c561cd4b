//! Snippets: the plan's own line, with its place, and a window of it where it is long.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::text::{View, clean};
use crate::source::{Source, Span};

/// One place to show, with what is said about it.
pub(super) struct Mark {
    pub(super) span: Span,
    pub(super) label: String,
    pub(super) primary: bool,
}

/// Characters of a long line that are shown before and after the place.
const WINDOW: usize = 60;

/// A line longer than this is shown as a window.
const LONG_LINE: usize = 240;

/// The lines of some places. The first mark gives the place that is named.
pub(super) fn snippet(source: &Source, marks: &[Mark], view: &View) -> String {
    let mut group = Group::with_level(Level::NOTE);
    let mut lines: Vec<Line> = Vec::new();
    for mark in marks {
        let line = source.line_at(mark.span.start);
        match lines.iter_mut().find(|shown| shown.span == line) {
            Some(shown) => shown.marks.push(mark),
            None => lines.push(Line { span: line, marks: vec![mark] }),
        }
    }
    lines.sort_by_key(|line| line.span.start);
    for (at, line) in lines.iter().enumerate() {
        let snippet = line.snippet(source);
        group = group.element(if at == 0 { snippet.path("") } else { snippet });
    }
    let renderer = if view.colour { Renderer::styled() } else { Renderer::plain() };
    let rendered = renderer.decor_style(DecorStyle::Unicode).term_width(view.width).render(&[group]);
    let named = marks.first().map_or(0, |mark| mark.span.start);
    with_place(&without_separators(&rendered), &place(source, named))
}

/// Leaves out the lines by which the renderer parts files: all lines here are of one.
fn without_separators(rendered: &str) -> String {
    let lines = rendered.lines().filter(|line| line.contains('│') || !line.contains('⸬'));
    lines.collect::<Vec<_>>().join("\n")
}

fn place(source: &Source, byte: u32) -> String {
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

impl Line<'_> {
    fn snippet(&self, source: &Source) -> Snippet<'static, annotate_snippets::Annotation<'static>> {
        let number = source.position(self.span.start).line;
        let (text, from) = self.window(source);
        let mut snippet = Snippet::source(text.clone()).line_start(number).fold(false);
        for mark in &self.marks {
            let kind = if mark.primary { AnnotationKind::Primary } else { AnnotationKind::Context };
            let inside = |byte: u32| (byte.saturating_sub(from) as usize).min(text.len());
            let (start, end) = (inside(mark.span.start), inside(mark.span.end.min(self.span.end)));
            let (start, end) = (boundary(&text, start), boundary(&text, end.max(start)));
            let annotation = kind.span(start..end);
            let label = (!mark.label.is_empty()).then(|| clean(&mark.label).into_owned());
            snippet = snippet.annotation(annotation.label(label));
        }
        snippet
    }

    /// The line, or a window of it around its first mark, with every character that a terminal
    /// would act on replaced by one of the same length in bytes; and the byte where it begins.
    fn window(&self, source: &Source) -> (String, u32) {
        let line = source.slice(self.span);
        if line.chars().count() <= LONG_LINE {
            return (harmless(line), self.span.start);
        }
        let at = self.marks.first().map_or(0, |mark| mark.span.start.saturating_sub(self.span.start) as usize);
        let before: usize = line.get(..at).unwrap_or_default().chars().rev().take(WINDOW).map(char::len_utf8).sum();
        let from = at.saturating_sub(before);
        let after: usize = line.get(at..).unwrap_or_default().chars().take(2 * WINDOW).map(char::len_utf8).sum();
        let text = line.get(from..at + after).unwrap_or_default();
        (harmless(text), self.span.start + u32::try_from(from).unwrap_or_default())
    }
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
