//! Programs as HTML, highlighted when the site is built.

use std::collections::BTreeMap;

use anyhow::Context;
use maud::{Markup, html};
use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxSet};

use crate::explain::Link;

/// The scopes that have a colour, and their classes.
const CLASSES: [(&str, &str); 12] = [
    ("comment", "c"),
    ("string", "s"),
    ("constant", "n"),
    ("entity.name.function", "f"),
    ("support.macro", "m"),
    ("support.function", "f"),
    ("storage", "k"),
    ("keyword.operator", "o"),
    ("keyword", "k"),
    ("entity.name", "t"),
    ("markup.inserted", "added"),
    ("markup.deleted", "removed"),
];

/// A piece of a line, its class, and what explains it.
type Piece<'a> = (&'a str, Option<&'static str>, Option<&'a Link>);

/// Highlights programs.
pub struct Highlighter {
    syntaxes: SyntaxSet,
    classes: Vec<(Scope, &'static str)>,
}

impl Highlighter {
    /// Reads the syntaxes.
    ///
    /// # Errors
    /// If the table above has a scope that is not one.
    pub fn new() -> anyhow::Result<Self> {
        let class = |(scope, class): (&str, &'static str)| Ok((Scope::new(scope)?, class));
        let classes = CLASSES.into_iter().map(class);
        Ok(Self {
            syntaxes: SyntaxSet::load_defaults_newlines(),
            classes: classes.collect::<anyhow::Result<_>>()?,
        })
    }

    /// A program in this language, as a block whose lines are spans.
    ///
    /// # Errors
    /// If the syntax has a bug that shows in this program.
    pub fn block(
        &self,
        code: &str,
        language: &str,
        label: &str,
        links: &[Link],
    ) -> anyhow::Result<Markup> {
        let syntax = self.syntaxes.find_syntax_by_token(language);
        let syntax = syntax.unwrap_or_else(|| self.syntaxes.find_syntax_plain_text());
        let mut state = ParseState::new(syntax);
        let mut scopes = ScopeStack::new();
        let mut lines = Vec::new();
        for (number, line) in code.lines().enumerate() {
            let mut starts = BTreeMap::from([(0, self.class(&scopes))]);
            for (at, change) in state.parse_line(&format!("{line}\n"), &self.syntaxes)? {
                let applied = scopes.apply(&change);
                applied.context("the syntax leaves what it has not entered")?;
                starts.insert(at, self.class(&scopes));
            }
            let links: Vec<&Link> = links.iter().filter(|it| it.line == number).collect();
            lines.push(html_of(&pieces(line, starts, &links)));
        }
        Ok(html! {
            pre class="code scrolls" tabindex="0" role="region" aria-label=(label) {
                @for line in lines { span.line { (line) } "\n" }
            }
        })
    }

    fn class(&self, scopes: &ScopeStack) -> Option<&'static str> {
        scopes.scopes.iter().rev().find_map(|scope| {
            let mut classes = self.classes.iter();
            let (_, class) = classes.find(|(prefix, _)| prefix.is_prefix_of(*scope))?;
            Some(*class)
        })
    }
}

/// Cuts a line where a class or a link begins or ends.
fn pieces<'a>(
    line: &'a str,
    mut starts: BTreeMap<usize, Option<&'static str>>,
    links: &[&'a Link],
) -> Vec<Piece<'a>> {
    for bound in links
        .iter()
        .flat_map(|it| [it.columns.start, it.columns.end])
    {
        let before = starts.range(..=bound).next_back();
        let class = before.and_then(|(_, class)| *class);
        starts.insert(bound, class);
    }
    let ends = starts.keys().skip(1).copied().chain([line.len()]);
    let pieces = starts.iter().zip(ends).filter_map(|((from, class), to)| {
        let text = line.get(*from..to.min(line.len()))?;
        let link = links.iter().find(|it| it.columns.contains(from));
        (!text.is_empty()).then_some((text, *class, link.copied()))
    });
    pieces.collect()
}

fn html_of(pieces: &[Piece]) -> Markup {
    let painted = |run: &[Piece]| {
        html! {
            @for (text, class, _) in run {
                @match class {
                    Some(class) => i class=(class) { (text) },
                    None => (text),
                }
            }
        }
    };
    html! {
        @for run in pieces.chunk_by(|(.., a), (.., b)| a == b) {
            @match run[0].2 {
                Some(it) => {
                    a.entry href={ "rust.html#" (it.anchor) } aria-description=(it.sentence) {
                        (painted(run))
                    }
                }
                None => (painted(run)),
            }
        }
    }
}
