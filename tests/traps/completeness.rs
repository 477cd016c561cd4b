//! The traps of the rules on what a KPI must have: target, baseline, deadline, owner, source, cadence.

use kpi_audit::severity::Severity;

use crate::support::{audit, findings, readings, shown, unknowns};
use crate::with_kpis;

const INCOMPLETE: &str = "incomplete-kpi";

/// A KPI with all that can be asked of one, and these changes.
fn kpi(changes: &[(&str, &str)]) -> String {
    let mut keys = vec![
        ("name", "SQLs"),
        ("target", "100"),
        ("baseline", "80"),
        ("by", "2027-03-31"),
        ("owner", "ines"),
        ("source", "the CRM"),
        ("cadence", "weekly"),
    ];
    for (key, value) in changes {
        keys.retain(|(known, _)| known != key);
        if !value.is_empty() {
            keys.push((*key, *value));
        }
    }
    let keys: Vec<String> = keys.into_iter().map(|(key, value)| format!("{key}: {value}")).collect();
    format!("  - {{{}}}", keys.join(", "))
}

fn plan_of(changes: &[(&str, &str)]) -> String {
    with_kpis(&kpi(changes))
}

/// Reading, severity and what is missing of the only finding of the rule.
fn incomplete(plan: &str) -> (&'static str, Severity, String) {
    let report = audit(plan);
    let found = findings(&report, INCOMPLETE);
    assert_eq!(found.len(), 1, "of\n{plan}");
    let first = found.first().map(|finding| (finding.reading, finding.severity));
    let (reading, severity) = first.unwrap_or(("silent", Severity::Note));
    (reading, severity, shown(&report, INCOMPLETE, "missing"))
}

#[test]
fn a_whole_kpi_is_silent_and_each_missing_piece_is_named() {
    assert!(readings(&audit(&plan_of(&[])), INCOMPLETE).is_empty());
    let missing = |key| incomplete(&plan_of(&[(key, "")]));
    assert_eq!(missing("target"), ("no-target", Severity::High, "what it should reach".to_owned()));
    assert_eq!(missing("baseline"), ("missing", Severity::Medium, "what it starts from".to_owned()));
    assert_eq!(missing("by"), ("missing", Severity::Medium, "by when it is due".to_owned()));
    assert_eq!(missing("owner"), ("missing", Severity::Medium, "who answers for it".to_owned()));
}

#[test]
fn one_gap_of_a_leading_kpi_is_low_and_two_are_medium() {
    let leading = |changes: &[(&str, &str)]| {
        let all: Vec<(&str, &str)> = [&[("role", "leading")], changes].concat();
        incomplete(&plan_of(&all)).1
    };
    assert_eq!(leading(&[("owner", "")]), Severity::Low);
    assert_eq!(leading(&[("owner", ""), ("by", "")]), Severity::Medium);
    assert_eq!(leading(&[("target", "")]), Severity::High);
}

#[test]
fn all_that_is_missing_is_told_in_one_sentence_and_the_score_is_the_share_present() {
    let (reading, _, missing) = incomplete(&with_kpis("  - SQLs"));
    assert_eq!(reading, "no-target");
    assert_eq!(missing, "what it should reach, what it starts from, by when it is due and who answers for it");
    let score = |changes: &[(&str, &str)]| {
        let report = audit(&plan_of(changes));
        let areas = report.score.areas.iter().flat_map(|area| area.rules.iter());
        areas.filter(|rule| rule.rule.name == INCOMPLETE).find_map(|rule| rule.score)
    };
    assert_eq!(score(&[]), Some(1.0));
    assert_eq!(score(&[("by", "")]), Some(0.75));
    assert_eq!(score(&[("target", ""), ("by", ""), ("owner", "")]), Some(0.25));
    // Three parts apply to a KPI that is to be held, and to one whose target is words.
    assert_eq!(score(&[("target", ""), ("keep", "5"), ("by", ""), ("owner", "")]), Some(2.0 / 3.0));
    assert_eq!(score(&[("target", "TBD"), ("owner", "")]), Some(2.0 / 3.0));
}

#[test]
fn what_is_to_be_kept_needs_neither_target_nor_deadline() {
    assert!(readings(&audit(&plan_of(&[("target", ""), ("by", ""), ("keep", "5")])), INCOMPLETE).is_empty());
}

#[test]
fn a_target_of_words_is_neither_there_nor_missing() {
    for target in ["TBD", "improve", "\"\""] {
        assert!(readings(&audit(&plan_of(&[("target", target)])), INCOMPLETE).is_empty(), "{target}");
    }
}

