//! The page of a listing, with its variants.

use std::fs;
use std::path::Path;

use anyhow::Context;
use maud::{Markup, html};
use xtask::source::{of_book, rust_code};
use xtask::workspace::{Listing, Workspace};
use xtask_report::data::Report;

use crate::code::{Highlighter, Marks};
use crate::group::{Group, Source};
use crate::html::{inline, table};
use crate::map::{self, Row};
use crate::measured::measured;
use crate::output::output;
use crate::page::Page;
use crate::python;
use crate::recording::Recording;
use crate::sessions::Sessions;
use crate::timeline;

/// Timelines of variants share an axis unless one is this many times as long as another.
const SAME_AXIS: u64 = 40;

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
}

impl Material<'_> {
    /// The page of a group.
    ///
    /// # Errors
    /// If a recording cannot be read.
    pub fn page(&self, group: &Group) -> anyhow::Result<Page> {
        let mut page = Page::new(group.slug(), group.title());
        page.is_listing = true;
        let names = group.names(self.map);
        // The last part of a name is a word for the search only.
        let is_last = |name: &String| names.iter().any(|it| it != name && map::last(it) == *name);
        let full = names.iter().filter(|name| !is_last(name));
        let full = full.map(String::as_str).collect::<Vec<_>>().join(", ");
        let subtitle = html! { @if !full.is_empty() { " " span.names { (full) } } };
        page.text(&format!("# {}{}", group.title(), subtitle.0));
        page.words = names.into_iter().chain(group.number()).collect();

        let recordings = group.sources.iter().map(|source| {
            let binary = source.listing.binary.as_deref();
            let read = binary.map(|binary| Recording::read(&self.workspace.root, binary));
            anyhow::Ok(read.transpose()?.flatten())
        });
        let recordings: Vec<Option<Recording>> = recordings.collect::<anyhow::Result<_>>()?;
        let ends = || recordings.iter().flatten().filter_map(timeline::end);
        let longest = ends().max().unwrap_or(0);
        let shortest = ends().min().unwrap_or(0);
        let shared = (longest <= SAME_AXIS * shortest.max(1)).then_some(longest);
        for (source, recording) in group.sources.iter().zip(&recordings) {
            self.lesson(&mut page, group, source);
            self.program(&mut page, group, source, recording.as_ref())?;
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
            let end = shared.or_else(|| timeline::end(recording)).unwrap_or(0);
            let figure = timeline::figure(recording, &name(source.listing), end);
            figure.into_iter().for_each(|figure| page.part(figure));
        }
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

    /// The program, with the book's own beside it if the reader has it.
    fn program(
        &self,
        page: &mut Page,
        group: &Group,
        source: &Source,
        recording: Option<&Recording>,
    ) -> anyhow::Result<()> {
        let listing = source.listing;
        let label = format!("Program {}", name(listing));
        let timeline = recording.and_then(|it| it.timeline.as_ref());
        let mut marks = Marks {
            functions: timeline.map(timeline::functions).unwrap_or_default(),
            ..Marks::default()
        };
        let is_listing = listing.header.variant.is_none();
        let number = listing.header.number.filter(|_| is_listing);
        let theirs = self.book.zip(number);
        let theirs = theirs.and_then(|(book, number)| of_book(book, number));
        let path = self.workspace.relative(&listing.path).to_string_lossy();
        let path = path.replace('\\', "/");
        let link = html! { p.source { a href={ "source/" (path) } { (path) } } };
        if let Some(theirs) = theirs {
            let python = fs::read_to_string(&theirs);
            let python = python.with_context(|| format!("cannot read {}", theirs.display()))?;
            let rows = group.rows(self.map);
            let pairs = python::pairs(&rows, &python, &rust_code(&source.code))?;
            let mut their_marks = Marks::default();
            (their_marks.pairs, marks.pairs) = pairs;
            let theirs =
                self.highlighter
                    .block(&python, "python", "The book's program", &their_marks)?;
            let ours = self
                .highlighter
                .block(&source.code, "rust", &label, &marks)?;
            page.part(html! {
                div.beside {
                    section { h3 { "The book's, from your checkout" } (theirs) }
                    section { h3 { "Rust" } (ours) }
                }
            });
        } else {
            page.part(
                self.highlighter
                    .block(&source.code, "rust", &label, &marks)?,
            );
        }
        page.part(link);
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
    html! {
        p.run {
            span { "Run it" } " " code { (command) } " "
            button.copy type="button" data-copy=(command) { "Copy" }
        }
    }
}

fn rows_of_the_map(rows: &[&Row]) -> Markup {
    // Links within the map lead to its page.
    let cell = |text: &String| inline(&text.replace("](#", "](map.html#"));
    let cells = rows.iter();
    let cells = cells.map(|row| [&row.python, &row.rust, &row.bites].map(cell));
    let cells: Vec<[Markup; 3]> = cells.collect();
    table("Rows of the map", ["Python", "Rust", "what bites"], &cells)
}
