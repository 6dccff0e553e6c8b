//! The queue of a socket as scripts see it: the array itself, and whoever has put messages in it hears of every change.

use js_sys::{Array, Object, Proxy, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

type Trap = Closure<dyn Fn(Object, JsValue, JsValue) -> bool>;

/// An array behind a proxy, which works as long as this lives.
#[derive(Debug)]
pub(crate) struct QueueView {
    proxy: Proxy,
    _set: Trap,
    _define: Trap,
    _delete: Closure<dyn Fn(Object, JsValue) -> bool>,
}

impl QueueView {
    /// `changed` runs in the middle of what a script does, and often several times for one method of the array.
    pub(crate) fn of(queue: &Array, changed: impl Fn() + Clone + 'static) -> Self {
        let trap = |act: fn(&Object, &JsValue, &JsValue) -> Result<bool, JsValue>| {
            let told = changed.clone();
            Trap::new(move |array: Object, key: JsValue, value: JsValue| {
                told();
                act(&array, &key, &value).unwrap_or(false)
            })
        };
        let set = trap(|array, key, value| Reflect::set(array, key, value));
        let define =
            trap(|array, key, value| Reflect::define_property(array, key, value.unchecked_ref::<Object>()));
        let delete = Closure::<dyn Fn(Object, JsValue) -> bool>::new(move |array: Object, key| {
            changed();
            Reflect::delete_property(&array, &key).unwrap_or(false)
        });
        let handler = Object::new();
        for (trap, function) in [
            ("set", set.as_ref()),
            ("defineProperty", define.as_ref()),
            ("deleteProperty", delete.as_ref()),
        ] {
            // It fails only on a frozen object.
            let _ = Reflect::set(&handler, &JsValue::from_str(trap), function);
        }
        Self {
            proxy: Proxy::new(queue, &handler),
            _set: set,
            _define: define,
            _delete: delete,
        }
    }

    pub(crate) fn value(&self) -> &JsValue {
        &self.proxy
    }
}
