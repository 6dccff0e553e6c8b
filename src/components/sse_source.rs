//! `<SseSource>`: an element that is connected to a stream.

use std::rc::Rc;

use leptos::html::custom;
use leptos::prelude::*;
use leptos::tachys::reactive_graph::OwnedView;
use web_sys::Element;

use super::address::Address;
use super::around::Around;
use super::attribute_list::AttributeList;
use super::attribute_text::AttributeText;
use super::calling::{ask, tell};
use super::connect_on::ConnectOn;
use super::connect_when::ConnectWhen;
use super::early_stream::{EarlyStream, followed_by_script};
use super::handler::Handler;
use super::live_context::{StreamContext, StreamState, child_owner, live_event, telling};
use super::reauthorize::Reauthorize;
use super::start::Start;
use super::when_connected::WhenConnected;
use crate::browser::connection::retry_policy::RetryPolicy;
use crate::browser::connection::source_request::SourceRequest;
use crate::browser::connection::state::{CloseReason, ConnectionState};
use crate::browser::connection::stream_address::StreamAddress;
use crate::browser::demand::Demanded;
use crate::browser::live_elements::{self, Attachment, Kind};
use crate::browser::page;
use crate::browser::presence::EndsWith;
use crate::browser::processing;
use crate::browser::sse_source::{SourceHooks, SseSource as Source};
use crate::grammar::Spelling;
use crate::wire::{Gap, LiveEvent, LiveRenderSource, Position, Resumption, VersionSkew};

