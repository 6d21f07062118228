//! A program that a test watches from outside while it runs, on Linux.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

/// A running program whose output nobody reads. Dropping it kills the program.
#[derive(Debug)]
pub struct Running(Child);

impl Running {
    /// Starts `command`.
    #[must_use]
    pub fn start(command: &mut Command) -> Self {
        Self(command.stdout(Stdio::null()).spawn().unwrap())
    }

    /// How many threads it has.
    #[must_use]
    pub fn threads(&self) -> usize {
        self.tasks().count()
    }

    /// The process ids of its children, ended ones included that nobody has waited for.
    #[must_use]
    pub fn children(&self) -> Vec<i32> {
        let id = self.0.id();
        let children = fs::read_to_string(format!("/proc/{id}/task/{id}/children"));
        let children = children.unwrap_or_default();
        let ids = children.split_whitespace();
        ids.map(|id| id.parse().unwrap()).collect()
    }

    /// The hundredths of a second that it has computed.
    #[must_use]
    pub fn computed(&self) -> u64 {
        computed(self.0.id()).unwrap_or_default()
    }

    /// How many threads have computed for a twentieth of a second or more.
    #[must_use]
    pub fn busy_threads(&self) -> usize {
        let ticks = self.tasks().filter_map(|task| ticks(&task.join("stat")));
        ticks.filter(|ticks| *ticks >= 5).count()
    }

    /// How many of its open files have `name` in their paths.
    #[must_use]
    pub fn open_files(&self, name: &str) -> usize {
        let files = fs::read_dir(format!("/proc/{}/fd", self.0.id()));
        let links = files.into_iter().flatten().flatten();
        let paths = links.filter_map(|link| fs::read_link(link.path()).ok());
        paths
            .filter(|path| path.to_string_lossy().ends_with(name))
            .count()
    }

    fn tasks(&self) -> impl Iterator<Item = PathBuf> {
        let tasks = fs::read_dir(format!("/proc/{}/task", self.0.id()));
        let tasks = tasks.into_iter().flatten();
        tasks.filter_map(|task| Some(task.ok()?.path()))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // The program may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The hundredths of a second that a process has computed, even if it has ended and only its parent
/// must still take note of that.
#[must_use]
pub fn computed(pid: u32) -> Option<u64> {
    ticks(&PathBuf::from(format!("/proc/{pid}/stat")))
}

fn ticks(stat: &std::path::Path) -> Option<u64> {
    let stat = fs::read_to_string(stat).ok()?;
    let after_name = stat.rsplit(')').next()?;
    after_name.split_whitespace().nth(11)?.parse().ok()
}
