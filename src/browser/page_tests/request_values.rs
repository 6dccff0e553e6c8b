//! Which values a request carries, and how.

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlElement, HtmlInputElement};

use super::fake_fetch::FakeFetch;
use super::request::fire_submit;
use super::trigger::fire;
use super::{click, end, find, live, record};
use crate::browser::listener::Listener;

#[wasm_bindgen_test]
async fn val_08_val_09_vals_and_params_of_a_get() {
    let fetch = FakeFetch::install();
    let stage = live(
        r##"<div hx-vals='"a": 1, "b": [2, "3"], "o": {"p": 4}' hx-params="not gone"><input id="vx" name="i" value="5">
           <p hx-get="/x" hx-trigger="ping" hx-include="#vx" hx-vals='"a": "near", "gone": 1'></p></div>"##,
    )
    .await;
    fire(&stage, "p", "ping");
    assert_eq!(
        fetch.requests(),
        ["GET /x?i=5&a=near&b=2&b=3&o=%7B%22p%22%3A4%7D"]
    );
    end(&stage);
}

#[wasm_bindgen_test]
async fn val_07_the_button_that_submits_goes_along() {
    let fetch = FakeFetch::install();
    let stage = live(
        r#"<form id="v77" hx-post="/x" hx-trigger="submit, ping"><input name="a" value="1"><button class="go" name="go" value="2"><b></b></button>
           <button class="other" formaction="/y" formmethod="put"></button></form><button class="out" form="v77" name="out" value="3"></button>"#,
    )
    .await;
    // By something inside of it.
    click(&stage, "b");
    fetch.answer(0, 204, "").await;
    click(&stage, ".out");
    fetch.answer(1, 204, "").await;
    // The address and the verb may be the button's.
    click(&stage, ".other");
    fetch.answer(2, 204, "").await;
    assert_eq!(fetch.requests(), ["POST /x", "POST /x", "PUT /y"]);
    assert_eq!(
        [0, 1, 2].map(|index| fetch.body(index)),
        ["a=1&go=2", "a=1&out=3", "a=1"]
    );
    // Whoever came there by the keyboard, and another trigger than submitting.
    find::<HtmlElement>(&stage, ".go").focus().unwrap();
    fire(&stage, "form", "ping");
    fetch.answer(3, 204, "").await;
    find::<HtmlElement>(&stage, "input").focus().unwrap();
    fire(&stage, "form", "ping");
    assert_eq!([3, 4].map(|index| fetch.body(index)), ["a=1&go=2", "a=1"]);
    end(&stage);
}

