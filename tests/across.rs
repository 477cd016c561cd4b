//! Holds the rules across plans: their pages, what they must not say, and that the order of files changes nothing.

#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by a panic")]

mod support;

use std::collections::BTreeSet;

use kpi_audit::rules::page::Example;
use kpi_audit::rules::{self, Area, Rule};
use kpi_audit::set::{Across, SetFinding};
use kpi_audit::severity::Severity;
use kpi_audit::wording::Template;

use support::{Texts, across};

fn rules_across() -> impl Iterator<Item = &'static Rule> {
    rules::all().filter(|rule| rule.area == Area::AcrossPlans)
}

fn all_examples() -> impl Iterator<Item = (&'static Rule, Example<'static>)> {
    rules_across()
        .flat_map(|rule| rule.page().bad().into_iter().chain(rule.page().good()).map(move |example| (rule, example)))
}

fn of_rule<'a>(across: &'a Across, rule: &str) -> Vec<&'a SetFinding> {
    across.open().filter(|finding| finding.rule.name == rule).collect()
}

fn said(block: &str) -> Vec<String> {
    across(block).open().map(|finding| finding.message.clone()).collect()
}

#[test]
fn each_set_of_plans_on_a_page_is_judged_as_the_page_says() {
    for rule in rules_across() {
        let page = rule.page();
        assert!(!page.bad().is_empty() && !page.good().is_empty(), "{}", rule.name);
        for example in page.bad() {
            let across = across(example.yaml);
            assert_eq!(of_rule(&across, rule.name).len(), 1, "{}\n{:#?}", example.yaml, across.findings);
            assert_eq!(across.findings.len(), 1, "{}\n{:#?}", example.yaml, across.findings);
        }
        for example in page.good() {
            assert_eq!(said(example.yaml), Vec::<String>::new(), "{}", example.yaml);
        }
    }
}

#[test]
fn every_sentence_of_a_page_is_said_whole_and_with_a_question() {
    for rule in rules_across() {
        let page = rule.page();
        let findings: Vec<SetFinding> = page.bad().iter().flat_map(|example| across(example.yaml).findings).collect();
        assert_eq!(findings.len(), page.says.len(), "{}", rule.name);
        let messages: BTreeSet<&str> = findings.iter().map(|finding| finding.message.as_str()).collect();
        assert_eq!(messages.len(), page.says.len(), "{messages:?}");
        for finding in &findings {
            let labels = finding.related.iter().map(|(_, label)| label.as_str());
            let sentences = [finding.message.as_str(), finding.question.as_deref().expect("a question")];
            for sentence in sentences.into_iter().chain(labels) {
                assert!(!sentence.is_empty() && Template(sentence).slots().next().is_none(), "{sentence}");
            }
        }
    }
}

#[test]
fn the_order_of_the_files_changes_nothing() {
    for (_, example) in all_examples() {
        let texts = Texts::of(example.yaml);
        let mut names = texts.names();
        let said = |names: &[&str]| format!("{:#?}", texts.across(names));
        let first = said(&names);
        names.reverse();
        assert_eq!(said(&names), first, "{}", example.yaml);
        names.rotate_left(1);
        assert_eq!(said(&names), first, "{}", example.yaml);
    }
}

#[test]
fn a_plan_that_is_only_read_since_another_extends_it_is_judged_as_well() {
    for rule in rules_across() {
        for example in rule.page().bad() {
            let texts = Texts::of(example.yaml);
            let teams: Vec<&str> = texts.names().into_iter().filter(|name| *name != "company.yaml").collect();
            let found = texts.across(&teams).findings.len();
            // Of some teams alone it is not known what the others take up or bring.
            let all = texts.across(&texts.names()).findings;
            let needs_all = rule.name == "undriven-goal" || all[0].message.contains(" less than ");
            assert_eq!(found, usize::from(!needs_all), "{}", example.yaml);
        }
    }
}

#[test]
fn a_fingerprint_is_of_names_and_never_of_lines() {
    for rule in rules_across() {
        for example in rule.page().bad() {
            let moved = example.yaml.replace("\nperiod:", "\n\n# a remark\nperiod:");
            let renamed = example.yaml.replace("Lumen CRM", "Another");
            let print = |block: &str| across(block).findings[0].fingerprint.clone();
            assert_eq!(print(&moved), print(example.yaml));
            assert_ne!(print(&renamed), print(example.yaml));
        }
    }
}

