//! Does nothing. Only a package with a build script can have build-dependencies, and this package
//! has them to give `syn` the same features in all packages.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
}
