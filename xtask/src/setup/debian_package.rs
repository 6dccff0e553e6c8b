//! Debian packages installed into the machine: only as root, and only what a test cannot do without.

use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use super::fetching;
use crate::process::{Process, on_path};

/// A mirror that does not answer must not hold everything up; a running installation is not cut off.
const INDEX_LIMIT: Duration = Duration::from_secs(300);
const NETWORK: [&str; 4] = ["-o", "Acquire::http::Timeout=30", "-o", "Acquire::Retries=2"];

/// Installs `packages`, which are one or more names.
pub(super) fn install(packages: &[&str]) -> Result<()> {
    let names = packages.join(" ");
    let advice = || format!("install the Debian packages with `apt-get install {names}`");
    if on_path(&["apt-get"]).is_none() {
        bail!("expected `apt-get` on PATH, found none (not a Debian machine)");
    }
    if Process::new("id")
        .argument("-u")
        .answer()
        .is_none_or(|user| user.trim() != "0")
    {
        bail!("not root: {}", advice());
    }
    fetching(&format!("the Debian packages {names}"), || {
        // Fails when any of the machine's sources is out of reach, while the one that matters may be there.
        let _ = apt_get().argument("update").limit(INDEX_LIMIT).succeeds();
        apt_get()
            .words("install --yes --no-install-recommends")
            .arguments(packages.iter().copied())
            .run()
    })
    .with_context(advice)
}

fn apt_get() -> Process {
    Process::new("apt-get")
        .arguments(NETWORK)
        .set("DEBIAN_FRONTEND", "noninteractive")
}
