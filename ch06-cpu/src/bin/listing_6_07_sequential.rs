//! Listing 6.7: Counting the words of a large file in one thread.
//!
//! The bench compares MapReduce (6.8) with this listing. Both read the file a mebibyte at a time.
//! That takes less memory than all lines at once, and is faster because the text just read is still
//! in the processor's cache.
//!
//! `cargo run --release -p util-ngrams words.tsv` writes a file of ten million rows.
//!
//! In Python: `readlines()`. Here: `partition`, `rows`.

use std::collections::HashMap;
use std::time::Instant;

use ch06_cpu::{partition, word_file};

fn main() -> anyhow::Result<()> {
    let partition_size = 1 << 20;
    let file = word_file()?;
    let start = Instant::now();

    let mut freqs: HashMap<String, u64> = HashMap::new();
    for partition in partition(&file, partition_size)? {
        for row in partition.rows(&partition.read()?) {
            let (word, count) = row?;
            if let Some(frequency) = freqs.get_mut(word) {
                *frequency += count;
            } else {
                freqs.insert(word.to_owned(), count);
            }
        }
    }

    let aardvark = freqs.get("Aardvark").unwrap_or(&0);
    println!("Aardvark has appeared {aardvark} times.");
    println!("{:.4}", start.elapsed().as_secs_f64());
    Ok(())
}
