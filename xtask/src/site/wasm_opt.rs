//! Makes wasm smaller with binaryen's wasm-opt, which comes as an npm package of `end2end/`.

use std::fs;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context as _, Result};

use crate::process::Process;

/// For size above all; then what rustc's wasm uses and wasm-opt would otherwise refuse.
pub(super) const RECIPE: &str = "-Oz --enable-bulk-memory --enable-nontrapping-float-to-int --enable-sign-ext \
                                 --enable-mutable-globals --enable-reference-types --enable-multivalue";

/// Optimises `wasm` in its place.
pub(super) fn run(node_programs: &Path, wasm: &Path) -> Result<()> {
    let start = Instant::now();
    let smaller = wasm.with_extension("smaller");
    Process::new(node_programs.join("wasm-opt").to_string_lossy())
        .words(RECIPE)
        .path(wasm)
        .argument("-o")
        .path(&smaller)
        .run()?;
    fs::rename(&smaller, wasm).with_context(|| format!("renaming {}", smaller.display()))?;
    println!("site: wasm-opt took {:.1} s", start.elapsed().as_secs_f32());
    Ok(())
}
