//! What holds where neither `hx-swap` nor a part says anything: htmx's values, unless the page has others (CFG-05).
//!
//! The page's are read by [`page_config`](super::page_config), which is linked with raw markup only.

use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use js_sys::JsString;
use web_sys::ScrollBehavior;

use crate::grammar::{Interval, ParseError, SwapSpec, SwapStyle};

/// Milliseconds between insertion and settling (SWP-17).
const SETTLE: u32 = 20;

thread_local! {
    static DEFAULTS: RefCell<Rc<Defaults>> = RefCell::new(Rc::new(Defaults::default()));
}

/// The values of a page.
#[derive(Clone, Debug)]
pub(super) struct Defaults {
    pub(super) style: SwapStyle,
    pub(super) swap: Interval,
    pub(super) settle: Interval,
    pub(super) transition: bool,
    pub(super) ignore_title: bool,
    pub(super) focus_scroll: bool,
    /// How `show:` moves.
    pub(super) scroll: ScrollBehavior,
    /// The class of new content until it settles (SET-01).
    pub(super) added: Cow<'static, str>,
    /// The class of a target until its content settles (SET-02).
    pub(super) settling: Cow<'static, str>,
    /// The class of a target in whose line something waits (SET-02).
    pub(super) swapping: Cow<'static, str>,
    /// The attributes that are carried over from the element before (SET-04).
    pub(super) settled_attributes: Vec<Cow<'static, str>>,
    /// A selector of the elements that have one of those.
    pub(super) carrying: String,
    in_page: OnceCell<InPage>,
}

/// What goes to the browser with every message, as strings of the page's.
#[derive(Clone, Debug)]
pub(super) struct InPage {
    pub(super) added: JsString,
    pub(super) settling: JsString,
    /// Both classes, of a target that is new itself.
    pub(super) both: JsString,
    /// `None` where the page has named attributes, of which not every one need make a selector.
    pub(super) carrying: Option<JsString>,
}

/// The selector of the elements that carry attributes over, unless the page has named others.
const CARRYING: &str = "[class],[style],[width],[height]";

impl Default for Defaults {
    fn default() -> Self {
        Self {
            style: SwapStyle::default(),
            swap: Interval::from_millis(0),
            settle: Interval::from_millis(SETTLE),
            transition: false,
            ignore_title: false,
            focus_scroll: false,
            // Who has asked for less motion gets none: this follows the page's own style.
            scroll: ScrollBehavior::Auto,
            added: "htmx-added".into(),
            settling: "htmx-settling".into(),
            swapping: "htmx-swapping".into(),
            settled_attributes: ["class", "style", "width", "height"].map(Cow::from).into(),
            carrying: CARRYING.to_owned(),
            in_page: OnceCell::new(),
        }
    }
}

impl Defaults {
    /// To be asked in a page.
    pub(super) fn in_page(&self) -> &InPage {
        self.in_page.get_or_init(|| InPage {
            added: (&*self.added).into(),
            settling: (&*self.settling).into(),
            both: format!("{} {}", self.added, self.settling).into(),
            carrying: (self.carrying == CARRYING).then(|| CARRYING.into()),
        })
    }

    /// Whether an attribute is carried over. The names of those of HTML are the same in capitals.
    pub(super) fn is_carried_over(&self, attribute: &str, is_html: impl Fn() -> bool) -> bool {
        let mut names = self.settled_attributes.iter();
        names.any(|name| name == attribute || (name.eq_ignore_ascii_case(attribute) && is_html()))
    }

    /// Whether it is one of the classes that come and go with a swap.
    pub(super) fn has_class(&self, class: &str) -> bool {
        [&self.added, &self.settling, &self.swapping]
            .into_iter()
            .any(|own| own == class)
    }
}

/// The present ones, to be read with nothing borrowed: setting a class may run code of the page.
pub(super) fn defaults() -> Rc<Defaults> {
    DEFAULTS.with_borrow(Rc::clone)
}

pub(super) fn set(mut defaults: Defaults) {
    let each = defaults.settled_attributes.iter();
    // A name that is no selector makes none of it, and then every element is looked at.
    defaults.in_page = OnceCell::new();
    defaults.carrying = each.map(|name| format!("[{name}]")).collect::<Vec<_>>().join(",");
    DEFAULTS.replace(Rc::new(defaults));
}

/// What an `hx-swap` says, or one that is missing, with the page's own style and waits where it does not say them.
pub(crate) fn spec_of(text: Option<&str>) -> Result<SwapSpec, ParseError> {
    let defaults = defaults();
    let mut spec = match text {
        Some(text) => SwapSpec::parse_or(text, defaults.style)?,
        None => defaults.style.into(),
    };
    if defaults.swap.as_millis() > 0 {
        spec.swap.get_or_insert(defaults.swap);
    }
    if defaults.transition {
        spec.transition.get_or_insert(true);
    }
    Ok(spec)
}
