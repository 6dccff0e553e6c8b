//! What a form, a control, a button and a container send.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::Object;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, HtmlElement};

use super::{find, stage};
use crate::browser::form_values::{FormValues, Scope};
use crate::browser::listener::Listener;
use crate::browser::plain_form::is_plain;

fn submitter(stage: &Element) -> Option<HtmlElement> {
    let button = stage.query_selector(".b").unwrap();
    button.map(JsCast::unchecked_into::<HtmlElement>)
}

fn text(object: &Object) -> String {
    js_sys::JSON::stringify(object).unwrap().into()
}

fn json(values: FormValues) -> String {
    text(&values.into_object())
}

/// What an element sends over a socket.
fn objects(element: &Element, submitter: Option<&HtmlElement>) -> (Object, Object) {
    FormValues::objects(element, element.dyn_ref(), submitter, || is_plain(element))
}

/// The values of `.s` for a socket, with the submitter `.b` if there is one.
#[track_caller]
fn check(html: &str, expected: &str) {
    let stage = stage(html);
    let (sender, submitter) = (find(&stage, ".s"), submitter(&stage));
    let (_, all) = objects(&sender, submitter.as_ref());
    assert_eq!(text(&all), expected, "{html}");
    let one_by_one = FormValues::within(&sender, Scope::Form, submitter.as_ref());
    assert_eq!(json(one_by_one), expected, "{html}");
    stage.remove();
}

/// The values of `.s` that its GET carries.
#[track_caller]
fn check_get(html: &str, expected: &str) {
    let stage = stage(html);
    let values = FormValues::within(&find(&stage, ".s"), Scope::Itself, submitter(&stage).as_ref());
    assert_eq!(json(values), expected, "{html}");
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
    // Three of a name, empty ones too.
    check(
        r#"<form class="s"><input name="a" value="1"><input name="b" value="2"><input name="a" value=""><input name="a" value="3"></form>"#,
        r#"{"a":["1","","3"],"b":"2"}"#,
    );
}

