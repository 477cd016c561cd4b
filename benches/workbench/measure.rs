//! What a process takes: time by the clock, time of the processor, and memory.

use std::error::Error;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Time by the clock, from the start of a process to its end.
pub fn wall(command: &mut Command) -> Result<Duration, Box<dyn Error>> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let start = Instant::now();
    command.status()?;
    Ok(start.elapsed())
}

/// What a process took of the machine.
pub struct Usage {
    /// Seconds of processor time, in the program and for it.
    pub cpu: f64,
    /// The most memory that it held at once, in kilobytes.
    pub peak: u64,
    /// Its exit status; none where a signal ended it.
    pub status: Option<i32>,
}

/// What a process took, told by GNU time. Its own memory, about a megabyte, is the floor of what it can see.
pub fn usage(arguments: &[&str]) -> Result<Usage, Box<dyn Error>> {
    let told = std::env::temp_dir().join(format!("kpi-audit-usage-{}", std::process::id()));
    let mut command = Command::new("/usr/bin/time");
    command.args(["--quiet", "--format", "%U %S %M", "--output"]).arg(&told).args(arguments);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let status = command.status().map_err(|why| format!("GNU time is needed at /usr/bin/time: {why}"))?;
    let text = std::fs::read_to_string(&told)?;
    std::fs::remove_file(&told)?;
    let mut words = text.split_whitespace();
    let mut next = || words.next().ok_or_else(|| format!("GNU time said {text:?}"));
    let (user, system, peak): (f64, f64, u64) = (next()?.parse()?, next()?.parse()?, next()?.parse()?);
    Ok(Usage { cpu: user + system, peak, status: status.code() })
}
