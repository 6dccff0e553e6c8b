//! How much of what was written to a client it has yet to confirm.
//!
//! Only the kernel knows. It says so to an `ioctl`, which no safe function wraps, and in its diagnosis of sockets, which is a
//! question and an answer over a netlink socket (sock_diag(7)) and looks nowhere but at the connection that is asked for.

use tokio::net::TcpStream;

/// The count of bytes; none where the system is another one, or does not allow to ask.
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
    use std::io::{Read as _, Write as _};
    use std::net::{IpAddr, SocketAddr};

    use socket2::{Domain, Protocol, Socket, Type};

    // As the kernel's headers call them.
    const AF_NETLINK: i32 = 16;
    const NETLINK_SOCK_DIAG: i32 = 4;
    const SOCK_DIAG_BY_FAMILY: u16 = 20;
    const NLM_F_REQUEST: u16 = 1;
    const AF_INET: u8 = 2;
    const AF_INET6: u8 = 10;
    const IPPROTO_TCP: u8 = 6;

    /// A `nlmsghdr` and an `inet_diag_req_v2`.
    const QUESTION: usize = 16 + 56;
    /// Of a `nlmsghdr` and an `inet_diag_msg`, where `idiag_wqueue` stands.
    const UNCONFIRMED: usize = 16 + 60;

    pub(super) fn bytes(local: SocketAddr, peer: SocketAddr) -> Option<u32> {
        let kind = Type::DGRAM.nonblocking();
        let mut kernel = Socket::new(
            Domain::from(AF_NETLINK),
            kind,
            Some(Protocol::from(NETLINK_SOCK_DIAG)),
        )
        .ok()?;
        kernel.write_all(&question(local, peer)).ok()?;
        // The kernel has answered by now. Room for what it may add.
        let mut answer = [0; 512];
        let length = kernel.read(&mut answer).ok()?;
        read(answer.get(..length)?)
    }

    fn question(local: SocketAddr, peer: SocketAddr) -> Vec<u8> {
        let (family, interface) = match local {
            SocketAddr::V4(_) => (AF_INET, 0),
            SocketAddr::V6(local) => (AF_INET6, local.scope_id()),
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

    /// None where the kernel answers that it knows no such connection.
    fn read(answer: &[u8]) -> Option<u32> {
        let kind = u16::from_ne_bytes(*answer.get(4..)?.first_chunk()?);
        let count = u32::from_ne_bytes(*answer.get(UNCONFIRMED..)?.first_chunk()?);
        (kind == SOCK_DIAG_BY_FAMILY).then_some(count)
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

    #[test]
    fn a_connection_that_is_not_there_has_no_count() {
        let nowhere = "127.0.0.1:1".parse().unwrap();
        assert_eq!(linux::bytes(nowhere, nowhere), None);
    }
}
