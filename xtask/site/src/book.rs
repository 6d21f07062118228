//! Makes HTML of the pages with mdBook, then fills in the parts that mdBook must not touch.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::Context;
use maud::html;
use mdbook_driver::MDBook;
use mdbook_driver::config::Config;
use regex::Regex;
use xtask::output::read;
use xtask_report::svg::kit::{DARK, LIGHT, RULES};

use crate::page::Page;
use crate::site::Site;

const CONFIG: &str = include_str!("../assets/book.toml");
const HEAD: &str = include_str!("../assets/head.hbs");
const NOT_FOUND: &str = include_str!("../assets/404.md");
const CSS: &str = include_str!("../assets/site.css");
const JS: &str = include_str!("../assets/site.js");

/// Replaces mdBook's highlighter, which would run again over highlighted code.
const NO_HIGHLIGHTER: &str = "window.hljs = { configure() {}, highlightBlock() {} };\n";

/// What scrolls must be reached by keyboard too.
const TABLE: &str = "<div class=\"table-wrapper\">";
const SCROLLS: &str = "<div class=\"table-wrapper scrolls\" tabindex=\"0\" role=\"region\" \
                       aria-label=\"Table\">";

/// The listings of a chapter that the book does not number, in the table of contents.
const BESIDE: &str = "Beside the book";

/// Writes the site to `output`, which is emptied before. It will be published at `url`, if that is
/// known.
///
/// # Errors
/// If a file cannot be written, or mdBook fails.
pub fn build(site: &Site, root: &Path, output: &Path, url: Option<&str>) -> anyhow::Result<()> {
    let url = url.map(|url| url.trim_end_matches('/'));
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
    source("theme/head.hbs", &head(url))?;
    source("src/404.md", NOT_FOUND)?;
    let mut summary = String::from("# Summary\n\n");
    let mut depth = 0;
    for page in &site.pages {
        source(&format!("src/{}.md", page.slug), &page.markdown)?;
        if page.depth > 1 && depth < page.depth {
            writeln!(summary, "  - [{BESIDE}]()")?;
        }
        depth = page.depth;
        let indent = "  ".repeat(depth);
        let title = page
            .title
            .replace('[', "\\[")
            .replace(']', "\\]")
            .replace('`', "");
        writeln!(summary, "{indent}- [{title}]({}.md)", page.slug)?;
    }
    source("src/SUMMARY.md", &summary)?;

    let mut config: Config = CONFIG.parse()?;
    config.build.build_dir = output.to_owned();
    // Wherever a reader has strayed, the links of the page that says so begin here.
    let folder = url.map(|url| url.splitn(4, '/').nth(3).unwrap_or_default());
    let folder = folder.map_or(String::new(), |it| format!("/{it}/").replace("//", "/"));
    config.set("output.html.site-url", folder)?;
    let described = config.book.description.clone().unwrap_or_default();
    MDBook::load_with_config(scratch.path(), config)?.build()?;

    for page in &site.pages {
        let file = output.join(format!("{}.html", page.slug));
        change(&file, |html| finish(page, &described, html))?;
    }
    change(&output.join("searchindex.js"), without_words)?;
    for contents in ["toc.js", "toc.html"] {
        change(&output.join(contents), fold)?;
    }
    if let Some(url) = url {
        write(&output.join("sitemap.xml"), &site_map(site, url))?;
    }
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
    let dark = format!("html.coal, html.navy, html.ayu {{ {DARK} }}");
    format!("html:root {{ {LIGHT} }}\n{dark}\n{RULES}\n{CSS}")
}

/// The tags for link previews, without those that must know where the site is if nobody does.
fn head(url: Option<&str>) -> String {
    let lines = HEAD.split_inclusive('\n');
    let known: String = lines
        .filter(|line| url.is_some() || !line.contains("SITE_URL"))
        .collect();
    known.replace("SITE_URL", url.unwrap_or_default())
}

fn site_map(site: &Site, url: &str) -> String {
    let pages = site.pages.iter();
    let pages = pages.map(|page| format!("<url><loc>{url}/{}.html</loc></url>\n", page.slug));
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n{}</urlset>\n",
        pages.collect::<String>()
    )
}

/// Folds the listings beside the book, so that a keyboard opens them, also without JavaScript.
fn fold(contents: &str) -> anyhow::Result<String> {
    let pattern =
        format!(r"<span class=.chapter-link-wrapper.><span>{BESIDE}</span></span>(<ol .*?</ol>)");
    let folded = format!("<details><summary>{BESIDE}</summary>$1</details>");
    let pattern = Regex::new(&pattern)?;
    Ok(pattern.replace_all(contents, folded).into_owned())
}

/// Leaves out what was only for the search to read.
fn without_words(text: &str) -> anyhow::Result<String> {
    let words = Regex::new("⟦[^⟧]*⟧")?;
    Ok(words.replace_all(text, "").into_owned())
}

/// Gives a page, which mdBook describes as the whole site, its description and its parts.
fn finish(page: &Page, described: &str, html: &str) -> anyhow::Result<String> {
    let description = html! { (page.description()?) }.into_string();
    let [source, file] = ["md", "html"].map(|end| format!("/{}.{end}\"", page.slug));
    let html = html.replace(described, &description);
    let html = html.replace(&source, &file).replace(TABLE, SCROLLS);
    page.fill(without_words(&html)?)
}

fn change(path: &Path, change: impl FnOnce(&str) -> anyhow::Result<String>) -> anyhow::Result<()> {
    write(path, &change(&read(path)?)?)
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    let made = path.parent().map_or(Ok(()), fs::create_dir_all);
    made.and_then(|()| fs::write(path, text))
        .with_context(|| format!("cannot write {}", path.display()))
}
