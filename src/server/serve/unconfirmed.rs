//! How much of what was written to a client it has yet to confirm.
//!
//! Only the kernel knows. It says so to an `ioctl`, which no safe function wraps, and in its diagnosis of sockets, which is a
//! question and an answer over a netlink socket (sock_diag(7)) and looks nowhere but at the connection that is asked for.

use tokio::net::TcpStream;

/// The count of bytes; none where the system is another one, or does not tell.
#[cfg(target_os = "linux")]
pub(super) fn bytes(stream: &TcpStream) -> Option<u32> {
    linux::bytes(stream.local_addr().ok()?, stream.peer_addr().ok()?)
}

#[cfg(not(target_os = "linux"))]
pub(super) fn bytes(_: &TcpStream) -> Option<u32> {
    None
}

#[cfg(target_os = "linux")]
mod linux {
    use std::io::{self, Read as _, Write as _};
    use std::net::{IpAddr, SocketAddr};
    use std::sync::atomic::{AtomicU32, Ordering};

    use socket2::{Domain, Protocol, Socket, Type};

    // As the kernel's headers call them.
    const AF_NETLINK: i32 = 16;
    const NETLINK_SOCK_DIAG: i32 = 4;
    const SOCK_DIAG_BY_FAMILY: u16 = 20;
    const NLMSG_ERROR: u16 = 2;
    const NLM_F_REQUEST: u16 = 1;
    const AF_INET: u8 = 2;
    const AF_INET6: u8 = 10;
    const IPPROTO_TCP: u8 = 6;

    /// A `nlmsghdr` and an `inet_diag_req_v2`.
    const QUESTION: usize = 16 + 56;
    /// Of a `nlmsghdr` and an `inet_diag_msg`, where `idiag_state` and `idiag_wqueue` stand.
    const STATE: usize = 16 + 1;
    const UNCONFIRMED: usize = 16 + 60;

    /// Of a socket that listens.
    const TCP_LISTEN: u8 = 10;

    // As the system's headers call them.
    const ENFILE: i32 = 23;
    const EMFILE: i32 = 24;

    /// A kernel that does not tell may look for a module each time that it is asked, which takes long.
    const MOST_REFUSALS: u32 = 16;
    /// How often it has refused to tell in a row.
    static REFUSALS: AtomicU32 = AtomicU32::new(0);

    pub(super) fn bytes(local: SocketAddr, peer: SocketAddr) -> Option<u32> {
        if REFUSALS.load(Ordering::Relaxed) >= MOST_REFUSALS {
            return None;
        }
        match ask(local, peer) {
            Ok(answer) => {
                REFUSALS.store(0, Ordering::Relaxed);
                read(&answer)
            }
            // That passes.
            Err(error) if matches!(error.raw_os_error(), Some(ENFILE | EMFILE)) => None,
            Err(_) => {
                REFUSALS.fetch_add(1, Ordering::Relaxed);
                None
            }
        }
    }

    /// # Errors
    /// Of the system, also where it answers that it cannot tell.
    fn ask(local: SocketAddr, peer: SocketAddr) -> io::Result<Vec<u8>> {
        let kind = Type::DGRAM.nonblocking();
        let protocol = Protocol::from(NETLINK_SOCK_DIAG);
        let mut kernel = Socket::new(Domain::from(AF_NETLINK), kind, Some(protocol))?;
        kernel.write_all(&question(local, peer))?;
        // The kernel has answered by now. Room for what it may add.
        let mut answer = vec![0; 512];
        let length = kernel.read(&mut answer)?;
        answer.truncate(length);
        match kind_of(&answer) {
            Some(NLMSG_ERROR) => Err(io::ErrorKind::NotFound.into()),
            _ => Ok(answer),
        }
    }

    fn kind_of(answer: &[u8]) -> Option<u16> {
        Some(u16::from_ne_bytes(*answer.get(4..)?.first_chunk()?))
    }

