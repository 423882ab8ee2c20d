//! Templates, messages and mail servers, from the outside.

mod built_in;
mod hostile;
mod message;
mod server;
mod smtp;
