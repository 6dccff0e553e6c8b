//! The standard library for the browser without rustup's server: built here, from Debian's package of its source.
//!
//! A toolchain accepts only a library of its own version, so the package must be of exactly that version; it may be in
//! a newer suite than the machine's. apt fetches and verifies it with a configuration and folders of its own: nothing
//! is installed and the machine's package lists stay as they are. The one change is the toolchain's new library
//! folder, which appears as a whole or not at all.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use super::toolchain::wasm_libraries;
use crate::folder::{copy, renew};
use crate::process::{Process, on_path};
use crate::workspace::{WASM_TARGET, Workspace};

/// Where Debian keeps compilers newer than its stable release, the small index first.
const SUITES: [&str; 5] = ["trixie-backports", "forky-backports", "forky", "sid", "trixie"];
const FALLBACK_MIRROR: &str = "http://deb.debian.org/debian";
const KEYRINGS: [&str; 2] = [
    "/usr/share/keyrings/debian-archive-keyring.pgp",
    "/usr/share/keyrings/debian-archive-keyring.gpg",
];
const INDEX_LIMIT: Duration = Duration::from_secs(120);
/// For all suites of all mirrors: what is out of reach for one is so for the others.
const SEARCH_LIMIT: Duration = Duration::from_secs(240);
const DOWNLOAD_LIMIT: Duration = Duration::from_secs(300);
/// The empty crate whose dependencies are the standard library.
const CRATE: &str = "standard_library";
/// Says of a source folder in a toolchain that it was put there from here.
const MARK: &str = ".put-here-by-xtask";

/// Puts the libraries into the toolchain at `sysroot`, or changes nothing.
pub(super) fn install(workspace: &Workspace, sysroot: &Path) -> Result<()> {
    let release = release()?;
    let folder = workspace.scratch("rust-src");
    renew(&folder)?;
    let source = Source::in_sysroot(sysroot, || {
        let package = download(&release, &folder)?;
        unpack(&package, &folder)
    })?;
    let libraries = build(&folder)?;
    place(&libraries, sysroot, &folder)?;
    drop(source);
    // The package and the build are some 400 MB, and are not needed again.
    fs::remove_dir_all(&folder).with_context(|| format!("removing {}", folder.display()))
}

fn release() -> Result<String> {
    let answer = Process::new("rustc")
        .words("-vV")
        .answer()
        .context("asking rustc for its version")?;
    let release = answer.lines().find_map(|line| line.strip_prefix("release: "));
    release
        .map(str::to_owned)
        .context("expected a line `release: …` from `rustc -vV`")
}

/// apt with folders of its own below `folder`; the machine's are neither read (but for keys) nor written.
fn apt(program: &str, folder: &Path) -> Process {
    let option = |name: &str, value: &str| format!("{name}={value}");
    let below = |name: &str| folder.join(name).to_string_lossy().into_owned();
    let options = [
        option("Dir::State", &below("state")),
        option("Dir::Cache", &below("cache")),
        option("Dir::Etc::sourcelist", &below("sources.list")),
        option("Dir::Etc::sourceparts", "/dev/null"),
        // The unprivileged user that apt would change to cannot write here.
        option("APT::Sandbox::User", ""),
        option("Acquire::Languages", "none"),
        option("Acquire::http::Timeout", "20"),
        option("Acquire::Retries", "1"),
    ];
    let process = Process::new(program).folder(folder);
    options.into_iter().fold(process, |process, option| {
        process.arguments(["-o".to_owned(), option])
    })
}

fn download(release: &str, folder: &Path) -> Result<PathBuf> {
    for program in ["apt-get", "apt-cache", "dpkg-deb"] {
        if on_path(&[program]).is_none() {
            bail!("expected `{program}` on PATH, found none (not a Debian machine)");
        }
    }
    for name in ["state/lists/partial", "cache/archives/partial"] {
        fs::create_dir_all(folder.join(name))?;
    }
    let configured = Process::new("apt-get")
        .words("indextargets --format $(SITE)")
        .answer()
        .unwrap_or_default();
    let keyring = KEYRINGS.iter().find(|path| Path::new(path).is_file());
    let options = keyring
        .map(|path| format!("[signed-by={path}] "))
        .unwrap_or_default();
    let start = Instant::now();
    for mirror in mirrors(&configured) {
        for suite in SUITES {
            if start.elapsed() > SEARCH_LIMIT {
                bail!("Debian's mirrors do not answer in time");
            }
            fs::write(
                folder.join("sources.list"),
                format!("deb {options}{mirror} {suite} main\n"),
            )?;
            // A suite that does not exist yet is no reason to stop.
            if !apt("apt-get", folder)
                .argument("update")
                .limit(INDEX_LIMIT)
                .succeeds()
                .unwrap_or(false)
            {
                continue;
            }
            let offered = apt("apt-cache", folder)
                .arguments(["madison", "rust-src"])
                .answer()
                .unwrap_or_default();
            if let Some(version) = matching_version(&offered, release) {
                let package = format!("rust-src={version}");
                apt("apt-get", folder)
                    .arguments(["download".to_owned(), package])
                    .limit(DOWNLOAD_LIMIT)
                    .run()?;
                return file_with_extension(folder, "deb");
            }
        }
    }
    bail!("no Debian suite within reach has the package rust-src of version {release}")
}

