//! The settings of the site's hub: the library's defaults, and with the test kit what the environment asks for.

use std::env;
use std::error::Error;
use std::str::FromStr;
use std::time::Duration;

use leptos_live::server::{AccessConfig, Cookies, HubConfig, Policy};

use super::testkit;

/// The settings with this policy.
///
/// # Errors
/// An environment variable of the test kit that cannot be read.
pub(crate) fn hub(policy: Policy) -> Result<HubConfig, Box<dyn Error>> {
    let mut config = HubConfig {
        access: AccessConfig {
            // The test kit's cookie says who somebody is; and on `localhost` the cookies of other servers come along.
            cookies: Cookies::Authenticate,
            policy,
            ..AccessConfig::default()
        },
        ..HubConfig::default()
    };
    if testkit::is_on() {
        take_environment(&mut config)?;
    }
    Ok(config)
}

fn take_environment(config: &mut HubConfig) -> Result<(), Box<dyn Error>> {
    let HubConfig { access, socket, .. } = config;
    set(&mut config.max_connections, "LEPTOS_LIVE_MAX_CONNECTIONS")?;
    set(
        &mut config.max_connections_per_user,
        "LEPTOS_LIVE_MAX_CONNECTIONS_PER_CLIENT",
    )?;
    set(
        &mut config.max_connections_per_address,
        "LEPTOS_LIVE_MAX_CONNECTIONS_PER_CLIENT",
    )?;
    set(&mut config.max_topics, "LEPTOS_LIVE_MAX_TOPICS")?;
    set(&mut config.max_payload_bytes, "LEPTOS_LIVE_MAX_PAYLOAD_BYTES")?;
    set(&mut socket.max_message_bytes, "LEPTOS_LIVE_MAX_MESSAGE_BYTES")?;
    set(&mut socket.messages_per_second, "LEPTOS_LIVE_MESSAGE_RATE")?;
    set(&mut socket.message_burst, "LEPTOS_LIVE_MESSAGE_BURST")?;
    if let Some(milliseconds) = read("LEPTOS_LIVE_HEARTBEAT_MS")? {
        config.heartbeat = Duration::from_millis(milliseconds);
    }
    if let Some(milliseconds) = read("LEPTOS_LIVE_WRITE_TIMEOUT_MS")? {
        socket.write_timeout = Duration::from_millis(milliseconds);
    }
    access.public_origins = list("LEPTOS_LIVE_PUBLIC_ORIGINS")?;
    access.trusted_proxies.networks = list("LEPTOS_LIVE_TRUSTED_PROXIES")?;
    Ok(())
}

fn set<T: FromStr<Err: Error>>(setting: &mut T, name: &str) -> Result<(), Box<dyn Error>> {
    if let Some(value) = read(name)? {
        *setting = value;
    }
    Ok(())
}

/// The value of a variable; one that is empty is not set.
fn read<T: FromStr<Err: Error>>(name: &str) -> Result<Option<T>, Box<dyn Error>> {
    match env::var(name) {
        Ok(text) if !text.is_empty() => parse(name, &text).map(Some),
        _ => Ok(None),
    }
}

fn list<T: FromStr<Err: Error>>(name: &str) -> Result<Vec<T>, Box<dyn Error>> {
    let text = env::var(name).unwrap_or_default();
    let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
    items.map(|item| parse(name, item)).collect()
}

fn parse<T: FromStr<Err: Error>>(name: &str, text: &str) -> Result<T, Box<dyn Error>> {
    text.parse()
        .map_err(|error| format!("{name}={text}: {error}").into())
}
