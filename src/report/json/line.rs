//! JSON on one line, byte for byte as serde_json writes it. Most of a report are the names of fields and short texts, which serde_json
//! goes through letter by letter: it takes twice the instructions.

use std::io;

use serde::ser::{Error as _, Impossible, Serialize, SerializeMap, SerializeSeq, SerializeStruct, Serializer};
use serde_json::{Error, Result};

use super::super::output::Spool;

/// Writes a value that is made of what a report is made of: structs, lists, maps by texts, texts, words and numbers. That the keys of maps are
/// texts is not looked at.
///
/// # Errors
///
/// Where it cannot be written, or is made of something else.
pub(super) fn write(value: &impl Serialize, to: &mut Spool) -> io::Result<()> {
    let mut line = Line { to, fault: None };
    let written = value.serialize(&mut line);
    line.fault.map_or_else(|| Ok(written?), Err)
}

struct Line<'t> {
    to: &'t mut Spool,
    /// Why nothing could be written: an error of serde_json would not keep its kind.
    fault: Option<io::Error>,
}

impl Line<'_> {
    /// As serde_json writes it.
    fn other(&mut self, value: &(impl Serialize + ?Sized)) -> Result<()> {
        serde_json::to_writer(&mut *self.to, value)
    }

    /// Keeps what is in memory little, between the items of a list.
    fn settle(&mut self) -> Result<()> {
        self.to.settle().map_err(|fault| {
            let told = Error::custom(&fault);
            self.fault = Some(fault);
            told
        })
    }
}

/// What no report is made of.
fn strange<T>() -> Result<T> {
    Err(Error::custom("no report is made of this"))
}

macro_rules! other {
    ($($method:ident: $value:ty),+ $(,)?) => {
        $(fn $method(self, value: $value) -> Result<()> {
            self.other(&value)
        })+
    };
}

