//! Which version of a package the workspace's `Cargo.lock` holds. Tools that must agree with a crate ask here.

use std::fs;

use anyhow::{Context as _, Result};

use crate::workspace::Workspace;

/// The locked version of `package`.
pub(crate) fn version(workspace: &Workspace, package: &str) -> Result<String> {
    let path = workspace.root().join("Cargo.lock");
    let text = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
    find(&text, package)
        .map(str::to_owned)
        .with_context(|| format!("expected the package `{package}` in {}", path.display()))
}

/// Cargo writes `name` and `version` on lines that follow each other, always in this order and spelling.
fn find<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let mut lines = lock.lines();
    while let Some(line) = lines.next() {
        if quoted(line, "name") == Some(package) {
            return lines.next().and_then(|line| quoted(line, "version"));
        }
    }
    None
}

fn quoted<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    line.strip_prefix(key)?.strip_prefix(" = \"")?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = "\
version = 4

[[package]]
name = \"wasm-bindgen-futures\"
version = \"0.4.80\"

[[package]]
name = \"wasm-bindgen\"
version = \"0.2.130\"
dependencies = [
 \"cfg-if\",
]
";

    #[test]
    fn finds_the_version_of_exactly_the_named_package() {
        assert_eq!(find(LOCK, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(find(LOCK, "wasm-bindgen-futures"), Some("0.4.80"));
        assert_eq!(find(LOCK, "wasm"), None);
        assert_eq!(find("", "wasm-bindgen"), None);
    }

    #[test]
    fn the_wasm_bindgen_library_of_xtask_is_the_wasm_bindgen_of_the_workspace() {
        let workspace = Workspace::find().unwrap();
        let wanted = version(&workspace, "wasm-bindgen").unwrap();
        assert_eq!(version(&workspace, "wasm-bindgen-cli-support").unwrap(), wanted);
        let manifest = fs::read_to_string(workspace.root().join("xtask/Cargo.toml")).unwrap();
        assert!(
            manifest.contains(&format!("wasm-bindgen-cli-support = \"={wanted}\"")),
            "{manifest}"
        );
    }
}
