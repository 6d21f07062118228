//! The page of a listing, with its variants.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Context;
use xtask::source::{of_book, rust_code};
use xtask::workspace::{Kind, Listing, Notes};

use crate::code::{Highlighter, Marks};
use crate::group::{Group, Other, Text, users};
use crate::html::{escape, inline, table};
use crate::map::{self, Row};
use crate::output::output;
use crate::page::Page;
use crate::python;
use crate::recording::Recording;
use crate::results::Results;
use crate::sessions::Sessions;
use crate::timeline;

/// Timelines of variants share an axis unless one is this many times as long as another.
const SAME_AXIS: u64 = 40;

/// The material for the pages of listings.
pub struct Material<'a> {
    /// The top folder of the workspace.
    pub root: &'a Path,
    /// Highlights programs.
    pub highlighter: &'a Highlighter,
    /// The rows of the map.
    pub map: &'a [Row],
    /// The measurements.
    pub results: &'a Results,
    /// Why some listings are not recorded.
    pub sessions: &'a Sessions,
    /// The reader's own checkout of the book's public code.
    pub book: Option<&'a Path>,
}

/// The page of a group. `others` are all listings, so that a library can name those that use it.
///
/// # Errors
/// If a source or recording cannot be read.
pub fn page(group: &Group, material: &Material, others: &[Other]) -> anyhow::Result<Page> {
    let mut page = Page::new(group.slug(), group.title());
    page.is_listing = true;
    let first = group.listings[0];
    let names = group.names(material.map);
    // The last part of a name is a word for the search only.
    let is_full = |name: &&String| {
        !names
            .iter()
            .any(|it| it != *name && map::last(it) == **name)
    };
    let full: Vec<&str> = names.iter().filter(is_full).map(String::as_str).collect();
    let subtitle = match names.is_empty() {
        true => String::new(),
        false => format!(" <span class=\"names\">{}</span>", escape(&full.join(", "))),
    };
    page.text(&format!("# {}{subtitle}", group.title()));
    page.words = names.into_iter().chain(group.number()).collect();

    let mut recordings = Vec::new();
    for listing in &group.listings {
        let recording = listing
            .binary
            .as_deref()
            .map(|binary| Recording::read(material.root, binary));
        recordings.push(recording.transpose()?.flatten());
    }
    let ends: Vec<u64> = recordings
        .iter()
        .flatten()
        .filter_map(timeline::end)
        .collect();
    let longest = ends.iter().copied().max().unwrap_or(0);
    let shortest = ends.iter().copied().min().unwrap_or(0);
    let shared = (longest <= SAME_AXIS * shortest.max(1)).then_some(longest);

    for (listing, recording) in group.listings.iter().zip(&recordings) {
        let text = Text::read(listing)?;
        if listing.header.variant.is_some() {
            let variant = listing.header.variant.as_deref().unwrap_or_default();
            page.text(&format!("## Variant: {variant}"));
            if listing.header.title != first.header.title {
                page.text(&format!("**{}.**", listing.header.title));
            }
        }
        page.text(&text.lesson);
        if let Some(facts) = facts(&listing.notes) {
            page.text(&facts);
        }
        let functions = recording
            .as_ref()
            .and_then(|it| it.timeline.as_ref())
            .map(timeline::functions);
        program(
            &mut page,
            group,
            listing,
            &text,
            functions.unwrap_or_default(),
            material,
        )?;
        run_it(&mut page, group, listing);
        match (recording, &listing.binary) {
            (Some(recording), _) => {
                let session = listing
                    .binary
                    .as_deref()
                    .map(|it| material.sessions.of(listing, it));
                page.part(output(recording, &session.unwrap_or_default()));
                let end = shared.or_else(|| timeline::end(recording)).unwrap_or(0);
                let figure = timeline::figure(recording, &name(listing), end);
                if !figure.is_empty() {
                    page.part(figure);
                }
            }
            (None, Some(binary)) => {
                let reason = material
                    .sessions
                    .reason(binary)
                    .unwrap_or("it has not been recorded yet");
                page.text(&format!("What it prints is not shown here: {reason}."));
            }
            (None, None) => page.text(&users(listing, group, others)?),
        }
    }
    let measured = material
        .results
        .of(group.number().as_deref(), &group.binaries());
    if !measured.is_empty() {
        page.text("## In numbers");
        page.part(measured);
        page.text("How to read these: [results](results.md).");
    }
    let rows: Vec<Vec<String>> = group
        .rows(material.map)
        .iter()
        .map(|row| vec![inline(&row.python), inline(&row.rust), inline(&row.bites)])
        .collect();
    if !rows.is_empty() {
        page.text("## From asyncio to Rust");
        page.part(table(
            "Rows of the map",
            &["Python", "Rust", "what bites"],
            &rows,
        ));
        page.text("All of them: [the map](map.md).");
    }
    Ok(page)
}

