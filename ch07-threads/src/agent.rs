//! Example: A web client that blocks its thread, as `requests` does.
//!
//! In Python: `requests`. Here: `ureq::Agent`.

use util_web::http::{TIMEOUT, site_is_local};

/// A client for one call. `agent().get(url).call()` opens a new connection, as `requests.get` does.
/// (Clones of one agent would share connections, as a `requests.Session` does.)
///
/// A status such as 404 is an answer, not an error.
#[must_use]
pub fn agent() -> ureq::Agent {
    let config = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(TIMEOUT));
    let config = if site_is_local() {
        config.proxy(None)
    } else {
        config
    };
    config.build().new_agent()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_has_a_time_limit() {
        let limits = agent().config().timeouts();
        assert_eq!(limits.global, Some(TIMEOUT));
    }
}
