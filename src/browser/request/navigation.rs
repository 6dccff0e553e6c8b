//! Where an answer leads the page: `HX-Redirect`, `HX-Location`, `HX-Refresh`.

use web_sys::{Headers, Url};

use crate::browser::page;

/// What an answer says about the page as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Navigation {
    /// To this address, as the answer has it.
    To(String),
    /// The same page anew.
    Reload,
    /// Somewhere, but this does not say where.
    Unreadable(String),
}

/// What the head of an answer asks for.
///
/// DIFFERENCE: htmx loads what `HX-Location` names into the body and writes history. The body belongs to the app here, so
/// that the page goes there as a whole; of a JSON value the `path` counts.
pub(crate) fn wanted(headers: &Headers) -> Option<Navigation> {
    let header = |name: &str| headers.get(name).ok().flatten();
    if let Some(location) = header("HX-Location") {
        return Some(path_in(&location).map_or(Navigation::Unreadable(location), Navigation::To));
    }
    let refresh = header("HX-Refresh").is_some_and(|value| value == "true");
    match header("HX-Redirect") {
        Some(address) => Some(Navigation::To(address)),
        None => refresh.then_some(Navigation::Reload),
    }
}

fn path_in(location: &str) -> Option<String> {
    if !location.starts_with('{') {
        return Some(location.to_owned());
    }
    let object = js_sys::JSON::parse(location).ok()?;
    js_sys::Reflect::get(&object, &"path".into()).ok()?.as_string()
}

/// Leaves the page.
///
/// # Errors
/// The address, if it leads to another origin or is none (S30).
pub(crate) fn go(navigation: &Navigation) -> Result<(), String> {
    let Some(window) = page::window() else {
        return Ok(());
    };
    match navigation {
        Navigation::Unreadable(text) => Err(text.clone()),
        Navigation::Reload => window.location().reload().map_err(|_| String::new()),
        Navigation::To(address) => {
            let refused = || address.clone();
            let own = window.location();
            let base = own.href().map_err(|_| refused())?;
            if !is_clean(address) {
                return Err(refused());
            }
            let url = Url::new_with_base(address, &base).map_err(|_| refused())?;
            if own.origin().ok() != Some(url.origin()) || !url.protocol().starts_with("http") {
                return Err(refused());
            }
            own.assign(&url.href()).map_err(|_| refused())
        }
    }
}

/// Browsers leave out tabs and line breaks wherever they stand in an address, so that it may be another one than it
/// looks like.
fn is_clean(address: &str) -> bool {
    !address.is_empty() && !address.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s30_hidden_characters_are_refused() {
        assert!(is_clean("/a?b=c#d"));
        for address in [
            "",
            "/\t/evil.example",
            "java\nscript:alert(1)",
            "/a\r\nX: y",
            "\u{0}/a",
        ] {
            assert!(!is_clean(address), "{address:?}");
        }
    }
}
