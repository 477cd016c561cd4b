//! Texts as they are read: bytes to text, and a byte's place to line and column.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// A range of bytes in a [`Source`]: what a value, a key or a problem covers. It becomes a line
/// and a column only where it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl Span {
    /// A span from byte offsets; offsets past 4 GiB are clamped, as no [`Source`] is that long.
    pub fn new(start: usize, end: usize) -> Self {
        let clamp = |byte| u32::try_from(byte).unwrap_or(u32::MAX);
        Self { start: clamp(start), end: clamp(end.max(start)) }
    }

    /// The smallest span that covers both.
    pub fn to(self, other: Span) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The same bytes, counted from another that stands before them.
    pub(crate) fn before(self, byte: u32) -> Self {
        Self { start: self.start.saturating_sub(byte), end: self.end.saturating_sub(byte) }
    }

    /// The bytes as a range.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// A part of this span, by byte offsets from its start.
    pub fn part(self, range: Range<usize>) -> Self {
        let start = self.start as usize;
        Self::new(start + range.start, (start + range.end).min(self.end as usize))
    }
}

/// A line and a column, both counted from 1; columns count Unicode code points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in code points.
    pub column: usize,
}

/// Why a text cannot be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unreadable {
    /// The file could not be read.
    #[error("cannot be read: {0}")]
    Io(String),
    /// More bytes than are read.
    #[error("is larger than 1 GiB, which is more than a plan can be")]
    TooLarge,
    /// Another encoding than UTF-8.
    #[error("this is {0}, not UTF-8 text")]
    Encoding(&'static str),
    /// A byte that is not UTF-8.
    #[error("byte 0x{byte:02x} is not valid UTF-8")]
    NotUtf8 {
        /// The byte.
        byte: u8,
    },
}

impl Unreadable {
    /// What to do about it.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::Encoding(_) | Self::NotUtf8 { .. } => Some("save the file as UTF-8 and try again"),
            Self::Io(_) | Self::TooLarge => None,
        }
    }
}

/// The largest text that is read, in bytes.
pub const MAX_BYTES: usize = 1 << 30;

const BYTE_ORDER_MARK: char = '\u{feff}';

/// One text with a name: a file, standard input, or a text from memory.
#[derive(Debug, Default)]
pub struct Source {
    name: String,
    text: Arc<String>,
    has_mark: bool,
    lines: OnceLock<Vec<u32>>,
    /// How many code points begin before each [`STEP`] of bytes.
    letters: OnceLock<Vec<u32>>,
}

/// Bytes between two counts of code points: a column on a line of megabytes is not counted from its start.
const STEP: usize = 1024;

