//! The command line: its words, and one file for each command.

use std::env;
use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;

use kpi_audit::plan::period::Period;
use kpi_audit::plan::quantity::CurrencyCode;
use kpi_audit::report::output;
use kpi_audit::settings::FailOn;
use kpi_audit::severity::Severity;

pub(crate) mod audit;
pub(crate) mod brief;
pub(crate) mod classify;
pub(crate) mod explain;
mod file;
pub(crate) mod fix;
pub(crate) mod forecast;
pub(crate) mod generated;
pub(crate) mod import;
pub(crate) mod init;
mod progress;

/// Audits go-to-market plans: which KPIs lead to money, where the money goes, and what to ask in the meeting.
#[derive(Debug, Parser)]
#[command(
    version,
    args_conflicts_with_subcommands = true,
    max_term_width = 100,
    after_help = "Exit status: 0 all gates hold; 1 a gate failed; 2 bad usage, settings or a plan that could not be read; \
                  3 no plan found.\nThe format of a plan: docs/format.md in the repository of kpi-audit. A plan to start from: kpi-audit init."
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) audit: AuditArgs,
    #[command(flatten)]
    pub(crate) color: ColorArgs,
}

/// The command line where no other command is meant: to describe those to clap takes a tenth of the time of one plan.
#[derive(Debug, Parser)]
struct AuditAlone {
    #[command(flatten)]
    audit: AuditArgs,
    #[command(flatten)]
    color: ColorArgs,
}

/// The words by which other commands begin.
const COMMANDS: [&str; 11] =
    ["init", "import", "brief", "fix", "forecast", "explain", "classify", "schema", "completions", "man", "help"];

