//! Styles, scripts and icons, embedded in the program and served under an address that names their content.
//!
//! All of them share one folder, `/assets/<hash of everything>/`, so that modules import each other by
//! plain relative names and a new build is a new folder: what a browser has cached is never stale.

use std::io::Write as _;
use std::sync::LazyLock;

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use flate2::Compression;
use flate2::write::GzEncoder;

use super::response::accepts_gzip;

/// The route that serves all assets; the handler is [`serve`].
pub const ROUTE: &str = "/assets/{version}/{file}";

const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";

macro_rules! web {
    ($path:literal) => {
        include_str!(concat!("../../../../web/", $path))
    };
}

/// The style sheet is kept in parts and served as one file, in this order.
const STYLES: &[&str] = &[
    web!("css/tokens.css"),
    web!("css/base.css"),
    web!("css/layout.css"),
    web!("css/components.css"),
    web!("css/person.css"),
    web!("css/pages.css"),
    web!("css/sources.css"),
    web!("css/segments.css"),
    web!("css/identity.css"),
    web!("css/scores.css"),
    web!("css/journey.css"),
    web!("css/editor.css"),
    web!("css/messages.css"),
    web!("css/offers.css"),
    web!("css/channels.css"),
    web!("css/reports.css"),
    web!("css/users.css"),
];

/// Every other file: its name, its type, its text.
const FILES: &[(&str, &str, &str)] = &[
    ("htmx.min.js", JS, web!("vendor/htmx.min.js")),
    ("app.js", JS, web!("js/app.js")),
    ("keys.js", JS, web!("js/keys.js")),
    ("rows.js", JS, web!("js/rows.js")),
    ("review.js", JS, web!("js/review.js")),
    ("suggest.js", JS, web!("js/suggest.js")),
    ("editor.js", JS, web!("js/editor.js")),
    ("swaps.js", JS, web!("js/swaps.js")),
    ("dialogs.js", JS, web!("js/dialogs.js")),
    ("menus.js", JS, web!("js/menus.js")),
    ("live.js", JS, web!("js/live.js")),
    ("icons.svg", SVG, web!("icons.svg")),
    ("favicon.svg", SVG, web!("favicon.svg")),
];

struct Asset {
    name: &'static str,
    kind: &'static str,
    plain: Bytes,
    gzip: Bytes,
}

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    let styles = ("app.css", CSS, Bytes::from(STYLES.concat()));
    let files =
        FILES.iter().map(|(name, kind, text)| (*name, *kind, Bytes::from_static(text.as_bytes())));
    std::iter::once(styles)
        .chain(files)
        .map(|(name, kind, plain)| Asset {
            name,
            kind,
            gzip: gzip(&plain, Compression::best()),
            plain,
        })
        .collect()
});

/// The hash in the addresses: FNV-1a over all files, which is enough to tell builds apart.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for asset in ASSETS.iter() {
        for byte in asset.name.bytes().chain(asset.plain.iter().copied()) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    format!("{hash:016x}")
});

/// The address of a file of `web/`.
pub fn url(name: &str) -> String {
    format!("/assets/{}/{name}", VERSION.as_str())
}

/// Serves one file: for ever when the address names this build, and for once when it names another.
pub fn serve(version: &str, name: &str, request: &HeaderMap) -> Response {
    let Some(asset) = ASSETS.iter().find(|asset| asset.name == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let caching = if version == VERSION.as_str() {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let zipped = accepts_gzip(request);
    let body = if zipped { asset.gzip.clone() } else { asset.plain.clone() };
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if zipped {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}

/// `plain`, zipped.
pub(crate) fn gzip(plain: &[u8], level: Compression) -> Bytes {
    let mut encoder = GzEncoder::new(Vec::with_capacity(plain.len() / 3), level);
    encoder.write_all(plain).expect("writing to a vector cannot fail");
    encoder.finish().expect("writing to a vector cannot fail").into()
}

/// True when the sprite holds an icon of this name.
#[cfg(test)]
pub(super) fn has_icon(name: &str) -> bool {
    web!("icons.svg").contains(&format!("<symbol id=\"{name}\""))
}

#[cfg(test)]
mod tests {
    use super::{ASSETS, serve, url};
    use axum::http::{HeaderMap, HeaderValue, StatusCode, header};

    /// A file that lies in `web/` and is not embedded would be missed only in a browser.
    #[test]
    fn every_script_of_the_folder_is_embedded() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../web/js");
        for entry in std::fs::read_dir(folder).expect("the folder is part of the repository") {
            let name = entry.expect("a directory entry").file_name().into_string().expect("UTF-8");
            if name.ends_with(".js") {
                assert!(ASSETS.iter().any(|asset| asset.name == name), "{name} is not embedded");
            }
        }
    }

    #[test]
    fn the_address_of_this_build_is_kept_for_ever_and_others_are_not() {
        let address = url("app.css");
        let version = address.split('/').nth(2).expect("the version is in the path");
        let mut request = HeaderMap::new();
        request.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("br, gzip"));
        let response = serve(version, "app.css", &request);
        assert_eq!(response.headers()[header::CONTENT_ENCODING], "gzip");
        assert!(
            response.headers()[header::CACHE_CONTROL]
                .to_str()
                .is_ok_and(|v| v.contains("immutable"))
        );
        let stale = serve("0", "app.css", &HeaderMap::new());
        assert_eq!(stale.headers()[header::CACHE_CONTROL], "no-cache");
        assert!(!stale.headers().contains_key(header::CONTENT_ENCODING));
        assert_eq!(serve(version, "../secret", &request).status(), StatusCode::NOT_FOUND);
    }

    /// The whole first load: the promise is 60 kB, and a page adds its own text to this.
    #[test]
    fn all_assets_together_weigh_at_most_45_kb_zipped() {
        let zipped: usize = ASSETS.iter().map(|asset| asset.gzip.len()).sum();
        assert!(zipped <= 45_000, "{zipped} bytes");
    }
}
