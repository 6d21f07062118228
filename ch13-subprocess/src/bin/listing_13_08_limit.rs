//! Listing 13.8: A thousand texts, and no more processes than cores.
//!
//! Each waits for a permit before it starts its process: all cores are busy, and nothing is piled
//! up behind them.
//!
//! In Python: `Semaphore`. Here: `Semaphore`. Takes 7 s.

use std::thread::available_parallelism;
use std::time::Instant;

use ch13_subprocess::gpg::{Gpg, keep, random_text};
use ch13_subprocess::or_interrupted;
use futures::future::try_join_all;
use indicatif::ProgressBar;
use tokio::sync::Semaphore;

async fn encrypt(
    text: &str,
    gpg: &Gpg,
    semaphore: &Semaphore,
    progress: &ProgressBar,
) -> anyhow::Result<Vec<u8>> {
    let _permit = semaphore.acquire().await?;
    let encrypted = gpg.encrypt(text).await?;
    progress.inc(1);
    Ok(encrypted)
}

async fn run() -> anyhow::Result<()> {
    let mut args = util::args("[TEXTS] [FOLDER]");
    let count = args.number(1000, 0..=100_000);
    let folder = args.path("");
    let text_list: Vec<String> = (0..count).map(|_| random_text(1000)).collect();
    let semaphore = Semaphore::new(available_parallelism()?.get());
    let progress = ProgressBar::new(count);
    let gpg = Gpg::new()?;
    let start = Instant::now();

    let tasks = text_list
        .iter()
        .map(|text| encrypt(text, &gpg, &semaphore, &progress));
    let encrypted_text = try_join_all(tasks).await?;

    progress.finish_and_clear();
    println!("Total time: {:.4}", start.elapsed().as_secs_f64());
    println!("Encrypted {} texts", encrypted_text.len());
    keep(&folder, &text_list, &encrypted_text)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    or_interrupted(run()).await
}