// ---- clashing-ids

/// Two KPIs of the id `leads`, in a plan and one that extends it.
fn leads(company: &str, team: &str) -> String {
    format!(
        "# company.yaml\nplan: All\nperiod: 2027-Q1\nkpis: [{{id: leads, {company}}}]\n---\n\
         # team.yaml\nplan: Team\nperiod: 2027-Q1\nextends: company.yaml\nkpis: [{{id: leads, {team}}}]\n"
    )
}

#[test]
fn what_means_the_same_or_is_not_certain_is_no_clash() {
    for (company, team) in [
        // The same metric, by its name or declared, in another language.
        ("name: MQLs", "name: Marketing-qualified leads"),
        ("name: Hand-raisers, metric: mql", "name: MQLs"),
        ("name: MQL", "name: leads qualificados pelo marketing"),
        // Recognised from a longer name only, or not at all.
        ("name: MQLs", "name: Leads from the spring fair in Porto"),
        ("name: MQLs", "name: Zzyzx"),
        // Sources of the same place, or of another part of the business.
        ("name: MQLs, source: the CRM", "name: MQLs, source: CRM dashboard"),
        ("name: MQLs, source: HubSpot", "name: MQLs, source: TBD"),
        ("name: MQLs, source: HubSpot, teams: [marketing]", "name: MQLs, source: Salesforce, teams: [sales]"),
        ("name: MQLs, source: HubSpot", "name: Organic MQLs, metric: mql, source: Search Console"),
    ] {
        assert_eq!(said(&leads(company, team)), Vec::<String>::new(), "{company} | {team}");
    }
    assert_eq!(said(&leads("name: MQLs", "name: Leads")).len(), 1);
    assert_eq!(said(&leads("name: MQLs, source: HubSpot", "name: MQLs, source: Salesforce")).len(), 1);
}

#[test]
fn a_kind_of_system_and_a_product_may_be_one_source() {
    let sources = |company: &str, team: &str| {
        let kpi = |source: &str| format!("name: MQLs, source: {source}");
        said(&leads(&kpi(company), &kpi(team))).len()
    };
    for (company, team) in
        [("the CRM", "HubSpot"), ("Salesforce", "CRM report"), ("GA4", "Google Analytics"), ("contabilidade", "SAP")]
    {
        assert_eq!(sources(company, team), 0, "{company}, {team}");
    }
    assert_eq!(sources("HubSpot", "Salesforce"), 1);
    assert_eq!(sources("finance ledger", "the CRM"), 1);
}

#[test]
fn plans_that_do_not_hang_together_or_are_for_another_time_do_not_clash() {
    let clash = leads("name: MQLs", "name: Leads");
    assert_eq!(said(&clash.replace("extends: company.yaml\n", "")), Vec::<String>::new());
    let later = clash.replace("plan: Team\nperiod: 2027-Q1", "plan: Team\nperiod: 2027-Q2");
    assert_eq!(said(&later), Vec::<String>::new());
    let year = clash.replace("plan: All\nperiod: 2027-Q1", "plan: All\nperiod: 2027");
    assert_eq!(said(&year).len(), 1);
}

/// Plans that extend one company plan, each with a KPI of the id `leads`.
fn teams(kpis: &[&str]) -> String {
    let mut block = "# company.yaml\nplan: All\nperiod: 2027-Q1\nkpis: [New MRR]\n".to_owned();
    for (at, kpi) in kpis.iter().enumerate() {
        block += &format!(
            "---\n# t{at}.yaml\nplan: Team {at}\nperiod: 2027-Q1\nextends: company.yaml\nkpis: [{{id: leads, {kpi}}}]\n"
        );
    }
    block
}

#[test]
fn of_teams_beside_each_other_the_one_that_differs_from_most_is_told() {
    let found = across(&teams(&["name: Leads", "name: MQLs", "name: MQL"])).findings;
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].place.file.as_str(), found[0].related[0].0.file.as_str()), ("t0.yaml", "t1.yaml"));
    // Each team may read its own system.
    assert_eq!(said(&teams(&["name: MQLs, source: HubSpot", "name: MQLs, source: Salesforce"])), Vec::<String>::new());
}

