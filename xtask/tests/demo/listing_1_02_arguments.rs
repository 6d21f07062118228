//! Listing 1.2: Its arguments and its exit code.

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    println!("{args:?}");
    if cfg!(feature = "tls") {
        println!("with tls");
    }
    eprintln!("the disk is on fire");
    let code = args.last().and_then(|arg| arg.parse().ok());
    std::process::exit(code.unwrap_or(0));
}
