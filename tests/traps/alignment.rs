//! The traps of the rules on alignment.

use kpi_audit::PlanReport;
use kpi_audit::severity::Severity;

use crate::support::{audit, findings, readings, shown, unknowns, whole};
use crate::with_kpis;

const DICTATED: &str = "dictated-kpi";
const ALONE: &str = "accountable-alone";
const OWNER: &str = "unclear-owner";
const GUIDEPOINT: &str = "no-guidepoint";
const ROOM: &str = "wrong-room";
const NO_HANDOFF: &str = "no-handoff";
const VAGUE: &str = "vague-handoff";
const SHORT: &str = "handoff-falls-short";
const SLOW: &str = "slow-response";
const FEEDBACK: &str = "no-feedback-loop";

fn kpi(keys: &str) -> String {
    with_kpis(&format!("  - {{id: mql, name: MQLs, {keys}}}"))
}

fn with_head(head: &str, kpis: &str) -> String {
    format!("{}{head}\n", with_kpis(kpis))
}

/// MQL, opportunity, customer: 40%, 22%, 20,000 a deal, against a goal of 1.2M.
fn funnel(handoffs: &str) -> String {
    with_funnel("target: 1.2M", "", handoffs)
}

fn with_funnel(goal: &str, opportunity: &str, handoffs: &str) -> String {
    format!(
        "plan: Mondays\nperiod: 2027-Q1\ngoals: [{{id: new-arr, name: New ARR, {goal}}}]\nfunnels:\n  - goal: new-arr\n    \
         stages:\n      - {{name: MQL, to_next: 40%}}\n      - {{name: Opportunity, to_next: 22%{opportunity}}}\n      \
         - {{name: Customer, value: \"20,000\"}}\nhandoffs:\n{handoffs}\n"
    )
}

fn handoff(keys: &str) -> String {
    format!("  - {{from: marketing, to: sales, {keys}}}")
}

fn severities(report: &PlanReport, rule: &str) -> Vec<Severity> {
    findings(report, rule).iter().map(|finding| finding.severity).collect()
}

// dictated-kpi

#[test]
fn a_kpi_is_handed_down_where_others_set_it_and_not_all_agreed() {
    let report = audit(&kpi("set_by: finance, teams: [marketing, sales], agreed_with: [marketing]"));
    assert_eq!(readings(&report, DICTATED), ["handed-down"]);
    assert_eq!(shown(&report, DICTATED, "absent"), "sales");
    assert_eq!(severities(&report, DICTATED), [Severity::Medium]);
    let unsaid = audit(&kpi("set_by: finance, teams: [marketing, sales]"));
    assert_eq!(readings(&unsaid, DICTATED), ["handed-down.unsaid"]);
    let north = audit(&kpi("role: north-star, set_by: finance, teams: [marketing], agreed_with: []"));
    assert_eq!(severities(&north, DICTATED), [Severity::High]);
}

#[test]
fn one_team_under_two_names_is_no_stranger() {
    for keys in [
        "set_by: Marketing team, teams: [marketing]",
        "set_by: Dział marketingu, teams: [Marketing]",
        "set_by: Equipo comercial, teams: [Ventas]",
        "set_by: CMO, teams: [marketing, sales]",
        "set_by: Vertriebsleiterin, teams: [Vertrieb]",
        "set_by: RevOps team, teams: [revops]",
        "set_by: finance, teams: [marketing, sales], agreed_with: [Head of Marketing, VP Sales]",
        "set_by: finance, teams: [marketing, sales], agreed_with: all",
        "set_by: todos, teams: [marketing, vendas]",
    ] {
        assert!(readings(&audit(&kpi(keys)), DICTATED).is_empty(), "{keys}");
    }
}

#[test]
fn a_member_of_a_team_counts_for_it() {
    let kpis = "  - {name: MQLs, set_by: jana, teams: [marketing]}\n\
                \x20 - {name: SQLs, set_by: finance, teams: [marketing], agreed_with: [jana]}";
    let report = audit(&with_head("teams: {marketing: {people: 4, members: [jana, ola]}}", kpis));
    assert!(readings(&report, DICTATED).is_empty());
}

