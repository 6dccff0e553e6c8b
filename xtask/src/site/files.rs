//! The files of a site that nothing has to build: the stylesheet, `public/`, and the page of a site without SSR.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use super::{Build, PACKAGE};
use crate::folder::copy;
use crate::workspace::{SHOWCASE, Workspace};

/// The browser-only build starts by itself once it is loaded. Paths from the root, since this is the page of every URL.
const INDEX: &str = r#"<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <link rel="stylesheet" href="/pkg/showcase.css">
    <script type="module">
      import init from "/pkg/showcase.js";
      await init({ module_or_path: "/pkg/showcase.wasm" });
    </script>
  </head>
  <body></body>
</html>
"#;

/// Copies them into the site at `root`, removing what an earlier `public/` left there.
pub(super) fn copy_static(workspace: &Workspace, build: Build, root: &Path) -> Result<()> {
    remove_all_but(root, PACKAGE)?;
    copy(&workspace.root().join("public"), root)?;
    let style = workspace.root().join("style/main.css");
    let to = root.join(PACKAGE).join(SHOWCASE).with_extension("css");
    fs::copy(&style, &to).with_context(|| format!("copying {} to {}", style.display(), to.display()))?;
    if build == Build::Csr {
        fs::write(root.join("index.html"), INDEX).context("writing the site's index.html")?;
    }
    Ok(())
}

fn remove_all_but(folder: &Path, kept: &str) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let path = entry?.path();
        if path.file_name().is_some_and(|name| name == kept) {
            continue;
        }
        let removed = if path.is_dir() {
            fs::remove_dir_all(&path)
        } else {
            fs::remove_file(&path)
        };
        removed.with_context(|| format!("removing {}", path.display()))?;
    }
    Ok(())
}
