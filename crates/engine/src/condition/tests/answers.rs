//! Answers on small histories: one line of history, one question, one answer.
