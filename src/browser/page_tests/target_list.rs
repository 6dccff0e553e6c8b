//! Elements by all ways of naming them, also from inside of a shadow root.

use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, ShadowRoot};

use super::{find, stage};
use crate::browser::dom::set_html;
use crate::browser::target::{named_by, resolve, resolve_all};
use crate::grammar::TargetList;

fn ids(found: &[Element]) -> String {
    let names = found.iter().map(|element| match element.id() {
        id if id.is_empty() => element.local_name(),
        id => id,
    });
    names.collect::<Vec<_>>().join(" ")
}

#[wasm_bindgen_test]
fn tgt_05_every_way_to_name_several() {
    let stage = stage(
        r#"<i id="l1" class="l"></i><section id="l2"><p id="l3"><b id="l4" class="l"></b><b id="l5"></b></p><i id="l6" class="l"></i></section>"#,
    );
    let origin: Element = find(&stage, "#l3");
    for (text, expected) in [
        ("this", "l3"),
        ("body", "body"),
        ("closest section", "l2"),
        ("find b", "l4"),
        ("findAll b", "l4 l5"),
        ("next", "l6"),
        ("previous .l", "l1"),
        ("next .l", "l6"),
        ("global #l1", "l1"),
        ("document, window, root, host", ""),
        // What is named from here comes first, then the rest in the order of the page; each once.
        (".l, #l2, find b, this", "l4 l3 l1 l2 l6"),
        ("<.l, #l2/>", "l1 l2 l4 l6"),
        ("#missing", ""),
        ("p:nonsense(", ""),
    ] {
        let Ok(list) = text.parse::<TargetList>() else {
            assert_eq!(expected, "");
            continue;
        };
        assert_eq!(
            ids(&resolve_all(&origin, &origin, &list.targets)),
            expected,
            "{text}"
        );
    }
    stage.remove();
}

#[wasm_bindgen_test]
fn tgt_05_lif_05_inside_of_a_shadow_root() {
    let stage = stage(r#"<div id="host5"></div><i class="shadow5" id="out5"></i>"#);
    let attach = js_sys::Function::new_with_args("host", "return host.attachShadow({ mode: 'open' })");
    let host: Element = find(&stage, "#host5");
    let root: ShadowRoot = attach
        .call1(&wasm_bindgen::JsValue::NULL, &host)
        .unwrap()
        .unchecked_into();
    set_html(
        root.unchecked_ref(),
        &r#"<p id="in5"></p><i class="shadow5" id="deep5"></i>"#.into(),
    );
    let origin = root.query_selector("p").unwrap().unwrap();
    for (text, expected) in [
        (".shadow5", "deep5"),
        ("global .shadow5", "out5"),
        ("host", "host5"),
        ("next", "deep5"),
    ] {
        let target = text.parse().unwrap();
        let found: Vec<_> = resolve(&origin, &origin, &target).into_iter().collect();
        assert_eq!(ids(&found), expected, "{text}");
        assert_eq!(ids(&resolve_all(&origin, &origin, &[target])), expected, "{text}");
    }
    stage.remove();
}

#[wasm_bindgen_test]
fn tgt_05_inh_02_an_attribute_adds_to_what_it_inherits() {
    let stage = stage(
        r##"<i id="n1"></i><i id="n2"></i><i id="n3"></i><div hx-indicator="#n1, this"><div id="d2" hx-indicator="inherit, #n2"><p hx-indicator="#n3,inherit"></p></div></div>
           <u hx-indicator="a[b"></u><s></s>"##,
    );
    let named = |selector: &str| named_by(&find(&stage, selector), "hx-indicator");
    assert_eq!(ids(&named("p").unwrap()), "n3 n2 div n1");
    assert_eq!(ids(&named("#d2").unwrap()), "n2 div n1");
    assert_eq!(named("u").unwrap(), []);
    assert!(named("s").is_none());
    stage.remove();
}
