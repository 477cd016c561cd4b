//! The texts of a plan, each of which may stand in several places.

use std::borrow::Borrow;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use hashbrown::HashSet;

/// A text of a plan. Copies share what they say.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text(Arc<str>);

impl Text {
    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Text {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        *self.0 == *other
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        *self.0 == **other
    }
}

impl fmt::Display for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
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
        assert!(Arc::ptr_eq(&first.0, &again.0) && !Arc::ptr_eq(&first.0, &other.0));
        assert_eq!([first, again, other].map(|text| text.to_string()), ["sales", "sales", "sale"]);
        let long = "a sentence of more than thirty-two bytes";
        assert_eq!(texts.text(long), long);
        assert_eq!(texts.0.len(), 2);
    }
}
