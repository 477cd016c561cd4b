//! The YAML that plans are written in, read at the speed of its bytes.
//!
//! YAML has many corners, and the library knows them; that takes it hundreds of instructions a byte. Nearly all plans keep away from the
//! corners. This reader takes only what can be read in one way: keys and items in lines, texts on one line, `[ ]` and `{ }`, anchors,
//! `>` and `|` of even indentation. At anything else, and at anything that would be a problem, it gives up, and the library reads the text
//! from its beginning. So it never says what is wrong, and where it gives a tree, that is the tree that the library gives.

use std::sync::Arc;

use hashbrown::HashMap;

use super::builder::{Builder, Kind, says_nothing};
use super::tree::{Data, TextStyle, Tree};
use super::{MAX_DEPTH, MAX_DOCUMENTS};
use crate::source::{Source, Span};

/// The longest key that is read here, in bytes. The library refuses keys of more than 1,024 letters.
const MAX_KEY: usize = 1_000;

/// Where a plain text in brackets may end, by byte: one look at each instead of a comparison with eight.
#[allow(clippy::indexing_slicing, reason = "it runs when the crate is compiled, and ends the build where it is wrong")]
static STOPS_IN_BRACKETS: [bool; 256] = {
    let mut stops = [false; 256];
    let mut bytes: &[u8] = b"\n:#,[]{}";
    while let [byte, rest @ ..] = bytes {
        stops[*byte as usize] = true;
        bytes = rest;
    }
    stops
};

/// The tree of a text; `None` where the library has to read it.
pub(super) fn read(source: &Arc<Source>) -> Option<Tree> {
    let text = source.text();
    if !has_plain_letters(text) {
        return None;
    }
    let mut reader = Reader {
        text,
        bytes: text.as_bytes(),
        at: 0,
        begins: 0,
        column: 0,
        depth: 0,
        line: Line::End,
        builder: Builder::new(source),
        anchors: HashMap::new(),
        last_anchor: 0,
    };
    reader.documents()?;
    reader.builder.problems.is_empty().then_some(reader.builder.tree)
}

/// Whether a text has only letters that mean the same anywhere: no tabs, carriage returns or other control characters, none that end a
/// line, and none that YAML does not take. The first bytes of those that are odd tell most texts to be plain.
fn has_plain_letters(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_odd = |byte: u8| (byte < b' ' && byte != b'\n') || matches!(byte, 0x7f | 0xc2 | 0xe2 | 0xee | 0xef);
    // Without an end at the first, many bytes are looked at with one instruction.
    if !bytes.iter().fold(false, |any, &byte| any | is_odd(byte)) {
        return true;
    }
    text.chars().all(|letter| {
        let is_odd = matches!(letter, '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{e000}'..='\u{ffff}');
        letter == '\n' || (letter >= ' ' && !is_odd)
    })
}

/// What the next line that is neither empty nor a comment is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Line {
    /// `- …`
    Item,
    /// Anything else of a document.
    Other,
    /// `---`
    Marker,
    /// There is none.
    End,
}

struct Reader<'s> {
    text: &'s str,
    bytes: &'s [u8],
    /// The next byte.
    at: usize,
    /// Where the present line begins, and the column of its first letter.
    begins: usize,
    column: usize,
    /// How many lists and mappings are open.
    depth: usize,
    line: Line,
    builder: Builder,
    /// The numbers of the anchors of the present document, by their names.
    anchors: HashMap<&'s str, usize>,
    last_anchor: usize,
}

impl<'s> Reader<'s> {
    fn documents(&mut self) -> Option<()> {
        self.next_line()?;
        if self.line == Line::Marker {
            self.next_line()?;
        }
        loop {
            if self.builder.tree.documents().len() >= MAX_DOCUMENTS {
                return None;
            }
            match self.byte() {
                Some(b'[' | b'{') if self.line == Line::Other => {
                    self.inline(0)?;
                    self.next_line()?;
                }
                _ => self.block()?,
            }
            self.builder.end_document();
            self.anchors.clear();
            match self.line {
                Line::End => return Some(()),
                Line::Marker => self.next_line()?,
                Line::Item | Line::Other => return None,
            }
        }
    }

