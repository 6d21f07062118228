//! The machine that the figures come from.

use std::process::Command;
use std::{env, fs, thread};

use serde::Serialize;

/// What a reader has to know to compare figures.
#[derive(Clone, Debug, Serialize)]
pub struct Machine {
    /// The processor's name, or its architecture where the system does not tell.
    pub processor: String,
    /// The cores that programs may use.
    pub cores: usize,
    /// The operating system.
    pub system: String,
    /// What `rustc --version` prints.
    pub rustc: String,
    /// How many threads wanted to run, on average over the last minute, where the system tells.
    pub load: Option<f64>,
}

impl Machine {
    /// Asks the system; what it does not tell is left vague.
    #[must_use]
    pub fn read() -> Self {
        Self {
            processor: processor().unwrap_or_else(|| env::consts::ARCH.to_owned()),
            cores: thread::available_parallelism().map_or(1, usize::from),
            system: output("uname", &["-sr"]).unwrap_or_else(|| env::consts::OS.to_owned()),
            rustc: output("rustc", &["--version"]).unwrap_or_else(|| "rustc".to_owned()),
            load: load(),
        }
    }
}

impl std::fmt::Display for Machine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let cores = if self.cores == 1 { "core" } else { "cores" };
        write!(
            f,
            "{}, {} {cores}, {}, {}",
            self.processor, self.cores, self.system, self.rustc
        )
    }
}

fn processor() -> Option<String> {
    if let Ok(cpuinfo) = fs::read_to_string("/proc/cpuinfo") {
        let line = cpuinfo
            .lines()
            .find(|line| line.starts_with("model name"))?;
        return Some(line.split_once(": ")?.1.to_owned());
    }
    output("sysctl", &["-n", "machdep.cpu.brand_string"])
}

fn load() -> Option<f64> {
    let text = fs::read_to_string("/proc/loadavg").ok()?;
    text.split_whitespace().next()?.parse().ok()
}

fn output(program: &str, args: &[&str]) -> Option<String> {
    let output = Command::new(program).args(args).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let text = text.trim();
    (output.status.success() && !text.is_empty()).then(|| text.to_owned())
}
