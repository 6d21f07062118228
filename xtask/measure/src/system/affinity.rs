//! Cores for those who must not share one.

/// Runs `action` with this thread pinned to a core, where there are two or more and the system
/// can do that (Linux); elsewhere just runs it. What it starts inherits the core.
pub fn on_core<T>(core: usize, action: impl FnOnce() -> T) -> T {
    #[cfg(target_os = "linux")]
    {
        use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
        if let Ok(before) = sched_getaffinity(None) {
            let cores = (0..CpuSet::MAX_CPU).filter(|core| before.is_set(*core));
            if let (Some(chosen), true) = (cores.clone().nth(core), cores.count() > 1) {
                let mut one = CpuSet::new();
                one.set(chosen);
                let pinned = sched_setaffinity(None, &one).is_ok();
                let result = action();
                if pinned {
                    let _ = sched_setaffinity(None, &before);
                }
                return result;
            }
        }
    }
    action()
}
