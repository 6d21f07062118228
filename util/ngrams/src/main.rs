//! Writes a word file: `cargo run --release -p util-ngrams words.tsv 10000000`.

use util_ngrams as ngrams;

fn main() -> anyhow::Result<()> {
    let mut args = util::args("[FILE] [ROWS]");
    let file = args.path("words.tsv");
    let rows = args.number(10_000_000, 0..=1_000_000_000);

    let totals = ngrams::write_file(rows, &file)?;
    let (word, words) = (ngrams::AARDVARK.0, totals.len());
    let times = totals.get(word).copied().unwrap_or_default();
    println!(
        "{}: {rows} rows, {words} words; {word} appears {times} times",
        file.display()
    );
    Ok(())
}
