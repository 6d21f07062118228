//! A page of the site: Markdown for mdBook, with placeholders for what mdBook must not touch.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::Context;
use maud::{Markup, PreEscaped};
use regex::Regex;
use xtask::output::read;
use xtask_report::text::shorten;

use crate::code::Highlighter;
use crate::html::scrolls;

/// What a page changes in a file: its programs, figures and links.
const CHANGED: &str = r"(?x)
    (?ms:^```(?<language>\w*)[^\n]*\n(?<code>.*?)^```$)
    | !\[[^\]]*\]\((?<figure>[^)]*\.svg)\)
    | (?<before>\]\(|(?m:^\[[^\]]+\]:\ ))(?<link>[^)\s]+)";

/// At most this many characters of a page's text describe it.
const DESCRIPTION: usize = 200;

/// A page.
#[derive(Debug, Default)]
pub struct Page {
    /// The name of its file, without `.html`.
    pub slug: String,
    /// What the table of contents calls it.
    pub title: String,
    /// How deep it is in the table of contents: one below its chapter, two beside the book.
    pub depth: usize,
    /// The text.
    pub markdown: String,
    /// The constructs of Rust that it has linked to what explains them.
    pub explained: BTreeSet<String>,
    /// What replaces the placeholders in mdBook's HTML.
    parts: Vec<Markup>,
}

impl Page {
    /// A page without text.
    pub fn new(slug: impl Into<String>, title: impl Into<String>) -> Self {
        Self {
            slug: slug.into(),
            title: title.into(),
            ..Self::default()
        }
    }

    /// Adds Markdown.
    pub fn text(&mut self, markdown: &str) {
        self.markdown += markdown;
        self.markdown += "\n\n";
    }

    /// Adds HTML that mdBook does not read: its highlighter and its search leave it alone.
    pub fn part(&mut self, html: Markup) {
        let place = self.place(html);
        self.text(&place);
    }

    fn place(&mut self, html: Markup) -> String {
        self.parts.push(html);
        placeholder(self.parts.len() - 1)
    }

    /// Its first paragraph without marks, for previews.
    ///
    /// # Errors
    /// Never: the pattern is one.
    pub fn description(&self) -> anyhow::Result<String> {
        let mut paragraphs = self.markdown.split("\n\n");
        let paragraph = paragraphs.find(|it| !it.starts_with(['#', '<', '|']) && !it.is_empty());
        let marks = Regex::new(r"\]\([^)]*\)|[`*\[\]]")?;
        let plain = marks.replace_all(paragraph.unwrap_or_default(), "");
        Ok(shorten(plain.replace('\n', " ").trim(), DESCRIPTION))
    }

    /// Fills the placeholders in mdBook's HTML.
    ///
    /// # Errors
    /// If mdBook has lost a placeholder.
    pub fn fill(&self, mut html: String) -> anyhow::Result<String> {
        for (index, part) in self.parts.iter().enumerate() {
            let place = placeholder(index);
            let at = html.find(&place);
            let at = at.with_context(|| format!("{} has lost {place}", self.slug))?;
            html.replace_range(at..at + place.len(), &part.0);
        }
        Ok(html)
    }
}

fn placeholder(index: usize) -> String {
    format!("<div data-part=\"{index}\"></div>")
}

/// Makes pages of the workspace's own Markdown files.
pub struct Importer<'a> {
    /// The top folder of the workspace.
    pub root: &'a Path,
    /// Highlights their programs.
    pub highlighter: &'a Highlighter,
    /// The files that pages link to. The site gets copies of them.
    pub files: BTreeSet<PathBuf>,
}

impl Importer<'_> {
    /// Adds `markdown`, which is in `folder` of the workspace, to `page`: with its programs
    /// highlighted, its figures in the page, and its links to the site's own pages.
    ///
    /// # Errors
    /// If a figure or a linked file is missing.
    pub fn add(&mut self, page: &mut Page, folder: &Path, markdown: &str) -> anyhow::Result<()> {
        let pattern = Regex::new(CHANGED)?;
        let mut text = String::new();
        let mut from = 0;
        for found in pattern.captures_iter(markdown) {
            let part = |name| found.name(name).map_or("", |it| it.as_str());
            let whole = found.get_match().range();
            text += &markdown[from..whole.start];
            text += &match (part("code"), part("figure"), part("link")) {
                ("", "", link) => part("before").to_owned() + &self.target(folder, link)?,
                ("", figure, _) => {
                    let svg = read(&self.root.join(folder).join(figure))?;
                    page.place(scrolls("figure", "Figure", &PreEscaped(svg)))
                }
                (code, ..) => page.place(self.program(part("language"), code)?),
            };
            from = whole.end;
        }
        page.text(&(text + &markdown[from..]));
        Ok(())
    }

    fn program(&self, language: &str, code: &str) -> anyhow::Result<Markup> {
        let is_output = matches!(language, "" | "text");
        let label = if is_output { "Output" } else { "Code" };
        // Lines that only the tests of the page need.
        let is_shown = |line: &&str| language != "rust" || !line.starts_with("# ");
        let shown: String = code.split_inclusive('\n').filter(is_shown).collect();
        self.highlighter.block(&shown, language, label, &[])
    }

    /// Where a link of a file in `folder` leads on the site.
    fn target(&mut self, folder: &Path, link: &str) -> anyhow::Result<String> {
        if link.starts_with('#') || link.contains("://") {
            return Ok(link.to_owned());
        }
        if let Some(slug) = link.strip_prefix("page:") {
            return Ok(format!("{slug}.md"));
        }
        let (path, anchor) = link.split_at(link.find('#').unwrap_or(link.len()));
        let path = self.root.join(folder).join(path).canonicalize();
        let path = path.with_context(|| format!("there is no {link}"))?;
        let path = path.strip_prefix(self.root.canonicalize()?)?.to_owned();
        let name = path.to_string_lossy().replace('\\', "/");
        let slug = match &*name {
            "README.md" => "start",
            "RESULTS.md" => "results",
            "ASYNCIO.md" => "map",
            "CONTRIBUTING.md" => "contributing",
            "RUST.md" => "rust",
            "xtask/README.md" => "xtask",
            chapter if chapter.ends_with("/README.md") => {
                chapter.split('-').next().unwrap_or_default()
            }
            _ => {
                self.files.insert(path);
                return Ok(format!("source/{name}{anchor}"));
            }
        };
        Ok(format!("{slug}.md{anchor}"))
    }
}
