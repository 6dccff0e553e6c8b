//! A browser together with the WebDriver program that drives it, which is how tests run in it.

use std::path::PathBuf;

/// The pair.
#[derive(Debug, Clone)]
pub(crate) struct Driven {
    pub(crate) browser: PathBuf,
    pub(crate) driver: PathBuf,
}
