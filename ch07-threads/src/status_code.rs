//! Example: get_status_code, which blocks its thread until a page has been fetched.
//!
//! In Python: `requests.get`. Here: `ureq::get`.

use util_web::http::{TIMEOUT, site_is_local};

/// Fetches `url` over a connection of its own and returns the status code.
///
/// The client is `ureq`, which blocks as Python's `requests` does: the thread itself waits in the
/// socket. (`reqwest::blocking` would let an event loop wait, on a thread of its own.)
///
/// # Errors
/// If the URL cannot be parsed or reached, or does not answer within [`TIMEOUT`]. A status such
/// as 404 is an answer, not an error.
#[tracing::instrument(skip_all)]
pub fn get_status_code(url: &str) -> anyhow::Result<u16> {
    let request = ureq::get(url).config().http_status_as_error(false);
    let request = request.timeout_global(Some(TIMEOUT));
    let request = if site_is_local() {
        request.proxy(None)
    } else {
        request
    };
    Ok(request.build().call()?.status().as_u16())
}
