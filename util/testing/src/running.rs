//! A program that a test watches from outside while it runs, on Linux.

use std::fs;
use std::io::{self, PipeReader, Write};
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use util::memory;

use crate::{skipped, status, wait_until};

/// The numbers of the system call that waits for events, on the processors that Rust supports best.
/// Under another number, none of these ever waits.
const EPOLL_WAIT: [&str; 3] = ["232", "281", "22"];

/// The bytes that fit into a pipe.
const PIPE_CAPACITY: usize = 1 << 16;

/// A running program whose output nobody reads. Dropping it kills the program.
#[derive(Debug)]
pub struct Running {
    program: Child,
    /// Open, so that the program can write.
    _output: Option<PipeReader>,
}

impl Running {
    /// Starts `command`.
    #[must_use]
    pub fn start(command: &mut Command) -> Self {
        Self {
            program: command.stdout(Stdio::null()).spawn().unwrap(),
            _output: None,
        }
    }

    /// Starts `command`, which stays at its first output with all that it has, because a full pipe
    /// takes nothing.
    #[must_use]
    pub fn held(command: &mut Command) -> Self {
        let (reader, mut writer) = io::pipe().unwrap();
        writer.write_all(&[0; PIPE_CAPACITY]).unwrap();
        Self {
            program: command.stdout(writer).spawn().unwrap(),
            _output: Some(reader),
        }
    }

    /// Its process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.program.id()
    }

    /// How many threads it has.
    #[must_use]
    pub fn threads(&self) -> usize {
        tasks(self.id()).count()
    }

    /// The process ids of its children, ended ones included that nobody has waited for.
    #[must_use]
    pub fn children(&self) -> Vec<i32> {
        let id = self.program.id();
        let children = fs::read_to_string(format!("/proc/{id}/task/{id}/children"));
        let children = children.unwrap_or_default();
        let ids = children.split_whitespace();
        ids.map(|id| id.parse().unwrap()).collect()
    }

    /// The hundredths of a second that it has computed.
    #[must_use]
    pub fn computed(&self) -> u64 {
        computed(self.program.id()).unwrap_or_default()
    }

    /// How many threads have computed for a twentieth of a second or more.
    #[must_use]
    pub fn busy_threads(&self) -> usize {
        let ticks = tasks(self.id()).filter_map(|task| ticks(&task.join("stat")));
        ticks.filter(|ticks| *ticks >= 5).count()
    }

    /// The bytes of its heap, in which large blocks have no place.
    #[must_use]
    pub fn heap(&self) -> u64 {
        let maps = fs::read_to_string(format!("/proc/{}/maps", self.program.id()));
        let maps = maps.unwrap_or_default();
        let heap = maps.lines().find(|line| line.ends_with("[heap]"));
        let bounds = heap.and_then(|line| line.split_once(' ')?.0.split_once('-'));
        bounds.map_or(0, |(start, end)| {
            let [start, end] = [start, end].map(|bound| u64::from_str_radix(bound, 16).unwrap());
            end - start
        })
    }

    /// The bytes of memory that it uses.
    #[must_use]
    pub fn memory(&self) -> u64 {
        memory::resident(self.program.id()).unwrap_or_default()
    }

    /// The bytes of memory that it has asked for, whether it uses them or not.
    #[must_use]
    pub fn asked_for(&self) -> u64 {
        let size = status(self.program.id(), "VmSize:");
        let kibibytes = size.as_deref().and_then(|size| size.strip_suffix(" kB"));
        kibibytes.map_or(0, |size| size.parse::<u64>().unwrap() * 1024)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // The program may have ended by itself.
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

/// What the system tells of each thread of a process.
pub fn tasks(pid: u32) -> impl Iterator<Item = PathBuf> {
    let tasks = fs::read_dir(format!("/proc/{pid}/task"));
    let tasks = tasks.into_iter().flatten();
    tasks.filter_map(|task| Some(task.ok()?.path()))
}

/// How many open files of a process have paths that end with `name`.
#[must_use]
pub fn open_files(pid: u32, name: &str) -> usize {
    let files = fs::read_dir(format!("/proc/{pid}/fd"));
    let links = files.into_iter().flatten().flatten();
    let paths = links.filter_map(|link| fs::read_link(link.path()).ok());
    paths
        .filter(|path| path.to_string_lossy().ends_with(name))
        .count()
}

/// Checks that the main thread of process `pid` waits for events for a time in `milliseconds`, and
/// never for longer, if nothing comes. It need not wait until then: the system tells how long it
/// would.
#[track_caller]
pub fn waits_at_most(pid: u32, milliseconds: RangeInclusive<i32>) {
    // tokio counts in whole milliseconds, and never wakes a task too early.
    let (least, most) = (*milliseconds.start(), milliseconds.end() + 1);
    let path = format!("/proc/{pid}/syscall");
    if fs::read_to_string(&path).is_err() {
        return skipped("this system does not show what a process waits for");
    }
    wait_until(
        || {
            let limit = limit_of(&fs::read_to_string(&path).unwrap_or_default());
            assert!(limit <= Some(most), "{limit:?} ms");
            limit >= Some(least)
        },
        || format!("a wait of {milliseconds:?} ms"),
    );
}

/// The limit in milliseconds, if this call waits for events and has one. It is the fourth argument.
fn limit_of(call: &str) -> Option<i32> {
    let fields: Vec<_> = call.split_whitespace().collect();
    if !EPOLL_WAIT.contains(fields.first()?) {
        return None;
    }
    let limit = u64::from_str_radix(fields.get(4)?.trim_start_matches("0x"), 16);
    // None is -1.
    let limit = limit.ok()? as u32 as i32;
    (limit >= 0).then_some(limit)
}

/// Waits until a process computes nothing for half a second, as one does that waits for others.
#[track_caller]
pub fn rests(pid: u32) {
    let rests = || {
        let before = computed(pid);
        thread::sleep(Duration::from_millis(500));
        computed(pid) == before
    };
    wait_until(rests, || "a process that does not compute".to_owned());
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
