//! Adding to the query of an address, which otherwise stays as it was written.

/// Adds encoded parameters in front of the fragment.
pub(crate) fn with_query(url: &str, parameters: &str) -> String {
    if parameters.is_empty() {
        return url.to_owned();
    }
    let end = url.find('#');
    let (address, fragment) = end.and_then(|end| url.split_at_checked(end)).unwrap_or((url, ""));
    let separator = if address.contains('?') { '&' } else { '?' };
    format!("{address}{separator}{parameters}{fragment}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_stays_as_it_was_written() {
        for (url, values, expected) in [
            ("/a?b=%20%2B+", "", "/a?b=%20%2B+"),
            ("/a?b=%20", "c=1", "/a?b=%20&c=1"),
            ("/a", "c=1", "/a?c=1"),
            ("/a#top", "c=1", "/a?c=1#top"),
        ] {
            assert_eq!(with_query(url, values), expected);
        }
    }
}