#[test]
fn what_a_law_or_a_board_sets_is_not_to_be_agreed_on() {
    let report = audit(&kpi("set_by: finance, teams: [marketing], agreed_with: [], mandated: true"));
    assert!(readings(&report, DICTATED).is_empty() && unknowns(&report, DICTATED).is_empty());
}

#[test]
fn without_the_teams_or_whoever_set_it_nobody_is_accused() {
    assert_eq!(unknowns(&audit(&kpi("set_by: finance, agreed_with: []")), DICTATED), ["teams"]);
    assert_eq!(unknowns(&audit(&kpi("teams: [marketing], agreed_with: []")), DICTATED), ["set_by"]);
    assert_eq!(unknowns(&audit(&kpi("target: 900")), DICTATED), ["set_by", "teams"]);
    assert_eq!(unknowns(&audit(&kpi("teams: [marketing], set_by: TBD")), DICTATED), ["set_by"]);
    // Where all agreed, it does not matter who set it.
    assert!(unknowns(&audit(&kpi("teams: [marketing], agreed_with: [marketing]")), DICTATED).is_empty());
}

#[test]
fn agreement_comes_late_from_the_day_after_the_decision() {
    let plan = |day: &str| {
        let kpis = format!("  - {{name: MQLs, set_by: marketing, teams: [marketing], agreed_on: {day}}}");
        with_head("decided_on: 2026-12-15", &kpis)
    };
    assert!(readings(&audit(&plan("2026-12-15")), DICTATED).is_empty());
    assert_eq!(readings(&audit(&plan("2026-12-16")), DICTATED), ["agreed-late"]);
    assert!(
        readings(&audit(&kpi("set_by: marketing, teams: [marketing], agreed_on: 2027-01-20")), DICTATED).is_empty()
    );
}

#[test]
fn diagnostics_are_not_judged_and_guardrails_are() {
    let keys = |role: &str| format!("role: {role}, set_by: finance, teams: [marketing], agreed_with: []");
    assert!(readings(&audit(&kpi(&keys("diagnostic"))), DICTATED).is_empty());
    assert_eq!(readings(&audit(&kpi(&keys("guardrail"))), DICTATED), ["handed-down"]);
}

// accountable-alone

#[test]
fn a_team_alone_with_what_another_moves_is_told_with_the_way_out() {
    let report = audit(include_str!("../../examples/hotel-group.yaml"));
    assert_eq!(readings(&report, ALONE), ["alone"]);
    assert_eq!(shown(&report, ALONE, "others"), "marketing");
    let reframe = findings(&report, ALONE)[0].reframe.as_ref().map(|reframe| reframe.yaml.as_str());
    assert!(reframe.is_some_and(|yaml| yaml.contains("teams: [revenue-management, marketing]")), "{reframe:?}");
}

#[test]
fn whoever_shares_it_or_hands_over_does_not_leave_a_team_alone() {
    let alone = "teams: [sales], depends_on: [marketing]";
    assert_eq!(readings(&audit(&kpi(alone)), ALONE), ["alone"]);
    for (from, to) in [("marketing", "sales"), ("Vertrieb", "Marketing team")] {
        let report = audit(&format!("{}handoffs: [{{from: {from}, to: {to}}}]\n", kpi(alone)));
        assert!(readings(&report, ALONE).is_empty(), "{from} to {to}");
    }
    let shared = kpi("teams: [sales, Equipa de marketing], depends_on: [marketing]");
    assert!(readings(&audit(&shared), ALONE).is_empty());
    let other = format!("{}handoffs: [{{from: marketing, to: customer-success}}]\n", kpi(alone));
    assert_eq!(readings(&audit(&other), ALONE), ["alone"]);
}

#[test]
fn only_the_team_that_is_left_out_is_named() {
    let report = audit(&kpi("teams: [sales, marketing], depends_on: [marketing, product]"));
    assert_eq!(shown(&report, ALONE, "others"), "product");
}

#[test]
fn dependence_without_teams_is_unknown_and_no_dependence_is_nothing() {
    assert_eq!(unknowns(&audit(&kpi("depends_on: [product]")), ALONE), ["teams"]);
    let report = audit(&kpi("target: 900"));
    assert!(readings(&report, ALONE).is_empty() && unknowns(&report, ALONE).is_empty());
}

// unclear-owner

