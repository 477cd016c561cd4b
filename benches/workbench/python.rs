//! Python files to hold a linter of Python against: those of the standard library that are as large as plans are.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Bytes of a file that is as large as a plan.
const AS_LARGE_AS_A_PLAN: std::ops::RangeInclusive<u64> = 4_500..=8_192;

/// Copies the files of a Python library that are as large as plans, in the order of their paths and again from the
/// first, until there are as many as asked for; fifty to a folder.
pub fn copies(dir: &Path, files: usize, library: &Path) -> io::Result<()> {
    let mut found = Vec::new();
    walk(library, &mut found)?;
    found.sort();
    if found.is_empty() {
        return Err(io::Error::other(format!("no Python file in {} is as large as a plan", library.display())));
    }
    let texts: Vec<Vec<u8>> = found.iter().map(fs::read).collect::<io::Result<_>>()?;
    for (at, text) in texts.iter().cycle().take(files).enumerate() {
        let folder = dir.join(format!("package_{:03}", at / 50));
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(format!("module_{at:05}.py")), text)?;
    }
    Ok(())
}

fn walk(dir: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            // Tests hold files that are no Python on purpose, and packages of others come and go.
            if !["test", "tests", "site-packages", "__pycache__"].contains(&name.as_ref()) {
                walk(&path, found)?;
            }
        } else if name.ends_with(".py") && AS_LARGE_AS_A_PLAN.contains(&path.metadata()?.len()) {
            found.push(path);
        }
    }
    Ok(())
}
