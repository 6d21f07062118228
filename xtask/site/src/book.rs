//! Makes HTML of the pages with mdBook, then fills in the parts that mdBook must not touch.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::Context;
use mdbook_driver::MDBook;
use mdbook_driver::config::Config;

use crate::page::Page;
use crate::search;
use crate::site::Site;

const CSS: &str = include_str!("../assets/site.css");
const JS: &str = include_str!("../assets/site.js");

/// Replaces mdBook's highlighter, which would run again over highlighted code.
const NO_HIGHLIGHTER: &str = "window.hljs = { configure() {}, highlightBlock() {} };\n";

const CONFIG: &str = r#"
[book]
title = "Python Concurrency with asyncio, in Rust"
description = "The listings of the book as Rust programs, with what they print and how long they take"
language = "en"

[build]
create-missing = false
use-default-preprocessors = false

[output.html]
default-theme = "light"
preferred-dark-theme = "navy"
theme = "theme"
additional-css = ["site.css"]
additional-js = ["site.js"]
no-section-label = true
smart-punctuation = false
definition-lists = false
admonitions = false
sidebar-header-nav = false
hash-files = false
input-404 = ""

[output.html.print]
enable = false

[output.html.search]
boost-title = 4
boost-hierarchy = 1
heading-split-level = 1
"#;

/// Writes the site to `output`, which is emptied before; `scratch` is an empty folder.
///
/// # Errors
/// If a file cannot be written, or mdBook fails.
pub fn build(site: &Site, root: &Path, scratch: &Path, output: &Path) -> anyhow::Result<()> {
    if output.exists() {
        fs::remove_dir_all(output).with_context(|| format!("cannot empty {}", output.display()))?;
    }
    write(&scratch.join("site.css"), CSS)?;
    write(&scratch.join("site.js"), JS)?;
    write(&scratch.join("theme/highlight.js"), NO_HIGHLIGHTER)?;
    // The system's fonts, not mdBook's.
    write(&scratch.join("theme/fonts/fonts.css"), "/* none */\n")?;
    let mut summary = String::from("# Summary\n\n");
    for page in &site.pages {
        write(
            &scratch.join("src").join(format!("{}.md", page.slug)),
            &page.markdown,
        )?;
        let indent = if page.is_listing { "  " } else { "" };
        let title = page
            .title
            .replace('[', "\\[")
            .replace(']', "\\]")
            .replace('`', "");
        writeln!(summary, "{indent}- [{title}]({}.md)", page.slug)?;
    }
    write(&scratch.join("src/SUMMARY.md"), &summary)?;

    let mut config: Config = CONFIG.parse()?;
    config.build.build_dir = output.to_owned();
    let book = MDBook::load_with_config(scratch, config)?;
    book.build()?;

    for page in &site.pages {
        let path = output.join(format!("{}.html", page.slug));
        let html =
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        write(&path, &finish(page, html)?)?;
    }
    let index = output.join("searchindex.js");
    let text =
        fs::read_to_string(&index).with_context(|| format!("cannot read {}", index.display()))?;
    write(&index, &search::with_words(&text, &site.pages)?)?;
    for file in &site.files {
        let copy = output.join("source").join(file);
        let made = copy.parent().map_or(Ok(()), fs::create_dir_all);
        made.and_then(|()| fs::copy(root.join(file), &copy))
            .with_context(|| format!("cannot copy {}", file.display()))?;
    }
    Ok(())
}

fn finish(page: &Page, html: String) -> anyhow::Result<String> {
    // What scrolls must be reached by keyboard too.
    let html = html.replace(
        "<div class=\"table-wrapper\">",
        "<div class=\"table-wrapper scrolls\" tabindex=\"0\" role=\"region\" aria-label=\"Table\">",
    );
    page.fill(html)
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    let write = || {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(path, text)
    };
    write().with_context(|| format!("cannot write {}", path.display()))
}
