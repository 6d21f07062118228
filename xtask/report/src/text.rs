//! Quantities as people read them, and tables.

/// Three digits: `0.84`, `1.97`, `82.3`, `156`, `1,075`.
pub fn digits(number: f64) -> String {
    match number.abs() {
        999.5.. => thousands(number.round() as usize),
        99.95.. => format!("{number:.0}"),
        9.995.. => format!("{number:.1}"),
        _ => format!("{number:.2}"),
    }
}

/// A whole number as such, any other one with three digits.
pub fn count(number: f64) -> String {
    match number.fract() {
        0.0 => thousands(number as usize),
        _ => digits(number),
    }
}

/// `1,000,000`.
pub fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().collect();
    let groups: Vec<_> = groups.into_iter().map(String::from_utf8_lossy).collect();
    groups.join(",")
}

/// Seconds, as `63.1 ms`.
pub fn time(seconds: f64) -> String {
    let (factor, unit) = match seconds {
        ..0.000_999_5 => (1e6, "µs"),
        ..0.999_5 => (1e3, "ms"),
        _ => (1.0, "s"),
    };
    format!("{} {unit}", digits(seconds * factor))
}

/// Bytes, as `25.7 MiB`.
pub fn memory(bytes: f64) -> String {
    format!("{} MiB", digits(bytes / 1024.0 / 1024.0))
}

/// The number of characters.
pub fn length(text: &str) -> usize {
    text.chars().count()
}

/// `text` in at most `width` characters.
pub fn shorten(text: &str, width: usize) -> String {
    if length(text) <= width {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(width.saturating_sub(1)).collect();
    short.push('…');
    short
}

/// A table in Markdown.
pub fn markdown_table(headings: &[impl AsRef<str>], rows: &[Vec<String>]) -> String {
    let headings: Vec<&str> = headings.iter().map(AsRef::as_ref).collect();
    let rule = "---|".repeat(headings.len());
    let rows = rows
        .iter()
        .map(|cells| format!("| {} |\n", cells.join(" | ")));
    let rows: String = rows.collect();
    format!("| {} |\n|{rule}\n{rows}", headings.join(" | "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_have_three_digits_and_a_unit() {
        let numbers = [0.844, 1.97, 9.996, 82.34, 99.97, 156.4, 1075.2].map(digits);
        assert_eq!(
            numbers,
            ["0.84", "1.97", "10.0", "82.3", "100", "156", "1,075"]
        );
        let times = [0.000_84, 0.0631, 0.9999, 5.17, 120.4].map(time);
        assert_eq!(times, ["840 µs", "63.1 ms", "1.00 s", "5.17 s", "120 s"]);
        assert_eq!(memory(26_948_403.0), "25.7 MiB");
    }
}
