//! The constructs of Rust that a program uses, and the entry of RUST.md that explains each.
//!
//! The test of this package proves that RUST.md is complete: every keyword, operator, macro and
//! attribute of a listing, and every name that std gives the language, has its entry. Tokens say
//! enough for that, and unlike a syntax tree they can be seen inside macros too.

pub mod snippets;

use std::collections::HashMap;
use std::sync::LazyLock;

use proc_macro2::{Delimiter, LexError, LineColumn, Span, TokenStream, TokenTree};

/// A line for each entry of RUST.md: its anchor, and the constructs that it explains.
const ENTRIES: &str = include_str!("entries.txt");

/// The entries' anchors, each with the constructs that the entry explains.
pub fn entries() -> impl Iterator<Item = (&'static str, Vec<&'static str>)> {
    let lines = ENTRIES.lines().filter_map(|it| it.split_once(": "));
    lines.map(|(anchor, constructs)| (anchor, constructs.split(", ").collect()))
}

/// The anchor of the entry that explains `construct`.
pub fn anchor_of(construct: &str) -> Option<&'static str> {
    static ANCHORS: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
        let all = entries().flat_map(|(anchor, them)| them.into_iter().map(move |it| (it, anchor)));
        all.collect()
    });
    ANCHORS.get(construct).copied()
}

/// The Rust of the pages, as tests of this library.
#[cfg(doctest)]
#[doc = include_str!(concat!(env!("OUT_DIR"), "/RUST.md"))]
#[doc = include_str!(concat!(env!("OUT_DIR"), "/ASYNCIO.md"))]
pub struct Pages;

/// One use of a construct.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// Its name in [`entries`], such as `?`, `println!` or `Arc`.
    pub construct: String,
    /// Where its first character is; lines count from one, columns from zero.
    pub start: LineColumn,
    /// Where it ends.
    pub end: LineColumn,
}

/// The constructs in a program, in its order, without those in its tests.
///
/// # Errors
/// If it is not Rust.
pub fn uses(source: &str) -> Result<Vec<Use>, LexError> {
    let program = source.split("\n#[cfg(test)]").next().unwrap_or(source);
    let mut uses = Vec::new();
    walk(program.parse()?, "", "", &mut uses);
    Ok(uses)
}

/// What means what it means in Python, or opens and closes something.
const KNOWN: &str = "else false if in true while super . , ; : = == != < > <= >= + - / % << >> ^ += \
    -= *= /= => :: { ( [";

const KEYWORDS: &str = "as async await break const continue crate dyn else enum extern false fn for \
    if impl in let loop match mod move mut pub ref return self Self static struct super trait true \
    type union unsafe use where while yield";

/// Operators of several characters.
const OPERATORS: &str = "..= ... <<= >>= -> => :: .. && || == != <= >= += -= *= /= %= << ?? #!";

/// Names that every program has without importing them.
const PRELUDE: &str = "AsMut AsRef Box Clone Copy Debug Default Drop Eq Err Extend Fn FnMut FnOnce \
    From FromIterator Future Into IntoFuture IntoIterator Iterator None Ok Option Ord PartialEq \
    PartialOrd Result Send Sized Some String Sync ToOwned ToString TryFrom TryInto Unpin Vec bool \
    char drop f32 f64 i16 i32 i64 i8 isize str u16 u32 u64 u8 usize";

/// The parts of std that belong to the language; the others are libraries, which headers name.
const LANGUAGE: &str = "borrow cell cmp collections convert future hint iter marker mem num ops pin \
    rc sync task";

fn is_in(list: &str, word: &str) -> bool {
    list.contains(word) && list.split(' ').any(|it| it == word)
}

struct Token {
    /// A group has the text of its opening bracket.
    text: String,
    start: Span,
    end: Span,
    inside: TokenStream,
}

impl Token {
    fn is_word(&self) -> bool {
        self.text
            .starts_with(|c: char| c.is_alphanumeric() || c == '_')
    }

