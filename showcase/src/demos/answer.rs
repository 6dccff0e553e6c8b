//! A form whose answer is a stream that ends: the response to one POST, shown as it comes.

use leptos::ev::Custom;
use leptos::html;
use leptos::prelude::*;
use leptos_live::attributes::enable_streamed_answers;
use leptos_live::{RequestError, SseTrigger};
use leptos_router::hooks::use_query_map;
use web_sys::CustomEvent;

use super::{Demo, DemoFrame, Group};
use crate::meter::Meter;
use crate::reply::reply;

/// What this page says about itself.
pub const DEMO: Demo = Demo {
    path: "/answer",
    title: "Answer",
    text: "A question goes up by POST, and the response to it comes down word by word until it ends. Stop it half \
        way, ask something else meanwhile, or let it fail. Without JavaScript the answer comes with the next page.",
    mirrors: None,
    group: Group::Streams,
};

const ANSWER: &str = "answer";

/// The first message: it replaces the answer before, and has the places that the others fill.
pub fn beginning(question: &str, words: usize) -> impl IntoView + use<> {
    view! {
        <blockquote>{question.to_owned()}</blockquote>
        <p id="answer-text"></p>
        {progress(0, words)}
    }
}

/// Each further message: a word and how far the answer has come. Both are parts that find their own places, so what
/// stands there stays.
pub fn word(word: &str, so_far: usize, words: usize) -> impl IntoView + use<> {
    view! {
        <hx-partial hx-target="#answer-text" hx-swap="beforeend">
            {format!("{word} ")}
        </hx-partial>
        {progress(so_far, words)}
    }
}

fn progress(so_far: usize, words: usize) -> impl IntoView {
    let elsewhere = (so_far > 0).then_some("outerMorph");
    view! {
        <progress
            id="answer-progress"
            hx-swap-oob=elsewhere
            max=words
            value=so_far
            aria-label="How much of the answer is here"
        ></progress>
    }
}

/// The page.
#[component]
pub fn Answer() -> impl IntoView {
    // Once in an app, wherever answers may be streams; an app without them does not link what reads them.
    enable_streamed_answers();
    let meter = Meter::default();
    let course = RwSignal::new(Course::Idle);
    // Without JavaScript the question has been posted, and comes back in the address.
    let posted = use_query_map()
        .read_untracked()
        .get("question")
        .filter(|question| !question.is_empty());
    let asked = posted.clone();
    let demo = view! {
        <div class="boxes">
            <div class="box">
                <h2>"The question"</h2>
                <form id="question" action="/answer" method="post">
                    <label>
                        "Question"
                        <input
                            name="question"
                            value=asked.unwrap_or_else(|| "Will it rain on Sunday?".to_owned())
                            required
                            maxlength="200"
                            autocomplete="off"
                        />
                    </label>
                    <label>
                        "Let the answer"
                        <select name="fate">
                            <option value="end">"come to its end"</option>
                            <option value="break">"break off half way"</option>
                            <option value="refuse">"be refused"</option>
                        </select>
                    </label>
                    <div class="controls">
                        <button class="main">"Ask"</button>
                        <button
                            type="button"
                            disabled=move || !course.with(Course::is_running)
                            on:click=|_| stop()
                        >
                            "Stop"
                        </button>
                    </div>
                </form>
                <p role="status" data-testid="course">
                    {move || course.with(Course::words)}
                </p>
            </div>
            <div class="box">
                <h2>"The answer"</h2>
                <SseTrigger
                    id=ANSWER
                    class="content answer"
                    trigger="submit from:#question"
                    post="/answer"
                    include="#question"
                    on_error=move |error: RequestError| course.set(Course::Failed(error.to_string()))
                    {..}
                    // Whoever asks anew does not wait for the end of what was asked before.
                    hx-sync="this:replace"
                    aria-busy=move || if course.with(Course::is_running) { "true" } else { "false" }
                >
                    {match posted {
                        Some(question) => whole(&question).into_any(),
                        None => view! { <p class="waiting">"Nothing asked yet."</p> }.into_any(),
                    }}
                </SseTrigger>
            </div>
        </div>
    };
    view! {
        <DemoFrame demo=&DEMO meter source=include_str!("answer.rs")>
            {watched(demo, course, meter)}
        </DemoFrame>
    }
}

/// The answer in one piece.
fn whole(question: &str) -> impl IntoView + use<> {
    view! {
        <blockquote>{question.to_owned()}</blockquote>
        <p id="answer-text">{reply(question)}</p>
    }
}

/// How an answer goes.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Course {
    Idle,
    Asked,
    Arriving,
    Complete,
    Stopped,
    Failed(String),
}

impl Course {
    fn is_running(&self) -> bool {
        matches!(self, Self::Asked | Self::Arriving)
    }

    fn words(&self) -> String {
        match self {
            Self::Idle => String::new(),
            Self::Asked => "Asked.".to_owned(),
            Self::Arriving => "The answer is arriving.".to_owned(),
            Self::Complete => "The answer is complete.".to_owned(),
            Self::Stopped => "Stopped: what has arrived stays.".to_owned(),
            Self::Failed(reason) => format!("Failed: {reason}"),
        }
    }
}

/// Follows the events of the request inside, which have htmx's names.
fn watched(demo: impl IntoView + 'static, course: RwSignal<Course>, meter: Meter) -> impl IntoView {
    let on = Custom::<CustomEvent>::new;
    // The page may be left while an answer arrives, which then ends after it.
    let now = move |course_now| drop(course.try_set(course_now));
    html::div()
        .on(on("htmx:beforeRequest"), move |_| now(Course::Asked))
        .on(on("htmx:sseOpen"), move |_| {
            meter.opened().run(());
            now(Course::Arriving);
        })
        .on(on("htmx:sseMessage"), move |_| {
            let _ = meter.events.try_update(|events| *events += 1);
        })
        .on(on("htmx:sseClose"), move |event| {
            let kind = js_sys::Reflect::get(&event.detail(), &"type".into());
            let is_stopped = kind.is_ok_and(|kind| kind == "cancelled");
            now(if is_stopped {
                Course::Stopped
            } else {
                Course::Complete
            });
        })
        .on(on("htmx:sendAbort"), move |_| now(Course::Stopped))
        .child(demo)
}

/// Ends the request that is under way, as htmx does it: by an event on its element.
fn stop() {
    let answer = document().get_element_by_id(ANSWER);
    if let (Some(answer), Ok(abort)) = (answer, CustomEvent::new("htmx:abort")) {
        let _ = answer.dispatch_event(&abort);
    }
}
