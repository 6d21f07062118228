//! RUST.md, which explains Rust entry by entry, in the order in which the listings need it.
//!
//! ```markdown
//! ## Panics
//!
//! `expect("why it cannot fail")` takes the value. Further sentences.
//!
//! First in [1.3].
//!
//! [1.3]: ch01-threads/src/bin/listing_1_03_multithreaded.rs
//! ```

/// An entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Its heading.
    pub title: &'a str,
    /// What a link has behind `#`, as GitHub makes it from the heading.
    pub anchor: String,
    /// Its first sentence, in Markdown.
    pub first_sentence: String,
    /// The listing that first uses it: its number, or its file's name.
    pub first_in: &'a str,
    /// That listing's file.
    pub path: &'a str,
}

/// The entries of `rust_md`, in order; what does not look like one is left out.
pub fn entries(rust_md: &str) -> Vec<Entry<'_>> {
    let sections = rust_md.split("\n## ").skip(1);
    sections.filter_map(|it| entry(rust_md, it)).collect()
}

fn entry<'a>(rust_md: &'a str, section: &'a str) -> Option<Entry<'a>> {
    let (title, text) = section.split_once("\n\n")?;
    let (text, rest) = text.split_once("\n\nFirst in [")?;
    let (first_in, _) = rest.split_once("].")?;
    let (_, definition) = rust_md.split_once(&format!("\n[{first_in}]: "))?;
    let paragraph = text.split("\n\n").next()?.replace('\n', " ");
    let first_sentence = paragraph.split_inclusive(". ").next()?.trim_end();
    Some(Entry {
        title,
        anchor: anchor(title),
        first_sentence: first_sentence.to_owned(),
        first_in,
        path: definition.lines().next()?,
    })
}

/// What GitHub makes of a heading, for links.
pub fn anchor(title: &str) -> String {
    let kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
    let anchor: String = title.to_lowercase().chars().filter(kept).collect();
    anchor.replace(' ', "-")
}

/// The entries that are new in a chapter.
pub fn new_in_chapter(rust_md: &str, chapter: u32) -> Vec<Entry<'_>> {
    let folder = format!("ch{chapter:02}-");
    let mut entries = entries(rust_md);
    entries.retain(|it| it.path.starts_with(&folder));
    entries
}

/// The paragraph about them for the chapter's README, listing by listing; empty if there is none.
pub fn paragraph(rust_md: &str, chapter: u32) -> String {
    let mut text = String::new();
    let mut listing = "";
    for Entry {
        title,
        anchor,
        first_in,
        ..
    } in new_in_chapter(rust_md, chapter)
    {
        let before = match listing {
            "" => format!("New Rust, in {first_in}: "),
            _ if listing == first_in => ", ".to_owned(),
            _ => format!("; in {first_in}: "),
        };
        text += &format!("{before}[{title}](../RUST.md#{anchor})");
        listing = first_in;
    }
    if !text.is_empty() {
        text += ".\n";
    }
    text
}
