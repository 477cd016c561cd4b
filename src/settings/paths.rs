//! Globs of a settings file: which paths below its folder are meant, by the rules of a `.gitignore`.

use std::path::Path;

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::plan::problem::What;
use crate::plan::{Decoder, Item, Text};

/// The globs of one settings file.
const MOST: usize = 500;
/// The bytes of one glob.
const LONGEST: usize = 1_000;

/// One or more globs; of those that match a path, the last decides.
#[derive(Debug, Clone)]
pub(super) struct Globs(Gitignore);

impl Globs {
    /// Reads globs; those that are none are reported.
    pub(super) fn read<'g>(
        globs: impl IntoIterator<Item = &'g Item<Text>>,
        decoder: &mut Decoder<'_>,
        many: &mut usize,
    ) -> Option<Self> {
        let mut builder = GitignoreBuilder::new("");
        for glob in globs {
            *many += 1;
            // Each is compiled, and asked about each file; one fault is enough for all that are too many.
            if *many > MOST + 1 {
                continue;
            }
            let fault = if *many > MOST {
                Some(format!("a settings file has at most {MOST} globs; put the files into folders"))
            } else {
                never_meets(glob).or_else(|| builder.add_line(None, glob).err().map(|error| error.to_string()))
            };
            if let Some(why) = fault {
                decoder.report(glob.span, What::Glob { glob: glob.value.to_string(), why });
            }
        }
        builder.build().ok().map(Self)
    }

    /// Whether a path is meant: itself, or a folder that it lies in. It is taken from the folder of the settings file.
    pub(super) fn meet(&self, path: &Path) -> bool {
        path.is_relative() && self.0.matched_path_or_any_parents(path, false).is_ignore()
    }
}

/// Why a glob can only be a slip, though a `.gitignore` takes it.
fn never_meets(glob: &str) -> Option<String> {
    let is_dots = |part: &str| matches!(part.trim_start_matches('!'), "." | "..");
    if glob.len() > LONGEST {
        Some(format!("it is longer than {LONGEST} bytes"))
    } else if glob.starts_with('#') {
        // In a file of them this is a comment.
        Some("it begins with `#`; a file of that name is written `\\#`".to_owned())
    } else if glob.split('/').any(is_dots) {
        Some("leave out `.` and `..`: it is taken from the folder of this file, and meets what lies below".to_owned())
    } else {
        None
    }
}
