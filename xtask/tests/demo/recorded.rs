//! Example: A program that records what it does.

const RECORDING: &str = "begin 0
open 1 0 0 delay seconds=1
poll 1 0 1000 main
poll 1 900000000 1000000000 main
close 1 1000000000
";

fn main() {
    println!("recording");
    if let Some(path) = std::env::var_os("TIMELINE") {
        std::fs::write(path, RECORDING).unwrap();
    }
    let code = std::env::args().nth(1).map_or(0, |arg| arg.parse().unwrap());
    std::process::exit(code);
}
