//! `cargo xtask scale`: how cost grows with work.
//!
//! A chapter owns its curves, in its manifest:
//!
//! ```toml
//! [[package.metadata.scale]]
//! name = "sleeping"
//! lesson = "What it teaches, in a sentence."
//! axis = "tasks"                                  # what is counted
//! programs = ["sleep_threads {}", "sleep_tasks {}"]   # {} is the count; of any chapter
//! peers = ["sleep.go {}"]                         # in xtask/peers
//! steps = [1, 1000, 1000000]
//! most = { "sleep_threads {}" = 10000 }           # where a program is not taken further; optional
//! ideal = 2.0                                     # seconds that it takes at the least; optional
//! latency_ms = 100                                # of the example site; optional
//! ```
//!
//! Servers under load have a curve where their table has a `scale` of connections.

mod report;
mod svg;

use std::collections::{BTreeMap, HashMap};
use std::process::ExitCode;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use serde::Deserialize;
use util_web::ExampleSite;
use xtask::options::Scale as Options;

use self::report::{Curve, Point, Series};
use crate::bench::{
    Cost, INTERRUPTED, Interrupted, Machine, Program, catch_interrupts, progress::Progress,
};
use crate::load::{self, Load, prepare_peer};
use xtask::build::build;
use xtask::workspace::{Chapter, Workspace, tables};

pub use self::report::Report;

/// `--quick` goes no further.
const QUICK: usize = 1000;

/// A point is run again, up to three times, until its runs have taken so long.
const ENOUGH: Duration = Duration::from_secs(3);

/// How long one run may take.
const LIMIT: Duration = Duration::from_secs(600);

/// A curve, as its chapter's manifest states it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Plan {
    name: String,
    lesson: Option<String>,
    axis: String,
    programs: Vec<String>,
    #[serde(default)]
    peers: Vec<String>,
    steps: Vec<usize>,
    #[serde(default)]
    most: BTreeMap<String, usize>,
    ideal: Option<f64>,
    latency_ms: Option<u64>,
}

impl Plan {
    fn check(&self, workspace: &Workspace) -> anyhow::Result<()> {
        ensure!(!self.programs.is_empty(), "it has no programs");
        ensure!(
            !self.steps.is_empty() && !self.steps.contains(&0),
            "its steps are not numbers from 1 up"
        );
        for program in &self.programs {
            ensure!(
                owner(workspace, program).is_some(),
                "there is no binary '{program}'"
            );
        }
        let mut programs = self.programs.iter().chain(&self.peers);
        ensure!(
            programs.all(|program| program.contains("{}")),
            "a program has no {{}} for the count"
        );
        Ok(())
    }

    /// Whether `program` is run at `step`.
    fn reaches(&self, program: &str, step: usize) -> bool {
        self.most.get(program).is_none_or(|most| step <= *most)
    }
}

fn binary(program: &str) -> &str {
    program.split_whitespace().next().unwrap_or_default()
}

/// The chapter that has the binary of `program`.
fn owner<'a>(workspace: &'a Workspace, program: &str) -> Option<&'a Chapter> {
    let mut chapters = workspace.chapters.iter();
    chapters.find(|chapter| chapter.binary(binary(program)).is_some())
}

/// Measures the curves that `options` choose and reports them.
///
/// # Errors
/// If a manifest has a mistake, something does not build, or a program fails or hangs.
pub fn scale(workspace: &Workspace, options: &Options) -> anyhow::Result<ExitCode> {
    let (report, interrupted) = measure(workspace, options)?;
    report.write(&options.outputs)?;
    if interrupted {
        eprintln!("interrupted: what was complete is above");
        return Ok(ExitCode::from(130));
    }
    Ok(ExitCode::SUCCESS)
}

