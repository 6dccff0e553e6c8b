//! What a careful developer writes with axum alone: `Sse` over `tokio::sync::broadcast`, with ids and replay.
//!
//! It serves what `bench_server` serves, at the same addresses, and none of the rest: no limits, no authorisation, no
//! position that survives a restart, no word about what was lost. A reader that falls behind is disconnected.

use std::collections::{HashMap, VecDeque};
use std::convert::Infallible;
use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::serve::ListenerExt;
use futures_util::{Stream, StreamExt, stream};
use tokio::net::TcpListener;
use tokio::sync::broadcast::{self, Receiver, error::RecvError};

/// As many as a reader may be behind, and as many as are kept for those who come back.
const KEPT: usize = 1024;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let port: u16 = std::env::args().nth(1).ok_or("expected a port")?.parse()?;
    let app = Router::new()
        .route("/sub/{topic}", get(subscribe))
        .route("/pub/{topic}", post(publish))
        .route("/ws/{topic}", get(room))
        .route("/echo/{topic}", get(echo))
        .with_state(Rooms::default());
    let listener = TcpListener::bind(("127.0.0.1", port)).await?.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    axum::serve(listener, app).await?;
    Ok(())
}

#[derive(Clone, Default)]
struct Rooms(Arc<Mutex<HashMap<String, Arc<Room>>>>);

impl Rooms {
    fn room(&self, topic: String) -> Arc<Room> {
        let mut rooms = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        rooms.entry(topic).or_default().clone()
    }
}

/// An event, shared by all of its readers.
struct Said {
    id: u64,
    text: Utf8Bytes,
}

struct Room {
    sender: broadcast::Sender<Arc<Said>>,
    history: Mutex<VecDeque<Arc<Said>>>,
}

impl Default for Room {
    fn default() -> Self {
        Self {
            sender: broadcast::channel(KEPT).0,
            history: Mutex::default(),
        }
    }
}

impl Room {
    fn publish(&self, text: Utf8Bytes) -> u64 {
        let mut history = self.history.lock().unwrap_or_else(PoisonError::into_inner);
        let id = history.back().map_or(1, |newest| newest.id.saturating_add(1));
        let said = Arc::new(Said { id, text });
        if history.len() == KEPT {
            history.pop_front();
        }
        history.push_back(said.clone());
        // Under the lock, so that those who come meanwhile have it from one of the two and not from both.
        let _ = self.sender.send(said);
        id
    }

    /// What came after this event, and what will come.
    fn after(&self, last: Option<u64>) -> (Vec<Arc<Said>>, Receiver<Arc<Said>>) {
        let history = self.history.lock().unwrap_or_else(PoisonError::into_inner);
        let missed = match last {
            Some(last) => history.iter().filter(|said| said.id > last).cloned().collect(),
            None => Vec::new(),
        };
        (missed, self.sender.subscribe())
    }
}

async fn subscribe(
    State(rooms): State<Rooms>,
    Path(topic): Path<String>,
    headers: HeaderMap,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let last = headers
        .get("last-event-id")
        .and_then(|id| id.to_str().ok()?.parse().ok());
    let (missed, receiver) = rooms.room(topic).after(last);
    let live = stream::unfold(receiver, async |mut receiver| {
        // A reader that is too far behind comes back with the last id that it has seen.
        let said = receiver.recv().await.ok()?;
        Some((said, receiver))
    });
    let events = stream::iter(missed).chain(live);
    let events = events.map(|said| Ok(Event::default().id(said.id.to_string()).data(said.text.as_str())));
    Sse::new(events).keep_alive(KeepAlive::default())
}

async fn publish(State(rooms): State<Rooms>, Path(topic): Path<String>, body: String) -> String {
    rooms.room(topic).publish(body.into()).to_string()
}

async fn room(State(rooms): State<Rooms>, Path(topic): Path<String>, upgrade: WebSocketUpgrade) -> Response {
    let room = rooms.room(topic);
    upgrade
        .on_upgrade(move |socket| talk(room, socket))
        .into_response()
}

async fn talk(room: Arc<Room>, mut socket: WebSocket) {
    let mut receiver = room.sender.subscribe();
    loop {
        tokio::select! {
            said = receiver.recv() => {
                let said = match said {
                    Ok(said) => said,
                    // A socket has no ids: what was lost is lost.
                    Err(RecvError::Lagged(_)) => continue,
                    Err(RecvError::Closed) => return,
                };
                if socket.send(Message::Text(said.text.clone())).await.is_err() {
                    return;
                }
            }
            message = socket.recv() => match message {
                Some(Ok(Message::Text(text))) => {
                    if let Some(text) = text_of(&text) {
                        room.publish(text);
                    }
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return,
            },
        }
    }
}

async fn echo(Path(_): Path<String>, upgrade: WebSocketUpgrade) -> Response {
    let answer = async |mut socket: WebSocket| {
        while let Some(Ok(message)) = socket.recv().await {
            let Message::Text(text) = message else { continue };
            let Some(text) = text_of(&text) else { continue };
            if socket.send(Message::Text(text)).await.is_err() {
                return;
            }
        }
    };
    upgrade.on_upgrade(answer).into_response()
}

/// The field `text` of a form's message.
fn text_of(message: &str) -> Option<Utf8Bytes> {
    let message: serde_json::Value = serde_json::from_str(message).ok()?;
    Some(message.get("text")?.as_str()?.into())
}
