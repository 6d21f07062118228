//! How many files, sockets among them, a process may have open.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Lets this process, and those it starts from now on, have as many files open as the system
/// allows without asking. Returns how many that are.
///
/// Shells often allow 1,024, of which each connection within one process takes two.
pub fn raise_limit() -> u64 {
    let maximum = getrlimit(Resource::Nofile).maximum;
    let raised = Rlimit {
        current: maximum,
        maximum,
    };
    // If the system refuses, things stay as they are, and what is returned says so.
    let _ = setrlimit(Resource::Nofile, raised);
    getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raising_twice_is_raising_once() {
        assert_eq!(raise_limit(), raise_limit());
    }
}
