//! The machine that the figures come from, and what else goes on there.

use std::time::{Duration, Instant};
use std::{env, fs, thread};

use xtask_report::data::{Disturbance, Machine};
use xtask_report::stats::median;

use crate::process::{NOTHING, Program, launcher, output};

/// Linux tells programs of time in hundredths of a second.
const TICKS: f64 = 100.0;

/// A process that does nothing is started this often.
const START_UPS: usize = 15;

/// Asks the system; what it does not tell is left vague.
pub fn read() -> Machine {
    // Before what follows makes it busy.
    let load = load();
    let (start_up, memory_floor) = start_up().unzip();
    Machine {
        processor: processor().unwrap_or_else(|| env::consts::ARCH.to_owned()),
        cores: thread::available_parallelism().map_or(1, usize::from),
        system: output(&["uname", "-sr"]).unwrap_or_else(|| env::consts::OS.to_owned()),
        rustc: output(&["rustc", "--version"]).unwrap_or_else(|| "rustc".to_owned()),
        load,
        memory_floor: memory_floor.flatten(),
        start_up,
    }
}

/// How long a process takes that does nothing, and the memory that it seems to need: what its
/// launcher needed before.
fn start_up() -> Option<(f64, Option<u64>)> {
    let nothing = Program::of([launcher().ok()?.into_os_string(), NOTHING.into()]);
    let run = |_| Some(nothing.run(Duration::from_secs(10)).ok()?.cost);
    let costs: Vec<_> = (0..START_UPS).filter_map(run).collect();
    let times: Vec<f64> = costs.iter().map(|cost| cost.wall).collect();
    Some((median(&times), costs.first()?.peak_memory))
}

fn processor() -> Option<String> {
    if let Ok(cpuinfo) = fs::read_to_string("/proc/cpuinfo") {
        let mut lines = cpuinfo.lines();
        let line = lines.find(|line| line.starts_with("model name"))?;
        return Some(line.split_once(": ")?.1.to_owned());
    }
    let windows = || env::var("PROCESSOR_IDENTIFIER").ok();
    output(&["sysctl", "-n", "machdep.cpu.brand_string"]).or_else(windows)
}

fn load() -> Option<f64> {
    let text = fs::read_to_string("/proc/loadavg").ok()?;
    text.split_whitespace().next()?.parse().ok()
}

/// The CPU time that a process has taken so far, and that of the children that it has waited for,
/// if the system tells (Linux).
pub fn cpu_of(process: &str) -> Option<(f64, f64)> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name, in brackets, may hold anything; what follows it are numbers.
    let fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let mut seconds = fields.map(|ticks| Some(ticks.parse::<f64>().ok()? / TICKS));
    let mut two = || Some(seconds.next()?? + seconds.next()??);
    Some((two()?, two()?))
}

/// The seconds that the cores of the machine have spent.
#[derive(Clone, Copy, Debug)]
pub struct Activity {
    at: Instant,
    /// Those that were not idle.
    busy: f64,
    /// Those that the machine's host gave to others, if it is a virtual one.
    stolen: f64,
    /// Those of this process and its children.
    ours: f64,
}

impl Activity {
    /// Asks the system; `None` if it does not tell (elsewhere than on Linux).
    pub fn now() -> Option<Self> {
        let (busy, stolen) = spent(&fs::read_to_string("/proc/stat").ok()?)?;
        let (own, children) = cpu_of("self")?;
        Some(Self {
            at: Instant::now(),
            busy,
            stolen,
            ours: own + children,
        })
    }

    /// What others have done since.
    pub fn disturbance(self) -> Option<Disturbance> {
        Some(self.until(Self::now()?))
    }

    fn until(self, now: Self) -> Disturbance {
        let passed = now.at.duration_since(self.at).as_secs_f64().max(0.001);
        let others = now.busy - self.busy - (now.ours - self.ours);
        Disturbance {
            others: (others / passed).max(0.0),
            stolen: ((now.stolen - self.stolen) / passed).max(0.0),
        }
    }
}

/// The seconds of the first line of `/proc/stat`: those that were used, and those that the host
/// took away.
fn spent(stat: &str) -> Option<(f64, f64)> {
    let line = stat.lines().next()?.strip_prefix("cpu ")?;
    let numbers = line
        .split_whitespace()
        .map(|it| Some(it.parse::<f64>().ok()? / TICKS));
    let numbers: Vec<f64> = numbers.collect::<Option<_>>()?;
    match numbers[..] {
        [user, nice, system, _idle, _wait, hard, soft, stolen, ..] => {
            Some((user + nice + system + hard + soft, stolen))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_did_is_what_is_left_of_all_that_was_done() {
        let before = Activity {
            at: Instant::now(),
            busy: 100.0,
            stolen: 1.0,
            ours: 5.0,
        };
        let after = |busy| Activity {
            at: before.at + Duration::from_secs(10),
            busy,
            stolen: 2.0,
            ours: 18.0,
        };
        let disturbance = before.until(after(118.0));
        assert_eq!((disturbance.others, disturbance.stolen), (0.5, 0.1));
        // Clocks of different grain may disagree by a little.
        assert_eq!(before.until(after(112.9)).others, 0.0);
    }

    #[test]
    fn the_first_line_of_stat_is_the_whole_machine() {
        let stat = "cpu  100 0 20 5000 30 2 3 40 0 0\ncpu0 50 0 10 2500 15 1 1 20 0 0\n";
        assert_eq!(spent(stat), Some((1.25, 0.4)));
        assert_eq!(spent("intr 1 2 3"), None);
    }
}
