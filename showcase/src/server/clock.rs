//! The time of day, for people.

use std::time::{SystemTime, UNIX_EPOCH};

/// Hours, minutes and seconds in UTC.
pub(crate) fn time_of_day() -> String {
    let seconds = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    in_day(seconds % 86_400)
}

fn in_day(second: u64) -> String {
    format!("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60)
}

#[cfg(test)]
mod tests {
    #[test]
    fn times() {
        assert_eq!(super::in_day(0), "00:00:00");
        assert_eq!(super::in_day(86_399), "23:59:59");
        assert_eq!(super::in_day(3_661), "01:01:01");
    }
}