impl Source {
    /// A text that is already in memory.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        let mut text = text.into();
        let has_mark = text.starts_with(BYTE_ORDER_MARK);
        if has_mark {
            text.drain(..BYTE_ORDER_MARK.len_utf8());
        }
        Self { name: name.into(), text: Arc::new(text), has_mark, lines: OnceLock::new(), letters: OnceLock::new() }
    }

    /// Reads UTF-8, with or without a byte-order mark. Anything else is returned as a problem at
    /// the first byte that is wrong, beside the text as far as it can be shown.
    pub fn from_bytes(name: impl Into<String>, bytes: Vec<u8>) -> (Self, Option<(Span, Unreadable)>) {
        let name = name.into();
        if bytes.len() > MAX_BYTES {
            return (Self::new(name, ""), Some((Span::default(), Unreadable::TooLarge)));
        }
        if let Some(encoding) = foreign_encoding(&bytes) {
            return (Self::new(name, ""), Some((Span::default(), Unreadable::Encoding(encoding))));
        }
        match String::from_utf8(bytes) {
            Ok(text) => (Self::new(name, text), None),
            Err(error) => {
                let mark = if error.as_bytes().starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
                let at = error.utf8_error().valid_up_to().saturating_sub(mark);
                let byte = error.as_bytes().get(at + mark).copied().unwrap_or_default();
                let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
                let place = Span::new(at, at + '\u{fffd}'.len_utf8());
                (Self::new(name, text), Some((place, Unreadable::NotUtf8 { byte })))
            }
        }
    }

    /// The name by which the text is shown: a path with `/`, or `-` for standard input.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The text, without a byte-order mark.
    #[inline]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text, for those who keep a part of it.
    pub(crate) fn whole(&self) -> &Arc<String> {
        &self.text
    }

    /// Where a text stands that is a part of this one; `None` for one that says the same elsewhere.
    pub(crate) fn span_of(&self, part: &str) -> Option<Span> {
        let start = part.as_ptr().addr().checked_sub(self.text.as_ptr().addr())?;
        let end = start + part.len();
        (end <= self.text.len()).then(|| Span::new(start, end))
    }

    /// The same text anew, for a thread of its own.
    pub(crate) fn copy(&self) -> Self {
        Self {
            name: self.name.clone(),
            text: Arc::new(self.text().to_owned()),
            has_mark: self.has_mark,
            ..Self::default()
        }
    }

    /// Another text as it is written in the place of this one: with a byte-order mark where this one had it.
    pub fn with_its_mark(&self, text: &str) -> String {
        let mark = if self.has_mark { BYTE_ORDER_MARK.to_string() } else { String::new() };
        mark + text
    }

    /// The text that a span covers; empty where the span is not of this source.
    #[inline]
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// Line and column of a byte.
    pub fn position(&self, byte: u32) -> Position {
        let lines = self.line_starts();
        let line = lines.partition_point(|&start| start <= byte).max(1);
        let start = lines.get(line - 1).copied().unwrap_or_default();
        Position { line, column: self.letters_between(start, byte) + 1 }
    }

    /// How many code points of the text begin from one byte to another: those of a long line are not counted one by one.
    fn letters_between(&self, start: u32, end: u32) -> usize {
        let (from, to) = (start as usize, (end as usize).min(self.text.len()));
        if to.saturating_sub(from) > STEP {
            return self.letters_before(end).saturating_sub(self.letters_before(start));
        }
        letters_in(self.text.as_bytes().get(from..to).unwrap_or_default())
    }

    /// How many code points of the text begin before a byte.
    fn letters_before(&self, byte: u32) -> usize {
        let byte = (byte as usize).min(self.text.len());
        let counted = self.letter_counts().get(byte / STEP).copied().unwrap_or_default();
        let since = self.text.as_bytes().get(byte / STEP * STEP..byte).unwrap_or_default();
        counted as usize + letters_in(since)
    }

    fn letter_counts(&self) -> &[u32] {
        self.letters.get_or_init(|| {
            let mut counted = 0;
            let steps = self.text.as_bytes().chunks(STEP).map(|step| {
                counted += letters_in(step);
                Span::new(counted, counted).start
            });
            std::iter::once(0).chain(steps).collect()
        })
    }

    /// The span of the line that a byte is on, without its line end.
    pub fn line_at(&self, byte: u32) -> Span {
        let lines = self.line_starts();
        let line = lines.partition_point(|&start| start <= byte).max(1);
        let start = lines.get(line - 1).copied().unwrap_or_default();
        let end = lines.get(line).map_or(self.text.len(), |&next| next as usize);
        let text = self.text.get(start as usize..end).unwrap_or_default();
        Span::new(start as usize, start as usize + text.trim_end_matches(['\n', '\r']).len())
    }

    /// Where each line begins. A line ends at LF, CRLF or a lone CR, as in YAML.
    fn line_starts(&self) -> &[u32] {
        self.lines.get_or_init(|| {
            let bytes = self.text.as_bytes();
            let ends = memchr::memchr2_iter(b'\n', b'\r', bytes);
            // A line that ends in both ends with the second.
            let ends = ends.filter(|&at| bytes.get(at) == Some(&b'\n') || bytes.get(at + 1) != Some(&b'\n'));
            let starts = ends.map(|at| Span::new(at + 1, at + 1).start);
            std::iter::once(0).chain(starts).collect()
        })
    }
}

/// How many code points begin in some bytes of UTF-8: each has one byte that continues no other. Most lines are ASCII, which is seen at once.
fn letters_in(bytes: &[u8]) -> usize {
    if bytes.is_ascii() {
        return bytes.len();
    }
    bytes.iter().filter(|&&byte| byte & 0b1100_0000 != 0b1000_0000).count()
}

