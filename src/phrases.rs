//! Lists of folded words and phrases, put in order when the crate is compiled, and whether a text has one of them.

/// Words and phrases as an id is written: lower case, accents folded, words joined by hyphens.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Phrases {
    sorted: &'static [&'static str],
    /// The words of the longest of them.
    longest: usize,
    /// Those that begin alike.
    groups: [Group; GROUPS],
}

/// The phrases that begin with one letter.
#[derive(Debug, Clone, Copy)]
struct Group {
    /// Where they stand among all.
    from: u16,
    to: u16,
    /// A bit for each length in bytes that one has, modulo 32: most texts are told apart by that.
    lengths: u32,
}

/// What stands before the letters in the order of bytes, each letter, and what stands behind them.
const GROUPS: usize = 28;

const fn group_of(first: u8) -> usize {
    match first {
        ..b'a' => 0,
        b'a'..=b'z' => (first - b'a') as usize + 1,
        _ => GROUPS - 1,
    }
}

/// Declares [`Phrases`] from texts that hold them with spaces between, one text a language.
macro_rules! phrases {
    ($first:literal $(, $more:literal)* $(,)?) => {{
        const TEXT: &str = concat!($first $(, " ", $more)*);
        static SORTED: [&str; $crate::phrases::count(TEXT)] = $crate::phrases::sorted(TEXT);
        $crate::phrases::Phrases::of_sorted(&SORTED)
    }};
}

pub(crate) use phrases;

impl Phrases {
    #[allow(
        clippy::indexing_slicing,
        reason = "it runs when the crate is compiled, and ends the build where it is wrong"
    )]
    pub(crate) const fn of_sorted(sorted: &'static [&'static str]) -> Self {
        assert!(sorted.len() <= u16::MAX as usize);
        let (mut at, mut longest) = (0, 0);
        let mut groups = [Group { from: 0, to: 0, lengths: 0 }; GROUPS];
        while at < sorted.len() {
            let words = 1 + occurrences(b'-', sorted[at]);
            longest = if words > longest { words } else { longest };
            if let [first, ..] = sorted[at].as_bytes() {
                let group = &mut groups[group_of(*first)];
                group.from = if group.lengths == 0 { at as u16 } else { group.from };
                group.to = at as u16 + 1;
                group.lengths |= 1 << (sorted[at].len() % 32);
            }
            at += 1;
        }
        Self { sorted, longest, groups }
    }

    /// Whether a folded text is one of them.
    pub(crate) fn has(&self, folded: &str) -> bool {
        let group = folded.bytes().next().and_then(|first| self.groups.get(group_of(first)));
        let Some(&Group { from, to, lengths }) = group else { return false };
        let may_be = lengths >> (folded.len() % 32) & 1 == 1;
        may_be && self.sorted.get(from.into()..to.into()).is_some_and(|group| group.contains(&folded))
    }

    /// Whether a folded text has one of them, as whole words.
    pub(crate) fn are_in(&self, folded: &str) -> bool {
        runs(folded, self.longest).any(|run| self.has(run))
    }

    /// All of them, in order.
    #[cfg(test)]
    pub(crate) fn all(self) -> impl Iterator<Item = &'static str> {
        self.sorted.iter().copied()
    }
}

/// All runs of neighbouring words of a folded text, of up to so many words each.
pub(crate) fn runs(folded: &str, words: usize) -> impl Iterator<Item = &str> {
    let starts = std::iter::once(0).chain(hyphens(folded).map(|hyphen| hyphen + 1));
    starts.filter_map(|start| folded.get(start..)).flat_map(move |rest| {
        let ends = hyphens(rest).chain([rest.len()]);
        ends.take(words).filter_map(|end| rest.get(..end))
    })
}

/// Where the hyphens of a folded text stand. Words are short: to look at each byte takes less than to begin a search.
fn hyphens(folded: &str) -> impl Iterator<Item = usize> {
    folded.bytes().enumerate().filter(|(_, byte)| *byte == b'-').map(|(at, _)| at)
}

