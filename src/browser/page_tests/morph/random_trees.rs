//! The main property, on trees that nobody would write: the page is the payload afterwards, apart from
//! the order of attributes, what has an id is the same
//! node, and a second time nothing is left to do.

use std::collections::HashMap;
use std::fmt::Write;

use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, HtmlInputElement, HtmlOptionElement};

use super::super::stage;
use super::{Watch, morph};
use crate::browser::dom::{self, select_all};
use crate::browser::page;

/// Numbers that are the same every time (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }

    fn one_in(&mut self, many: usize) -> bool {
        self.below(many) == 0
    }

    fn pick(&mut self, list: &[&'static str]) -> &'static str {
        list[self.below(list.len())]
    }
}

/// Writes trees in which each id occurs once, or now and then twice.
struct Trees {
    numbers: Numbers,
    ids: Vec<usize>,
    has_twins: bool,
    html: String,
}

impl Trees {
    fn tree(seed: u64, has_twins: bool) -> String {
        let mut trees = Self {
            numbers: Numbers(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1),
            ids: (0..12).collect(),
            has_twins,
            html: String::new(),
        };
        // The first ones are all alike.
        for _ in 0..20 {
            trees.numbers.below(2);
        }
        trees.children(0);
        trees.html
    }

    fn children(&mut self, depth: usize) {
        for _ in 0..self.numbers.below(6) {
            self.node(depth);
        }
    }

    fn node(&mut self, depth: usize) {
        let word = self.numbers.below(4);
        match self.numbers.below(24) {
            0..=4 => write!(self.html, "w{word}"),
            5 => write!(self.html, "\n  "),
            6 => write!(self.html, "<!--c{word}-->"),
            7 => self.void(
                "<input",
                &["", " type=checkbox", " type=radio name=r", " checked", " value=v"],
            ),
            8 => self.within(
                "select",
                &[
                    "<option>a",
                    "<option value=b>x",
                    "<option selected>c",
                    "<optgroup><option>d",
                ],
            ),
            9 => self.within("textarea", &["", "x", "\n\ny"]),
            10 => self.within(
                "svg",
                &[
                    "<g><circle r=1 /></g>",
                    "<a>t</a>",
                    "<use xlink:href=#u></use>",
                    "<foreignObject><b>h</b></foreignObject>",
                ],
            ),
            11 => self.within(
                "table",
                &[
                    "<tr><td>1",
                    "<tr><td>2<td>3",
                    "<caption>c",
                    "<tbody id=t><tr><td>4",
                ],
            ),
            12 => self.within(
                "template",
                &["<b>1</b>", "<b id=in>2</b>", "x", "<template>y</template>"],
            ),
            13 => self.within("script", &["", "window.__random = 1"]),
            14 => self.void("<x-random", &["", " a", "></x-random"]),
            _ => {
                let tag = self.numbers.pick(&["div", "span", "ul", "li", "p", "b"]);
                let attributes = self.attributes();
                let _ = write!(self.html, "<{tag}{attributes}>");
                if depth < 5 {
                    self.children(depth + 1);
                }
                write!(self.html, "</{tag}>")
            }
        }
        .unwrap();
    }

    fn void(&mut self, start: &str, more: &[&'static str]) -> std::fmt::Result {
        let (more, attributes) = (self.numbers.pick(more), self.attributes());
        write!(self.html, "{start}{attributes}{more}>")
    }

    fn within(&mut self, tag: &str, parts: &[&'static str]) -> std::fmt::Result {
        let attributes = self.attributes();
        write!(self.html, "<{tag}{attributes}>")?;
        for _ in 0..self.numbers.below(4) {
            let part = self.numbers.pick(parts);
            self.html.push_str(part);
        }
        write!(self.html, "</{tag}>")
    }

    fn attributes(&mut self) -> String {
        let mut attributes = String::new();
        if self.numbers.one_in(3) && !self.ids.is_empty() {
            let at = self.numbers.below(self.ids.len());
            let id = if self.has_twins && self.numbers.one_in(3) {
                self.ids[at]
            } else {
                self.ids.swap_remove(at)
            };
            let _ = write!(attributes, " id=id{id}");
        }
        if self.numbers.one_in(6) {
            let _ = write!(attributes, " data-key={}", self.numbers.below(3));
        }
        for (name, values) in [("class", ["a", "b c", ""]), ("title", ["t", "u", "v"])] {
            if self.numbers.one_in(4) {
                let _ = write!(attributes, " {name}='{}'", self.numbers.pick(&values));
            }
        }
        attributes
    }
}

/// The markup inside an element, as if all attributes had been written in the order of their names: an attribute that
/// comes to an element stands behind those that it had, and that means nothing.
fn in_order(element: &Element) -> String {
    let sort = js_sys::eval(
        "(element) => {
            const sort = (root) => {
                for (const element of root.querySelectorAll('*')) {
                    const attributes = [...element.attributes].sort((a, b) => a.name < b.name ? -1 : 1);
                    attributes.forEach((attribute) => element.removeAttributeNode(attribute));
                    attributes.forEach((attribute) => element.setAttributeNode(attribute));
                    if (element.content) sort(element.content);
                }
                return root;
            };
            const template = document.createElement('template');
            template.innerHTML = element.innerHTML;
            sort(template.content);
            return template.innerHTML;
        }",
    );
    let sort: js_sys::Function = sort.unwrap().unchecked_into();
    sort.call1(&wasm_bindgen::JsValue::NULL, element)
        .unwrap()
        .as_string()
        .unwrap()
}

/// Those with an id that occurs once.
fn by_id(stage: &Element) -> HashMap<String, Element> {
    let mut found: HashMap<String, Option<Element>> = HashMap::new();
    for element in select_all(stage, "[id]") {
        let id = element.get_attribute("id").unwrap();
        found
            .entry(id)
            .and_modify(|known| *known = None)
            .or_insert(Some(element));
    }
    found
        .into_iter()
        .filter_map(|(id, only)| Some((id, only?)))
        .collect()
}

/// What users do meanwhile must not show in the markup.
fn use_controls(stage: &Element, numbers: &mut Numbers) {
    for input in select_all(stage, "input") {
        let input: HtmlInputElement = input.unchecked_into();
        if numbers.one_in(2) {
            input.set_checked(numbers.one_in(2));
        } else if input.type_() == "text" {
            input.set_value("typed");
        }
    }
    for option in select_all(stage, "option") {
        option
            .unchecked_into::<HtmlOptionElement>()
            .set_selected(numbers.one_in(2));
    }
}

fn check(seed: u64, has_twins: bool) {
    let (before, payload) = (Trees::tree(seed, has_twins), Trees::tree(seed + 7_000, has_twins));
    let stage = stage(&before);
    use_controls(&stage, &mut Numbers(seed + 1));
    let known = by_id(&stage);
    let explained = || format!("seed {seed}\n{before}\n----\n{payload}");
    morph(&stage, &payload);
    let wanted = page::document().unwrap().create_element("template").unwrap();
    dom::set_html(&wanted, &payload.as_str().into());
    assert_eq!(in_order(&stage), in_order(&wanted), "{}", explained());
    for (id, element) in by_id(&stage) {
        let Some(known) = known.get(&id) else { continue };
        if known.node_name() == element.node_name() && known.node_name() != "SCRIPT" {
            assert!(*known == element, "#{id} is another one: {}", explained());
        }
    }
    let watch = Watch::on(&stage);
    morph(&stage, &payload);
    assert_eq!(watch.all(), 0, "once more: {}", explained());
    stage.remove();
}

#[wasm_bindgen_test]
fn swp_10_the_page_is_the_payload() {
    (1..=400).for_each(|seed| check(seed, false));
    assert!(js_sys::eval("window.__random").unwrap().is_undefined());
}

#[wasm_bindgen_test]
fn swp_10_the_page_is_the_payload_also_with_ids_that_occur_twice() {
    (1_001..=1_400).for_each(|seed| check(seed, true));
}
