//! The machine that the figures come from.

use std::process::Command;
use std::time::Instant;
use std::{env, fs, thread};

use rustix::time::{ClockId, clock_gettime};
use serde::{Deserialize, Serialize};

/// What a reader has to know to compare figures.
#[derive(Clone, Debug, Deserialize, Serialize)]
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

    /// Whether times that were measured on both can be compared.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        (&self.processor, self.cores) == (&other.processor, other.cores)
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

/// How much CPU time the whole machine has spent, and how much of it this process.
#[derive(Clone, Copy, Debug)]
pub struct Activity {
    at: Instant,
    /// Seconds of all cores that were not idle.
    busy: f64,
    /// Seconds that the machine's host gave to others, where it is a virtual one.
    stolen: f64,
    /// Seconds of this process.
    own: f64,
}

/// What others did on the machine while something was measured.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize)]
pub struct Disturbance {
    /// How many cores other programs kept busy, on average.
    pub others: f64,
    /// How many cores the host of a virtual machine took away, on average.
    pub stolen: f64,
}

impl Activity {
    /// Asks the system; `None` where it does not tell (elsewhere than on Linux).
    #[must_use]
    pub fn now() -> Option<Self> {
        let stat = fs::read_to_string("/proc/stat").ok()?;
        let (busy, stolen) = spent(&stat)?;
        let own = clock_gettime(ClockId::ProcessCPUTime);
        let ticks = rustix::param::clock_ticks_per_second() as f64;
        Some(Self {
            at: Instant::now(),
            busy: busy / ticks,
            stolen: stolen / ticks,
            own: own.tv_sec as f64 + own.tv_nsec as f64 / 1e9,
        })
    }

    /// What others did since, when what was started from here took `measured` seconds of CPU time.
    #[must_use]
    pub fn disturbance(&self, measured: f64) -> Option<Disturbance> {
        let now = Self::now()?;
        let passed = now.at.duration_since(self.at).as_secs_f64().max(0.001);
        let ours = now.own - self.own + measured;
        Some(Disturbance {
            others: ((now.busy - self.busy - ours) / passed).max(0.0),
            stolen: ((now.stolen - self.stolen) / passed).max(0.0),
        })
    }
}

/// The clock ticks of the first line of `/proc/stat`: those that were used, and those that the
/// host took away.
fn spent(stat: &str) -> Option<(f64, f64)> {
    let mut numbers = stat
        .lines()
        .next()?
        .strip_prefix("cpu ")?
        .split_whitespace();
    let mut next = || numbers.next()?.parse::<f64>().ok();
    let (user, nice, system, _idle, _wait) = (next()?, next()?, next()?, next()?, next()?);
    let (interrupts, soft_interrupts, stolen) = (next()?, next()?, next()?);
    Some((user + nice + system + interrupts + soft_interrupts, stolen))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_of_stat_is_the_whole_machine() {
        let stat = "cpu  100 1 20 5000 30 2 3 40 0 0\ncpu0 50 0 10 2500 15 1 1 20 0 0\n";
        assert_eq!(spent(stat), Some((126.0, 40.0)));
        assert_eq!(spent("intr 1 2 3"), None);
        assert_eq!(spent(""), None);
    }
}
