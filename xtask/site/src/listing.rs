//! The page of a listing, with its variants.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Context;
use regex::Regex;
use xtask::source::rust_code;
use xtask::timeline::Timeline;
use xtask::workspace::{Chapter, Kind, Listing, Notes};

use crate::code::{Highlighter, Marks};
use crate::html::{escape, inline, table};
use crate::map::{self, Row};
use crate::output::output;
use crate::page::Page;
use crate::python;
use crate::recording::Recording;
use crate::results::Results;
use crate::sessions::Sessions;
use crate::timeline;

/// Timelines of variants share one axis, unless one is this many times as long as another.
const SAME_AXIS: u64 = 40;

/// What the pages of listings are made from.
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

/// A listing of the book with its variants, or an example.
pub struct Group<'a> {
    /// The chapter.
    pub chapter: &'a Chapter,
    /// The listing first, then its variants.
    pub listings: Vec<&'a Listing>,
}

/// A listing's source, in parts.
struct Text {
    /// The header without its first line and its facts, in Markdown.
    lesson: String,
    /// The program, without its header.
    code: String,
}

impl<'a> Group<'a> {
    /// The groups of a chapter, in its order.
    #[must_use]
    pub fn of(chapter: &'a Chapter) -> Vec<Self> {
        let mut groups: Vec<Self> = Vec::new();
        for listing in &chapter.listings {
            let same = |group: &&mut Self| {
                let number = group.listings[0].header.number;
                number.is_some() && number == listing.header.number
            };
            match groups.last_mut().filter(same) {
                Some(group) => group.listings.push(listing),
                None => groups.push(Self {
                    chapter,
                    listings: vec![listing],
                }),
            }
        }
        groups
    }

    /// The number, such as `2.9`, of a listing of the book.
    #[must_use]
    pub fn number(&self) -> Option<String> {
        let (chapter, number) = self.listings[0].header.number?;
        Some(format!("{chapter}.{number}"))
    }

    /// The name of its page.
    #[must_use]
    pub fn slug(&self) -> String {
        let first = self.listings[0];
        let stem = || {
            first
                .path
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned()
        };
        self.number()
            .or_else(|| first.binary.clone())
            .unwrap_or_else(stem)
    }

    /// What the table of contents calls it.
    #[must_use]
    pub fn title(&self) -> String {
        let title = &self.listings[0].header.title;
        match self.number() {
            Some(number) => format!("{number} {title}"),
            None => title.clone(),
        }
    }

    fn binaries(&self) -> Vec<&str> {
        self.listings
            .iter()
            .filter_map(|listing| listing.binary.as_deref())
            .collect()
    }

    fn is_called(&self, name: &str) -> bool {
        self.number().as_deref() == Some(name) || self.binaries().contains(&name)
    }

    fn rows<'m>(&self, map: &'m [Row]) -> Vec<&'m Row> {
        let is_about = |row: &&Row| row.listings.iter().any(|name| self.is_called(name));
        map.iter().filter(is_about).collect()
    }

    /// The names that a search must find this page by, before all others: those of the map's rows
    /// whose first listing this is, unless an earlier row has them,
    /// or another one is about asyncio's.
    fn names(&self, map: &[Row]) -> Vec<String> {
        let mut names = Vec::new();
        for (index, row) in map.iter().enumerate() {
            if !row
                .listings
                .first()
                .is_some_and(|name| self.is_called(name))
            {
                continue;
            }
            let earlier: Vec<String> = map[..index]
                .iter()
                .flat_map(|row| words(&row.python))
                .collect();
            // `Lock` is asyncio's, and not `threading`'s, though that comes first.
            let of_asyncio = |word: &str| {
                let name = format!("`asyncio.{word}`");
                !row.python.contains(&name) && map.iter().any(|row| row.python.contains(&name))
            };
            let ours = |word: &String| {
                row.python.contains(&format!("`asyncio.{word}`")) || !earlier.contains(word)
            };
            let new = words(&row.python)
                .into_iter()
                .filter(|word| ours(word) && !of_asyncio(word));
            names.extend(new);
        }
        names
    }
}

/// The names in a cell of the map, in full and their last parts.
#[must_use]
pub fn words(cell: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let names = map::names(cell);
    for name in names.iter().filter(|name| !name.contains(' ')) {
        for word in [name, map::last(name)] {
            if !words.iter().any(|known| known == word) {
                words.push(word.to_owned());
            }
        }
    }
    words
}