// ---- undriven-goal

#[test]
fn one_plan_alone_says_nothing_of_what_the_others_take_up() {
    let block = "# company.yaml\nplan: All\ngoals: [{id: arr, name: New ARR}]\n---\n\
                 # team.yaml\nplan: Team\nextends: company.yaml\nkpis: [MQLs]\n";
    let texts = Texts::of(block);
    assert_eq!(texts.across(&["team.yaml"]).findings.len(), 0);
    let found = texts.across(&["company.yaml", "team.yaml"]).findings;
    assert_eq!(found[0].message, "Nothing in Team leads to New ARR, a goal of All.");
    assert_eq!((found[0].place.file.as_str(), found[0].place.spot.line), ("company.yaml", 3));
}

#[test]
fn a_goal_is_taken_up_over_plans_between_by_a_funnel_or_by_a_goal_of_the_same_id() {
    let company = "# company.yaml\nplan: All\ngoals: [{id: arr, name: New ARR}]\n---\n";
    for team in [
        "# region.yaml\nplan: Region\nextends: company.yaml\nkpis: [{id: sql, name: SQLs, drives: [arr]}]\n---\n\
         # team.yaml\nplan: Team\nextends: region.yaml\nkpis: [{name: MQLs, drives: [sql]}]\n",
        "# team.yaml\nplan: Team\nextends: company.yaml\nkpis: [MQLs]\nfunnels: [{goal: arr, stages: [{name: a, volume: 9}, {name: b}]}]\n",
        "# team.yaml\nplan: Team\nextends: company.yaml\ngoals: [{id: arr, name: New ARR in the north}]\n",
        "# team.yaml\nplan: Team\nextends: company.yaml\ninitiatives: [{name: Fair, serves: [arr]}]\n",
    ] {
        assert_eq!(said(&format!("{company}{team}")), Vec::<String>::new(), "{team}");
    }
    let undriven = format!("{company}# team.yaml\nplan: Team\nextends: company.yaml\nkpis: [MQLs]\n");
    assert_eq!(said(&undriven).len(), 1);
    let other_time = undriven
        .replace("plan: All\n", "plan: All\nperiod: 2026\n")
        .replace("plan: Team\n", "plan: Team\nperiod: 2027\n");
    assert_eq!(said(&other_time), Vec::<String>::new());
}

// ---- parts-do-not-add-up

/// Regions with a target for new ARR each, under a company with another.
fn regions(whole: &str, parts: &[&str]) -> String {
    let mut block = format!(
        "# company.yaml\nplan: All\nperiod: 2027-Q1\ncurrency: EUR\ngoals: [{{id: arr, name: New ARR, {whole}}}]\n"
    );
    for (at, part) in parts.iter().enumerate() {
        block += &format!(
            "---\n# r{at}.yaml\nplan: Region {at}\nperiod: 2027-Q1\nextends: company.yaml\n\
             kpis: [{{id: arr-{at}, name: New ARR {at}, {part}, drives: [arr]}}]\n"
        );
    }
    block
}

