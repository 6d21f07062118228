//! Makes tests of the Rust on the pages: each piece of it runs in an event loop, with a clock that
//! does not wait.

use std::path::Path;
use std::{env, fs};

#[path = "src/snippets.rs"]
mod snippets;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let out = env::var("OUT_DIR")?;
    for page in ["RUST.md", "ASYNCIO.md"] {
        let path = format!("../../{page}");
        println!("cargo::rerun-if-changed={path}");
        let tests = snippets::snippets(&fs::read_to_string(path)?, "rust")
            .into_iter()
            .map(|snippet| {
                format!(
                    "```rust{}\n#[tokio::main(flavor = \"current_thread\", start_paused = true)]\n\
                     async fn main() -> anyhow::Result<()> {{\n{}\nOk(())\n}}\n```\n",
                    snippet.flags, snippet.code
                )
            });
        fs::write(Path::new(&out).join(page), tests.collect::<String>())?;
    }
    Ok(())
}