    fn question(local: SocketAddr, peer: SocketAddr) -> Vec<u8> {
        let (family, interface) = match peer {
            SocketAddr::V4(_) => (AF_INET, 0),
            // The interface of a link's own address, of which the other end's address may be none.
            SocketAddr::V6(peer) => (AF_INET6, peer.scope_id()),
        };
        let mut bytes = Vec::with_capacity(QUESTION);
        bytes.extend((QUESTION as u32).to_ne_bytes());
        bytes.extend(SOCK_DIAG_BY_FAMILY.to_ne_bytes());
        bytes.extend(NLM_F_REQUEST.to_ne_bytes());
        // The number of the question and who asks: there is but one.
        bytes.extend([0; 8]);
        bytes.extend([family, IPPROTO_TCP, 0, 0]);
        // A connection in whatever state.
        bytes.extend([0xff; 4]);
        bytes.extend(local.port().to_be_bytes());
        bytes.extend(peer.port().to_be_bytes());
        bytes.extend(address(local.ip()));
        bytes.extend(address(peer.ip()));
        bytes.extend(interface.to_ne_bytes());
        // Whichever connection it is that has these addresses.
        bytes.extend([0xff; 8]);
        bytes
    }

    fn address(ip: IpAddr) -> [u8; 16] {
        match ip {
            IpAddr::V4(ip) => {
                let [a, b, c, d] = ip.octets();
                [a, b, c, d, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
            }
            IpAddr::V6(ip) => ip.octets(),
        }
    }

    /// None where the kernel knows no such connection: then it answers for the socket that listens at the local address,
    /// whose count is that of clients who wait.
    fn read(answer: &[u8]) -> Option<u32> {
        let is_connection = kind_of(answer)? == SOCK_DIAG_BY_FAMILY && *answer.get(STATE)? != TCP_LISTEN;
        let count = u32::from_ne_bytes(*answer.get(UNCONFIRMED..)?.first_chunk()?);
        is_connection.then_some(count)
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::time::Duration;

    use tokio::io::AsyncReadExt as _;
    use tokio::net::TcpListener;
    use tokio::time::{sleep, timeout};

    use super::*;

    #[tokio::test]
    async fn s23_what_a_client_has_not_taken_is_counted() {
        for address in ["127.0.0.1:0", "[::1]:0", "[::]:0"] {
            // A machine may be without the newer addresses.
            let Ok(listener) = TcpListener::bind(address).await else {
                continue;
            };
            let port = listener.local_addr().unwrap().port();
            let at = if address.starts_with("[::1]") {
                "::1"
            } else {
                "127.0.0.1"
            };
            let client = TcpStream::connect((at, port));
            let (accepted, client) = tokio::join!(listener.accept(), client);
            let ((server, _), mut client) = (accepted.unwrap(), client.unwrap());
            assert_eq!(bytes(&server), Some(0), "{address}");
            let mut sent = 0;
            server.writable().await.unwrap();
            while let Ok(count) = server.try_write(&[b'x'; 100_000]) {
                sent += count;
            }
            let waits = bytes(&server).unwrap();
            assert!(
                waits > 0 && waits as usize <= sent,
                "{waits} of {sent} to {address}"
            );
            let mut taken = vec![0; sent];
            client.read_exact(&mut taken).await.unwrap();
            let confirmed = async {
                while bytes(&server) != Some(0) {
                    sleep(Duration::from_millis(5)).await;
                }
            };
            timeout(Duration::from_secs(5), confirmed)
                .await
                .expect("all is confirmed");
        }
    }

    /// Where somebody listens the kernel answers for that socket.
    #[tokio::test]
    async fn a_connection_that_is_not_there_has_no_count() {
        let nowhere = "127.0.0.1:1".parse().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        for local in [nowhere, listener.local_addr().unwrap()] {
            assert_eq!(linux::bytes(local, nowhere), None, "{local}");
        }
    }
}
