//! Every swap style where the parser is particular about what may stand: tables, lists, selections, drawings.

use leptos::prelude::*;
use leptos_live::{SseSwap, SwapStyle};

use super::case;
use super::styles::STYLES;

pub(super) fn cases() -> Vec<AnyView> {
    STYLES
        .into_iter()
        .flat_map(|style| {
            [
                body(style),
                row(style),
                list(style),
                choice(style),
                drawing(style),
            ]
        })
        .collect()
}

fn body(style: SwapStyle) -> AnyView {
    let name = format!("tbody-{style}");
    let content = view! {
        <table>
            <thead>
                <tr>
                    <th>"head"</th>
                </tr>
            </thead>
            <SseSwap tag="tbody" event=name.clone() id=name.clone() swap=style>
                <tr>
                    <td>"first"</td>
                </tr>
            </SseSwap>
            <tfoot>
                <tr>
                    <td>"foot"</td>
                </tr>
            </tfoot>
        </table>
    };
    case(&name, style.as_str(), content)
}

fn row(style: SwapStyle) -> AnyView {
    let name = format!("tr-{style}");
    let content = view! {
        <table>
            <SseSwap tag="tbody" event=name.clone() id=name.clone() swap=style target="find .row">
                <tr>
                    <td>"before"</td>
                </tr>
                <tr class="row">
                    <td>"first"</td>
                </tr>
                <tr>
                    <td>"after"</td>
                </tr>
            </SseSwap>
        </table>
    };
    case(&name, style.as_str(), content)
}

fn list(style: SwapStyle) -> AnyView {
    let name = format!("ul-{style}");
    let content = view! {
        <SseSwap tag="ul" event=name.clone() id=name.clone() swap=style>
            <li>"first"</li>
        </SseSwap>
    };
    case(&name, style.as_str(), content)
}

fn choice(style: SwapStyle) -> AnyView {
    let name = format!("select-{style}");
    let content = view! {
        <label>
            "One of several"
            <SseSwap tag="select" event=name.clone() id=name.clone() swap=style>
                <option value="1">"first"</option>
            </SseSwap>
        </label>
    };
    case(&name, style.as_str(), content)
}

fn drawing(style: SwapStyle) -> AnyView {
    let name = format!("svg-{style}");
    let content = view! {
        <svg viewBox="0 0 9 9">
            <SseSwap tag="g" event=name.clone() id=name.clone() swap=style>
                <rect width="1" height="1"></rect>
            </SseSwap>
        </svg>
    };
    case(&name, style.as_str(), content)
}
