//! The memory of a process.

use std::fs;

/// The memory that process `pid` holds now, in bytes. `None` if the system does not say (Linux
/// does), or if there is no such process.
#[must_use]
pub fn resident(pid: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().trim_end_matches(" kB").parse().ok()?;
    Some(kibibytes * 1024)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn this_process_holds_some_memory() {
        let bytes = resident(std::process::id()).unwrap();
        assert!((100 * 1024..1024 * 1024 * 1024).contains(&bytes), "{bytes}");
        assert_eq!(resident(u32::MAX), None);
    }
}
