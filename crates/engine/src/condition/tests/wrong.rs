//! Wrong conditions.
