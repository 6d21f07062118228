//! A page of the site: Markdown for mdBook, with placeholders for what mdBook must not touch.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use anyhow::Context;
use regex::{Captures, Regex};

use crate::code::{Highlighter, Marks};
use crate::html::escape;

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
    parts: Vec<String>,
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
    pub fn part(&mut self, html: String) {
        let place = self.place(html);
        self.text(&place);
    }

    fn place(&mut self, html: String) -> String {
        self.parts.push(html);
        format!("<div data-part=\"{}\"></div>", self.parts.len() - 1)
    }

    /// Fills the placeholders in mdBook's HTML.
    ///
    /// # Errors
    /// If mdBook has lost a placeholder.
    pub fn fill(&self, mut html: String) -> anyhow::Result<String> {
        for (index, part) in self.parts.iter().enumerate() {
            let place = format!("<div data-part=\"{index}\"></div>");
            let at = html
                .find(&place)
                .with_context(|| format!("{} has lost {place}", self.slug))?;
            html.replace_range(at..at + place.len(), part);
        }
        Ok(html)
    }
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
        let comments = Regex::new(r"(?sm)^<!--.*?-->\n|<!--.*?-->")?;
        let markdown = comments.replace_all(markdown, "");
        let mut fence: Option<(String, String)> = None;
        let mut text = String::new();
        for line in markdown.lines() {
            match (&mut fence, line.strip_prefix("```")) {
                (None, Some(language)) => fence = Some((language.to_owned(), String::new())),
                (Some((_, code)), None) => {
                    *code += line;
                    *code += "\n";
                }
                (Some((language, code)), Some(_)) => {
                    let html = self.fenced(language, code)?;
                    text += &page.place(html);
                    text += "\n";
                    fence = None;
                }
                (None, None) => {
                    text += &self.line(page, folder, line)?;
                    text += "\n";
                }
            }
        }
        page.text(&text);
        Ok(())
    }

    fn fenced(&self, language: &str, code: &str) -> anyhow::Result<String> {
        let (extension, label) = match language {
            "rust" => ("rs", "Program in Rust"),
            "python" => ("py", "Program in Python"),
            "sh" | "console" => ("sh", "Commands"),
            "toml" => ("toml", "Configuration"),
            _ => ("txt", "Output"),
        };
        // Lines that only the tests of the page need.
        let shown: String = match extension {
            "rs" => {
                let lines = code.lines().filter(|line| !line.starts_with("# "));
                lines.map(|line| format!("{line}\n")).collect()
            }
            _ => code.to_owned(),
        };
        self.highlighter
            .block(&shown, extension, label, &Marks::default())
    }

    fn line(&mut self, page: &mut Page, folder: &Path, line: &str) -> anyhow::Result<String> {
        let image = Regex::new(r"^!\[([^\]]*)\]\(([^)]+\.svg)\)$")?;
        if let Some(image) = image.captures(line) {
            let file = self.root.join(folder).join(&image[2]);
            let svg = std::fs::read_to_string(&file)
                .with_context(|| format!("cannot read {}", file.display()))?;
            return Ok(page.place(figure(&svg, &image[1])?));
        }
        let links = Regex::new(r"(!?\[[^\]]*\])\(([^)\s]+)\)")?;
        let mut failed = None;
        let line = links.replace_all(line, |link: &Captures| {
            let target = self.target(folder, &link[2]);
            let target = target.unwrap_or_else(|error| {
                failed = Some(error);
                String::new()
            });
            format!("{}({target})", &link[1])
        });
        match failed {
            Some(error) => Err(error),
            None => Ok(line.into_owned()),
        }
    }

    /// Where a link of a file in `folder` leads on the site.
    fn target(&mut self, folder: &Path, link: &str) -> anyhow::Result<String> {
        if link.starts_with('#') || link.contains("://") {
            return Ok(link.to_owned());
        }
        if let Some(slug) = link.strip_prefix("page:") {
            return Ok(format!("{slug}.md"));
        }
        let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
        let anchor = if anchor.is_empty() {
            String::new()
        } else {
            format!("#{anchor}")
        };
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
                anyhow::ensure!(
                    found,
                    "there is no {name}, which {} links to",
                    folder.display()
                );
                self.files.insert(path.clone());
                return Ok(format!("source/{name}{anchor}"));
            }
        };
        Ok(format!("{slug}.md{anchor}"))
    }
}

/// A figure of the workspace, with the colours of the site instead of its own.
fn figure(svg: &str, label: &str) -> anyhow::Result<String> {
    let style = Regex::new(r"(?s)<style>.*?</style>\n?")?;
    let title = Regex::new(r"(?s)<title>.*?</title>\n?")?;
    let svg = style.replace(svg, "");
    let svg = title.replace(&svg, "");
    let label = format!("<svg class=\"drawn\" aria-label=\"{}\"", escape(label));
    let svg = svg.replacen("<svg", &label, 1);
    Ok(format!(
        "<div class=\"scrolls figure\" tabindex=\"0\" role=\"region\" aria-label=\"Figure\">{svg}</div>"
    ))
}

/// A path without `..`.
fn normal(path: &Path) -> PathBuf {
    let mut parts: Vec<&std::ffi::OsStr> = Vec::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(parts.pop()),
            Component::Normal(part) => parts.push(part),
            _ => {}
        }
    }
    parts.iter().collect()
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
        let text = "[map](../ASYNCIO.md#the-map) [six](../ch06-cpu/README.md) [it](src/debug.rs)\n\
                    [out](https://example.com) <!-- gone -->\n```rust\n# hidden\nfn f() {}\n```\n";
        importer.add(&mut page, Path::new("ch02-basics"), text)?;
        for wanted in [
            "(map.md#the-map)",
            "(ch06.md)",
            "(source/ch02-basics/src/debug.rs)",
            "(https://example.com)",
        ] {
            assert!(
                page.markdown.contains(wanted),
                "{wanted} in {}",
                page.markdown
            );
        }
        assert!(!page.markdown.contains("gone"));
        let filled = page.fill(page.markdown.clone())?;
        assert!(
            filled.contains("<i class=\"f\">f</i>") && !filled.contains("hidden"),
            "{filled}"
        );
        assert!(page.fill(String::new()).is_err());
        assert!(
            importer
                .add(&mut page, Path::new("ch02-basics"), "[x](nowhere.md)")
                .is_err()
        );
        Ok(())
    }
}
