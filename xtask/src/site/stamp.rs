//! Remembers from which input an output was made, so that it is not made again from the same.

use std::fs;
use std::hash::{DefaultHasher, Hasher as _};
use std::path::PathBuf;

use anyhow::{Context as _, Result};

/// What the output would be made from now, and the file that says what it was made from last time.
pub(super) struct Stamp {
    file: PathBuf,
    text: String,
}

impl Stamp {
    /// The content counts, not its time: cargo may link anew and come to the same.
    pub(super) fn new(file: PathBuf, input: &[u8], recipe: &str) -> Self {
        let mut hasher = DefaultHasher::new();
        hasher.write(input);
        Self {
            file,
            text: format!("{:016x} {} bytes, {recipe}\n", hasher.finish(), input.len()),
        }
    }

    /// Whether the output was made from just this.
    pub(super) fn is_current(&self) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|text| text == self.text)
    }

    /// To be called before the output is touched: half of it must not count as current.
    pub(super) fn clear(&self) -> Result<()> {
        if self.file.exists() {
            fs::remove_file(&self.file).with_context(|| format!("removing {}", self.file.display()))?;
        }
        Ok(())
    }

    /// To be called when the output is complete.
    pub(super) fn set(&self) -> Result<()> {
        if let Some(folder) = self.file.parent() {
            fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
        }
        fs::write(&self.file, &self.text).with_context(|| format!("writing {}", self.file.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_is_current_for_the_same_input_and_recipe_only() {
        let file = std::env::temp_dir().join(format!("xtask-stamp-{}", std::process::id()));
        let stamp = Stamp::new(file.clone(), b"wasm", "recipe");
        assert!(!stamp.is_current());
        stamp.set().unwrap();
        assert!(stamp.is_current());
        assert!(!Stamp::new(file.clone(), b"other", "recipe").is_current());
        assert!(!Stamp::new(file.clone(), b"wasm", "another recipe").is_current());
        stamp.clear().unwrap();
        assert!(!stamp.is_current());
        stamp.clear().unwrap();
    }
}
