//! Fingerprints: by which a finding is known again in the next run, wherever its lines have moved and however it is worded.

use std::io::Write;

use hashbrown::HashMap;

use crate::audit::PlanReport;
use crate::plan::{Plan, Subject};
use crate::rules::verdict::Finding;

/// The fingerprints of a plan's findings.
#[derive(Debug)]
pub(crate) struct Fingerprints {
    /// By where the finding is held: two findings may be alike in everything. Each is 16 hexadecimal digits.
    by_finding: HashMap<*const Finding, [u8; 16]>,
}

impl Fingerprints {
    /// Of all findings of a plan, whatever their standing.
    pub(crate) fn of(plan: &PlanReport) -> Self {
        let period = plan.plan().head.period.as_ref().map(|period| period.text.as_str()).unwrap_or_default();
        Self::under(plan, [plan.plan().name(), period])
    }

    /// The same within a plan, whatever its name and period: by them two versions of one plan can be compared.
    pub(crate) fn within(plan: &PlanReport) -> Self {
        Self::under(plan, ["", ""])
    }

    fn under(plan: &PlanReport, name: [&str; 2]) -> Self {
        let mut by_finding = HashMap::new();
        let mut alike: HashMap<(&str, Subject, &str), u32> = HashMap::new();
        for verdict in &plan.verdicts {
            for finding in verdict.findings() {
                let said = (verdict.rule.name, verdict.subject, finding.reading);
                let ordinal = alike.entry(said).or_insert(0);
                by_finding.insert(std::ptr::from_ref(finding), fingerprint(plan.plan(), name, said, *ordinal));
                *ordinal += 1;
            }
        }
        Self { by_finding }
    }

    /// The fingerprint of one of the plan's findings: 16 hexadecimal digits.
    pub(crate) fn get(&self, finding: &Finding) -> &str {
        let digits = self.by_finding.get(&std::ptr::from_ref(finding));
        digits.and_then(|digits| str::from_utf8(digits).ok()).unwrap_or_default()
    }
}

/// Of rule, plan, subject and reading. Where a rule says the same of one subject more than once, the order of the
/// plan's keys numbers them.
fn fingerprint(
    plan: &Plan,
    [name, period]: [&str; 2],
    (rule, subject, reading): (&str, Subject, &str),
    ordinal: u32,
) -> [u8; 16] {
    let ordinal = ordinal.to_string();
    let hash = hash(&[rule, name, period, subject.kind(), plan.id_of(subject), reading, &ordinal]);
    let mut digits = [0; 16];
    // There is room for all digits.
    let _ = write!(digits.as_mut_slice(), "{hash:016x}");
    digits
}

/// A fingerprint of some texts: 16 hexadecimal digits.
pub(crate) fn print(parts: &[&str]) -> String {
    format!("{:016x}", hash(parts))
}

/// A hash of some texts that stays the same over versions of Rust.
pub(crate) fn hash(parts: &[&str]) -> u64 {
    // A byte that no text holds ends each part, so that no two lists of parts read the same.
    parts.iter().fold(OFFSET_BASIS, |hash, part| fnv_1a(fnv_1a(hash, part.as_bytes()), &[0xff]))
}

/// FNV-1a of 64 bits, by Glenn Fowler, Landon Curt Noll and Kiem-Phong Vo:
/// <http://www.isthe.com/chongo/tech/comp/fnv/>. It stays the same over versions of Rust, which `DefaultHasher` does not.
fn fnv_1a(hash: u64, bytes: &[u8]) -> u64 {
    const PRIME: u64 = 0x0100_0000_01b3;
    bytes.iter().fold(hash, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(PRIME))
}

/// The hash of nothing.
const OFFSET_BASIS: u64 = 0xcbf2_9ce4_8422_2325;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::Auditor;

    /// Rule, subject's id and fingerprint of each finding.
    fn fingerprints(text: &str) -> Vec<(&'static str, String, String)> {
        let report = Auditor::new(jiff::civil::date(2027, 1, 15)).audit_text("plan.yaml", text);
        let plan = &report.plans[0];
        let fingerprints = Fingerprints::of(plan);
        let found = plan.all_findings().into_iter().map(|found| {
            let id = plan.plan().id_of(found.verdict.subject).to_owned();
            (found.verdict.rule.name, id, fingerprints.get(found.finding).to_owned())
        });
        let mut found: Vec<_> = found.collect();
        found.sort();
        found
    }

    fn distinct(found: &[(&str, String, String)]) -> usize {
        found.iter().map(|(_, _, fingerprint)| fingerprint).collect::<BTreeSet<_>>().len()
    }

    const PLAN: &str = "plan: P\nperiod: 2027-Q1\nkpis:\n- {id: a, name: LinkedIn followers, target: 100}\n\
                        - {id: b, name: Instagram followers, target: 100}\n";

    #[test]
    fn the_hash_is_that_of_its_authors() {
        let hash = |text: &str| fnv_1a(OFFSET_BASIS, text.as_bytes());
        assert_eq!(hash(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(hash("a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(hash("foobar"), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn a_fingerprint_stays_where_lines_move_and_numbers_change() {
        let moved = "# a comment\n\nplan: P\nkpis:\n- {id: b, name: Instagram followers, target: 300}\n\n\
                     - {id: a, name: LinkedIn followers, target: 100}\nperiod: 2027-Q1\n";
        let found = fingerprints(PLAN);
        assert!(found.iter().any(|(rule, id, _)| (*rule, id.as_str()) == ("vanity-metric", "a")));
        assert_eq!(found, fingerprints(moved));
    }

    #[test]
    fn subjects_rules_plans_and_periods_tell_fingerprints_apart() {
        let found = fingerprints(PLAN);
        assert_eq!(distinct(&found), found.len());
        for other in [PLAN.replace("plan: P", "plan: Q"), PLAN.replace("2027-Q1", "2027-Q2")] {
            let both = [found.clone(), fingerprints(&other)].concat();
            assert_eq!(distinct(&both), both.len());
        }
    }

    #[test]
    fn the_end_of_one_part_is_not_the_start_of_the_next() {
        let plan = |text: &str| fingerprints(text)[0].2.clone();
        let one = plan("plan: P2027\nkpis: [LinkedIn followers]\n");
        let other = plan("plan: P\nperiod: 2027\nkpis: [LinkedIn followers]\n");
        assert_ne!(one, other);
    }

    #[test]
    fn two_findings_of_one_subject_and_reading_are_told_apart() {
        let found = fingerprints("plan: P\nkpis: [{name: SQLs, target: 1.500, baseline: 1.200}]\n");
        let unsettled = found.iter().filter(|(rule, _, _)| *rule == "suspicious-number").count();
        assert_eq!(unsettled, 2);
        assert_eq!(distinct(&found), found.len());
    }
}
