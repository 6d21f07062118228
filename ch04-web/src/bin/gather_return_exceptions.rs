//! Example: gather with return_exceptions.
//!
//! A fallible future yields a `Result`, so `join_all` returns errors as values without being
//! asked to, and the type says that each result may be one.

use ch04_web::fetch_status;
use futures::future::join_all;
use util::{ExampleSite, http};

fn show(result: &anyhow::Result<u16>) -> String {
    match result {
        Ok(status) => status.to_string(),
        Err(error) => format!("{error:#}"),
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> util::Result {
    let site = ExampleSite::start()?;
    let session = http::client()?.build()?;
    let urls = [site.url().to_owned(), "python://bad".to_owned()];

    let tasks = urls.map(|url| fetch_status(session.clone(), url, 0));
    let results = join_all(tasks).await;
    let all: Vec<String> = results.iter().map(show).collect();
    println!("All results: {all:?}");

    let (results, exceptions): (Vec<_>, Vec<_>) = results.into_iter().partition(Result::is_ok);
    println!("Finished successfully: {}", results.len());
    println!("Threw exceptions: {}", exceptions.len());
    Ok(())
}
