//! From bytes to text. What is neither UTF-8 nor marked is never guessed: `ã` in one encoding is `ă` in another.

use encoding_rs::{Encoding, UTF_8};

use super::error::ImportError;

/// The text of a file; `label` names its encoding where the user says it.
pub(super) fn text(bytes: &[u8], label: Option<&str>) -> Result<String, ImportError> {
    if let Some(label) = label {
        let encoding = Encoding::for_label(label.as_bytes());
        let encoding = encoding.ok_or_else(|| ImportError::Encoding(format!("there is no encoding \"{label}\"")))?;
        return decoded(bytes, encoding);
    }
    // The mark at the start of a text says what Excel's "Unicode text" is: UTF-16.
    match Encoding::for_bom(bytes) {
        Some((encoding, _)) if encoding != UTF_8 => decoded(bytes, encoding),
        _ => utf8(bytes),
    }
}

fn decoded(bytes: &[u8], encoding: &'static Encoding) -> Result<String, ImportError> {
    let (text, used, broken) = encoding.decode(bytes);
    if broken {
        return Err(ImportError::Encoding(format!("it is not {} text", used.name())));
    }
    Ok(text.into_owned())
}

fn utf8(bytes: &[u8]) -> Result<String, ImportError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    std::str::from_utf8(bytes).map(str::to_owned).map_err(|error| {
        let (before, rest) = bytes.split_at(error.valid_up_to().min(bytes.len()));
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        ImportError::NotUtf8 { line, byte: rest.first().copied().unwrap_or_default() }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf_8_and_utf_16_are_read_with_their_marks() {
        assert_eq!(text(b"\xef\xbb\xbfMeta\n", None).unwrap(), "Meta\n");
        assert_eq!(text(b"\xff\xfeM\0\xe9\0", None).unwrap(), "Mé");
    }

    #[test]
    fn another_encoding_is_told_with_its_line_and_read_where_it_is_named() {
        let bytes = b"Nome;Respons\xe1vel\nA\xe7\xe3o;Ana\n";
        assert_eq!(text(bytes, None), Err(ImportError::NotUtf8 { line: 1, byte: 0xe1 }));
        assert_eq!(text(bytes, Some("windows-1252")).unwrap(), "Nome;Responsável\nAção;Ana\n");
        assert!(matches!(text(bytes, Some("klingon")), Err(ImportError::Encoding(_))));
    }
}
