//! What the tests ask of a page in Markdown.
#![allow(dead_code, reason = "a shell of Unix follows the pages")]

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use xtask::rust::anchor;

#[derive(Default)]
pub struct Page {
    /// Where its links and pictures point to.
    pub links: Vec<String>,
    /// What a link to it can have behind `#`.
    pub anchors: Vec<String>,
    /// The code within its text.
    pub spans: Vec<String>,
    pub blocks: Vec<Block>,
}

/// A fenced block.
#[derive(Default)]
pub struct Block {
    pub language: String,
    pub text: String,
    /// The last code in the text before it.
    pub before: String,
    /// The heading, of the second level, that it stands under.
    pub section: String,
}

impl Page {
    pub fn parse(text: &str) -> Self {
        let mut page = Self::default();
        let (mut heading, mut block) = (None::<String>, None::<Block>);
        let mut section = String::new();
        for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
            match event {
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    page.links.push(dest_url.into());
                }
                Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
                Event::End(TagEnd::Heading(level)) => {
                    let title = heading.take().unwrap();
                    page.anchors.push(anchor(&title));
                    if level == HeadingLevel::H2 {
                        section = title;
                    }
                }
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) => {
                    block = Some(Block {
                        language: language.into(),
                        before: page.spans.last().cloned().unwrap_or_default(),
                        section: section.clone(),
                        ..Block::default()
                    });
                }
                Event::End(TagEnd::CodeBlock) => page.blocks.extend(block.take()),
                Event::Text(text) => {
                    let inside = block.as_mut().map(|it| &mut it.text).or(heading.as_mut());
                    inside.into_iter().for_each(|it| *it += &text);
                }
                Event::Code(code) => {
                    heading.iter_mut().for_each(|it| *it += &code);
                    page.spans.push(code.into());
                }
                _ => {}
            }
        }
        page
    }
}
