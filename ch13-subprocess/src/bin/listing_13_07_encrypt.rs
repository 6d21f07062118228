//! Listing 13.7: Encrypting a hundred texts at once.
//!
//! A hundred processes compete for the cores, and each takes memory and descriptors of its own. The
//! first that fails drops the others' futures, and with them their processes.
//!
//! In Python: `communicate`, `gather`. Here: `try_join_all`. Takes 1 s.

use std::time::Instant;

use ch13_subprocess::gpg::{Gpg, keep, random_text};
use ch13_subprocess::or_interrupted;
use futures::future::try_join_all;

async fn run() -> anyhow::Result<()> {
    let mut args = util::args("[TEXTS] [FOLDER]");
    let count = args.number(100, 0..=100_000);
    let folder = args.path("");
    let text_list: Vec<String> = (0..count).map(|_| random_text(1000)).collect();
    let gpg = Gpg::new()?;
    let start = Instant::now();

    let tasks = text_list.iter().map(|text| gpg.encrypt(text));
    let encrypted_text = try_join_all(tasks).await?;

    println!("Total time: {:.4}", start.elapsed().as_secs_f64());
    println!("Encrypted {} texts", encrypted_text.len());
    keep(&folder, &text_list, &encrypted_text)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    or_interrupted(run()).await
}