impl Cli {
    /// Reads the arguments; what cannot be used together ends the run, as any other bad usage does.
    pub(crate) fn read() -> Self {
        let is_command = |word: OsString| COMMANDS.iter().any(|command| word == **command);
        let alone = if env::args_os().skip(1).any(is_command) { None } else { AuditAlone::try_parse().ok() };
        // Help and errors are of the whole.
        let cli = alone.map_or_else(Self::parse, |AuditAlone { audit, color }| Self { command: None, audit, color });
        // Who asks for JSON or a page reads it whole: half a report, or none, would pass for a good one.
        let whole = match cli.audit.format {
            Format::Table => None,
            Format::Json => Some("json', which programs read whole"),
            Format::Html => Some("html', which is a whole page"),
            Format::Sarif => Some("sarif', which programs read whole"),
            Format::Github => Some("github', which programs read whole"),
            Format::Junit => Some("junit', which programs read whole"),
            Format::Markdown => Some("markdown', which is a whole comment"),
            Format::Csv => Some("csv', which programs read whole"),
        };
        if let Some(whole) = whole.filter(|_| cli.audit.quiet) {
            let message = format!(
                "the argument '--quiet' cannot be used with '--format {whole}; for the exit status alone, use '--quiet' \
                 without it"
            );
            Self::command().error(ErrorKind::ArgumentConflict, message).exit();
        }
        cli
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write a commented plan to start from, after a few questions
    Init(InitArgs),
    /// Make a plan of a spreadsheet, a Markdown table or another tool's export
    #[command(
        after_help = "Reads .csv, .tsv, .xlsx, .xlsm, .ods, .md, .yaml and .json files. What is guessed and what cannot be read is said, \
                      and stands in the plan as comments. docs/import.md says how columns and cells are read.\n\
                      Exit status: 0 the plan is written; 2 it is not."
    )]
    Import(ImportArgs),
    /// Write a page to take to the meeting: where the plan stands, what to ask whom, the budget, the months and the handoffs
    #[command(
        after_help = "Exit status: 0 the page is written, whatever it says; 2 bad usage, settings or a plan that could not be \
                      read; 3 no plan found."
    )]
    Brief(BriefArgs),
    /// Write the better versions that findings propose into the plans: a diff to look at, and --write to do it
    #[command(
        after_help = "Without --write nothing is changed. Comments, blank lines and quotes stay as they are. What changes money, targets or \
                      owners is a decision: --unsafe shows and writes that too. From standard input (-) the diff is printed, and with \
                      --write the fixed plan.\n\
                      Exit status: 0 done, or nothing to do; 2 bad usage, settings, a plan that could not be read, or a file that could not \
                      be written; 3 no plan found."
    )]
    Fix(FixArgs),
    /// Say how likely each goal is: its funnels, with every range drawn many times instead of taken for its middle
    Forecast(ForecastArgs),
    /// Say why a rule exists, what is bad, what is good and what to ask; without RULE: list all rules
    Explain {
        /// The rule's name, as it stands beside a finding: vanity-metric
        rule: Option<String>,
    },
    /// Say what kind of metric each name is, and which words decided; without NAME, one name a line is read from standard input
    Classify(ClassifyArgs),
    /// Print the JSON Schema of a plan or of the settings, by which an editor completes keys, explains them and marks errors
    #[command(after_help = "To use it: kpi-audit schema > kpi-plan.schema.json, and in the first line of a plan\n\
                            # yaml-language-server: $schema=kpi-plan.schema.json\n\
                            `kpi-audit init` does both for a new plan. docs/editors.md has more.")]
    Schema {
        /// The schema of a settings file, .kpi-audit.yaml, instead of a plan's
        #[arg(long)]
        settings: bool,
    },
    /// Print what lets the Tab key complete commands and options in a shell
    #[command(after_help = "To use it, for bash in ~/.bashrc: source <(kpi-audit completions bash)\n\
                            For zsh, as on a Mac, in ~/.zshrc after compinit: source <(kpi-audit completions zsh)")]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    #[command(after_help = "To read it: kpi-audit man > kpi-audit.1, then man ./kpi-audit.1")]
    Man,
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "It asks for the period, the plan's name, the currency, the kind of business, the goal, the products and the KPIs. \
                        Enter leaves a question open. Where there is no terminal, nothing is asked.\n\
                        Exit status: 0 the plan is written; 2 it is not; 130 Ctrl-C, and nothing is written."
)]
pub(crate) struct InitArgs {
    /// The file to write, which must not exist yet; - for standard output
    #[arg(default_value = "plan.yaml")]
    pub(crate) file: PathBuf,
    /// Ask nothing, and write a plan with examples for values
    #[arg(long)]
    pub(crate) yes: bool,
    /// Do not write kpi-plan.schema.json beside the plan, nor the plan's line that makes an editor use it
    #[arg(long)]
    pub(crate) no_schema: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ClassifyArgs {
    /// The names, each in quotes: "Cut cost per lead by 30%"; or - for one name a line on standard input
    #[arg(value_name = "NAME")]
    pub(crate) names: Vec<String>,
    /// How to print them; JSON is one object a line
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub(crate) format: TableOrJson,
    /// List the metrics of the dictionary, which `metric:` in a plan can name
    #[arg(long, conflicts_with = "names")]
    pub(crate) list: bool,
    /// Read settings from this file: its `metrics` add names and change what they mean [default: the nearest .kpi-audit.yaml,
    /// from the working directory up to the root of its repository]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct BriefArgs {
    /// Plans, folders of plans, or - for standard input: one page for each plan
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,
    /// How to write the page
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: BriefFormat,
    /// Write it as of this day, instead of today (or of a past period's last day)
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    pub(crate) as_of: Option<Date>,
    /// Read the settings of all plans from this file [default: for each plan the nearest .kpi-audit.yaml above it, up to the root
    /// of its repository]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ForecastArgs {
    /// Plans, folders of plans, or - for standard input
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,
    /// How to print the forecast
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub(crate) format: TableOrJson,
    /// How often each goal is drawn; more draws give steadier digits
    #[arg(long, value_name = "N", default_value = "100000", value_parser = draws)]
    pub(crate) draws: usize,
    /// Where the random numbers begin: the same seed gives the same forecast
    #[arg(long, value_name = "N", default_value_t = kpi_audit::facts::forecast::SEED)]
    pub(crate) seed: u64,
    /// How much each stage goes with the one before, from -0.99 to 0.99: below 0 where more leads mean worse ones
    /// [default: `stage_correlation` of the settings, which is 0 where they say nothing]
    #[arg(long, value_name = "R", value_parser = correlation, allow_negative_numbers = true)]
    pub(crate) correlation: Option<f64>,
    /// Read the settings of all plans from this file [default: for each plan the nearest .kpi-audit.yaml above it, up to the root
    /// of its repository]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct FixArgs {
    /// Plans, folders of plans, or - for standard input
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,
    /// Write the changes into the files
    #[arg(long)]
    pub(crate) write: bool,
    /// Also make changes that are for people to decide: of money, targets, owners, roles
    #[arg(long = "unsafe")]
    pub(crate) decisions: bool,
    /// Fix only what this rule or area found; may be given several times
    #[arg(long, value_name = "RULE|AREA", value_parser = rule_or_area)]
    pub(crate) only: Vec<String>,
    /// Audit as of this day, instead of today (or of a past period's last day)
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    pub(crate) as_of: Option<Date>,
    /// Read the settings of all plans from this file [default: for each plan the nearest .kpi-audit.yaml above it, up to the root
    /// of its repository]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ImportArgs {
    /// The file to read; - for standard input, with --from
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Write the plan to this file, which must not exist yet [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// The name of the plan [default: the file's name]
    #[arg(long, value_name = "NAME")]
    pub(crate) plan: Option<String>,
    /// The period of the plan, such as 2027-Q1: it picks the columns of that quarter, and gives dates their year
    #[arg(long, value_name = "PERIOD", value_parser = period)]
    pub(crate) period: Option<Period>,
    /// The currency of the plan, such as EUR
    #[arg(long, value_name = "CODE", value_parser = currency)]
    pub(crate) currency: Option<CurrencyCode>,
    /// Read only this sheet of a workbook, or the table under this heading
    #[arg(long, value_name = "NAME")]
    pub(crate) sheet: Option<String>,
    /// The format of the file, where its name does not say it
    #[arg(long, value_name = "FORMAT", value_parser = import_format())]
    pub(crate) from: Option<kpi_audit::import::Format>,
    /// How a text file that is not UTF-8 is written, such as windows-1252
    #[arg(long, value_name = "NAME")]
    pub(crate) encoding: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ColorArgs {
    /// When to use colour
    #[arg(long = "color", global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) when: ColorWhen,
}

#[derive(Debug, clap::Args)]
pub(crate) struct AuditArgs {
    /// Plans, folders of plans, or - for standard input
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,
    /// How to print the report
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub(crate) format: Format,
    /// Write the report to a file as well: sarif=audit.sarif, html=report.html; may be given several times
    #[arg(long, value_name = "FORMAT=FILE", value_parser = report_file)]
    pub(crate) report: Vec<(Format, PathBuf)>,
    /// Exit with 1 where a finding is this grave, or graver [default: `fail-on` of the plan's settings, else high]
    #[arg(long, value_name = "SEVERITY", value_parser = fail_on())]
    pub(crate) fail_on: Option<FailOn>,
    /// Exit with 1 where a plan scores less, or has too little in it to be scored [default: `min-score` of the plan's settings]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=100))]
    pub(crate) min_score: Option<u32>,
    /// Exit with 0 where a gate fails; errors still exit with 2
    #[arg(long)]
    pub(crate) exit_zero: bool,
    /// Leave out findings that are less grave, in every format (the gates and the score do not change)
    #[arg(long, value_name = "SEVERITY", value_parser = severity(), default_value = "note")]
    pub(crate) min_severity: Severity,
    /// Run only this rule or area; may be given several times, and no score is printed then
    #[arg(long, value_name = "RULE|AREA", value_parser = rule_or_area)]
    pub(crate) only: Vec<String>,
    /// Leave out this rule or area; may be given several times, and no score is printed then
    #[arg(long, value_name = "RULE|AREA", value_parser = rule_or_area)]
    pub(crate) skip: Vec<String>,
    /// Read the settings of all plans from this file: severities, thresholds, rules off, gates [default: for each plan the nearest
    /// .kpi-audit.yaml above it, up to the root of its repository]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Print the settings that hold for each PATH and where each value was set, as a settings file, and audit nothing
    #[arg(long)]
    pub(crate) show_config: bool,
    /// Take the findings of this file for known: they are shown as such, and fail nothing
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    /// Write the open findings to this file, for --baseline in later runs
    #[arg(long, value_name = "FILE", conflicts_with_all = ["only", "skip", "baseline", "since"])]
    pub(crate) write_baseline: Option<PathBuf>,
    /// Compare with the plans as they were at this git revision: what is new, what was there, what is fixed, and the score before;
    /// only what is new fails
    #[arg(long, value_name = "REV", conflicts_with = "baseline")]
    pub(crate) since: Option<String>,
    /// Audit as of this day, instead of today (or of a past period's last day)
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    pub(crate) as_of: Option<Date>,
    /// Show every finding and the arithmetic of the score, not the worst few
    #[arg(long)]
    pub(crate) all: bool,
    /// Audit so many files at the same time [default: as many as the machine has processors]
    #[arg(long, short, value_name = "N", value_parser = jobs)]
    pub(crate) jobs: Option<NonZeroUsize>,
    /// Also say on standard error what became of each file, those that are no plans too, and how long it took
    #[arg(long, short, conflicts_with = "quiet")]
    pub(crate) verbose: bool,
    /// Print nothing where all is well, and one line for each plan that fails a gate (only with --format table)
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A table, for people
    Table,
    /// JSON, for programs
    Json,
    /// One web page that needs nothing else, to open, send or print: kpi-audit --format html > report.html
    Html,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Workflow commands, by which GitHub shows findings on their lines; the whole goes into the job's summary
    Github,
    /// JUnit XML, for services that show test results
    Junit,
    /// Markdown for a comment on a pull request: score, table, and the rest folded away
    Markdown,
    /// A row for each finding, for a spreadsheet
    Csv,
}

impl Format {
    /// Whether the format itself escapes every control character.
    pub(crate) fn escapes_controls(self) -> bool {
        matches!(self, Self::Json | Self::Sarif)
    }

    /// The format of the library.
    pub(crate) fn of_report(self) -> output::Format {
        match self {
            Self::Table => output::Format::Table,
            Self::Json => output::Format::Json,
            Self::Html => output::Format::Html,
            Self::Sarif => output::Format::Sarif,
            Self::Github => output::Format::Github,
            Self::Junit => output::Format::Junit,
            Self::Markdown => output::Format::Markdown,
            Self::Csv => output::Format::Csv,
        }
    }
}

impl AuditArgs {
    /// The format of what is printed.
    pub(crate) fn format(&self) -> output::Format {
        if self.quiet { output::Format::Quiet } else { self.format.of_report() }
    }
}

/// How the smaller commands print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TableOrJson {
    /// A table, for people
    Table,
    /// JSON, for programs
    Json,
}

/// How a brief is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum BriefFormat {
    /// Plain text, for the terminal and for print
    Text,
    /// Markdown, to paste into a document, a wiki or a chat
    Markdown,
    /// A page of HTML that needs nothing else, to print or to send
    Html,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorWhen {
    /// Where the output is a terminal
    Auto,
    Always,
    Never,
}

fn fail_on() -> impl TypedValueParser<Value = FailOn> {
    PossibleValuesParser::new(FailOn::WORDS).try_map(|word| FailOn::parse(&word).ok_or("not a severity"))
}

fn severity() -> impl TypedValueParser<Value = Severity> {
    PossibleValuesParser::new(Severity::WORDS).try_map(|word| Severity::parse(&word).ok_or("not a severity"))
}

/// A number of draws that gives percentiles, and fits into memory.
fn draws(text: &str) -> Result<usize, String> {
    const FEWEST: usize = 1_000;
    const MOST: usize = 10_000_000;
    let draws = text.replace([',', '_'], "").parse().ok().filter(|draws| (FEWEST..=MOST).contains(draws));
    draws.ok_or_else(|| format!("give a number from {FEWEST} to {MOST}"))
}

fn correlation(text: &str) -> Result<f64, String> {
    let correlation = text.parse().ok().filter(|correlation| (-0.99..=0.99).contains(correlation));
    correlation.ok_or_else(|| "give a number from -0.99 to 0.99".to_owned())
}

fn jobs(text: &str) -> Result<NonZeroUsize, &'static str> {
    text.parse().map_err(|_| "write a whole number, 1 or more")
}

/// A format and the file that it is written to.
fn report_file(text: &str) -> Result<(Format, PathBuf), String> {
    let (format, file) = text.split_once('=').ok_or("write the format and the file: sarif=audit.sarif")?;
    let format = Format::from_str(format, true).map_err(|_| {
        let names = Format::value_variants().iter().filter_map(|format| format.to_possible_value());
        let names: Vec<String> = names.map(|name| name.get_name().to_owned()).collect();
        format!("`{format}` is not one of {}", names.join(", "))
    })?;
    if file.is_empty() { Err("the file's name is missing after `=`".to_owned()) } else { Ok((format, file.into())) }
}

fn date(text: &str) -> Result<Date, String> {
    kpi_audit::plan::period::parse_date(text).map_err(|error| error.to_string())
}

fn period(text: &str) -> Result<Period, String> {
    Period::parse(text).map_err(|error| error.to_string())
}

fn currency(text: &str) -> Result<CurrencyCode, String> {
    CurrencyCode::parse(text).map_err(|error| error.to_string())
}

fn import_format() -> impl TypedValueParser<Value = kpi_audit::import::Format> {
    use kpi_audit::import::Format;
    PossibleValuesParser::new(Format::WORDS).try_map(|word| Format::parse(&word).ok_or("not a format"))
}

fn rule_or_area(name: &str) -> Result<String, String> {
    use kpi_audit::rules::{self, Area};
    let areas = Area::ALL.iter().map(|area| area.name());
    let known = rules::all().map(|rule| rule.name).chain(areas);
    if known.clone().any(|known| known == name) {
        return Ok(name.to_owned());
    }
    match meant(name, known) {
        Some(meant) => Err(format!("no rule or area of that name; did you mean `{meant}`?")),
        None => Err("no rule or area of that name; `kpi-audit explain` lists them".to_owned()),
    }
}

/// The name that was meant: the nearest, else the one of which a part was given.
fn meant<'n>(name: &str, known: impl Iterator<Item = &'n str> + Clone) -> Option<&'n str> {
    const SHORTEST: usize = 3;
    let part = |known: &&str| name.len() >= SHORTEST && known.contains(&name.to_lowercase());
    kpi_audit::words::nearest(name, known.clone()).or_else(|| known.clone().find(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_is_known_by_its_word() {
        let mut all = Cli::command();
        all.build();
        let words: Vec<_> = all.get_subcommands().flat_map(|command| command.get_name_and_visible_aliases()).collect();
        assert_eq!(words, COMMANDS);
        assert!(all.get_subcommands().all(|command| command.get_all_aliases().next().is_none()));
    }

    #[test]
    fn an_audit_takes_the_same_arguments_alone() {
        let arguments = |command: clap::Command| -> Vec<_> {
            // All but the place in the help, where commands come first.
            command.get_arguments().map(|argument| format!("{:?}", argument.clone().display_order(0))).collect()
        };
        assert_eq!(arguments(AuditAlone::command()), arguments(Cli::command()));
    }
}