#[test]
fn a_team_or_everybody_is_no_owner_in_any_language() {
    let teams = [
        "marketing",
        "Equipa de marketing",
        "Dział sprzedaży",
        "Vertrieb",
        "l'équipe produit",
        "Growth team",
        "zespół wzrostu",
    ];
    for team in teams {
        let report = audit(&kpi(&format!("owner: \"{team}\"")));
        assert_eq!(readings(&report, OWNER), ["team"], "{team}");
    }
    for nobody in
        ["all", "Todos", "wszyscy", "alle", "tous", "team", "TBD", "por definir", "do ustalenia", "offen", "?", "…"]
    {
        let report = audit(&kpi(&format!("owner: \"{nobody}\"")));
        assert_eq!(readings(&report, OWNER), ["nobody"], "{nobody}");
    }
}

#[test]
fn one_person_by_name_or_post_is_an_owner() {
    for owner in [
        "jana",
        "Ana María",
        "CMO",
        "head of sales",
        "Head of Sales and Marketing",
        "VP Marketing",
        "Marketing Manager",
        "Directora de marketing",
        "Kierownik zespołu sprzedaży",
        "Vertriebsleiterin",
        "Chef d'équipe",
        "SDR",
        "Smith, John",
        "Silva e Costa",
        "Ortega y Gasset",
        "Ola (RevOps)",
    ] {
        assert!(readings(&audit(&kpi(&format!("owner: \"{owner}\""))), OWNER).is_empty(), "{owner}");
    }
}

#[test]
fn several_owners_are_known_as_a_list_or_where_each_is_known() {
    assert_eq!(readings(&audit(&kpi("owner: [ana, paul]")), OWNER), ["several"]);
    assert!(readings(&audit(&kpi("owner: [ana, Ana]")), OWNER).is_empty());
    let joined = |owner: &str| {
        let kpis = format!("  - {{name: MQLs, owner: \"{owner}\"}}");
        with_head("teams: {marketing: {people: 4, members: [ana, paul]}}", &kpis)
    };
    for owner in ["Ana and Paul", "ana, paul", "Ana & Paul", "ana e paul", "Ana und Paul", "ana i paul", "ana/paul"] {
        assert_eq!(readings(&audit(&joined(owner)), OWNER), ["several"], "{owner}");
    }
    assert!(readings(&audit(&joined("Ana and Zoe")), OWNER).is_empty());
    assert_eq!(readings(&audit(&joined("marketing & sales")), OWNER), ["several"]);
}

#[test]
fn a_team_of_one_and_a_person_named_like_a_team_are_persons() {
    let one = with_head("teams: {marketing: {people: 1}}", "  - {name: MQLs, owner: marketing}");
    assert!(readings(&audit(&one), OWNER).is_empty());
    let member = with_head("teams: {growth: {people: 3, members: [Sales]}}", "  - {name: MQLs, owner: sales}");
    assert!(readings(&audit(&member), OWNER).is_empty());
    let listed = with_head("teams: {growth: {people: 3}}", "  - {name: MQLs, owner: Growth}");
    assert_eq!(readings(&audit(&listed), OWNER), ["team"]);
}

#[test]
fn a_missing_owner_and_work_that_is_over_are_not_judged_for_their_owner() {
    assert!(readings(&audit(&kpi("target: 900")), OWNER).is_empty());
    let plan = |more: &str| {
        let kpis = with_kpis("  - {id: mql, name: MQLs}");
        format!("{kpis}initiatives: [{{name: Fair, serves: [mql], owner: marketing{more}}}]\n")
    };
    assert_eq!(readings(&audit(&plan("")), OWNER), ["team"]);
    for over in [", status: done", ", status: stopped", ", priority: wont"] {
        assert!(readings(&audit(&plan(over)), OWNER).is_empty(), "{over}");
    }
}

// no-guidepoint

fn guided(guidepoint: &str) -> String {
    with_head(&format!("guidepoint: \"{guidepoint}\""), "  - {id: mql, name: MQLs}")
}

