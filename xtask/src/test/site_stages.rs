//! The stages that build a site and run the Playwright suite, or a part of it, on it.

use anyhow::Result;

use super::Context;
use super::counts::Counts;
use super::playwright::{self, Suite};
use crate::site::{self, Build};
use crate::watch;
use crate::workspace::{Flags, SHOWCASE};

/// The whole suite on what a developer runs.
pub(super) fn dev(context: &Context<'_>, counts: &mut Counts) -> Result<()> {
    built(context, Build::Dev, None, counts)
}

/// The whole suite on what visitors get.
pub(super) fn release(context: &Context<'_>, counts: &mut Counts) -> Result<()> {
    built(context, Build::Release, None, counts)
}

/// What must work without server rendering.
pub(super) fn csr(context: &Context<'_>, counts: &mut Counts) -> Result<()> {
    built(context, Build::Csr, Some("@csr"), counts)
}

fn built(context: &Context<'_>, build: Build, grep: Option<&'static str>, counts: &mut Counts) -> Result<()> {
    // Before minutes of compiling.
    context.tools.chromium()?;
    let site = site::build(context.workspace, context.tools, build, &[])?;
    playwright::run(
        context,
        &Suite {
            site,
            mode: build.name(),
            grep,
        },
        counts,
    )
}

/// The smoke specs on what the ecosystem's own tool builds from the same sources.
pub(super) fn cargo_leptos(context: &Context<'_>, counts: &mut Counts) -> Result<()> {
    let mode = "cargo-leptos";
    context.tools.wasm_target()?;
    context.tools.cargo_leptos()?;
    context.tools.wasm_bindgen_cli()?;
    let root = context.workspace.site(mode);
    // The folder of the dev site, which has the same flags: one build serves both.
    let target = context.workspace.native_target(Flags::Erased);
    watch::cargo_leptos(context.workspace, context.tools, "build", &target)?
        .set("LEPTOS_SITE_ROOT", root.to_string_lossy())
        .run()?;
    let folder = context.workspace.native_target(Flags::Erased).join("debug");
    let server = folder
        .join(SHOWCASE)
        .with_extension(std::env::consts::EXE_EXTENSION);
    playwright::run(
        context,
        &Suite {
            site: site::found(server, root),
            mode,
            grep: Some("@smoke"),
        },
        counts,
    )
}
