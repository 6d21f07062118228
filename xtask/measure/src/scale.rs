//! `cargo xtask scale`: how cost grows with work.

use anyhow::Result;
use clap::Args;
use xtask::workspace::Workspace;
use xtask_report::data::{Cost, Curve, Load, Point, Series};

use crate::bench::Output;
use crate::plan::{CurveTable, Plan};
use crate::process::{LIMIT, Program};
use crate::programs::{Programs, Python};
use crate::rounds::measure;
use crate::session::{Effort, Session};

/// `--quick` goes no further.
const QUICK: usize = 1000;

/// The options of `scale`.
#[derive(Args, Debug)]
pub struct Options {
    /// Measure only these: part of a name, a chapter, or a listing's number
    filters: Vec<String>,
    /// One run for each point, without the large counts
    #[arg(long)]
    quick: bool,
    #[command(flatten)]
    python: Python,
    #[command(flatten)]
    output: Output,
}

/// Measures the curves that `options` choose and shows them.
///
/// # Errors
/// If a manifest has a mistake, something does not build, or a program fails or hangs.
pub fn scale(workspace: &Workspace, options: &Options) -> Result<i32> {
    let mut plan = Plan::read(workspace)?;
    plan.comparisons.clear();
    plan.loads.retain(|(_, it)| !it.scale.is_empty());
    plan.loads
        .iter_mut()
        .for_each(|(_, it)| it.connections.clear());
    plan.keep(&options.filters)?;
    if options.quick {
        shorten(&mut plan);
    }
    let effort = Effort::new(options.quick);
    let session = Session::prepare(workspace, &plan, &options.python, effort)?;
    options.output.show(&session.measure(&plan)?)
}

/// Leaves the small counts.
pub fn shorten(plan: &mut Plan) {
    for (_, table) in &mut plan.curves {
        table.steps.retain(|step| *step <= QUICK);
    }
    for (_, table) in &mut plan.loads {
        table.scale.retain(|step| *step <= QUICK);
    }
}

/// Measures a curve: at each count all programs in rounds.
///
/// # Errors
/// If a program fails or hangs.
pub fn curve(session: &Session, table: &CurveTable) -> Result<Option<Curve>> {
    let known = known(table, &session.programs)?;
    let mut rounds = session.effort.curves.clone();
    rounds.budget *= known.len() as f64;
    let series = known.iter().map(|(_, program)| Series {
        program: program.name.clone(),
        points: Vec::new(),
    });
    let mut curve = Curve {
        name: table.name.clone(),
        lesson: table.lesson.clone(),
        axis: table.axis.clone(),
        ideal: table.ideal,
        series: series.collect(),
    };
    for &count in &table.steps {
        let at = known
            .iter()
            .enumerate()
            .filter(|(_, (most, _))| count <= *most);
        let at: Vec<(usize, Program)> = at
            .map(|(index, (_, program))| (index, at_count(program, count)))
            .collect();
        let outcome = measure(at.len(), &rounds, |index| {
            let (_, program) = &at[index];
            session.step(&format!("{} at {count}", program.name));
            Ok(program.run(LIMIT)?.cost)
        })?;
        for ((index, _), runs) in at.into_iter().zip(outcome.runs) {
            if !runs.is_empty() {
                curve.series[index].points.push(Point { count, runs });
            }
        }
        if outcome.interrupted {
            break;
        }
    }
    curve.series.retain(|series| !series.points.is_empty());
    Ok((!curve.series.is_empty()).then_some(curve))
}

/// The programs of the table, each with its largest count.
fn known(table: &CurveTable, programs: &Programs) -> Result<Vec<(usize, Program)>> {
    let setting = programs.setting(table.latency_ms, None)?;
    let most = |text: &String| table.most.get(text).copied().unwrap_or(usize::MAX);
    let mut known = Vec::new();
    for text in &table.programs {
        let mut program = programs.listing(text, &setting)?;
        // `sleep_tasks {}` is known as `sleep_tasks`.
        program.name = programs.label(&text.replace(" {}", ""));
        known.push((most(text), program));
    }
    for text in &table.peers {
        let program = programs.peer(text, false, &setting);
        known.extend(program.map(|program| (most(text), program)));
    }
    Ok(known)
}

fn at_count(program: &Program, count: usize) -> Program {
    let mut program = program.clone();
    for arg in &mut program.args {
        *arg = arg.replace("{}", &count.to_string());
    }
    program
}

/// What the curve of servers under load is called.
pub fn curve_name(load: &str) -> String {
    format!("{load}, an answer for each client")
}

/// What servers under load did, as a curve: the time in which each client gets one answer.
pub fn curve_of(load: Load) -> Curve {
    let mut curve = Curve {
        name: curve_name(&load.name),
        axis: "connections".to_owned(),
        lesson: load.lesson,
        ..Curve::default()
    };
    for server in load.servers {
        // A server that answers only the first client has no time for the others.
        if server.served < server.connections {
            continue;
        }
        let clients = server.connections as f64;
        let cost = |trips: &f64| Cost {
            wall: clients / trips,
            cpu: server.cpu_us_per_trip.map(|cpu| cpu * clients / 1e6),
            peak_memory: server.peak_memory,
            ..Cost::default()
        };
        let point = Point {
            count: server.connections,
            runs: server.trips_per_second.iter().map(cost).collect(),
        };
        let mut known = curve.series.iter_mut();
        match known.find(|it| it.program == server.server) {
            Some(series) => series.points.push(point),
            None => curve.series.push(Series {
                program: server.server,
                points: vec![point],
            }),
        }
    }
    curve
}