#[test]
fn half_a_guide_point_is_low_and_none_is_medium() {
    let none = audit(&kpi("target: 900"));
    assert_eq!((readings(&none, GUIDEPOINT), severities(&none, GUIDEPOINT)), (vec!["none"], vec![Severity::Medium]));
    for (text, reading) in [
        ("We have won 120 customers.", "undated"),
        ("By 31 March 2027, buyers think of us first.", "unmeasured"),
        ("We are the partner of choice.", "vague"),
    ] {
        let report = audit(&guided(text));
        assert_eq!(readings(&report, GUIDEPOINT), [reading], "{text}");
        assert_eq!(severities(&report, GUIDEPOINT), [Severity::Low], "{text}");
    }
    assert_eq!(readings(&audit(&guided("…")), GUIDEPOINT), ["none"]);
}

#[test]
fn a_guide_point_with_a_date_and_a_measure_is_known_in_seven_languages() {
    for text in [
        "By 31 March 2027, we have added 1.2M of new ARR.",
        "By the end of March, MQLs have doubled.",
        "Até ao fim de março de 2027 temos 120 novos clientes.",
        "A finales de marzo tenemos 120 clientes nuevos.",
        "O 30 de xuño de 2027 os hoteis ingresan 3.000.000 €.",
        "Do końca kwartału mamy 120 nowych klientów.",
        "Ende März 2027 haben wir 120 neue Kunden.",
        "Fin mars 2027, nous avons 120 nouveaux clients.",
        "This quarter we win 120 customers.",
        "2027-03-31: 120 customers",
        "In 2027 we double new ARR.",
    ] {
        assert!(readings(&audit(&guided(text)), GUIDEPOINT).is_empty(), "{text}");
    }
}

#[test]
fn the_name_of_a_goal_or_kpi_is_something_to_measure() {
    assert!(readings(&audit(&guided("By 31 March 2027, New ARR is back where it was.")), GUIDEPOINT).is_empty());
    // Not a part of another word.
    assert_eq!(readings(&audit(&guided("By 31 March 2027, XMQLs are back.")), GUIDEPOINT), ["unmeasured"]);
}

#[test]
fn a_guide_point_is_sketched_from_the_plans_own_goal() {
    let sketch = |goal: &str| {
        let plan = format!("plan: Sketch\nperiod: 2027-Q1\ngoals: [{{{goal}}}]\n");
        let yaml = findings(&audit(&plan), GUIDEPOINT)[0].reframe.as_ref()?.yaml.clone();
        // A long sentence takes several lines.
        Some(yaml.split_whitespace().filter(|word| *word != ">").collect::<Vec<_>>().join(" "))
    };
    assert_eq!(
        sketch("name: New ARR, target: 1.2M, owners: [marketing, sales]").as_deref(),
        Some("guidepoint: By 31 March 2027, marketing and sales together have added 1.2M of New ARR.")
    );
    assert_eq!(
        sketch("name: ARR, target: 5M, baseline: 4M, by: 2027-03-01").as_deref(),
        Some("guidepoint: By 1 March 2027, ARR stands at 5M.")
    );
    assert_eq!(
        sketch("name: Net revenue retention, target: 104%").as_deref(),
        Some("guidepoint: By 31 March 2027, Net revenue retention stands at 104%.")
    );
    assert_eq!(sketch("name: New ARR"), None);
}

// wrong-room

#[test]
fn a_room_needs_those_who_decide_and_those_who_do() {
    let room = |workshop: &str| {
        with_head(&format!("workshop: {workshop}"), "  - {name: MQLs, owner: ana}\n  - {name: SQLs, owner: paul}")
    };
    assert_eq!(readings(&audit(&room("{decide: [clara]}")), ROOM), ["only-deciders"]);
    assert_eq!(readings(&audit(&room("{execute: [ana], decide: []}")), ROOM), ["only-doers"]);
    assert!(readings(&audit(&room("{decide: [ana], execute: [ana]}")), ROOM).is_empty());
    let silent = audit(&room("{date: 2026-12-08}"));
    assert_eq!(unknowns(&silent, ROOM), ["decide", "execute"]);
    assert!(readings(&silent, ROOM).is_empty());
    let none = audit(&with_kpis("  - {name: MQLs, owner: ana}\n  - {name: SQLs, owner: paul}"));
    assert_eq!((readings(&none, ROOM), severities(&none, ROOM)), (vec!["none"], vec![Severity::Low]));
}

