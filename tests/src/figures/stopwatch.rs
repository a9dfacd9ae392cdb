//! Runs a program and says how long it took and how much memory it had.

use std::{
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};

/// What running a program cost.
#[derive(Clone, Debug)]
pub struct Cost {
    /// Seconds from start to end.
    pub seconds: f64,
    /// The most memory that it had at once, in bytes.
    pub peak_memory: u64,
    /// What it printed on standard output.
    pub output: String,
}

/// Runs `command` to its end under GNU time, whose report goes to a file in `folder`.
///
/// # Panics
/// If it fails, with what it said.
pub fn measure(command: &Command, folder: &Path) -> Cost {
    let report = folder.join("time");
    let mut timed = Command::new("/usr/bin/time");
    timed.args(["-f", "%M", "-o"]).arg(&report).arg(command.get_program()).args(command.get_args());
    timed.stdin(Stdio::null());
    let start = Instant::now();
    let done = timed.output().expect("GNU time is at /usr/bin/time (Debian: package time)");
    let seconds = start.elapsed().as_secs_f64();
    assert!(done.status.success(), "{command:?} failed:\n{}", String::from_utf8_lossy(&done.stderr));
    let report = std::fs::read_to_string(report).expect("GNU time writes its report");
    let kibibytes: u64 = report.trim().parse().expect("%M is a number of KiB");
    Cost {
        seconds,
        peak_memory: kibibytes.saturating_mul(1024),
        output: String::from_utf8_lossy(&done.stdout).into_owned(),
    }
}
