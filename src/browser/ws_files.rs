//! Files in what a form sends over a socket (WSS-28).
//!
//! JSON knows no files, and every version of htmx sends an empty object in place of one. Here a form says what it wants:
//! nothing, which makes a file an error that one sees, or each file as an object with its content in base64.
//!
//! DIFFERENCE: htmx sends `{}`.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use js_sys::{Array, JsString, Object, Promise, Reflect};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, FileReader};

use super::dom_events::Detail;
use super::fetch::words;
use super::file_sieve;
use super::send_error::SendError;

/// The values once their files are read.
type Read = Pin<Box<dyn Future<Output = Result<Object, SendError>>>>;

/// What a form does with the files in it.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_live::{Files, WsForm, WsSource};
///
/// #[component]
/// fn Avatar() -> impl IntoView {
///     view! {
///         <WsSource connect="/avatar">
///             <WsForm action="/avatar" files=Files::base64(40_000) {..} enctype="multipart/form-data">
///                 <input type="file" name="picture"/>
///             </WsForm>
///         </WsSource>
///     }
/// }
/// # fn main() {}
/// ```
#[derive(Clone, Copy, Default)]
pub struct Files(Option<Reader>);

#[derive(Clone, Copy)]
struct Reader {
    limit: u32,
    // A pointer, so that an app that sends no files does not link their reading.
    read: fn(Object, u32) -> Read,
}

impl Files {
    /// A message with a file in it is not sent; it is an error (`SendError::File`). The default.
    pub const fn refused() -> Self {
        Self(None)
    }

    /// Each file is sent as `{"name", "type", "size", "data"}`, with its content in base64, as long as those of a message
    /// have no more than `limit` bytes together.
    ///
    /// Base64 makes a third more of them, and all of it is one message: it has to fit into what the server takes, which
    /// is 64 KiB unless `SocketConfig::max_message_bytes` says otherwise. On the server, `FormFile` reads them.
    pub const fn base64(limit: u32) -> Self {
        Self(Some(Reader {
            limit,
            read: read_boxed,
        }))
    }

    /// The values with their files read; `None` where there is none to read.
    ///
    /// # Errors
    /// [`SendError::File`] when there is one that is not to be sent, [`SendError::Encoding`] when a value cannot be read.
    pub(crate) fn read(self, values: &Object) -> Result<Option<Read>, SendError> {
        let Some(first) = files_of(values)?.into_iter().next() else {
            return Ok(None);
        };
        match self.0 {
            Some(Reader { limit, read }) => Ok(Some(read(values.clone(), limit))),
            None => Err(SendError::File(first.name())),
        }
    }
}

impl fmt::Debug for Files {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Files")
            .field(&self.0.map(|reader| reader.limit))
            .finish()
    }
}

#[wasm_bindgen]
extern "C" {
    /// What a script has left may throw when it is read.
    #[wasm_bindgen(js_namespace = Object, js_name = values, catch)]
    fn values_of(object: &Object) -> Result<Array, JsValue>;
}

/// The files among the values, also those in lists.
fn files_of(values: &Object) -> Result<Vec<File>, SendError> {
    let mut files = Vec::new();
    let values = values_of(values).map_err(|error| SendError::Encoding(words(error)))?;
    // Most messages have none.
    if !file_sieve::may_hold_files(&values) {
        return Ok(files);
    }
    for value in values.iter().filter(|value| !value.is_string()) {
        match value.dyn_into::<Array>() {
            Ok(list) => files.extend(list.iter().filter_map(|value| value.dyn_into().ok())),
            Err(value) => files.extend(value.dyn_into()),
        }
    }
    Ok(files)
}

fn read_boxed(values: Object, limit: u32) -> Read {
    Box::pin(read_all(values, limit))
}

async fn read_all(values: Object, limit: u32) -> Result<Object, SendError> {
    let found = files_of(&values)?.iter().map(|file| file.size()).sum::<f64>() as u64;
    if found > u64::from(limit) {
        return Err(SendError::FilesTooLarge { limit, found });
    }
    let read = Object::new();
    for entry in Object::entries(&values) {
        let entry: Array = entry.unchecked_into();
        let value = match entry.get(1).dyn_into::<Array>() {
            Ok(list) => {
                let read = Array::new();
                for value in list {
                    read.push(&read_one(value).await?);
                }
                read.into()
            }
            Err(value) => read_one(value).await?,
        };
        // It fails only on a frozen object.
        let _ = Reflect::set(&read, &entry.get(0), &value);
    }
    Ok(read)
}

/// A file as an object; any other value as it is.
async fn read_one(value: JsValue) -> Result<JsValue, SendError> {
    let Ok(file) = value.clone().dyn_into::<File>() else {
        return Ok(value);
    };
    let unreadable = || SendError::UnreadableFile(file.name());
    let url = data_url(&file).await.ok_or_else(unreadable)?;
    // `data:<type>;base64,<content>`, and an empty file may come without a comma.
    let comma = url.index_of(",", 0);
    let content = match u32::try_from(comma) {
        Ok(comma) => url.slice(comma + 1, url.length()),
        Err(_) => JsString::from(""),
    };
    Ok(Detail::new()
        .with("name", file.name())
        .with("type", file.type_())
        .with("size", file.size())
        .with("data", content)
        .into_value())
}

/// The browser writes the base64 by itself, and it never goes through wasm memory.
async fn data_url(file: &File) -> Option<JsString> {
    let reader = FileReader::new().ok()?;
    let read = Promise::new(&mut |resolve, reject| {
        reader.set_onload(Some(&resolve));
        reader.set_onerror(Some(&reject));
        if reader.read_as_data_url(file).is_err() {
            let _ = reject.call0(&JsValue::UNDEFINED);
        }
    });
    JsFuture::from(read).await.ok()?;
    reader.result().ok()?.dyn_into().ok()
}