/// The name of a listing among others.
fn name(listing: &Listing) -> String {
    match listing.header.number {
        Some(_) => listing.header.to_string(),
        None => listing.name().to_owned(),
    }
}

/// The facts at the end of a header.
fn facts(notes: &Notes) -> Option<String> {
    let mut facts = Vec::new();
    if let Some(python) = &notes.python {
        facts.push(format!("**In Python:** {python}"));
    }
    if let Some(rust) = &notes.rust {
        facts.push(format!("**Here:** {rust}"));
    }
    match (notes.kind, &notes.takes) {
        (Kind::Server, Some(until)) => facts.push(format!("**Serves** {until}")),
        (Kind::Terminal, _) => facts.push("**Needs a terminal**".to_owned()),
        (_, Some(time)) => facts.push(format!("**Takes** {time}")),
        (_, None) => {}
    }
    (!facts.is_empty()).then(|| facts.join(" · "))
}

/// The program, with the book's own beside it if the reader has it.
fn program(
    page: &mut Page,
    group: &Group,
    listing: &Listing,
    text: &Text,
    functions: BTreeSet<String>,
    material: &Material,
) -> anyhow::Result<()> {
    let path = listing
        .path
        .strip_prefix(material.root)
        .unwrap_or(&listing.path);
    let path = escape(&path.display().to_string());
    let source = format!("<p class=\"source\"><a href=\"source/{path}\">{path}</a></p>");
    let label = format!("Program {}", name(listing));
    let is_listing = listing.header.variant.is_none();
    let theirs = material
        .book
        .filter(|_| is_listing)
        .and_then(|book| of_book(book, group.listings[0].header.number?));
    let mut marks = Marks {
        functions,
        pairs: Vec::new(),
    };
    let Some(theirs) = theirs else {
        page.part(
            material
                .highlighter
                .block(&text.code, "rs", &label, &marks)?,
        );
        page.part(source);
        return Ok(());
    };
    let python_code = std::fs::read_to_string(&theirs)
        .with_context(|| format!("cannot read {}", theirs.display()))?;
    let pairs = python::pairs(
        &group.rows(material.map),
        &python_code,
        &rust_code(&text.code),
    );
    marks.pairs = pairs.rust;
    let ours = material
        .highlighter
        .block(&text.code, "rs", &label, &marks)?;
    let marks = Marks {
        functions: BTreeSet::new(),
        pairs: pairs.python,
    };
    let theirs = material
        .highlighter
        .block(&python_code, "py", "The book's program", &marks)?;
    page.part(format!(
        "<div class=\"beside\"><section><h3>The book's, from your checkout</h3>{theirs}</section>\
         <section><h3>Rust</h3>{ours}</section></div>"
    ));
    page.part(source);
    Ok(())
}

fn run_it(page: &mut Page, group: &Group, listing: &Listing) {
    let Some(binary) = &listing.binary else {
        return;
    };
    let short = match (group.number(), &listing.header.variant) {
        (Some(number), None) => number,
        _ => binary.clone(),
    };
    page.part(format!(
        "<p class=\"run\"><span>Run it</span> <code>cargo xtask run {short}</code> \
         <button type=\"button\" class=\"copy\" data-copy=\"cargo xtask run {short}\">Copy</button></p>"
    ));
}
