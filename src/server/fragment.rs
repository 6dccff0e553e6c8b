//! HTML that is safe to swap into a page, because a `view!` made it.
//!
//! The type has three makers: a view (escaped by Leptos), plain text (escaped here), and one whose
//! name says that the caller vouches for the HTML. There is no conversion from `String`.

use std::fmt;

use leptos::prelude::{IntoView, Owner, RenderHtml};

/// A piece of HTML, ready to be published.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_live::server::Fragment;
///
/// let name = "<script>alert(1)</script>".to_owned();
/// let html = Fragment::render(|| view! { <li>{name}</li> });
/// // Debug builds of cargo-leptos leave a marker comment inside, which nobody sees.
/// let html = html.as_str().replace("<!>", "");
/// assert_eq!(html, "<li>&lt;script&gt;alert(1)&lt;/script&gt;</li>");
///
/// let list: Fragment = ["a & b", "c"].into_iter().map(Fragment::text).collect();
/// assert_eq!(list.as_str(), "a &amp; bc");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fragment(String);

/// The empty comment that Leptos writes where hydration needs a node to hold on to.
const MARKER: &str = "<!>";

impl Fragment {
    /// Renders a view; text and attribute values in it are escaped by Leptos, except for the children of `<script>`,
    /// `<style>` and `<textarea>`, which Leptos 0.8 writes as they stand. Put a user's text into a text area so:
    /// `<textarea inner_html=Fragment::text(&text).into_string()></textarea>`.
    ///
    /// The view runs at once, in an owner of its own that is cleaned up before this returns: it
    /// sees the context of the place it is called from, and leaves nothing behind. It is rendered
    /// as it stands: a `Suspense` in it is not waited for.
    ///
    /// Marker comments of Leptos at both ends are cut off, since nothing hydrates a fragment and a
    /// swap of the whole element would leave them beside it. Those inside stay.
    pub fn render<V: IntoView>(view: impl FnOnce() -> V) -> Self {
        let owner = Owner::new();
        let html = owner.with(|| view().into_view().to_html());
        owner.cleanup();
        Self(strip_markers(&html).to_owned())
    }

    /// Text, escaped so that it shows as it is written.
    pub fn text(text: &str) -> Self {
        let mut html = String::with_capacity(text.len());
        for c in text.chars() {
            match c {
                '&' => html.push_str("&amp;"),
                '<' => html.push_str("&lt;"),
                '>' => html.push_str("&gt;"),
                '"' => html.push_str("&quot;"),
                '\'' => html.push_str("&#39;"),
                c => html.push(c),
            }
        }
        Self(html)
    }

    /// HTML that the caller vouches for.
    ///
    /// It goes into every reader's page as it stands, outside of what this crate promises about
    /// cross-site scripting: never pass text that a user has written.
    pub fn from_trusted_html(html: String) -> Self {
        Self(html)
    }

    /// The HTML.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The HTML, taken out.
    pub fn into_string(self) -> String {
        self.0
    }
}

fn strip_markers(mut html: &str) -> &str {
    while let Some(rest) = html.strip_prefix(MARKER) {
        html = rest;
    }
    while let Some(rest) = html.strip_suffix(MARKER) {
        html = rest;
    }
    html
}

impl fmt::Display for Fragment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Fragments one after the other, as for out-of-band parts beside the main one.
impl FromIterator<Fragment> for Fragment {
    fn from_iter<I: IntoIterator<Item = Fragment>>(fragments: I) -> Self {
        Self(fragments.into_iter().map(Self::into_string).collect())
    }
}

