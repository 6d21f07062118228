//! What else goes on while something is measured.

use std::fs;
use std::time::Instant;

use rustix::time::{ClockId, clock_gettime};

use crate::data::Disturbance;

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

impl Activity {
    /// Asks the system; `None` where it does not tell (elsewhere than on Linux).
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
    pub fn disturbance(&self, measured: f64) -> Option<Disturbance> {
        Some(self.until(&Self::now()?, measured))
    }

    fn until(&self, now: &Self, measured: f64) -> Disturbance {
        let passed = now.at.duration_since(self.at).as_secs_f64().max(0.001);
        let ours = now.own - self.own + measured;
        Disturbance {
            others: ((now.busy - self.busy - ours) / passed).max(0.0),
            stolen: ((now.stolen - self.stolen) / passed).max(0.0),
        }
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn what_others_did_is_what_is_left_of_all_that_was_done() {
        let before = Activity {
            at: Instant::now(),
            busy: 100.0,
            stolen: 1.0,
            own: 5.0,
        };
        let after = |busy| Activity {
            at: before.at + Duration::from_secs(10),
            busy,
            stolen: 2.0,
            own: 6.0,
        };
        // Of eighteen seconds of all cores one was ours, and twelve those of what was measured.
        let disturbance = before.until(&after(118.0), 12.0);
        assert_eq!((disturbance.others, disturbance.stolen), (0.5, 0.1));
        // Clocks of different grain may disagree by a little.
        assert_eq!(before.until(&after(112.9), 12.0).others, 0.0);
    }

    #[test]
    fn the_first_line_of_stat_is_the_whole_machine() {
        let stat = "cpu  100 1 20 5000 30 2 3 40 0 0\ncpu0 50 0 10 2500 15 1 1 20 0 0\n";
        assert_eq!(spent(stat), Some((126.0, 40.0)));
        assert_eq!(spent("intr 1 2 3"), None);
        assert_eq!(spent(""), None);
    }
}