/// How many phrases a text holds.
pub(crate) const fn count(text: &str) -> usize {
    1 + occurrences(b' ', text)
}

const fn occurrences(letter: u8, text: &str) -> usize {
    let (mut rest, mut count) = (text.as_bytes(), 0);
    while let [first, after @ ..] = rest {
        count += (*first == letter) as usize;
        rest = after;
    }
    count
}

/// The phrases of a text, in the order of their bytes: by insertion.
#[allow(clippy::indexing_slicing, reason = "it runs when the crate is compiled, and ends the build where it is wrong")]
pub(crate) const fn sorted<const N: usize>(text: &str) -> [&str; N] {
    let mut phrases = [""; N];
    let mut rest = text;
    let mut at = 0;
    while at < N {
        let (phrase, after) = first(rest);
        let mut place = at;
        while place > 0 && is_before(phrase, phrases[place - 1]) {
            phrases[place] = phrases[place - 1];
            place -= 1;
        }
        phrases[place] = phrase;
        rest = after;
        at += 1;
    }
    phrases
}

/// The first phrase of a text, and what stands behind the space after it.
#[allow(clippy::indexing_slicing, reason = "it runs when the crate is compiled, and ends the build where it is wrong")]
const fn first(text: &str) -> (&str, &str) {
    let mut end = 0;
    while end < text.len() && text.as_bytes()[end] != b' ' {
        end += 1;
    }
    let (phrase, rest) = text.split_at(end);
    (phrase, if rest.is_empty() { rest } else { rest.split_at(1).1 })
}

const fn is_before(one: &str, other: &str) -> bool {
    let (mut one, mut other) = (one.as_bytes(), other.as_bytes());
    while let ([first, rest @ ..], [first_of_other, rest_of_other @ ..]) = (one, other) {
        if *first != *first_of_other {
            return *first < *first_of_other;
        }
        (one, other) = (rest, rest_of_other);
    }
    one.len() < other.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOME: Phrases = phrases!("to-date half", "un-tercio a por-lo-menos");

    #[test]
    fn phrases_are_in_order_whatever_the_order_they_are_written_in() {
        let all: Vec<_> = SOME.all().collect();
        assert_eq!(all, ["a", "half", "por-lo-menos", "to-date", "un-tercio"]);
        assert_eq!(SOME.longest, 3);
    }

    #[test]
    fn all_are_had_and_nothing_else() {
        const MORE: Phrases = phrases!("zeal 4-weeks ad zoo add 24h at-4 ad-spend 4");
        for phrases in [SOME, MORE] {
            for phrase in phrases.all() {
                assert!(phrases.has(phrase), "{phrase}");
                for other in [phrase.get(1..).unwrap(), &format!("{phrase}s"), &format!("{phrase}-{}", "x".repeat(31))]
                {
                    assert_eq!(phrases.has(other), phrases.all().any(|one| one == other), "{other}");
                }
            }
        }
        assert!(!MORE.has("été") && !MORE.has("") && !MORE.has("{"));
    }

    #[test]
    fn only_whole_words_count() {
        for text in ["a", "revenue-to-date", "por-lo-menos-10", "gana-un-tercio-mas", "the-half"] {
            assert!(SOME.are_in(text), "{text}");
        }
        for text in ["", "behalf", "to-dates", "up-to", "un-terciopelo", "date-to"] {
            assert!(!SOME.are_in(text), "{text}");
        }
    }

    #[test]
    fn runs_are_all_neighbours_up_to_a_length() {
        assert_eq!(runs("a-b-c", 2).collect::<Vec<_>>(), ["a", "a-b", "b", "b-c", "c"]);
        assert_eq!(runs("", 2).collect::<Vec<_>>(), [""]);
    }
}
