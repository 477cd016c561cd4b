//! Says in plain words why a text is not YAML, and where.

use std::borrow::Cow;

use granit_parser::{ErrorKind, ScanError};

use super::{Fault, Limit, YamlFault};
use crate::source::{Source, Span};

/// Says in plain words why a text is not YAML.
pub(super) fn syntax_problem(source: &Source, error: &ScanError) -> Fault {
    let at = error.marker().byte_offset().unwrap_or_default().min(source.text().len());
    let at = match error.kind() {
        kind if is_tab(kind) => tab_near(source.text(), at),
        // The parser gives the beginning of the value that it stands in.
        ErrorKind::UnexpectedCharacter { character } => found_from(source.text(), at, *character),
        _ => at,
    };
    let next = source.text().get(at..).and_then(|rest| rest.chars().next());
    let span = Span::new(at, at + next.filter(|c| !c.is_control()).map_or(0, char::len_utf8));
    if matches!(error.kind(), ErrorKind::RecursionLimitExceeded) {
        return Fault::new(span, YamlFault::Limit(Limit::Depth));
    }
    let (span, (message, help)) = match colon_problem(source.text(), at, error.kind()) {
        Some((span, message, help)) => (span, (message.into(), Some(help))),
        None => (span, explain(error)),
    };
    Fault::new(span, YamlFault::Syntax { message, help })
}

/// What is wrong with a colon: the parser stumbles one word or one line after the one that is missing or too many.
/// `None` where that cannot be told for sure.
fn colon_problem(text: &str, at: usize, kind: &ErrorKind) -> Option<(Span, &'static str, &'static str)> {
    let line_at = |at: usize| {
        let start = text.get(..at)?.rfind('\n').map_or(0, |end| end + 1);
        Line::read(text.get(start..)?.lines().next()?, start)
    };
    let own = line_at(at)?;
    let line = match kind {
        ErrorKind::SimpleKeyExpected => own,
        ErrorKind::MappingValueNotAllowed if Line::read(text.get(own.start..at)?, own.start)?.has_colon() => {
            return Some((
                Span::new(at, at + 1),
                "a text with a `:` inside needs quotes",
                "put the whole text in quotes",
            ));
        }
        ErrorKind::MappingValueNotAllowed => {
            let before = line_at(text.get(..own.line_start)?.trim_end().len())?;
            // A line that goes on with the value of the one above is no key.
            let above = line_at(text.get(..before.line_start)?.trim_end().len());
            let goes_on =
                above.is_some_and(|above| above.indentation < before.indentation && !above.words.ends_with(':'));
            if before.indentation != own.indentation || (goes_on && !before.is_item) {
                return None;
            }
            before
        }
        _ => return None,
    };
    if line.words.is_empty() || line.words.starts_with(['"', '\'', '[', '{', '|', '>']) || line.has_colon() {
        return None;
    }
    let whole = Span::new(line.start, line.start + line.words.len());
    match line.words.find(':') {
        // A colon that ends a word of letters, not one inside a time, a ratio or an address.
        Some(colon) => {
            let is_key = line.words.get(..colon).is_some_and(|key| key.chars().all(|c| c.is_alphabetic() || c == '_'));
            let address = line.words.get(colon..).is_some_and(|rest| rest.starts_with("://"));
            let colon = Span::new(line.start + colon, line.start + colon + 1);
            (is_key && !address).then_some((colon, "a space is missing after this `:`", "write `key: value`"))
        }
        None if line.is_item => {
            Some((whole, "a `:` is missing in this line", "a text with keys below it is written `- name: its text`"))
        }
        None => Some((whole, "a `:` is missing in this line", "write `key: value`")),
    }
}

/// What stands on a line, without its indentation, its hyphens and its comment.
struct Line<'t> {
    words: &'t str,
    /// Where the words begin in the text.
    start: usize,
    /// Where the line does.
    line_start: usize,
    indentation: usize,
    is_item: bool,
}

impl<'t> Line<'t> {
    fn read(line: &'t str, line_start: usize) -> Option<Self> {
        let mut words = line.trim_start_matches(' ');
        let mut is_item = false;
        while let Some(rest) = words.strip_prefix("- ") {
            words = rest.trim_start_matches(' ');
            is_item = true;
        }
        let indentation = line.len() - words.len();
        let code = words.find(" #").and_then(|comment| words.get(..comment)).unwrap_or(words);
        let words = if code.starts_with('#') { "" } else { code.trim_end() };
        Some(Self { words, start: line_start + indentation, line_start, indentation, is_item })
    }

    /// Whether a colon here ends a key.
    fn has_colon(&self) -> bool {
        self.words.ends_with(':') || [": ", ":\t"].iter().any(|colon| self.words.contains(colon))
    }
}

