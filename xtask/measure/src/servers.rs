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
use xtask_load::Clients;
use xtask_report::data::{self, Comparison, Cost, Curve, Point, Role, Series};

use crate::machine::cpu_of;
use crate::plan::LoadTable;
use crate::process::{Child, Program, complaint};
use crate::programs::Programs;
use crate::rounds::{Failure, measure};
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

/// A chapter's servers and their peers.
pub struct Servers<'a> {
    chapter: &'a Chapter,
    table: &'a LoadTable,
    /// What they are in a comparison, and how to run them.
    all: Vec<(data::Program, Program)>,
}

impl<'a> Servers<'a> {
    /// Those of a table.
    ///
    /// # Errors
    /// If one was not built. A peer that is not installed is left out.
    pub fn of(programs: &Programs, chapter: &'a Chapter, table: &'a LoadTable) -> Result<Self> {
        let setting = programs.setting(None, None)?;
        let in_report = |role, program: &str, label| data::Program {
            program: program.to_owned(),
            label,
            role,
            ..data::Program::default()
        };
        let mut all = Vec::new();
        for server in &table.servers {
            let role = match all.is_empty() {
                true => Role::Baseline,
                false => Role::Contender,
            };
            let ours = in_report(role, server, programs.label(server));
            all.push((ours, programs.listing(server, &setting)?));
        }
        for peer in &table.peers {
            if let Some(program) = programs.peer(peer, true, &setting) {
                let mut known = in_report(Role::Peer, peer, program.name.clone());
                known.beside.extend(table.servers.last().cloned());
                all.push((known, program));
            }
        }
        Ok(Self {
            chapter,
            table,
            all,
        })
    }

    /// Compares them under the load of this many clients: the time in which each gets an answer.
    ///
    /// # Errors
    /// If one cannot be started, echoes something else than was sent, or falls silent.
    pub fn compare(
        &self,
        session: &Session,
        name: &str,
        clients: usize,
    ) -> Result<Option<Comparison>> {
        let costs = self.costs(session, clients)?;
        let programs = self.all.iter().zip(costs).map(|((program, _), runs)| {
            let program = program.clone();
            data::Program { runs, ..program }
        });
        let programs: Vec<_> = programs.filter(|it| !it.runs.is_empty()).collect();
        Ok((!programs.is_empty()).then(|| Comparison {
            chapter: self.chapter.name.clone(),
            name: name.to_owned(),
            lesson: self.table.lesson.clone(),
            programs,
            ..Comparison::default()
        }))
    }

    /// The same at growing numbers of clients.
    ///
    /// # Errors
    /// As above.
    pub fn curve(&self, session: &Session) -> Result<Option<Curve>> {
        let series = self.all.iter().map(|(program, _)| Series {
            program: program.label.clone(),
            points: Vec::new(),
        });
        let mut series: Vec<Series> = series.collect();
        for &count in &self.table.scale {
            for (series, runs) in series.iter_mut().zip(self.costs(session, count)?) {
                if !runs.is_empty() {
                    series.points.push(Point { count, runs });
                }
            }
        }
        series.retain(|it| !it.points.is_empty());
        Ok((!series.is_empty()).then(|| Curve {
            name: self.table.curve(),
            lesson: self.table.lesson.clone(),
            axis: "clients".to_owned(),
            series,
        }))
    }

    /// What each of them cost; nothing of one that does not serve all clients.
    fn costs(&self, session: &Session, clients: usize) -> Result<Vec<Vec<Cost>>> {
        let effort = &session.effort;
        let outcome = measure(self.all.len(), &effort.loads, |index| {
            let (known, program) = &self.all[index];
            session.step(&format!("{} at {clients}", known.label));
            let mut server = on_core(0, || Running::start(program))?;
            let cost = on_core(1, || cost(&server, clients, effort));
            let complaint = complaint(&mut server.stderr);
            let failed = || format!("{} failed under load at {clients}{complaint}", known.label);
            cost.with_context(failed)?
                .ok_or_else(|| Failure::LeftOut("not all clients got an answer".to_owned()))
        })?;
        for (index, reason) in outcome.left_out {
            let name = format!("{} at {clients}", self.all[index].0.label);
            session.programs.leave_out(&name, reason);
        }
        Ok(outcome.runs)
    }
}

/// What an answer for each client costs, unless some have none.
fn cost(server: &Running, clients: usize, effort: &Effort) -> Result<Option<Cost>> {
    let mut load = Clients::connect(server.address, clients)?;
    if load.served() < clients {
        return Ok(None);
    }
    let (since, before) = (Instant::now(), server.cpu());
    let wall = clients as f64 / load.ping_pong(effort.warm_up, effort.window)?;
    let busy = || Some((server.cpu()? - before?) / since.elapsed().as_secs_f64());
    Ok(Some(Cost {
        wall,
        // Its start is not in it.
        part: Some(wall),
        cpu: busy().map(|busy| busy * wall),
        peak_memory: server.memory(),
    }))
}