#[test]
fn parts_are_added_only_where_they_clearly_are_parts() {
    let part = |target: &str| format!("metric: new-arr, target: {target}");
    let two = |one: &str, other: &str| regions("target: 1M", &[&part(one), &part(other)]);
    assert_eq!(
        said(&two("500k", "400k")),
        ["The parts of New ARR in Region 0 and Region 1 add up to 900k, 10% less than the 1M that it is to reach."]
    );
    assert_eq!(said(&two("700k", "400k")).len(), 1);
    assert_eq!(said(&regions("target: 1M", &[&part("700k"), &part("700k"), &part("500k")])).len(), 1);
    for block in [
        // Within the five per cent, to the last one of them.
        two("500k", "450k"),
        two("500k", "550k"),
        // One number that both carry.
        two("1M", "300k"),
        two("800k", "800k"),
        // No plain number.
        two("500k", "TBD"),
        two("500k", "+10%"),
        two("500k", "at least 300k"),
        two("500k", "30k/month"),
        two("500k", "300k..400k").replace("1M", "1M..2M"),
        // Another metric, or one that is not certain.
        regions("target: 1M", &[&part("500k"), "metric: mql, target: 400"]),
        regions("target: 1M", &[&part("500k"), "target: 400k"]),
        regions("target: 1M, counts: total", &[&part("500k"), &part("400k")]),
        // Another time, or another version of one plan.
        two("500k", "400k").replace("plan: Region 1\nperiod: 2027-Q1", "plan: Region 1\nperiod: 2027-02"),
        two("500k", "400k").replace("plan: Region 1\nperiod: 2027-Q1", "plan: Region 1"),
        two("700k", "400k").replace("plan: Region 1", "plan: Region 0"),
        // Another version of one plan, or a part of it.
        two("700k", "400k").replace("plan: Region 1\n", "plan: Region 0 (revised)\n"),
        // One whole, cut by region and by product, or with what marketing has a share in.
        regions("target: 1.2M", &[&part("700k"), &part("500k"), &part("800k"), &part("410k")]),
        regions("target: 1.2M", &[&part("700k"), &part("500k"), &part("400k")]),
        budgets("1M", &["600k", "400k", "700k"]),
        // A rate and a balance are never added.
        two("30%", "40%")
            .replace("metric: new-arr", "metric: win-rate")
            .replace("name: New ARR, target: 1M", "name: Win rate, target: 50%"),
        two("500k", "400k").replace("new-arr", "arr").replace("name: New ARR, target", "name: ARR, target"),
        // One part alone.
        regions("target: 1M", &[&part("500k")]),
    ] {
        assert_eq!(said(&block), Vec::<String>::new(), "{block}");
    }
}

/// Plans with a budget each, under a company with another.
fn budgets(whole: &str, parts: &[&str]) -> String {
    let head = |budget: &str| format!("period: 2027-Q1\ncurrency: EUR\nbudget: {{total: {budget}}}\n");
    let mut block = format!("# company.yaml\nplan: All\n{}kpis: [New MRR]\n", head(whole));
    for (at, part) in parts.iter().enumerate() {
        let head = head(part);
        block += &format!("---\n# r{at}.yaml\nplan: Region {at}\n{head}extends: company.yaml\nkpis: [MQLs]\n");
    }
    block
}

#[test]
fn a_surplus_is_told_where_no_choice_of_the_parts_makes_up_the_whole() {
    assert_eq!(said(&budgets("1M", &["600k", "450k", "300k"])).len(), 1);
    let many: Vec<String> = (0..20).map(|_| "metric: new-arr, target: 65k".to_owned()).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let twice: Vec<String> = (0..20).map(|at| format!("metric: new-arr, target: {}k", 90 + at)).collect();
    let twice: Vec<&str> = twice.iter().map(String::as_str).collect();
    assert_eq!(said(&regions("target: 995k", &twice)).len(), 0);
    // One number many times may be one number that all of them carry.
    assert_eq!(said(&regions("target: 1M", &many)).len(), 0);
    let many: Vec<String> = (0..20).map(|at| format!("metric: new-arr, target: {}k", 56 + at)).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(said(&regions("target: 1M", &many)).len(), 1);
}

#[test]
fn a_file_that_cannot_be_read_may_hold_what_is_missing() {
    for rule in rules_across() {
        for example in rule.page().bad() {
            let texts = Texts::of(example.yaml);
            let whole = texts.across(&texts.names()).findings;
            let needs_all = rule.name == "undriven-goal" || whole[0].message.contains(" less than ");
            let partial = texts.across_with_a_miss(&texts.names()).findings.len();
            assert_eq!(partial, usize::from(!needs_all), "{}", example.yaml);
        }
    }
}

#[test]
fn a_plan_that_leads_to_the_whole_without_a_number_may_bring_the_rest() {
    let part = |target: &str| format!("metric: new-arr, target: {target}");
    let third =
        "---\n# m.yaml\nplan: Marketing\nperiod: 2027-Q1\nextends: company.yaml\nkpis: [{name: MQLs, drives: [arr]}]\n";
    let short = regions("target: 1M", &[&part("500k"), &part("300k")]);
    assert_eq!((said(&short).len(), said(&(short + third)).len()), (1, 0));
    let over = regions("target: 1M", &[&part("700k"), &part("600k")]);
    assert_eq!(said(&(over + third)).len(), 1);
}

