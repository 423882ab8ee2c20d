//! Pages as HTTP responses: the security headers and the zipping that every page needs.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use flate2::Compression;
use maud::Markup;

use super::assets;

/// What a page may load and do: only our own files, no inline style or script, no frame around it.
pub const PAGE_CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    connect-src 'self'; frame-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// What the HTML of a message may load and do inside its frame: its own styles and nothing else.
///
/// Pictures from the network stay out, since loading one tells its sender that the message was read.
pub const MESSAGE_CSP: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; \
    form-action 'none'; frame-ancestors 'self'; base-uri 'none'";

/// Texts shorter than this fit into one packet anyway.
const GZIP_BYTES_MIN: usize = 1_024;

/// A page, or a part of one that a script asked for.
pub fn page(request: &HeaderMap, status: StatusCode, markup: Markup) -> Response {
    html(request, status, markup.into_string(), PAGE_CSP)
}

/// The HTML of a message, for the frame of its page and for no other place.
pub fn message_body(request: &HeaderMap, body: String) -> Response {
    html(request, StatusCode::OK, body, MESSAGE_CSP)
}

fn html(request: &HeaderMap, status: StatusCode, text: String, csp: &'static str) -> Response {
    let zipped = text.len() >= GZIP_BYTES_MIN && accepts_gzip(request);
    let body = if zipped {
        Body::from(assets::gzip(text.as_bytes(), Compression::fast()))
    } else {
        Body::from(text)
    };
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, csp),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        // Pages hold personal data: no cache keeps them.
        (header::CACHE_CONTROL, "no-store"),
        (header::VARY, "accept-encoding, cookie, hx-request"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if zipped {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}

/// True when the browser takes gzip.
pub(crate) fn accepts_gzip(request: &HeaderMap) -> bool {
    request.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok()).any(
        |value| {
            value.split(',').any(|coding| {
                let mut pieces = coding.split(';');
                let name = pieces.next().unwrap_or_default().trim();
                let refused = pieces.any(|piece| matches!(piece.trim(), "q=0" | "q=0.0"));
                matches!(name, "gzip" | "*") && !refused
            })
        },
    )
}

#[cfg(test)]
mod tests {
    use super::{MESSAGE_CSP, PAGE_CSP, page};
    use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
    use maud::html;

    #[test]
    fn pages_are_strict_private_and_zipped_when_wanted() {
        let mut request = HeaderMap::new();
        request.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip;q=0, br"));
        let long = html! { p { (("Ana buys boots. ").repeat(100)) } };
        let plain = page(&request, StatusCode::OK, long.clone());
        assert!(!plain.headers().contains_key(header::CONTENT_ENCODING));
        assert_eq!(plain.headers()[header::CACHE_CONTROL], "no-store");
        request.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip, deflate, br"));
        assert_eq!(
            page(&request, StatusCode::OK, long).headers()[header::CONTENT_ENCODING],
            "gzip"
        );
    }

    #[test]
    fn no_page_may_run_inline_script_and_no_message_any_script() {
        assert!(!PAGE_CSP.contains("unsafe"));
        assert!(!MESSAGE_CSP.contains("script-src"));
        assert!(MESSAGE_CSP.contains("default-src 'none'"));
    }
}
