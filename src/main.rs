//! The command-line tool: arguments to exit status, nothing else.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anstream::stream::RawStream;
use anstream::{AutoStream, ColorChoice};
use jiff::civil::Date;

use kpi_audit::report::{View, output::Format, text::clean};

mod cli;

use cli::audit::{Outcome, Outlets};
use cli::{Cli, ColorWhen, Command};

/// Columns where the output is no terminal.
const DEFAULT_WIDTH: usize = 80;

/// Bytes that are written at once where no terminal shows them: the reports of a few plans, or all of a small one.
const WRITTEN_AT_ONCE: usize = 1 << 16;

fn main() -> ExitCode {
    let cli = Cli::read();
    let view = view(cli.color.when);
    let outcome = match &cli.command {
        None => return audit(&cli, &view),
        Some(Command::Explain { rule }) => Ok(cli::explain::run(rule.as_deref(), &view)),
        Some(Command::Classify(args)) => Ok(cli::classify::run(args, &view)),
        Some(Command::Brief(args)) => Ok(cli::brief::run(args, today(), &view)),
        Some(Command::Forecast(args)) => Ok(cli::forecast::run(args, today(), &view)),
        Some(Command::Fix(args)) => cli::fix::run(args, today(), &view),
        Some(Command::Import(args)) => cli::import::run(args, &view),
        Some(Command::Schema { settings }) => Ok(cli::generated::schema(*settings)),
        Some(Command::Completions { shell }) => Ok(cli::generated::completions(*shell)),
        Some(Command::Man) => cli::generated::man(),
        Some(Command::Init(args)) => cli::init::run(args, today(), &view),
    };
    let outcome = outcome.unwrap_or_else(|error| Outcome { err: told(&error), status: 2, ..Outcome::default() });
    print(&outcome, cli.color.when)
}

/// The audit writes as it goes, since it may be of more plans than fit into memory.
fn audit(cli: &Cli, view: &View) -> ExitCode {
    let mut err = AutoStream::new(io::stderr(), choice(shows_colour(cli.color.when, &io::stderr())));
    let out = match cli.audit.format.escapes_controls() {
        // Nothing in it can be an escape, and looking for them would take longer than writing it.
        true => ColorChoice::AlwaysAnsi,
        false => choice(shows_colour(cli.color.when, &io::stdout())),
    };
    // Who looks at a terminal sees each line at once.
    let at_once = if io::stdout().is_terminal() { 0 } else { WRITTEN_AT_ONCE };
    let mut out = BufWriter::with_capacity(at_once, AutoStream::new(io::stdout().lock(), out));
    // Who looks at a list as it grows sees how far it is, and a bar would stand in it.
    let grows = cli.audit.all || cli.audit.format() != Format::Table;
    let progress = io::stderr().is_terminal() && !(grows && io::stdout().is_terminal());
    let mut outlets = Outlets { out: &mut out, err: &mut err, progress };
    let status = cli::audit::run(&cli.audit, today(), view, summary().as_deref(), &mut outlets);
    ExitCode::from(status.unwrap_or_else(|error| {
        let _ = out.flush();
        let _ = err.write_all(told(&error).as_bytes());
        2
    }))
}

/// An error. It may name a file, and a file's name is no text of ours.
fn told(error: &anyhow::Error) -> String {
    format!("error: {}\n", clean(&format!("{error:#}")))
}

fn choice(is_shown: bool) -> ColorChoice {
    if is_shown { ColorChoice::Always } else { ColorChoice::Never }
}

/// A closed pipe is a quiet end: what could not be written was not wanted. Any other reason why a report was not written, such as a
/// full disk, is an error. Where colours are not
/// shown, escapes are taken out of everything, also of what nobody thought of.
fn print(outcome: &Outcome, color: ColorWhen) -> ExitCode {
    // Standard error may go to a file while the report goes to a terminal.
    let mut err = AutoStream::new(io::stderr(), choice(shows_colour(color, &io::stderr())));
    let _ = err.write_all(outcome.err.as_bytes());
    let mut out = AutoStream::new(io::stdout(), choice(shows_colour(color, &io::stdout())));
    match out.write_all(outcome.out.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            let _ = writeln!(err, "error: cannot write to standard output: {error}");
            ExitCode::from(2)
        }
        _ => ExitCode::from(outcome.status),
    }
}

/// Colour and width are decided here, once. What either output does not show is taken out when it is printed.
fn view(color: ColorWhen) -> View {
    let colour = shows_colour(color, &io::stdout()) || shows_colour(color, &io::stderr());
    View { width: width(), colour, all: false }
}

fn shows_colour<S: RawStream>(color: ColorWhen, output: &S) -> bool {
    match color {
        ColorWhen::Always => true,
        ColorWhen::Never => false,
        ColorWhen::Auto => {
            let given = |name| std::env::var_os(name).filter(|value| !value.is_empty());
            let forced = given("FORCE_COLOR").is_some_and(|value| value != "0") && given("NO_COLOR").is_none();
            forced || AutoStream::<S>::choice(output) != ColorChoice::Never
        }
    }
}

fn width() -> usize {
    const NARROWEST: usize = 40;
    // COLUMNS can be any number; nothing gains from more.
    const WIDEST: usize = 1000;
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let terminal = || io::stdout().is_terminal().then(terminal_size::terminal_size).flatten();
    let width = columns.or_else(|| terminal().map(|(width, _)| usize::from(width.0)));
    width.unwrap_or(DEFAULT_WIDTH).clamp(NARROWEST, WIDEST)
}

/// The file that GitHub shows as the summary of a job.
fn summary() -> Option<PathBuf> {
    std::env::var_os("GITHUB_STEP_SUMMARY").filter(|file| !file.is_empty()).map(PathBuf::from)
}

fn today() -> Date {
    let seconds = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let days = seconds.map_or(0, |since| i64::try_from(since.as_secs() / 86_400).unwrap_or_default());
    jiff::civil::date(1970, 1, 1).saturating_add(jiff::Span::new().days(days.min(2_000_000)))
}