#[test]
fn the_name_and_the_goal_say_what_the_kpi_does_not() {
    let said = kpi(&[("name", "\"1,000 MQLs this quarter\""), ("target", ""), ("by", "")]);
    assert!(readings(&audit(&with_kpis(&said)), INCOMPLETE).is_empty());
    let nested = format!(
        "plan: Nested\nperiod: 2027-Q1\ngoals:\n  - name: New ARR\n    target: 1.2M\n    by: 2027-03-31\n    kpis:\n    {}",
        kpi(&[("by", "")])
    );
    assert!(readings(&audit(&nested), INCOMPLETE).is_empty());
}

#[test]
fn a_change_asks_what_it_is_counted_from() {
    let (_, _, missing) = incomplete(&plan_of(&[("target", "-30%"), ("baseline", "")]));
    assert_eq!(missing, "what the -30% is counted from");
}

#[test]
fn an_owner_who_is_yet_to_be_found_is_none_in_any_language() {
    for owner in ["TBD", "\"…\"", "\"?\"", "por definir", "a definir", "do ustalenia", "zu klären", "à définir", "[]"]
    {
        assert_eq!(incomplete(&plan_of(&[("owner", owner)])).2, "who answers for it", "{owner}");
    }
}

#[test]
fn guardrails_and_diagnostics_are_not_asked_for_more() {
    for role in ["guardrail", "diagnostic"] {
        let report = audit(&with_kpis(&format!("  - {{name: Win rate, role: {role}}}")));
        assert!(readings(&report, INCOMPLETE).is_empty(), "{role}");
    }
}

#[test]
fn the_proposed_deadline_is_that_of_the_goal_before_that_of_the_period() {
    let proposed = |goal: &str| {
        let plan = plan_of(&[("by", ""), ("drives", "[new-arr]"), ("because", "1 in 4")]);
        let report = audit(&plan.replace("target: 1.2M}", goal));
        findings(&report, INCOMPLETE)[0].reframe.as_ref().map(|reframe| reframe.yaml.clone()).unwrap_or_default()
    };
    assert!(proposed("target: 1.2M, by: 2027-03-15}").contains("by: 2027-03-15"), "{}", proposed("by: 2027-03-15}"));
    assert!(proposed("target: 1.2M}").contains("by: 2027-03-31"));
}

const PLACEHOLDER: &str = "placeholder-target";

fn placeholder(target: &str) -> Vec<&'static str> {
    readings(&audit(&plan_of(&[("target", target)])), PLACEHOLDER)
}

#[test]
fn words_without_a_number_are_a_placeholder_in_every_language() {
    for target in [
        "TBD",
        "improve",
        "positive",
        "baseline needed",
        "melhorar",
        "a definir",
        "mejorar",
        "por definir",
        "mellorar",
        "do ustalenia",
        "poprawa",
        "verbessern",
        "noch offen",
        "à définir",
        "amélioration",
        "\"…\"",
        "better than before",
    ] {
        assert_eq!(placeholder(target), ["words"], "{target}");
    }
}

#[test]
fn a_number_in_words_is_no_placeholder_but_unknown() {
    for target in
        ["zero", "double", "dobrar", "la mitad", "podwoić", "verdoppeln", "doubler", "zéro défaut", "all accounts"]
    {
        let report = audit(&plan_of(&[("target", target)]));
        assert!(readings(&report, PLACEHOLDER).is_empty(), "{target}");
        assert_eq!(unknowns(&report, PLACEHOLDER), ["target"], "{target}");
    }
}

#[test]
fn an_empty_target_is_told_with_the_comment_that_emptied_it() {
    let plan = |target: &str| {
        format!("plan: P\nperiod: 2027-Q1\nkpis:\n  - name: SQLs\n    target:{target}\n    owner: ines\n")
    };
    let said = |target: &str| readings(&audit(&plan(target)), PLACEHOLDER);
    assert_eq!(said(" #5"), ["comment"]);
    assert_eq!(said(""), ["empty"]);
    assert_eq!(said(" ''"), ["empty"]);
    assert!(said(" 5").is_empty());
    assert!(said(" 10%..15%").is_empty());
}

#[test]
fn goals_and_guardrails_are_read_for_placeholders_and_diagnostics_are_not() {
    let role = |role: &str| readings(&audit(&plan_of(&[("role", role), ("target", "TBD")])), PLACEHOLDER);
    assert_eq!(role("guardrail"), ["words"]);
    assert!(role("diagnostic").is_empty());
    let goal = audit("plan: P\nperiod: 2027-Q1\ngoals: [{name: New ARR, target: grow}]\n");
    assert_eq!(readings(&goal, PLACEHOLDER), ["words"]);
    // A goal without a target is not accused of a placeholder.
    assert!(readings(&audit("plan: P\nperiod: 2027-Q1\ngoals: [New ARR]\n"), PLACEHOLDER).is_empty());
}

const UNTRACEABLE: &str = "untraceable-kpi";

