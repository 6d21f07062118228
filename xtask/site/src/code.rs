//! Programs as HTML, highlighted when the site is built.

use std::collections::BTreeSet;
use std::fmt::Write;

use anyhow::Context;
use regex::Regex;
use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};

use crate::html::escape;

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
    /// Words that have a counterpart in the other language, each with the number of the pair.
    pub pairs: Vec<(String, usize)>,
}

impl Highlighter {
    /// Reads the syntaxes.
    ///
    /// # Errors
    /// If the table above has a scope that is not one.
    pub fn new() -> anyhow::Result<Self> {
        let class = |(scope, class): (&str, &'static str)| Ok((Scope::new(scope)?, class));
        Ok(Self {
            syntaxes: SyntaxSet::load_defaults_newlines(),
            classes: CLASSES
                .into_iter()
                .map(class)
                .collect::<anyhow::Result<_>>()?,
        })
    }

    /// A program in the language with this file extension, as a block whose lines are spans.
    ///
    /// # Errors
    /// If the syntax has a bug that shows in this program.
    pub fn block(
        &self,
        code: &str,
        extension: &str,
        label: &str,
        marks: &Marks,
    ) -> anyhow::Result<String> {
        let syntax = self.syntaxes.find_syntax_by_extension(extension);
        let syntax = syntax.unwrap_or_else(|| self.syntaxes.find_syntax_plain_text());
        let pairs = Pairs::new(&marks.pairs)?;
        let defined = functions_by_line(code, &marks.functions)?;
        let mut html = format!(
            "<pre class=\"code scrolls\" tabindex=\"0\" role=\"region\" aria-label=\"{}\">",
            escape(label)
        );
        for (line, functions) in self.lines(code, syntax, &pairs)?.iter().zip(defined) {
            let names = match functions.is_empty() {
                true => String::new(),
                false => format!(" data-functions=\"{}\"", functions.join(" ")),
            };
            let _ = writeln!(html, "<span class=\"line\"{names}>{line}</span>");
        }
        Ok(html + "</pre>")
    }

    fn lines(
        &self,
        code: &str,
        syntax: &SyntaxReference,
        pairs: &Pairs,
    ) -> anyhow::Result<Vec<String>> {
        let mut state = ParseState::new(syntax);
        let mut scopes = ScopeStack::new();
        let mut lines = Vec::new();
        for line in code.lines() {
            let line = format!("{line}\n");
            let changes = state.parse_line(&line, &self.syntaxes)?;
            let mut html = String::new();
            let mut from = 0;
            for (at, change) in changes {
                self.write(&mut html, &line[from..at], &scopes, pairs);
                from = at;
                scopes
                    .apply(&change)
                    .context("the syntax leaves what it has not entered")?;
            }
            self.write(
                &mut html,
                line[from..].trim_end_matches('\n'),
                &scopes,
                pairs,
            );
            lines.push(html);
        }
        Ok(lines)
    }

    fn write(&self, html: &mut String, text: &str, scopes: &ScopeStack, pairs: &Pairs) {
        if text.is_empty() {
            return;
        }
        let of = |scope: &Scope| {
            self.classes
                .iter()
                .find(|(prefix, _)| prefix.is_prefix_of(*scope))
        };
        let class = scopes.scopes.iter().rev().find_map(of);
        let text = pairs.mark(text);
        let _ = match class {
            Some((_, class)) => write!(html, "<i class=\"{class}\">{text}</i>"),
            None => write!(html, "{text}"),
        };
    }
}

/// The functions of `wanted` that each line defines. A function without a definition is found where
/// it is called.
fn functions_by_line(code: &str, wanted: &BTreeSet<String>) -> anyhow::Result<Vec<Vec<String>>> {
    let mut found: Vec<Vec<String>> = vec![Vec::new(); code.lines().count()];
    for name in wanted {
        let escaped = regex::escape(name);
        let defined = Regex::new(&format!(
            r"\b(fn|def) {escaped}\b|\(.*\b{escaped}\b.*\)\s*=|_span!\(.*{escaped}"
        ))?;
        let called = Regex::new(&format!(r"\b{escaped}\b"))?;
        let lines = |pattern: &Regex| {
            let all = code.lines().enumerate();
            let is_it =
                |(_, line): &(usize, &str)| pattern.is_match(line) && !line.starts_with("use ");
            all.filter(is_it).map(|(at, _)| at).collect::<Vec<_>>()
        };
        let definitions = lines(&defined);
        let chosen = if definitions.is_empty() {
            lines(&called)
        } else {
            definitions
        };
        for at in chosen {
            found[at].push(name.clone());
        }
    }
    Ok(found)
}

/// Words that have a counterpart.
struct Pairs {
    words: Option<Regex>,
    numbers: Vec<(String, usize)>,
}

impl Pairs {
    fn new(pairs: &[(String, usize)]) -> anyhow::Result<Self> {
        let words: Vec<String> = pairs.iter().map(|(word, _)| regex::escape(word)).collect();
        let words = match words.is_empty() {
            true => None,
            false => Some(Regex::new(&format!(r"\b({})\b", words.join("|")))?),
        };
        Ok(Self {
            words,
            numbers: pairs.to_vec(),
        })
    }

    /// `text` as HTML.
    fn mark(&self, text: &str) -> String {
        let Some(words) = &self.words else {
            return escape(text);
        };
        let mut html = String::new();
        let mut from = 0;
        for found in words.find_iter(text) {
            let number = self.numbers.iter().find(|(word, _)| word == found.as_str());
            let number = number.map_or(0, |(_, number)| *number);
            html += &escape(&text[from..found.start()]);
            let _ = write!(
                html,
                "<mark class=\"pair p{}\">{}</mark>",
                number % 6,
                found.as_str()
            );
            from = found.end();
        }
        html + &escape(&text[from..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_highlighted_and_carry_their_functions() -> anyhow::Result<()> {
        let code = "async fn delay(s: u64) {\n    spawn(\"a<b\"); // why\n}\n";
        let marks = Marks {
            functions: ["delay", "spawn"].map(String::from).into(),
            pairs: vec![("spawn".into(), 2)],
        };
        let html = Highlighter::new()?.block(code, "rs", "A", &marks)?;
        assert!(
            html.contains("<span class=\"line\" data-functions=\"delay\">"),
            "{html}"
        );
        assert!(html.contains("data-functions=\"spawn\""), "{html}");
        assert!(
            html.contains("<mark class=\"pair p2\">spawn</mark>"),
            "{html}"
        );
        assert!(html.contains("<i class=\"f\">delay</i>"), "{html}");
        assert!(
            html.contains("a&lt;b") && html.contains("<i class=\"c\">"),
            "{html}"
        );
        assert_eq!(html.matches("class=\"line\"").count(), 3);
        Ok(())
    }

    #[test]
    fn python_and_plain_text_are_blocks_too() -> anyhow::Result<()> {
        let highlighter = Highlighter::new()?;
        let python = highlighter.block("async def main():\n", "py", "P", &Marks::default())?;
        assert!(python.contains("<i class=\"f\">main</i>"), "{python}");
        let text = highlighter.block("a < b\n", "txt", "T", &Marks::default())?;
        assert!(text.contains("a &lt; b"), "{text}");
        Ok(())
    }
}
