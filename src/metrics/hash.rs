//! The key of a word in the compiled tables: 44 bits of FNV-1a. The build script sees to it that no two words share one.

/// A word's key, letter by letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Key(u64);

impl Key {
    /// Words with the same last bits stand in one bucket.
    pub(crate) const BUCKETS: usize = 1 << 12;

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

    /// The bucket of the word: the last 12 bits.
    pub(crate) const fn bucket(self) -> usize {
        self.0 as usize % Self::BUCKETS
    }

    /// What tells it from the others in its bucket: the 32 bits before those.
    pub(crate) const fn rest(self) -> u32 {
        (self.0 >> 12) as u32
    }
}
