//! The network between one node and the engine: it can be cut, and be slow.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};

pub(in crate::server::broker) struct Link {
    pub(in crate::server::broker) address: SocketAddr,
    is_cut: watch::Sender<bool>,
    delay: Arc<AtomicU64>,
    task: JoinHandle<()>,
}

impl Drop for Link {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Link {
    pub(in crate::server::broker) async fn to(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let is_cut = watch::Sender::new(false);
        let delay = Arc::<AtomicU64>::default();
        let task = tokio::spawn({
            let (is_cut, delay) = (is_cut.subscribe(), delay.clone());
            async move {
                loop {
                    let (client, _) = listener.accept().await.unwrap();
                    if !*is_cut.borrow() {
                        tokio::spawn(carry(client, port, is_cut.clone(), delay.clone()));
                    }
                }
            }
        });
        Self {
            address,
            is_cut,
            delay,
            task,
        }
    }

    /// Breaks every connection, and every new one until it is mended.
    pub(in crate::server::broker) fn cut(&self) {
        self.is_cut.send_replace(true);
    }

    pub(in crate::server::broker) fn mend(&self) {
        self.is_cut.send_replace(false);
    }

    /// How long each way takes from now on.
    pub(in crate::server::broker) fn delay(&self, delay: Duration) {
        self.delay.store(delay.as_millis() as u64, Ordering::Relaxed);
    }
}

async fn carry(client: TcpStream, port: u16, mut is_cut: watch::Receiver<bool>, delay: Arc<AtomicU64>) {
    let Ok(server) = TcpStream::connect(("127.0.0.1", port)).await else {
        return;
    };
    let _ = (client.set_nodelay(true), server.set_nodelay(true));
    let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), server.into_split());
    tokio::select! {
        () = one_way(from_client, to_server, &delay) => {}
        () = one_way(from_server, to_client, &delay) => {}
        _ = is_cut.wait_for(|is_cut| *is_cut) => {}
    }
}

async fn one_way(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, delay: &AtomicU64) {
    let (sender, mut under_way) = mpsc::channel::<(Instant, Vec<u8>)>(1_000);
    let reading = async move {
        let mut bytes = vec![0; 64 << 10];
        while let Ok(count @ 1..) = from.read(&mut bytes).await {
            let arrives = Instant::now() + Duration::from_millis(delay.load(Ordering::Relaxed));
            if sender.send((arrives, bytes[..count].to_vec())).await.is_err() {
                return;
            }
        }
    };
    let writing = async move {
        while let Some((arrives, bytes)) = under_way.recv().await {
            sleep_until(arrives).await;
            if to.write_all(&bytes).await.is_err() {
                return;
            }
        }
    };
    tokio::join!(reading, writing);
}
