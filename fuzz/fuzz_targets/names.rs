//! Names: what is accepted can forge no field of an event stream, and comes back as it was; topics of parts tell the
//! parts apart.

#![no_main]

use leptos_live::{EventName, SseDecoder, Topic, encode_event};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&str, &str)| {
    let (text, data) = input;
    if let Ok(topic) = Topic::new(text) {
        assert_eq!(topic.as_str(), text);
    }
    if let (Ok(one), Ok(two)) = (Topic::join([text, data]), Topic::join([data, text])) {
        assert_eq!(one == two, text == data);
    }
    if let (Ok(one), Ok(two)) = (Topic::for_user(text, data), Topic::join([data, text])) {
        assert_ne!(one, two);
    }
    let Ok(name) = EventName::new(text) else { return };
    let mut messages = SseDecoder::default().push(encode_event(&name, None, data).as_bytes());
    let message = messages.pop().expect("one event");
    assert!(messages.is_empty());
    assert_eq!(message.event, text);
    assert_eq!(message.data, data.replace("\r\n", "\n").replace('\r', "\n"));
});
