//! What people who get messages answer.

worded! {
    /// What the last answer did.
    Done, "preferences-done" {
        /// Choices were kept.
        Saved => "saved", "good";
        /// Nothing comes any more.
        Stopped => "stopped", "good";
        /// A break.
        Paused => "paused", "paused";
        /// The break is over.
        Resumed => "resumed", "good";
    }
}
