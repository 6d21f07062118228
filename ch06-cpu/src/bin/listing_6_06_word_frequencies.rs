//! Listing 6.6: MapReduce in one thread.
//!
//! The map turns each line into a table of its words, independently of the other lines. The reduce
//! merges tables two by two, in any order, until one is left. So many threads could do either step.
//!
//! A Python dict prints its words in the order of insertion. A `BTreeMap` prints them sorted, and a
//! `HashMap`, which the next listings use, in no particular order.
//!
//! In Python: `functools.reduce`. Here: `Iterator::reduce`.

use std::collections::BTreeMap;

type Frequencies<'a> = BTreeMap<&'a str, u32>;

fn map_frequency(text: &str) -> Frequencies<'_> {
    let mut frequencies = Frequencies::new();
    for word in text.split(' ') {
        *frequencies.entry(word).or_default() += 1;
    }
    frequencies
}

fn merge_dictionaries<'a>(first: Frequencies<'a>, second: Frequencies<'a>) -> Frequencies<'a> {
    let mut merged = first;
    for (word, frequency) in second {
        *merged.entry(word).or_default() += frequency;
    }
    merged
}

fn main() {
    let lines = [
        "I know what I know",
        "I know that I know",
        "I don't know much",
        "They don't know much",
    ];

    let mapped_results = lines.map(map_frequency);
    for result in &mapped_results {
        println!("{result:?}");
    }

    let merged = mapped_results.into_iter().reduce(merge_dictionaries);
    println!("{:?}", merged.unwrap_or_default());
}
