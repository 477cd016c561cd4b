//! Text for a terminal: what a plan says is made harmless, clipped, wrapped and coloured here.

use std::borrow::Cow;

use owo_colors::{OwoColorize, Style};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::severity::Severity;
use crate::words::turns_direction;

/// How the output is looked at. Decided once, in `main`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct View {
    /// Columns.
    pub width: usize,
    /// Whether colours are shown.
    pub colour: bool,
    /// Whether everything is shown, not the worst few.
    pub all: bool,
}

/// The longest line of prose; longer ones are hard to read on a wide screen.
const PROSE: usize = 110;

impl View {
    /// Text in a style, where colours are shown.
    pub fn paint(&self, text: &str, style: Style) -> String {
        if self.colour { text.style(style).to_string() } else { text.to_owned() }
    }

    /// The style of a severity.
    pub fn severity(severity: Severity) -> Style {
        match severity {
            Severity::Critical => Style::new().red().bold().reversed(),
            Severity::High => Style::new().red().bold(),
            Severity::Medium => Style::new().yellow().bold(),
            Severity::Low => Style::new().cyan(),
            Severity::Note => Style::new().dimmed(),
        }
    }

    /// Prose with a hanging first line: `first` before it, as many spaces before the rest.
    pub fn wrap(&self, first: &str, text: &str) -> String {
        self.wrap_styled(first, text, Style::new())
    }

    /// The same, with the prose in a style.
    pub fn wrap_styled(&self, first: &str, text: &str, style: Style) -> String {
        let indent = " ".repeat(first.width());
        let options = textwrap::Options::new(self.width.min(PROSE))
            .initial_indent(&indent)
            .subsequent_indent(&indent)
            // A name with hyphens, or an address, is of no use in two halves.
            .word_splitter(textwrap::WordSplitter::NoHyphenation)
            .break_words(true);
        let text = clean(text);
        let lines = textwrap::wrap(&text, options);
        let mut wrapped = String::new();
        for (at, line) in lines.iter().enumerate() {
            let prose = line.strip_prefix(indent.as_str()).unwrap_or(line);
            wrapped.push_str(if at == 0 { first } else { &indent });
            wrapped.push_str(&self.paint(prose, style));
            wrapped.push('\n');
        }
        wrapped
    }
}

/// Text of a plan as it may be shown: control characters, terminal escapes and direction overrides
/// become visible marks, line breaks become spaces.
pub fn clean(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| mark(c).is_none()) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| mark(c).unwrap_or(c)).collect())
}

/// What a character that a terminal would act on is shown as.
fn mark(c: char) -> Option<char> {
    match c {
        '\n' | '\r' | '\t' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some(' '),
        // Unicode has a picture for each C0 control.
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)),
        '\u{7f}' => Some('\u{2421}'),
        '\u{80}'..='\u{9f}' => Some('\u{fffd}'),
        c if turns_direction(c) => Some('\u{fffd}'),
        '\u{feff}' | '\u{fff9}'..='\u{fffb}' => Some('\u{fffd}'),
        _ => None,
    }
}

/// Text in at most so many columns, with an ellipsis where it is cut.
pub fn clip(text: &str, columns: usize) -> String {
    let text = clean(text);
    if text.width() <= columns {
        return text.into_owned();
    }
    let mut clipped = String::new();
    let mut used = 0;
    for c in text.chars() {
        let wide = c.width().unwrap_or(0);
        if used + wide + 1 > columns {
            break;
        }
        clipped.push(c);
        used += wide;
    }
    clipped.truncate(clipped.trim_end().len());
    clipped.push('…');
    clipped
}

#[cfg(test)]
mod tests {
    use super::*;

    const VIEW: View = View { width: 20, colour: false, all: false };

    #[test]
    fn escapes_and_overrides_of_a_plan_reach_no_terminal() {
        assert_eq!(clean("a\u{1b}[31mb\u{202e}c\nd\u{9b}e"), "a␛[31mb\u{fffd}c d\u{fffd}e");
        assert!(matches!(clean("Nº de seguidores → 10%"), Cow::Borrowed(_)));
    }

    #[test]
    fn clipped_text_fits_its_columns_also_where_letters_are_wide() {
        assert_eq!(clip("LinkedIn followers", 10), "LinkedIn…");
        assert_eq!(clip("短い名前です", 7), "短い名…");
        assert_eq!(clip("short", 5), "short");
    }

    #[test]
    fn prose_hangs_under_its_first_line() {
        assert_eq!(VIEW.wrap("ask: ", "one two three four five"), "ask: one two three\n     four five\n");
    }
}
