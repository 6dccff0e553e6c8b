//! Who asks, as far as a request tells.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts};
use http::header::COOKIE;
use http::request::Parts;
use http::{Extensions, HeaderMap, HeaderValue};

use super::{AccessConfig, Cookies, cross_site};
use crate::server::{Hub, Rejection};

/// The user that a request comes from, put into its extensions by the layer of the app that has verified it.
///
/// ```
/// use axum::{extract::Request, middleware::Next, response::Response};
/// use leptos_live::server::UserId;
///
/// # fn verified(_: &Request) -> Option<String> { None }
/// // Router::new()….layer(axum::middleware::from_fn(who))
/// async fn who(mut request: Request, next: Next) -> Response {
///     if let Some(name) = verified(&request) {
///         request.extensions_mut().insert(UserId::new(name));
///     }
///     next.run(request).await
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UserId(Arc<str>);

impl UserId {
    /// Takes whatever names a user in the app.
    pub fn new(id: impl AsRef<str>) -> Self {
        Self(id.as_ref().into())
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Who asks: the user, the address, and whatever else the request says. Clones share one allocation.
///
/// As an axum extractor, for handlers that [publish on a client's behalf](Hub::publish_as), it refuses what
/// [`same_origin`](crate::server::same_origin) refuses.
///
/// ```
/// use axum::{Router, extract::State, routing::post};
/// use leptos_live::server::{Client, Fragment, Hub};
/// use leptos_live::{EventName, Topic};
///
/// async fn say(client: Client, State(hub): State<Hub>, text: String) -> Result<(), String> {
///     let chat = Topic::new("chat").map_err(|error| error.to_string())?;
///     let said = hub.publish_as(&client, &chat, &EventName::default(), Fragment::text(&text)).await;
///     said.map(drop).map_err(|error| error.to_string())
/// }
///
/// let app: Router = Router::new().route("/say", post(say)).with_state(Hub::default());
/// # let _ = app;
/// ```
#[derive(Clone)]
pub struct Client(Arc<Asker>);

struct Asker {
    user: Option<UserId>,
    address: Option<IpAddr>,
    headers: HeaderMap,
    extensions: Extensions,
}

impl Client {
    pub(crate) fn new(request: &Parts, access: &AccessConfig) -> Self {
        let mut headers = HeaderMap::with_capacity(request.headers.len());
        for (name, value) in &request.headers {
            if name != COOKIE || access.cookies != Cookies::Ignored {
                headers.append(name, detached(value));
            }
        }
        Self(Arc::new(Asker {
            user: request.extensions.get::<UserId>().cloned(),
            address: access.trusted_proxies.client_address(request),
            headers,
            extensions: request.extensions.clone(),
        }))
    }

    /// The [`UserId`] that the app has put into the request's extensions.
    pub fn user(&self) -> Option<&str> {
        self.0.user.as_ref().map(UserId::as_str)
    }

    pub(crate) fn user_id(&self) -> Option<&UserId> {
        self.0.user.as_ref()
    }

    /// The client's address: that of the connection, or what a [trusted proxy](super::TrustedProxies) says. None where
    /// the server does not know it, which takes axum's `into_make_service_with_connect_info::<SocketAddr>()`.
    pub fn address(&self) -> Option<IpAddr> {
        self.0.address
    }

    /// The headers of the request, without cookies where those are [`Cookies::Ignored`].
    pub fn headers(&self) -> &HeaderMap {
        &self.0.headers
    }

    /// What the app's layers have attached to the request.
    pub fn extensions(&self) -> &Extensions {
        &self.0.extensions
    }
}

/// A copy of its own. Values share the buffer that the request was read into, which would stay for as long as a connection
/// remembers its client.
fn detached(value: &HeaderValue) -> HeaderValue {
    let mut copy = HeaderValue::from_bytes(value.as_bytes()).unwrap_or_else(|_| value.clone());
    copy.set_sensitive(value.is_sensitive());
    copy
}

impl Hub {
    /// Who has sent a request.
    ///
    /// # Errors
    /// [`Rejection`] for a request that would change something and comes from another site's page, and for one with
    /// cookies whose use was not [declared](AccessConfig::cookies).
    pub fn client(&self, request: &Parts) -> Result<Client, Rejection> {
        let access = &self.config().access;
        cross_site::check_request(request, access).inspect_err(|refused| self.count(refused))?;
        Ok(Client::new(request, access))
    }
}

impl<S> FromRequestParts<S> for Client
where
    S: Send + Sync,
    Hub: FromRef<S>,
{
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Rejection> {
        Hub::from_ref(state).client(parts)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The headers hold cookies and tokens, which do not belong in a log.
        f.debug_struct("Client")
            .field("user", &self.0.user)
            .field("address", &self.0.address)
            .finish_non_exhaustive()
    }
}
