//! The audit beside linters and an empty process: interleaved runs, so that what else the machine does meets all alike.

use std::error::Error;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

use crate::Outcome;
use crate::measure::{usage, wall};

/// One command of a contest.
struct Entrant<'a> {
    name: &'a str,
    arguments: Vec<&'a str>,
}

/// Commands that are run in turn, on as many processors.
struct Contest<'a> {
    title: &'a str,
    /// The first is what the others are compared with.
    entrants: Vec<Entrant<'a>>,
    /// The processors that all may use, or each in turn.
    processors: Vec<&'a str>,
    /// Files that one run looks at.
    files: usize,
    rounds: usize,
}

/// Measures all contests in at most so many rounds, and prints a table in Markdown. In `dir` lie `one.yaml`, `large.yaml`, and the folders
/// `plans-1000`, `plans-10000` and `python-1000`.
pub fn compare(dir: &Path, rounds: usize, tools: &[&str]) -> Outcome {
    let [audit, ryl, ruff, empty] = tools else { return Err("four tools are compared".into()) };
    let path = |name: &str| dir.join(name).to_string_lossy().into_owned();
    let (one, large, plans, more_plans, python) =
        (path("one.yaml"), path("large.yaml"), path("plans-1000"), path("plans-10000"), path("python-1000"));
    let kpi_audit =
        |of| Entrant { name: "kpi-audit", arguments: vec![*audit, "--format", "json", "--as-of", "2027-01-15", of] };
    let ryl = |of| Entrant { name: "ryl", arguments: vec![*ryl, "check", "--no-cache", "-d", "extends: default", of] };
    let ruff = |of| Entrant { name: "ruff", arguments: vec![*ruff, "check", "--no-cache", "--isolated", of] };
    let empty = Entrant { name: "empty process", arguments: vec![*empty] };
    let contests = [
        Contest {
            title: "1 plan",
            entrants: vec![kpi_audit(&one), ryl(&one), empty],
            processors: vec!["0"],
            files: 1,
            rounds: 201,
        },
        Contest {
            title: "1,000 files, 1 thread",
            entrants: vec![kpi_audit(&plans), ryl(&plans), ruff(&python)],
            processors: vec!["0"],
            files: 1_000,
            rounds: 11,
        },
        Contest {
            title: "1,000 files, 2 threads",
            entrants: vec![kpi_audit(&plans), ryl(&plans), ruff(&python)],
            processors: vec!["0,1"],
            files: 1_000,
            rounds: 11,
        },
        Contest {
            title: "10,000 plans",
            entrants: vec![
                Entrant { name: "kpi-audit, 2 threads", ..kpi_audit(&more_plans) },
                Entrant { name: "kpi-audit, 1 thread", ..kpi_audit(&more_plans) },
            ],
            processors: vec!["0,1", "0"],
            files: 10_000,
            rounds: 5,
        },
        Contest {
            title: "1 plan of 50 MB",
            entrants: vec![kpi_audit(&large), ryl(&large)],
            processors: vec!["0"],
            files: 1,
            rounds: 3,
        },
    ];
    println!(
        "| contest | tool | median | least–most | a file | peak memory | time of the other / kpi-audit's, pair by pair |"
    );
    println!("|---|---|---:|---:|---:|---:|---:|");
    for contest in &contests {
        contest.print(rounds)?;
    }
    Ok(ExitCode::SUCCESS)
}

impl Contest<'_> {
    fn print(&self, most_rounds: usize) -> Result<(), Box<dyn Error>> {
        let mut times: Vec<Vec<Duration>> = vec![Vec::new(); self.entrants.len()];
        for round in 0..=most_rounds.min(self.rounds) {
            for (at, entrant) in self.entrants.iter().enumerate() {
                pin(self.processors_of(at))?;
                let time = wall(&mut entrant.command())?;
                // The first round warms the caches.
                if round > 0 {
                    times[at].push(time);
                }
            }
        }
        let first = times.first().cloned().unwrap_or_default();
        for (at, (entrant, times)) in self.entrants.iter().zip(times).enumerate() {
            let ratios = first.iter().zip(&times).map(|(own, other)| other.as_secs_f64() / own.as_secs_f64());
            let ratio = if at == 0 { "1".to_owned() } else { format!("{:.2}", median(ratios)) };
            let seconds: Vec<f64> = times.iter().map(Duration::as_secs_f64).collect();
            let (least, most) =
                seconds.iter().fold((f64::INFINITY, 0.0_f64), |(least, most), s| (least.min(*s), most.max(*s)));
            let middle = median(seconds.iter().copied());
            pin(self.processors_of(at))?;
            let used = usage(&entrant.arguments)?;
            println!(
                "| {} | {} | {} | {}–{} | {} | {:.1} MB | {ratio} |",
                self.title,
                entrant.name,
                shown(middle),
                shown(least),
                shown(most),
                shown(middle / self.files as f64),
                used.peak as f64 / 1024.0,
            );
        }
        Ok(())
    }

    fn processors_of(&self, at: usize) -> &str {
        self.processors.get(at).or(self.processors.first()).copied().unwrap_or("0")
    }
}

impl Entrant<'_> {
    fn command(&self) -> Command {
        let mut command = Command::new(self.arguments.first().copied().unwrap_or_default());
        command.args(self.arguments.iter().skip(1));
        command
    }
}

/// Leaves this process, and those that it starts from now on, some of the machine's processors: each tool takes as
/// many threads as it sees processors. Starting each by `taskset` would add to the time that is measured.
fn pin(processors: &str) -> Result<(), Box<dyn Error>> {
    let own = std::process::id().to_string();
    let pinned =
        Command::new("taskset").args(["--pid", "--cpu-list", processors, &own]).stdout(Stdio::null()).status()?;
    if pinned.success() { Ok(()) } else { Err(format!("there are no processors {processors}").into()) }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

fn shown(seconds: f64) -> String {
    match seconds {
        s if s < 0.001 => format!("{:.0} µs", s * 1e6),
        s if s < 1.0 => format!("{:.2} ms", s * 1e3),
        s => format!("{s:.2} s"),
    }
}
