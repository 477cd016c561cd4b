//! Words: enums that are written as one, the word that a misspelt one meant, and excerpts for messages.

/// An enum that is written as one word.
pub(crate) trait Word: Sized {
    /// The words, in order.
    const WORDS: &'static [&'static str];

    /// The value that a word names.
    fn parse(word: &str) -> Option<Self>;
}

/// Declares an enum whose values are words of the format.
macro_rules! words {
    (
        $(#[$meta:meta])*
        $vis:vis enum $name:ident {
            $($(#[doc = $words:literal])+ $(#[$attribute:ident])? $variant:ident = $word:literal,)+
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        $vis enum $name {
            $($(#[doc = $words])+ $variant,)+
        }

        impl $name {
            /// The words of the format, in order.
            $vis const WORDS: &'static [&'static str] = &[$($word),+];

            /// The value that a word names.
            $vis fn parse(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$variant),)+
                    _ => None,
                }
            }

            /// The word as the format writes it.
            $vis const fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }

        impl $crate::words::Word for $name {
            const WORDS: &'static [&'static str] = Self::WORDS;
            fn parse(word: &str) -> Option<Self> {
                Self::parse(word)
            }
        }
    };
}

pub(crate) use words;

/// Whether a letter turns the direction in which text is shown, so that it reads as another text than it is.
pub(crate) fn turns_direction(letter: char) -> bool {
    matches!(letter, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A text without the space around it. Most have none, as a look at either end tells.
pub(crate) fn trimmed(text: &str) -> &str {
    let is_letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
    let bytes = text.as_bytes();
    if is_letter(bytes.first()) && is_letter(bytes.last()) { text } else { text.trim() }
}

/// Enough of a text to know it by, on one line: a message does not repeat a page.
pub(crate) fn excerpt(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut letters = text.trim().chars();
    let mut shown = String::new();
    for letter in letters.by_ref().take(LONGEST) {
        if letter.is_control() {
            shown.extend(letter.escape_default());
        } else {
            shown.push(letter);
        }
    }
    if letters.next().is_some() {
        shown.push('…');
    }
    shown
}

/// Names the candidates that misspelt words of one text most likely meant. A text with thousands of misspelt words
/// gets no more hints at some point: each is compared with every candidate.
#[derive(Debug)]
pub(crate) struct Hints {
    comparisons_left: usize,
}

/// How often the misspelt words of a text are compared with known ones.
const MOST_COMPARISONS: usize = 200_000;

impl Hints {
    /// The hints of one of several parts of a text, which have as many together as the whole text has.
    pub(crate) fn of_one_in(parts: usize) -> Self {
        Self { comparisons_left: MOST_COMPARISONS / parts.max(1) }
    }

    /// The candidate that a misspelt word most likely meant.
    pub(crate) fn nearest<'c>(&mut self, word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
        let candidates: Vec<&str> = candidates.into_iter().take(self.comparisons_left + 1).collect();
        let left = self.comparisons_left.checked_sub(candidates.len());
        self.comparisons_left = left.unwrap_or_default();
        left.and_then(|_| nearest(word, candidates))
    }
}

/// The candidate that a misspelt word most likely meant: equal but for case, `-` and `_`, or
/// within a third of its letters.
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    const LONGEST: usize = 64;
    if word.len() > LONGEST {
        return None;
    }
    let fold = |text: &str| text.to_lowercase().replace(['-', '_', ' '], "");
    let word = fold(word);
    candidates
        .into_iter()
        .filter(|candidate| candidate.len() <= LONGEST)
        .map(|candidate| {
            let folded = fold(candidate);
            let distance = strsim::osa_distance(&word, &folded);
            let longer = word.chars().count().max(folded.chars().count());
            (distance, longer, candidate)
        })
        .filter(|(distance, longer, _)| distance * 3 <= *longer)
        .min_by_key(|(distance, _, candidate)| (*distance, candidate.len(), *candidate))
        .map(|(_, _, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_forgives_case_hyphens_and_a_slip() {
        let keys = ["gross_margin", "monthly_churn", "price"];
        assert_eq!(nearest("Gross-Margin", keys), Some("gross_margin"));
        assert_eq!(nearest("gros_margn", keys), Some("gross_margin"));
        assert_eq!(nearest("prcie", keys), Some("price"));
        assert_eq!(nearest("colour", keys), None);
        assert_eq!(nearest(&"x".repeat(100_000), keys), None);
    }

    #[test]
    fn a_text_of_misspelt_words_gets_hints_until_they_cost_too_much() {
        let keys: Vec<String> = (0..1_000).map(|at| format!("key-{at}")).collect();
        let mut hints = Hints::of_one_in(2);
        let hinted = |hints: &mut Hints| hints.nearest("key-7x", keys.iter().map(String::as_str)).is_some();
        assert_eq!((0..1_000).filter(|_| hinted(&mut hints)).count(), MOST_COMPARISONS / 2 / keys.len());
    }

    #[test]
    fn an_excerpt_repeats_neither_a_page_nor_a_control_character() {
        let excerpt = excerpt(&format!("a\u{1b}[31m{}", "x".repeat(1000)));
        assert!(excerpt.starts_with("a\\u{1b}[31mxxx"), "{excerpt}");
        assert!(excerpt.ends_with("x…") && excerpt.chars().count() < 80, "{excerpt}");
    }
}
