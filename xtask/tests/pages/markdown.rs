//! What the tests ask of a page in Markdown.

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

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
    #[cfg_attr(
        not(unix),
        expect(dead_code, reason = "a shell of Unix follows the pages")
    )]
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
                Event::Html(html) | Event::InlineHtml(html) => {
                    let attributes = html.split(" href=\"").flat_map(|it| it.split(" src=\""));
                    let values = attributes.skip(1).filter_map(|it| it.split('"').next());
                    page.links.extend(values.map(String::from));
                }
                Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
                Event::End(TagEnd::Heading(level)) => {
                    let title = heading.take().unwrap();
                    page.anchors.push(anchor(&title, &page.anchors));
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
                Event::Text(text) => match (&mut block, &mut heading) {
                    (Some(block), _) => block.text += &text,
                    (None, Some(heading)) => *heading += &text,
                    (None, None) => {}
                },
                Event::Code(code) => {
                    if let Some(heading) = &mut heading {
                        *heading += &code;
                    }
                    page.spans.push(code.into());
                }
                _ => {}
            }
        }
        page
    }
}

/// GitHub makes these names from headings.
fn anchor(title: &str, taken: &[String]) -> String {
    let kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
    let name: String = title.to_lowercase().chars().filter(kept).collect();
    let name = name.replace(' ', "-");
    let numbered = (1..).map(|number| format!("{name}-{number}"));
    let mut names = std::iter::once(name.clone()).chain(numbered);
    names.find(|name| !taken.contains(name)).unwrap()
}

#[test]
fn links_and_anchors_are_those_of_github() {
    let page = Page::parse(
        "# A `b`, c_d-e\n[x](y.md#z) `[no](link)` ![p](q.svg \"title\")\n```sh\n# no heading\n```\n\
         ## Two\n### Two\n[r]\n\n[r]: s.md\n\n<a href=\"t.md\"><img src=\"u.png\"></a>\n",
    );
    assert_eq!(page.links, ["y.md#z", "q.svg", "s.md", "t.md", "u.png"]);
    assert_eq!(page.anchors, ["a-b-c_d-e", "two", "two-1"]);
}
