//! The texts of a plan, which are parts of the source that they stand in.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::Arc;

use crate::source::{Source, Span};

/// A text of a plan: a part of a longer one, which stays as long as a part of it does. An empty one is of none, since all threads would
/// count its copies.
#[derive(Clone, Default)]
pub struct Text {
    whole: Option<Arc<String>>,
    part: Span,
}

impl Text {
    /// A text that stands in a source, as a part of it; a copy of one from elsewhere.
    pub(super) fn of(source: &Source, text: &str) -> Self {
        match source.span_of(text).filter(|_| !text.is_empty()) {
            Some(part) => Self { whole: Some(Arc::clone(source.whole())), part },
            None => text.into(),
        }
    }

    /// The text itself.
    pub fn as_str(&self) -> &str {
        self.whole.as_ref().and_then(|whole| whole.get(self.part.range())).unwrap_or_default()
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl Borrow<str> for Text {
    fn borrow(&self) -> &str {
        self.as_str()
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        let part = Span::new(0, text.len());
        Self { whole: (!text.is_empty()).then(|| Arc::new(text)), part }
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Text {}

impl PartialOrd for Text {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Text {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl Hash for Text {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl fmt::Display for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(formatter)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_a_source_stands_in_it_and_any_other_is_a_copy() {
        let source = Source::new("x", "plan: Água e sal");
        let in_source = source.text().get(6..).unwrap();
        let place = |text: &Text| text.as_str().as_ptr();
        let text = Text::of(&source, in_source);
        assert_eq!((place(&text), text.as_str()), (in_source.as_ptr(), "Água e sal"));
        for other in ["Água e sal".to_owned(), format!("{in_source}.")] {
            let copy = Text::of(&source, &other);
            assert_eq!(copy, *other);
            assert!(!source.text().as_bytes().as_ptr_range().contains(&place(&copy)));
        }
        for empty in [Text::of(&source, ""), Text::of(&source, source.text().get(6..6).unwrap()), "".into()] {
            assert!(empty.whole.is_none() && empty == Text::default());
        }
    }
}