/// Measures the curves that `options` choose, and says whether Ctrl-C ended that early.
///
/// # Errors
/// As [`scale`].
pub fn measure(workspace: &Workspace, options: &Options) -> anyhow::Result<(Report, bool)> {
    let (mut plans, mut loads) = read(workspace)?;
    let chosen = |name: &str| {
        let mut filters = options.filters.iter();
        options.filters.is_empty() || filters.any(|filter| name.contains(filter.as_str()))
    };
    let all: Vec<String> = plans
        .iter()
        .map(|plan| plan.name.clone())
        .chain(loads.iter().map(|load| load.name.clone()))
        .collect();
    plans.retain(|plan| chosen(&plan.name));
    loads.retain(|load| chosen(&load.name));
    ensure!(
        !(plans.is_empty() && loads.is_empty()),
        "no curve is chosen by '{}'; there are {}",
        options.filters.join(" "),
        all.join(", ")
    );
    for plan in plans.iter_mut().filter(|_| options.quick) {
        plan.steps.retain(|step| *step <= QUICK);
    }
    for load in loads.iter_mut().filter(|_| options.quick) {
        load.connections.retain(|step| *step <= QUICK);
    }
    catch_interrupts()?;
    let machine = Machine::read();
    let servers = loads.iter().flat_map(|load| &load.servers);
    let binaries: Vec<&str> = plans
        .iter()
        .flat_map(|plan| &plan.programs)
        .chain(servers)
        .map(|program| binary(program))
        .collect();
    build(workspace, binaries.iter().copied(), false)?;
    // The site has a connection for each request, and so have the programs.
    rlimit::increase_nofile_limit(u64::MAX).context("cannot raise RLIMIT_NOFILE")?;

    let mut report = Report::new(machine);
    let progress = Progress::new(
        parts(&plans, &loads, options),
        workspace.target.join(if options.quick {
            "scale-times-quick.json"
        } else {
            "scale-times.json"
        }),
    );
    match measure_all(workspace, &plans, &loads, options, progress, &mut report) {
        Ok(()) => Ok((report, false)),
        Err(error) if error.is::<Interrupted>() => Ok((report, true)),
        Err(error) => Err(error),
    }
}

/// The curves of all chapters, checked.
fn read(workspace: &Workspace) -> anyhow::Result<(Vec<Plan>, Vec<Load>)> {
    let (mut plans, mut loads) = (Vec::new(), Vec::new());
    for chapter in &workspace.chapters {
        let at = || format!("the manifest of {}", chapter.name);
        for plan in tables::<Plan>(chapter, "scale").with_context(at)? {
            let checked = plan.check(workspace);
            checked.with_context(|| format!("{}, curve '{}'", at(), plan.name))?;
            plans.push(plan);
        }
        for mut load in tables::<Load>(chapter, "load").with_context(at)? {
            load.connections = std::mem::take(&mut load.scale);
            if !load.connections.is_empty() {
                loads.push(load);
            }
        }
    }
    Ok((plans, loads))
}

/// Each step of each curve, with the seconds that it may take.
fn parts(plans: &[Plan], loads: &[Load], options: &Options) -> Vec<(String, f64)> {
    let mut parts = Vec::new();
    for plan in plans {
        for step in &plan.steps {
            let programs = plan.programs.iter().chain(&plan.peers);
            let count = programs
                .filter(|program| plan.reaches(program, *step))
                .count();
            let each = if options.quick {
                1.0
            } else {
                ENOUGH.as_secs_f64()
            };
            parts.push((format!("{} {step}", plan.name), count as f64 * each));
        }
    }
    parts.extend(loads.iter().map(|load| {
        let runs = load.connections.len() * (load.servers.len() + load.peers.len());
        (load.name.clone(), runs as f64)
    }));
    parts
}

fn measure_all(
    workspace: &Workspace,
    plans: &[Plan],
    loads: &[Load],
    options: &Options,
    mut progress: Progress,
    report: &mut Report,
) -> anyhow::Result<()> {
    let site = ExampleSite::start()?;
    let folder = tempfile::tempdir()?;
    let peers = workspace.root.join("xtask/peers");
    for plan in plans {
        let url = match plan.latency_ms {
            Some(latency) => format!("{}?latency_ms={latency}", site.url()),
            None => site.url().to_owned(),
        };
        let mut programs = ready(workspace, plan, &url);
        for peer in &plan.peers {
            match prepare_peer(binary(peer), &peers, folder.path())? {
                Ok(ready) => {
                    let mut command = ready.command.into_iter();
                    let path = command.next().context("a peer has no command")?;
                    let rest = command.map(|arg| arg.display().to_string());
                    let args = peer.split_whitespace().skip(1).map(String::from);
                    programs.push((
                        peer.clone(),
                        Program {
                            name: ready.name,
                            path,
                            args: rest.chain(args).collect(),
                            env: vec![("EXAMPLE_URL", url.clone().into())],
                            folder: None,
                            limit: LIMIT,
                        },
                    ));
                }
                Err(skipped) => report.skip(format!(
                    "{}: {} skipped: {}",
                    plan.name, skipped.name, skipped.reason
                )),
            }
        }
        let mut curve = Curve::new(plan.name.clone(), plan.lesson.clone(), plan.axis.clone());
        curve.ideal = plan.ideal;
        curve.series = programs
            .iter()
            .map(|(_, program)| Series::new(program.name.clone()))
            .collect();
        let outcome = measure_plan(plan, &programs, options, &mut progress, &mut curve);
        // What is complete counts, also when this was the last.
        report.add(curve);
        outcome?;
    }
    for load in loads {
        let mut effort = load::Effort::FULL;
        effort.rounds = if options.quick { 1 } else { 3 };
        let binaries = |binary: &str| workspace.release_binary(binary);
        let measured = load::measure(load, binaries, &peers, effort, |step| {
            if INTERRUPTED.load(Ordering::Relaxed) {
                return Err(Interrupted.into());
            }
            progress.step(step);
            Ok(())
        })?;
        for skipped in &measured.skipped {
            report.skip(format!("{}: {skipped}", load.name));
        }
        report.add(curve_of(load, &measured));
        progress.done();
    }
    progress.finish();
    Ok(())
}

