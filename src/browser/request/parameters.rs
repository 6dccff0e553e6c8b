//! `detail.parameters` of `htmx:configRequest`: the fields of a request, as an object that a page's scripts read and
//! change.
//!
//! As in htmx 2 it is a proxy of the form data: `parameters.x = 1`, `delete parameters.x`, `Object.assign(…)` and the
//! methods of `FormData` all work, and what is not touched keeps its order.

use js_sys::{Array, Object, Proxy, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::FormData;

use crate::browser::form_values::append;
use crate::browser::{dom, js_method};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_namespace = Object, js_name = fromEntries)]
    static FROM_ENTRIES: JsValue;
}

/// Form data, and the object through which scripts see it.
#[derive(Clone, Debug)]
pub(crate) struct Parameters {
    data: FormData,
    seen: JsValue,
}

impl Parameters {
    pub(crate) fn new(data: FormData) -> Self {
        let seen = HANDLER.with(|handler| Proxy::new(&data, &handler.object).into());
        Self { data, seen }
    }

    pub(crate) fn data(&self) -> &FormData {
        &self.data
    }

    /// What scripts are given.
    pub(crate) fn object(&self) -> &JsValue {
        &self.seen
    }

    /// The form data of what scripts have left: the same object, form data of their own, or any other object.
    pub(crate) fn left_as(&self, object: &JsValue) -> Option<FormData> {
        if *object == self.seen {
            return Some(self.data.clone());
        }
        if let Some(data) = object.dyn_ref::<FormData>() {
            return Some(data.clone());
        }
        let data = FormData::new().ok()?;
        if object.is_object() {
            for entry in Object::entries(object.unchecked_ref()).iter() {
                let entry: Array = entry.unchecked_into();
                append(&data, &entry.get(0).as_string()?, &entry.get(1));
            }
        }
        Some(data)
    }
}

/// Form data as the body of a request, or as its query.
///
/// `on_file` hears of each file, of which only the name can be written here.
pub(crate) fn urlencoded(data: &FormData, mut on_file: impl FnMut(&str)) -> String {
    let mut pairs = Vec::new();
    for entry in data.entries().into_iter().flatten() {
        let entry: Array = entry.unchecked_into();
        let name = entry.get(0).as_string().unwrap_or_default();
        let value = entry.get(1).as_string().unwrap_or_else(|| {
            on_file(&name);
            let file_name = dom::property(&entry.get(1), "name");
            file_name.as_string().unwrap_or_default()
        });
        let encode = |text: &str| String::from(js_sys::encode_uri_component(text));
        pairs.push(format!("{}={}", encode(&name), encode(&value)));
    }
    pairs.join("&")
}

thread_local! {
    /// One for all proxies: each call names the form data that it is about.
    static HANDLER: Handler = Handler::new();
}

type Trap<F> = Closure<F>;
type Get = dyn Fn(FormData, JsValue) -> JsValue;
type Set = dyn Fn(FormData, JsValue, JsValue) -> bool;
type Delete = dyn Fn(FormData, JsValue) -> bool;
type Keys = dyn Fn(FormData) -> JsValue;

struct Handler {
    object: Object,
    _get: Trap<Get>,
    _set: Trap<Set>,
    _delete: Trap<Delete>,
    _keys: Trap<Keys>,
    _describe: Trap<Get>,
}

impl Handler {
    fn new() -> Self {
        let get = Trap::<Get>::new(|data: FormData, name| read(&data, &name));
        let set = Trap::<Set>::new(|data: FormData, name: JsValue, value: JsValue| {
            let Some(name) = name.as_string() else {
                return false;
            };
            data.delete(&name);
            append(&data, &name, &value);
            true
        });
        let delete = Trap::<Delete>::new(|data: FormData, name: JsValue| {
            if let Some(name) = name.as_string() {
                data.delete(&name);
            }
            true
        });
        let keys = Trap::<Keys>::new(|data: FormData| {
            Reflect::own_keys(&plain(&data)).map_or_else(|_| Array::new().into(), Into::into)
        });
        let describe = Trap::<Get>::new(|data: FormData, name: JsValue| {
            Reflect::get_own_property_descriptor(&plain(&data), &name).unwrap_or(JsValue::UNDEFINED)
        });
        let object = Object::new();
        for (name, trap) in [
            ("get", get.as_ref()),
            ("set", set.as_ref()),
            ("deleteProperty", delete.as_ref()),
            ("ownKeys", keys.as_ref()),
            ("getOwnPropertyDescriptor", describe.as_ref()),
        ] {
            let _ = Reflect::set(&object, &JsValue::from_str(name), trap);
        }
        Self {
            object,
            _get: get,
            _set: set,
            _delete: delete,
            _keys: keys,
            _describe: describe,
        }
    }
}

/// A method of form data, or the value of a field: its only one, or a list.
///
/// DIFFERENCE: htmx's lists write through; here they are frozen, so that whoever pushes is told instead of ignored.
fn read(data: &FormData, name: &JsValue) -> JsValue {
    if name.as_string().as_deref() == Some("toJSON") {
        return FROM_ENTRIES.with(|from_entries| js_method::bound_with(from_entries, &JsValue::NULL, data));
    }
    if name.is_symbol() || Reflect::has(data, name).unwrap_or(false) {
        let own = Reflect::get(data, name).unwrap_or(JsValue::UNDEFINED);
        return if own.is_function() {
            js_method::bound(&own, data)
        } else {
            own
        };
    }
    let values = data.get_all(&name.as_string().unwrap_or_default());
    match values.length() {
        0 => JsValue::UNDEFINED,
        1 => values.get(0),
        _ => Object::freeze(&values).into(),
    }
}

/// The fields as an ordinary object, the last one of each name.
fn plain(data: &FormData) -> Object {
    Object::from_entries(data).unwrap_or_default()
}