/// The Debian archives among the sites that apt is configured for, and Debian's own.
fn mirrors(sites: &str) -> Vec<&str> {
    let mut mirrors: Vec<&str> = Vec::new();
    let archives = sites
        .lines()
        .map(|site| site.trim_end_matches('/'))
        .filter(|site| site.ends_with("/debian"));
    for site in archives.chain([FALLBACK_MIRROR]) {
        if !mirrors.contains(&site) {
            mirrors.push(site);
        }
    }
    mirrors
}

/// From `apt-cache madison`: the full version of the package whose upstream version is `release`.
fn matching_version<'a>(madison: &'a str, release: &str) -> Option<&'a str> {
    let versions = madison
        .lines()
        .filter_map(|line| line.split('|').nth(1))
        .map(str::trim);
    versions.into_iter().find(|version| upstream(version) == release)
}

/// `1.95.0` of `1:1.95.0+dfsg1-2~bpo13+1`. What follows a `~` stays, since it marks a pre-release.
fn upstream(version: &str) -> &str {
    let version = version.split_once(':').map_or(version, |(_, rest)| rest);
    let version = version.rsplit_once('-').map_or(version, |(upstream, _)| upstream);
    version.split_once('+').map_or(version, |(upstream, _)| upstream)
}

/// Unpacks without installing; the `library/` folder that was inside.
fn unpack(package: &Path, folder: &Path) -> Result<PathBuf> {
    let unpacked = folder.join("unpacked");
    Process::new("dpkg-deb")
        .argument("-x")
        .path(package)
        .path(&unpacked)
        .run()?;
    let sources = unpacked.join("usr/src");
    let entries = fs::read_dir(&sources).with_context(|| format!("reading {}", sources.display()))?;
    let libraries = entries.flatten().map(|entry| entry.path().join("library"));
    libraries
        .into_iter()
        .find(|library| library.join("std/Cargo.toml").is_file())
        .with_context(|| format!("expected */library/std below {}", sources.display()))
}

/// The library source where cargo looks for it, for as long as this value lives.
struct Source {
    remove: Option<PathBuf>,
}

impl Source {
    /// Leaves a source that is there already (rustup's component rust-src) as it is, and does not fetch another.
    fn in_sysroot(sysroot: &Path, library: impl FnOnce() -> Result<PathBuf>) -> Result<Self> {
        let folder = sysroot.join("lib/rustlib/src/rust");
        let mark = folder.join(MARK);
        if mark.exists() {
            // Left by a run that was ended from outside.
            fs::remove_dir_all(&folder).with_context(|| format!("removing {}", folder.display()))?;
        }
        if folder.join("library/std/Cargo.toml").is_file() {
            return Ok(Self { remove: None });
        }
        if folder.exists() {
            bail!(
                "expected no {} or one with the library's source",
                folder.display()
            );
        }
        let library = library()?;
        // Made first, so that a copy that fails half-way is removed.
        let source = Self {
            remove: Some(folder.clone()),
        };
        renew(&folder)?;
        fs::write(&mark, "").with_context(|| format!("writing {}", mark.display()))?;
        copy(&library, &folder.join("library"))?;
        Ok(source)
    }
}

impl Drop for Source {
    fn drop(&mut self) {
        let Some(folder) = &self.remove else { return };
        if let Err(error) = fs::remove_dir_all(folder) {
            eprintln!("warning: {} could not be removed: {error}", folder.display());
        }
        // Only if it is empty, that is: only if it was made here.
        let _ = folder.parent().map(fs::remove_dir);
    }
}