fn is_tab(kind: &ErrorKind) -> bool {
    use ErrorKind as Fault;
    matches!(
        kind,
        Fault::TabInBlockIndentation | Fault::TabInIndentation | Fault::TabNotAllowed | Fault::TabInPlainScalar
    )
}

/// The tab that is meant: the parser gives the place behind the indentation that holds it, or the
/// beginning of the value that goes on in such a line.
fn tab_near(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or_default();
    let indentation = before.len() - before.trim_end_matches([' ', '\t']).len();
    let from = at - indentation;
    let begins_a_line = from == 0 || before.get(..from).is_some_and(|before| before.ends_with(['\n', '\r']));
    found_from(text, if begins_a_line { from } else { at }, '\t')
}

fn found_from(text: &str, at: usize, sought: char) -> usize {
    text.get(at..).and_then(|rest| rest.find(sought)).map_or(at, |found| at + found)
}

pub(super) const BLOCK_TEXT: (&str, &str) =
    ("an unquoted `>` or `|` begins a text of several lines", "put a value such as \">= 1000\" in quotes");

fn explain(error: &ScanError) -> (Cow<'static, str>, Option<&'static str>) {
    use ErrorKind as Fault;
    let (message, help) = match error.kind() {
        kind if is_tab(kind) => ("a tab stands where YAML takes only spaces", "indent with spaces"),
        Fault::UnexpectedCharacter { character } if character.is_control() => {
            let message = format!("the control character {} cannot stand in a text", character.escape_default());
            return (message.into(), Some("take it out"));
        }
        Fault::UnexpectedCharacter { character } => {
            let message = format!("a value cannot begin with `{}`", character.escape_default());
            return (message.into(), Some("put the whole value in quotes"));
        }
        Fault::InvalidBlockScalarHeader | Fault::ZeroBlockScalarIndent => BLOCK_TEXT,
        Fault::MappingValueNotAllowed => (
            "a `:` stands where no key can be",
            "check the indentation of this line and the one above; a text that holds `: ` needs quotes",
        ),
        Fault::ExpectedBlockMappingKey | Fault::InvalidIndentation | Fault::ExpectedBlockSequenceEntry => {
            ("this line is not indented like its neighbours", "line it up with the keys or hyphens that it belongs to")
        }
        Fault::SimpleKeyExpected | Fault::InvalidSimpleKey => {
            ("a `:` is missing after this key, or a quote before it is not closed", "write `key: value`")
        }
        Fault::UnclosedQuotedScalar | Fault::DocumentIndicatorInQuotedScalar => {
            ("a quote is opened here and never closed", "close it with the same kind of quote")
        }
        Fault::BlockSequenceEntryNotAllowed | Fault::BlockEntryInFlowCollection => {
            ("a list item cannot begin here", "begin the list on a line of its own, each item with `- `")
        }
        Fault::UnclosedFlowCollection { .. }
        | Fault::UnexpectedEofFlowSequence
        | Fault::UnexpectedEofFlowMapping
        | Fault::InvalidColonPlacement
        | Fault::ExpectedFlowMappingSeparator
        | Fault::ExpectedFlowSequenceSeparator => {
            ("a `[` or `{` is not closed, or a comma is missing inside it", "close it, or write one item a line")
        }
        Fault::MismatchedFlowCollectionEnd { .. } | Fault::MisplacedFlowCollectionEnd => (
            "this bracket closes nothing that is open",
            "check the brackets before it; a text with brackets needs quotes",
        ),
        Fault::UnknownAnchor => {
            ("this alias repeats an anchor that is not there", "write `&name` at the value to repeat")
        }
        Fault::InvalidTrailingSingleQuotedScalar | Fault::InvalidTrailingDoubleQuotedScalar => {
            ("text follows a closing quote", "put the quotes around the whole value")
        }
        Fault::UnknownQuotedScalarEscape => {
            ("an unknown escape in double quotes", "use single quotes, or write `\\\\`")
        }
        kind => {
            let message = format!("this is not YAML: {}", in_words(kind));
            return (message.into(), Some("check this line and the one above"));
        }
    };
    (message.into(), Some(help))
}

/// A rare fault by its name in the parser, which has no texts for them in this build:
/// `UnsupportedYamlMajorVersion` is "unsupported yaml major version".
fn in_words(kind: &ErrorKind) -> String {
    let name = format!("{kind:?}");
    let mut words = String::new();
    for letter in name.chars().take_while(char::is_ascii_alphanumeric) {
        if letter.is_ascii_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.push(letter.to_ascii_lowercase());
    }
    words
}
