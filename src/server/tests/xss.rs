//! Cross-site scripting, as far as the server can show it: whatever text goes into a fragment or a component, the HTML has
//! the elements and attributes that it has with harmless text, and says that text.
//!
//! The same texts are published to real pages by `end2end/tests/xss.spec.ts`, which sees whether anything runs.

use leptos::prelude::*;
use serde_json::Value;

use crate::components::rendered;
use crate::server::{Fragment, Payload};
use crate::{
    ConnectionStatus, DataEvent, Envelope, EventName, FormMessage, Position, SseDecoder, SseSource, SseSwap,
    SseTrigger, Topic, WsForm, WsSend, WsSource, WsSwap, encode_acknowledgement, encode_data_event,
    encode_enveloped_event, encode_event,
};

/// Text that means nothing to anybody.
const HARMLESS: &str = "harmless";

fn vectors() -> Vec<String> {
    let vectors: Vec<String> = serde_json::from_str(include_str!("xss_vectors.json")).unwrap();
    assert!(vectors.len() >= 60);
    vectors
}

/// What HTML consists of: the elements with the names of their attributes, and all that they say.
#[derive(Debug, Default, PartialEq, Eq)]
struct Parsed {
    skeleton: Vec<String>,
    texts: Vec<String>,
}

/// Reads HTML as the standard's tokenizer does, as far as a renderer that quotes all values needs it.
fn parse(html: &str) -> Parsed {
    let mut parsed = Parsed::default();
    let mut rest = html;
    let mut text = String::new();
    while let Some(c) = rest.chars().next() {
        let next = rest.chars().nth(1).unwrap_or_default();
        if c != '<' || !(next.is_ascii_alphabetic() || "/!?".contains(next)) {
            text.push(c);
            rest = &rest[c.len_utf8()..];
            continue;
        }
        parsed.texts.push(decoded(&std::mem::take(&mut text)));
        if let Some(after) = rest.strip_prefix("<!--") {
            let end = after.find("-->").expect("a comment has an end");
            parsed.skeleton.push("comment".to_owned());
            rest = &after[end + 3..];
        } else if let Some(after) = rest.strip_prefix("<!>") {
            // A marker of Leptos.
            rest = after;
        } else {
            rest = tag(&rest[1..], &mut parsed);
        }
    }
    parsed.texts.push(decoded(&text));
    parsed.texts.retain(|text| !text.is_empty());
    parsed
}

fn tag<'a>(mut rest: &'a str, parsed: &mut Parsed) -> &'a str {
    let is_end_of_name = |c: char| c.is_ascii_whitespace() || "/>=".contains(c);
    let name = |rest: &mut &'a str| {
        let end = rest
            .find(is_end_of_name)
            .unwrap_or(rest.len())
            .max(usize::from(!rest.is_empty()));
        let (name, after) = rest.split_at(end);
        *rest = after;
        name.to_ascii_lowercase()
    };
    let mut words = vec![if let Some(after) = rest.strip_prefix('/') {
        rest = after;
        format!("/{}", name(&mut rest))
    } else {
        name(&mut rest)
    }];
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if let Some(after) = rest.strip_prefix('>') {
            rest = after;
            break;
        }
        assert!(!rest.is_empty(), "a tag has an end: {words:?}");
        words.push(name(&mut rest));
        let Some(value) = rest.strip_prefix('=') else {
            continue;
        };
        let quoted = value.strip_prefix('"').expect("values are quoted");
        let (value, after) = quoted.split_once('"').expect("quotes have an end");
        parsed.texts.push(decoded(value));
        rest = after;
    }
    parsed.skeleton.push(words.join(" "));
    rest
}

fn decoded(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&#x27;", "'")
        .replace("&amp;", "&")
}

/// The attributes of htmx write blanks in a name or an address as `%20` or leave them out, as blanks stand between their
/// words; a class has none at its ends. So they are not compared.
fn without_blanks(text: &str) -> String {
    text.replace("%20", "").split_whitespace().collect()
}

/// With any text the HTML is built as with a harmless one, and the text stands where that stood.
#[track_caller]
fn check(what: &str, render: impl Fn(String) -> String) {
    let expected = parse(&render(HARMLESS.to_owned()));
    assert!(
        expected.texts.iter().any(|text| text.contains(HARMLESS)),
        "{what} shows no text"
    );
    for vector in vectors() {
        let html = render(vector.clone());
        let found = parse(&html);
        assert_eq!(
            found.skeleton, expected.skeleton,
            "{what} with {vector:?}:\n{html}"
        );
        let texts = expected.texts.iter().map(|text| text.replace(HARMLESS, &vector));
        let texts: Vec<_> = texts.map(|text| without_blanks(&text)).collect();
        let found: Vec<_> = found.texts.iter().map(|text| without_blanks(text)).collect();
        assert_eq!(found, texts, "{what} with {vector:?}:\n{html}");
    }
}

