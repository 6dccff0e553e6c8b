//! nginx, which the library is tested behind: the machine's own, or Debian's program without its installation.
//!
//! Installing the package would also start a server on port 80. The program alone needs nothing of that.

use std::env;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use super::debian_rust_src::file_with_extension;
use super::fetching;
use crate::folder::renew;
use crate::process::{Process, on_path};
use crate::workspace::Workspace;

/// The variable that tells tests, and this program, where it is.
pub(crate) const VARIABLE: &str = "NGINX";

/// Where Debian puts it, which a user's PATH does not name.
const INSTALLED: &str = "usr/sbin/nginx";
const LIMIT: Duration = Duration::from_secs(120);

/// The program.
pub(super) fn find_or_get(workspace: &Workspace) -> Result<PathBuf> {
    let folder = workspace.scratch("nginx");
    let named = env::var_os(VARIABLE).map(PathBuf::from);
    let candidates = [
        on_path(&["nginx"]),
        Some(Path::new("/").join(INSTALLED)),
        Some(folder.join("unpacked").join(INSTALLED)),
    ];
    let found = named.into_iter().chain(candidates.into_iter().flatten());
    if let Some(program) = found.into_iter().find(|program| runs(program)) {
        return Ok(program);
    }
    fetching("Debian's nginx", || get(&folder)).context("install nginx, or name it in NGINX")
}

fn runs(program: &Path) -> bool {
    Process::new(program.to_string_lossy())
        .argument("-v")
        .answer()
        .is_some()
}

fn get(folder: &Path) -> Result<PathBuf> {
    for program in ["apt-get", "dpkg-deb"] {
        if on_path(&[program]).is_none() {
            bail!("expected `{program}` on PATH, found none (not a Debian machine)");
        }
    }
    renew(folder)?;
    let download = Process::new("apt-get")
        // The unprivileged user that apt would change to cannot write here.
        .words("-o APT::Sandbox::User= -o Acquire::http::Timeout=20 -o Acquire::Retries=1 download nginx")
        .folder(folder)
        .limit(LIMIT);
    if !download.succeeds()? {
        // The machine's list of packages may be missing, or older than what the mirror has.
        let _ = Process::new("apt-get").argument("update").limit(LIMIT).succeeds();
        download.run()?;
    }
    let unpacked = folder.join("unpacked");
    Process::new("dpkg-deb")
        .argument("-x")
        .path(&file_with_extension(folder, "deb")?)
        .path(&unpacked)
        .run()?;
    let program = unpacked.join(INSTALLED);
    if !runs(&program) {
        bail!(
            "expected {} to run; a library that it needs may be missing",
            program.display()
        );
    }
    Ok(program)
}
