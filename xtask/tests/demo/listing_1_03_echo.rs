//! Listing 1.3: An echo server.
//!
//! Here: `TcpListener`. Serves until Ctrl-C.

use std::io::{Read, Write};

fn main() {
    let listener = std::net::TcpListener::bind(std::env::args().nth(1).unwrap()).unwrap();
    println!("Listening on {}; talk to it.", listener.local_addr().unwrap());
    for mut stream in listener.incoming().flatten() {
        std::thread::spawn(move || {
            let mut buffer = [0; 1024];
            while let Ok(n @ 1..) = stream.read(&mut buffer) {
                stream.write_all(&buffer[..n]).unwrap();
            }
        });
    }
}
