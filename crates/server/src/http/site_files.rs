//! The two files that pages of the shop's own site load: the script, and the style that keeps the
//! places of messages free.

use std::fmt::Write as _;
use std::sync::LazyLock;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use regulars_engine::program::Program;

use super::App;
use crate::ui::assets::gzip;
use crate::ui::response::accepts_gzip;
use flate2::Compression;

const SCRIPT: &str = include_str!("../../../../web/site/site.js");
const PUSH_WORKER: &str = include_str!("../../../../web/site/push-worker.js");
pub(crate) const STYLE: &str = include_str!("../../../../web/site/site.css");

static ZIPPED: LazyLock<Bytes> = LazyLock::new(|| gzip(SCRIPT.as_bytes(), Compression::best()));

/// The script. It is asked for again after an hour: its address does not change with its content.
pub(super) async fn script(headers: HeaderMap) -> Response {
    let zipped = accepts_gzip(&headers);
    let body = if zipped { ZIPPED.clone() } else { Bytes::from_static(SCRIPT.as_bytes()) };
    let mut response = file(body, "text/javascript; charset=utf-8", "public, max-age=3600");
    if zipped {
        response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}

/// The worker that shows push messages. Shops put it on their own site: browsers take it from nowhere else.
pub(super) async fn push_worker() -> Response {
    let body = Bytes::from_static(PUSH_WORKER.as_bytes());
    file(body, "text/javascript; charset=utf-8", "public, max-age=3600")
}

/// The style, with the heights that the shop states of its slots.
pub(super) async fn style(State(app): State<App>) -> Response {
    let body = Bytes::from(styled(&app.desk.program()));
    file(body, "text/css; charset=utf-8", "public, max-age=300")
}

fn styled(program: &Program) -> String {
    let mut text = STYLE.to_owned();
    for slot in &program.shop.slots {
        let name = quoted(&slot.name);
        let rules = match slot.height_px {
            Some(height) => format!("block-size: {height}px;"),
            None => "inset-block-end: 0; inset-inline: 0; position: fixed; z-index: 2147483000;\
                     background: Canvas; color: CanvasText;"
                .to_owned(),
        };
        writeln!(text, "[data-regulars-slot=\"{name}\"] {{ {rules} }}").expect("text takes it");
        if slot.height_px.is_none() {
            writeln!(text, "[data-regulars-slot=\"{name}\"]:empty {{ display: none; }}")
                .expect("text takes it");
        }
    }
    text
}

/// A name inside a string of CSS: whatever could end it is written by its number.
fn quoted(name: &str) -> String {
    name.chars().fold(String::new(), |mut text, sign| {
        if sign.is_alphanumeric() || matches!(sign, '-' | '_' | ' ' | '.') {
            text.push(sign);
        } else {
            write!(text, "\\{:x} ", u32::from(sign)).expect("text takes it");
        }
        text
    })
}

/// A file that pages of other hosts may load.
fn file(body: Bytes, kind: &'static str, caching: &'static str) -> Response {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, caching),
        (header::VARY, "accept-encoding"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use regulars_engine::program::Slot;

    use super::*;

    #[test]
    fn the_script_has_four_kilobytes_at_most_and_runs_under_a_strict_policy() {
        assert!(ZIPPED.len() <= 4 * 1024, "{} bytes", ZIPPED.len());
        for forbidden in
            ["innerHTML", "eval(", "new Function", "document.write", ".style", "srcdoc"]
        {
            assert!(!SCRIPT.contains(forbidden), "{forbidden}");
        }
    }

    #[test]
    fn places_keep_their_height_and_names_stay_names() {
        let mut program = Program::default();
        let slot = |name: &str, height_px| Slot { name: name.to_owned(), height_px };
        program.shop.slots = vec![slot("banner", Some(96)), slot("a\"] {} x", None)];
        let text = styled(&program);
        assert!(text.contains("[data-regulars-slot=\"banner\"] { block-size: 96px; }"));
        assert!(text.contains("[data-regulars-slot=\"a\\22 \\5d  \\7b \\7d  x\"]"));
    }
}
