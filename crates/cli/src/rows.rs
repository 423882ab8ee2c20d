//! Reading a file of rows: identifiers, addresses, codes.

use std::io::Read;
use std::path::Path;

use anyhow::Context;

use crate::ending::Wrong;

/// A list of two million addresses.
const BYTES_MAX: u64 = 64 << 20;

/// The text of a file, `-` being stdin; what is no UTF-8 becomes a sign that no row can hold.
pub(crate) fn read(file: &Path) -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    let named = || format!("could not read \"{}\"", file.display());
    if file.as_os_str() == "-" {
        std::io::stdin().lock().take(BYTES_MAX + 1).read_to_end(&mut bytes)?;
    } else {
        let file = std::fs::File::open(file).with_context(named)?;
        file.take(BYTES_MAX + 1).read_to_end(&mut bytes).with_context(named)?;
    }
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > BYTES_MAX {
        let message = format!("the list has more than {BYTES_MAX} bytes");
        return Err(Wrong::failed(message, "split it").into());
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