/// Where a recording of `binary` would be.
fn recording(material: &Material, binary: &str) -> anyhow::Result<Option<Recording>> {
    let path = material
        .root
        .join(format!("xtask/site/recordings/{binary}.txt"));
    if !path.is_file() {
        return Ok(None);
    }
    let read = || std::fs::read_to_string(&path)?.parse();
    read()
        .map(Some)
        .with_context(|| format!("cannot read {}", path.display()))
}

/// The page of a group. `others` are the sources of all listings, for libraries to say who uses
/// them, each with the title and the name of its page.
///
/// # Errors
/// If a source or recording cannot be read.
pub fn page(
    group: &Group,
    material: &Material,
    others: &[(String, String, &Listing)],
) -> anyhow::Result<Page> {
    let mut page = Page::new(group.slug(), group.title());
    page.is_listing = true;
    let first = group.listings[0];
    let names = group.names(material.map);
    let subtitle = match names.is_empty() {
        true => String::new(),
        false => format!(" <span class=\"names\">{}</span>", escape(&names.join(" "))),
    };
    page.text(&format!("# {}{subtitle}", group.title()));
    page.words = names.into_iter().chain(group.number()).collect();

    let mut recordings = Vec::new();
    for listing in &group.listings {
        let recording = listing
            .binary
            .as_deref()
            .map(|binary| recording(material, binary));
        recordings.push(recording.transpose()?.flatten());
    }
    let ends: Vec<u64> = recordings.iter().flatten().filter_map(end).collect();
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
                page.part(output(recording));
                let end = shared.or_else(|| end(recording)).unwrap_or(0);
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

/// How long a recorded run took.
fn end(recording: &Recording) -> Option<u64> {
    let timeline: &Timeline = recording.timeline.as_ref()?;
    let last = recording
        .lines
        .iter()
        .map(|line| line.at * 1000)
        .max()
        .unwrap_or(0);
    Some(timeline.end.max(last))
}

/// What a listing is called beside others.
fn name(listing: &Listing) -> String {
    match (listing.header.number, &listing.header.variant) {
        (Some((chapter, number)), Some(variant)) => format!("{chapter}.{number} ({variant})"),
        (Some((chapter, number)), None) => format!("{chapter}.{number}"),
        (None, _) => listing.name().to_owned(),
    }
}

impl Text {
    fn read(listing: &Listing) -> anyhow::Result<Self> {
        let path = &listing.path;
        let source = std::fs::read_to_string(path)
            .with_context(|| format!("cannot read {}", path.display()))?;
        let header = source.lines().take_while(|line| line.starts_with("//!"));
        let length = header.clone().count();
        let header = header
            .skip(1)
            .map(|line| line.trim_start_matches("//!").trim_start_matches(' '));
        let header = header.collect::<Vec<_>>().join("\n");
        let mut paragraphs: Vec<&str> = header.trim().split("\n\n").collect();
        if listing.notes != Notes::default() {
            paragraphs.pop();
        }
        let code = source.lines().skip(length).collect::<Vec<_>>().join("\n");
        Ok(Self {
            lesson: paragraphs.join("\n\n"),
            code: code.trim_start_matches('\n').to_owned() + "\n",
        })
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

/// The program, and beside it the book's own where the reader has it.
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
        .and_then(|book| python::find(book, group.listings[0]));
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

/// Who uses a library listing.
fn users(
    listing: &Listing,
    group: &Group,
    others: &[(String, String, &Listing)],
) -> anyhow::Result<String> {
    let stem = listing
        .path
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy();
    let package = group.chapter.name.replace('-', "_");
    let uses = Regex::new(&format!(
        r"\b({package}|crate|super)::(\{{[^}}]*)?\b{stem}\b"
    ))?;
    let mut pages: Vec<String> = Vec::new();
    for (title, slug, other) in others {
        if other.path == listing.path {
            continue;
        }
        let source = std::fs::read_to_string(&other.path)
            .with_context(|| format!("cannot read {}", other.path.display()))?;
        let same = package == "util" || other.path.starts_with(package_folder(listing));
        let link = format!("[{title}]({slug}.md)");
        if same && uses.is_match(&rust_code(&source)) && !pages.contains(&link) {
            pages.push(link);
        }
    }
    Ok(match pages.is_empty() {
        true => "It is a library; its own tests run it.".to_owned(),
        false => format!("It is a library. These use it: {}.", pages.join(", ")),
    })
}

/// The folder of the package that a source belongs to.
fn package_folder(listing: &Listing) -> &Path {
    let source = listing
        .path
        .ancestors()
        .find(|folder| folder.ends_with("src"));
    source.and_then(Path::parent).unwrap_or(&listing.path)
}
