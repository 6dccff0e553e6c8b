//! How many connections one client may have.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

use super::{Client, UserId};
use crate::server::{HubConfig, Rejection};

/// The open connections of each user and each address.
#[derive(Debug, Default)]
pub(crate) struct ClientCounts(Mutex<HashMap<Whose, usize>>);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Whose {
    User(UserId),
    Address(IpAddr),
}

impl ClientCounts {
    /// Counts one more connection of this client, unless it has as many as it may have.
    pub(crate) fn admit(
        self: &Arc<Self>,
        client: &Client,
        config: &HubConfig,
    ) -> Result<ClientGuard, Rejection> {
        let mut guard = ClientGuard {
            counts: self.clone(),
            counted: Vec::new(),
        };
        // What the guard has counted is forgotten again if the second limit is hit.
        if let Some(user) = client.user_id() {
            let limit = config.max_connections_per_user;
            if !guard.count(Whose::User(user.clone()), limit) {
                return Err(Rejection::TooManyConnectionsOfUser { limit });
            }
        }
        if let Some(address) = client.address() {
            let limit = config.max_connections_per_address;
            if !guard.count(Whose::Address(network(address)), limit) {
                return Err(Rejection::TooManyConnectionsOfAddress { limit });
            }
        }
        Ok(guard)
    }
}

/// What counts as one address: of IPv6 the first 64 bits, which is the least that one host has to itself.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)).into(),
        address => address,
    }
}

/// Counts a client's connection for as long as it lives.
#[derive(Debug)]
pub(crate) struct ClientGuard {
    counts: Arc<ClientCounts>,
    counted: Vec<Whose>,
}

impl ClientGuard {
    fn count(&mut self, whose: Whose, limit: usize) -> bool {
        let mut counts = self.counts.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(whose.clone()).or_default();
        if *count >= limit {
            if *count == 0 {
                counts.remove(&whose);
            }
            return false;
        }
        *count = count.saturating_add(1);
        self.counted.push(whose);
        true
    }
}

impl Drop for ClientGuard {
    fn drop(&mut self) {
        let mut counts = self.counts.0.lock().unwrap_or_else(PoisonError::into_inner);
        for whose in self.counted.drain(..) {
            if let Some(count) = counts.get_mut(&whose) {
                *count = count.saturating_sub(1);
                if *count == 0 {
                    counts.remove(&whose);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::extract::ConnectInfo;
    use http::Request;
    use std::net::SocketAddr;

    use super::super::AccessConfig;
    use super::*;

    fn client(user: Option<&str>, address: &str) -> Client {
        let mut request = Request::get("/").body(()).unwrap();
        let address: IpAddr = address.parse().unwrap();
        request
            .extensions_mut()
            .insert(ConnectInfo(SocketAddr::from((address, 1))));
        if let Some(user) = user {
            request.extensions_mut().insert(UserId::new(user));
        }
        Client::new(&request.into_parts().0, &AccessConfig::default())
    }

    #[test]
    fn s22_each_client_has_its_own_count_and_nothing_is_remembered() {
        let counts = Arc::<ClientCounts>::default();
        let config = HubConfig {
            max_connections_per_user: 2,
            max_connections_per_address: 3,
            ..HubConfig::default()
        };
        let admit = |user, address| counts.admit(&client(user, address), &config);
        let of_user = Rejection::TooManyConnectionsOfUser { limit: 2 };
        let of_address = Rejection::TooManyConnectionsOfAddress { limit: 3 };

        let mut open = vec![
            admit(Some("ann"), "10.0.0.1").unwrap(),
            admit(Some("ann"), "10.0.0.1").unwrap(),
        ];
        assert_eq!(admit(Some("ann"), "10.0.0.2").unwrap_err(), of_user);
        open.push(admit(Some("bob"), "::ffff:10.0.0.1").unwrap());
        // Refused for the address, so not counted for the user either.
        for _ in 0..3 {
            assert_eq!(admit(Some("bob"), "10.0.0.1").unwrap_err(), of_address);
        }
        open.push(admit(Some("bob"), "10.0.0.2").unwrap());
        for address in ["2001:db8::1", "2001:db8::2", "2001:db8::ffff:3"] {
            open.push(admit(None, address).unwrap());
        }
        assert_eq!(admit(None, "2001:db8::4").unwrap_err(), of_address);
        open.push(admit(None, "2001:db8:0:1::4").unwrap());
        open.clear();
        assert!(counts.0.lock().unwrap().is_empty());
        let none = HubConfig {
            max_connections_per_address: 0,
            ..config
        };
        assert!(counts.admit(&client(None, "10.0.0.1"), &none).is_err());
        assert!(counts.0.lock().unwrap().is_empty());
    }
}
