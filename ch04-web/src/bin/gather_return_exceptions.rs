//! Example: gather with return_exceptions.
//!
//! A future that can fail yields a `Result`, so `join_all` needs no option to return every error as
//! a value. The type says that each result may be an error.
//!
//! In Python: `gather(…, return_exceptions=True)`. Here: `join_all`.

use ch04_web::fetch_status;
use futures::future::join_all;
use util::async_timed;
use util_web::{ExampleSite, http};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let _main = async_timed();
    let site = ExampleSite::start()?;
    let session = http::client()?.build()?;

    let urls = [site.url(), "python://bad"];
    let tasks = urls.map(|url| fetch_status(session.clone(), url.to_owned(), 0));
    let results = join_all(tasks).await;
    let exceptions: Vec<_> = results.iter().filter_map(|r| r.as_ref().err()).collect();
    let successful_results: Vec<_> = results.iter().filter_map(|r| r.as_ref().ok()).collect();

    println!("All results: {results:?}");
    println!("Finished successfully: {successful_results:?}");
    println!("Threw exceptions: {exceptions:?}");
    Ok(())
}