#[test]
fn s27_no_text_leaves_its_place_in_a_fragment() {
    check("text", |text| {
        Fragment::render(|| view! { <p>{text}</p> }).into_string()
    });
    check("plain text", |text| Fragment::text(&text).into_string());
    check("text alone", |text| Fragment::render(|| text).into_string());
    check("text between text", |text| {
        Fragment::render(|| view! { <p>"before "{text}<b>"after"</b></p> }).into_string()
    });
    check("attributes", |text| {
        let (id, class, data, label, value) = (text.clone(), text.clone(), text.clone(), text.clone(), text);
        Fragment::render(|| {
            view! {
                <p id=id class=class data-x=data aria-label=label>
                    <input value=value/>
                </p>
            }
        })
        .into_string()
    });
    // Leptos does not escape what stands inside of these, so a careful app does.
    check("text areas", |text| {
        let text = Fragment::text(&text).into_string();
        Fragment::render(|| view! { <textarea inner_html=text></textarea> }).into_string()
    });
    check("options", |text| {
        let (option, value) = (text.clone(), text);
        Fragment::render(|| {
            view! {
                <select>
                    <option value=value>{option}</option>
                </select>
            }
        })
        .into_string()
    });
    check("lists", |text| {
        let rows = vec![text.clone(), text];
        Fragment::render(
            || view! { <ul>{rows.into_iter().map(|row| view! { <li>{row}</li> }).collect_view()}</ul> },
        )
        .into_string()
    });
    check("parts", |text| {
        let parts: Fragment = [
            Fragment::text(&text),
            Fragment::render(|| view! { <i>{text}</i> }),
        ]
        .into_iter()
        .collect();
        Payload::from(parts).as_str().to_owned()
    });
}

#[test]
fn s27_no_text_leaves_its_place_in_a_component() {
    check("sources and their consumers", |given| {
        rendered(|| {
            let given = StoredValue::new(given);
            let text = move || given.get_value();
            view! {
                <SseSource connect="/news" id=text() class=text()>
                    <ConnectionStatus class=text()/>
                    <SseSwap event=text() target=text() select=text() id=text() class=text()/>
                    <SseTrigger event=text() get="/x" target=text() include=text() id=text() class=text()>
                        {text()}
                    </SseTrigger>
                </SseSource>
            }
        })
    });
    check("sockets and what sends over them", |given| {
        rendered(|| {
            let given = StoredValue::new(given);
            let text = move || given.get_value();
            view! {
                <WsSource connect="/chat" id=text() class=text() target=text() select=text()>
                    <WsSwap id=text() class=text()>{text()}</WsSwap>
                    <WsForm action="/chat" id=text() vals=text() include=text() headers=text() confirm=text()>
                        <input name="x" value=text()/>
                    </WsForm>
                    <WsSend vals=text() include=text() headers=text() confirm=text() trigger=text() class=text()>
                        {text()}
                    </WsSend>
                </WsSource>
            }
        })
    });
}

/// Addresses are escaped like everything else. Where they lead is the app's business.
#[test]
fn s27_no_address_leaves_its_place_in_a_component() {
    check("addresses", |given| {
        rendered(|| {
            let given = StoredValue::new(given);
            let text = move || given.get_value();
            view! {
                <SseSource connect=text()>
                    <SseTrigger event="x" get=text()/>
                    <SseTrigger event="x" post=text()/>
                </SseSource>
                <WsSource connect=text()>
                    <WsForm action=text()>"x"</WsForm>
                </WsSource>
            }
        })
    });
}

#[test]
fn s08_s27_names_and_frames_hold_any_text_or_refuse_it() {
    let position: Position = "0000000000000001-7".parse().unwrap();
    for vector in vectors() {
        let html = Fragment::text(&vector);
        let one = |text: &str| {
            let mut messages = SseDecoder::default().push(text.as_bytes());
            assert_eq!(messages.len(), 1, "{vector:?} forged an event");
            messages.remove(0)
        };
        // Lines end as the format has it, and nothing else is changed.
        let lines = html.as_str().replace("\r\n", "\n").replace('\r', "\n");
        assert_eq!(
            one(&encode_event(
                &EventName::default(),
                Some(position),
                html.as_str()
            ))
            .data,
            lines
        );
        match EventName::new(&vector) {
            Ok(name) => {
                assert_eq!(one(&encode_event(&name, None, "x")).event, vector);
                let event: DataEvent<Value> =
                    serde_json::from_str(&encode_data_event(&name, position, &vector)).unwrap();
                let data = serde_json::from_str(&vector).unwrap_or_else(|_| Value::from(vector.as_str()));
                assert_eq!((event.name.as_str(), event.data), (&*vector, data));
                let enveloped =
                    Envelope::parse(&encode_enveloped_event(&name, Some(position), html.as_str())).unwrap();
                assert_eq!(enveloped.content, html.as_str());
            }
            Err(error) => assert!(!error.to_string().contains('<'), "{error}"),
        }
        if let Err(error) = Topic::new(&vector) {
            assert!(!error.to_string().contains('<'), "{error}");
        }
        let envelope = Envelope::from(html)
            .target(&*vector)
            .swap(&*vector)
            .select(&*vector);
        assert_eq!(Envelope::parse(&envelope.to_text()), Ok(envelope));
        assert!(encode_acknowledgement(&vector).is_err());
        let message =
            serde_json::json!({ "text": vector, "HEADERS": { "HX-Request-ID": vector } }).to_string();
        let message = FormMessage::parse(&message).unwrap();
        assert_eq!(message.value("text"), Some(&*vector));
        assert_eq!(
            message.request_id(),
            None,
            "what goes out again inside of JSON is checked"
        );
    }
}
