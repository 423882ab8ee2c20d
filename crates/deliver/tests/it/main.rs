//! Templates, messages and mail servers, from the outside.

mod message;
mod server;
mod smtp;
