//! A page of the site: Markdown for mdBook, with placeholders for what mdBook must not touch.

use std::collections::BTreeSet;
use std::fs;
use std::ops::Range;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, ensure};
use maud::{Markup, PreEscaped};
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};

use crate::code::{Highlighter, Marks};
use crate::html::scrolls;

/// A page.
#[derive(Debug)]
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
            is_listing: false,
            words: Vec::new(),
            markdown: String::new(),
            parts: Vec::new(),
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
        let mut events = parser.into_offset_iter();
        while let Some((event, range)) = events.next() {
            match event {
                Event::Start(Tag::CodeBlock(kind)) => {
                    let text = events.by_ref().map_while(|(event, _)| match event {
                        Event::Text(text) => Some(text),
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
                    let at = markdown[range.clone()].rfind(&*dest_url);
                    let at = at.with_context(|| format!("no link to {dest_url}"))? + range.start;
                    let target = self.target(folder, &dest_url)?;
                    changes.push((at..at + dest_url.len(), target));
                }
                _ => {}
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
            CodeBlockKind::Fenced(language) => language,
            CodeBlockKind::Indented => "",
        };
        let (extension, label) = match language {
            "rust" => ("rs", "Program in Rust"),
            "python" => ("py", "Program in Python"),
            "sh" | "console" => ("sh", "Commands"),
            "toml" => ("toml", "Configuration"),
            _ => ("txt", "Output"),
        };
        // Lines that only the tests of the page need.
        let is_shown = |line: &&str| extension != "rs" || !line.starts_with("# ");
        let shown: String = code.split_inclusive('\n').filter(is_shown).collect();
        self.highlighter.block(&shown, extension, label, &Marks::default())
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
        let path = normal(&folder.join(path));
        let name = path.to_string_lossy();
        let slug = match &*name {
            "README.md" => "index",
            "RESULTS.md" => "results",
            "ASYNCIO.md" => "map",
            "CONTRIBUTING.md" => "contributing",
            "xtask/README.md" => "xtask",
            chapter if chapter.ends_with("/README.md") => {
                chapter.split('-').next().unwrap_or_default()
            }
            _ => {
                let found = self.root.join(&path).is_file();
                ensure!(found, "there is no {name}, which {} links to", folder.display());
                self.files.insert(path.clone());
                return Ok(format!("source/{name}{anchor}"));
            }
        };
        Ok(format!("{slug}.md{anchor}"))
    }
}

/// A path without `..`.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                normal.pop();
            }
            part => normal.push(part),
        }
    }
    normal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_pages_and_copied_files() -> anyhow::Result<()> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let highlighter = Highlighter::new()?;
        let mut importer = Importer {
            root: &root,
            highlighter: &highlighter,
            files: BTreeSet::new(),
        };
        let mut page = Page::new("ch02", "Chapter 2");
        let text = "[map](../ASYNCIO.md#the-map) [six](../ch06-cpu/README.md) `[no](link)`\n\
                    [![src](https://example.com/x)](src/debug.rs)\n\n\
                    ```rust\n# hidden\nfn f() {}\n```\n";
        importer.add(&mut page, Path::new("ch02-basics"), text)?;
        for wanted in [
            "(map.md#the-map)",
            "(ch06.md)",
            "`[no](link)`",
            "[![src](https://example.com/x)](source/ch02-basics/src/debug.rs)",
        ] {
            assert!(page.markdown.contains(wanted), "{wanted}: {}", page.markdown);
        }
        let filled = page.fill(page.markdown.clone())?;
        assert!(filled.contains("<i class=\"f\">f</i>"), "{filled}");
        assert!(!filled.contains("hidden"));
        assert!(page.fill(String::new()).is_err());
        let missing = importer.add(&mut page, Path::new("ch02-basics"), "[x](nowhere.md)");
        assert!(missing.is_err());
        Ok(())
    }
}
