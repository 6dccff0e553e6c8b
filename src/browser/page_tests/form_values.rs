//! What a form, a control, a button and a container send.

use serde_json::Value;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use super::{find, stage};
use crate::browser::form_values::FormValues;

/// The values of `.s`, with the submitter `.b` if there is one.
fn check(html: &str, expected: &str) {
    let stage = stage(html);
    let submitter = stage
        .query_selector(".b")
        .unwrap()
        .map(wasm_bindgen::JsCast::unchecked_into::<HtmlElement>);
    let values = FormValues::collect(&find(&stage, ".s"), submitter.as_ref()).into_object();
    assert_eq!(Value::Object(values).to_string(), expected, "{html}");
    stage.remove();
}

#[wasm_bindgen_test]
fn val_01_to_05_forms() {
    check(
        r#"<form class="s"><input name="a" value="1"><input name="a" value="2"><textarea name="t">x</textarea></form>"#,
        r#"{"a":["1","2"],"t":"x"}"#,
    );
    check(
        r#"<form class="s"><select name="m" multiple><option selected>p<option>q<option selected>r</select></form>"#,
        r#"{"m":["p","r"]}"#,
    );
    check(
        r#"<form class="s"><input name="off" disabled value="1"><input value="2"><input type="checkbox" name="c" value="3">
           <fieldset disabled><input name="f" value="4"></fieldset><button name="x" value="5"></button></form>"#,
        "{}",
    );
    check(
        r#"<form class="s"><input type="checkbox" name="c" checked value=""></form>"#,
        r#"{"c":""}"#,
    );
}

#[wasm_bindgen_test]
fn wss_10_wss_11_buttons() {
    check(
        r#"<form class="s" id="vf"><input name="a" value="1"><button class="b" name="go" value="2"></button></form>"#,
        r#"{"a":"1","go":"2"}"#,
    );
    check(
        r#"<form class="s" id="vg"></form><button class="b" form="vg" name="go" value="2"></button>"#,
        r#"{"go":"2"}"#,
    );
    check(
        r#"<button class="s" name="go" value="2"></button>"#,
        r#"{"go":"2"}"#,
    );
    check(
        r#"<form><input name="a" value="1"><button class="s" name="go" value="2"></button></form>"#,
        r#"{"a":"1","go":"2"}"#,
    );
}

#[wasm_bindgen_test]
fn val_12_val_13_controls_and_containers() {
    check(r#"<input class="s" name="a" value="1">"#, r#"{"a":"1"}"#);
    check(r#"<input class="s" value="1">"#, "{}");
    check(r#"<input class="s" type="checkbox" name="c">"#, "{}");
    check(
        r#"<div class="s"><input name="a" value="1"><select name="b"><option>2</select><input type="button" name="n"></div>"#,
        r#"{"a":"1","b":"2"}"#,
    );
}

#[wasm_bindgen_test]
fn val_08_wss_24_vals() {
    check(
        r#"<div hx-vals='{"n": 7, "a": "outer"}'><form class="s"><input name="a" value="1"><input name="b" value="2"></form></div>"#,
        r#"{"a":"outer","b":"2","n":7}"#,
    );
    check(
        r#"<button class="s" hx-vals='"n": true'></button>"#,
        r#"{"n":true}"#,
    );
    // The nearest wins for each name, and `unset` stops.
    check(
        r#"<div hx-vals='"a": 1, "b": 1'><p hx-vals='"b": 2'><button class="s" hx-vals='"c": 3'></button></p></div>"#,
        r#"{"a":1,"b":2,"c":3}"#,
    );
    check(
        r#"<div hx-vals='"a": 1'><p hx-vals="unset"><button class="s" hx-vals='"c": 3'></button></p></div>"#,
        r#"{"c":3}"#,
    );
    check(
        r#"<div hx-vals='"a": 1'><p hx-disinherit="hx-vals"><button class="s" hx-vals='"c": 3'></button></p></div>"#,
        r#"{"c":3}"#,
    );
    // DIFFERENCE: strings of the page are never evaluated.
    check(r#"<button class="s" hx-vals="js:{n: 1}"></button>"#, "{}");
}
