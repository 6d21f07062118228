//! Example: gather with return_exceptions.
//!
//! A fallible future yields a `Result`, so `join_all` returns errors as values without being
//! asked to, and the type says that each result may be one.
//!
//! In Python: `gather(…, return_exceptions=True)`. Here: `join_all`.

use ch04_web::fetch_status;
use futures::future::join_all;
use util_web::{ExampleSite, http};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let site = ExampleSite::start()?;
    let session = http::client()?.build()?;
    let urls = [site.url().to_owned(), "python://bad".to_owned()];

    let tasks = urls.map(|url| fetch_status(session.clone(), url, 0));
    let results: Vec<Result<u16, String>> = join_all(tasks)
        .await
        .into_iter()
        .map(|result| result.map_err(|error| format!("{error:#}"))) // with its cause
        .collect();

    let exceptions: Vec<_> = results.iter().filter_map(|r| r.as_ref().err()).collect();
    let successful_results: Vec<_> = results.iter().flatten().collect();

    println!("All results: {results:?}");
    println!("Finished successfully: {successful_results:?}");
    println!("Threw exceptions: {exceptions:?}");
    Ok(())
}
