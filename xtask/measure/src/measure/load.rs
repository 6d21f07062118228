//! Servers under load: the same clients talk to each of a chapter's servers, and to the same
//! server in other languages. The server has one core to itself, the clients another.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use hdrhistogram::Histogram;
use xtask::workspace::Chapter;
use xtask::workspace::tables::{Behaviour, LoadTable};
use xtask_load::chat::Room;
use xtask_load::echo::{Clients, Trips};

use super::Part;
use super::programs::{Programs, Ready};
use super::rounds::{Failure, Rounds, Runner, measure};
use crate::data::load::{Load, Server};
use crate::stats::median;
use crate::system::activity::Activity;
use crate::system::affinity::on_core;
use crate::system::interrupt;
use crate::system::process::Program;
use crate::system::server::Running;

/// How long to measure.
#[derive(Clone, Debug)]
pub struct Effort {
    /// How often each server is measured at each number of connections.
    pub rounds: Rounds,
    /// The time before measuring begins.
    pub warm_up: Duration,
    /// The measured time of a round, about.
    pub measure: Duration,
}

/// No round measures more trips than this: some ten times what a fast machine does in one.
const AT_MOST: u64 = 5_000_000;

/// A chat takes at least this many rounds of messages, so that its latencies are not those of its
/// beginning, unless that takes longer than [`LONG`].
const MESSAGES: f64 = 10.0;

/// The most seconds for a chat, but for a single round.
const LONG: f64 = 5.0;

/// One measurement of one server.
struct Sample {
    trips: Trips,
    served: usize,
    memory_per_connection: Option<f64>,
    peak_memory: Option<u64>,
    cpu_us_per_trip: Option<f64>,
}

/// The servers at one number of connections.
struct Runs<'a, S> {
    servers: &'a [Program],
    connections: usize,
    clients: Behaviour,
    effort: &'a Effort,
    start: Instant,
    /// The CPU time of all servers.
    cpu: &'a mut f64,
    step: S,
}

/// Measures all servers of a table. `step` is told what runs next.
///
/// # Errors
/// If a server cannot be started, echoes something else than was sent, or falls silent. A peer
/// that is not installed is left out.
pub fn load(
    chapter: &Chapter,
    table: &LoadTable,
    programs: &Programs,
    effort: &Effort,
    mut step: impl FnMut(&str),
) -> Result<Part<Load>> {
    let setting = programs.setting(None, None, Duration::MAX)?;
    let mut servers = Vec::new();
    for server in &table.servers {
        let mut program = programs.listing(server, &setting)?;
        program.args.clone_from(&table.args);
        servers.push(program);
    }
    let mut load = Load {
        chapter: chapter.name.clone(),
        name: table.name.clone(),
        lesson: table.lesson.clone(),
        clients: table.clients,
        servers: Vec::new(),
        disturbance: None,
        notes: Vec::new(),
    };
    for peer in &table.peers {
        match programs.peer(peer, true, &setting)? {
            Ready::Program(program) => servers.push(program),
            Ready::Skipped(reason) => load.notes.push(reason),
        }
    }
    // Each connection takes a descriptor here and one in the server, which inherits the limit.
    rlimit::increase_nofile_limit(u64::MAX).context("cannot raise RLIMIT_NOFILE")?;
    let before = Activity::now();
    let (mut cpu, mut interrupted) = (0.0, false);
    for &connections in &table.connections {
        let mut runs = Runs {
            servers: &servers,
            connections,
            clients: table.clients,
            effort,
            start: Instant::now(),
            cpu: &mut cpu,
            step: &mut step,
        };
        let outcome = measure(&mut runs, &effort.rounds)?;
        interrupted = outcome.interrupted;
        for (index, samples) in outcome.runs.into_iter().enumerate() {
            let reference = index + 1 == table.servers.len();
            let name = servers[index].name.clone();
            load.servers
                .extend(summary(name, reference, connections, samples)?);
        }
        if interrupted {
            break;
        }
    }
    load.disturbance = before.and_then(|before| before.disturbance(cpu));
    Ok(Part {
        measured: (!load.servers.is_empty()).then_some(load),
        interrupted,
    })
}

