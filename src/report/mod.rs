//! The outputs: each is one projection of the same finished report, and none of them knows a rule.

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
mod remark;
pub mod sarif;
mod snippet;
pub mod table;
pub mod text;

pub use text::View;

/// Which gates failed, and the exit status that follows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gates {
    /// The gates that failed.
    pub failed: Vec<FailedGate>,
    /// The exit status.
    pub exit: u8,
}

impl Gates {
    /// Which gates failed, and why: "3 findings are high or graver (fail-on high)"; empty where none did.
    fn why(&self) -> String {
        let failed = self.failed.iter().map(|gate| format!("{} ({})", gate.why, gate.name));
        failed.collect::<Vec<_>>().join("; ")
    }
}

/// A gate that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedGate {
    /// The gate as it was set: "fail-on high".
    pub name: String,
    /// Why it failed, for a person: "3 findings are high or critical".
    pub why: String,
}
