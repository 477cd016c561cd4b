//! What more input costs: eight times of it for each shape of a plan, and hostile files.

use std::error::Error;
use std::fs;
use std::process::ExitCode;

use crate::Outcome;
use crate::hostile;
use crate::measure::usage;
use crate::shapes::{SHAPES, Shape, comment, parts};

/// Eight times the input may take at most twelve times the time.
const TIMES: usize = 8;
const MOST: f64 = 12.0;
/// A shape is grown until its audit takes as many seconds of processor time: less could not be told from a start.
const LEAST: f64 = 0.1;
/// A shape that is read as quickly as this is not grown further.
const LARGEST: usize = 4 << 20;

/// Prints a line for each shape. Processor time and not the clock is compared, and a shape fails only where it is
/// too slow three times over: what else the machine does must not matter.
pub fn growth(binary: &str) -> Outcome {
    let mut too_steep = 0;
    println!("{:<24} {:>9} {:>9} {:>9}", "shape", "seconds", "8 times", "ratio");
    for shape in &SHAPES {
        let mut size = shape.size / 16;
        let (mut small, status) = seconds(binary, shape, size)?;
        while small < LEAST && (shape.plan)(size).len() < LARGEST {
            size *= 2;
            small = seconds(binary, shape, size)?.0;
        }
        let (mut large, status_of_large) = seconds(binary, shape, size * TIMES)?;
        for _ in 0..2 {
            if large <= MOST * small.max(LEAST) {
                break;
            }
            small = seconds(binary, shape, size)?.0;
            large = large.min(seconds(binary, shape, size * TIMES)?.0);
        }
        let ratio = large / small.max(LEAST);
        let verdict = match status_of_large {
            _ if ratio > MOST => "  too steep",
            other if other != status => "  refused by a limit",
            _ => "",
        };
        too_steep += usize::from(ratio > MOST);
        println!("{:<24} {small:>9.2} {large:>9.2} {ratio:>9.1}{verdict}", shape.name);
    }
    Ok(verdict(too_steep))
}

/// The processor time of an audit, and its exit status.
fn seconds(binary: &str, shape: &Shape, size: usize) -> Result<(f64, Option<i32>), Box<dyn Error>> {
    let file = std::env::temp_dir().join(format!("kpi-audit-{}-{}.yaml", shape.name, std::process::id()));
    let text = (shape.plan)(size);
    let room = comment(400 * parts(&text));
    fs::write(&file, text + &room)?;
    let path = file.to_string_lossy();
    let used = usage(&[binary, "--as-of", "2027-01-15", "--format", "json", &path])?;
    fs::remove_file(&file)?;
    Ok((used.cpu, used.status))
}

/// What a hostile file may take.
const MOST_SECONDS: f64 = 0.5;
const MOST_KILOBYTES: u64 = 128 << 10;
/// The exit statuses that say what happened.
const STATUSES: std::ops::RangeInclusive<i32> = 0..=3;

/// Prints a line for each hostile file and format.
pub fn limits(binary: &str) -> Outcome {
    let mut broken = 0;
    println!("{:<28} {:<6} {:>6} {:>8} {:>7}", "file", "format", "status", "seconds", "MB");
    for file in hostile::files() {
        let path = std::env::temp_dir().join(format!("kpi-audit-{}-{}.yaml", file.name, std::process::id()));
        fs::write(&path, &file.bytes)?;
        for format in ["table", "json", "sarif"] {
            let used = usage(&[binary, "--as-of", "2027-01-15", "--format", format, &path.to_string_lossy()])?;
            let ends = used.status.is_some_and(|status| STATUSES.contains(&status));
            let holds = ends && used.cpu <= MOST_SECONDS && used.peak <= MOST_KILOBYTES;
            broken += usize::from(!holds);
            let status = used.status.map_or("none".to_owned(), |status| status.to_string());
            let verdict = if holds { "" } else { "  too much" };
            println!("{:<28} {format:<6} {status:>6} {:>8.2} {:>7}{verdict}", file.name, used.cpu, used.peak >> 10);
        }
        fs::remove_file(&path)?;
    }
    Ok(verdict(broken))
}

fn verdict(failed: usize) -> ExitCode {
    match failed {
        0 => ExitCode::SUCCESS,
        _ => {
            eprintln!("FAILED {failed} of the lines above");
            ExitCode::FAILURE
        }
    }
}