impl<S: FnMut(&str)> Runner for Runs<'_, S> {
    type Sample = Sample;

    fn programs(&self) -> usize {
        self.servers.len()
    }

    fn run(&mut self, index: usize) -> Result<Sample, Failure> {
        interrupt::check().map_err(anyhow::Error::from)?;
        let (program, connections) = (&self.servers[index], self.connections);
        (self.step)(&format!("{} at {connections}", program.name));
        let mut server = Running::start(program)?;
        // The server has core 0; the clients take core 1 for themselves.
        let sample = on_core(1, || self.sample(&server));
        *self.cpu += server.cpu().unwrap_or(0.0);
        sample.map_err(|error| {
            let complaint = server.complaint();
            let what = format!(
                "{} failed under load at {connections} connections{complaint}",
                program.name
            );
            Failure::Fatal(error.context(what))
        })
    }

    fn elapsed(&self) -> f64 {
        self.start.elapsed().as_secs_f64()
    }

    fn time(sample: &Sample) -> f64 {
        1.0 / sample.trips.per_second()
    }
}

impl<S> Runs<'_, S> {
    fn sample(&self, server: &Running) -> Result<Sample> {
        let (connections, effort) = (self.connections, self.effort);
        let before = server.memory();
        let added = || Some(server.memory()?.saturating_sub(before?) as f64 / connections as f64);
        let (served, memory, busy, trips) = match self.clients {
            Behaviour::Echo => {
                let mut clients = Clients::connect(server.address, connections)?;
                let memory = added();
                let busy = Busy::since(server);
                let trips = clients.ping_pong(effort.warm_up, effort.measure, AT_MOST)?;
                let busy = busy.until(server);
                (clients.served(), memory, busy, trips)
            }
            Behaviour::Chat => {
                let mut room = Room::enter(server.address, connections)?;
                let memory = added();
                let first_busy = Busy::since(server);
                let first = room.talk(1)?;
                let took = first.elapsed.as_secs_f64();
                let wanted = effort.measure.as_secs_f64();
                if took >= wanted {
                    // A round that takes this long needs no warm-up.
                    (connections, memory, first_busy.until(server), first)
                } else {
                    let busy = Busy::since(server);
                    let rounds = (wanted / took).max(MESSAGES).min(LONG / took);
                    let trips = room.talk(rounds.ceil() as u64)?;
                    (connections, memory, busy.until(server), trips)
                }
            }
        };
        Ok(Sample {
            cpu_us_per_trip: busy.map(|busy| busy * 1e6 / trips.per_second()),
            served,
            memory_per_connection: memory.filter(|_| served == connections),
            peak_memory: server.peak_memory(),
            trips,
        })
    }
}

/// How busy a server is while its clients are.
struct Busy {
    since: Instant,
    cpu: Option<f64>,
}

impl Busy {
    fn since(server: &Running) -> Self {
        Self {
            since: Instant::now(),
            cpu: server.cpu(),
        }
    }

    /// The part of a core that it took since, where the system tells.
    fn until(&self, server: &Running) -> Option<f64> {
        let cpu = server.cpu()? - self.cpu?;
        Some(cpu / self.since.elapsed().as_secs_f64())
    }
}

/// What the rounds of one server have given; nothing where there was none.
fn summary(
    server: String,
    reference: bool,
    connections: usize,
    samples: Vec<Sample>,
) -> Result<Option<Server>> {
    let Some(served) = samples.iter().map(|it| it.served).min() else {
        return Ok(None);
    };
    let mut latencies = Histogram::<u64>::new(3)?;
    for sample in &samples {
        latencies.add(&sample.trips.latencies)?;
    }
    let middle = |of: fn(&Sample) -> Option<f64>| {
        let known: Option<Vec<f64>> = samples.iter().map(of).collect();
        known.map(|known| median(&known))
    };
    let windows = samples.iter().map(|it| it.trips.elapsed.as_secs_f64());
    let microseconds = |quantile| latencies.value_at_quantile(quantile) as f64 / 1000.0;
    Ok(Some(Server {
        connections,
        server,
        reference,
        served,
        trips_per_second: samples.iter().map(|it| it.trips.per_second()).collect(),
        window: windows.fold(f64::INFINITY, f64::min),
        p50_us: microseconds(0.50),
        p99_us: microseconds(0.99),
        memory_per_connection: middle(|it| it.memory_per_connection),
        peak_memory: samples.iter().filter_map(|it| it.peak_memory).max(),
        cpu_us_per_trip: middle(|it| it.cpu_us_per_trip),
    }))
}
