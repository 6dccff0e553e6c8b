//! The suite of `benches/size/`: how many bytes the library adds to a bare app that hydrates, as they are sent.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use super::wasm_parts::Parts;
use super::{Context, Outcome, Suite};
use crate::process::Process;
use crate::site;

pub(super) const SUITE: Suite = Suite {
    name: "size",
    summary: "the bytes that the library adds to an app, wasm and JavaScript, by brotli -q 11",
    run,
};

/// The apps that are compared with the bare one: its feature, what it uses, and how many kilobytes may be added.
const APPS: [(&str, &str, usize); 2] = [
    ("streams", "`SseSource` and `SseSwap`", 20),
    ("everything", "every part of the library", 35),
];

/// The package of all of them.
const PACKAGE: &str = "size";

fn run(context: &Context<'_>) -> Result<Outcome> {
    if context.quick {
        // Nothing runs here that could be wrong, and three optimised builds are not quick.
        println!("size: three release builds, which a quick run leaves out");
        return Ok(Outcome::default());
    }
    let (bare, bare_parts) = measure(context, "bare", &[])?;
    let mut outcome = Outcome {
        passed: 1,
        tables: format!(
            "| app | as it is sent | added | reach |\n| --- | --- | --- | --- |\n| bare | {} | | |\n",
            kilobytes(bare)
        ),
        ..Outcome::default()
    };
    let mut made_of = Vec::new();
    for (feature, uses, reach) in APPS {
        if !context.scenarios.is_empty() && !context.scenarios.iter().any(|chosen| chosen == feature) {
            continue;
        }
        let (whole, parts) = measure(context, feature, &[feature])?;
        let added = whole.saturating_sub(bare);
        println!("size: {feature} adds {}", kilobytes(added));
        let row = format!(
            "| {uses} | {} | {} | {reach} kB |\n",
            kilobytes(whole),
            kilobytes(added)
        );
        outcome.tables.push_str(&row);
        made_of.push((uses, parts.table_beyond(&bare_parts)));
        outcome.passed += 1;
    }
    for (uses, table) in made_of {
        let heading =
            format!("\n{uses}: what was compiled beyond the bare app, not yet optimised and compressed\n\n");
        outcome.tables.extend([heading, table]);
    }
    Ok(outcome)
}

/// What an app has in its wasm and its JavaScript, compressed one by one, as they are sent; and what its wasm is made of.
fn measure(context: &Context<'_>, name: &str, features: &[&str]) -> Result<(usize, Parts)> {
    let folder = context.workspace.scratch("bench").join(PACKAGE).join(name);
    fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    let front = site::of_app(context.workspace, context.tools, PACKAGE, features, &folder)?;
    let bytes = front
        .files
        .iter()
        .map(|file| compressed(file))
        .sum::<Result<_>>()?;
    Ok((bytes, Parts::of(&front.compiled)?))
}

/// Compresses a file by Node's brotli, which the tests need in any case.
fn compressed(file: &Path) -> Result<usize> {
    const PROGRAM: &str = "const { brotliCompressSync, constants } = require('zlib'); \
        const { readFileSync, writeFileSync } = require('fs'); const [file] = process.argv.slice(1); \
        writeFileSync(file + '.br', brotliCompressSync(readFileSync(file), { params: { \
        [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 } }))";
    Process::new("node")
        .argument("-e")
        .argument(PROGRAM)
        .path(file)
        .run()?;
    let mut compressed = file.as_os_str().to_owned();
    compressed.push(".br");
    let length = fs::metadata(&compressed)
        .with_context(|| format!("reading {}.br", file.display()))?
        .len();
    usize::try_from(length).context("the length of a file")
}

fn kilobytes(bytes: usize) -> String {
    format!("{}.{} kB", bytes / 1000, bytes % 1000 / 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kilobytes_are_a_thousand_bytes() {
        for (bytes, expected) in [(0, "0.0 kB"), (999, "0.9 kB"), (34_950, "34.9 kB")] {
            assert_eq!(kilobytes(bytes), expected);
        }
    }
}
