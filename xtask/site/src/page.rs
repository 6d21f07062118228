//! A page of the site: Markdown for mdBook, with placeholders for what mdBook must not touch.

use std::collections::BTreeSet;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::Context;
use maud::{Markup, PreEscaped};
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};

use crate::code::{Highlighter, Marks};
use crate::html::scrolls;

/// A page.
#[derive(Debug, Default)]
pub struct Page {
    /// The name of its file, without `.html`.
    pub slug: String,
    /// What the table of contents calls it.
    pub title: String,
    /// Whether the table of contents puts it below its chapter.
    pub is_listing: bool,
    /// The words for which a search must show it first.
    pub words: Vec<String>,
    /// The text.
    pub markdown: String,
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
        let mut changes: Vec<(Range<usize>, String)> = Vec::new();
        let parser = Parser::new_ext(markdown, Options::ENABLE_TABLES);
        let definitions = parser.reference_definitions().iter();
        let definitions = definitions.map(|(_, it)| (it.dest.to_string(), it.span.clone()));
        let mut links: Vec<(String, Range<usize>)> = definitions.collect();
        let mut events = parser.into_offset_iter();
        while let Some((event, range)) = events.next() {
            match event {
                Event::Start(Tag::CodeBlock(kind)) => {
                    let text = events.by_ref().map_while(|(event, _)| match event {
                        Event::Text(text) => Some(text.into_string()),
                        _ => None,
                    });
                    let code: String = text.collect();
                    changes.push((range, page.place(self.program(&kind, &code)?)));
                }
                Event::Start(Tag::Image { dest_url, .. }) if dest_url.ends_with(".svg") => {
                    let file = self.root.join(folder).join(&*dest_url);
                    let svg = fs::read_to_string(&file);
                    let svg = svg.with_context(|| format!("cannot read {}", file.display()))?;
                    let figure = scrolls("figure", "Figure", &PreEscaped(svg));
                    changes.push((range, page.place(figure)));
                }
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    links.push((dest_url.into_string(), range));
                }
                _ => {}
            }
        }
        for (link, range) in links {
            // A link by reference has its target in the definition only.
            if let Some(at) = markdown[range.clone()].rfind(&link) {
                let at = range.start + at;
                changes.push((at..at + link.len(), self.target(folder, &link)?));
            }
        }
        // An image may be in a link, whose target comes after it.
        changes.sort_by_key(|(range, _)| range.start);
        let mut text = String::new();
        let mut from = 0;
        for (range, new) in changes {
            text += &markdown[from..range.start];
            text += &new;
            from = range.end;
        }
        page.text(&(text + &markdown[from..]));
        Ok(())
    }

    fn program(&self, kind: &CodeBlockKind, code: &str) -> anyhow::Result<Markup> {
        let language = match kind {
            CodeBlockKind::Fenced(language) => &**language,
            CodeBlockKind::Indented => "",
        };
        let label = match language {
            "" | "text" => "Output",
            _ => "Code",
        };
        // Lines that only the tests of the page need.
        let is_shown = |line: &&str| language != "rust" || !line.starts_with("# ");
        let shown: String = code.split_inclusive('\n').filter(is_shown).collect();
        self.highlighter
            .block(&shown, language, label, &Marks::default())
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
            "README.md" => "index",
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
