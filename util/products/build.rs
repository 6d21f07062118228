//! Does nothing: a package has build-dependencies only where it has a build script, and this one
//! has them to give `syn` the same features in all packages.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
}
