//! The parts of the READMEs that xtask writes, between markers:
//!
//! ```markdown
//! <!-- results: written by `cargo xtask results` -->
//! <!-- end of results -->
//! ```

use anyhow::{Context, ensure};

/// `text` with `new` between the markers called `name`.
///
/// # Errors
/// If the markers are not there exactly once each, in order.
pub fn replace(text: &str, name: &str, new: &str) -> anyhow::Result<String> {
    let (first, second) = (format!("<!-- {name}: "), format!("<!-- end of {name} -->"));
    let find = || {
        let marker = text.find(&first)?;
        let start = marker + text[marker..].find("-->")? + "-->".len();
        let end = start + text[start..].find(&second)?;
        Some((&text[..start], &text[end..]))
    };
    let (before, after) = find().with_context(|| format!("it has no '{first}…' and '{second}'"))?;
    let once = !after.contains(&first);
    ensure!(once, "it has '{first}…' more than once");
    Ok(format!("{before}\n{}\n{after}", new.trim_end()))
}
