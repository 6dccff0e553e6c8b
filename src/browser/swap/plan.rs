//! What an element's attributes say about the payloads that it receives.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::JsString;
use web_sys::Element;

use super::defaults::{self, Defaults};
use super::line::Moment;
use super::when_settled::WhenSettled;
use crate::browser::{dom, interned, markup, target};
use crate::grammar::{Interval, SelectOob, SwapSpec, SwapStyle};

thread_local! {
    /// The elements that say anything about a swap, in either spelling.
    static SAYING: JsString = carriers(&["hx-swap", "hx-target", "hx-select", "hx-select-oob"]);
    /// Those that say more than in which style.
    static SAYING_MORE: JsString = carriers(&["hx-target", "hx-select", "hx-select-oob"]);
    static STYLE: JsString = "hx-swap".into();
    /// What the last element said that had a style of its own and nothing else to say, and what that means on this page:
    /// a list to which every message adds says the same with each.
    static LAST: RefCell<Option<(JsString, Rc<Defaults>, SwapSpec)>> = const { RefCell::new(None) };
}

fn carriers(names: &[&str]) -> JsString {
    let each = names.iter().map(|name| format!("[{name}],[data-{name}]"));
    each.collect::<Vec<_>>().join(",").into()
}

/// Whether a `<title>` in a payload becomes the page's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TitleRule {
    /// Unless `ignoreTitle:true`, as with an answer to a request (SWP-23).
    Unless,
    /// Only with `ignoreTitle:false`: a page's title is not for every message (SSW-25).
    OnlyIf,
}

/// Where a payload goes and how, read anew for each one, so that a replaced target is found again (SSW-09) and changed
/// attributes count (SSW-10).
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// The element that received the payload; targets are seen from it, and what goes wrong is told on it.
    pub(crate) context: Element,
    pub(crate) target: Element,
    pub(crate) spec: SwapSpec,
    /// `hx-select`: what of the payload is used (SSW-15).
    pub(crate) select: Option<String>,
    /// `hx-select-oob`: what of the payload goes elsewhere (SSW-16).
    pub(crate) select_oob: SelectOob,
    pub(crate) title: TitleRule,
    /// Whether the parts that find their own place are placed, too; not if somebody else has done that (WSM-29).
    pub(crate) with_parts: bool,
    /// Held until everything has settled (CON-33).
    pub(crate) settled: Option<WhenSettled>,
}

impl Plan {
    /// Reads `hx-swap`, `hx-target`, `hx-select` and `hx-select-oob`, own or inherited (INH-02).
    ///
    /// # Errors
    /// The text of a parse error, or that no element is the target.
    pub(crate) fn of(context: &Element, title: TitleRule) -> Result<Self, String> {
        // Most elements that show messages say nothing, nor does anything around them: one question tells.
        if SAYING.with(|selector| dom::closest(context, selector)).is_none() {
            let spec = defaults::spec_of(None).map_err(|error| error.to_string())?;
            return Ok(Self::plain(context, spec, title));
        }
        if let Some(spec) = own_style(context) {
            return Ok(Self::plain(context, spec, title));
        }
        let spec = spec_of(context)?;
        let target = match &spec.target {
            None => target::of(context)?,
            Some(named) => target::resolve(context, context, named).ok_or_else(|| {
                format!("hx-swap: expected an element of the page, found none for `target:{named}`")
            })?,
        };
        let (select, select_oob) = selections(context)?;
        Ok(Self {
            context: context.clone(),
            target,
            spec,
            select,
            select_oob,
            title,
            with_parts: true,
            settled: None,
        })
    }

    /// A plan for an element that is its own target, all of whose payload is for it.
    fn plain(context: &Element, spec: SwapSpec, title: TitleRule) -> Self {
        Self {
            context: context.clone(),
            target: context.clone(),
            spec,
            select: None,
            select_oob: SelectOob::default(),
            title,
            with_parts: true,
            settled: None,
        }
    }

    /// A plan for a payload that is not looked through.
    #[cfg(all(test, target_family = "wasm"))]
    pub(crate) fn to(target: &Element, spec: SwapSpec) -> Self {
        Self::plain(target, spec, TitleRule::OnlyIf)
    }

