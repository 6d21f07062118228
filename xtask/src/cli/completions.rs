//! `cargo xtask completions`: subcommands, options, and the listings themselves.

use clap::Command;
use clap::builder::{PossibleValue, PossibleValuesParser};
use xtask::options::Shell;
use xtask::workspace::Workspace;

/// The script that teaches `shell` the words of `command`. A shell completes only commands, so
/// `xtask` becomes a command.
pub fn completions(workspace: &Workspace, command: Command, shell: Shell) -> String {
    let chapters = workspace.chapters.iter().map(|it| it.name.clone());
    let chapters: Vec<PossibleValue> = chapters.map(PossibleValue::new).collect();
    let listings = listings(workspace);
    let words = [
        ("list", "chapter", chapters),
        ("run", "listing", listings.clone()),
        ("timeline", "listing", listings),
    ];

    let mut command = command.name("xtask").bin_name("xtask");
    for (subcommand, arg, words) in &words {
        let words = PossibleValuesParser::new(words.clone());
        command = command.mut_subcommand(subcommand, |subcommand| {
            // All of them, because `mut_arg` would put one behind the others.
            subcommand.mut_args(|it| {
                if it.get_id() == arg {
                    it.value_parser(words.clone())
                } else {
                    it
                }
            })
        });
    }
    let mut script = |generator: clap_complete::Shell| {
        let mut script = Vec::new();
        clap_complete::generate(generator, &mut command, "xtask", &mut script);
        String::from_utf8_lossy(&script).into_owned()
    };

    let function = "xtask() { cargo xtask \"$@\"; }\n";
    match shell {
        Shell::Bash => function.to_owned() + &script(clap_complete::Shell::Bash),
        // zsh reads from the first line what this completes, so that line stays first.
        Shell::Zsh => script(clap_complete::Shell::Zsh).replacen('\n', &format!("\n{function}"), 1),
        Shell::Fish => {
            let function = "function xtask; cargo xtask $argv; end\n";
            let mut script = function.to_owned() + &script(clap_complete::Shell::Fish);
            // For fish, clap completes only options.
            for (subcommand, _, words) in &words {
                script.extend(words.iter().map(|word| for_fish(subcommand, word)));
            }
            script
        }
    }
}

fn for_fish(subcommand: &str, word: &PossibleValue) -> String {
    let help = word.get_help().map(ToString::to_string).unwrap_or_default();
    let help = help.replace('\\', "\\\\").replace('\'', "\\'");
    format!(
        "complete -c xtask -n '__fish_xtask_using_subcommand {subcommand}' -f -a '{}' -d '{help}'\n",
        word.get_name()
    )
}

/// The names that a reader may use: numbers for the book's listings, and names for all that run.
fn listings(workspace: &Workspace) -> Vec<PossibleValue> {
    let described = |name: String, title: &str| PossibleValue::new(name).help(title.to_owned());
    let mut words = Vec::new();
    for (_, listing) in workspace.listings() {
        let header = &listing.header;
        if header.number.is_some() && header.variant.is_none() {
            words.push(described(header.to_string(), &header.title));
        }
        if let Some(binary) = &listing.binary {
            words.push(described(binary.clone(), &header.title));
        }
    }
    words
}
