//! Experiments: what they change, and what the changed programs do.

use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use maud::html;
use xtask::build::{self, Built};
use xtask::output::read;
use xtask::what_if::{Copy, Experiment, rounds};
use xtask::workspace::Workspace;

use crate::group::Group;
use crate::html::blocks;
use crate::listing::Material;
use crate::output::output;
use crate::page::Page;
use crate::record::{Recorder, hash_of};
use crate::recording::{Line, Recording, Source};
use crate::sessions::{Session, Sessions};
use crate::timeline;

/// How often a changed program runs, and when it is stopped.
const RUNS: usize = 3;
const LIMIT: Duration = Duration::from_secs(30);

/// A page has several, so each shows only this many lines, and no timeline with more rows.
const LINES: usize = 40;
const ROWS: usize = 24;

const HEADING: &str = "## What if?";

/// Whether it is recorded: what talks to somebody is for the reader to try.
pub fn is_recorded(it: &Experiment) -> bool {
    let runs = it.listing.ends_by_itself() || it.is_refused();
    runs && it.listing.binary.is_some() && !it.answer.is_empty()
}

/// The name of its recording.
pub fn name(it: &Experiment) -> String {
    let stem = Path::new(&it.path).file_stem().unwrap_or_default();
    format!("what-if/{}", stem.display())
}

/// A hash of the listing and the change.
///
/// # Errors
/// If a source cannot be read.
pub fn hash(workspace: &Workspace, it: &Experiment) -> anyhow::Result<String> {
    let sources = [it.listing.path.clone(), workspace.root.join(&it.file)];
    hash_of(&sources, &it.hunks)
}

/// Builds the changed programs, in rounds, runs them, and hands on what was recorded.
///
/// # Errors
/// If a change cannot be made, or does not compile and should.
pub fn recorded(
    workspace: &Workspace,
    sessions: &Sessions,
    left: Vec<&Experiment>,
    mut done: impl FnMut(&str, anyhow::Result<Recording>),
) -> anyhow::Result<()> {
    if left.is_empty() {
        return Ok(());
    }
    let copy = Copy::of(workspace)?;
    for round in rounds(workspace, left) {
        let mut names = Vec::from_iter(sessions.servers());
        for it in &round {
            copy.change(it)?;
            let source = read(&it.listing.path)?;
            let listings = it.chapter.listings.iter();
            let binaries = listings.filter_map(|listing| listing.binary.as_deref());
            // Some programs start others.
            let is_needed = |name: &&str| source.contains(name) || *name == it.listing.name();
            names.extend(binaries.filter(is_needed));
        }
        let mut cargo = build::binaries(workspace, names);
        copy.build_with(cargo.arg("--keep-going"));
        let output = cargo.output().context("cannot run cargo")?;
        let said = String::from_utf8(output.stderr)?;
        let built = Built::read(&*output.stdout)?;
        let recorder = Recorder::new(&built, sessions, Some(LIMIT));
        for it in &round {
            let code = hash(workspace, it)?;
            let recorded = if it.is_refused() {
                Ok(refusal(&said, it, code))
            } else {
                let recorded = recorder.record(it.listing, code, RUNS);
                recorded.with_context(|| said.clone())
            };
            done(&name(it), recorded);
            copy.restore(it)?;
        }
    }
    Ok(())
}

/// The compiler's errors, of all that Cargo says.
fn refusal(said: &str, it: &Experiment, code: String) -> Recording {
    let errors = it.paragraphs(said).map(|paragraph| {
        let lines = paragraph.lines();
        Vec::from_iter(lines.skip_while(|line| !line.starts_with("error")))
    });
    let errors: Vec<_> = errors.filter(|lines| !lines.is_empty()).collect();
    let lines = errors.join(&"").into_iter().map(|text| Line {
        source: Source::Error,
        text: without_home(text).unwrap_or_else(|| text.to_owned()),
        ..Line::default()
    });
    Recording {
        code,
        lines: lines.collect(),
        ..Recording::default()
    }
}

/// A line that points into a dependency or the standard library, without where this machine keeps it.
fn without_home(line: &str) -> Option<String> {
    let (arrow, path) = line.split_once("--> /")?;
    let place = match path.split_once("/registry/src/") {
        Some((_, package)) => package.split_once('/')?.1.to_owned(),
        None => format!("library/{}", path.split_once("/library/")?.1),
    };
    Some(format!("{arrow}--> {place}"))
}

fn smaller(mut recording: Recording) -> Recording {
    recording.left_out += recording.lines.len().saturating_sub(LINES);
    recording.lines.truncate(LINES);
    recording.timeline = recording.timeline.filter(|it| it.rows.len() <= ROWS);
    recording
}

/// Adds the experiments of a group: each question and change, and folded what happens and why.
///
/// # Errors
/// If a recording cannot be read.
pub fn section(material: &Material, page: &mut Page, group: &Group) -> anyhow::Result<()> {
    let recorded = |name: &str| Recording::read(&material.workspace.root, name);
    let prefix = group.first().prefix();
    let experiments = material.experiments.iter();
    let ours = experiments.filter(|it| it.listing.prefix() == prefix);
    for (it, number) in ours.zip(1..).filter(|(it, _)| !it.answer.is_empty()) {
        if !page.markdown.contains(HEADING) {
            page.text(HEADING);
        }
        page.text(&format!("### {}", it.question));
        let diff = material.highlighter.block(&it.hunks, "diff", "Change", &[]);
        page.part(diff?);
        let changed = recorded(&name(it))?;
        let is_compared = changed.is_some() && !it.is_refused();
        let original = recorded(it.listing.name())?.filter(|_| is_compared);
        let both = [("As it is", original), ("Changed", changed)];
        let both = both.map(|(title, it)| Some((title, smaller(it?))));
        let both = Vec::from_iter(both.into_iter().flatten());
        let end = timeline::shared_end(both.iter().map(|(_, it)| it));
        page.part(html! {
            details.wide {
                summary { "What happens" }
                div.beside {
                    @for (title, recording) in &both {
                        section {
                            p { strong { (title) } }
                            (output(recording, &Session::default()))
                        }
                    }
                }
                // One below the other, so that a time is in the same place.
                @if both.iter().all(|(_, it)| it.timeline.is_some()) {
                    @for (title, recording) in &both {
                        p.note { (title) }
                        (timeline::picture(recording, title, end).unwrap_or_default())
                    }
                }
                (blocks(&it.answer))
                p.note { "Try it: " code { "cargo xtask try " (group.slug()) " " (number) } }
            }
        });
    }
    Ok(())
}
