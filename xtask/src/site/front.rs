//! The browser's half of a site: wasm and the JavaScript that loads it.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context as _, Result};
use wasm_bindgen_cli_support::Bindgen;

use super::stamp::Stamp;
use super::{Build, PACKAGE, cargo, profile_folder, wasm_opt};
use crate::folder::renew;
use crate::lock_file;
use crate::setup::Tools;
use crate::workspace::{Flags, SHOWCASE, WASM_TARGET, Workspace};

/// Compiles, binds and optimises; the latter two only if the compiler's output is another than last time.
pub(super) fn build(workspace: &Workspace, tools: &Tools, build: Build, root: &Path) -> Result<()> {
    let target = workspace.wasm_target(build.flags());
    let profile = build.front_profile();
    cargo(workspace, build.flags())
        .words("build --package=showcase --lib --no-default-features --target")
        .argument(WASM_TARGET)
        .argument(format!("--features={}", build.front_feature()))
        .arguments(["--profile", profile])
        .argument("--target-dir")
        .path(&target)
        // Two bars, this one and the server's, would write over each other.
        .set("CARGO_TERM_PROGRESS_WHEN", "never")
        .run()?;
    let compiled = target
        .join(WASM_TARGET)
        .join(profile_folder(profile))
        .join(SHOWCASE)
        .with_extension("wasm");
    let optimise = build == Build::Release;
    let binder = lock_file::version(workspace, "wasm-bindgen")?;
    let recipe = format!(
        "wasm-bindgen {binder}, {}",
        if optimise {
            wasm_opt::RECIPE
        } else {
            "not optimised"
        }
    );
    let bytes = fs::read(&compiled).with_context(|| format!("reading {}", compiled.display()))?;

    let package = root.join(PACKAGE);
    let (wasm, script) = (
        package.join(SHOWCASE).with_extension("wasm"),
        package.join(SHOWCASE).with_extension("js"),
    );
    let stamp = Stamp::new(workspace.scratch("stamps").join(build.name()), &bytes, &recipe);
    if stamp.is_current() && wasm.is_file() && script.is_file() {
        println!(
            "site: the compiled wasm is unchanged, so {} stays",
            package.display()
        );
        return Ok(());
    }
    stamp.clear()?;
    renew(&package)?;
    bind(&compiled, &package, SHOWCASE, &wasm)?;
    if optimise {
        wasm_opt::run(&tools.node_programs()?, &wasm)?;
    }
    let size = fs::metadata(&wasm)
        .with_context(|| format!("reading {}", wasm.display()))?
        .len();
    println!("site: {} is {} kB", wasm.display(), size / 1000);
    stamp.set()
}

/// The browser's half of an app.
#[derive(Debug)]
pub(crate) struct Front {
    /// As it is sent: the wasm and the JavaScript.
    pub(crate) files: [PathBuf; 2],
    /// The wasm as the compiler has left it, until the next app of the same name is compiled.
    pub(crate) compiled: PathBuf,
}

/// Makes the browser's half of another app as that of a release is made.
pub(crate) fn of_app(
    workspace: &Workspace,
    tools: &Tools,
    app: &str,
    features: &[&str],
    folder: &Path,
) -> Result<Front> {
    let target = workspace.wasm_target(Flags::Plain);
    let profile = Build::Release.front_profile();
    cargo(workspace, Flags::Plain)
        .words("build --lib --package")
        .argument(app)
        .words("--target")
        .argument(WASM_TARGET)
        .argument(format!("--features={}", features.join(",")))
        .arguments(["--profile", profile])
        .argument("--target-dir")
        .path(&target)
        .run()?;
    let compiled = target.join(WASM_TARGET).join(profile_folder(profile));
    let compiled = compiled.join(app).with_extension("wasm");
    renew(folder)?;
    let bound = folder.join(app);
    let [wasm, script] = ["wasm", "js"].map(|extension| bound.with_extension(extension));
    bind(&compiled, folder, app, &wasm)?;
    wasm_opt::run(&tools.node_programs()?, &wasm)?;
    let files = [wasm, script];
    Ok(Front { files, compiled })
}

fn bind(compiled: &Path, package: &Path, name: &str, wasm: &Path) -> Result<()> {
    let start = Instant::now();
    // The tool's own command line, though it runs in here as a library.
    println!(
        "$ wasm-bindgen --target web --out-name {name} --out-dir {} {}",
        package.display(),
        compiled.display()
    );
    // The library's defaults are not the tool's: these two make the files equal to those of cargo-leptos.
    Bindgen::new()
        .typescript(true)
        .omit_default_module_path(false)
        .web(true)?
        .input_path(compiled)
        .out_name(name)
        .generate(package)?;
    println!("site: wasm-bindgen took {:.1} s", start.elapsed().as_secs_f32());
    // The name that cargo-leptos gives it, and that pages ask for.
    let bound = package.join(format!("{name}_bg.wasm"));
    fs::rename(&bound, wasm).with_context(|| format!("renaming {}", bound.display()))
}
