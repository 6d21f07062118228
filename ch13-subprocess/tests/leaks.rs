//! The chapter's library leaves no zombie and no open descriptor. This test is alone in its
//! process, so that it can count all of them.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

use std::fs;
use std::process::Stdio;
use std::time::Duration;

use ch13_subprocess::{communicate, return_code, terminate};
use tokio::process::{Child, Command};
use tokio::time::timeout;
use util_testing::TIMEOUT;

/// The open descriptors and the children, zombies among them, of this process.
fn held() -> (usize, usize) {
    let descriptors = fs::read_dir("/proc/self/fd").unwrap().count();
    let threads = fs::read_dir("/proc/self/task").unwrap().flatten();
    let children = threads.map(|thread| {
        let children = fs::read_to_string(thread.path().join("children"));
        children.unwrap().split_whitespace().count()
    });
    (descriptors, children.sum())
}

fn sh(script: &str) -> Command {
    let mut sh = Command::new("sh");
    sh.args(["-c", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true);
    sh
}

fn spawn(script: &str) -> Child {
    sh(script).spawn().unwrap()
}

async fn all_ways() {
    let output = communicate(spawn("cat"), &[b'x'; 300_000]).await.unwrap();
    assert_eq!(output.stdout.len(), 300_000);
    // This child ends without reading its input.
    let output = communicate(spawn("exec <&-; exit 7"), &[b'x'; 300_000]).await;
    assert_eq!(return_code(output.unwrap().status), 7);
    // This child prints a lot before it reads.
    let script = "head -c 300000 /dev/zero; cat > /dev/null";
    let output = communicate(spawn(script), &[b'x'; 300_000]).await.unwrap();
    assert_eq!(output.stdout.len(), 300_000);

    let mut asked = spawn("exec sleep 60");
    terminate(&mut asked).unwrap();
    assert_eq!(return_code(asked.wait().await.unwrap()), -15);
    // This child was waited for, so it gets no signal.
    let mut ended = spawn("exit 3");
    ended.wait().await.unwrap();
    terminate(&mut ended).unwrap();
    assert_eq!(return_code(ended.wait().await.unwrap()), 3);

    // A failed start, and a future that is dropped with its child.
    assert!(Command::new("/no/such/program").spawn().is_err());
    let dropped = communicate(spawn("exec sleep 60"), b"");
    assert!(timeout(Duration::from_millis(20), dropped).await.is_err());
}

#[tokio::test]
async fn no_zombie_and_no_descriptor_is_left() {
    timeout(TIMEOUT, all_ways()).await.unwrap();
    let before = settled().await;
    for _ in 0..10 {
        all_ways().await;
    }
    let after = settled().await;
    assert_eq!(after, before);
    assert_eq!(after.1, 0, "children");
}

/// The children and descriptors left after the runtime has reaped the dropped children.
async fn settled() -> (usize, usize) {
    let settle = async {
        loop {
            let held = held();
            if held.1 == 0 {
                return held;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(TIMEOUT, settle).await.unwrap_or_else(|_| held())
}
