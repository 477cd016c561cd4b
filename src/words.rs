//! Enums whose values are words: of the plan file, of a settings file, of the metric dictionary.

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
        pub enum $name:ident {
            $($(#[doc = $words:literal])+ $(#[$attribute:ident])? $variant:ident = $word:literal,)+
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name {
            $($(#[doc = $words])+ $variant,)+
        }

        impl $name {
            /// The words of the format, in order.
            pub const WORDS: &'static [&'static str] = &[$($word),+];

            /// The value that a word names.
            pub fn parse(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$variant),)+
                    _ => None,
                }
            }

            /// The word as the format writes it.
            pub const fn word(self) -> &'static str {
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
