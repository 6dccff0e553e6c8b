//! Gets the tools that building, serving and testing need, each when it is first asked for.
//!
//! Knows nothing of what the tools are used for. A tool that is there is used as it is; one that had to be fetched is
//! announced and timed; one that cannot be had is an error of one line that says what to install.

mod cargo_deny;
mod chromium;
mod debian_package;
mod debian_rust_src;
mod driven;
pub(crate) mod engines;
mod firefox;
pub(crate) mod nginx;
mod node;
mod program;
mod toolchain;
mod wasm_tools;
mod webkit;

use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Error, Result, bail};

use self::driven::Driven;
pub(crate) use self::webkit::Display;
use self::webkit::WebKit;
use crate::workspace::Workspace;

/// The tools, each looked for once in a run: a stage must not wait again for a server that did not answer before.
#[derive(Debug)]
pub(crate) struct Tools {
    workspace: Workspace,
    wasm_target: Once<()>,
    components: Once<()>,
    node_programs: Once<PathBuf>,
    chromium: Once<PathBuf>,
    driven_chromium: Once<Driven>,
    driven_firefox: Once<Driven>,
    webkit: Once<WebKit>,
    wasm_bindgen_cli: Once<()>,
    cargo_leptos: Once<()>,
    cargo_deny: Once<()>,
    nginx: Once<PathBuf>,
    redis: Once<PathBuf>,
    nats: Once<PathBuf>,
}

type Once<T> = OnceCell<Result<T, String>>;

impl Tools {
    /// Nothing is looked for yet.
    pub(crate) fn of(workspace: &Workspace) -> Self {
        Self {
            workspace: workspace.clone(),
            wasm_target: Once::new(),
            components: Once::new(),
            node_programs: Once::new(),
            chromium: Once::new(),
            driven_chromium: Once::new(),
            driven_firefox: Once::new(),
            webkit: Once::new(),
            wasm_bindgen_cli: Once::new(),
            cargo_leptos: Once::new(),
            cargo_deny: Once::new(),
            nginx: Once::new(),
            redis: Once::new(),
            nats: Once::new(),
        }
    }

    /// rustc can compile for the browser.
    pub(crate) fn wasm_target(&self) -> Result<()> {
        once(&self.wasm_target, || toolchain::wasm_target(&self.workspace))
    }

    /// `cargo fmt` and `cargo clippy`.
    pub(crate) fn components(&self) -> Result<()> {
        once(&self.components, toolchain::components)
    }

    /// The folder with the programs of end2end's npm packages, wasm-opt and playwright among them.
    pub(crate) fn node_programs(&self) -> Result<PathBuf> {
        once(&self.node_programs, || node::programs(&self.workspace.end2end()))
    }

    /// The npm packages of another folder.
    pub(crate) fn npm_packages(&self, folder: &Path) -> Result<()> {
        node::programs(folder).map(drop)
    }

    /// A Chromium for Playwright.
    pub(crate) fn chromium(&self) -> Result<PathBuf> {
        once(&self.chromium, || {
            chromium::find_or_get(&self.workspace, || self.node_programs())
        })
    }

    /// A Chromium together with the WebDriver program of its version.
    pub(crate) fn driven_chromium(&self) -> Result<Driven> {
        once(&self.driven_chromium, || {
            chromium::find_or_get_driven(&self.chromium()?)
        })
    }

    /// A Firefox together with geckodriver.
    pub(crate) fn driven_firefox(&self) -> Result<Driven> {
        once(&self.driven_firefox, || {
            firefox::find_or_get_driven(&self.workspace)
        })
    }

    /// WebKit's WebDriver program, and how its browser gets a display.
    pub(crate) fn webkit(&self) -> Result<WebKit> {
        once(&self.webkit, webkit::find_or_get)
    }

    /// `wasm-bindgen` and `wasm-bindgen-test-runner` of the version in Cargo.lock.
    pub(crate) fn wasm_bindgen_cli(&self) -> Result<()> {
        once(&self.wasm_bindgen_cli, || {
            wasm_tools::wasm_bindgen_cli(&self.workspace)
        })
    }

