//! Letting clients in.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

use super::connection::Http;
use super::refusal::Refusals;
use super::seats::Seats;

/// How long accepting rests when the process has no file or memory left for a connection.
const REST: Duration = Duration::from_millis(200);

/// Lets clients in for as long as it is polled.
pub(super) async fn run(listener: TcpListener, seats: &Arc<Seats>, http: &Arc<Http>, refusals: &Refusals) {
    loop {
        let (stream, client) = next(&listener).await;
        let Some(seat) = seats.take() else {
            tracing::debug!(%client, "serve: refused, since all places are taken");
            refusals.refuse(stream);
            continue;
        };
        let http = http.clone();
        tokio::spawn(async move { http.serve(stream, client, seat).await });
    }
}

async fn next(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            // The client has left before it was let in.
            Err(error) if is_of_client(&error) => {}
            Err(error) => {
                tracing::error!(%error, "serve: no connection can be accepted");
                sleep(REST).await;
            }
        }
    }
}

fn is_of_client(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(
        error.kind(),
        ConnectionAborted | ConnectionRefused | ConnectionReset
    )
}