    /// Goes to the first letter of the next line that says something.
    fn next_line(&mut self) -> Option<()> {
        loop {
            self.begins = self.at;
            self.skip_spaces();
            self.column = self.at - self.begins;
            match self.byte() {
                None => {
                    self.line = Line::End;
                    return Some(());
                }
                Some(b'\n') => self.at += 1,
                Some(b'#') => self.skip_line(),
                Some(b'-') if self.is_space(self.at + 1) => {
                    self.line = Line::Item;
                    return Some(());
                }
                Some(b'-') if self.column == 0 && self.bytes.get(self.at..self.at + 3) == Some(b"---") => {
                    self.at += 3;
                    self.line = Line::Marker;
                    return self.end_line();
                }
                Some(b'.') if self.column == 0 => return None,
                Some(_) => {
                    self.line = Line::Other;
                    return Some(());
                }
            }
        }
    }

    /// A list or mapping in lines, the first of which begins at the present letter.
    fn block(&mut self) -> Option<()> {
        match self.line {
            Line::Item => self.list(self.column, self.at),
            Line::Other => self.mapping(self.column),
            Line::Marker | Line::End => None,
        }
    }

    /// The library has a list in its key's own column begin with its first item, and any other with the first hyphen.
    fn list(&mut self, column: usize, begins: usize) -> Option<()> {
        self.open(Span::new(begins, begins), Kind::List, false, 0)?;
        while self.line == Line::Item && self.column == column {
            self.at += 1;
            self.skip_spaces();
            self.item(column)?;
        }
        self.close(Span::default());
        Some(())
    }

    /// What stands behind the hyphen of an item in a column.
    fn item(&mut self, column: usize) -> Option<()> {
        if self.key_ahead()? {
            self.column = self.at - self.begins;
            self.line = Line::Other;
            return self.mapping(self.column);
        }
        if matches!(self.byte(), None | Some(b'\n' | b'#')) {
            return None;
        }
        self.inline(column)?;
        self.next_line()
    }

    fn mapping(&mut self, column: usize) -> Option<()> {
        self.open(Span::new(self.at, self.at), Kind::Mapping, false, 0)?;
        while self.line == Line::Other && self.column == column {
            self.key(Self::line_plain)?;
            self.value_of_key(column)?;
        }
        self.close(Span::default());
        Some(())
    }

    /// A key and its colon. What is plain is read as it is in lines or in brackets.
    fn key(&mut self, plain: impl Fn(&mut Self, usize) -> Option<()>) -> Option<()> {
        let from = self.at;
        match self.byte()? {
            quote @ (b'"' | b'\'') => self.quoted(quote, 0)?,
            _ => plain(self, 0)?,
        }
        if self.byte() != Some(b':') || !self.is_space(self.at + 1) || self.at - from > MAX_KEY {
            return None;
        }
        self.at += 1;
        self.skip_spaces();
        Some(())
    }

    /// What stands behind the colon of a key in a column.
    fn value_of_key(&mut self, column: usize) -> Option<()> {
        if !matches!(self.byte(), None | Some(b'\n' | b'#')) {
            self.inline(column)?;
            return self.next_line();
        }
        let colon = self.at;
        self.end_line()?;
        self.next_line()?;
        match self.line {
            Line::Item | Line::Other if self.column > column => self.block(),
            // The items of a key may stand in its own column.
            Line::Item if self.column == column => {
                let spaces = self.bytes.get(self.at + 1..)?.iter().take_while(|byte| **byte == b' ').count();
                self.list(column, self.at + 1 + spaces)
            }
            _ => self.leaf(Span::new(colon, colon), Data::Null, 0),
        }
    }