/// Connects its element to a server-sent event stream, for the components inside it.
///
/// # Attributes it mirrors
/// `hx-sse="connect:<url>"` of htmx 1.9 or `sse-connect` of the extension (SSE-03), and `sse-close` (SSX-01), on an element
/// of your choice. What htmx 4 adds is here, too: method, headers and body ([`StreamRequest`](crate::StreamRequest), SS4-03), `hx-trigger` on the source (`connect_on`,
/// SSE-04), `pauseOnBackground` (`pause_when_hidden`, SS4-28), streams that end (SS4-02). With htmx in place of the
/// wasm, the source connects at once, by GET.
///
/// # On the server
/// Renders the element with the position at which the page was rendered, as `data-position`, when
/// [`provide_live`](crate::server::provide_live) was called for the request. Connects to nothing.
///
/// # In the browser
/// Opens the stream, resuming from that position, so that nothing published since is missed. Sources
/// with the same address and the same `request` share one connection. It closes when the component is unmounted or its
/// element swapped away, and is opened again after a loss as the retry policy says. Its state is `data-state` on
/// the element: `idle`, `connecting`, `open`, `reconnecting`, `closed`.
///
/// Hydration waits for all of the page and for its program. Until then an inline script of less than a kilobyte does the
/// work, rendered with Leptos' nonce: it opens the stream, swaps what is plain (an `SseSwap` that says nothing but
/// `event`, and HTML without live attributes) and keeps what comes, in order, for the program, which takes the open
/// connection over. DIFFERENCE: what was swapped by then is announced by `htmx:sseMessage` afterwards, and nobody is asked
/// before. There is no script without a nonce (the app, or what it is rendered by, has none), with `early=false`, for a
/// relative address, and for a source that may not or cannot connect by itself at once: with `request`, `connect_on`,
/// `connect_when`, `on_before_connect`, `pause_when_hidden` or `close_on`, or [`EventNames::any`](crate::EventNames::any)
/// inside. A page with a policy that refuses the script connects when it hydrates.
///
/// The stream is read by the browser's `EventSource`; with a `request`, and when a component inside listens to
/// [`EventNames::any`](crate::EventNames::any), by `fetch`. Then positions go along as `Last-Event-ID` and the address
/// is not touched, status 204, 401 and 403 are known at once, and to another origin the browser asks that server first.
///
/// | event on the element | when | its `detail`, besides `elt` |
/// | --- | --- | --- |
/// | `htmx:sseOpen` | the stream opened (SSV-01) | `source` |
/// | `htmx:sseError` | it failed, also when it will be opened again (SSV-02) | `source`, `error`, and `status` where known |
/// | `htmx:sseClose` | it is over, or closed until it is opened by hand (SSV-05) | `source`, `type`: `message`, `nodeReplaced`, `nodeMissing`; DIFFERENCE: also `closed`, `cancelled` |
/// | `live:gap` | events were lost; DIFFERENCE: htmx has no such event | `reason`, `from`, `to` |
/// | `live:resync` | it was away, and what it has missed cannot be had (SS4-29); DIFFERENCE: htmx has no such event | |
/// | `live:resumed` | it goes on, see [`Resumption`](crate::Resumption); DIFFERENCE: htmx has no such event | `outcome`; of a gap also `reason`, `from`, `to` |
/// | `live:unauthorized` | its credentials are refused; DIFFERENCE: htmx has no such event | `status`, `waitUntil` |
/// | `live:upstream` | its server lost touch with where events come from, or is in touch again; meanwhile the element has `data-upstream="down"`; DIFFERENCE: htmx has no such event | `state`: `down`, `up` |
/// | `live:version` | the server is of another version; DIFFERENCE: htmx has no such event | `page`, `server` |
/// | none: `on_before_connect` | before each request; DIFFERENCE: htmx 2 has no event for it (SS4-13) | |
///
/// `source` is the `EventSource`, or an object with the same `url` and `readyState`. A script closes the stream by
/// dispatching `htmx:abort` on the element (SS4-36), unless that has an `hx-get` or its kin, whose request is meant then.
///
/// # Without JavaScript
/// Shows what the server rendered.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_live::{SseSource, SseSwap};
///
/// #[component]
/// fn News(signed_in: RwSignal<bool>) -> impl IntoView {
///     view! {
///         <SseSource connect="/news" connect_when=signed_in pause_when_hidden=true>
///             <SseSwap event="headline">"No news yet."</SseSwap>
///         </SseSource>
///     }
/// }
/// # fn main() {}
/// ```
#[component]
pub fn SseSource<C>(
    /// The stream's address, given to the browser as it is. When it changes, the old connection is
    /// closed and the new one opened, from its present.
    #[prop(into)]
    connect: Address,
    /// What is sent besides: method, headers, body; and whether the stream has an end. A plain GET without one.
    #[prop(into, optional)]
    request: Option<SourceRequest>,
    /// What has to happen before the source connects, in the language of `hx-trigger`; `load` by default. When it
    /// happens again, a stream that has ended is opened once more, and a finite one that runs is replaced.
    #[prop(into, optional)]
    connect_on: Option<ConnectOn>,
    /// Whether to be connected: `false` closes the stream, `true` opens it from where it was left.
    #[prop(into, optional)]
    connect_when: Option<ConnectWhen>,
    /// Whether to close the stream while the tab is hidden, and to open it at once, from where it was left, when the
    /// tab is seen again (SS4-28). Nothing is missed on streams of a [`Hub`](crate::server::Hub), nor on others that
    /// send ids and have a `request`; else `on_resync` is called.
    ///
    /// DIFFERENCE: off unless asked for (SS4-29), where htmx 4 has it on.
    #[prop(optional)]
    pause_when_hidden: bool,
    /// The element's tag.
    #[prop(into, default = "div".into())]
    tag: Oco<'static, str>,
    /// The element's `class`.
    #[prop(into, optional)]
    class: AttributeText,
    /// The element's `id`.
    #[prop(into, optional)]
    id: AttributeText,
    /// Whether cookies are sent to another origin; to the page's own they always are.
    #[prop(optional)]
    with_credentials: bool,
    /// The query parameter in which a first connection of an `EventSource` names its position; an empty text turns it
    /// off. A [`Hub`](crate::server::Hub) reads the default name alone; another one is for a handler of your own. A stream
    /// that turns out not to have read it is a [`Resumption::Reset`](crate::Resumption::Reset).
    #[prop(into, default = "last-event-id".to_owned())]
    position_parameter: String,
    /// When and how often a lost connection is opened again.
    #[prop(optional)]
    retry: RetryPolicy,
    /// Whether to keep this connection to oneself, rather than share it with sources of the same address and request.
    /// Finite streams, and requests that are read anew each time, are never shared.
    #[prop(optional)]
    private: bool,
    /// The name of the event after which the stream is over for good. Who listens to it still gets it.
    #[prop(into, optional)]
    close_on: Option<String>,
    /// Whether the page is live before its program has come, by a small inline script, see above.
    ///
    /// DIFFERENCE: htmx connects when it has been loaded.
    #[prop(default = true)]
    early: bool,
    /// How this source and what stands inside it write their attributes; as a [`Spelling`] in the context says by
    /// default, or else as htmx 1.9 does.
    #[prop(optional)]
    spelling: Option<Spelling>,
    /// Asked before each request of the source; `false` and it does not connect, but is closed with
    /// [`CloseReason::Vetoed`], until its trigger comes, `connect_when` turns on, or it is opened by hand (SS4-13,
    /// CON-31). Not asked where an `EventSource` reconnects to a stream of somebody else's, which it does by itself.
    #[prop(into, optional)]
    on_before_connect: Option<Handler<(), bool>>,
    /// Called each time the stream opens.
    #[prop(into, optional)]
    on_open: Option<Handler<()>>,
    /// Called with each event that somebody inside listens to, before they get it.
    #[prop(into, optional)]
    on_message: Option<Handler<LiveEvent>>,
    /// Called when the stream fails, also when it will be opened again.
    #[prop(into, optional)]
    on_error: Option<Handler<()>>,
    /// Called when the stream is over for good, or closed until somebody opens it again.
    #[prop(into, optional)]
    on_close: Option<Handler<CloseReason>>,
    /// Called when events were lost, with the range.
    #[prop(into, optional)]
    on_gap: Option<Handler<Gap>>,
    /// Called when the source comes back after a pause or a time of being closed, and the stream cannot be asked for
    /// what was missed: a good moment to fetch anew what it is about.
    #[prop(into, optional)]
    on_resync: Option<Handler<()>>,
    /// Called each time the stream goes on from a position: from that of the page when it opens for the first time, or
    /// after an interruption. It says whether something was missed, also where `on_gap` or `on_resync` is called.
    #[prop(into, optional)]
    on_resume: Option<Handler<Resumption>>,
    /// Gets other credentials when the server answers 401, and returns whether there are some: then the stream goes on
    /// from where it was. Meanwhile it waits, for as long as that takes. Three times in a row are enough, until the stream
    /// has been open for ten seconds; after that, and without this, 401 ends it with [`CloseReason::Refused`], as 403
    /// always does. Of several sources with one connection, the first that has this is asked.
    #[prop(into, optional)]
    on_unauthorized: Option<Reauthorize>,
    /// Called when the server speaks another version of what travels, see
    /// [`reload_when_outdated`](crate::reload_when_outdated).
    #[prop(into, optional)]
    on_version: Option<Handler<VersionSkew>>,
    /// What listens, and anything else.
    children: TypedChildren<C>,
) -> impl IntoView
where
    C: IntoView + 'static,
{
    let stream = StreamContext::new();
    let state = RwSignal::new(ConnectionState::Idle);
    let owner = child_owner();
    let with_position = !position_parameter.is_empty();
    let spelling = Around::here().spelled(spelling).spelling;
    processing::enter_streams();
    let waits =
        connect_on.is_some() || connect_when.is_some() || pause_when_hidden || on_before_connect.is_some();
    let is_early = early && !waits && request.is_none() && close_on.is_none();
    let early = EarlyStream::of_source(is_early, &connect);
    let position = with_position.then(|| rendered_at(&connect)).flatten();
    let address = move |url: String| StreamAddress {
        url,
        with_credentials,
        position_parameter: Some(position_parameter.clone()).filter(|name| !name.is_empty()),
        private,
        request: request.clone(),
    };
    let moved = address.clone();
    let when = WhenConnected {
        connect_on,
        connect_when,
        pause_when_hidden,
    };
    let children = owner.with(|| {
        let early = early.clone();
        Around { spelling, early }.provide();
        provide_context(StreamState(state));
        stream.provide(state, connect.clone(), move |source, url| {
            source.move_to(&moved(url), retry)
        });
        when.follow(stream);
        children.into_inner()()
    });
    let script = early.script(|| address(connect.get_untracked()), position);
    let children = followed_by_script(children, script);
    let hooks = move || SourceHooks {
        state: Some(telling(state, on_open, on_close)),
        gap: on_gap.map(|on_gap| Rc::new(move |gap: &Gap| tell(on_gap, *gap)) as Rc<dyn Fn(&Gap)>),
        error: on_error.map(|on_error| Rc::new(move |_: &_| tell(on_error, ())) as _),
        message: on_message.map(|on_message| {
            Rc::new(move |name: &str, event: &_| tell(on_message, live_event(name, event))) as _
        }),
        before: on_before_connect.map(|asked| Rc::new(move || ask(asked, ())) as _),
        resync: on_resync.map(|on_resync| Rc::new(move || tell(on_resync, ())) as _),
        resumed: on_resume.map(|told| Rc::new(move |resumption: &_| tell(told, *resumption)) as _),
        unauthorized: on_unauthorized.map(Reauthorize::into_hook),
        version: on_version.map(|told| Rc::new(move |skew: &_| tell(told, *skew)) as _),
    };
    let (last, connects_to) = (close_on.clone(), connect.clone());
    let start = Start::new(|| {
        move |element: Element| {
            stream.start(|| {
                let address = address(connects_to.get_untracked());
                open(&element, &address, retry, hooks(), &when, last.as_deref())
            });
        }
    });
    let attributes = AttributeList::new()
        .with("hx-ext", spelling.extension("sse"))
        .with(
            spelling.sse_connect("").name,
            connect.written(move |url| spelling.sse_connect(&url).text),
        )
        .with("sse-close", close_on)
        .with("data-state", ConnectionState::Idle.as_str())
        .with("data-position", position.map(|position| position.to_string()))
        .with("id", id)
        .with("class", class);
    let view = custom(tag)
        .add_any_attr(attributes.starting(start))
        .child(children);
    OwnedView::new_with_owner(view, owner)
}

