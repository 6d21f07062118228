//! No dependency is compiled twice in one profile: each package of the workspace asks for the same
//! features of a crate as all of them together.
//!
//! Cargo resolves features for what it builds: a package that alone needs fewer than the workspace
//! would compile the crate once more, and all that depends on it.
#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;
use std::thread;

/// Each third-party crate, with the sets of features in which it is compiled.
type Features = BTreeMap<String, BTreeSet<String>>;

/// What is linked into the programs.
const TARGET: [&str; 2] = ["-e", "normal,no-proc-macro"];

/// That, and what runs while they are compiled.
const ALL: [&str; 2] = ["-e", "normal,build"];

fn cargo(args: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
        .args(args)
        .arg("--offline")
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "cargo {args:?}: {stderr}");
    String::from_utf8(output.stdout).unwrap()
}

/// What `cargo tree` says of some packages.
fn features(packages: &[&str], edges: &[&str]) -> Features {
    let format = ["tree", "--prefix", "none", "--no-dedupe", "-f", "{p}|{f}"];
    let text = cargo(&[&format, packages, edges].concat());
    let mut found = Features::new();
    for line in text.lines().filter(|line| !line.is_empty()) {
        let (package, features) = line.split_once('|').unwrap();
        // A package of the workspace has its path behind its version.
        if package.contains("(/") {
            continue;
        }
        let package = package.trim_end_matches(" (proc-macro)").to_owned();
        found
            .entry(package)
            .or_default()
            .insert(features.to_owned());
    }
    found
}

fn packages() -> Vec<String> {
    let metadata = cargo(&["metadata", "--no-deps", "--format-version", "1"]);
    let metadata: serde_json::Value = serde_json::from_str(&metadata).unwrap();
    let packages = metadata["packages"].as_array().unwrap().iter();
    packages
        .map(|package| package["name"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn features_of_each_package_are_those_of_the_workspace() {
    let mut differ = Vec::new();
    for edges in [&TARGET, &ALL] {
        let all = features(&["--workspace"], edges);
        let packages = packages();
        let of_each: Vec<Features> = thread::scope(|scope| {
            let of = |package: &str| features(&["--package", package], edges);
            let each = packages.iter();
            let each: Vec<_> = each.map(|it| scope.spawn(move || of(it))).collect();
            each.into_iter().map(|it| it.join().unwrap()).collect()
        });
        for (package, own) in packages.iter().zip(of_each) {
            for (krate, sets) in own {
                let known = &all[&krate];
                differ.extend(
                    sets.difference(known)
                        .map(|set| format!("{package}: {krate} has [{set}], not {known:?}")),
                );
            }
        }
    }
    differ.sort();
    differ.dedup();
    assert!(
        differ.is_empty(),
        "these crates would be compiled twice; state their features in [workspace.dependencies], \
         and name the crate in the package:\n{}",
        differ.join("\n")
    );
}
