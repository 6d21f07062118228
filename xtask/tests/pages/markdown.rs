//! As much of Markdown as the pages use.

use std::collections::HashMap;

/// A fenced block.
pub struct Block<'a> {
    /// What it is written in; empty where it does not say.
    pub language: &'a str,
    /// What is in it.
    pub lines: Vec<&'a str>,
    /// The last line of text before it.
    pub before: &'a str,
    /// The heading, of the second level, that it stands under.
    pub section: &'a str,
}

/// The fenced blocks of a page.
pub fn blocks(page: &str) -> Vec<Block<'_>> {
    let mut found = Vec::new();
    let mut open: Option<Block> = None;
    let (mut before, mut section) = ("", "");
    for line in page.lines() {
        if let Some(language) = line.trim_start().strip_prefix("```") {
            match open.take() {
                Some(block) => found.push(block),
                None => {
                    open = Some(Block {
                        language: language.trim(),
                        lines: Vec::new(),
                        before,
                        section,
                    });
                }
            }
        } else if let Some(block) = &mut open {
            block.lines.push(line);
        } else if let Some(title) = line.strip_prefix("## ") {
            section = title;
        } else if !line.trim().is_empty() {
            before = line;
        }
    }
    assert!(open.is_none(), "a block has no end");
    found
}

/// A page without its fenced blocks.
pub fn prose(page: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for line in page.lines() {
        if line.trim_start().starts_with("```") {
            inside = !inside;
        } else if !inside {
            text += line;
            text += "\n";
        }
    }
    text
}

/// What stands between backquotes.
pub fn spans(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// Where the links and pictures of a page point to.
pub fn links(page: &str) -> Vec<String> {
    let prose = prose(page);
    // Code has no links in it.
    let text: Vec<&str> = prose.split('`').step_by(2).collect();
    let text = text.join("`");
    let mut found = Vec::new();
    for (before, after) in [
        ("](", [')', ' ']),
        ("href=\"", ['"'; 2]),
        ("src=\"", ['"'; 2]),
    ] {
        let rest = text.split(before).skip(1);
        found.extend(rest.map(|it| it.split(after).next().unwrap().to_owned()));
    }
    // `[name]: target` on a line of its own.
    let definitions = text.lines().filter_map(|line| {
        let (_, target) = line.strip_prefix('[')?.split_once("]: ")?;
        Some(target.trim().to_owned())
    });
    found.extend(definitions);
    found
}

/// What a link can have behind `#`: GitHub makes these names from the headings.
pub fn anchors(page: &str) -> Vec<String> {
    let mut seen: HashMap<String, u32> = HashMap::new();
    let prose = prose(page);
    let headings = prose.lines().filter_map(|line| {
        let title = line.trim_start_matches('#').strip_prefix(' ')?;
        line.starts_with('#').then_some(title.trim())
    });
    let names = headings.map(|title| {
        let kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
        let name: String = title.to_lowercase().chars().filter(kept).collect();
        let name = name.replace(' ', "-");
        let times = seen.entry(name.clone()).or_default();
        *times += 1;
        match *times {
            1 => name,
            n => format!("{name}-{}", n - 1),
        }
    });
    names.collect()
}
