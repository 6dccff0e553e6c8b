//! htmx's attribute languages: text in, values out.
//!
//! | language | value | accepted, for example |
//! | --- | --- | --- |
//! | `hx-sse` | [`SseSpec`] | `connect:/news swap:headline swap:ticker` |
//! | `sse-swap` | [`SseSwapNames`] | `headline, ticker` |
//! | `hx-ws` | [`WsSpec`] | `connect:/chat send`, `connect:wss:/chat` |
//! | all attributes of a stream, in both spellings | [`SseMeaning`] | `sse-connect="/news" sse-close="end"` |
//! | all attributes of a socket, in both spellings | [`WsMeaning`] | `ws-connect="/chat"`, `ws-send` |
//! | `hx-swap` | [`SwapSpec`] | `beforeend swap:100ms settle:1s scroll:bottom`, `outerHTML show:window:top` |
//! | `hx-swap-oob` | [`SwapOob`] | `true`, `delete`, `beforeend:#log`, `innerHTML settle:1s target:#log` |
//! | `hx-select-oob` | [`SelectOob`] | `#alert`, `#alert, #log:beforeend` |
//! | `hx-target` | [`Target`] | `this`, `closest li`, `next .error`, `#log`, `<#log/>` |
//! | `hx-include`, `hx-indicator`, `hx-disabled-elt` | [`TargetList`] | `closest form, findAll .extra, inherit` |
//! | `hx-params` | [`Params`] | `*`, `none`, `a, b`, `not a, b` |
//! | `hx-sync` | [`SyncSpec`] | `this`, `closest form:abort`, `#list:queue first` |
//! | `hx-trigger` | [`TriggerList`] | `sse:news[detail.data != ''] delay:1s, click once, every 1m` |
//! | filters | [`Filter`] | `ctrlKey && (detail.count > 2 \|\| !detail.done)` |
//! | times | [`Interval`] | `10`, `10ms`, `0.5s`, `1m` |
//!
//! # Every word of `hx-trigger`
//!
//! | place | words |
//! | --- | --- |
//! | event | `sse:<name>`, `load`, `revealed`, `intersect`, `every <time>`, or the name of a DOM event |
//! | filter | `[<filter>]`, right after the name |
//! | flags | `once`, `changed`, `consume`, `prevent`, `stop`, `halt`, `capture`, `passive` |
//! | times | `delay:<time>`, `throttle:<time>` |
//! | elements | `from:<target>`, `from:(<targets>)`, `from:self`, `from:outside` (none of them after `sse:*`), `target:<selector>` |
//! | requests | `queue:first`, `queue:last`, `queue:all`, `queue:none` |
//! | view, after `intersect` | `root:<target>`, `threshold:<number>`, `rootMargin:<lengths>` |
//!
//! # Every way to name an element
//!
//! `this`, `body`, `document`, `window`, `root`, `host`, `next`, `previous`, `closest <sel>`, `find <sel>`,
//! `findAll <sel>`, `next <sel>`, `previous <sel>`, `global <sel>`, `<sel>`; a selector also as `<sel/>`. A list of them
//! is separated by commas, and `inherit` in it adds what the attribute says further up.
//!
//! Every value prints its canonical text, and reading that text gives the same value again, provided that the
//! value can be written at all: an event name with a blank in it, for example, can be built by hand but not
//! written in an attribute. What cannot be read is a [`ParseError`] that points at the place; nothing is
//! skipped, guessed or dropped.
//!
//! Invariant: this folder knows strings and nothing else. No DOM, no network, no clock, nothing of the rest
//! of the crate. No text makes it panic, recurse without bound or take more than linear memory.

mod cursor;
mod error;
mod hint;
mod reading;
mod selector;

mod interval;
mod spelling;
mod sse_meaning;
mod sse_spec;
mod sse_swap_names;
mod ws_meaning;
mod ws_spec;
mod ws_url;

mod scroll;
mod select_oob;
mod swap_oob;
mod swap_spec;
mod swap_style;

mod params;
mod sync_spec;
mod target;
mod target_list;

mod filter;
mod filter_parser;
mod filter_value;
mod trigger_from;
mod trigger_parser;
mod trigger_spec;

pub(crate) use error::EXPLAINS;
pub use error::ParseError;
pub use filter::Filter;
pub use filter_value::Value;
pub(crate) use hint::keyword as likely;
pub use interval::Interval;
pub use params::Params;
pub use scroll::{Edge, Scroll, Show};
pub use select_oob::{SelectOob, SelectedPart};
pub use spelling::{Spelling, Written};
pub use sse_meaning::{SseAttributes, SseMeaning};
pub use sse_spec::{SseSpec, SseToken};
pub use sse_swap_names::SseSwapNames;
pub use swap_oob::SwapOob;
pub use swap_spec::SwapSpec;
pub use swap_style::SwapStyle;
pub use sync_spec::{SyncRule, SyncSpec};
pub use target::Target;
pub use target_list::TargetList;
pub use trigger_from::TriggerFrom;
pub use trigger_spec::{Queue, Trigger, TriggerEvent, TriggerList};
pub use ws_meaning::{WsAttributes, WsMeaning};
pub use ws_spec::WsSpec;
pub use ws_url::resolve_ws_url;
