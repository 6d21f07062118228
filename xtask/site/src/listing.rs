//! The page of a listing, with its variants.

use std::path::Path;

use anyhow::Context;
use maud::{Markup, html};
use xtask::output::read;
use xtask::source::of_book;
use xtask::what_if::Experiment;
use xtask::workspace::{Listing, Workspace};
use xtask_report::data::Report;

use crate::code::Highlighter;
use crate::explain::{Sentences, links};
use crate::group::{Group, Source};
use crate::html::{inline, table};
use crate::map::{self, Row};
use crate::measured::measured;
use crate::output::output;
use crate::page::Page;
use crate::recording::Recording;
use crate::sessions::Sessions;
use crate::{timeline, what_if};

/// The listing on the front page.
const FRONT: &str = "2.9";

/// So often a word is in a title, for the search alone, that it prefers this page to others.
const WEIGHT: usize = 20;

/// The material for the pages of listings.
pub struct Material<'a> {
    /// The workspace.
    pub workspace: &'a Workspace,
    /// Highlights programs.
    pub highlighter: &'a Highlighter,
    /// The rows of the map.
    pub map: &'a [Row],
    /// The measurements.
    pub report: &'a Report,
    /// How listings ran when they were recorded.
    pub sessions: &'a Sessions,
    /// All groups, so that a library can name those that use it.
    pub groups: &'a [Vec<Group<'a>>],
    /// The reader's own checkout of the book's public code.
    pub book: Option<&'a Path>,
    /// What the entries of RUST.md begin with.
    pub sentences: &'a Sentences,
    /// All experiments.
    pub experiments: &'a [Experiment<'a>],
}