#[test]
fn a_plan_of_one_person_needs_no_workshop() {
    let alone = with_kpis("  - {name: MQLs, owner: ana, teams: [marketing]}\n  - {name: SQLs, owner: Ana}");
    assert!(readings(&audit(&alone), ROOM).is_empty());
    let of_many = with_head("teams: {marketing: {people: 4}}", "  - {name: MQLs, owner: ana}");
    assert_eq!(readings(&audit(&of_many), ROOM), ["none"]);
}

#[test]
fn the_room_names_each_owner_once_and_no_two_as_one() {
    let report = audit(&with_kpis(
        "  - {name: Leads, owner: Marta y Luis}\n  - {name: Win rate, owner: Luis}\n  - {name: SQLs, owner: Marta}",
    ));
    let reframe = findings(&report, "wrong-room")[0].reframe.as_ref().map(|reframe| reframe.yaml.clone());
    assert!(reframe.is_some_and(|yaml| yaml.contains("[Luis, Marta]")));
}

// no-handoff

fn leads(head: &str) -> String {
    with_head(head, "  - {name: Marketing-qualified leads, target: 900, teams: [marketing, sales]}")
}

#[test]
fn leads_without_a_handoff_are_high_with_a_start_to_paste() {
    let report = audit(&leads(""));
    assert_eq!((readings(&report, NO_HANDOFF), severities(&report, NO_HANDOFF)), (vec!["none"], vec![Severity::High]));
    let yaml = findings(&report, NO_HANDOFF)[0].reframe.as_ref().map(|reframe| reframe.yaml.as_str());
    assert!(yaml.is_some_and(|yaml| yaml.contains("from: marketing") && yaml.contains("qualified: …")), "{yaml:?}");
}

#[test]
fn a_handoff_of_any_name_and_direction_is_one() {
    for (from, to) in [("marketing", "sales"), ("Vertrieb", "Marketing"), ("growth", "sales"), ("marketing", "closers")]
    {
        let report = audit(&leads(&format!("handoffs: [{{from: {from}, to: {to}}}]")));
        assert!(readings(&report, NO_HANDOFF).is_empty(), "{from} to {to}");
    }
    let onwards = audit(&leads("handoffs: [{from: sales, to: customer-success}]"));
    assert_eq!(readings(&onwards, NO_HANDOFF), ["none"]);
}

#[test]
fn where_nobody_sells_nothing_is_handed_over() {
    assert!(readings(&audit(&leads("motion: self-serve")), NO_HANDOFF).is_empty());
    for model in ["one-off", "repeat-purchase", "ad-funded", "nonprofit"] {
        let one_team = "  - {name: Leads, target: 900, teams: [marketing]}";
        let report = audit(&with_head(&format!("business_model: {model}"), one_team));
        assert!(readings(&report, NO_HANDOFF).is_empty() && unknowns(&report, NO_HANDOFF).is_empty(), "{model}");
        // With a sales team, somebody has to be handed something.
        assert_eq!(readings(&audit(&leads(&format!("business_model: {model}"))), NO_HANDOFF), ["none"], "{model}");
    }
}

#[test]
fn without_teams_it_is_unknown_and_with_one_team_it_is_nothing() {
    let first = audit(include_str!("../../examples/first-plan.yaml"));
    assert_eq!(unknowns(&first, NO_HANDOFF), ["teams"]);
    let one = audit(&with_head("teams: {marketing: {people: 3}}", "  - {name: MQLs, target: 900}"));
    assert!(readings(&one, NO_HANDOFF).is_empty() && unknowns(&one, NO_HANDOFF).is_empty());
}

#[test]
fn a_plan_that_counts_no_leads_hands_none_over() {
    let report = audit(&with_kpis("  - {name: Net revenue retention, target: 100%, teams: [marketing, sales]}"));
    assert!(readings(&report, NO_HANDOFF).is_empty());
    let diagnostic = "  - {name: MQLs, role: diagnostic, teams: [marketing, sales]}";
    assert!(readings(&audit(&with_kpis(diagnostic)), NO_HANDOFF).is_empty());
    // What a funnel calls a lead counts as well.
    let funnel = "plan: Stages\nperiod: 2027-Q1\ngoals: [{name: New ARR, target: 1.2M, owners: [marketing, vendas]}]\n\
                  funnels: [{goal: new-arr, stages: [{name: Leads qualificados, to_next: 10%}, {name: Clientes, value: 900}]}]\n";
    assert_eq!(readings(&audit(funnel), NO_HANDOFF), ["none"]);
}