    /// Whether a key begins at the present letter, for a mapping that begins on the line of its item.
    fn key_ahead(&self) -> Option<bool> {
        let quote = match self.byte() {
            Some(quote @ (b'"' | b'\'')) => quote,
            Some(b'[' | b'{' | b'&' | b'*' | b'|' | b'>' | b'#' | b'\n') | None => return Some(false),
            Some(b'-') if self.is_space(self.at + 1) => return None,
            Some(_) => {
                let end = self.plain_end(self.at);
                return Some(self.bytes.get(end) == Some(&b':'));
            }
        };
        let end = self.quote_end(quote)?;
        Some(self.bytes.get(end) == Some(&b':'))
    }

    /// A value that begins on the line of its key or item, in a column, up to the end of its last line.
    fn inline(&mut self, column: usize) -> Option<()> {
        let anchor = self.anchor()?;
        if matches!(self.byte(), Some(b'|' | b'>')) {
            return self.lines(column, anchor);
        }
        self.value(column, anchor, Self::line_plain)?;
        self.end_line()
    }

    /// A value, up to its end. What is plain is read as it is in lines or in brackets.
    fn value(&mut self, column: usize, anchor: usize, plain: impl Fn(&mut Self, usize) -> Option<()>) -> Option<()> {
        match self.byte()? {
            b'[' | b'{' => self.flow(column, anchor),
            b'*' if anchor == 0 => self.alias(),
            quote @ (b'"' | b'\'') => self.quoted(quote, anchor),
            _ => plain(self, anchor),
        }
    }

    /// A plain text outside of brackets.
    fn line_plain(&mut self, anchor: usize) -> Option<()> {
        self.plain(self.plain_end(self.at), anchor)
    }

    /// Where a plain text outside of brackets stops: at the colon of a key, at a comment or at the end of the line.
    fn plain_end(&self, from: usize) -> usize {
        let mut at = from;
        loop {
            at = self.next(at, |byte| matches!(byte, b'\n' | b':' | b'#'));
            match self.bytes.get(at) {
                Some(b':') if !self.is_space(at + 1) => at += 1,
                Some(b'#') if at == 0 || self.bytes.get(at - 1) != Some(&b' ') => at += 1,
                _ => return at,
            }
        }
    }

    /// The next byte of some kind, or the end.
    #[inline]
    fn next(&self, from: usize, is_sought: impl Fn(u8) -> bool) -> usize {
        let rest = self.bytes.get(from..).unwrap_or_default();
        from + rest.iter().position(|&byte| is_sought(byte)).unwrap_or(rest.len())
    }

