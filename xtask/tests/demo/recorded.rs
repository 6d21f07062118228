//! Example: A program that records what it does.

const RECORDING: &str = r#"
{"event":"open","span":1,"parent":null,"name":"delay","arguments":"seconds=1","at":0}
{"event":"poll","span":1,"thread":"main","from":0,"to":1000}
{"event":"poll","span":1,"thread":"main","from":900000000,"to":1000000000}
{"event":"close","span":1,"at":1000000000}
"#;

fn main() {
    println!("recording");
    if let Some(path) = std::env::var_os("TIMELINE") {
        std::fs::write(path, RECORDING).unwrap();
    }
    let code = std::env::args().nth(1).map_or(0, |arg| arg.parse().unwrap());
    std::process::exit(code);
}