/// The plan's own programs, each by the text of the manifest.
fn ready(workspace: &Workspace, plan: &Plan, url: &str) -> Vec<(String, Program)> {
    let program = |text: &String| {
        let args = text.split_whitespace().skip(1).map(String::from);
        let program = Program {
            // `sleep_tasks {}` is known as `sleep_tasks`.
            name: text.replace(" {}", ""),
            path: workspace.release_binary(binary(text)),
            args: args.collect(),
            env: vec![("EXAMPLE_URL", url.into())],
            folder: None,
            limit: LIMIT,
        };
        (text.clone(), program)
    };
    plan.programs.iter().map(program).collect()
}

fn measure_plan(
    plan: &Plan,
    programs: &[(String, Program)],
    options: &Options,
    progress: &mut Progress,
    curve: &mut Curve,
) -> anyhow::Result<()> {
    for step in &plan.steps {
        let mut runs: HashMap<usize, Vec<Cost>> = HashMap::new();
        let mut spent: HashMap<usize, Duration> = HashMap::new();
        // In turn, so that a slow minute of the machine meets all of them.
        for round in 0..if options.quick { 1 } else { 3 } {
            for (index, (text, program)) in programs.iter().enumerate() {
                let spent = spent.entry(index).or_default();
                if !plan.reaches(text, *step) || (round > 0 && *spent >= ENOUGH) {
                    continue;
                }
                progress.step(&program.name);
                let mut program = program.clone();
                for arg in &mut program.args {
                    *arg = arg.replace("{}", &step.to_string());
                }
                let start = Instant::now();
                let run = program
                    .run()
                    .with_context(|| format!("at {step} {}", plan.axis))?;
                *spent += start.elapsed();
                runs.entry(index).or_default().push(run.cost);
            }
        }
        for (index, runs) in runs {
            curve.series[index]
                .points
                .push(Point { count: *step, runs });
        }
        progress.done();
    }
    Ok(())
}

/// What servers under load did, as a curve: the time in which each client gets one answer.
fn curve_of(load: &Load, measured: &load::Report) -> Curve {
    let mut curve = Curve::new(
        format!("{}, an answer for each client", load.name),
        load.lesson.clone(),
        "connections".to_owned(),
    );
    for row in &measured.rows {
        // A server that answers only the first client has no time for the others.
        if row.served < row.connections {
            continue;
        }
        let clients = row.connections as f64;
        let runs = row
            .trips_per_second
            .iter()
            .map(|trips| Cost {
                wall: clients / trips,
                user: row.cpu_us_per_trip.unwrap_or(f64::NAN) * clients / 1e6,
                system: 0.0,
                peak_memory: row.memory.unwrap_or(0),
            })
            .collect();
        let point = Point {
            count: row.connections,
            runs,
        };
        match curve.series.iter_mut().find(|s| s.program == row.server) {
            Some(series) => series.points.push(point),
            None => {
                let mut series = Series::new(row.server.clone());
                series.points.push(point);
                curve.series.push(series);
            }
        }
    }
    curve
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manifests_of_this_workspace_are_sound() {
        let workspace = Workspace::load().unwrap();
        let (plans, loads) = read(&workspace).unwrap();
        assert!(plans.len() >= 3 && !loads.is_empty());
        for plan in &plans {
            for peer in &plan.peers {
                let file = workspace.root.join("xtask/peers").join(binary(peer));
                assert!(file.is_file(), "{peer}");
            }
            for program in plan.most.keys() {
                let mut known = plan.programs.iter().chain(&plan.peers);
                assert!(known.any(|known| known == program), "{program}");
            }
        }
    }
}