fn untraceable(changes: &[(&str, &str)]) -> Option<(Severity, String)> {
    let report = audit(&plan_of(changes));
    let found = findings(&report, UNTRACEABLE);
    found.first().map(|finding| (finding.severity, shown(&report, UNTRACEABLE, "missing")))
}

#[test]
fn source_and_cadence_are_told_in_one_remark_and_never_is_no_cadence() {
    let low = |missing: &str| Some((Severity::Low, missing.to_owned()));
    assert_eq!(untraceable(&[]), None);
    assert_eq!(untraceable(&[("source", "")]), low("where it is read"));
    assert_eq!(untraceable(&[("source", "por definir")]), low("where it is read"));
    assert_eq!(untraceable(&[("cadence", "")]), low("how often anyone looks at it"));
    assert_eq!(untraceable(&[("cadence", "never")]), low("how often anyone looks at it"));
    let both = "where it is read and how often anyone looks at it";
    assert_eq!(untraceable(&[("source", ""), ("cadence", "")]), low(both));
    assert_eq!(untraceable(&[("role", "guardrail"), ("source", "")]), None);
    assert_eq!(untraceable(&[("role", "diagnostic"), ("source", "")]), None);
}

/// What is said of two KPIs, each with these changes.
fn two(first: &[(&str, &str)], second: &[(&str, &str)]) -> Vec<&'static str> {
    let products = "products: [{name: Audit}, {name: Sensors}]";
    readings(&audit(&format!("{}{products}\n", with_kpis(&format!("{}\n{}", kpi(first), kpi(second))))), UNTRACEABLE)
}

#[test]
fn one_measure_with_two_sources_is_two_truths_by_any_of_its_names() {
    let other = [("name", "Sales-qualified leads"), ("source", "marketing automation")];
    assert_eq!(two(&[], &other), ["two-truths"]);
    assert_eq!(two(&[], &[("name", "SQL"), ("source", "a spreadsheet")]), ["two-truths"]);
    // A name that is no metric's could mean two things.
    assert!(two(&[("name", "Zorblax index")], &[("name", "Zorblax index"), ("source", "a spreadsheet")]).is_empty());
    let report = audit(&with_kpis(&format!("{}\n{}", kpi(&[]), kpi(&other))));
    let finding = findings(&report, UNTRACEABLE)[0];
    assert_eq!((finding.severity, finding.related.len()), (Severity::Medium, 1));
    assert_eq!(shown(&report, UNTRACEABLE, "other_source"), "the CRM");
}

#[test]
fn measures_of_another_scope_or_name_may_have_another_source() {
    let source = ("source", "finance's billing");
    assert!(two(&[], &[source, ("name", "SQLs from partners")]).is_empty());
    assert!(two(&[("name", "Organic impressions")], &[source, ("name", "Impressions")]).is_empty());
    assert!(two(&[("name", "Revenue")], &[source, ("name", "Online revenue")]).is_empty());
    assert!(two(&[("name", "New ARR from Audit")], &[source, ("name", "New ARR from Sensors")]).is_empty());
    assert!(two(&[("product", "audit")], &[source, ("product", "sensors")]).is_empty());
    assert!(two(&[("teams", "[marketing]")], &[source, ("teams", "[sales]")]).is_empty());
    let germany = [("name", "ARR Deutschland"), ("metric", "new-arr")];
    assert!(two(&germany, &[source, ("name", "ARR Polska"), ("metric", "new-arr")]).is_empty());
}

#[test]
fn one_source_written_in_two_ways_is_one() {
    for source in ["The CRM", "the CRM’s lead report", "CRM", "crm (stage report)"] {
        assert!(two(&[], &[("source", source)]).is_empty(), "{source}");
    }
}

const MANY: &str = "too-many-kpis";

/// So many KPIs of one role.
fn kpis(count: usize, role: &str, owner: &str) -> String {
    (0..count).map(|at| format!("  - {{id: {role}{owner}{at}, name: SQLs, role: {role}, owner: {owner}}}\n")).collect()
}

fn many(kpis: &[String]) -> Vec<&'static str> {
    readings(&audit(&with_kpis(&kpis.concat())), MANY)
}

#[test]
fn sixteen_are_too_many_and_guardrails_and_diagnostics_do_not_count() {
    let of = |count: usize| {
        let owners = ["ana", "bea", "carl", "dora"].map(|owner| kpis(count.div_ceil(4).min(4), "leading", owner));
        let star = kpis(1, "north-star", "eve");
        [owners.concat(), star].to_vec()
    };
    assert_eq!(many(&of(16)), ["many"]);
    let aside = [
        kpis(14, "guardrail", "ana"),
        kpis(14, "diagnostic", "ana"),
        kpis(1, "north-star", "eve"),
        kpis(4, "target", "bea"),
    ];
    assert!(many(&aside).is_empty());
}

