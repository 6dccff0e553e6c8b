//! What was typed after `cargo xtask`, as values. Anything unknown is an error that names it.

use std::net::SocketAddr;

use anyhow::{Context as _, Result, bail};

use crate::announce;
use crate::bench;
use crate::serve;
use crate::setup::engines::Engine;
use crate::site::Build;
use crate::soak;
use crate::test::Selection;

/// Printed by `cargo xtask help`, and after a mistake.
pub(crate) const HELP: &str = "\
cargo xtask <command>

  setup [--all]                get what is missing: the wasm32 target, npm packages, a Chromium;
                               with --all also what `watch` and `test` install when they need it
                               (wasm-bindgen-cli, chromedriver, nginx, redis-server, nats-server, cargo-deny,
                               and cargo-leptos: 15 minutes)
  serve [--dev] [--port P]     build the showcase (release unless --dev) and serve it at http://127.0.0.1:3000
        [--broker redis|nats]  the same on a server of that engine, which is started too and keeps nothing;
        [--nodes N]            by so many processes behind nginx, each also at a port of its own after P
  build [dev] [release] [csr]  build those sites of the showcase, one after the other, and serve none
  watch [-- ARGS]              `cargo leptos watch`, with its tools installed when missing
  test [--only a,b] [--without a,b] [--list]
                               every check of the repository, or some of its stages; `firefox` and `webkit`, the
                               unit tests of the browser's code in those browsers too, run only when --only names
                               them, and get the browsers and their drivers then
  deny                         check what others' code is built in: licences, sources, known vulnerabilities
  soak [--minutes N] [--seed S] [--connections N] [--release]
                               a server under mixed chaos for 5 minutes, then as many streams as can be held,
                               20,000 at most, then as long chaos on two nodes of Redis and two of NATS at once;
                               a dev build unless --release; an error if received is not expected
  bench [--quick] [--only suite,suite/scenario] [--rounds N] [--list]
                               measures ours beside the peers; a full run of a suite rewrites its tables in
                               BENCHMARKS.md, a quick one only shows that everything runs and is right";

/// One command with its options.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Help,
    Setup {
        all: bool,
    },
    Serve(serve::Options),
    Build(Vec<Build>),
    Watch {
        rest: Vec<String>,
    },
    Test(Selection),
    Deny,
    Soak(soak::Options),
    Bench(bench::Selection),
    /// Not for people: what `serve` leaves running beside the server.
    Announce {
        address: SocketAddr,
    },
}

/// Reads the arguments after the program's name.
pub(crate) fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Command> {
    let mut arguments = arguments.into_iter();
    let Some(command) = arguments.next() else {
        return Ok(Command::Help);
    };
    match command.as_str() {
        "help" | "--help" | "-h" => Ok(Command::Help),
        "setup" => setup(arguments),
        "serve" => serve(arguments),
        "build" => build(arguments),
        "watch" => Ok(Command::Watch {
            rest: arguments.filter(|argument| argument != "--").collect(),
        }),
        "test" => test(arguments),
        "deny" => deny(arguments),
        "soak" => soak(arguments),
        "bench" => bench(arguments),
        announce::COMMAND => {
            let address = value("an address", arguments.next())?;
            Ok(Command::Announce {
                address: address.parse().context("expected an address and a port")?,
            })
        }
        unknown => bail!("unknown command `{unknown}`"),
    }
}

fn setup(arguments: impl Iterator<Item = String>) -> Result<Command> {
    let mut all = false;
    for argument in arguments {
        match argument.as_str() {
            "--all" => all = true,
            "--help" | "-h" => return Ok(Command::Help),
            unknown => bail!("`setup` has no option `{unknown}`"),
        }
    }
    Ok(Command::Setup { all })
}

fn serve(mut arguments: impl Iterator<Item = String>) -> Result<Command> {
    let mut options = serve::Options::default();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--dev" => options.dev = true,
            "--port" => {
                let port = value("--port", arguments.next())?;
                options.port = port
                    .parse()
                    .with_context(|| format!("`{port}` is not a port number"))?;
            }
            "--broker" => options.broker = Some(Engine::parse(&value("--broker", arguments.next())?)?),
            "--nodes" => {
                let nodes = value("--nodes", arguments.next())?;
                options.nodes = nodes
                    .parse()
                    .ok()
                    .filter(|nodes| (1..=16).contains(nodes))
                    .with_context(|| format!("`{nodes}` is not a number of processes from 1 to 16"))?;
            }
            "--help" | "-h" => return Ok(Command::Help),
            unknown => bail!("`serve` has no option `{unknown}`"),
        }
    }
    if options.nodes > 1 && options.broker.is_none() {
        bail!(
            "`--nodes` needs `--broker redis` or `--broker nats`: hubs in memory know nothing of each other"
        );
    }
    Ok(Command::Serve(options))
}

fn build(arguments: impl Iterator<Item = String>) -> Result<Command> {
    let mut builds = Vec::new();
    for argument in arguments {
        match argument.as_str() {
            "--help" | "-h" => return Ok(Command::Help),
            name => builds.push(Build::parse(name)?),
        }
    }
    if builds.is_empty() {
        bail!("`build` needs the name of a site: dev, release or csr");
    }
    Ok(Command::Build(builds))
}

fn test(mut arguments: impl Iterator<Item = String>) -> Result<Command> {
    let mut selection = Selection::default();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--only" => selection.only(&value("--only", arguments.next())?)?,
            "--without" => selection.without(&value("--without", arguments.next())?)?,
            "--list" => selection.list = true,
            "--help" | "-h" => return Ok(Command::Help),
            unknown => bail!("`test` has no option `{unknown}`"),
        }
    }
    Ok(Command::Test(selection))
}

