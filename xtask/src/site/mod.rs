//! Builds the showcase's site: the server program, and the folder of files that it serves.
//!
//! Makes by cargo and wasm-bindgen's library what cargo-leptos makes: the same commands, the same variables, the same
//! file names. Knows nothing of who runs the server.

mod files;
mod front;
mod stamp;
mod wasm_opt;

pub(crate) use self::front::of_app;

use std::panic::resume_unwind;
use std::path::PathBuf;
use std::thread;
use std::time::Instant;

use anyhow::{Context as _, Result};

use crate::process::Process;
use crate::setup::Tools;
use crate::workspace::{Flags, SHOWCASE, Workspace};

/// The folder of wasm, JavaScript and style inside a site.
const PACKAGE: &str = "pkg";

/// Which site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Build {
    /// As `cargo leptos watch` builds: unoptimised, erased components.
    Dev,
    /// As `cargo leptos build --release` builds.
    Release,
    /// Rendered in the browser only: the page is a static file, and the server is there for the data.
    Csr,
}

/// A built site.
#[derive(Debug)]
pub(crate) struct Site {
    /// The server program.
    pub(crate) server: PathBuf,
    /// The folder of files.
    pub(crate) root: PathBuf,
}

impl Site {
    /// What the server reads at its start, but for the address.
    pub(crate) fn environment(&self) -> Vec<(&'static str, String)> {
        vec![
            ("LEPTOS_OUTPUT_NAME", SHOWCASE.to_owned()),
            ("LEPTOS_SITE_ROOT", self.root.to_string_lossy().into_owned()),
            ("LEPTOS_SITE_PKG_DIR", PACKAGE.to_owned()),
        ]
    }
}

impl Build {
    const ALL: [Self; 3] = [Self::Dev, Self::Release, Self::Csr];

    /// The build of that name.
    pub(crate) fn parse(name: &str) -> Result<Self> {
        let known = || Self::ALL.map(Self::name).join(", ");
        let build = Self::ALL.into_iter().find(|build| build.name() == name);
        build.with_context(|| format!("no build is called `{name}`; expected one of {}", known()))
    }

    /// As people and folders call it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Release => "release",
            Self::Csr => "csr",
        }
    }

    fn flags(self) -> Flags {
        match self {
            Self::Dev => Flags::Erased,
            Self::Release | Self::Csr => Flags::Plain,
        }
    }

    /// The showcase's features for the server side. The dev site has both engines, as `bin-features` in `Cargo.toml` says to
    /// cargo-leptos: several processes of it are tested.
    fn server_features(self) -> &'static [&'static str] {
        match self {
            Self::Dev => &["ssr", "redis", "nats"],
            Self::Release | Self::Csr => &["ssr"],
        }
    }

    /// The showcase's feature for the browser side.
    fn front_feature(self) -> &'static str {
        match self {
            Self::Dev | Self::Release => "hydrate",
            Self::Csr => "csr",
        }
    }

    fn front_profile(self) -> &'static str {
        if self == Self::Release {
            "wasm-release"
        } else {
            "dev"
        }
    }

    fn server_profile(self) -> &'static str {
        if self == Self::Release { "release" } else { "dev" }
    }
}

/// Cargo calls the folder of the profile `dev` differently.
fn profile_folder(profile: &str) -> &str {
    if profile == "dev" { "debug" } else { profile }
}

/// Builds what has changed since the last time; the server has these features besides.
///
/// Both halves at the same time: neither needs the other, and each ends with steps that keep one processor busy.
pub(crate) fn build(workspace: &Workspace, tools: &Tools, build: Build, features: &[&str]) -> Result<Site> {
    let start = Instant::now();
    tools.wasm_target()?;
    if build == Build::Release {
        // For wasm-opt: what is missing shall show before minutes of compiling.
        tools.node_programs()?;
    }
    let root = workspace.site(build.name());
    let (server, front) = thread::scope(|scope| {
        let server = scope.spawn(|| program(workspace, build, SHOWCASE, features));
        let front = front::build(workspace, tools, build, &root);
        (server.join().unwrap_or_else(|panic| resume_unwind(panic)), front)
    });
    let server = server?;
    front?;
    files::copy_static(workspace, build, &root)?;
    println!(
        "site: the {} site is built, in {:.1} s",
        build.name(),
        start.elapsed().as_secs_f32()
    );
    Ok(Site { server, root })
}

/// A site from what something else has built.
pub(crate) fn found(server: PathBuf, root: PathBuf) -> Site {
    Site { server, root }
}

/// Builds a program of the showcase's: its server, or one of those beside it.
pub(crate) fn program(workspace: &Workspace, build: Build, name: &str, features: &[&str]) -> Result<PathBuf> {
    let target = workspace.native_target(build.flags());
    let profile = build.server_profile();
    let own = build.server_features();
    let besides = features.iter().filter(|feature| !own.contains(feature));
    let features: Vec<_> = own.iter().chain(besides).copied().collect();
    cargo(workspace, build.flags())
        .words("build --package=showcase --no-default-features")
        .argument(format!("--features={}", features.join(",")))
        .argument(format!("--bin={name}"))
        .arguments(["--profile", profile])
        .argument("--target-dir")
        .path(&target)
        .run()?;
    let program = target.join(profile_folder(profile)).join(name);
    Ok(program.with_extension(std::env::consts::EXE_EXTENSION))
}

/// Cargo with the variables that decide what is compiled.
fn cargo(workspace: &Workspace, flags: Flags) -> Process {
    // Read by leptos at compile time: without it, pages ask for `showcase_bg.wasm`.
    let process = Process::new("cargo")
        .folder(workspace.root())
        .set("LEPTOS_OUTPUT_NAME", SHOWCASE);
    match flags.rustflags() {
        Some(rustflags) => process.set("RUSTFLAGS", rustflags),
        None => process,
    }
}