impl<'l, 't> Serializer for &'l mut Line<'t> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Parts<'l, 't>;
    type SerializeMap = Parts<'l, 't>;
    type SerializeStruct = Parts<'l, 't>;
    type SerializeTuple = Impossible<(), Error>;
    type SerializeTupleStruct = Impossible<(), Error>;
    type SerializeTupleVariant = Impossible<(), Error>;
    type SerializeStructVariant = Impossible<(), Error>;

    other! {
        serialize_bool: bool,
        serialize_char: char,
        serialize_i8: i8,
        serialize_i16: i16,
        serialize_i32: i32,
        serialize_u8: u8,
        serialize_u16: u16,
        serialize_u32: u32,
        serialize_u64: u64,
        serialize_f32: f32,
        serialize_f64: f64,
        serialize_bytes: &[u8],
    }

    /// Most are the 0 and 1 of scores, and weights.
    fn serialize_i64(self, number: i64) -> Result<()> {
        match u8::try_from(number) {
            Ok(digit @ 0..=9) => {
                self.to.add(&[b'0' + digit]);
                Ok(())
            }
            _ => self.other(&number),
        }
    }

    fn serialize_str(self, text: &str) -> Result<()> {
        if has_odd(text.as_bytes()) {
            return self.other(text);
        }
        self.to.add(b"\"");
        self.to.add(text.as_bytes());
        self.to.add(b"\"");
        Ok(())
    }

    fn serialize_none(self) -> Result<()> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<()> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<()> {
        self.other(&())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<()> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, word: &'static str) -> Result<()> {
        self.serialize_str(word)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<()> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<()> {
        strange()
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Parts<'l, 't>> {
        Parts::begin(self, b"[", b"]")
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Parts<'l, 't>> {
        Parts::begin(self, b"{", b"}")
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Parts<'l, 't>> {
        Parts::begin(self, b"{", b"}")
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple> {
        strange()
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct> {
        strange()
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant> {
        strange()
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant> {
        strange()
    }
}

/// Whether JSON takes some of these bytes otherwise. Texts are short: the last bytes are looked at together, with some that were looked at
/// before.
fn has_odd(text: &[u8]) -> bool {
    if let Some(last) = text.last_chunk::<16>() {
        let (parts, _) = text.as_chunks::<16>();
        return any_odd(last) || parts.iter().any(any_odd);
    }
    match (text.first_chunk::<8>(), text.last_chunk::<8>(), text.first_chunk::<4>(), text.last_chunk::<4>()) {
        (Some(first), Some(last), _, _) => any_odd(first) || any_odd(last),
        (_, _, Some(first), Some(last)) => any_odd(first) || any_odd(last),
        _ => text.iter().any(|&byte| is_odd(byte)),
    }
}

/// Without an end at the first, all of them are looked at with one instruction.
fn any_odd<const MANY: usize>(bytes: &[u8; MANY]) -> bool {
    bytes.iter().fold(false, |any, &byte| any | is_odd(byte))
}

fn is_odd(byte: u8) -> bool {
    byte < b' ' || byte == b'"' || byte == b'\\'
}

/// What stands in brackets, with commas between.
struct Parts<'l, 't> {
    line: &'l mut Line<'t>,
    is_first: bool,
    close: &'static [u8; 1],
}

impl<'l, 't> Parts<'l, 't> {
    fn begin(line: &'l mut Line<'t>, open: &[u8; 1], close: &'static [u8; 1]) -> Result<Self> {
        line.to.add(open);
        Ok(Self { line, is_first: true, close })
    }

    fn next(&mut self) {
        if !std::mem::take(&mut self.is_first) {
            self.line.to.add(b",");
        }
    }

    fn close(self) -> Result<()> {
        self.line.to.add(self.close);
        Ok(())
    }
}

impl SerializeSeq for Parts<'_, '_> {
    type Ok = ();
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.next();
        value.serialize(&mut *self.line)?;
        self.line.settle()
    }

    fn end(self) -> Result<()> {
        self.close()
    }
}

impl SerializeMap for Parts<'_, '_> {
    type Ok = ();
    type Error = Error;

    /// The keys of a report are texts.
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<()> {
        self.next();
        key.serialize(&mut *self.line)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.line.to.add(b":");
        value.serialize(&mut *self.line)
    }

    fn end(self) -> Result<()> {
        self.close()
    }
}

impl SerializeStruct for Parts<'_, '_> {
    type Ok = ();
    type Error = Error;

    /// The name of a field is plain letters.
    #[inline(always)]
    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<()> {
        match std::mem::take(&mut self.is_first) {
            true => self.line.to.add_together([b"\"", name.as_bytes(), b"\":"]),
            false => self.line.to.add_together([b",\"", name.as_bytes(), b"\":"]),
        }
        value.serialize(&mut *self.line)
    }

    fn end(self) -> Result<()> {
        self.close()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs::File;

    use proptest::prelude::{any, prop_assert_eq, proptest};
    use serde::Serialize;

    use super::*;

    #[derive(Serialize)]
    #[serde(rename_all = "kebab-case")]
    enum Word {
        TwoParts,
    }

    #[derive(Serialize)]
    struct Inner {
        there: Option<f64>,
        #[serde(skip_serializing_if = "Option::is_none")]
        absent: Option<u8>,
    }

    #[derive(Serialize)]
    struct Whole<'t> {
        word: Word,
        texts: &'t [String],
        by_text: BTreeMap<&'t str, i64>,
        #[serde(flatten)]
        inner: Inner,
    }

    fn line(value: &impl Serialize) -> String {
        let (mut spool, mut line) = (Spool::default(), Vec::new());
        write(value, &mut spool).unwrap();
        spool.write_to(&mut line).unwrap();
        String::from_utf8(line).unwrap()
    }

    proptest! {
        #[test]
        fn a_value_is_written_as_serde_json_writes_it(
            texts in proptest::collection::vec(any::<String>(), 0..4),
            number in any::<f64>(),
            whole in any::<i64>(),
        ) {
            let by_text = texts.iter().map(|text| (text.as_str(), whole)).collect();
            let inner = Inner { there: Some(number), absent: None };
            let value = Whole { word: Word::TwoParts, texts: &texts, by_text, inner };
            prop_assert_eq!(line(&value), serde_json::to_string(&value).unwrap());
        }
    }

    #[test]
    fn letters_that_json_takes_otherwise_are_escaped_wherever_they_stand() {
        let controls = ('\0'..=' ').map(String::from);
        let others = ["", "\"", "back\\slash", "a\n\nb", "\u{7f}", "é€𝄞", "\u{2028}", "</script>"].map(str::to_owned);
        for text in controls.chain(others) {
            for before in 0..40 {
                let text = format!("{}{text}{}", "-".repeat(before), "-".repeat(before % 7));
                assert_eq!(line(&text), serde_json::to_string(&text).unwrap());
            }
        }
    }

    #[test]
    fn what_no_report_is_made_of_is_an_error() {
        assert!(write(&(1, 2), &mut Spool::default()).is_err());
    }

    #[test]
    fn why_nothing_can_be_written_is_told_as_it_is() {
        let file = File::open(file!()).unwrap();
        let fault = write(&vec!["text"; 100_000], &mut Spool::onto(file)).unwrap_err();
        assert!(fault.raw_os_error().is_some(), "{fault}");
    }
}