impl Material<'_> {
    /// The page of a group.
    ///
    /// # Errors
    /// If a recording cannot be read.
    pub fn page(&self, group: &Group) -> anyhow::Result<Page> {
        let mut page = Page::new(group.slug(), group.title());
        page.depth = if group.number().is_some() { 1 } else { 2 };
        let names = group.names(self.map);
        // The last part of a name is a word for the search only.
        let is_last = |name: &String| names.iter().any(|it| it != name && map::last(it) == *name);
        let (last, full): (Vec<String>, Vec<String>) = names.iter().cloned().partition(is_last);
        let (title, full) = (group.title(), full.join(", "));
        let words = format!("{} ", last.join(" ")).repeat(WEIGHT);
        let names = format!("<span class=\"names\">{full}</span> ⟦ {words}⟧");
        page.text(&format!("# {title} {names} {{#listing}}"));

        let recordings = group.sources.iter();
        let recordings = recordings
            .map(|source| Recording::read(&self.workspace.root, source.listing.name()))
            .collect::<anyhow::Result<Vec<_>>>()?;
        let shared = timeline::shared_end(recordings.iter().flatten());
        for (source, recording) in group.sources.iter().zip(&recordings) {
            self.lesson(&mut page, group, source);
            let theirs = self.theirs(source.listing)?;
            let theirs = theirs.as_deref();
            let theirs = theirs.map(|python| ("The book's, from your checkout", python));
            self.program(&mut page, group, source, theirs)?;
            let Some(binary) = &source.listing.binary else {
                page.text(&group.users(source, self.groups)?);
                continue;
            };
            page.part(run_it(group, source.listing, binary));
            let Some(recording) = recording else {
                page.text("What it prints has not been recorded yet.");
                continue;
            };
            page.part(output(recording, &self.sessions.of(binary)));
            let figure = timeline::figure(recording, &name(source.listing), shared);
            figure.into_iter().for_each(|figure| page.part(figure));
        }
        what_if::section(self, &mut page, group)?;
        if let Some(measured) = measured(self.report, group) {
            page.text("## In numbers");
            page.part(measured);
            page.text("All of them, and how to read them: [results](results.md).");
        }
        let rows = group.rows(self.map);
        if !rows.is_empty() {
            page.text("## From asyncio to Rust");
            page.part(rows_of_the_map(&rows));
            page.text("All of them: [the map](map.md).");
        }
        Ok(page)
    }

    fn lesson(&self, page: &mut Page, group: &Group, source: &Source) {
        let header = &source.listing.header;
        if let Some(variant) = &header.variant {
            page.text(&format!("## Variant: {variant}"));
            if header.title != group.first().header.title {
                page.text(&format!("**{}.**", header.title));
            }
        }
        page.text(&source.lesson);
    }

    /// The book's own program for a listing, if the reader has it.
    fn theirs(&self, listing: &Listing) -> anyhow::Result<Option<String>> {
        let is_listing = listing.header.variant.is_none();
        let number = listing.header.number.filter(|_| is_listing);
        let theirs = self.book.zip(number);
        let theirs = theirs.and_then(|(book, number)| of_book(book, number));
        theirs.map(|path| read(&path)).transpose()
    }

    /// The program, with one in Python beside it if there is one, below its heading.
    fn program(
        &self,
        page: &mut Page,
        group: &Group,
        source: &Source,
        theirs: Option<(&str, &str)>,
    ) -> anyhow::Result<()> {
        let listing = source.listing;
        let label = format!("Program {}", name(listing));
        let links = links(&source.code, self.sentences, &mut page.explained)?;
        let ours = self
            .highlighter
            .block(&source.code, "rust", &label, &links)?;
        page.part(match theirs {
            Some((heading, python)) => {
                let theirs = self.highlighter.block(python, "python", heading, &[])?;
                let pairs = group.rows(self.map).into_iter();
                let pairs = pairs.map(|row| [map::words(&row.python), map::words(&row.rust)]);
                let pairs = serde_json::to_string(&pairs.collect::<Vec<_>>())?;
                html! {
                    div."beside wide" data-pairs=(pairs) {
                        section { h3 { (heading) } (theirs) }
                        section { h3 { "Rust" } (ours) }
                    }
                }
            }
            None => ours,
        });
        let path = self.workspace.relative(&listing.path).to_string_lossy();
        let path = path.replace('\\', "/");
        page.part(html! { p.source { a href={ "source/" (path) } { (path) } } });
        Ok(())
    }

    /// Adds to the front page one listing with a program in Python, and what it does.
    ///
    /// # Errors
    /// If the listing or its recording is missing.
    pub fn front(&self, page: &mut Page, python: &str) -> anyhow::Result<()> {
        let mut groups = self.groups.iter().flatten();
        let group = groups.find(|group| group.is_called(FRONT));
        let group = group.with_context(|| format!("there is no {FRONT}"))?;
        let recording = Recording::read(&self.workspace.root, group.binaries()[0])?;
        let recording = recording.context("it has not been recorded")?;
        let theirs = Some(("Python", python));
        self.program(page, group, &group.sources[0], theirs)?;
        let figure = timeline::figure(&recording, FRONT, None);
        page.part(html! { div.plays { (figure.unwrap_or_default()) } });
        Ok(())
    }
}

/// The name of a listing among others.
fn name(listing: &Listing) -> String {
    match listing.header.number {
        Some(_) => listing.header.to_string(),
        None => listing.name().to_owned(),
    }
}

fn run_it(group: &Group, listing: &Listing, binary: &str) -> Markup {
    let short = group.number().filter(|_| listing.header.variant.is_none());
    let command = format!("cargo xtask run {}", short.as_deref().unwrap_or(binary));
    // mdBook adds a button that copies it.
    html! { pre.run { code { (command) } } }
}

fn rows_of_the_map(rows: &[&Row]) -> Markup {
    // Links within the map lead to its page.
    let cell = |text: &String| inline(&text.replace("](#", "](map.html#"));
    let cells = rows.iter();
    let cells = cells.map(|row| [&row.python, &row.rust, &row.bites].map(cell).to_vec());
    let cells: Vec<Vec<Markup>> = cells.collect();
    table("Rows of the map", &["Python", "Rust", "what bites"], &cells)
}
