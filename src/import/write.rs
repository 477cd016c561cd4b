//! Writes the plan: its keys through the one YAML writer, and everything else that the sheet holds as comments.

use std::fmt::Write as _;
use std::ops::Range;

use super::build::{Field, Kind, Outline, Part};
use crate::words::turns_direction;
use crate::yaml::{self, Written};

/// What stands at the top of the plan.
#[derive(Debug)]
pub(super) struct Head {
    /// The lines of the opening comment.
    pub(super) comment: Vec<String>,
    /// `plan`, `period`, `currency`, `locale`.
    pub(super) keys: Vec<HeadKey>,
    /// Keys that are missing, as comments that say what to write.
    pub(super) missing: Vec<&'static str>,
}

/// One key at the top of the plan.
#[derive(Debug, Clone)]
pub(super) struct HeadKey {
    pub(super) key: &'static str,
    pub(super) value: String,
    /// What is to be said of it.
    pub(super) note: Option<String>,
}

/// A plan's text, and what stands where in it.
#[derive(Debug, Default)]
pub(super) struct Document {
    pub(super) text: String,
    places: Vec<(Range<usize>, At)>,
}

/// What a place of the text belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum At {
    /// The name of a part.
    Part(usize),
    /// One of its keys.
    Field(usize, usize),
}

impl Document {
    /// What stands at a byte.
    pub(super) fn at(&self, byte: usize) -> Option<At> {
        self.places.iter().find(|(range, _)| range.contains(&byte)).map(|(_, at)| *at)
    }

    fn comment(&mut self, indent: &str, text: &str) {
        let line = format!("{indent}# {}", shown(text));
        let _ = writeln!(self.text, "{}", line.trim_end());
    }

    /// One key with its value; a note stands behind it, or above where the value takes several lines.
    fn key(
        &mut self,
        indent: &str,
        first: bool,
        key: &'static str,
        value: &Written,
        note: Option<&str>,
    ) -> Range<usize> {
        let yaml = yaml::write(&Written::Mapping(vec![(key, value.clone())]));
        let lines: Vec<&str> = yaml.trim_end().lines().collect();
        if lines.len() > 1
            && let Some(note) = note
        {
            self.comment(indent, note);
        }
        let start = self.text.len();
        for (at, line) in lines.iter().enumerate() {
            let lead = if first && at == 0 {
                format!("{}- ", indent.strip_suffix("  ").unwrap_or_default())
            } else {
                indent.to_owned()
            };
            let _ = write!(self.text, "{lead}{line}");
            if let ([_], Some(note)) = (lines.as_slice(), note) {
                let _ = write!(self.text, "  # {}", shown(note));
            }
            self.text.push('\n');
        }
        start..self.text.len()
    }
}

/// The whole plan.
pub(super) fn document(head: &Head, outline: &Outline) -> Document {
    let mut document = Document::default();
    for line in &head.comment {
        document.comment("", line);
    }
    document.text.push('\n');
    for HeadKey { key, value, note } in &head.keys {
        document.key("", false, key, &Written::Text(value.clone()), note.as_deref());
    }
    for line in &head.missing {
        document.comment("", line);
    }
    list(&mut document, outline, "goals", Kind::Goal);
    list(&mut document, outline, "kpis", Kind::Kpi);
    list(&mut document, outline, "products", Kind::Product);
    list(&mut document, outline, "initiatives", Kind::Initiative);
    refused(&mut document, outline);
    document
}

/// The parts of one kind; KPIs stand in the goal that they are nested in.
fn list(document: &mut Document, outline: &Outline, key: &str, kind: Kind) {
    let own: Vec<(usize, &Part)> = outline
        .parts
        .iter()
        .enumerate()
        .filter(|(_, part)| part.kind == kind && !part.refused && goal_of(outline, part).is_none())
        .collect();
    if own.is_empty() {
        return;
    }
    let _ = write!(document.text, "\n{key}:\n");
    for (at, part) in own {
        write_part(document, outline, at, part, "    ");
    }
}

/// The goal that a part is nested in, where that is written.
fn goal_of(outline: &Outline, part: &Part) -> Option<usize> {
    let goal = part.inside.filter(|_| part.kind == Kind::Kpi)?;
    outline.parts.get(goal).filter(|goal| goal.kind == Kind::Goal && !goal.refused).map(|_| goal)
}

fn write_part(document: &mut Document, outline: &Outline, at: usize, part: &Part, indent: &str) {
    let place = document.key(indent, true, "name", &Written::Text(part.name.clone()), Some(&part.place));
    document.places.push((place, At::Part(at)));
    if let Some(id) = &part.id {
        let place = document.key(indent, false, "id", &Written::Text(id.clone()), None);
        document.places.push((place, At::Part(at)));
    }
    for (number, Field { key, value, note, .. }) in part.fields.iter().enumerate() {
        let place = document.key(indent, false, key, value, note.as_deref());
        document.places.push((place, At::Field(at, number)));
    }
    for note in &part.notes {
        document.comment(indent, note);
    }
    let inside: Vec<(usize, &Part)> = outline
        .parts
        .iter()
        .enumerate()
        .filter(|(_, other)| !other.refused && goal_of(outline, other) == Some(at))
        .collect();
    if !inside.is_empty() {
        let _ = writeln!(document.text, "{indent}kpis:");
    }
    for (at, part) in inside {
        write_part(document, outline, at, part, &format!("{indent}    "));
    }
}

/// Rows that are no part of the plan, at its end.
fn refused(document: &mut Document, outline: &Outline) {
    let refused: Vec<&Part> = outline.parts.iter().filter(|part| part.refused).collect();
    if outline.loose.is_empty() && refused.is_empty() {
        return;
    }
    document.text.push('\n');
    document.comment("", "Rows that are not in the plan:");
    for row in &outline.loose {
        document.comment("", &format!("  {row}"));
    }
    for part in refused {
        document.comment("", &format!("  {}: {}", part.place, part.name));
        for field in &part.fields {
            document.comment("", &format!("    {}: {}", field.heading, field.text));
        }
        for note in &part.notes {
            document.comment("", &format!("    {note}"));
        }
    }
}

/// Text of a sheet as a comment: on one line, with nothing in it that an editor or a terminal would act on, and nothing lost.
fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        if acts(letter) {
            shown.extend(letter.escape_default());
        } else {
            shown.push(letter);
        }
    }
    shown
}

/// Whether a letter breaks a line, controls a terminal, turns the direction of text, or cannot stand in YAML.
fn acts(letter: char) -> bool {
    let broken =
        matches!(letter, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}');
    letter.is_control() || turns_direction(letter) || broken
}
