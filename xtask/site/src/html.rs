//! Small pieces of HTML.

use std::fmt::Write;

/// Escapes `text` for HTML, in attributes too.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// Makes HTML of Markdown without blocks, such as a cell of a table.
pub fn inline(markdown: &str) -> String {
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, pulldown_cmark::Parser::new(markdown));
    let html = html.trim();
    let inner = html
        .strip_prefix("<p>")
        .and_then(|html| html.strip_suffix("</p>"));
    inner.unwrap_or(html).to_owned()
}

/// A table, in a box that scrolls when the screen is narrow. Cells are HTML.
pub fn table(label: &str, headings: &[&str], rows: &[Vec<String>]) -> String {
    let mut html = format!(
        "<div class=\"table-wrapper scrolls\" tabindex=\"0\" role=\"region\" aria-label=\"{}\">\
         <table><thead><tr>",
        escape(label)
    );
    for heading in headings {
        let _ = write!(html, "<th scope=\"col\">{heading}</th>");
    }
    html += "</tr></thead><tbody>\n";
    for row in rows {
        html += "<tr>";
        for cell in row {
            let _ = write!(html, "<td>{cell}</td>");
        }
        html += "</tr>\n";
    }
    html + "</tbody></table></div>"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_of_a_cell_has_no_paragraph() {
        assert_eq!(
            inline("`a<b>` and *c*"),
            "<code>a&lt;b&gt;</code> and <em>c</em>"
        );
        assert_eq!(escape("a \"b\" & <c>"), "a &quot;b&quot; &amp; &lt;c&gt;");
    }
}
