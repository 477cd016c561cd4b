//! Values become YAML.

use serde::{Serialize, Serializer};

use crate::words::turns_direction;

/// A value that is written as YAML.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Written {
    /// A text, quoted where YAML needs it.
    Text(String),
    /// A sentence, over several lines where it is long.
    Sentence(String),
    /// A list on one line.
    Words(Vec<String>),
    /// A list, one item a line.
    List(Vec<Written>),
    /// A mapping, in the order given.
    Mapping(Vec<(&'static str, Written)>),
}

impl Serialize for Written {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            // A number that is written as one is left without quotes.
            Self::Text(text) => match text.parse::<u64>() {
                Ok(number) if number.to_string() == *text => serializer.serialize_u64(number),
                _ => Scalar(text).serialize(serializer),
            },
            // A block has no escapes for what it cannot show.
            Self::Sentence(text) if text.chars().any(|letter| letter.is_control() || turns_direction(letter)) => {
                Scalar(text).serialize(serializer)
            }
            Self::Sentence(text) => serde_yaml::FoldStr(text).serialize(serializer),
            Self::Words(words) => {
                let words: Vec<Scalar<'_>> = words.iter().map(|word| Scalar(word)).collect();
                serde_yaml::FlowSeq(words).serialize(serializer)
            }
            Self::List(items) => serializer.collect_seq(items),
            Self::Mapping(entries) => serializer.collect_map(entries.iter().map(|(key, value)| (key, value))),
        }
    }
}

/// A text on one line, in double quotes where it turns the direction of text: only there can that be written as an escape.
struct Scalar<'t>(&'t str);

impl Serialize for Scalar<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.chars().any(turns_direction) {
            serde_yaml::DoubleQuoted(self.0).serialize(serializer)
        } else {
            serializer.serialize_str(self.0)
        }
    }
}

/// Writes a value as YAML that this format reads back as the same text.
pub(crate) fn write(value: &Written) -> String {
    let options = serde_yaml::ser_options! { yaml_12: true, no_lang_directive: true, prefer_block_scalars: false, folded_wrap_chars: 72 };
    let yaml = serde_yaml::to_string_with_options(value, options).unwrap_or_default();
    if !yaml.chars().any(turns_direction) {
        return yaml;
    }
    let mut escaped = String::with_capacity(yaml.len());
    for letter in yaml.chars() {
        if turns_direction(letter) {
            escaped.push_str(&format!("\\u{:04x}", u32::from(letter)));
        } else {
            escaped.push(letter);
        }
    }
    escaped
}
