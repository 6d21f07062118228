//! Servers under load: the same clients talk to each of a chapter's servers, and to the same
//! server in other languages. The server has one core to itself, the clients another.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use util::memory;
use xtask::workspace::Chapter;
use xtask_load::{Clients, Trips};
use xtask_report::data::{Load, Server};
use xtask_report::stats::median_of;

use crate::machine::cpu_of;
use crate::plan::LoadTable;
use crate::process::{Child, Program, complaint};
use crate::rounds::{self, measure};
use crate::session::{Effort, Session};

/// How long a server may take to say where it listens. An interpreter on a busy machine needs a
/// second; nothing needs ten.
const START: Duration = Duration::from_secs(10);

/// A server that runs until it is dropped.
struct Running {
    child: Child,
    stderr: File,
    address: SocketAddr,
}

impl Running {
    /// Starts `program` on a free loopback port, and waits until it says where it listens.
    fn start(program: &Program) -> Result<Self> {
        let mut stderr = tempfile::tempfile()?;
        let (first, rest) = program.command.split_first().context("no command")?;
        let mut command = Command::new(first);
        command.args(rest).arg("127.0.0.1:0");
        command.stdout(Stdio::piped()).stderr(stderr.try_clone()?);
        let mut child = program.spawn(command)?;
        let address = read_address(&mut child).with_context(|| {
            let complaint = complaint(&mut stderr);
            format!("{} did not say where it listens{complaint}", program.name)
        })?;
        Ok(Self {
            child,
            stderr,
            address,
        })
    }

    /// The CPU time that it has taken so far.
    fn cpu(&self) -> Option<f64> {
        Some(cpu_of(&self.child.0.id().to_string())?.0)
    }

    /// The memory that it holds now.
    fn memory(&self) -> Option<u64> {
        memory::resident(self.child.0.id())
    }
}

fn read_address(child: &mut Child) -> Result<SocketAddr> {
    let stdout = child.0.stdout().take().context("no stdout")?;
    let (sender, receiver) = mpsc::channel();
    // The thread goes on reading, so that the server never waits for its own output; it ends with
    // the server.
    thread::spawn(move || {
        let mut stdout = BufReader::new(stdout);
        let mut line = String::new();
        let read = stdout.read_line(&mut line);
        let _ = sender.send(read.map(|_| line));
        let _ = io::copy(&mut stdout, &mut io::sink());
    });
    let line = receiver
        .recv_timeout(START)
        .with_context(|| format!("nothing for {START:?}"))??;
    let mut words = line.split_whitespace();
    words
        .find_map(|word| word.trim_end_matches([';', ',', '.', '!']).parse().ok())
        .with_context(|| format!("no address in its first line, {:?}", line.trim_end()))
}

/// Runs `action` on one core, if there are two or more and the system can do that; what it starts
/// inherits the core.
fn on_core<T: Send>(core: usize, action: impl FnOnce() -> Result<T> + Send) -> Result<T> {
    let cores = core_affinity::get_core_ids().unwrap_or_default();
    let chosen = cores.get(core).copied().filter(|_| cores.len() > 1);
    thread::scope(|scope| {
        let pinned = scope.spawn(move || {
            chosen.map(core_affinity::set_for_current);
            action()
        });
        pinned
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

/// One measurement of one server.
struct Sample {
    trips: Trips,
    served: usize,
    memory_per_connection: Option<f64>,
    memory: Option<u64>,
    cpu_us_per_trip: Option<f64>,
}

impl rounds::Sample for Sample {
    fn time(&self) -> f64 {
        1.0 / self.trips.per_second()
    }

    fn duration(&self) -> f64 {
        self.trips.window().as_secs_f64()
    }
}

/// Measures all servers of a table at these numbers of connections.
///
/// # Errors
/// If a server cannot be started, echoes something else than was sent, or falls silent. A peer
/// that is not installed is left out.
pub fn load(
    session: &Session,
    chapter: &Chapter,
    table: &LoadTable,
    connections: &[usize],
) -> Result<Option<Load>> {
    if connections.is_empty() {
        return Ok(None);
    }
    let (programs, effort) = (&session.programs, &session.effort);
    let setting = programs.setting(None, None)?;
    let mut servers = Vec::new();
    for server in &table.servers {
        let mut program = programs.listing(server, &setting)?;
        program.name = programs.label(server);
        servers.push(program);
    }
    let peers = table.peers.iter();
    servers.extend(peers.filter_map(|peer| programs.peer(peer, true, &setting)));
    let mut load = Load {
        chapter: chapter.name.clone(),
        name: table.name.clone(),
        lesson: table.lesson.clone(),
        servers: Vec::new(),
    };
    for &connections in connections {
        let outcome = measure(servers.len(), &effort.loads, |index| {
            let name = &servers[index].name;
            session.step(&format!("{name} at {connections}"));
            let mut server = on_core(0, || Running::start(&servers[index]))?;
            let sample = on_core(1, || sample(&server, connections, effort));
            let complaint = complaint(&mut server.stderr);
            let what = format!("{name} failed under load at {connections} connections{complaint}");
            Ok(sample.context(what)?)
        })?;
        for (index, samples) in outcome.runs.into_iter().enumerate() {
            if !samples.is_empty() {
                load.servers.push(Server {
                    connections,
                    server: servers[index].name.clone(),
                    reference: index + 1 == table.servers.len(),
                    ..summary(&samples)
                });
            }
        }
        if outcome.interrupted {
            break;
        }
    }
    Ok((!load.servers.is_empty()).then_some(load))
}

fn sample(server: &Running, connections: usize, effort: &Effort) -> Result<Sample> {
    let before = server.memory();
    let mut clients = Clients::connect(server.address, connections)?;
    let added = || Some(server.memory()?.saturating_sub(before?) as f64 / connections as f64);
    let (since, cpu, added) = (Instant::now(), server.cpu(), added());
    let trips = clients.ping_pong(effort.warm_up, effort.window)?;
    let busy = || Some((server.cpu()? - cpu?) / since.elapsed().as_secs_f64());
    let served = clients.served();
    Ok(Sample {
        cpu_us_per_trip: busy().map(|busy| busy * 1e6 / trips.per_second()),
        served,
        memory_per_connection: added.filter(|_| served == connections),
        memory: server.memory(),
        trips,
    })
}

/// What the rounds of one server have given.
fn summary(samples: &[Sample]) -> Server {
    let latencies = samples.iter().flat_map(|it| &it.trips.latencies);
    let mut latencies: Vec<Duration> = latencies.copied().collect();
    let most = latencies.len() * 99 / 100;
    let (_, p99, _) = latencies.select_nth_unstable(most);
    Server {
        served: samples.iter().map(|it| it.served).min().unwrap_or(0),
        trips_per_second: samples.iter().map(|it| it.trips.per_second()).collect(),
        p99_us: p99.as_secs_f64() * 1e6,
        memory_per_connection: median_of(samples, |it| it.memory_per_connection),
        peak_memory: samples.iter().filter_map(|it| it.memory).max(),
        cpu_us_per_trip: median_of(samples, |it| it.cpu_us_per_trip),
        ..Server::default()
    }
}
