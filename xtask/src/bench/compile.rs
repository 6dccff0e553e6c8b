//! What a developer waits for: the library's own compile time, and what a changed line of a page costs.

use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};

use super::{Context, Outcome, Suite};
use crate::process::Process;
use crate::watch;
use crate::workspace::{Flags, WASM_TARGET};

pub(super) const SUITE: Suite = Suite {
    name: "compile",
    summary: "seconds that a developer waits: the library alone, and a changed line of a page",
    run,
};

/// How often each is measured where nobody says otherwise.
const ROUNDS: u32 = 3;

const LIBRARY: &str = "leptos-live";

/// Builds of the library and nothing else, its dependencies being there: a scenario, what it is, and cargo's arguments.
const LIBRARY_BUILDS: [(&str, &str, &str); 3] = [
    ("server", "the library for a server, dev", "--features ssr"),
    (
        "server-release",
        "the library for a server, release",
        "--features ssr --release",
    ),
    (
        "browser",
        "the library for a browser, dev",
        "--features hydrate --target wasm32-unknown-unknown",
    ),
];

/// A line of a page of the showcase, and what it is changed to.
const PAGE: &str = "showcase/src/demos/simple.rs";
const LINE: [&str; 2] = ["\"Nothing yet.\"", "\"Nothing as yet.\""];

fn run(context: &Context<'_>) -> Result<Outcome> {
    if context.quick {
        // Nothing runs here that could be wrong, and release builds are not quick.
        println!("compile: builds from scratch, which a quick run leaves out");
        return Ok(Outcome::default());
    }
    context.tools.wasm_target()?;
    let is_chosen =
        |name: &str| context.scenarios.is_empty() || context.scenarios.iter().any(|chosen| chosen == name);
    let mut outcome = Outcome {
        tables: "| what is compiled | median, s | spread |\n| --- | ---: | ---: |\n".to_owned(),
        ..Outcome::default()
    };
    let mut add = |what: &str, seconds: Vec<f32>| {
        let row = row(what, seconds);
        print!("{row}");
        outcome.tables.push_str(&row);
        outcome.passed += 1;
    };
    for (name, what, arguments) in LIBRARY_BUILDS {
        if is_chosen(name) {
            add(what, library(context, arguments)?);
        }
    }
    if is_chosen("page") {
        add(
            "`cargo leptos build`, after a line of a page has changed",
            page(context)?,
        );
    }
    Ok(outcome)
}

/// The library alone, anew each time: what is left of the last build, incremental or not, is removed before.
fn library(context: &Context<'_>, arguments: &str) -> Result<Vec<f32>> {
    let target = if arguments.contains(WASM_TARGET) {
        context.workspace.wasm_target(Flags::Plain)
    } else {
        context.workspace.native_target(Flags::Plain)
    };
    let cargo = |command: &str| {
        Process::new("cargo")
            .words(command)
            .argument("--target-dir")
            .path(&target)
            .folder(context.workspace.root())
    };
    let build = cargo(&format!("build -p {LIBRARY} {arguments}"));
    let from = arguments.find("--target").or_else(|| arguments.find("--release"));
    let place = from.and_then(|from| arguments.get(from..)).unwrap_or_default();
    let clean = cargo(&format!("clean -p {LIBRARY} {place}"));
    // The first run is for the dependencies.
    build.run()?;
    (0..context.rounds.unwrap_or(ROUNDS))
        .map(|_| {
            clean.run()?;
            seconds(&build)
        })
        .collect()
}

/// What `cargo leptos watch` does when a file has changed, without the watching: both programs and wasm-bindgen.
fn page(context: &Context<'_>) -> Result<Vec<f32>> {
    context.tools.cargo_leptos()?;
    context.tools.wasm_bindgen_cli()?;
    // The folder of the dev site, which has the same flags.
    let target = context.workspace.native_target(Flags::Erased);
    let site = context.workspace.site("cargo-leptos");
    let build = watch::cargo_leptos(context.workspace, context.tools, "build", &target)?
        .set("LEPTOS_SITE_ROOT", site.to_string_lossy());
    build.run()?;
    let page = Changed::read(context.workspace.root().join(PAGE))?;
    (0..context.rounds.unwrap_or(ROUNDS))
        .map(|round| {
            page.write(round % 2 == 0)?;
            seconds(&build)
        })
        .collect()
}

fn seconds(process: &Process) -> Result<f32> {
    let start = Instant::now();
    process.run()?;
    Ok(start.elapsed().as_secs_f32())
}

/// A source file that is changed for a while.
struct Changed {
    file: PathBuf,
    text: String,
}

impl Changed {
    fn read(file: PathBuf) -> Result<Self> {
        let text = fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))?;
        let [line, _] = LINE;
        ensure!(text.contains(line), "expected {line} in {}", file.display());
        Ok(Self { file, text })
    }

    fn write(&self, is_changed: bool) -> Result<()> {
        let [line, other] = LINE;
        let text = if is_changed {
            self.text.replacen(line, other, 1)
        } else {
            self.text.clone()
        };
        fs::write(&self.file, text).with_context(|| format!("writing {}", self.file.display()))
    }
}

impl Drop for Changed {
    fn drop(&mut self) {
        if let Err(error) = self.write(false) {
            println!("!!! {error:#}: git has it !!!");
        }
    }
}

fn row(what: &str, mut seconds: Vec<f32>) -> String {
    seconds.sort_by(f32::total_cmp);
    let at = |index: usize| seconds.get(index).copied().unwrap_or_default();
    let last = seconds.len().saturating_sub(1);
    format!(
        "| {what} | {:.1} | {:.1} to {:.1} |\n",
        at(last / 2),
        at(0),
        at(last)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_the_median_and_the_spread() {
        assert_eq!(row("x", vec![3.0, 1.04, 2.0]), "| x | 2.0 | 1.0 to 3.0 |\n");
        assert_eq!(row("x", vec![]), "| x | 0.0 | 0.0 to 0.0 |\n");
    }

    #[test]
    fn the_line_that_is_changed_is_there_and_comes_back() {
        let page = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("..")
            .join(PAGE);
        let text = fs::read_to_string(page).unwrap();
        let file = std::env::temp_dir().join(format!("leptos-live-{}.rs", std::process::id()));
        fs::write(&file, &text).unwrap();
        let changed = Changed::read(file.clone()).unwrap();
        changed.write(true).unwrap();
        assert_ne!(fs::read_to_string(&file).unwrap(), text);
        drop(changed);
        assert_eq!(fs::read_to_string(&file).unwrap(), text);
        fs::remove_file(file).unwrap();
    }
}