    /// Whether a value can end here, so that an operator after it has two sides.
    fn is_operand(&self) -> bool {
        is_in("( [ ? ?? self Self await", &self.text)
            || self.text.starts_with('"')
            || self.is_word() && !is_in(KEYWORDS, &self.text)
    }
}

/// Puts operators and lifetimes together.
fn tokens(stream: TokenStream) -> Vec<Token> {
    let mut trees = stream.into_iter().peekable();
    let mut tokens = Vec::new();
    while let Some(tree) = trees.next() {
        let (start, mut end) = (tree.span(), tree.span());
        let (mut text, mut inside) = (String::new(), TokenStream::new());
        match &tree {
            TokenTree::Group(group) => {
                text += match group.delimiter() {
                    Delimiter::Parenthesis => "(",
                    Delimiter::Bracket => "[",
                    Delimiter::Brace | Delimiter::None => "{",
                };
                inside = group.stream();
            }
            TokenTree::Punct(first) => {
                text.push(first.as_char());
                while let Some(next) = trees.peek()
                    && (text == "'" || is_in(OPERATORS, &format!("{text}{next}")))
                {
                    text += &next.to_string();
                    end = next.span();
                    trees.next();
                }
            }
            TokenTree::Ident(_) | TokenTree::Literal(_) => text = tree.to_string(),
        }
        tokens.push(Token {
            text,
            start,
            end,
            inside,
        });
    }
    tokens
}

/// Finds the constructs in what stands behind a bracket. `import` is empty, or how far a `use` has
/// come: "use", "std", "language".
fn walk(stream: TokenStream, bracket: &str, import: &str, uses: &mut Vec<Use>) {
    let tokens = tokens(stream);
    let (mut here, mut in_closure) = (import, false);
    for (at, token) in tokens.iter().enumerate() {
        let text = |at: usize| tokens.get(at).map_or("", |it| it.text.as_str());
        let (before, this, next) = (text(at.wrapping_sub(1)), text(at), text(at + 1));
        match this {
            "use" if next != "<" => here = "use",
            ";" => here = "",
            "," => here = import,
            "std" if here == "use" => here = "std",
            _ if here == "std" && is_in(LANGUAGE, this) => here = "language",
            _ => {}
        }
        let construct = match this {
            "|" if in_closure => String::new(),
            "self" if !here.is_empty() => String::new(),
            "as" if !here.is_empty() => "use … as".to_owned(),
            _ if before == "." && this.starts_with(|c: char| c.is_ascii_digit()) => ".0".to_owned(),
            _ if token.is_word() && !is_in(KEYWORDS, this) => {
                match (name(this, before, next), here) {
                    (None, "language") if next != "::" => this.to_owned(),
                    (name, _) => name.unwrap_or_default(),
                }
            }
            _ => mark(&tokens, at, bracket).to_owned(),
        };
        if this == "|" {
            in_closure = construct == "|x|";
        }
        let mut add = |construct: String| {
            if !construct.is_empty() && !is_in(KNOWN, &construct) {
                uses.push(Use {
                    construct,
                    start: token.start.start(),
                    end: token.end.end(),
                });
            }
        };
        add(construct);
        if before.starts_with('#') {
            attribute(&token.inside).into_iter().for_each(add);
        } else {
            formats(this).for_each(|it| add(it.to_owned()));
            walk(token.inside.clone(), this, here, uses);
        }
    }
}

/// The construct that a name is: a macro, a method or a name with an entry, or one that every
/// program has.
fn name(this: &str, before: &str, next: &str) -> Option<String> {
    let first = this.chars().next()?;
    let known = |name: String| anchor_of(&name).map(|_| name);
    match next {
        "!" => Some(format!("{this}!")),
        _ if first.is_ascii_digit() => this.contains('_').then(|| "1_000".to_owned()),
        _ if this.starts_with("b\"") || this.starts_with("b'") => Some("b\"…\"".to_owned()),
        _ if this.starts_with("r\"") || this.starts_with("r#") => Some("r\"…\"".to_owned()),
        _ if first == '_' && this != "_" => Some("_name".to_owned()),
        _ if before == "." => known(format!(".{this}()")),
        _ if is_in(PRELUDE, this) => Some(this.to_owned()),
        // A variable may have the name of a function.
        "(" | "::" | "," | ";" | "<" | "{" | "" => known(this.to_owned()),
        _ if first.is_uppercase() || this == "_" => known(this.to_owned()),
        _ => None,
    }
}

