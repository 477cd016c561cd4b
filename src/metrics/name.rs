//! A name as the dictionary sees it: its tokens, and the stems of each word by language.

use super::Language;
use super::lexicon::{self, Stems};
use super::tokens::{Text, TokenKind, WORDS_READ};

/// A name, read.
#[derive(Debug, Default)]
pub(super) struct Name {
    pub(super) text: Text,
    /// The stems of each token; none for marks.
    pub(super) stems: Vec<Stems>,
}

impl Name {
    /// Reads a name, and parts the German compounds that no language knows as one word.
    pub(super) fn read(name: &str) -> Self {
        let mut text = Text::read(name);
        let mut stems: Vec<_> = (0..text.tokens.len()).map(|at| Self::stems_of(&text, at)).collect();
        let mut at = 0;
        while let Some(token) = text.tokens.get(at).filter(|_| text.tokens.len() < WORDS_READ) {
            let unknown = token.kind == TokenKind::Word && stems.get(at) == Some(&Stems::default());
            if let Some(parts) = unknown.then(|| lexicon::compound(text.word(at))).flatten() {
                stems.splice(at..=at, parts.iter().map(|(_, stem)| german(*stem)));
                text.part(at, parts.iter().map(|(range, _)| range.clone()));
                at += parts.len();
            } else {
                at += 1;
            }
        }
        Self { text, stems }
    }

    fn stems_of(text: &Text, at: usize) -> Stems {
        match text.tokens.get(at) {
            Some(token) if !token.is_mark() => lexicon::stems(text.word(at)),
            _ => Stems::default(),
        }
    }

    /// Where the words end that begin at this token, marks between them passed over; none where they are others.
    pub(super) fn match_words(&self, start: usize, words: &[String]) -> Option<usize> {
        let mut wanted = words.iter();
        for (at, token) in self.text.tokens.iter().enumerate().skip(start) {
            if at > start && token.joins() && !self.text.parts(at) {
                continue;
            }
            let (word, next) = (self.text.word(at), wanted.next()?);
            if token.is_mark() || word != next && lexicon::english_stem(word) != lexicon::english_stem(next) {
                return None;
            }
            if wanted.len() == 0 {
                return Some(at + 1);
            }
        }
        None
    }
}

/// The stems of a part of a German compound, which no other language knows.
fn german(stem: u16) -> Stems {
    let mut stems = Stems::default();
    if let Some(german) = stems.get_mut(Language::German as usize) {
        *german = stem;
    }
    stems
}
