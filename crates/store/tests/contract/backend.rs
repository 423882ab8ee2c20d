//! What the contract asks of a backend.

use regulars_store::Store;

/// A backend with one store that is empty at first.
pub(crate) trait Backend {
    type Store: Store;

    fn new() -> Self;

    fn store(&mut self) -> &mut Self::Store;

    /// Closes the store and opens it again, where that is possible.
    fn reopen(self) -> Self;
}