/// Builds a crate that is empty but for the standard library; the folder with its libraries.
fn build(folder: &Path) -> Result<PathBuf> {
    let package = folder.join(CRATE);
    fs::create_dir_all(package.join("src"))?;
    fs::write(package.join("src/lib.rs"), "")?;
    let manifest = format!("[package]\nname = \"{CRATE}\"\nedition = \"2024\"\n\n[workspace]\n");
    fs::write(package.join("Cargo.toml"), manifest)?;
    let target = folder.join("target");
    Process::new("cargo")
        // `test` is what `cargo test` links, also when the tests run in a browser.
        .words("build --release -Zbuild-std=std,panic_abort,panic_unwind,test --target")
        .argument(WASM_TARGET)
        .argument("--target-dir")
        .path(&target)
        .folder(&package)
        // -Z options are for nightly compilers; this lets the compiler take them for its own library.
        .set("RUSTC_BOOTSTRAP", "1")
        // As the distributed libraries are built: hidden from users, and with bitcode, so that LTO can reach into them.
        .set("RUSTFLAGS", "-Zforce-unstable-if-unmarked -Cembed-bitcode=yes")
        .unset("CARGO_ENCODED_RUSTFLAGS")
        .unset("CARGO_TARGET_DIR")
        .run()?;
    Ok(target.join(WASM_TARGET).join("release/deps"))
}

/// Moves the libraries into the toolchain in one step, and takes them out again if rustc cannot use them.
fn place(built: &Path, sysroot: &Path, folder: &Path) -> Result<()> {
    let home = wasm_libraries(sysroot);
    let fresh = home.with_file_name("lib.new");
    renew(&fresh)?;
    let own = format!("lib{CRATE}-");
    for entry in fs::read_dir(built).with_context(|| format!("reading {}", built.display()))? {
        let path = entry?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if path.extension() == Some(OsStr::new("rlib")) && !name.starts_with(&own) {
            fs::copy(&path, fresh.join(&name)).with_context(|| format!("copying {name}"))?;
        }
    }
    if home.exists() {
        fs::remove_dir_all(&home).with_context(|| format!("removing {}", home.display()))?;
    }
    fs::rename(&fresh, &home).with_context(|| format!("making {}", home.display()))?;
    let tried = try_out(folder);
    if tried.is_err() {
        fs::remove_dir_all(&home).with_context(|| format!("removing {}", home.display()))?;
    }
    tried.context("the new libraries do not work and were removed")
}

/// A library as the showcase is one, and a test program.
fn try_out(folder: &Path) -> Result<()> {
    let program = folder.join("try.rs");
    fs::write(
        &program,
        "#[unsafe(no_mangle)]\npub extern \"C\" fn f() -> usize { format!(\"{:?}\", 1).len() }\n",
    )?;
    for kind in ["--crate-type=cdylib -Clto=fat -Copt-level=1", "--test"] {
        let rustc = Process::new("rustc").words("--edition=2024").words(kind);
        let rustc = rustc
            .arguments(["--target", WASM_TARGET])
            .argument("--out-dir")
            .path(folder);
        rustc.path(&program).run()?;
    }
    Ok(())
}

pub(super) fn file_with_extension(folder: &Path, extension: &str) -> Result<PathBuf> {
    let mut files = fs::read_dir(folder)?.flatten().map(|entry| entry.path());
    files
        .find(|path| path.extension() == Some(OsStr::new(extension)))
        .with_context(|| format!("expected a .{extension} file in {}", folder.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(version: &str, expected: &str) {
        assert_eq!(upstream(version), expected, "{version}");
    }

    #[test]
    fn the_upstream_version_of_a_debian_version() {
        check("1.95.0+dfsg1-2~bpo13+1", "1.95.0");
        check("1.63.0+dfsg1-2", "1.63.0");
        check("1:1.95.0-1", "1.95.0");
        check("1.95.0", "1.95.0");
        check("1.95.0~beta.3+dfsg1-1~exp1", "1.95.0~beta.3");
    }

    #[test]
    fn only_exactly_the_compilers_version_will_do() {
        let offered = "\
  rust-src | 1.96.1+dfsg1-2~bpo13+1 | http://mirror/debian trixie-backports/main amd64 Packages
  rust-src | 1.95.0+dfsg1-2~bpo13+1 | http://mirror/debian trixie-backports/main amd64 Packages
";
        assert_eq!(
            matching_version(offered, "1.95.0"),
            Some("1.95.0+dfsg1-2~bpo13+1")
        );
        assert_eq!(matching_version(offered, "1.95.1"), None);
        assert_eq!(matching_version(offered, "1.96.0"), None);
        assert_eq!(matching_version("", "1.95.0"), None);
    }

    #[test]
    fn the_machines_own_mirror_comes_first() {
        let sites =
            "http://near/debian\nhttp://near/debian-security\nhttp://near/debian/\nhttps://other/repo\n";
        assert_eq!(mirrors(sites), ["http://near/debian", FALLBACK_MIRROR]);
        assert_eq!(mirrors("http://deb.debian.org/debian\n"), [FALLBACK_MIRROR]);
        assert_eq!(mirrors(""), [FALLBACK_MIRROR]);
    }
}