    /// `cargo leptos`.
    pub(crate) fn cargo_leptos(&self) -> Result<()> {
        once(&self.cargo_leptos, || wasm_tools::cargo_leptos(&self.workspace))
    }

    /// `cargo deny`.
    pub(crate) fn cargo_deny(&self) -> Result<()> {
        once(&self.cargo_deny, || cargo_deny::find_or_get(&self.workspace))
    }

    /// nginx, the program alone.
    pub(crate) fn nginx(&self) -> Result<PathBuf> {
        once(&self.nginx, || nginx::find_or_get(&self.workspace))
    }

    /// The server of an engine that hubs of several processes share.
    pub(crate) fn engine(&self, engine: engines::Engine) -> Result<PathBuf> {
        let known = match engine {
            engines::Engine::Redis => &self.redis,
            engines::Engine::Nats => &self.nats,
        };
        once(known, || engine.find_or_install())
    }
}

fn once<T: Clone>(known: &Once<T>, get: impl FnOnce() -> Result<T>) -> Result<T> {
    let result = known.get_or_init(|| get().map_err(|error| format!("{error:#}")));
    result.clone().map_err(Error::msg)
}

/// One tool of the list that `setup` goes through.
struct Need<'a> {
    name: &'static str,
    get: Box<dyn Fn() -> Result<String> + 'a>,
}

impl<'a> Need<'a> {
    fn new(name: &'static str, get: impl Fn() -> Result<String> + 'a) -> Self {
        Self {
            name,
            get: Box::new(get),
        }
    }
}

/// `cargo xtask setup`: gets everything, goes on after a failure, and says at the end what is missing. What only stages need
/// that run by name is left to them.
pub(crate) fn run(tools: &Tools, all: bool) -> Result<()> {
    let ready = |()| "ready".to_owned();
    let shown = |path: PathBuf| path.display().to_string();
    let mut needs = vec![
        Need::new("wasm32 target", || tools.wasm_target().map(ready)),
        Need::new("rustfmt and clippy", || tools.components().map(ready)),
        Need::new("npm packages", || tools.node_programs().map(shown)),
        Need::new("Chromium", || tools.chromium().map(shown)),
    ];
    if all {
        needs.push(Need::new("chromedriver", || {
            tools.driven_chromium().map(|found| shown(found.driver))
        }));
        needs.push(Need::new("wasm-bindgen-cli", || {
            tools.wasm_bindgen_cli().map(ready)
        }));
        needs.push(Need::new("cargo-deny", || tools.cargo_deny().map(ready)));
        needs.push(Need::new("nginx", || tools.nginx().map(shown)));
        for engine in engines::Engine::ALL {
            needs.push(Need::new(engine.program(), move || {
                tools.engine(engine).map(shown)
            }));
        }
        needs.push(Need::new("cargo-leptos", || tools.cargo_leptos().map(ready)));
    }
    let mut missing = 0;
    for Need { name, get } in needs {
        let start = Instant::now();
        match get() {
            Ok(found) => println!("{name}: {found} ({:.1} s)", start.elapsed().as_secs_f32()),
            Err(error) => {
                missing += 1;
                println!(
                    "{name}: MISSING ({:.1} s): {error:#}",
                    start.elapsed().as_secs_f32()
                );
            }
        }
    }
    if missing > 0 {
        bail!("{missing} of the tools could not be had; see the lines above")
    } else {
        Ok(())
    }
}

/// Says what is being fetched, and afterwards how long that took.
fn fetching<T>(what: &str, get: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("setup: getting {what}");
    let start = Instant::now();
    let result = get();
    let outcome = if result.is_ok() { "got" } else { "did not get" };
    println!(
        "setup: {outcome} {what} in {:.1} s",
        start.elapsed().as_secs_f32()
    );
    result
}
