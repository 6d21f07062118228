//! Makes HTML of the pages with mdBook, then fills in the parts that mdBook must not touch.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::Context;
use mdbook_driver::MDBook;
use mdbook_driver::config::Config;
use xtask_report::svg::kit::{RULES, colours};

use crate::page::Page;
use crate::search;
use crate::site::Site;

const CONFIG: &str = include_str!("../assets/book.toml");
const CSS: &str = include_str!("../assets/site.css");
const JS: &str = include_str!("../assets/site.js");

/// Replaces mdBook's highlighter, which would run again over highlighted code.
const NO_HIGHLIGHTER: &str = "window.hljs = { configure() {}, highlightBlock() {} };\n";

/// Writes the site to `output`, which is emptied before.
///
/// # Errors
/// If a file cannot be written, or mdBook fails.
pub fn build(site: &Site, root: &Path, output: &Path) -> anyhow::Result<()> {
    if output.exists() {
        fs::remove_dir_all(output).with_context(|| format!("cannot empty {}", output.display()))?;
    }
    let scratch = tempfile::tempdir()?;
    let source = |name: &str, text: &str| write(&scratch.path().join(name), text);
    source("site.css", &css())?;
    source("site.js", JS)?;
    source("theme/highlight.js", NO_HIGHLIGHTER)?;
    // The system's fonts, not mdBook's.
    source("theme/fonts/fonts.css", "/* none */\n")?;
    let mut summary = String::from("# Summary\n\n");
    for page in &site.pages {
        source(&format!("src/{}.md", page.slug), &page.markdown)?;
        let indent = if page.is_listing { "  " } else { "" };
        let title = page.title.replace('[', "\\[").replace(']', "\\]");
        writeln!(
            summary,
            "{indent}- [{}]({}.md)",
            title.replace('`', ""),
            page.slug
        )?;
    }
    source("src/SUMMARY.md", &summary)?;

    let mut config: Config = CONFIG.parse()?;
    config.build.build_dir = output.to_owned();
    MDBook::load_with_config(scratch.path(), config)?.build()?;

    for page in &site.pages {
        change(&output.join(format!("{}.html", page.slug)), |html| {
            finish(page, html)
        })?;
    }
    change(&output.join("searchindex.js"), |index| {
        search::with_words(index, &site.pages)
    })?;
    for file in &site.files {
        let copy = output.join("source").join(file);
        let made = copy.parent().map_or(Ok(()), fs::create_dir_all);
        made.and_then(|()| fs::copy(root.join(file), &copy))
            .with_context(|| format!("cannot copy {}", file.display()))?;
    }
    Ok(())
}

/// The style, with the colours of the figures in both kinds of themes.
fn css() -> String {
    let (light, dark) = (colours(false), colours(true));
    format!("html:root {{ {light} }}\nhtml.coal, html.navy, html.ayu {{ {dark} }}\n{RULES}\n{CSS}")
}

fn finish(page: &Page, html: &str) -> anyhow::Result<String> {
    // What scrolls must be reached by keyboard too.
    let html = html.replace(
        "<div class=\"table-wrapper\">",
        "<div class=\"table-wrapper scrolls\" tabindex=\"0\" role=\"region\" aria-label=\"Table\">",
    );
    page.fill(html)
}

fn change(path: &Path, change: impl FnOnce(&str) -> anyhow::Result<String>) -> anyhow::Result<()> {
    let text = fs::read_to_string(path);
    let text = text.with_context(|| format!("cannot read {}", path.display()))?;
    write(path, &change(&text)?)
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    let made = path.parent().map_or(Ok(()), fs::create_dir_all);
    made.and_then(|()| fs::write(path, text))
        .with_context(|| format!("cannot write {}", path.display()))
}
