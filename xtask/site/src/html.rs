//! Small pieces of HTML.

use maud::{Markup, PreEscaped, Render, html};

/// Makes HTML of Markdown without blocks, such as a cell of a table.
pub fn inline(markdown: &str) -> Markup {
    let html = blocks(markdown).0;
    let html = html.trim().trim_start_matches("<p>");
    PreEscaped(html.trim_end_matches("</p>").to_owned())
}

/// Makes HTML of Markdown.
pub fn blocks(markdown: &str) -> Markup {
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, pulldown_cmark::Parser::new(markdown));
    PreEscaped(html)
}

/// A box that scrolls when the screen is narrow, also by keyboard.
pub fn scrolls(class: &str, label: &str, content: &Markup) -> Markup {
    html! {
        div class={ "scrolls " (class) } tabindex="0" role="region" aria-label=(label) { (content) }
    }
}

/// A table that scrolls.
pub fn table(label: &str, headings: &[impl Render], rows: &[Vec<impl Render>]) -> Markup {
    let table = html! {
        table {
            thead { tr { @for heading in headings { th scope="col" { (heading) } } } }
            tbody { @for row in rows { tr { @for cell in row { td { (cell) } } } } }
        }
    };
    scrolls("table-wrapper", label, &table)
}
