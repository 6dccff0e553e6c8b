//! Shows what travels over a socket, in both directions.

use std::collections::VecDeque;

use leptos::ev::Custom;
use leptos::html;
use leptos::prelude::*;

/// How many frames are shown.
const MOST: usize = 12;

/// The newest frames of a page's socket, newest first.
#[derive(Clone, Copy, Debug, Default)]
pub struct FrameLog {
    frames: RwSignal<VecDeque<Frame>>,
    count: StoredValue<u64>,
}

#[derive(Clone, Debug)]
struct Frame {
    number: u64,
    direction: &'static str,
    text: String,
}

impl FrameLog {
    /// Notes a frame that the server has sent.
    pub fn received(self, text: String) {
        self.add("in", text);
    }

    fn add(self, direction: &'static str, text: String) {
        let number = self.count.try_update_value(|count| {
            *count += 1;
            *count
        });
        let Some(number) = number else { return };
        let frame = Frame {
            number,
            direction,
            text,
        };
        let _ = self.frames.try_update(|frames| {
            frames.push_front(frame);
            frames.truncate(MOST);
        });
    }

    /// Notes what the sockets inside an element send, as `htmx:wsAfterSend` tells it.
    pub fn around(self, children: impl IntoView + 'static) -> impl IntoView {
        let sent = Custom::<web_sys::CustomEvent>::new("htmx:wsAfterSend");
        html::div()
            .on(sent, move |event| {
                let message = js_sys::Reflect::get(&event.detail(), &"message".into());
                if let Some(text) = message.ok().and_then(|message| message.as_string()) {
                    self.add("out", text);
                }
            })
            .child(children)
    }

    /// The list.
    pub fn view(self) -> impl IntoView {
        view! {
            <div class="frames" role="region" aria-label="Frames, newest first" tabindex="0">
                <ol data-testid="frames">
                    <For
                        each=move || self.frames.get()
                        key=|frame| frame.number
                        children=|frame| {
                            view! {
                                <li data-direction=frame.direction>
                                    <b>{frame.direction}</b>
                                    " "
                                    <code>{frame.text}</code>
                                </li>
                            }
                        }
                    />
                </ol>
            </div>
        }
    }
}