// vague-handoff

const WHOLE: &str = "qualified: asked for a price, volume: 50, every: monday, fit: 60%, respond_within: 1 hour, \
                     measured_by: mql, feedback: weekly";

fn agreed(keys: &str) -> String {
    with_head(&format!("handoffs: [{{from: marketing, to: sales, {keys}}}]"), "  - {id: mql, name: MQLs}")
}

#[test]
fn each_of_the_seven_terms_is_missed_and_one_alone_is_low() {
    assert!(readings(&audit(&agreed(WHOLE)), VAGUE).is_empty());
    for term in WHOLE.split(", ") {
        let rest: Vec<&str> = WHOLE.split(", ").filter(|other| *other != term).collect();
        let report = audit(&agreed(&rest.join(", ")));
        assert_eq!(severities(&report, VAGUE), [Severity::Low], "{term}");
        let key = term.split(':').next().unwrap_or_default();
        assert!(shown(&report, VAGUE, "missing").contains(&format!("`{key}`")), "{term}");
    }
    let two = WHOLE.replace("volume: 50, every: monday, ", "");
    assert_eq!(severities(&audit(&agreed(&two)), VAGUE), [Severity::Medium]);
}

#[test]
fn a_fit_of_all_is_no_agreement_and_just_under_it_is_one() {
    let report = audit(&agreed(&WHOLE.replace("60%", "100%")));
    assert_eq!(severities(&report, VAGUE), [Severity::Low]);
    assert!(shown(&report, VAGUE, "missing").contains("100%"));
    assert!(readings(&audit(&agreed(&WHOLE.replace("60%", "99%"))), VAGUE).is_empty());
}

// handoff-falls-short

#[test]
fn fifty_leads_every_monday_give_57_per_cent_of_1_2m() {
    let report = audit(&funnel(&handoff("stage: MQL, volume: 50, every: monday, fit: 60%")));
    assert_eq!((readings(&report, SHORT), severities(&report, SHORT)), (vec!["short-of-goal"], vec![Severity::High]));
    let show = |slot| shown(&report, SHORT, slot);
    assert_eq!([show("entered"), show("worth"), show("share"), show("need")], ["650", ", worth 686.4k", "57%", "1.2M"]);
    assert_eq!(show("stages"), "156 at Opportunity and 34.3 at Customer");
    let question = findings(&report, SHORT)[0].question().unwrap_or_default();
    assert!(question.contains("88 leads every Monday"), "{question}");
}

#[test]
fn as_many_leads_as_it_says_would_meet_the_goal_do() {
    let with =
        |volume: u32| audit(&funnel(&handoff(&format!("stage: MQL, volume: {volume}, every: monday, fit: 60%"))));
    assert_eq!(readings(&with(87), SHORT), ["short-of-goal"]);
    assert!(readings(&with(88), SHORT).is_empty());
}

#[test]
fn where_a_kpi_measures_it_the_fit_is_not_taken_twice() {
    // 650 leads, all of them at 40% and 22%: 1.144M.
    let measured = "stage: MQL, volume: 50, every: monday, fit: 60%, measured_by: new-arr";
    let report = audit(&funnel(&handoff(measured)));
    assert_eq!(
        (shown(&report, SHORT, "worth"), shown(&report, SHORT, "share")),
        (", worth 1.14M".into(), "95%".into())
    );
}

#[test]
fn what_comes_from_elsewhere_counts_for_the_goal() {
    let keys = handoff("stage: MQL, volume: 50, every: monday, fit: 60%");
    // 686.4k and 24% of 2.9M are 1.38M.
    let pipeline = with_funnel("target: 1.2M, pipeline: 2.9M, pipeline_conversion: 24%", "", &keys);
    assert!(readings(&audit(&pipeline), SHORT).is_empty());
    // 156 and 120 opportunities at 22% and 20,000 are 1.214M.
    assert!(readings(&audit(&with_funnel("target: 1.2M", ", also_from: 120", &keys)), SHORT).is_empty());
    assert_eq!(readings(&audit(&with_funnel("target: 1.2M", ", also_from: 110", &keys)), SHORT), ["short-of-goal"]);
}

