//! Builds the sites of later stages while the tests of earlier ones wait for timers, servers and pages.
//!
//! The lowest priority leaves the processors to the tests. What has failed here is built again by its stage, which then
//! says what is wrong; so nothing depends on this but time.

use std::fs::{self, File};
use std::process::Child;
use std::time::Instant;

use anyhow::{Context as _, Result};

use super::Context;
use super::stage::{Selection, StageName};
use crate::process::{Process, on_path};
use crate::site::Build;

/// The stages that leave the processors time for it: it begins with the first of them that runs.
const BESIDE: [StageName; 5] = [
    StageName::Native,
    StageName::Erased,
    StageName::Brokers,
    StageName::Wasm,
    StageName::Dev,
];
/// What is built, in the order in which it is needed, and by whom.
const NEEDS: [(StageName, Build); 2] = [(StageName::Release, Build::Release), (StageName::Csr, Build::Csr)];

/// The sites that are built beside the tests.
#[derive(Debug, Default)]
pub(super) struct Ahead {
    running: Option<Child>,
}

impl Ahead {
    /// To be called when a stage begins: it is waited for by those that need it, and begins beside the first of the others.
    pub(super) fn stage(&mut self, stage: StageName, selection: &Selection, context: &Context<'_>) {
        if NEEDS.iter().any(|(needs, _)| *needs == stage) {
            self.wait();
        } else if self.running.is_none() && BESIDE.contains(&stage) {
            match start(&needed(selection), context) {
                Ok(running) => self.running = running,
                Err(error) => println!("nothing is built beside the tests: {error:#}"),
            }
        }
    }

    /// Two builds at a time would only wait for each other's locks.
    fn wait(&mut self) {
        if let Some(mut child) = self.running.take() {
            let start = Instant::now();
            // How it went does not matter: the stage builds what is not there.
            let _ = child.wait();
            println!(
                "site: waited {:.1} s for what is built beside the tests",
                start.elapsed().as_secs_f32()
            );
        }
    }
}

impl Drop for Ahead {
    fn drop(&mut self) {
        self.wait();
    }
}

fn needed(selection: &Selection) -> Vec<Build> {
    NEEDS
        .into_iter()
        .filter_map(|(stage, build)| selection.includes(stage).then_some(build))
        .collect()
}

/// This program itself, so that its children have its priority.
fn start(builds: &[Build], context: &Context<'_>) -> Result<Option<Child>> {
    if builds.is_empty() || on_path(&["nice"]).is_none() {
        return Ok(None);
    }
    // Nothing may be fetched by two at a time.
    context.tools.wasm_target()?;
    context.tools.node_programs()?;
    let folder = context.workspace.scratch("ahead");
    fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    let log = folder.join("build.log");
    let output = File::create(&log).with_context(|| format!("making {}", log.display()))?;
    let program = std::env::current_exe().context("the path of this program")?;
    let build = Process::new("nice")
        .words("-n 19")
        .path(&program)
        .argument("build")
        .arguments(builds.iter().map(|build| build.name()))
        .folder(context.workspace.root());
    println!(
        "site: built beside the tests; what it says is in {}",
        log.display()
    );
    build.start_into(output).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(only: &str, without: &str, expected: &[Build]) {
        let mut selection = Selection::default();
        selection.only(only).unwrap();
        selection.without(without).unwrap();
        assert_eq!(needed(&selection), expected, "only {only}, without {without}");
    }

    #[test]
    fn only_what_a_later_stage_of_the_run_needs_is_built() {
        check("", "", &[Build::Release, Build::Csr]);
        check("", "release", &[Build::Csr]);
        check("native,csr", "", &[Build::Csr]);
        check("native,dev", "", &[]);
    }

    #[test]
    fn nothing_is_built_beside_what_wants_the_machine_for_itself() {
        let place = |wanted: StageName| StageName::ALL.iter().position(|stage| *stage == wanted);
        for beside in BESIDE {
            assert!(place(StageName::Soak) < place(beside), "{}", beside.name());
            for (needs, _) in NEEDS {
                assert!(
                    place(beside) < place(needs),
                    "{} before {}",
                    beside.name(),
                    needs.name()
                );
            }
        }
        assert!(place(StageName::Csr) < place(StageName::Bench));
    }
}