#[wasm_bindgen_test]
fn val_01_a_control_sends_its_form_and_a_get_only_itself() {
    let html =
        r#"<form id="v1"><input name="a" value="1"></form><input class="s" form="v1" name="b" value="2">"#;
    check(html, r#"{"a":"1","b":"2"}"#);
    check_get(html, r#"{"b":"2"}"#);
    check_get(
        r#"<form class="s"><input name="a" value="1"></form>"#,
        r#"{"a":"1"}"#,
    );
    check_get(r#"<div class="s"><input name="a" value="1"></div>"#, "{}");
    // Controls may be called whatever they like.
    check(
        r#"<form class="s"><input name="form" value="1"><input name="elements" value="2"><input name="__proto__" value="3"></form>"#,
        r#"{"form":"1","elements":"2","__proto__":"3"}"#,
    );
}

#[wasm_bindgen_test]
fn val_02_the_form_wins() {
    check(
        r##"<form><input name="a" value="form"><p class="s" hx-include="#v2"></p></form><input id="v2" name="a" value="other">"##,
        r#"{"a":"form"}"#,
    );
}

#[wasm_bindgen_test]
fn val_05_val_06_each_control_once() {
    check(
        r##"<p class="s" hx-include="#v6, .extra"></p><form id="v6"><input name="a" value="1"><input class="extra" name="b" value="2"></form>"##,
        r#"{"a":"1","b":"2"}"#,
    );
    // A form that comes after one of its controls brings it again, in its place.
    check_get(
        r#"<form><input name="a" value="1"><input class="s" name="b" value="2" hx-include="closest form"><input name="b" value="3"></form>"#,
        r#"{"a":"1","b":["2","3"]}"#,
    );
    check(
        r#"<p class="s" hx-include="next div"></p><div><input name="a" value="1"><p><select name="b"><option>2</select></p><textarea name="c">3</textarea><button name="d"></button></div>"#,
        r#"{"a":"1","b":"2","c":"3"}"#,
    );
    check_get(
        r#"<input class="s" name="a" value="1" hx-include="this">"#,
        r#"{"a":"1"}"#,
    );
    // A control by itself: files, several choices, boxes.
    check_get(
        r#"<p class="s" hx-include="findAll *"><select name="m" multiple><option selected>1<option selected>2</select><input type="checkbox" name="c"><input type="radio" name="r" value="3" checked><input type="file" name="f"></p>"#,
        r#"{"m":["1","2"],"r":"3"}"#,
    );
}

#[wasm_bindgen_test]
fn val_06_inh_02_includes_are_inherited() {
    check(
        r##"<input id="v7" name="a" value="1"><div hx-include="#v7"><p class="s"></p></div>"##,
        r#"{"a":"1"}"#,
    );
    // `this` is the element that carries the attribute.
    check(
        r#"<div hx-include="this"><input name="a" value="1"><p class="s"></p></div>"#,
        r#"{"a":"1"}"#,
    );
    check(
        r##"<input id="v8" name="a" value="1"><input id="v9" name="b" value="2"><div hx-include="#v8"><p class="s" hx-include="inherit, #v9"></p></div>"##,
        r#"{"b":"2","a":"1"}"#,
    );
    check(
        r##"<input id="v10" name="a" value="1"><div hx-include="#v10"><p class="s" hx-include="unset"></p></div>"##,
        "{}",
    );
    check(
        r##"<input id="v11" name="a" value="1"><div hx-include="#v11" hx-disinherit="hx-include"><p class="s"></p></div>"##,
        "{}",
    );
}

#[wasm_bindgen_test]
fn val_09_parameters_are_chosen() {
    for (params, expected) in [
        ("*", r#"{"a":"1","b":"2","c":"3"}"#),
        ("none", "{}"),
        ("a, c", r#"{"a":"1","c":"3"}"#),
        ("not a,c", r#"{"b":"2"}"#),
        // What cannot be read lets nothing through.
        ("a,,b", "{}"),
    ] {
        let stage = stage(&format!(
            r#"<div hx-params="{params}"><form class="s" hx-vals='"c":"3"'><input name="a" value="1"><input name="b" value="2"></form></div>"#
        ));
        let (allowed, all) = objects(&find(&stage, ".s"), None);
        assert_eq!(text(&allowed), expected, "{params}");
        assert_eq!(text(&all), r#"{"a":"1","b":"2","c":"3"}"#);
        stage.remove();
    }
}

/// A form that is asked tells its listeners, who may add to what it says; it must be asked once, and a message's two objects
/// must not be one.
#[wasm_bindgen_test]
fn val_01_a_form_is_asked_once() {
    for fields in [
        r#"<input name="a" value="1">"#,
        r#"<input name="a" value="1"><input name="a" value="2">"#,
        r#"<input name="__proto__" value="1">"#,
    ] {
        let stage = stage(&format!(r#"<form class="s">{fields}</form>"#));
        let asked = Rc::new(Cell::new(0));
        let count = Rc::clone(&asked);
        let _listener = Listener::on(&find(&stage, ".s"), "formdata", move |_| {
            count.set(count.get() + 1)
        });
        let (allowed, all) = objects(&find(&stage, ".s"), None);
        assert_eq!(asked.get(), 1, "{fields}");
        assert_eq!((text(&allowed), allowed == all), (text(&all), false));
        assert!(text(&all).len() > 2, "{fields}");
        stage.remove();
    }
}

/// A form's entries are asked all at once whether there is a file among them or one without a name; whatever looks like it is
/// looked at by itself.
#[wasm_bindgen_test]
fn val_03_what_looks_like_a_file_is_looked_at() {
    check(
        r#"<form class="s"><input name="a" value="[object File]"><input name=",b" value="1"></form>"#,
        r#"{"a":"[object File]",",b":"1"}"#,
    );
    check(
        r#"<form class="s"><input type="file" name="f"><input name="a" value="1"></form>"#,
        r#"{"a":"1"}"#,
    );
    for (added, expected) in [
        ("append('', 'x')", r#"{"a":"1"}"#),
        ("append('f', new File(['x'], 'x'))", r#"{"a":"1","f":{}}"#),
        ("append('f', new File([], ''))", r#"{"a":"1"}"#),
    ] {
        let stage = stage(r#"<form class="s"><input name="a" value="1"></form>"#);
        js_sys::eval(&format!(
            "document.querySelector('.s').addEventListener('formdata', (event) => event.formData.{added})"
        ))
        .unwrap();
        let (allowed, all) = objects(&find(&stage, ".s"), None);
        assert_eq!((&*text(&allowed), &*text(&all)), (expected, expected), "{added}");
        stage.remove();
    }
}

#[wasm_bindgen_test]
fn wss_10_wss_11_buttons() {
    // A button without a name adds nothing.
    for name in ["", r#"name="""#] {
        check(
            &format!(
                r#"<form class="s"><input name="a" value="1"><button class="b" {name} value="2"></button></form>"#
            ),
            r#"{"a":"1"}"#,
        );
    }
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
fn val_12_val_13_con_16_controls_and_containers() {
    check(r#"<input class="s" name="a" value="1">"#, r#"{"a":"1"}"#);
    check(r#"<input class="s" value="1">"#, "{}");
    check(r#"<input class="s" type="checkbox" name="c">"#, "{}");
    check(
        r#"<fieldset disabled><input class="s" name="a" value="1"></fieldset>"#,
        "{}",
    );
    check(
        r#"<div class="s"><input name="a" value="1"><select name="b"><option>2</select><input type="button" name="n"></div>"#,
        r#"{"a":"1","b":"2"}"#,
    );
}

#[wasm_bindgen_test]
fn val_08_wss_24_vals() {
    check(
        r#"<div hx-vals='{"n": 7, "a": "outer"}'><form class="s"><input name="a" value="1"><input name="b" value="2"></form></div>"#,
        r#"{"b":"2","n":7,"a":"outer"}"#,
    );
    check(
        r#"<button class="s" hx-vals='"n": true, "l": [1, "2"], "o": {"p": null}'></button>"#,
        r#"{"n":true,"l":[1,"2"],"o":{"p":null}}"#,
    );
    // The nearest wins for each name, and `unset` stops.
    check(
        r#"<div hx-vals='"a": 1, "b": 1'><p hx-vals='"b": 2'><button class="s" hx-vals='"c": 3'></button></p></div>"#,
        r#"{"c":3,"b":2,"a":1}"#,
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
    check(r#"<button class="s" hx-vals='[1]'></button>"#, "{}");
    check(r#"<button class="s" hx-vars="n:1"></button>"#, "{}");
}
