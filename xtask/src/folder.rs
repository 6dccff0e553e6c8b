//! Folders as a whole: copied, and emptied.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

/// Copies what is in `from` into `to`, which is made when it is missing; files there are overwritten.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("making {}", to.display()))?;
    for entry in fs::read_dir(from).with_context(|| format!("reading {}", from.display()))? {
        let entry = entry?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if source.is_dir() {
            copy(&source, &target)?;
        } else {
            fs::copy(&source, &target)
                .with_context(|| format!("copying {} to {}", source.display(), target.display()))?;
        }
    }
    Ok(())
}

/// Makes `folder` an empty one.
pub(crate) fn renew(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("removing {}", folder.display()))?;
    }
    fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_copied_with_what_is_below_it() {
        let folder = std::env::temp_dir().join(format!("xtask-folder-{}", std::process::id()));
        renew(&folder.join("from/below")).unwrap();
        fs::write(folder.join("from/below/file"), "text").unwrap();
        copy(&folder.join("from"), &folder.join("to")).unwrap();
        assert_eq!(fs::read_to_string(folder.join("to/below/file")).unwrap(), "text");
        renew(&folder.join("to")).unwrap();
        assert_eq!(fs::read_dir(folder.join("to")).unwrap().count(), 0);
        fs::remove_dir_all(folder).unwrap();
    }
}