#[test]
fn several_handoffs_into_one_funnel_count_together_and_are_told_once() {
    let two = |volume: u32| {
        let first = handoff("id: inbound, stage: MQL, volume: 50, every: monday, fit: 60%");
        audit(&funnel(&format!(
            "{first}\n  - {{from: partners, to: sales, stage: Opportunity, volume: {volume}, every: month, fit: 100%}}"
        )))
    };
    // 156 opportunities, and 39 a month: 273 at 22% and 20,000 are 1.2012M.
    assert!(readings(&two(39), SHORT).is_empty());
    assert_eq!(readings(&two(38), SHORT), ["short-together"]);
    assert_eq!(shown(&two(38), SHORT, "worth"), ", worth 1.19M");
}

#[test]
fn handoffs_that_bring_what_the_funnel_counts_on_are_not_blamed_for_its_goal() {
    let plan = |volume: u32, each: u32| {
        let keys = handoff(&format!("stage: MQL, volume: {each}, every: monday, fit: 60%, measured_by: new-arr"));
        audit(&funnel(&keys).replace("{name: MQL,", &format!("{{name: MQL, volume: {volume},")))
    };
    // 650 leads where 650 are planned: 1.144M of 1.2M, which the funnel tells.
    let same = plan(650, 50);
    assert!(readings(&same, SHORT).is_empty());
    assert_eq!(readings(&same, "funnel-falls-short"), ["short"]);
    // The funnel reaches its goal with 700, and 52 a week are 676 of them: rounding.
    assert!(readings(&plan(700, 52), SHORT).is_empty());
    // It counts on 1,000, and 650 are promised.
    assert_eq!(readings(&plan(1_000, 50), SHORT), ["short-of-goal"]);
}

#[test]
fn a_pipeline_without_a_conversion_may_be_what_a_handoff_lacks() {
    let keys = handoff("stage: MQL, volume: 50, every: monday, fit: 60%");
    let report = audit(&with_funnel("target: 1.2M, pipeline: 2.9M", "", &keys));
    assert!(readings(&report, SHORT).is_empty());
    assert!(unknowns(&report, SHORT).contains(&"pipeline_conversion"));
}

#[test]
fn a_goal_that_counts_customers_is_told_in_customers() {
    let plan = "plan: Count\nperiod: 2027-Q1\ngoals: [{id: won, name: New customers, target: 60}]\nfunnels:\n  - goal: won\n    \
                stages: [{name: Leads, to_next: 30%..50%}, {name: Customer}]\nhandoffs:\n";
    let report = audit(&format!("{plan}{}\n", handoff("volume: 10..14, every: month, fit: 50%")));
    let show = |slot| shown(&report, SHORT, slot);
    assert_eq!([show("stages"), show("worth"), show("need"), show("share")], ["7.2 at Customer", "", "60", "12%"]);
}

#[test]
fn without_a_stage_it_fills_the_first_of_the_only_funnel() {
    let keys = "volume: 50, every: monday, fit: 60%";
    assert_eq!(shown(&audit(&funnel(&handoff(keys))), SHORT, "worth"), ", worth 686.4k");
    // What sales hands on has come through the funnel already.
    let onwards = format!("  - {{from: sales, to: customer-success, {keys}}}");
    assert!(readings(&audit(&funnel(&onwards)), SHORT).is_empty());
}

#[test]
fn what_is_not_known_of_a_handoff_is_asked_for() {
    let asked = |keys: &str| unknowns(&audit(&funnel(&handoff(keys))), SHORT);
    assert_eq!(asked("stage: MQL, every: monday, fit: 60%"), ["volume"]);
    assert_eq!(asked("stage: MQL, volume: 50, fit: 60%"), ["every"]);
    // Enough only if all of them fit.
    assert_eq!(asked("stage: MQL, volume: 90, every: monday"), ["fit"]);
    // Short even so.
    let short = audit(&funnel(&handoff("stage: MQL, volume: 50, every: monday")));
    assert_eq!(shown(&short, SHORT, "share"), "95%");
    let without_funnel = agreed("volume: 50, every: monday");
    assert_eq!(unknowns(&audit(&without_funnel), SHORT), ["handling", "hours"]);
    let without_period =
        funnel(&handoff("stage: MQL, volume: 50, every: monday, fit: 60%")).replace("period: 2027-Q1\n", "");
    assert_eq!(unknowns(&audit(&without_period), SHORT), ["period"]);
}

