//! The machine that the figures come from.

use std::process::Command;
use std::time::Duration;
use std::{env, fs, thread};

use super::process::Program;
use crate::data::Machine;

/// Asks the system; what it does not tell is left vague.
pub fn read() -> Machine {
    Machine {
        processor: processor().unwrap_or_else(|| env::consts::ARCH.to_owned()),
        cores: thread::available_parallelism().map_or(1, usize::from),
        system: output("uname", &["-sr"]).unwrap_or_else(|| env::consts::OS.to_owned()),
        rustc: output("rustc", &["--version"]).unwrap_or_else(|| "rustc".to_owned()),
        load: load(),
        memory_floor: memory_floor(),
        bandwidth: None,
    }
}

/// What a process that does nothing seems to need: what its launcher needed before.
fn memory_floor() -> Option<u64> {
    let nothing = Program {
        name: "true".to_owned(),
        command: vec!["true".into()],
        limit: Duration::from_secs(10),
        ..Program::default()
    };
    nothing.run().ok()?.cost.peak_memory
}

fn processor() -> Option<String> {
    if let Ok(cpuinfo) = fs::read_to_string("/proc/cpuinfo") {
        let mut lines = cpuinfo.lines();
        let line = lines.find(|line| line.starts_with("model name"))?;
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
