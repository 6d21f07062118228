//! Listing 3.6: Catching and ignoring blocking errors.
//!
//! Now several clients are served on one thread: whoever has nothing is passed over. The price is
//! a loop that never rests, and takes a whole core to find out that nothing has happened.
//!
//! In Python: `except BlockingIOError`. Here: `match`. Serves until Ctrl-C.

use std::io::ErrorKind;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context;
use ch03_echo::client::{Client, Turn};
use ch03_echo::pause_accepting;
use rustix::time::{ClockId, clock_gettime};
use signal_hook::consts::SIGINT;

fn main() -> anyhow::Result<()> {
    let mut args = util::args("[ADDRESS] [SECONDS]");
    let server_socket = TcpListener::bind(args.address(8000)).context("cannot listen")?;
    let at_most = Duration::from_secs(args.number(u64::from(u32::MAX), 0..=u64::from(u32::MAX)));
    server_socket.set_nonblocking(true)?;
    util::listening(server_socket.local_addr()?);

    let interrupted = Arc::new(AtomicBool::new(false));
    signal_hook::flag::register(SIGINT, Arc::clone(&interrupted))?;
    let start = Instant::now();

    let mut connections = Vec::new();
    while !interrupted.load(Ordering::Relaxed) && start.elapsed() < at_most {
        match server_socket.accept() {
            Ok((connection, client_address)) => {
                println!("I got a connection from {client_address}!");
                connection.set_nonblocking(true)?;
                connections.push(Client::new(connection));
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => pause_accepting(&error),
        }

        connections.retain_mut(|client| {
            let turn = client.echo(|data| println!("I got data: {}!", data.escape_ascii()));
            turn.is_ok_and(|turn| turn != Turn::Close)
        });
    }

    let cpu = clock_gettime(ClockId::ProcessCPUTime);
    println!(
        "Used {:.2} s of CPU time in {:.2} s.",
        cpu.tv_sec as f64 + cpu.tv_nsec as f64 / 1e9,
        start.elapsed().as_secs_f64()
    );
    Ok(())
}
