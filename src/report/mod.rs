//! The outputs: each is one projection of the same finished report, and none of them knows a rule.

mod across;
mod arithmetic;
pub mod brief;
pub mod classify;
mod columns;
pub mod comment;
pub mod csv;
mod economics;
pub mod explain;
pub mod fault;
pub mod fix;
pub mod forecast;
pub mod github;
mod head;
pub mod html;
pub mod import;
pub mod json;
pub mod junit;
mod kpi;
mod markdown;
pub mod money;
pub mod output;
mod quiet;
mod remark;
pub mod sarif;
mod snippet;
pub mod table;
pub mod text;

pub use crate::gates::{FailedGate, Gates};
pub use text::View;