    /// A plain text from the present letter, which stops before a byte.
    fn plain(&mut self, end: usize, anchor: usize) -> Option<()> {
        let from = self.at;
        let written = self.bytes.get(from..end)?;
        let length = written.iter().rposition(|&byte| byte != b' ')? + 1;
        let begins_plainly = match written.first()? {
            b'-' => written.get(1).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'.'),
            b'?' | b':' | b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\'' | b'"'
            | b'%' | b'@' | b'`' => false,
            _ => true,
        };
        if !begins_plainly {
            return None;
        }
        let text = written.get(..length)?;
        // The spaces before a colon belong to neither.
        self.at = if self.bytes.get(end) == Some(&b':') { end } else { from + length };
        let data = if says_nothing(text) { Data::Null } else { Data::Text(TextStyle::Plain) };
        self.leaf(Span::new(from, from + length), data, anchor)
    }

    /// Where a text in quotes ends, on its line and without escapes: behind its closing quote.
    fn quote_end(&self, quote: u8) -> Option<usize> {
        let at = self.next(self.at + 1, |byte| byte == quote || matches!(byte, b'\n' | b'\\'));
        (self.bytes.get(at) == Some(&quote) && self.bytes.get(at + 1) != Some(&quote)).then_some(at + 1)
    }

    fn quoted(&mut self, quote: u8, anchor: usize) -> Option<()> {
        let (from, end) = (self.at, self.quote_end(quote)?);
        let style = if quote == b'"' { TextStyle::DoubleQuoted } else { TextStyle::SingleQuoted };
        self.at = end;
        self.leaf(Span::new(from, end), Data::Text(style), anchor)
    }

    /// A list or mapping in brackets. Its further lines stand to the right of its key's column.
    fn flow(&mut self, column: usize, anchor: usize) -> Option<()> {
        let (kind, close) = if self.byte()? == b'[' { (Kind::List, b']') } else { (Kind::Mapping, b'}') };
        self.open(Span::new(self.at, self.at + 1), kind, true, anchor)?;
        self.at += 1;
        if self.skip_to_next(column)? != close {
            loop {
                if kind == Kind::Mapping {
                    self.key(Self::flow_plain)?;
                }
                let anchor = self.anchor()?;
                self.value(column, anchor, Self::flow_plain)?;
                match self.skip_to_next(column)? {
                    b',' => self.at += 1,
                    byte if byte == close => break,
                    _ => return None,
                }
                self.skip_to_next(column)?;
            }
        }
        self.at += 1;
        self.close(Span::new(self.at - 1, self.at));
        Some(())
    }

    /// A plain text in brackets, up to what ends it there.
    fn flow_plain(&mut self, anchor: usize) -> Option<()> {
        let mut end = self.at;
        loop {
            end = self.next(end, |byte| STOPS_IN_BRACKETS.get(usize::from(byte)) == Some(&true));
            match self.bytes.get(end)? {
                b':' => match self.bytes.get(end + 1)? {
                    b' ' => break,
                    b'\n' | b',' | b'[' | b']' | b'{' | b'}' => return None,
                    _ => end += 1,
                },
                b'#' if self.bytes.get(end - 1) == Some(&b' ') => return None,
                b'#' => end += 1,
                _ => break,
            }
        }
        self.plain(end, anchor)
    }

    /// Goes on to the next part in brackets, perhaps on a further line, and hands out its first byte.
    fn skip_to_next(&mut self, column: usize) -> Option<u8> {
        self.skip_spaces();
        let mut next = self.byte()?;
        while next == b'\n' {
            self.at += 1;
            let begins = self.at;
            self.skip_spaces();
            next = self.byte()?;
            if next != b'\n' && self.at - begins <= column {
                return None;
            }
        }
        (next != b'#').then_some(next)
    }

    /// `&name `, and its number; 0 where there is none.
    #[inline]
    fn anchor(&mut self) -> Option<usize> {
        if self.byte() == Some(b'&') { self.named_anchor() } else { Some(0) }
    }

    fn named_anchor(&mut self) -> Option<usize> {
        let name = self.name()?;
        if self.byte()? != b' ' {
            return None;
        }
        self.skip_spaces();
        self.last_anchor += 1;
        self.anchors.insert(name, self.last_anchor);
        Some(self.last_anchor)
    }

    /// `*name`
    fn alias(&mut self) -> Option<()> {
        let from = self.at;
        let name = self.name()?;
        if !matches!(self.byte(), None | Some(b' ' | b'\n' | b',' | b']' | b'}')) {
            return None;
        }
        let anchor = *self.anchors.get(name)?;
        self.builder.alias(Span::new(from, self.at), anchor).ok()
    }

    /// The name behind `&` or `*`.
    fn name(&mut self) -> Option<&'s str> {
        let from = self.at + 1;
        let rest = self.bytes.get(from..)?;
        let length = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')).count();
        self.at = from + length;
        self.text.get(from..self.at).filter(|name| !name.is_empty())
    }

    /// The text of `|` or `>`, whose lines stand to the right of its key's column, all equally far.
    fn lines(&mut self, column: usize, anchor: usize) -> Option<()> {
        let folds = self.byte()? == b'>';
        self.at += 1;
        let strips = self.byte()? == b'-';
        self.at += usize::from(strips);
        if self.byte()? != b'\n' {
            return None;
        }
        self.at += 1;
        let mut text = String::new();
        let mut own = None;
        let mut empty = 0;
        let mut from = None;
        // The library ends the text where the next one begins.
        let end = loop {
            let begins = self.at;
            self.skip_spaces();
            let indentation = self.at - begins;
            match self.byte() {
                // Spaces beyond the text's own column would belong to it.
                None if own.is_some_and(|own| indentation > own) => return None,
                None => break self.at,
                Some(b'\n') => {
                    // An empty line before the text, or with more spaces than the text has.
                    if own.is_none_or(|own| indentation > own) {
                        return None;
                    }
                    empty += 1;
                    self.at += 1;
                    continue;
                }
                Some(_) if own.is_some_and(|own| indentation < own) || indentation <= column => {
                    self.at = begins;
                    break begins + indentation;
                }
                Some(_) if *own.get_or_insert(indentation) != indentation => return None,
                Some(_) => {}
            }
            let first = self.at;
            from.get_or_insert(first);
            self.skip_to_end();
            let line = self.text.get(first..self.at)?;
            // Without an end of the line there is none to keep.
            if line.ends_with(' ') || self.byte().is_none() {
                return None;
            }
            if !text.is_empty() {
                match (folds, empty) {
                    (true, 0) => text.push(' '),
                    (true, empty) => text.extend(std::iter::repeat_n('\n', empty)),
                    (false, empty) => text.extend(std::iter::repeat_n('\n', empty + 1)),
                }
            }
            text.push_str(line);
            empty = 0;
            self.at += 1;
        };
        if text.trim().is_empty() {
            return None;
        }
        if !strips {
            text.push('\n');
        }
        let style = if folds { granit_parser::ScalarStyle::Folded } else { granit_parser::ScalarStyle::Literal };
        let span = Span::new(from?, end);
        let data = self.builder.text(text.into(), style, span);
        self.leaf(span, data, anchor)
    }

    fn open(&mut self, span: Span, kind: Kind, flow: bool, anchor: usize) -> Option<()> {
        self.depth += 1;
        if self.depth >= MAX_DEPTH {
            return None;
        }
        self.builder.open(span, kind, flow, anchor).ok()
    }

    fn close(&mut self, end: Span) {
        self.depth -= 1;
        self.builder.close(end);
    }

    fn leaf(&mut self, span: Span, data: Data, anchor: usize) -> Option<()> {
        self.builder.leaf(span, data, anchor).ok()
    }

    /// Behind a value: nothing more on the line, or a comment.
    fn end_line(&mut self) -> Option<()> {
        let from = self.at;
        self.skip_spaces();
        match self.byte() {
            None => Some(()),
            Some(b'\n') => {
                self.at += 1;
                Some(())
            }
            Some(b'#') if self.at > from || self.bytes.get(from.checked_sub(1)?) == Some(&b' ') => {
                self.skip_line();
                Some(())
            }
            Some(_) => None,
        }
    }

    fn byte(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Whether a space, the end of a line or of the text stands at a place.
    fn is_space(&self, at: usize) -> bool {
        matches!(self.bytes.get(at), None | Some(b' ' | b'\n'))
    }

    fn skip_spaces(&mut self) {
        while self.byte() == Some(b' ') {
            self.at += 1;
        }
    }

    /// To the end of the line.
    fn skip_to_end(&mut self) {
        self.at = self.next(self.at, |byte| byte == b'\n');
    }

    /// To the beginning of the next line.
    fn skip_line(&mut self) {
        self.skip_to_end();
        self.at = (self.at + 1).min(self.bytes.len());
    }
}