/// The construct that a keyword, an operator or a bracket is.
fn mark<'a>(tokens: &'a [Token], at: usize, bracket: &str) -> &'a str {
    let text = |at: usize| tokens.get(at).map_or("", |it| it.text.as_str());
    let (before, this, next) = (text(at.wrapping_sub(1)), text(at), text(at + 1));
    let has_left_side = at > 0 && tokens[at - 1].is_operand();
    let has = |text: &str| tokens[at].inside.to_string().contains(text);
    match this {
        "async" if next == "fn" => "async fn",
        "async" => "async { }",
        "await" => ".await",
        "else" if before != "{" => "let … else",
        "fn" if before == "async" => "",
        "fn" if next == "(" => "fn()",
        "for" if next == "<" => "for<'a>",
        "for" if has_left_side || before == ">" => "impl … for",
        "if" if has_left_side => "if in a pattern",
        "impl" if !matches!(before, "" | "[" | "{" | ";") || bracket == "(" => "impl Trait",
        "let" if next == "_" => "let _",
        "let" if matches!(before, "if" | "&&") => "if let",
        "let" if before == "while" => "while let",
        "pub" if next == "(" => "pub(…)",
        "use" if next == "<" => "use<…>",
        "&" | "*" | "!" | "(" if has_left_side => "",
        "&" if next == "mut" => "&mut",
        "mut" if before == "&" => "",
        "|" if has_left_side => "a | b",
        "|" => "|x|",
        "||" if has_left_side => "&&",
        "||" => "|x|",
        "::" if next == "<" => "::<…>",
        ".." if bracket == "{" && matches!(before, "" | ",") => "..",
        ".." | "..=" => "a..b",
        "'static" | "'_" => this,
        "<" if next.starts_with('\'') => "",
        "<" if matches!(text(at.wrapping_sub(2)), "fn" | "struct" | "enum" | "trait") => "<T>",
        "(" if before == "fn" => "",
        "(" | "[" if before == "!" && at > 1 && tokens[at - 2].is_word() => "",
        "(" if tokens[at].inside.is_empty() || has(",") => "(…)",
        "[" if before.starts_with('#') => "",
        "[" if has_left_side => "x[i]",
        "[" if has(";") => "[x; n]",
        "[" => "[a]",
        _ if this.starts_with("'") && this.ends_with("'") => "'…'",
        _ if this.starts_with("'") && next == ":" && !matches!(before, "<" | ",") => "'label:",
        _ if this.starts_with("'") => "'a",
        _ if this.starts_with(['"', '#']) => "",
        _ => this,
    }
}

/// What the string of a macro such as `println!` asks for.
fn formats(literal: &str) -> impl Iterator<Item = &'static str> {
    let holes = literal
        .split('{')
        .skip(1)
        .filter_map(|it| it.split('}').next());
    let holes: Vec<_> = holes.filter(|_| literal.starts_with('"')).collect();
    let name = holes.iter().any(|it| it.starts_with(char::is_alphabetic));
    let form = holes.iter().any(|it| it.contains(':'));
    [name.then_some("{name}"), form.then_some("{:…}")]
        .into_iter()
        .flatten()
}

/// The constructs that an attribute is.
fn attribute(inside: &TokenStream) -> Vec<String> {
    let text = inside.to_string().replace(' ', "");
    let (path, rest) = text.split_at(text.find(['(', '=']).unwrap_or(text.len()));
    let mut found = vec![match path {
        "doc" if rest.contains("```") => "```".to_owned(),
        "doc" => "///".to_owned(),
        _ => format!("#[{path}]"),
    }];
    if path == "derive" {
        found.extend(rest.trim_matches(['(', ')']).split(',').map(str::to_owned));
    }
    found
}
