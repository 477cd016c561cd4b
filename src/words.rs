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
    fn an_excerpt_repeats_neither_a_page_nor_a_control_character() {
        let excerpt = excerpt(&format!("a\u{1b}[31m{}", "x".repeat(1000)));
        assert!(excerpt.starts_with("a\\u{1b}[31mxxx"), "{excerpt}");
        assert!(excerpt.ends_with("x…") && excerpt.chars().count() < 80, "{excerpt}");
    }
}
