//! Gives pages the words that they must be found by.
//!
//! mdBook ranks pages by how often they have a word and how short their titles are. The map
//! knows better: a reader who looks for `gather` wants the listing that teaches it.

use anyhow::Context;
use serde_json::{Map, Value, json};

use crate::page::Page;

/// How the file of the index begins and ends.
const BEGIN: &str = "window.search = Object.assign(window.search, JSON.parse('";
const END: &str = "'));";

/// Outweighs any number of mentions on other pages.
const WEIGHT: u32 = 100;

/// Adds the words of all pages to the index.
///
/// # Errors
/// If the index does not have mdBook's form.
pub fn with_words(index: &str, pages: &[Page]) -> anyhow::Result<String> {
    let json = index
        .strip_prefix(BEGIN)
        .and_then(|rest| rest.trim_end().strip_suffix(END));
    let json = json.context("the search index has another form")?;
    let mut json: Value = serde_json::from_str(&json.replace("\\'", "'").replace("\\\\", "\\"))?;
    let urls: Vec<String> = serde_json::from_value(json["doc_urls"].clone())?;
    let titles = json
        .pointer_mut("/index/index/title/root")
        .context("it has no titles")?;
    for page in pages {
        let file = format!("{}.html", page.slug);
        let is_page = |url: &String| url.split('#').next() == Some(&file);
        let document = urls.iter().position(is_page);
        let document = document.with_context(|| format!("{file} is not in the search index"))?;
        for word in &page.words {
            add(titles, &word.to_lowercase(), document)?;
        }
    }
    let json = serde_json::to_string(&json)?
        .replace('\\', "\\\\")
        .replace('\'', "\\'");
    Ok(format!("{BEGIN}{json}{END}"))
}

/// Adds a word to the tree whose branches are letters.
fn add(root: &mut Value, word: &str, document: usize) -> anyhow::Result<()> {
    let mut node = root;
    for letter in word.chars() {
        let branches = node.as_object_mut().context("a node is not an object")?;
        node = branches
            .entry(letter.to_string())
            .or_insert_with(|| json!({ "df": 0, "docs": {} }));
    }
    let documents: &mut Map<String, Value> = node["docs"]
        .as_object_mut()
        .context("a node has no documents")?;
    documents.insert(document.to_string(), json!({ "tf": WEIGHT }));
    node["df"] = json!(documents.len());
    Ok(())
}
