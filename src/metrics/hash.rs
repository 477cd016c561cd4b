//! The key of a word in the compiled tables: 64 bits of FNV-1a. The build script sees to it that no two words share one.

/// A word's key, letter by letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Key(u64);

impl Key {
    /// Before the first letter: the offset of FNV-1a.
    pub(crate) const EMPTY: Self = Self(0xcbf2_9ce4_8422_2325);

    /// The key of a word.
    pub(crate) fn of(word: &str) -> Self {
        Self::EMPTY.with(word)
    }

    /// With more letters behind.
    pub(crate) fn with(self, letters: &str) -> Self {
        letters.bytes().fold(self, Self::and)
    }

    /// With one byte more.
    pub(crate) const fn and(self, byte: u8) -> Self {
        Self((self.0 ^ byte as u64).wrapping_mul(0x0100_0000_01b3))
    }

    /// The key as a number.
    pub(crate) const fn number(self) -> u64 {
        self.0
    }
}