impl Extend<Fragment> for Fragment {
    fn extend<I: IntoIterator<Item = Fragment>>(&mut self, fragments: I) {
        for fragment in fragments {
            self.0.push_str(&fragment.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use leptos::prelude::*;

    use super::{Fragment, MARKER};

    /// Compares all but the marker comments inside, of which type-erased builds write more.
    #[track_caller]
    fn check(fragment: Fragment, expected: &str) {
        let html = fragment.as_str();
        assert!(!html.starts_with(MARKER) && !html.ends_with(MARKER), "{html}");
        assert_eq!(html.replace(MARKER, ""), expected);
    }

    #[test]
    fn elements_come_out_with_nothing_around_them() {
        check(Fragment::render(|| view! { <p>"hi"</p> }), "<p>hi</p>");
        check(
            Fragment::render(|| view! { <p id="a" class="b">"hi"</p> }),
            "<p id=\"a\" class=\"b\">hi</p>",
        );
        let n = 7;
        check(
            Fragment::render(move || view! { <li data-seq=n>{n}</li> }),
            "<li data-seq=\"7\">7</li>",
        );
        check(
            Fragment::render(|| view! { <li>"a"</li><li>"b"</li> }),
            "<li>a</li><li>b</li>",
        );
        check(Fragment::render(|| "just text"), "just text");
        check(Fragment::render(|| ()), "");
        check(Fragment::default(), "");
    }

    #[test]
    fn what_is_inside_keeps_its_elements() {
        let rows = vec!["a", "b"];
        check(
            Fragment::render(move || {
                view! { <ul>{rows.into_iter().map(|r| view! { <li>{r}</li> }).collect_view()}</ul> }
            }),
            "<ul><li>a</li><li>b</li></ul>",
        );
        let (some, none) = (Some("x"), None::<&str>);
        check(
            Fragment::render(move || view! { <b>{some}{none}{move || "y"}</b> }),
            "<b>xy</b>",
        );
        let rows = vec![view! { <li>"a"</li> }, view! { <li>"b"</li> }];
        check(Fragment::render(move || rows), "<li>a</li><li>b</li>");
        check(
            Fragment::render(|| Some(view! { <i>"x"</i> }.into_any())),
            "<i>x</i>",
        );
    }

    #[test]
    fn s27_text_and_attributes_are_escaped() {
        let bad = "<img src=x onerror=\"alert('1')\">&";
        let html = Fragment::render(move || view! { <p title=bad>{bad}</p> });
        let html = html.as_str();
        assert!(!html.contains("<img"), "{html}");
        assert!(
            html.starts_with("<p title=\"") && html.ends_with("</p>"),
            "{html}"
        );
        assert!(
            !html
                .trim_start_matches("<p title=\"")
                .split("\">")
                .next()
                .unwrap()
                .contains('"')
        );
        check(
            Fragment::text(bad),
            "&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;",
        );
        check(Fragment::text("<!>"), "&lt;!&gt;");
    }

    #[test]
    fn vouched_html_is_left_alone() {
        let html = "<!><b>x</b>";
        assert_eq!(Fragment::from_trusted_html(html.to_owned()).as_str(), html);
    }

    #[test]
    fn fragments_concatenate() {
        let both: Fragment = [Fragment::text("a<"), Fragment::render(|| view! { <b>"c"</b> })]
            .into_iter()
            .collect();
        check(both.clone(), "a&lt;<b>c</b>");
        let mut more = both;
        more.extend([Fragment::text("d")]);
        assert_eq!(more.to_string(), more.clone().into_string());
        check(more, "a&lt;<b>c</b>d");
    }

    #[test]
    fn rendering_needs_no_executor_and_cleans_up() {
        let cleaned = Arc::new(AtomicBool::new(false));
        let seen = cleaned.clone();
        let html = Fragment::render(move || {
            let (count, _) = signal(3);
            on_cleanup(move || seen.store(true, Ordering::Relaxed));
            view! { <output>{count}</output> }
        });
        check(html, "<output>3</output>");
        assert!(cleaned.load(Ordering::Relaxed));
    }

    #[test]
    fn rendering_sees_the_context_around_it_and_adds_none() {
        let owner = Owner::new();
        owner.with(|| {
            provide_context(5_u8);
            let html = Fragment::render(|| {
                provide_context("inner");
                view! { <i>{use_context::<u8>()}</i> }
            });
            check(html, "<i>5</i>");
            assert_eq!(use_context::<&str>(), None);
        });
    }
}
