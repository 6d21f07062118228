//! Modules depend on each other one way only, and no file of xtask is long.
#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use xtask::source::rust_code;

/// A module's path within its crate, such as `["show", "svg"]`.
type Module = Vec<String>;

/// What each module uses of its own crate.
type Uses = BTreeMap<Module, BTreeSet<Module>>;

/// The layers of `xtask-measure`, from the top.
const LAYERS: [&str; 7] = ["cli", "show", "judge", "measure", "system", "data", "stats"];

/// No file of xtask has more lines than this.
const LONGEST: usize = 400;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The folders of all packages.
fn packages() -> Vec<PathBuf> {
    let metadata = cargo_metadata::MetadataCommand::new().no_deps().exec();
    let packages = metadata.unwrap().packages.into_iter();
    let folders = packages.map(|it| it.manifest_path.parent().unwrap().into());
    // The site is a workspace of its own.
    folders.chain([root().join("xtask/site")]).collect()
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|it| it == "rs") {
            found.push(path);
        }
    }
}

/// The module that a file of `src` is; `None` for a binary of its own.
fn module(source: &Path) -> Option<Module> {
    let mut parts: Module = source
        .with_extension("")
        .iter()
        .map(|part| part.to_string_lossy().into_owned())
        .collect();
    match parts.last()?.as_str() {
        "mod" | "lib" | "main" => drop(parts.pop()),
        _ => {}
    }
    (parts.first().map(String::as_str) != Some("bin")).then_some(parts)
}

/// All paths of a `use`, without its braces.
fn expand(tree: &str) -> Vec<String> {
    let tree = tree.trim();
    let Some((prefix, rest)) = tree.split_once('{') else {
        let path = tree.split(" as ").next().unwrap();
        return vec![path.trim().to_owned()];
    };
    let inside = &rest[..rest.rfind('}').unwrap_or(rest.len())];
    let (mut depth, mut start) = (0, 0);
    let mut parts = Vec::new();
    for (at, character) in inside.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&inside[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&inside[start..]);
    let parts = parts.iter().filter(|part| !part.trim().is_empty());
    let expanded = parts.flat_map(|part| expand(part));
    expanded.map(|part| format!("{prefix}{part}")).collect()
}

/// What a module uses of the modules that are `known`.
fn uses(module: &Module, code: &str, known: &BTreeSet<Module>) -> BTreeSet<Module> {
    // What is only passed on with `pub use` is not used.
    let statements = code.split(';').filter_map(|statement| {
        let (before, tree) = statement.rsplit_once("use ")?;
        let line = before.rsplit('\n').next().unwrap_or_default();
        line.trim().is_empty().then_some(tree)
    });
    let paths = statements.flat_map(expand);
    let target = |path: String| {
        let mut names = path.split("::").map(|name| name.trim().to_owned());
        let mut at = match names.next()?.as_str() {
            "crate" => Module::new(),
            "self" => module.clone(),
            "super" => module.split_last()?.1.to_vec(),
            child => {
                let child = [module.as_slice(), &[child.to_owned()]].concat();
                known.contains(&child).then_some(child)?
            }
        };
        for name in names {
            if name == "super" {
                at.pop();
                continue;
            }
            let next = [at.as_slice(), &[name]].concat();
            if !known.contains(&next) {
                break;
            }
            at = next;
        }
        (at != *module).then_some(at)
    };
    paths.filter_map(target).collect()
}

fn uses_of(package: &Path) -> Uses {
    let folder = package.join("src");
    let mut files = Vec::new();
    sources(&folder, &mut files);
    let modules: Vec<(PathBuf, Module)> = files
        .into_iter()
        .filter_map(|file| {
            let module = module(file.strip_prefix(&folder).ok()?)?;
            Some((file, module))
        })
        .collect();
    let known: BTreeSet<Module> = modules.iter().map(|(_, module)| module.clone()).collect();
    let mut all = Uses::new();
    for (file, module) in modules {
        let code = rust_code(&fs::read_to_string(&file).unwrap());
        let used = uses(&module, &code, &known);
        all.entry(module).or_default().extend(used);
    }
    all
}

/// The way from a module back to itself, if there is one.
fn cycle(all: &Uses, start: &Module) -> Option<Vec<String>> {
    let mut ways = vec![vec![start.clone()]];
    let mut seen = BTreeSet::new();
    while let Some(way) = ways.pop() {
        for next in all.get(way.last()?).into_iter().flatten() {
            if next == start {
                return Some(way.iter().map(|module| module.join("::")).collect());
            }
            if seen.insert(next.clone()) {
                ways.push([way.as_slice(), std::slice::from_ref(next)].concat());
            }
        }
    }
    None
}

#[test]
fn no_module_uses_one_that_uses_it() {
    let mut found = Vec::new();
    for package in packages() {
        let all = uses_of(&package);
        let name = package.file_name().unwrap().to_string_lossy().into_owned();
        let cycles = all.keys().filter_map(|module| cycle(&all, module));
        found.extend(cycles.map(|way| format!("{name}: {}", way.join(" > "))));
    }
    assert!(
        found.is_empty(),
        "these go in circles:\n{}",
        found.join("\n")
    );
}

#[test]
fn the_layers_of_the_measuring_point_one_way() {
    let layer = |module: &Module| {
        LAYERS
            .iter()
            .position(|it| module.first().is_some_and(|m| m == it))
    };
    let mut count = 0;
    for (module, used) in uses_of(&root().join("xtask/measure")) {
        for target in used {
            if let (Some(from), Some(to)) = (layer(&module), layer(&target)) {
                assert!(
                    from <= to,
                    "{} uses {}",
                    module.join("::"),
                    target.join("::")
                );
                count += 1;
            }
        }
    }
    assert!(count > 50, "{count}");
}

#[test]
fn no_file_of_xtask_is_long() {
    let mut files = Vec::new();
    for folder in ["xtask/src", "xtask/load/src", "xtask/measure/src"] {
        sources(&root().join(folder), &mut files);
    }
    assert!(files.len() > 40);
    for file in files {
        let lines = fs::read_to_string(&file).unwrap().lines().count();
        assert!(lines <= LONGEST, "{} has {lines} lines", file.display());
    }
}

#[test]
fn uses_are_read_with_their_braces() {
    let paths = expand("crate::{a::{b, c as d}, e}");
    assert_eq!(paths, ["crate::a::b", "crate::a::c", "crate::e"]);
    let known: BTreeSet<Module> = [vec![], vec!["a".into()], vec!["b".into()]].into();
    let code = "use std::io;\npub use super::c::Thing;\nuse super::b::Thing;\nuse crate::{a::X, Y};\nfn f() { 1; }";
    let used = uses(&vec!["a".into()], code, &known);
    assert_eq!(used, [vec![], vec!["b".to_owned()]].into());
}
