//! Listing 13.7: Encrypting a hundred texts at once.
//!
//! A hundred processes compete for the cores, and each takes memory and descriptors. A failure drops
//! the futures of the others, and with them their processes; in Python they would keep running. (Of
//! more than thirty futures, `try_join_all` sees a failure only when all before it have ended;
//! `FuturesUnordered` sees each at once.)
//!
//! In Python: `communicate`, `gather`. Here: `communicate`, `try_join_all`. Takes 1 s.

use std::time::Instant;

use anyhow::ensure;
use ch13_subprocess::{communicate, gpg, or_interrupted, spawn};
use futures::future::try_join_all;

async fn encrypt(text: &str) -> anyhow::Result<Vec<u8>> {
    let process = spawn(&mut gpg::command())?;
    let output = communicate(process, text.as_bytes()).await?;
    ensure!(output.status.success(), "gpg failed with {}", output.status);
    Ok(output.stdout)
}

async fn encrypt_all() -> anyhow::Result<()> {
    let text_list = gpg::random_texts(100);

    let start = Instant::now();
    let encrypted_text = try_join_all(text_list.iter().map(|text| encrypt(text))).await?;
    println!("Total time: {:.4}", start.elapsed().as_secs_f64());
    println!("{encrypted_text:?}");
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    or_interrupted(encrypt_all()).await
}
