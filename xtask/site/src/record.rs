//! Runs listings to record what they print and what their tasks do.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::net::{Shutdown, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, bail, ensure};
use rustix::process::Signal;
use sha2::{Digest, Sha256};
use xtask::build::{Built, build};
use xtask::source::rust_code;
use xtask::timeline::{Poll, Timeline};
use xtask::workspace::{Chapter, Listing, Workspace};

use crate::compare::{Printed, compare};
use crate::recording::{Recording, Source};
use crate::running::Running;
use crate::sessions::{Session, Sessions, Step};
use crate::terminal;

/// How often each listing runs.
const RUNS: usize = 20;

/// At most this many lines of a run are kept, and this many rows of its timeline.
const LINES: usize = 150;
const ROWS: usize = 48;

/// What two runs of a task are apart at least, as a part of the whole, to be drawn apart.
const APART: u64 = 500;

/// What a listing's environment must not have.
const ENVIRONMENT: [&str; 6] = [
    "DATABASE_URL",
    "EXAMPLE_LATENCY_MS",
    "EXAMPLE_URL",
    "NGRAMS_FILE",
    "RUST_BACKTRACE",
    "TIMELINE",
];

/// Where recordings are kept.
#[must_use]
pub fn folder(workspace: &Workspace) -> PathBuf {
    workspace.root.join("xtask/site/recordings")
}

/// Records the listings whose binaries `wanted` names, or all.
///
/// # Errors
/// If they do not build, one does not run as its session says, or a file cannot be written.
pub fn record(workspace: &Workspace, wanted: &[String]) -> anyhow::Result<()> {
    let sessions = Sessions::read(workspace)?;
    let is_wanted = |listing: &Listing, binary: &str| {
        let number = listing
            .header
            .number
            .map(|(chapter, number)| format!("{chapter}.{number}"));
        wanted.is_empty()
            || wanted
                .iter()
                .any(|it| it == binary || Some(it) == number.as_ref())
    };
    let listings: Vec<(&Chapter, &Listing, &str)> = workspace
        .listings()
        .filter_map(|(chapter, listing)| Some((chapter, listing, listing.binary.as_deref()?)))
        .filter(|(_, listing, binary)| is_wanted(listing, binary))
        .filter(|(_, _, binary)| !sessions.leaves_out(binary))
        .collect();
    ensure!(
        !listings.is_empty(),
        "no listing is called {}",
        wanted.join(" or ")
    );
    // What sessions need beside them is built with them.
    let beside = sessions.servers();
    let binaries = listings.iter().map(|(_, _, binary)| *binary);
    let built = build(workspace, binaries.chain(beside), false)?;
    let folder = folder(workspace);
    for (chapter, listing, binary) in listings {
        let session = sessions.of(listing, binary);
        let recording = record_one(&built, &session, listing, binary)
            .and_then(|it| {
                Ok(Recording {
                    code: code_hash(workspace, chapter, listing)?,
                    ..it
                })
            })
            .with_context(|| format!("cannot record {binary}"))?;
        let path = folder.join(format!("{binary}.txt"));
        fs::write(&path, recording.to_string())
            .with_context(|| format!("cannot write {}", path.display()))?;
        eprintln!(
            "{binary}: {} lines, {} orders",
            recording.lines.len(),
            recording.orders
        );
    }
    Ok(())
}

/// A hash of what a listing runs: its own code and that of its chapter's library and of `util`,
/// without comments.
///
/// # Errors
/// If a source cannot be read.
pub fn code_hash(
    workspace: &Workspace,
    chapter: &Chapter,
    listing: &Listing,
) -> anyhow::Result<String> {
    let mut sources = vec![listing.path.clone()];
    for folder in [
        workspace.root.join(&chapter.name),
        workspace.root.join("util"),
    ] {
        library(&folder.join("src"), &mut sources)?;
    }
    let mut hash = Sha256::new();
    for source in sources {
        let text = fs::read_to_string(&source)
            .with_context(|| format!("cannot read {}", source.display()))?;
        let code = rust_code(&text);
        for line in code.lines().map(str::trim).filter(|line| !line.is_empty()) {
            hash.update(line);
        }
    }
    let hash = hash.finalize();
    Ok(hash
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect())
}