/// Names an encoding other than UTF-8 that the first bytes give away.
fn foreign_encoding(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => Some("UTF-32"),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Some("UTF-16"),
        [0, _, 0, _, ..] | [_, 0, _, 0, ..] => Some("UTF-16"),
        [0x1f, 0x8b, ..] => Some("gzip"),
        [b'P', b'K', 3, 4, ..] => Some("a ZIP archive (a spreadsheet, perhaps)"),
        [b'%', b'P', b'D', b'F', ..] => Some("PDF"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(source: &Source, byte: u32) -> (usize, usize) {
        let position = source.position(byte);
        (position.line, position.column)
    }

    #[test]
    fn columns_count_code_points_and_lines_end_at_lf_crlf_or_cr() {
        let source = Source::new("x", "aé€b\nc\r\nd\re");
        assert_eq!(place(&source, 0), (1, 1));
        assert_eq!(place(&source, 6), (1, 4));
        assert_eq!(place(&source, 8), (2, 1));
        assert_eq!(place(&source, 11), (3, 1));
        assert_eq!(place(&source, 13), (4, 1));
    }

    #[test]
    fn a_column_far_out_is_that_of_a_count_from_the_start_of_its_line() {
        let text = format!("plan\n{}\n{}", "aé€𝄞".repeat(700), "é".repeat(2 * STEP));
        let source = Source::new("x", text.as_str());
        for (at, _) in text.char_indices() {
            let before = text.get(..at).unwrap();
            let (line, on_line) = (before.matches('\n').count() + 1, before.rsplit('\n').next().unwrap());
            let byte = u32::try_from(at).unwrap();
            assert_eq!(place(&source, byte), (line, on_line.chars().count() + 1), "byte {at}");
        }
        let end = u32::try_from(text.len()).unwrap();
        assert_eq!(place(&source, end), (3, 2 * STEP + 1));
        assert_eq!(place(&source, u32::MAX), place(&source, end));
    }

    #[test]
    fn many_places_on_one_long_line_do_not_each_count_it() {
        let source = Source::new("x", "é".repeat(2_000_000));
        let begun = std::time::Instant::now();
        let columns: usize = (0..20_000).map(|at| source.position(at * 200).column).sum();
        assert_eq!(columns, (0..20_000).map(|at| at * 100 + 1).sum::<usize>());
        assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
    }

    #[test]
    fn a_byte_order_mark_moves_no_place() {
        let (with, problem) = Source::from_bytes("x", b"\xef\xbb\xbfplan: a".to_vec());
        assert!(problem.is_none());
        assert_eq!(with.text(), "plan: a");
        assert_eq!(place(&with, 0), (1, 1));
    }

    #[test]
    fn a_bad_byte_is_reported_where_it_stands_with_or_without_a_mark() {
        for mark in [&b""[..], b"\xef\xbb\xbf"] {
            let bytes = [mark, b"plan: a\nx: b\xe9z\n"].concat();
            let (source, problem) = Source::from_bytes("x", bytes);
            let (span, why) = problem.unwrap();
            assert_eq!(place(&source, span.start), (2, 5));
            assert_eq!(why, Unreadable::NotUtf8 { byte: 0xe9 });
        }
    }

    #[test]
    fn utf_16_is_named() {
        let (_, problem) = Source::from_bytes("x", b"\xff\xfep\0l\0".to_vec());
        assert_eq!(problem.unwrap().1, Unreadable::Encoding("UTF-16"));
        let (_, problem) = Source::from_bytes("x", b"p\0l\0a\0n\0".to_vec());
        assert_eq!(problem.unwrap().1, Unreadable::Encoding("UTF-16"));
    }

    #[test]
    fn a_line_is_found_without_its_end() {
        let source = Source::new("x", "one\r\ntwo\n");
        assert_eq!(source.slice(source.line_at(6)), "two");
        assert_eq!(source.slice(source.line_at(1)), "one");
        assert_eq!(source.slice(source.line_at(9)), "");
    }
}
