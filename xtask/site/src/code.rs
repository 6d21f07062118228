//! Programs as HTML, highlighted when the site is built.

use std::collections::BTreeSet;

use anyhow::Context;
use maud::{Markup, PreEscaped, html};
use regex::{Captures, Regex};
use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};

use crate::python::Pairs;

/// The scopes that have a colour, and their classes.
const CLASSES: [(&str, &str); 10] = [
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
];

/// Pairs of words have this many colours.
const COLOURS: usize = 6;

/// Highlights programs.
pub struct Highlighter {
    syntaxes: SyntaxSet,
    classes: Vec<(Scope, &'static str)>,
}

/// Names to mark in a program.
#[derive(Debug, Default)]
pub struct Marks {
    /// The functions of a timeline. The lines that define them, or else call them, carry their
    /// names.
    pub functions: BTreeSet<String>,
    /// Words that have a counterpart in the other language.
    pub pairs: Pairs,
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
        marks: &Marks,
    ) -> anyhow::Result<Markup> {
        let syntax = self.syntaxes.find_syntax_by_token(language);
        let syntax = syntax.unwrap_or_else(|| self.syntaxes.find_syntax_plain_text());
        let lines = self.lines(code, syntax, &marks.pairs)?;
        let functions = functions_by_line(code, &marks.functions)?;
        Ok(html! {
            pre class="code scrolls" tabindex="0" role="region" aria-label=(label) {
                @for (line, functions) in lines.iter().zip(functions) {
                    span.line data-functions=[functions] { (line) } "\n"
                }
            }
        })
    }

    fn lines(
        &self,
        code: &str,
        syntax: &SyntaxReference,
        pairs: &Pairs,
    ) -> anyhow::Result<Vec<Markup>> {
        let words: Vec<String> = pairs.keys().map(|word| regex::escape(word)).collect();
        let words = Regex::new(&format!(r"\b({})\b", words.join("|")))?;
        let mut state = ParseState::new(syntax);
        let mut scopes = ScopeStack::new();
        let mut lines = Vec::new();
        for line in code.lines() {
            let line = format!("{line}\n");
            let mut pieces = Vec::new();
            let mut from = 0;
            for (at, change) in state.parse_line(&line, &self.syntaxes)? {
                pieces.push((&line[from..at], self.class(&scopes)));
                from = at;
                let applied = scopes.apply(&change);
                applied.context("the syntax leaves what it has not entered")?;
            }
            pieces.push((line[from..].trim_end(), self.class(&scopes)));
            pieces.retain(|(text, _)| !text.is_empty());
            lines.push(html! {
                @for (text, class) in pieces {
                    @let text = mark(text, pairs, &words);
                    @match class {
                        Some(class) => i class=(class) { (text) },
                        None => (text),
                    }
                }
            });
        }
        Ok(lines)
    }

    fn class(&self, scopes: &ScopeStack) -> Option<&'static str> {
        scopes.scopes.iter().rev().find_map(|scope| {
            let mut classes = self.classes.iter();
            let (_, class) = classes.find(|(prefix, _)| prefix.is_prefix_of(*scope))?;
            Some(*class)
        })
    }
}

/// The functions of `wanted` that each line defines, if any. A function without a definition is
/// found where it is called.
fn functions_by_line(code: &str, wanted: &BTreeSet<String>) -> anyhow::Result<Vec<Option<String>>> {
    let mut found: Vec<Option<String>> = vec![None; code.lines().count()];
    for name in wanted {
        let escaped = regex::escape(name);
        let defined = Regex::new(&format!(
            r"\b(fn|def) {escaped}\b|\(.*\b{escaped}\b.*\)\s*=|_span!\(.*{escaped}"
        ))?;
        let called = Regex::new(&format!(r"\b{escaped}\b"))?;
        let is_defined = code.lines().any(|line| defined.is_match(line));
        let pattern = if is_defined { defined } else { called };
        for (line, found) in code.lines().zip(&mut found) {
            if pattern.is_match(line) && !line.starts_with("use ") {
                let others = found.take().map_or(String::new(), |names| names + " ");
                *found = Some(others + name);
            }
        }
    }
    Ok(found)
}

/// `text` as HTML, with the words that have a counterpart marked.
fn mark(text: &str, pairs: &Pairs, words: &Regex) -> Markup {
    let text = html! { (text) };
    if pairs.is_empty() {
        return text;
    }
    let marked = words.replace_all(&text.0, |found: &Captures| {
        let word = &found[0];
        let number = pairs.get(word).copied().unwrap_or_default() % COLOURS;
        html! { mark class={ "pair p" (number) } { (word) } }.into_string()
    });
    PreEscaped(marked.into_owned())
}
