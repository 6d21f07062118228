//! Room for many connections at once.

use std::env;
use std::fs::File;
use std::io;

use anyhow::bail;
use rustix::io::fcntl_dupfd_cloexec;
use util::open_files;

/// Files that a program has open beside its connections, and then some.
const SPARE: usize = 32;

/// Makes room for the sockets of `requests` requests at once. Call it before the site starts.
///
/// Linux doubles the table of open files whenever it is full, and in a process with several
/// threads, such as one with a site of its own, everybody waits some ten milliseconds for that.
/// Here the table gets its size at once, while there is one thread.
///
/// # Errors
/// If the system does not allow that many open files.
pub fn room_for(requests: usize) -> anyhow::Result<()> {
    let site_is_elsewhere = env::var_os("EXAMPLE_URL").is_some();
    let sockets = if site_is_elsewhere { 1 } else { 2 };
    reserve(requests, sockets * requests + SPARE)
}

fn reserve(requests: usize, files: usize) -> anyhow::Result<()> {
    let allowed = open_files::raise_limit();
    let last = match i32::try_from(files - 1) {
        Ok(last) if files as u64 <= allowed => last,
        _ => bail!(
            "{requests} requests at once need {files} open files, and the system allows {allowed}"
        ),
    };
    // The table is as long as its highest number needs, and does not shrink when that is closed.
    let any = File::open("/dev/null")?;
    fcntl_dupfd_cloexec(&any, last).map_err(io::Error::from)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_room_for_what_the_system_allows_and_no_more() {
        let allowed = usize::try_from(open_files::raise_limit()).unwrap_or(usize::MAX);
        assert!(reserve(1, allowed.min(4096)).is_ok());
        let Some(too_many) = allowed.checked_add(1) else {
            return;
        };
        assert_eq!(
            reserve(7, too_many).unwrap_err().to_string(),
            format!(
                "7 requests at once need {too_many} open files, and the system allows {allowed}"
            )
        );
    }
}
