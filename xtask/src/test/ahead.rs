//! Builds the sites of later stages while the tests of earlier ones wait for timers, servers and pages.
//!
//! The lowest priority leaves the processors to the tests. What has failed here is built again by its stage, which then
//! says what is wrong; so nothing depends on this but time.

use std::fs::{self, File};
use std::process::Child;
use std::time::Instant;

use anyhow::{Context as _, Result};

use super::stage::{Selection, StageName};
use crate::process::{Process, on_path};
use crate::setup::Tools;
use crate::site::Build;
use crate::workspace::Workspace;

/// From the first of these stages on; the one before them wants the machine for itself.
const BEGIN: [StageName; 4] = [
    StageName::Erased,
    StageName::Brokers,
    StageName::Wasm,
    StageName::Dev,
];
/// In the order in which they are needed.
const STAGES: [(StageName, Build); 2] = [(StageName::Release, Build::Release), (StageName::Csr, Build::Csr)];

/// The sites that are built beside the tests.
#[derive(Debug, Default)]
pub(super) struct Ahead {
    running: Option<Child>,
}

impl Ahead {
    /// To be called before each stage: begins where it is time, if the run has stages that profit.
    pub(super) fn before(
        &mut self,
        stage: StageName,
        selection: &Selection,
        workspace: &Workspace,
        tools: &Tools,
    ) {
        let builds: Vec<Build> = STAGES
            .into_iter()
            .filter_map(|(stage, build)| selection.includes(stage).then_some(build))
            .collect();
        if STAGES.iter().any(|(needs, _)| *needs == stage) {
            self.wait();
        } else if self.running.is_none() && BEGIN.contains(&stage) && !builds.is_empty() {
            match start(&builds, workspace, tools) {
                Ok(running) => self.running = running,
                Err(error) => println!("nothing is built ahead: {error:#}"),
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
                "what was built ahead was waited for {:.1} s",
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

/// This program itself, so that its children have its priority.
fn start(builds: &[Build], workspace: &Workspace, tools: &Tools) -> Result<Option<Child>> {
    if on_path(&["nice"]).is_none() {
        return Ok(None);
    }
    // Nothing may be fetched by two at a time.
    tools.wasm_target()?;
    tools.node_programs()?;
    let folder = workspace.scratch("ahead");
    fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    let log = folder.join("build.log");
    let output = File::create(&log).with_context(|| format!("making {}", log.display()))?;
    let program = std::env::current_exe().context("the path of this program")?;
    let build = Process::new("nice")
        .words("-n 19")
        .path(&program)
        .argument("build")
        .arguments(builds.iter().map(|build| build.name()))
        .folder(workspace.root());
    println!(
        "built ahead, beside the tests; its output is in {}:",
        log.display()
    );
    build.start_into(output).map(Some)
}
