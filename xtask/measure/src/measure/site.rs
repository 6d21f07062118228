//! The example site that web programs talk to: ours, or the reader's own.

use std::env;

use util_web::ExampleSite;

/// A site that runs.
#[derive(Debug)]
pub struct Site {
    site: ExampleSite,
    /// The URL that `EXAMPLE_URL` names, where the site is the reader's own.
    pub external: Option<String>,
}

impl Site {
    /// Starts the site, or looks up the one that `EXAMPLE_URL` names.
    ///
    /// # Errors
    /// If it cannot be had.
    pub fn start() -> anyhow::Result<Self> {
        Ok(Self {
            site: ExampleSite::start()?,
            external: env::var("EXAMPLE_URL").ok(),
        })
    }

    /// Its URL, with a latency of its own for each request. A site of the reader's own has the
    /// latency that it has, and is asked for nothing else.
    pub fn url(&self, latency_ms: Option<u64>) -> String {
        match latency_ms {
            Some(latency) if self.external.is_none() => {
                format!("{}?latency_ms={latency}", self.site.url())
            }
            _ => self.site.url().to_owned(),
        }
    }
}
