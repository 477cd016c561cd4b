//! Plural and case endings: the stem that the forms of a word share. The build script cuts the data's words with it.
//!
//! The endings are data, and cut forms of one word only. Snowball's stemmers go further than metrics allow: they take "activity"
//! and "activation", or "customer" and "custom", for one word, and, where accents are left out, part "conversao" from "conversoes".

/// Endings and what they become, the longest first; the first that fits is taken.
pub(crate) type Endings = [(&'static str, &'static str)];

/// Endings by the letter that they end in, from `a` to `z`.
pub(crate) type ByLetter = [&'static Endings; 26];

/// The place of an ending, or of a word, among those by letter.
pub(crate) fn letter(word: &str) -> Option<usize> {
    let last = word.bytes().next_back().filter(u8::is_ascii_lowercase)?;
    Some(usize::from(last - b'a'))
}

/// What stays of a word has at least as many letters: "CES" is no plural.
const SHORTEST_STEM: usize = 3;

/// A folded word cut in two: what stays of it, and what takes the place of its ending.
pub(crate) fn cut<'w>(word: &'w str, endings: &ByLetter) -> (&'w str, &'static str) {
    let whole = (word, "");
    let endings = letter(word).and_then(|letter| endings.get(letter));
    let fitting = endings.and_then(|endings| endings.iter().find(|(ending, _)| word.ends_with(*ending)));
    let Some((ending, stem_end)) = fitting else { return whole };
    let Some(stem) = word.strip_suffix(*ending) else { return whole };
    if stem.len() + stem_end.len() < SHORTEST_STEM {
        return whole;
    }
    (stem, stem_end)
}