/// The position at which the page is being rendered, which a browser reads in the page.
fn rendered_at(connect: &Address) -> Option<Position> {
    if page::is_browser() {
        return None;
    }
    use_context::<LiveRenderSource>()?.head_for(&connect.get_untracked())
}

fn open(
    element: &Element,
    address: &StreamAddress,
    retry: RetryPolicy,
    hooks: SourceHooks,
    when: &WhenConnected,
    close_on: Option<&str>,
) -> (Rc<Source>, Attachment) {
    Kind::Sse.claim(element);
    let position = processing::take_position(element);
    let source = Source::make(element, address, retry, position, hooks, EndsWith::Component);
    processing::set_sse_source(&source);
    source.close_on(close_on);
    let disarm = when.begin(&source, element);
    source.follow();
    let attached = Rc::clone(&source);
    let attachment = live_elements::attach(element, Kind::Sse, move || {
        if let Some(disarm) = disarm {
            disarm();
        }
        attached.close("nodeReplaced");
    });
    (source, attachment)
}

#[cfg(test)]
mod tests {
    use leptos::context::Provider;
    use leptos::prelude::*;

    use crate::components::rendered;
    use crate::wire::{Epoch, LiveRenderSource, Position, RenderSource};
    use crate::{Spelling, SseSource, SseSwap, StreamRequest};