fn deny(mut arguments: impl Iterator<Item = String>) -> Result<Command> {
    match arguments.next().as_deref() {
        None => Ok(Command::Deny),
        Some("--help" | "-h") => Ok(Command::Help),
        Some(unknown) => bail!("`deny` has no option `{unknown}`"),
    }
}

fn soak(mut arguments: impl Iterator<Item = String>) -> Result<Command> {
    let mut options = soak::Options::default();
    while let Some(argument) = arguments.next() {
        let mut number = || -> Result<u64> {
            let text = value(&argument, arguments.next())?;
            text.parse()
                .with_context(|| format!("`{argument}` needs a number, found `{text}`"))
        };
        match argument.as_str() {
            "--minutes" => options.minutes = number()?,
            "--seed" => options.seed = Some(number()?),
            "--connections" => options.connections = Some(number()?),
            "--release" => options.release = true,
            "--help" | "-h" => return Ok(Command::Help),
            unknown => bail!("`soak` has no option `{unknown}`"),
        }
    }
    Ok(Command::Soak(options))
}

fn bench(mut arguments: impl Iterator<Item = String>) -> Result<Command> {
    let mut selection = bench::Selection::default();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--only" => selection.only(&value("--only", arguments.next())?)?,
            "--quick" => selection.quick = true,
            "--rounds" => selection.rounds = Some(rounds(&value("--rounds", arguments.next())?)?),
            "--list" => selection.list = true,
            "--help" | "-h" => return Ok(Command::Help),
            unknown => bail!("`bench` has no option `{unknown}`"),
        }
    }
    Ok(Command::Bench(selection))
}

fn rounds(text: &str) -> Result<u32> {
    let number = text.parse().ok().filter(|number| *number > 0);
    number.with_context(|| format!("`--rounds` needs a number of rounds, found `{text}`"))
}

fn value(option: &str, value: Option<String>) -> Result<String> {
    value.with_context(|| format!("`{option}` needs a value"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test::StageName;

    fn check(typed: &str, expected: Command) {
        let parsed = parse(typed.split_whitespace().map(str::to_owned));
        assert_eq!(parsed.unwrap(), expected, "{typed}");
    }

    fn refuse(typed: &str, named: &str) {
        let error = parse(typed.split_whitespace().map(str::to_owned)).unwrap_err();
        assert!(format!("{error:#}").contains(named), "{typed}: {error:#}");
    }

    #[test]
    fn commands_and_their_options() {
        check("", Command::Help);
        check("--help", Command::Help);
        check("serve --help", Command::Help);
        check("setup", Command::Setup { all: false });
        check("setup --all", Command::Setup { all: true });
        check("serve", Command::Serve(serve::Options::default()));
        check(
            "serve --dev --port 80",
            Command::Serve(serve::Options {
                dev: true,
                port: 80,
                ..serve::Options::default()
            }),
        );
        check(
            "serve --broker nats --nodes 2",
            Command::Serve(serve::Options {
                broker: Some(Engine::Nats),
                nodes: 2,
                ..serve::Options::default()
            }),
        );
        check(
            "build release csr",
            Command::Build(vec![Build::Release, Build::Csr]),
        );
        check(
            "watch -- --release",
            Command::Watch {
                rest: vec!["--release".to_owned()],
            },
        );
        check("test", Command::Test(Selection::default()));
        check("deny", Command::Deny);
        check("soak", Command::Soak(soak::Options::default()));
        check(
            "soak --minutes 480 --seed 7 --connections 100 --release",
            Command::Soak(soak::Options {
                minutes: 480,
                seed: Some(7),
                connections: Some(100),
                release: true,
            }),
        );
    }

    #[test]
    fn stages_are_chosen_by_name() {
        let mut fmt_and_doc = Selection::default();
        fmt_and_doc.only("doc,fmt").unwrap();
        check("test --only fmt,doc", Command::Test(fmt_and_doc.clone()));
        check("test --only fmt --only doc", Command::Test(fmt_and_doc.clone()));
        assert!(fmt_and_doc.includes(StageName::Fmt));
        assert!(!fmt_and_doc.includes(StageName::Clippy));
        let mut other_browsers = Selection::default();
        other_browsers.only("firefox,webkit").unwrap();
        check("test --only firefox,webkit", Command::Test(other_browsers));
    }

    #[test]
    fn benchmarks_are_chosen_by_name() {
        check("bench", Command::Bench(bench::Selection::default()));
        check("bench --quick", Command::Bench(bench::Selection::quick()));
        let mut twice = bench::Selection::default();
        twice.rounds = Some(2);
        check("bench --rounds 2", Command::Bench(twice));
        let mut one = bench::Selection::default();
        one.only("browser/one").unwrap();
        check("bench --only browser/one", Command::Bench(one));
    }

    #[test]
    fn mistakes_are_named() {
        refuse("deploy", "deploy");
        refuse("serve --port", "--port");
        refuse("serve --port 70000", "70000");
        refuse("serve --release", "--release");
        refuse("build", "release");
        refuse("build --fast", "--fast");
        refuse("serve --broker kafka", "kafka");
        refuse("serve --broker redis --nodes 0", "`0`");
        refuse("serve --nodes 2", "--broker");
        refuse("test --only lint", "lint");
        refuse("deny --offline", "--offline");
        refuse("soak --minutes long", "long");
        refuse("soak --seed", "--seed");
        refuse("bench --only lint", "lint");
        refuse("bench --slow", "--slow");
    }
}