#[wasm_bindgen_test]
async fn hx_encoding_sends_files() {
    let fetch = FakeFetch::install();
    let fill = "const data = new DataTransfer(); data.items.add(new File(['x'], 'a.txt')); data.items.add(new File(['y'], 'b.txt'));
        document.querySelector('#vfile').files = data.files";
    for (attributes, encoding, body) in [
        (
            r#"hx-encoding="multipart/form-data""#,
            None,
            "n:1,f:a.txt,f:b.txt,v:2",
        ),
        (
            r#"enctype="multipart/form-data""#,
            None,
            "n:1,f:a.txt,f:b.txt,v:2",
        ),
        // Their names are all that fits in there, and the developer is told so.
        (
            "",
            Some("application/x-www-form-urlencoded"),
            "n=1&f=a.txt&f=b.txt&v=2",
        ),
    ] {
        let stage = live(&format!(
            r#"<form hx-post="/x" hx-vals='"v":2' {attributes}><input name="n" value="1"><input type="file" name="f" multiple id="vfile"><input type="file" name="none"></form>"#
        ))
        .await;
        js_sys::eval(fill).unwrap();
        let index = fetch.count() as u32;
        fire_submit(&stage);
        assert_eq!(fetch.body(index), body, "{attributes}");
        assert_eq!(
            fetch.header(index, "Content-Type").as_deref(),
            encoding,
            "{attributes}"
        );
        end(&stage);
    }
    // A file input by itself.
    let stage = live(r#"<input type="file" name="f" id="vfile" hx-put="/x" hx-trigger="ping" hx-encoding="multipart/form-data">"#).await;
    js_sys::eval(fill).unwrap();
    fire(&stage, "input", "ping");
    let files = find::<HtmlInputElement>(&stage, "input").value();
    assert!(files.ends_with("a.txt"));
    // Two files, but the control may hold one.
    assert!(fetch.body(3).starts_with("f:a.txt"));
    end(&stage);
}

#[wasm_bindgen_test]
async fn val_10_val_11_an_invalid_form_is_not_requested() {
    let fetch = FakeFetch::install();
    let names = [
        "htmx:validation:validate",
        "htmx:validation:failed",
        "htmx:validation:halted",
    ];
    for (html, is_sent, heard_of) in [
        (
            r#"<form hx-post="/x" hx-trigger="ping"><input name="a" required></form>"#,
            false,
            3,
        ),
        (
            r#"<form hx-post="/x" hx-trigger="ping"><input name="a" required value="1"></form>"#,
            true,
            1,
        ),
        (
            r#"<form hx-post="/x" hx-trigger="ping" novalidate><input name="a" required></form>"#,
            true,
            0,
        ),
        (
            r#"<form><input name="a" required><p hx-post="/x" hx-trigger="ping" hx-validate="true"></p></form>"#,
            false,
            3,
        ),
        (
            r#"<form><input name="a" required><p hx-post="/x" hx-trigger="ping"></p></form>"#,
            true,
            0,
        ),
        (
            r#"<form hx-post="/x" hx-trigger="ping"><input name="a" required disabled></form>"#,
            true,
            0,
        ),
    ] {
        let stage = live(html).await;
        let (heard, _listeners) = record(&stage, &names);
        // What the browser dispatches when it shows what is wrong.
        let (shown, _listeners) = record(&find(&stage, "input"), &["invalid"]);
        let before = fetch.count();
        fire(&stage, "[hx-post]", "ping");
        assert_eq!(shown.borrow().is_empty(), is_sent, "{html}");
        assert_eq!(fetch.count() > before, is_sent, "{html}");
        assert_eq!(heard.borrow().len(), heard_of, "{html}");
        end(&stage);
    }
}

#[wasm_bindgen_test]
async fn val_10_a_listener_may_add_what_is_wrong() {
    let fetch = FakeFetch::install();
    let stage = live(r#"<form hx-post="/x" hx-trigger="ping"><input name="a" value="1"></form>"#).await;
    let (heard, _listeners) = record(&stage, &["htmx:validation:halted"]);
    let checking = crate::browser::listener::Listener::on(&stage, "htmx:validation:validate", |event| {
        let input: HtmlInputElement = wasm_bindgen::JsCast::unchecked_into(event.target().unwrap());
        input.set_custom_validity("not this one");
    });
    fire(&stage, "form", "ping");
    assert_eq!((fetch.count(), heard.borrow().len()), (0, 1));
    drop(checking);
    find::<HtmlInputElement>(&stage, "input").set_custom_validity("");
    fire(&stage, "form", "ping");
    assert_eq!(fetch.count(), 1);
    end(&stage);
}

#[wasm_bindgen_test]
async fn inh_02_inh_03_what_a_request_inherits() {
    let fetch = FakeFetch::install();
    let stage = live(
        r##"<div hx-target="#inh" hx-swap="beforeend" hx-headers='"X-A":"far"' hx-vals='"v":1' hx-indicator="#inh"
             hx-encoding="multipart/form-data" hx-select="b"><p class="a" hx-post="/x" hx-trigger="ping"></p>
           <section hx-disinherit="*"><p class="b" hx-post="/y" hx-trigger="ping"></p></section>
           <section hx-disinherit="hx-vals hx-select" hx-headers="unset"><p class="c" hx-post="/z" hx-trigger="ping"></p></section></div><i id="inh">0</i>"##,
    )
    .await;
    fire(&stage, ".a", "ping");
    assert_eq!(fetch.header(0, "X-A").as_deref(), Some("far"));
    assert_eq!(fetch.header(0, "HX-Target").as_deref(), Some("inh"));
    assert_eq!(fetch.body(0), "v:1");
    fetch.answer(0, 200, "<u></u><b>1</b>").await;
    super::eventually(|| super::text(&stage, "i") == "0<b>1</b>").await;
    fire(&stage, ".b", "ping");
    assert_eq!((fetch.header(1, "X-A"), fetch.body(1)), (None, String::new()));
    fetch.answer(1, 200, "<u>2</u>").await;
    super::eventually(|| super::text(&stage, ".b") == "<u>2</u>").await;
    fire(&stage, ".c", "ping");
    assert_eq!((fetch.header(2, "X-A"), fetch.body(2)), (None, String::new()));
    fetch.answer(2, 200, "<u>3</u>").await;
    super::eventually(|| super::text(&stage, "i") == "0<b>1</b><u>3</u>").await;
    end(&stage);
}

#[wasm_bindgen_test]
async fn inh_01_what_is_never_inherited() {
    let fetch = FakeFetch::install();
    let stage = live(r#"<div hx-trigger="ping" hx-get="/outer"><p hx-get="/inner"></p><i></i></div>"#).await;
    fire(&stage, "i", "click");
    fire(&stage, "i", "ping");
    assert_eq!(fetch.requests(), ["GET /outer"]);
    fire(&stage, "p", "click");
    assert_eq!(fetch.requests(), ["GET /outer", "GET /inner"]);
    end(&stage);
}

// A request took the values before they were checked, a message over a socket after it; htmx checks first.
#[wasm_bindgen_test]
async fn val_10_what_the_check_makes_of_a_value_is_sent() {
    let fetch = FakeFetch::install();
    let stage = live(r#"<form hx-post="/x" hx-trigger="ping"><input name="a" value=" b "></form>"#).await;
    let input: HtmlInputElement = find(&stage, "input");
    let trimmed = input.clone();
    let _listener = Listener::on(&input, "htmx:validation:validate", move |_| {
        trimmed.set_value(trimmed.value().trim());
    });
    fire(&stage, "form", "ping");
    assert_eq!(fetch.body(0), "a=b");
    end(&stage);
}
