//! Workbooks are archives: one that unfolds into more than a plan could ever hold is refused before it is read.

use std::io::{Cursor, Read};
use std::string::FromUtf8Error;

use zip::ZipArchive;

use super::error::{ImportError, TooMuch};

/// How many bytes an archive may unfold into.
const MOST_BYTES: u64 = 64 * 1024 * 1024;

pub(super) type Archive<'b> = ZipArchive<Cursor<&'b [u8]>>;

/// Opens an archive after unfolding it once, to nowhere: what it says of its own sizes may be false.
pub(super) fn open(bytes: &[u8]) -> Result<Archive<'_>, ImportError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    let mut left = MOST_BYTES;
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(broken)?;
        let unfolded = std::io::copy(&mut part.take(left + 1), &mut std::io::sink()).map_err(broken)?;
        left = left.checked_sub(unfolded).ok_or(ImportError::TooMuch(TooMuch::Unfolded))?;
    }
    Ok(archive)
}

/// One part of an archive, as text.
pub(super) fn text(archive: &mut Archive<'_>, name: &str) -> Result<String, ImportError> {
    let part = archive.by_name(name).map_err(broken)?;
    let mut text = String::new();
    part.take(MOST_BYTES).read_to_string(&mut text).map_err(broken)?;
    Ok(text)
}

/// One part of an archive by its number, as text; the inner error where it is none.
pub(super) fn part(archive: &mut Archive<'_>, at: usize) -> Result<Result<String, FromUtf8Error>, ImportError> {
    let mut bytes = Vec::new();
    archive.by_index(at).map_err(broken)?.take(MOST_BYTES).read_to_end(&mut bytes).map_err(broken)?;
    Ok(String::from_utf8(bytes))
}

/// Whether the archive has a part of that name.
pub(super) fn has(bytes: &[u8], name: &str) -> bool {
    ZipArchive::new(Cursor::new(bytes)).is_ok_and(|archive| archive.index_for_name(name).is_some())
}

pub(super) fn broken(error: impl std::fmt::Display) -> ImportError {
    ImportError::Workbook(error.to_string())
}
