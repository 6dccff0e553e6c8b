//! Where the repository is, and which folder each kind of build uses.
//!
//! A target folder sees one set of RUSTFLAGS only: alternating them in one folder rebuilds every dependency each time.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

/// The name that the showcase's package, library, program and site files share.
pub(crate) const SHOWCASE: &str = "showcase";
/// The compiler's name for the browser.
pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// Paths of the repository and of what is built from it.
#[derive(Debug, Clone)]
pub(crate) struct Workspace {
    root: PathBuf,
    base: PathBuf,
}

/// The RUSTFLAGS that a build is made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flags {
    /// As the environment has them.
    Plain,
    /// With `--cfg erase_components`, as cargo-leptos does for each dev build.
    Erased,
}

impl Workspace {
    /// The workspace that `cargo xtask` was called in, or else the one that this program was built from.
    ///
    /// The two differ when clones share a target folder: cargo takes a program that was built from one of them for up
    /// to date in another.
    pub(crate) fn find() -> Result<Self> {
        let called = env::var_os("CARGO_MANIFEST_DIR");
        let package = called.unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&package)
            .parent()
            .context("expected xtask/ to lie in the workspace")?
            .to_path_buf();
        let base = match env::var_os("CARGO_TARGET_DIR").filter(|set| !set.is_empty()) {
            // Relative to where cargo was started, as cargo itself understands it.
            Some(set) => env::current_dir().context("the current folder")?.join(set),
            None => root.join("target"),
        };
        Ok(Self { root, base })
    }

    /// The folder of the root `Cargo.toml`.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The Playwright suite, whose packages also bring wasm-opt.
    pub(crate) fn end2end(&self) -> PathBuf {
        self.root.join("end2end")
    }

    /// Cargo's folder for builds of this machine's own code.
    pub(crate) fn native_target(&self, flags: Flags) -> PathBuf {
        match flags {
            Flags::Plain => self.base.clone(),
            Flags::Erased => self.base.join("erased"),
        }
    }

    /// Cargo's folder for builds of the browser's code.
    pub(crate) fn wasm_target(&self, flags: Flags) -> PathBuf {
        match flags {
            Flags::Plain => self.base.join("wasm"),
            // Where cargo-leptos puts it below its own target folder, so that both share one build.
            Flags::Erased => self.native_target(flags).join("front"),
        }
    }

    /// The folder of `cargo leptos watch`, which compiles leptos so that it reloads views. A folder of its own also lets
    /// tests run beside it.
    pub(crate) fn watch_target(&self) -> PathBuf {
        self.base.join("watch")
    }

    /// The finished site called `name`: what a server serves as files.
    pub(crate) fn site(&self, name: &str) -> PathBuf {
        self.base.join("sites").join(name)
    }

    /// A folder for this program's own files (stamps, reports, downloads); `name` says for which.
    pub(crate) fn scratch(&self, name: &str) -> PathBuf {
        self.base.join("xtask").join(name)
    }
}

impl Flags {
    /// The environment variable that sets them, if anything is to be set.
    pub(crate) fn rustflags(self) -> Option<String> {
        const ERASED: &str = "--cfg erase_components";
        match (self, env::var("RUSTFLAGS")) {
            (Self::Plain, _) => None,
            (Self::Erased, Ok(set)) if !set.trim().is_empty() => Some(format!("{set} {ERASED}")),
            (Self::Erased, _) => Some(ERASED.to_owned()),
        }
    }
}
