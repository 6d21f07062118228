//! Listing 13.8 (one by one): The next text when the last is encrypted.
//!
//! All cores but one have nothing to do.
//!
//! Takes 1 s.

use std::time::Instant;

use ch13_subprocess::gpg::{Gpg, random_text};
use ch13_subprocess::or_interrupted;

async fn run() -> anyhow::Result<()> {
    let count = util::args("[TEXTS]").number(100, 0..=100_000);
    let text_list: Vec<String> = (0..count).map(|_| random_text(1000)).collect();
    let gpg = Gpg::new()?;
    let start = Instant::now();

    let mut encrypted_text = Vec::new();
    for text in &text_list {
        encrypted_text.push(gpg.encrypt(text).await?);
    }

    println!("Total time: {:.4}", start.elapsed().as_secs_f64());
    println!("Encrypted {} texts", encrypted_text.len());
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    or_interrupted(run()).await
}