    /// Whether each payload takes away all that the one before it has put on the page (see `SseSwap`'s `coalesce`).
    pub(crate) fn replaces_all(&self) -> bool {
        let replaces = matches!(
            self.spec.style,
            SwapStyle::InnerHtml
                | SwapStyle::OuterHtml
                | SwapStyle::TextContent
                | SwapStyle::InnerMorph
                | SwapStyle::OuterMorph
                | SwapStyle::OuterSync
        );
        replaces && self.is_plain()
    }

    /// Whether the payload may go in as it is.
    pub(super) fn is_plain(&self) -> bool {
        self.select.is_none()
            && self.select_oob.0.is_empty()
            && self.spec.strip != Some(true)
            && self.spec.scripts != Some(true)
    }

    /// The same plan when its turn has come, which may be long after it was made.
    pub(super) fn at(mut self, moment: Moment) -> Self {
        if !self.target.is_connected()
            && let Ok(target) = target::of(&self.context)
        {
            self.target = target;
        }
        self.spec = final_at(self.spec, moment);
        self
    }
}

/// In a view transition nothing settles later: the browser animates between the states before and after, so the state
/// after must be final.
pub(super) fn final_at(spec: SwapSpec, moment: Moment) -> SwapSpec {
    match moment {
        Moment::Now | Moment::Later => spec,
        Moment::InTransition => SwapSpec {
            settle: Some(Interval::from_millis(0)),
            ..spec
        },
    }
}

/// What an element's own `hx-swap` says, if it can be read, names no target, and nothing else is said.
fn own_style(element: &Element) -> Option<SwapSpec> {
    if SAYING_MORE
        .with(|selector| dom::closest(element, selector))
        .is_some()
    {
        return None;
    }
    let text = STYLE.with(|name| dom::attribute(element, name))?;
    let page = defaults::defaults();
    let known = LAST.with_borrow(|last| {
        let (known, at, spec) = last.as_ref()?;
        (Rc::ptr_eq(at, &page) && *known == text).then(|| spec.clone())
    });
    known.or_else(|| {
        let said = String::from(&text);
        // What is inherited instead, and what is wrong about it, is found elsewhere.
        let is_own = !said.is_empty() && said != "unset";
        let spec = is_own.then(|| defaults::spec_of(Some(&said)).ok()).flatten()?;
        if spec.target.is_some() {
            return None;
        }
        LAST.replace(Some((text, page, spec.clone())));
        Some(spec)
    })
}

/// What `hx-select` and `hx-select-oob` say. Most pages have neither: one question to the browser answers both then.
fn selections(element: &Element) -> Result<(Option<String>, SelectOob), String> {
    if !matches!(element.closest(interned::SELECTIONS), Ok(Some(_))) {
        return Ok((None, SelectOob::default()));
    }
    let select_oob: SelectOob = match markup::inherited(element, "hx-select-oob") {
        Some((text, _)) => text.parse().map_err(|error| format!("{error}"))?,
        None => SelectOob::default(),
    };
    let select = markup::inherited(element, "hx-select").map(|(selector, _)| selector);
    // What is no style after a colon is a part of the selector, and only the browser knows whether it is one.
    let elsewhere = select_oob.0.iter().map(|part| ("hx-select-oob", &part.selector));
    let mut selectors = select
        .iter()
        .map(|selector| ("hx-select", selector))
        .chain(elsewhere);
    match selectors.find(|(_, selector)| element.matches(selector).is_err()) {
        Some((attribute, wrong)) => Err(format!("{attribute}: expected a selector, found `{wrong}`")),
        None => Ok((select, select_oob)),
    }
}

/// The style and modifiers of an element's `hx-swap`, own or inherited.
fn spec_of(element: &Element) -> Result<SwapSpec, String> {
    let said = markup::inherited(element, "hx-swap");
    let text = said.as_ref().map(|(text, _)| text.as_str());
    defaults::spec_of(text).map_err(|error| error.to_string())
}
