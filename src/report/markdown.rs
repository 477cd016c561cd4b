//! Text of a plan in Markdown: whatever stands in it, it comes out as that text, in a paragraph, a heading, a list or a table.

use super::text::clean;

/// Text that Markdown shows as it is, on one line: no markup, no link, no HTML, no cell of a table.
pub(super) fn escape(text: &str) -> String {
    let text = clean(text);
    let text = text.trim();
    let mut escaped = String::with_capacity(text.len() + 8);
    let begin = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let mut before = None;
    let mut letters = text.char_indices().peekable();
    while let Some((at, c)) = letters.next() {
        let rest = text.get(at..).unwrap_or_default();
        let next = letters.peek().map(|(_, next)| *next);
        let active = match c {
            '\\' | '`' | '*' | '[' | ']' | '<' | '|' | '~' | '#' | '$' | '{' | '}' | '^' => true,
            // Within a word it is a letter to Markdown.
            '_' => !(before.is_some_and(char::is_alphanumeric) && next.is_some_and(char::is_alphanumeric)),
            '&' => is_entity(rest),
            // What begins a line begins a list, a quote or a heading.
            '-' | '+' | '=' | '>' | ':' if at == 0 => true,
            '.' | ')' if at == begin && at > 0 => next.is_none_or(char::is_whitespace),
            // An address becomes a link by itself in many places.
            ':' => rest.starts_with("://"),
            '.' => ends_in_www(text.get(..at).unwrap_or_default()),
            _ => false,
        };
        if active {
            escaped.push('\\');
        }
        escaped.push(c);
        before = Some(c);
    }
    escaped
}

/// `&lt;`, `&#60;`
fn is_entity(rest: &str) -> bool {
    let inside = rest.get(1..).and_then(|rest| rest.split_once(';')).map(|(inside, _)| inside);
    inside.is_some_and(|inside| inside.chars().all(|c| c.is_ascii_alphanumeric() || c == '#'))
}

fn ends_in_www(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len().checked_sub(3).and_then(|from| bytes.get(from..)).is_some_and(|end| end.eq_ignore_ascii_case(b"www"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Options, Parser, Tag};

    /// What a reader sees of Markdown, and whether there is anything in it but the wanted blocks.
    fn shown(markdown: &str) -> (String, Vec<String>) {
        let mut text = String::new();
        let mut markup = Vec::new();
        for event in Parser::new_ext(markdown, Options::all() - Options::ENABLE_SMART_PUNCTUATION) {
            match event {
                Event::Text(part) => text.push_str(&part),
                Event::End(_) => {}
                Event::Start(
                    Tag::Paragraph
                    | Tag::Heading { .. }
                    | Tag::List(_)
                    | Tag::Item
                    | Tag::Table(_)
                    | Tag::TableHead
                    | Tag::TableRow
                    | Tag::TableCell,
                ) => {}
                other => markup.push(format!("{other:?}")),
            }
        }
        (text, markup)
    }

    /// The places in which a text of a plan stands.
    fn placed(text: &str) -> [String; 5] {
        let escaped = escape(text);
        [
            format!("{escaped}\n"),
            format!("# {escaped}\n"),
            format!("- {escaped}\n"),
            format!("3. {escaped}\n"),
            format!("| {escaped} | x |\n| --- | --- |\n| {escaped} | x |\n"),
        ]
    }

    fn comes_back(text: &str) {
        let wanted = clean(text).trim().to_owned();
        // Of nothing there is nothing to show.
        if wanted.is_empty() {
            return;
        }
        for (at, markdown) in placed(text).into_iter().enumerate() {
            let (mut seen, markup) = shown(&markdown);
            let wanted = if at == 4 { format!("{wanted}x{wanted}x") } else { wanted.clone() };
            seen.truncate(seen.trim_end().len());
            assert!(markup.is_empty(), "{markup:?} in {markdown:?}");
            assert_eq!(seen, wanted.trim_end(), "{markdown:?}");
        }
    }

    #[test]
    fn hostile_text_stays_text_in_every_place() {
        for text in [
            "<script>alert(1)</script>",
            "](javascript:alert(1))",
            "[x](javascript:alert(1))",
            "![x](http://example.com/x.png)",
            "=cmd()",
            "# heading",
            "C #",
            "- item",
            "1. item",
            "12) item",
            "2027.",
            "> quote",
            "---",
            "===",
            "| a | b |",
            "a | b",
            "`code`",
            "**bold** and _emphasis_ and ~~gone~~ and ~sub~",
            "a\nb\n\n# c",
            "&lt;b&gt; &#60; &amp R&D;",
            "<https://example.com>",
            "https://example.com and www.example.com",
            "[^1]: note",
            "[x]: http://example.com",
            "[ ] task",
            ": definition",
            "$x$ and $$y$$",
            "\\",
            "a\\|b",
            "+++",
            "{#id}",
            "[[wiki]]",
            "^up^",
            "    code",
            "new_share of Core",
        ] {
            comes_back(text);
        }
    }

    #[test]
    fn plain_words_and_numbers_stay_as_they_are_written() {
        for text in ["Score 59 of 100, grade F.", "new_share", "10% (of 300k)", "R&D", "4–15 Jan", "3:1", "Nº 1 + 2"]
        {
            assert_eq!(escape(text), text);
        }
    }

    #[test]
    fn addresses_that_services_would_link_by_themselves_are_broken() {
        assert_eq!(escape("see https://example.com"), "see https\\://example.com");
        assert_eq!(escape("see WWW.example.com"), "see WWW\\.example.com");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn any_text_comes_back_as_itself(text in r"[\PC\n\t]{0,30}") {
            comes_back(&text);
        }

        #[test]
        fn any_string_of_marks_comes_back_as_itself(text in r"[-a1 .:)(<>#*_`~|\\\[\]!&;$^=+{}/\n@wW]{1,24}") {
            comes_back(&text);
        }
    }
}