#[test]
fn the_parts_of_a_part_are_counted_in_that_one() {
    let block = "# company.yaml\nplan: All\nperiod: 2027-Q1\ngoals: [{id: arr, name: New ARR, target: 1M}]\n---\n\
        # north.yaml\nplan: North\nperiod: 2027-Q1\nextends: company.yaml\nkpis: [{id: n, name: North, metric: new-arr, target: 600k, drives: [arr]}]\n---\n\
        # south.yaml\nplan: South\nperiod: 2027-Q1\nextends: company.yaml\nkpis: [{id: s, name: South, metric: new-arr, target: 400k, drives: [arr]}]\n---\n\
        # city.yaml\nplan: City\nperiod: 2027-Q1\nextends: north.yaml\nkpis: [{id: c, name: City, metric: new-arr, target: 350k, drives: [n, arr]}]\n---\n\
        # coast.yaml\nplan: Coast\nperiod: 2027-Q1\nextends: north.yaml\nkpis: [{id: o, name: Coast, metric: new-arr, target: 250k, drives: [n]}]\n";
    assert_eq!(said(block), Vec::<String>::new());
}

#[test]
fn budgets_are_short_only_where_all_plans_say_theirs_and_nothing_else_is_spent() {
    let plans = |whole: &str, parts: [&str; 2]| {
        let [one, other] = parts;
        format!(
            "# company.yaml\nplan: All\nperiod: 2027-Q1\nkpis: [New MRR]\n{whole}\n---\n\
             # a.yaml\nplan: A\nperiod: 2027-Q1\nextends: company.yaml\nkpis: [MQLs]\n{one}\n---\n\
             # b.yaml\nplan: B\nperiod: 2027-Q1\nextends: company.yaml\nkpis: [SQLs]\n{other}\n"
        )
    };
    let [small, large, none] = ["budget: {total: 100k}", "budget: {total: 250k}", ""];
    let whole = "budget: {total: 300k}";
    assert_eq!(
        said(&plans(whole, [small, large])),
        ["The budgets of A and B add up to 350k, 16.7% more than the 300k of All."]
    );
    assert_eq!(said(&plans(whole, [small, "budget: {total: 90k}"])).len(), 1);
    for block in [
        plans(whole, [small, none]),
        plans(whole, [small, "budget: {total: 300k}"]),
        plans("budget: {total: 300k, reserve: 110k}", [small, "budget: {total: 90k}"]),
        plans(&format!("{whole}\ninitiatives: [{{name: Fair, budget: 100k}}]"), [small, "budget: {total: 90k}"]),
        plans(whole, [small, large]).replace("plan: B\nperiod: 2027-Q1", "plan: B\nperiod: 2027-Q2"),
    ] {
        assert_eq!(said(&block), Vec::<String>::new(), "{block}");
    }
}

// ---- standing

#[test]
fn a_waiver_of_the_plan_in_which_it_is_shown_accepts_it_and_is_never_unused() {
    let clash = leads("name: MQLs", "name: Leads");
    let waived =
        format!("{clash}waivers: [{{rule: clashing-ids, on: leads, because: renamed in spring, until: 2027-03-31}}]\n");
    let found = across(&waived).findings;
    assert_eq!(found[0].waiver.as_ref().and_then(|waiver| waiver.because.as_deref()), Some("renamed in spring"));
    assert_eq!(said(&waived.replace("2027-03-31", "2027-01-01")).len(), 1, "it is over");
    assert_eq!(said(&waived.replace("on: leads", "on: plan").replace("clashing-ids", "parts-do-not-add-up")).len(), 1);
    let alone = "plan: P\nkpis: [{id: leads, name: Leads}]\n\
                 waivers: [{rule: clashing-ids, on: leads, because: renamed in spring, until: 2027-03-31}]\n";
    assert!(support::findings(&support::audit(alone), "unused-waiver").is_empty());
}

#[test]
fn the_rules_say_how_grave_they_are_at_most() {
    for (rule, example) in all_examples() {
        for finding in across(example.yaml).findings {
            assert!(finding.severity <= rule.weight && finding.severity >= Severity::Low);
        }
    }
}
