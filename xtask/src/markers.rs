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

/// Whether `text` has markers called `name`.
pub fn has(text: &str, name: &str) -> bool {
    text.contains(&format!("<!-- {name}: "))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "a\n<!-- b: by c -->\nold\n<!-- end of b -->\nd\n";

    #[test]
    fn what_is_between_the_markers_is_replaced_and_nothing_else() {
        let new = replace(TEXT, "b", "new\nlines\n").unwrap();
        let expected = "a\n<!-- b: by c -->\nnew\nlines\n<!-- end of b -->\nd\n";
        assert_eq!(new, expected);
        assert_eq!(replace(&new, "b", "old").unwrap(), TEXT);
    }

    #[test]
    fn missing_and_doubled_markers_are_named() {
        let error = |text, name| replace(text, name, "").unwrap_err().to_string();
        assert_eq!(
            error(TEXT, "x"),
            "it has no '<!-- x: …' and '<!-- end of x -->'"
        );
        assert!(error(&format!("{TEXT}{TEXT}"), "b").contains("more than once"));
        assert!(has(TEXT, "b") && !has(TEXT, "x"));
    }
}
