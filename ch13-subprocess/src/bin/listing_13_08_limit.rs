//! Listing 13.8: A thousand texts, with at most one process for each core.
//!
//! Each text waits for a permit before its process starts. All cores are busy, and no process waits
//! for a core.
//!
//! In Python: `Semaphore`. Here: `Semaphore`. Takes 4 s.

use std::thread::available_parallelism;
use std::time::Instant;

use anyhow::ensure;
use ch13_subprocess::{communicate, gpg, or_interrupted, spawn};
use futures::future::try_join_all;
use tokio::sync::Semaphore;

#[tracing::instrument(skip_all)]
async fn encrypt(semaphore: &Semaphore, text: &str) -> anyhow::Result<Vec<u8>> {
    let _permit = semaphore.acquire().await?;
    let process = spawn(&mut gpg::command())?;
    let output = communicate(process, text.as_bytes()).await?;
    ensure!(output.status.success(), "gpg failed with {}", output.status);
    Ok(output.stdout)
}

async fn encrypt_all() -> anyhow::Result<()> {
    let mut args = util::args("[TEXTS] [LIMIT]");
    let text_list = gpg::random_texts(args.number(1000, 0..=100_000));
    let limit = args.number(available_parallelism()?.get(), 1..=100_000);
    let semaphore = Semaphore::new(limit);

    let start = Instant::now();
    try_join_all(text_list.iter().map(|text| encrypt(&semaphore, text))).await?;
    println!("Total time: {:.4}", start.elapsed().as_secs_f64());
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    or_interrupted(encrypt_all()).await
}
