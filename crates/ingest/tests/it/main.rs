//! Reading as a whole: bodies, event files and tables in, events and rejections out.

mod check_data;
mod laws;
mod ndjson;
mod protocol;
mod retail;
mod table;
mod tell;
