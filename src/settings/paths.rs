//! Globs of a settings file: which paths below its folder are meant, by the rules of a `.gitignore`.

use std::path::Path;

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::plan::problem::What;
use crate::plan::{Decoder, Placed};

/// One or more globs; of those that match a path, the last decides.
#[derive(Debug, Clone)]
pub(super) struct Globs(Gitignore);

impl Globs {
    /// Reads globs; those that are none are reported.
    pub(super) fn read<'g>(
        globs: impl IntoIterator<Item = &'g Placed<String>>,
        decoder: &mut Decoder<'_>,
    ) -> Option<Self> {
        let mut builder = GitignoreBuilder::new("");
        for glob in globs {
            // In a file of them this is a comment; here it can only be a slip.
            let fault = if glob.starts_with('#') {
                Some("it begins with `#`; a file of that name is written `\\#`".to_owned())
            } else {
                builder.add_line(None, glob).err().map(|error| error.to_string())
            };
            if let Some(why) = fault {
                decoder.report(glob.span, What::Glob { glob: glob.value.clone(), why });
            }
        }
        builder.build().ok().map(Self)
    }

    /// Whether a path is meant: itself, or a folder that it lies in. It is taken from the folder of the settings file.
    pub(super) fn meet(&self, path: &Path) -> bool {
        path.is_relative() && self.0.matched_path_or_any_parents(path, false).is_ignore()
    }
}
