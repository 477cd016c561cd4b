//! The texts of a plan, each of which may stand in several places.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::Arc;

use hashbrown::HashSet;

/// A text of a plan. Copies share what they say; an empty one shares nothing, since all threads would count its copies.
#[derive(Clone, Default)]
pub struct Text(Option<Arc<str>>);

impl Text {
    /// The text itself.
    pub fn as_str(&self) -> &str {
        self.0.as_deref().unwrap_or_default()
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
        Self((!text.is_empty()).then(|| text.into()))
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
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

/// The short texts that were read so far: ids, teams, people and numbers stand in many places of a plan.
#[derive(Debug, Default)]
pub(super) struct Texts(HashSet<Text>);

impl Texts {
    /// Longer ones seldom stand twice.
    const LONGEST: usize = 32;

    /// With room for those of a plan of so many nodes, as far as that is little.
    pub(super) fn of(nodes: usize) -> Self {
        const NODES_OF_TEXT: usize = 8;
        const MOST: usize = 256;
        Self(HashSet::with_capacity((nodes / NODES_OF_TEXT).min(MOST)))
    }

    /// A text, which those that say the same share.
    pub(super) fn text(&mut self, text: &str) -> Text {
        if text.len() > Self::LONGEST {
            return text.into();
        }
        self.0.get_or_insert_with(text, |text| text.into()).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_texts_that_say_the_same_are_one() {
        let mut texts = Texts::default();
        let [first, again, other] = ["sales", "sales", "sale"].map(|text| texts.text(text));
        let place = |text: &Text| text.as_str().as_ptr();
        assert!(place(&first) == place(&again) && place(&first) != place(&other));
        assert_eq!(texts.text(""), Text::default());
        assert_eq!([first, again, other].map(|text| text.to_string()), ["sales", "sales", "sale"]);
        let long = "a sentence of more than thirty-two bytes";
        assert_eq!(texts.text(long), long);
        assert_eq!(texts.0.len(), 3);
    }
}
