//! Makes tests of the Rust on the pages: each piece of it runs in an event loop, with a clock that
//! does not wait.

use std::path::Path;
use std::{env, fs};

const BEFORE: &str = "#[tokio::main(flavor = \"current_thread\", start_paused = true)]\n\
    async fn main() -> anyhow::Result<()> {\n";
const AFTER: &str = "\nOk(())\n}";

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
                let program = if snippet.code.contains("fn main()") {
                    snippet.code
                } else {
                    format!("{BEFORE}{}{AFTER}", snippet.code)
                };
                format!("```rust{}\n{program}\n```\n", snippet.flags)
            });
        fs::write(Path::new(&out).join(page), tests.collect::<String>())?;
    }
    Ok(())
}