    struct Head;

    impl RenderSource for Head {
        fn head(&self) -> Position {
            Position {
                epoch: Epoch(1),
                offset: 7,
            }
        }
    }

    #[test]
    fn renders_the_attribute_and_the_position_it_was_rendered_at() {
        let html = rendered(|| {
            provide_context(LiveRenderSource(std::sync::Arc::new(Head)));
            view! { <SseSource connect="/news" id="s" class="a b">"x"</SseSource> }
        });
        assert_eq!(
            html,
            r#"<div hx-sse="connect:/news" data-state="idle" data-position="0000000000000001-7" id="s" class="a b">x</div>"#
        );
    }

    #[test]
    fn spread_attributes_and_any_tag() {
        let html = rendered(
            || view! { <SseSource connect="/a b" tag="tbody" {..} data-x="1" aria-live="polite"><tr></tr></SseSource> },
        );
        assert_eq!(
            html,
            r#"<tbody hx-sse="connect:/a%20b" data-state="idle" data-x="1" aria-live="polite"><tr></tr></tbody>"#
        );
    }

    #[test]
    fn when_and_how_it_connects_is_no_part_of_the_markup() {
        let html = rendered(|| {
            let request = StreamRequest::post()
                .header("Authorization", || "secret".to_owned())
                .body("secret")
                .finite();
            let wanted = RwSignal::new(false);
            view! {
                <SseSource connect="/ask" request connect_on="click" connect_when=wanted pause_when_hidden=true>
                    "x"
                </SseSource>
            }
        });
        assert_eq!(html, r#"<div hx-sse="connect:/ask" data-state="idle">x</div>"#);
    }

    #[test]
    fn ssx_01_the_nearest_spelling_counts() {
        let html = rendered(|| {
            view! {
                <SseSource connect="/a">
                    <Provider value=Spelling::Extensions>
                        <SseSwap event="x"/>
                    </Provider>
                    <SseSwap event="y"/>
                </SseSource>
            }
        });
        assert_eq!(
            html,
            r#"<div hx-sse="connect:/a" data-state="idle"><div sse-swap="x"></div><div hx-sse="swap:y"></div></div>"#
        );
    }

    #[test]
    fn sse_03_ssx_01_both_spellings() {
        let page = |spelling: Option<Spelling>| {
            rendered(move || {
                if let Some(spelling) = spelling {
                    provide_context(spelling);
                }
                view! {
                    <SseSource connect="/a b" close_on="end"><SseSwap event=["x", "y"]/></SseSource>
                }
            })
        };
        assert_eq!(
            page(None),
            r#"<div hx-sse="connect:/a%20b" sse-close="end" data-state="idle"><div hx-sse="swap:x swap:y"></div></div>"#
        );
        let extensions = r#"<div hx-ext="sse" sse-connect="/a b" sse-close="end" data-state="idle"><div sse-swap="x,y"></div></div>"#;
        assert_eq!(page(Some(Spelling::Extensions)), extensions);
        let by_prop = rendered(|| {
            view! {
                <SseSource connect="/a b" close_on="end" spelling=Spelling::Extensions>
                    <SseSwap event=["x", "y"]/>
                </SseSource>
                // What a source says holds inside it.
                <SseSwap event="z"/>
            }
        });
        assert_eq!(by_prop, format!(r#"{extensions}<div hx-sse="swap:z"></div>"#));
    }

    #[test]
    fn two_sources_do_not_mix() {
        // A context provided in a component's body leaks to whatever comes after it; `SseSource`
        // provides its own below an owner of its own.
        let seen = rendered(|| {
            let outside = || use_context::<super::StreamContext>().is_none();
            view! {
                <SseSource connect="/a"><SseSwap event="x"/></SseSource>
                <p>{outside().to_string()}</p>
                <SseSource connect="/b"><SseSwap event="y"/></SseSource>
            }
        });
        assert!(seen.contains("<p>true</p>"), "{seen}");
    }
}
