//! Makes the files that speed and growth are measured on, and measures. It needs no crate: the scripts beside it build it in a second.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "what is measured is printed")]
#![allow(
    clippy::indexing_slicing,
    unreachable_pub,
    reason = "nothing comes in from outside, and the tests share a part of it"
)]

mod compare;
mod growth;
mod hostile;
mod measure;
mod plans;
mod python;
mod shapes;

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

const USAGE: &str = "\
workbench plans DIR FILES         a planning repository of that many plans
workbench large FILE BYTES        one plan of about as many bytes
workbench python DIR FILES FROM   as many Python files, copied from the library in FROM
workbench hostile DIR             the hostile files
workbench growth BINARY           what eight times the input costs, for each shape of a plan
workbench limits BINARY           time and memory of every hostile file
workbench compare DIR ROUNDS KPI-AUDIT RYL RUFF EMPTY   a table of results";

/// Every repository is the same.
const SEED: u64 = 2027;

type Outcome = Result<ExitCode, Box<dyn Error>>;

fn main() -> Outcome {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["plans", dir, files] => repository(Path::new(dir), files.parse()?),
        ["large", file, bytes] => done(fs::write(file, plans::one_large(bytes.parse()?, SEED))),
        ["python", dir, files, from] => done(python::copies(Path::new(dir), files.parse()?, Path::new(from))),
        ["hostile", dir] => hostile(Path::new(dir)),
        ["growth", binary] => growth::growth(binary),
        ["limits", binary] => growth::limits(binary),
        ["compare", dir, rounds, tools @ ..] => compare::compare(Path::new(dir), rounds.parse()?, tools),
        _ => Err(USAGE.into()),
    }
}

fn done(result: std::io::Result<()>) -> Outcome {
    Ok(result.map(|()| ExitCode::SUCCESS)?)
}

/// Writes the plans, and the folder by which a repository is known.
fn repository(dir: &Path, files: usize) -> Outcome {
    fs::create_dir_all(dir.join(".git"))?;
    for file in plans::repository(files, SEED) {
        let path = dir.join(file.path);
        fs::create_dir_all(path.parent().unwrap_or(dir))?;
        fs::write(path, file.text)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn hostile(dir: &Path) -> Outcome {
    fs::create_dir_all(dir)?;
    for file in hostile::files() {
        fs::write(dir.join(format!("{}.yaml", file.name)), file.bytes)?;
    }
    Ok(ExitCode::SUCCESS)
}
