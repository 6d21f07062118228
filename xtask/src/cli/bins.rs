//! `bin` of a chapter's manifest: a line for each listing, which keeps Cargo from building an
//! empty test harness for it.

/// What stands above `bin`.
const WHY: &str = "# Listings have no unit tests: without these lines Cargo would build an empty \
                   harness for each.\n# `cargo xtask readme` adds what is missing.\n";

/// How the list begins and ends, each on a line of its own.
const START: &str = "bin = [\n";
const END: &str = "]\n";

/// `manifest` with a line in `bin` for each of `binaries`; the lines that it has stay as they are.
#[must_use]
pub fn complete(manifest: &str, binaries: &[&str]) -> String {
    let added = format!("{WHY}{START}{END}\n{manifest}");
    let (before, lines, after) = parts(manifest)
        .or_else(|| parts(&added))
        .expect("it was just added");
    let mut lines: Vec<String> = lines.lines().map(String::from).collect();
    let count = lines.len();
    for binary in binaries {
        if !lines.iter().any(|line| name(line) == Some(binary)) {
            lines.push(format!("    {{ name = \"{binary}\", test = false }},"));
        }
    }
    if lines.len() == count {
        return manifest.to_owned();
    }
    lines.sort_by(|a, b| name(a).cmp(&name(b)));
    format!("{before}{}\n{after}", lines.join("\n"))
}

/// What is before the lines of `bin`, the lines, and what is after them.
fn parts(manifest: &str) -> Option<(&str, &str, &str)> {
    let own_line = |at: &usize, text: &str| *at == 0 || text[..*at].ends_with('\n');
    let find = |text: &str, wanted: &str| {
        let mut places = text.match_indices(wanted).map(|(at, _)| at);
        places.find(|at| own_line(at, text))
    };
    let (before, rest) = manifest.split_at(find(manifest, START)? + START.len());
    let (lines, after) = rest.split_at(find(rest, END)?);
    Some((before, lines, after))
}

/// The binary that a line is about.
fn name(line: &str) -> Option<&str> {
    line.split_once("name = \"")?.1.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINES: &str = "# Why.\nbin = [\n    { name = \"b\", test = false, required-features = [\"x\"] },\n]\n\n[package]\n";

    #[test]
    fn missing_lines_are_added_in_order_and_the_others_stay() {
        let expected = "# Why.\nbin = [\n    { name = \"a\", test = false },\n    { name = \"b\", \
                        test = false, required-features = [\"x\"] },\n    { name = \"c\", test = \
                        false },\n]\n\n[package]\n";
        let new = complete(LINES, &["c", "b", "a"]);
        assert_eq!(new, expected);
        assert_eq!(complete(&new, &["a", "b", "c"]), new);
    }

    #[test]
    fn a_manifest_without_the_list_gets_one() {
        let new = complete("[package]\n", &["a"]);
        let expected = "bin = [\n    { name = \"a\", test = false },\n]\n\n[package]\n";
        assert_eq!(new, format!("{WHY}{expected}"));
        assert_eq!(complete("[package]\n", &[]), "[package]\n");
        let empty = complete("bin = [\n]\n", &["a"]);
        assert_eq!(empty, "bin = [\n    { name = \"a\", test = false },\n]\n");
    }
}