#[test]
fn a_number_with_two_readings_accuses_nobody() {
    let report = audit(&funnel(&handoff("stage: MQL, volume: 1.000, every: monday, fit: 60%")));
    assert!(readings(&report, SHORT).is_empty());
    assert_eq!(unknowns(&report, SHORT), ["volume"]);
}

#[test]
fn fifty_leads_at_twenty_minutes_are_16_7_hours() {
    let report = audit(&agreed("volume: 50, handling: 20 minutes, hours: 15 hours"));
    assert_eq!(readings(&report, SHORT), ["over-hours"]);
    assert_eq!((shown(&report, SHORT, "work"), shown(&report, SHORT, "hours")), ("16.7".into(), "15".into()));
    // The same, exactly: 45 at 20 minutes are 15 hours. A day of work has eight.
    assert!(readings(&audit(&agreed("volume: 45, handling: 20 minutes, hours: 15 hours")), SHORT).is_empty());
    assert_eq!(readings(&audit(&agreed("volume: 50, handling: 20 minutes, hours: 2 days")), SHORT), ["over-hours"]);
}

#[test]
fn a_handoff_can_be_short_of_its_goal_and_over_its_hours() {
    let keys = "stage: MQL, volume: 50, every: monday, fit: 60%, handling: 20 minutes, hours: 15 hours";
    let report = audit(&funnel(&handoff(keys)));
    assert_eq!(readings(&report, SHORT), ["short-of-goal", "over-hours"]);
}

// slow-response

#[test]
fn hand_raisers_wait_an_hour_readers_five_days_and_outbound_for_nothing() {
    let said = |leads: &str, within: &str| {
        let report = audit(&agreed(&format!("leads: {leads}, respond_within: {within}")));
        readings(&report, SLOW).first().copied().zip(severities(&report, SLOW).first().copied())
    };
    assert_eq!(said("hand-raisers", "60 minutes"), None);
    assert_eq!(said("hand-raisers", "61 minutes"), Some(("slow", Severity::Low)));
    assert_eq!(said("hand-raisers", "1 day"), Some(("slow", Severity::Low)));
    assert_eq!(said("hand-raisers", "25 hours"), Some(("late", Severity::Medium)));
    assert_eq!(said("content", "5 days"), None);
    assert_eq!(said("content", "6 days"), Some(("content", Severity::Low)));
    assert_eq!(said("outbound", "3 months"), None);
}

#[test]
fn how_the_leads_came_to_be_is_asked_for_and_a_missing_answer_is_told_elsewhere() {
    assert_eq!(unknowns(&audit(&agreed("respond_within: 2 days")), SLOW), ["leads"]);
    let silent = audit(&agreed("leads: hand-raisers"));
    assert!(readings(&silent, SLOW).is_empty() && unknowns(&silent, SLOW).is_empty());
}

// no-feedback-loop

#[test]
fn word_comes_back_every_month_at_the_least() {
    let said = |feedback: &str| readings(&audit(&agreed(&format!("feedback: {feedback}"))), FEEDBACK);
    for often in ["daily", "weekly", "monthly"] {
        assert!(said(often).is_empty(), "{often}");
    }
    assert_eq!([said("quarterly"), said("yearly"), said("never")], [vec!["rare"], vec!["rare"], vec!["never"]]);
    let silent = audit(&agreed("volume: 50"));
    assert!(readings(&silent, FEEDBACK).is_empty());
    assert_eq!(unknowns(&silent, FEEDBACK), ["feedback"]);
}

#[test]
fn the_base_plan_without_its_handoff_is_told_once_for_that() {
    let report = audit(&whole("handoffs: null"));
    let of_area = [NO_HANDOFF, VAGUE, SHORT, SLOW, FEEDBACK].map(|rule| findings(&report, rule).len());
    assert_eq!(of_area, [1, 0, 0, 0, 0]);
}