/// The modules below `folder`, in order; binaries are not among them.
fn library(folder: &Path, found: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()));
    let mut paths: Vec<PathBuf> = Vec::new();
    for entry in entries? {
        paths.push(entry?.path());
    }
    paths.sort();
    for path in paths {
        if path.is_dir() && path.file_name().is_some_and(|name| name != "bin") {
            library(&path, found)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    Ok(())
}

fn record_one(
    built: &Built,
    session: &Session,
    listing: &Listing,
    binary: &str,
) -> anyhow::Result<Recording> {
    // The first run is shown: nothing else runs beside it.
    let first = run(built, session, binary, true)?;
    let mut runs = vec![first.printed];
    // Listings that sleep do not disturb each other.
    let at_once = if listing.notes.takes.is_some() && session.is_plain() {
        RUNS
    } else {
        1
    };
    while runs.len() < RUNS {
        let count = at_once.min(RUNS - runs.len());
        let more = thread::scope(|scope| {
            let start = |_| scope.spawn(|| run(built, session, binary, false));
            let started: Vec<_> = (0..count).map(start).collect();
            let ended = started.into_iter().map(|run| {
                let run = run.join().map_err(|_| anyhow::anyhow!("a run panicked"))?;
                Ok(run?.printed)
            });
            ended.collect::<anyhow::Result<Vec<_>>>()
        });
        runs.extend(more?);
    }
    let (mut lines, orders) = compare(&runs);
    let left_out = lines.len().saturating_sub(LINES);
    lines.truncate(LINES);
    Ok(Recording {
        code: String::new(),
        runs: runs.len(),
        orders,
        status: first.status,
        lines,
        left_out,
        timeline: first.timeline,
    })
}

/// One run of a listing.
#[derive(Debug)]
pub struct Run {
    /// What it printed, and what was said to it.
    pub printed: Vec<Printed>,
    /// Its exit code, or 128 and the signal that ended it.
    pub status: i32,
    /// What its tasks did.
    pub timeline: Option<Timeline>,
}

/// Runs a listing with its session.
///
/// # Errors
/// If it cannot be started, does not end, or does not do what the session waits for.
pub fn run(
    built: &Built,
    session: &Session,
    binary: &str,
    with_timeline: bool,
) -> anyhow::Result<Run> {
    let file = tempfile::NamedTempFile::new()?;
    let mut command = Command::new(built.path(binary)?);
    for variable in ENVIRONMENT {
        command.env_remove(variable);
    }
    if with_timeline {
        command.env("TIMELINE", file.path());
    }
    // A partner's address is not known before it runs.
    let partner = session
        .server
        .as_deref()
        .map(|server| Running::start_server(built, server));
    let partner = partner.transpose()?;
    for argument in &session.args {
        match &partner {
            Some(partner) => command.arg(argument.replace("{server}", &partner.address()?)),
            None => command.arg(argument),
        };
    }
    let started = SystemTime::now();
    let (mut printed, status) = if session.terminal {
        terminal::run(&command, session)?
    } else {
        run_steps(command, session)?
    };
    if let Some(partner) = partner {
        partner.end()?;
    }
    let text = fs::read_to_string(file.path())?;
    let begun = begun(&text).unwrap_or(started);
    let offset = begun.duration_since(UNIX_EPOCH)?.as_micros() as u64;
    for line in &mut printed {
        line.at = line.at.saturating_sub(offset);
    }
    let timeline = Some(shorten(Timeline::read(&text))).filter(|it| !it.rows.is_empty());
    Ok(Run {
        printed,
        status,
        timeline,
    })
}

/// When the recorder of a listing began, which is the zero of its times.
fn begun(timeline: &str) -> Option<SystemTime> {
    let (_, rest) = timeline.lines().next()?.split_once("\"unix\":")?;
    let nanoseconds = rest.trim_end_matches('}').parse().ok()?;
    Some(UNIX_EPOCH + Duration::from_nanos(nanoseconds))
}

/// Leaves out what cannot be seen: rows beyond the first, and pauses shorter than a dot.
fn shorten(mut timeline: Timeline) -> Timeline {
    timeline.rows.truncate(ROWS);
    let apart = timeline.end / APART;
    for row in &mut timeline.rows {
        let mut polls: Vec<Poll> = Vec::new();
        for poll in row.polls.drain(..) {
            match polls.last_mut() {
                Some(last) if last.thread == poll.thread && poll.from < last.to + apart => {
                    last.to = poll.to;
                }
                _ => polls.push(poll),
            }
        }
        row.polls = polls;
    }
    timeline
}

/// Runs a listing without a terminal, with clients where its session has some.
fn run_steps(mut command: Command, session: &Session) -> anyhow::Result<(Vec<Printed>, i32)> {
    if session.serves {
        command.arg("127.0.0.1:0");
    }
    let mut running = Running::start(command)?;
    let mut clients: BTreeMap<&str, TcpStream> = BTreeMap::new();
    let mut heard = 0;
    if session.serves {
        heard = running.wait_for("Listening on ", 0)?;
    }
    for step in &session.steps {
        match step {
            Step::Connect(name) => {
                let stream = TcpStream::connect(running.address()?)?;
                running.read(stream.try_clone()?, Source::Received, format!("{name}: "));
                clients.insert(name, stream);
            }
            Step::Send(name, text) => {
                let client = clients.get_mut(name.as_str());
                let client = client.with_context(|| format!("{name} is not connected"))?;
                running.say(Source::Sent, format!("{name}: {}", text.escape_debug()));
                client.write_all(text.as_bytes())?;
            }
            Step::Close(name) => {
                running.say(Source::Sent, format!("{name} closes the connection"));
                let client = clients.remove(name.as_str());
                // The reader has a copy of the socket, so dropping this one does not close it.
                let closed = client.map(|client| client.shutdown(Shutdown::Both));
                closed.transpose()?;
            }
            Step::Wait(text) => heard = running.wait_for(text, heard)?,
            Step::Pause(milliseconds) => thread::sleep(Duration::from_millis(*milliseconds)),
            Step::Interrupt => {
                running.say(Source::Sent, "Ctrl-C".to_owned());
                running.signal(Signal::INT)?;
            }
            Step::Keys(_) | Step::Screen(_) => bail!("keys and screens need a terminal"),
        }
    }
    running.wait()
}