#[test]
fn six_of_one_owner_are_too_many_however_the_name_is_written() {
    let five = [kpis(1, "north-star", "ana"), kpis(4, "target", "ana")];
    assert!(many(&five).is_empty());
    let six = [kpis(1, "north-star", "ana"), kpis(4, "target", "ana"), kpis(1, "leading", "Ana")];
    assert_eq!(many(&six), ["one-owner"]);
    assert_eq!(shown(&audit(&with_kpis(&six.concat())), MANY, "owners"), "ana (6)");
    // Six of which nobody knows yet who answers for them are not one person's.
    let open = [kpis(1, "north-star", "ana"), kpis(6, "target", "TBD")];
    assert!(many(&open).is_empty());
}

#[test]
fn three_kpis_need_exactly_one_north_star_and_two_need_none() {
    assert!(many(&[kpis(2, "target", "ana")]).is_empty());
    assert_eq!(many(&[kpis(3, "target", "ana")]), ["no-north-star"]);
    assert!(many(&[kpis(2, "target", "ana"), kpis(1, "north-star", "ana")]).is_empty());
    assert_eq!(many(&[kpis(2, "target", "ana"), kpis(2, "north-star", "ana")]), ["north-stars"]);
}

#[test]
fn a_north_star_is_proposed_only_where_the_plan_itself_points_at_one() {
    let proposed = |kpis: &str| {
        let report = audit(&with_kpis(kpis));
        let finding = findings(&report, MANY)[0];
        assert_eq!(finding.reading, "no-north-star");
        finding.reframe.as_ref().map(|reframe| reframe.yaml.clone())
    };
    let one_of_money = proposed("  - SQLs\n  - MQLs\n  - {id: won, name: New customers}").unwrap_or_default();
    assert!(one_of_money.contains("id: won") && one_of_money.contains("role: north-star"), "{one_of_money}");
    let ratio = proposed("  - SQLs\n  - {id: lc, name: \"LTV:CAC\"}\n  - Churn\n  - NRR").unwrap_or_default();
    assert!(ratio.contains("id: lc"), "{ratio}");
    assert_eq!(proposed("  - SQLs\n  - Churn\n  - NRR"), None);
    assert_eq!(proposed("  - Zorblax index\n  - SQLs\n  - NRR"), None);
}

#[test]
fn a_piece_of_work_needs_no_number_to_start_from() {
    let launch = |keys: &str| with_kpis(&format!("  - {{name: Launch the partner portal{keys}}}"));
    assert!(readings(&audit(&launch(", by: 2027-02-28, owner: ines")), INCOMPLETE).is_empty());
    let (reading, severity, missing) = incomplete(&launch(""));
    assert_eq!((reading, severity), ("missing", Severity::Medium));
    assert_eq!(missing, "by when it is due and who answers for it");
}

#[test]
fn a_name_that_may_say_its_target_is_not_told_that_it_has_none() {
    for name in [
        "Posiciones en top 3 para 20 palabras clave",
        "Double our LinkedIn followers",
        "Follower auf LinkedIn verdoppeln",
    ] {
        let plan = with_kpis(&format!("  - {{name: \"{name}\", baseline: 9, by: 2027-03-31, owner: ines}}"));
        assert!(readings(&audit(&plan), INCOMPLETE).is_empty(), "{name}");
        assert_eq!(unknowns(&audit(&plan), INCOMPLETE), ["target"], "{name}");
    }
    for name in ["Q1 leads", "B2B leads", "Leads in 2027", "30-day retention"] {
        let plan = with_kpis(&format!("  - {{name: \"{name}\", baseline: 9, by: 2027-03-31, owner: ines}}"));
        assert_eq!(readings(&audit(&plan), INCOMPLETE), ["no-target"], "{name}");
    }
}

#[test]
fn several_are_told_only_what_they_lack() {
    let lacking = |first: &[(&str, &str)], second: &[(&str, &str)]| {
        let plan = with_kpis(&format!("{}\n{}", kpi(first), kpi(second)));
        shown(&audit(&plan), INCOMPLETE, "lack")
    };
    assert_eq!(lacking(&[("by", "")], &[("by", "")]), "have no deadline");
    assert_eq!(lacking(&[("by", "")], &[("owner", "")]), "lack one or more of deadline and owner");
}

#[test]
fn the_north_star_that_is_proposed_is_what_the_plan_is_for() {
    let is_proposed = |money: &str| {
        let report = audit(&with_kpis(&format!("  - {{name: MQLs}}\n  - {{name: Win rate}}\n  - {{name: {money}}}")));
        findings(&report, MANY)[0].reframe.is_some()
    };
    assert!(is_proposed("New customers"));
    for part in ["Average contract value", "Monthly churn", "NRR", "Average order value"] {
        assert!(!is_proposed(part), "{part}");
    }
}
