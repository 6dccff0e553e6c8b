//! The repository's commands, `cargo xtask …`: what a newcomer or a CI machine needs beyond plain cargo.
//!
//! They exist so that a clean clone becomes a running site or a full test run with one command, on a machine that has
//! only Rust and Node. They print every command that they run, so that each step can be repeated by hand.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line tool talks to people by printing"
)]

mod announce;
mod bench;
mod command_line;
mod deny;
mod folder;
mod lock_file;
mod process;
mod serve;
mod setup;
mod site;
mod soak;
mod test;
mod watch;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;

use crate::command_line::{Command, HELP, parse};
use crate::setup::Tools;
use crate::workspace::Workspace;

fn main() -> ExitCode {
    let command = match parse(std::env::args().skip(1)) {
        Ok(command) => command,
        Err(error) => {
            eprintln!("error: {error:#}\n\n{HELP}");
            return ExitCode::from(2);
        }
    };
    match run(command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<ExitCode> {
    let workspace = Workspace::find()?;
    let tools = Tools::of(&workspace);
    match command {
        Command::Help => println!("{HELP}"),
        Command::Setup { all } => setup::run(&tools, all)?,
        Command::Serve(options) => serve::run(&workspace, &tools, &options)?,
        Command::Build(builds) => {
            for build in builds {
                site::build(&workspace, &tools, build, &[])?;
            }
        }
        Command::Watch { rest } => watch::run(&workspace, &tools, rest)?,
        Command::Test(selection) => return test::run(&workspace, &tools, &selection),
        Command::Deny => return deny::run(&workspace, &tools),
        Command::Soak(options) => soak::run(&workspace, &tools, &options)?,
        Command::Bench(selection) => return bench::run(&workspace, &tools, &selection),
        Command::Announce { address } => announce::when_it_answers(address)?,
    }
    Ok(ExitCode::SUCCESS)
}
