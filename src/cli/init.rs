//! `kpi-audit init [FILE]`: asks a few questions, and writes a commented plan to start from.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use jiff::civil::Date;

use kpi_audit::plan::{self, Answers};
use kpi_audit::report::View;
use kpi_audit::report::text::clean;

use super::InitArgs;
use super::audit::Outcome;

mod questions;

/// The schema beside a plan, by which an editor helps with it. It lies there, since the tool has no address on the net to give.
const SCHEMA: &str = "kpi-plan.schema.json";

pub(crate) fn run(args: &InitArgs, today: Date, view: &View) -> anyhow::Result<Outcome> {
    let goes_to_output = args.file.as_os_str() == "-";
    if !goes_to_output {
        // Nobody is to answer questions for nothing.
        free(&args.file).with_context(|| cannot_write(&args.file))?;
    }
    let answers = match answers(args, today, view) {
        Ok(answers) => answers,
        Err(stopped) => return Ok(Outcome { err: stopped.words(), status: stopped.status(), ..Outcome::default() }),
    };
    let text = answers.as_ref().map_or_else(plan::starter, Answers::plan);
    if goes_to_output {
        return Ok(Outcome { out: text, ..Outcome::default() });
    }
    match write(&args.file, &text, args.no_schema) {
        Ok(schema) => Ok(Outcome { out: done(&args.file, answers.as_ref(), &schema, view), ..Outcome::default() }),
        // Answers are somebody's work too.
        Err(error) if answers.is_some() => {
            let error = format!("{:#}", error.context(cannot_write(&args.file)));
            let err = format!("error: {}; here is the plan instead\n", clean(&error));
            Ok(Outcome { out: text, err, status: 2 })
        }
        Err(error) => Err(error.context(cannot_write(&args.file))),
    }
}

fn cannot_write(file: &Path) -> String {
    format!("cannot write {}", file.display())
}

/// The answers; none where nobody is there to be asked.
fn answers(args: &InitArgs, today: Date, view: &View) -> Result<Option<Answers>, questions::Stopped> {
    if args.yes || !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Ok(None);
    }
    let lines = questions::typed_lines();
    questions::ask(today, &lines, &mut io::stderr().lock(), view).map(Some)
}

/// Whether a file can be begun: an existing one is somebody's work, and is never overwritten.
fn free(file: &Path) -> anyhow::Result<()> {
    match fs::symlink_metadata(file) {
        Ok(there) if there.is_dir() => anyhow::bail!("it is a folder; name a file in it"),
        Ok(_) => Err(in_words(ErrorKind::AlreadyExists.into())),
        Err(_) if !folder(file).is_dir() => Err(in_words(ErrorKind::NotFound.into())),
        Err(_) => Ok(()),
    }
}

fn folder(file: &Path) -> PathBuf {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// What became of the schema beside the plan.
enum Schema {
    Written,
    /// It was there already, and is the same.
    Same,
    /// Another file of that name was there, and is left as it is.
    Other,
    None,
}

fn write(file: &Path, text: &str, no_schema: bool) -> anyhow::Result<Schema> {
    let mut opened = create(file).map_err(in_words)?;
    let schema = if no_schema { Schema::None } else { schema_beside(file) };
    // A path in it is taken from the plan's folder.
    let line = match schema {
        Schema::None => String::new(),
        _ => format!("# yaml-language-server: $schema={SCHEMA}\n"),
    };
    fill(file, &mut opened, &(line + text))?;
    Ok(schema)
}

/// Writes a file that must not exist yet.
pub(super) fn write_new(file: &Path, text: &str) -> anyhow::Result<()> {
    let written = free(file).and_then(|()| Ok(fill(file, &mut create(file).map_err(in_words)?, text)?));
    written.with_context(|| cannot_write(file))
}

/// Writes into a file that was just made. A full disk leaves none behind: half a file would be in the way of the next try.
fn fill(file: &Path, opened: &mut File, text: &str) -> io::Result<()> {
    let written = opened.write_all(text.as_bytes());
    if written.is_err() {
        // Why it could not be written is what counts.
        let _ = fs::remove_file(file);
    }
    written
}

fn create(file: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(file)
}

/// Sees to the schema. A plan is as good without it: what cannot be written is left out.
fn schema_beside(file: &Path) -> Schema {
    let path = folder(file).join(SCHEMA);
    let schema = plan::schema();
    match create(&path).map(|mut opened| fill(&path, &mut opened, &schema)) {
        Ok(Ok(())) => Schema::Written,
        Err(error) if error.kind() == ErrorKind::AlreadyExists => match fs::read(&path) {
            Ok(there) if there == schema.as_bytes() => Schema::Same,
            _ => Schema::Other,
        },
        _ => Schema::None,
    }
}

/// What was written, what to run next, and what repays most.
fn done(file: &Path, answers: Option<&Answers>, schema: &Schema, view: &View) -> String {
    let name = file.display().to_string();
    let name = clean(&name);
    let what = match answers {
        Some(_) => "with your answers; what you left open stands in it as comments.",
        None => "with examples for values: put your own in their place.",
    };
    let mut out = view.wrap("", &format!("{name} is written, {what}"));
    out += &match schema {
        Schema::Written => view.wrap("", &format!("{SCHEMA} beside it lets an editor complete and explain its keys.")),
        Schema::Other => view.wrap("", &other_schema(file)),
        Schema::Same | Schema::None => String::new(),
    };
    let first = match answers {
        None => "your own KPIs, each with `drives` and `because`: which number it moves, and why",
        Some(answers) if answers.kpis.is_empty() => {
            "the KPIs that you were handed, under `kpis`; a sentence each will do"
        }
        Some(_) => "under each KPI, `drives` and `because`: which number it moves, and why",
    };
    out.push('\n');
    out += &view.wrap("What repays most: ", &format!("{first}."));
    out + &format!("Then run: kpi-audit {}\n", as_argument(&name))
}

fn other_schema(file: &Path) -> String {
    let path = folder(file).join(SCHEMA);
    let path = path.strip_prefix(".").unwrap_or(&path).display().to_string();
    format!(
        "{path} was there already, and differs from this version's schema; `kpi-audit schema > {}` renews it.",
        as_argument(&path)
    )
}

/// A name as a shell takes it for one word.
pub(super) fn as_argument(name: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "._-/\\:+,@".contains(c);
    if name.chars().all(plain) { name.to_owned() } else { format!("'{}'", name.replace('\'', r"'\''")) }
}

/// The usual reasons without the system's numbers.
fn in_words(error: io::Error) -> anyhow::Error {
    match error.kind() {
        ErrorKind::AlreadyExists => anyhow::anyhow!("it exists already, and is left as it is; name another file"),
        ErrorKind::NotFound => anyhow::anyhow!("there is no such folder"),
        ErrorKind::PermissionDenied => anyhow::anyhow!("no permission"),
        _ => error.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_word_to_a_shell() {
        assert_eq!(as_argument("plans/q1-łódź.yaml"), "plans/q1-łódź.yaml");
        assert_eq!(as_argument("our plan.yaml"), "'our plan.yaml'");
        assert_eq!(as_argument("a$(b)'c.yaml"), r"'a$(b)'\''c.yaml'");
    }

    #[test]
    fn a_file_that_cannot_be_filled_is_not_left_behind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("plan.yaml");
        create(&path).unwrap();
        // As on a full disk, nothing can be written to it.
        let mut full = File::open(&path).unwrap();
        assert!(fill(&path, &mut full, "plan: x\n").is_err());
        assert!(!path.exists());
        write_new(&path, "plan: x\n").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "plan: x\n");
    }
}
