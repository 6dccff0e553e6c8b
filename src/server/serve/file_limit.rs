//! How many files the process may have open, a connection being one.
//!
//! Read from Linux's `/proc`, since the system call has no safe interface in the standard library and one number read
//! once is not worth a dependency.

use std::fs;

/// Where there is no `/proc`: the usual limit of a process that nobody has given more.
const USUAL: usize = 1024;

pub(super) fn open_files() -> usize {
    let limits = fs::read_to_string("/proc/self/limits");
    limits.ok().and_then(|limits| parse(&limits)).unwrap_or(USUAL)
}

/// The soft limit, which is the first of the line's two numbers.
fn parse(limits: &str) -> Option<usize> {
    let line = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"))?;
    match line.split_whitespace().next()? {
        "unlimited" => Some(usize::MAX),
        number => number.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_soft_limit_of_open_files() {
        let limits = |files: &str| {
            format!(
                "Limit                     Soft Limit           Hard Limit           Units     \n\
                 Max processes             63432                63432                processes \n\
                 Max open files            {files}                1048576              files     \n"
            )
        };
        assert_eq!(parse(&limits("1024")), Some(1024));
        assert_eq!(parse(&limits("unlimited")), Some(usize::MAX));
        assert_eq!(parse(&limits("many")), None);
        assert_eq!(parse(""), None);
        assert!(open_files() >= 3);
    }
}
