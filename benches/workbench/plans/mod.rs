//! The plans of a planning repository: a company's plan for the year, and one for each of its teams and quarters, in the
//! language that the team writes. The same seed gives the same bytes on every machine.

#![allow(clippy::indexing_slicing, unreachable_pub, reason = "nothing comes in from outside, and the tests share it")]

mod languages;

use std::fmt::Write;

use languages::{LANGUAGES, Language};

/// A file of the repository.
pub struct File {
    /// Its path, with `/`.
    pub path: String,
    /// What it holds.
    pub text: String,
}

/// Plans of a company: the company's own, and one for each team and quarter.
const PLANS_OF_A_COMPANY: usize = 1 + TEAMS.len() * QUARTERS.len();

const TEAMS: [&str; 6] = ["dach", "iberia", "nordics", "poland", "partners", "lifecycle"];

/// Quarters with their first and last day.
const QUARTERS: [(&str, &str, &str); 4] = [
    ("2027-Q1", "2027-01-01", "2027-03-31"),
    ("2027-Q2", "2027-04-01", "2027-06-30"),
    ("2027-Q3", "2027-07-01", "2027-09-30"),
    ("2027-Q4", "2027-10-01", "2027-12-31"),
];

const PEOPLE: [&str; 16] = [
    "ines", "marta", "jonas", "hugo", "lena", "paul", "clara", "nadia", "david", "tomas", "inga", "rui", "ada", "eva",
    "kuba", "pavel",
];

/// The first files of a repository, as many as are asked for.
pub fn repository(files: usize, seed: u64) -> impl Iterator<Item = File> {
    (0..files).map(move |at| {
        let (company, of_company) = (at / PLANS_OF_A_COMPANY, at % PLANS_OF_A_COMPANY);
        let mut chance = Chance::new(seed, at as u64);
        let folder = format!("company-{company:03}");
        let Some(of_team) = of_company.checked_sub(1) else {
            let year = Plan::of_the_company(company, &mut chance);
            return File { path: format!("{folder}/company.yaml"), text: year.text(&mut chance) };
        };
        let (team, quarter) = (TEAMS[of_team / QUARTERS.len()], QUARTERS[of_team % QUARTERS.len()]);
        let text = match chance.one_in(20) {
            true => handed_down(team, quarter, &mut chance),
            false => Plan::of_a_team(company, team, quarter, &mut chance).text(&mut chance),
        };
        File { path: format!("{folder}/{}/{team}.yaml", quarter.0.to_lowercase()), text }
    })
}

/// One plan of about as many bytes: a company that keeps everything that it measures, sells and does in one file.
pub fn one_large(bytes: usize, seed: u64) -> String {
    let mut text = String::from("plan: Everything in one file\nperiod: 2027-Q1\ncurrency: EUR\nlocale: en\n");
    text.push_str("goals:\n  - {id: new-arr, name: New ARR, target: 40M, baseline: 36M, counts: added, by: 2027-03-31, owners: [sales]}\n");
    let mut chance = Chance::new(seed, 0);
    let mut part = |list: &str, share: usize, entry: fn(&mut String, usize, &mut Chance)| {
        let end = text.len() + bytes * share / 100;
        line(&mut text, format_args!("{list}:"));
        for at in 0.. {
            if text.len() >= end {
                break;
            }
            entry(&mut text, at, &mut chance);
        }
    };
    part("kpis", 50, |text, at, chance| {
        let language = chance.pick(&LANGUAGES);
        let (name, because) = (chance.pick(&language.kpis), language.because);
        let (target, owner, other) = (chance.between(200, 900), chance.person(), chance.person());
        line(
            text,
            format_args!(
                "  - id: kpi-{at}\n    name: {name} {at}\n    target: {target}\n    baseline: {}\n    by: 2027-03-31\n    cadence: weekly\n    \
                 owner: {owner}\n    source: {}\n    teams: [marketing, sales]\n    set_by: marketing\n    agreed_with: [marketing, sales]\n    \
                 agreed_on: 2026-12-08\n    drives: [new-arr]\n    because: {because}, as {other} has counted for the last six quarters of segment {at}\n    \
                 guarded_by: [kpi-{}]   # {}\n    budget: {}k",
                target * 9 / 10,
                language.crm,
                at.saturating_sub(1),
                language.comments[at % language.comments.len()],
                chance.between(2, 9),
            ),
        );
    });
    part("products", 15, |text, at, chance| {
        let price = chance.between(30, 120) * 100;
        line(
            text,
            format_args!(
                "  - {{id: product-{at}, name: Product line {at}, budget: {}k, new_customers: {}, cac: {}, cac_includes: [media, people, tools],\n     \
                 revenue_from: finance, price: {price}, billing: yearly, gross_margin: 80%, monthly_churn: 1.7%, customers: 260,\n     \
                 channels: [partners, email], stage: grow, doubts: []}}",
                price * 69 * 30 / 100 / 1000,
                30,
                price * 69 / 100,
            ),
        );
    });
    part("initiatives", 35, |text, at, chance| {
        let language = chance.pick(&LANGUAGES);
        let (name, owner) = (chance.pick(&language.initiatives), chance.person());
        line(
            text,
            format_args!(
                "  - name: {name} {at}\n    kind: campaign\n    purpose: capture\n    serves: [kpi-{at}]\n    priority: should\n    rank: {}\n    \
                 effort: {} days\n    budget: {}k\n    owner: {owner}\n    confirmed: 2026-12-15\n    start: 2027-01-11\n    end: 2027-03-19\n    \
                 problem: {}   # {}",
                at + 1,
                chance.between(1, 20),
                chance.between(1, 9),
                language.problem,
                language.comments[at % language.comments.len()],
            ),
        );
    });
    text
}

/// A plan as it is often handed down: a goal, some sentences, an even split.
fn handed_down(team: &str, (quarter, ..): (&str, &str, &str), chance: &mut Chance) -> String {
    let language = chance.pick(&LANGUAGES);
    let mut text = format!(
        "# {}\nplan: {team} {quarter}\nperiod: {quarter}\ncurrency: EUR\ngoals: [{{name: {}, target: 1.2M}}]\nkpis:\n",
        language.comments[0], language.goal
    );
    for name in language.kpis {
        line(
            &mut text,
            format_args!("  - {name}\n  - {{name: {}, target: {}}}", language.followers, chance.between(1, 90) * 1000),
        );
    }
    line(
        &mut text,
        format_args!(
            "products: [{{name: Core, budget: 60k}}, {{name: Pro, budget: 60k}}, {{name: Lite, budget: 60k}}]\ninitiatives:"
        ),
    );
    for name in language.initiatives {
        for wave in 1..6 {
            line(
                &mut text,
                format_args!(
                    "  - {{name: {name} ({wave}), owner: {}, budget: {}k}}   # {}",
                    chance.person(),
                    chance.between(2, 30),
                    language.comments[1]
                ),
            );
        }
    }
    text
}

/// What a sound plan is made of; the figures agree with each other.
struct Plan {
    name: String,
    period: (&'static str, &'static str, &'static str),
    extends: Option<&'static str>,
    language: &'static Language,
    /// Leads that the funnel begins with.
    leads: usize,
    /// Percent of leads that qualify, of those that become opportunities, and of those that are won.
    rates: [usize; 3],
    /// What a customer pays a year.
    price: usize,
}

impl Plan {
    fn of_the_company(company: usize, chance: &mut Chance) -> Self {
        let period = ("2027", "2027-01-01", "2027-12-31");
        Self::new(format!("Company {company}, plan of the year"), period, None, &LANGUAGES[0], chance)
    }

    fn of_a_team(
        company: usize,
        team: &str,
        quarter: (&'static str, &'static str, &'static str),
        chance: &mut Chance,
    ) -> Self {
        let language = match team {
            "iberia" => chance.pick(&LANGUAGES[1..4]),
            "poland" => &LANGUAGES[4],
            _ => &LANGUAGES[0],
        };
        // About half of the teams link to the company's plan.
        let extends = chance.one_in(2).then_some("../company.yaml");
        Self::new(format!("Company {company}, {team}, {}", quarter.0), quarter, extends, language, chance)
    }

    fn new(
        name: String,
        period: (&'static str, &'static str, &'static str),
        extends: Option<&'static str>,
        language: &'static Language,
        chance: &mut Chance,
    ) -> Self {
        let rates = [chance.between(30, 42), chance.between(38, 50), chance.between(20, 28)];
        Self {
            name,
            period,
            extends,
            language,
            leads: chance.between(20, 90) * 20,
            rates,
            price: chance.between(30, 120) * 100,
        }
    }

    fn qualified(&self) -> usize {
        self.leads * self.rates[0] / 100
    }

    fn customers(&self) -> usize {
        self.qualified() * self.rates[1] * self.rates[2] / 10_000
    }

    /// New revenue a year, in thousands, and somewhat less than the funnel carries.
    fn target(&self) -> usize {
        self.customers() * self.price * 94 / 100 / 1000
    }

    fn cac(&self) -> usize {
        self.price * 69 / 100
    }

    /// Marketing money of the main product, in thousands.
    fn product_budget(&self) -> usize {
        self.customers() * self.cac() / 1000
    }

    fn text(&self, chance: &mut Chance) -> String {
        let mut text = String::with_capacity(8 << 10);
        self.head(&mut text, chance);
        self.goals(&mut text, chance);
        self.kpis(&mut text, chance);
        self.products(&mut text, chance);
        self.funnel(&mut text);
        self.budget(&mut text);
        self.initiatives(&mut text, chance);
        self.agreements(&mut text, chance);
        text
    }

    fn head(&self, text: &mut String, chance: &mut Chance) {
        let language = self.language;
        for comment in language.comments.iter().take(chance.between(1, 3)) {
            line(text, format_args!("# {comment}"));
        }
        line(
            text,
            format_args!("plan: {}\nperiod: {}\ncurrency: EUR\nlocale: {}", self.name, self.period.0, language.locale),
        );
        line(
            text,
            format_args!(
                "business_model: subscription\nmotion: sales-led\nsegment: mid-market\nstage: grow\ndecided_on: 2026-12-15"
            ),
        );
        line(
            text,
            format_args!("workshop: {{date: 2026-12-08, decide: [clara, david], execute: [ines, marta, nadia, paul]}}"),
        );
        if let Some(company) = self.extends {
            line(text, format_args!("extends: {company}"));
        }
        line(text, format_args!("guidepoint: >-\n  {} {}k ({}).\n", language.guidepoint, self.target(), self.period.2));
    }

    fn goals(&self, text: &mut String, chance: &mut Chance) {
        let (language, target, end) = (self.language, self.target(), self.period.2);
        line(
            text,
            format_args!(
                "goals:\n  - id: team-arr\n    name: {}\n    outcome: revenue\n    target: {target}k",
                language.goal
            ),
        );
        line(
            text,
            format_args!(
                "    baseline: {}k\n    counts: added\n    by: {end}\n    owners: [marketing, sales]",
                target * 93 / 100
            ),
        );
        line(text, format_args!("    # {}", language.comments[2]));
        let qualified = self.qualified();
        line(
            text,
            format_args!(
                "    kpis:\n      - {{id: sql, name: {}, role: north-star, target: {qualified}, baseline: {}, cadence: weekly, owner: {}, source: {}, teams: [marketing, sales],\n         \
             depends_on: [sales], set_by: marketing, guarded_by: [win-rate], agreed_with: &room [marketing, sales], agreed_on: 2026-12-08}}\n",
                language.sql,
                qualified * 92 / 100,
                chance.person(),
                language.crm
            ),
        );
    }

    fn kpis(&self, text: &mut String, chance: &mut Chance) {
        let (language, end) = (self.language, self.period.2);
        let drives = if self.extends.is_some() && chance.one_in(2) { "[sql, team-arr]" } else { "[sql]" };
        line(
            text,
            format_args!(
                "kpis:\n  - id: leads\n    name: {}\n    product: main\n    target: {}\n    baseline: {}\n    by: {end}\n    cadence: weekly\n    owner: {}\n    \
             source: {}\n    teams: [marketing, sales]\n    set_by: marketing\n    agreed_with: *room\n    agreed_on: 2026-12-08\n    drives: {drives}\n    \
             because: {}\n    guarded_by: [lead-rate]\n    unit_cost: {}\n    organic: {}",
                language.leads,
                self.leads,
                self.leads * 9 / 10,
                chance.person(),
                language.crm,
                language.because,
                self.product_budget() * 1000 / (self.leads * 2),
                self.leads / 5
            ),
        );
        line(
            text,
            format_args!(
                "  - {{id: churn, name: {}, product: main, target: 1.6%, baseline: 1.7%, by: {end}, cadence: monthly, owner: {},\n     source: {}, \
             teams: [customer-success, marketing], set_by: customer-success, agreed_with: *room, guarded_by: [gross-margin]}}",
                language.churn,
                chance.person(),
                language.finance
            ),
        );
        if !chance.one_in(3) {
            // A brand moves in a year; some want it within the quarter.
            let by = if chance.one_in(4) { end } else { "2027-12-31" };
            line(
                text,
                format_args!(
                    "  - {{id: awareness, name: {}, role: leading, target: +2 pp, baseline: 14%, by: {by}, cadence: quarterly, owner: {},\n     \
                 source: {}, teams: [marketing], set_by: marketing, agreed_with: *room, drives: [leads], guarded_by: [lead-rate],\n     because: {}}}",
                    language.awareness,
                    chance.person(),
                    language.finance,
                    language.because
                ),
            );
        }
        // What a repository lives with: a number that leads nowhere, a target from above, a KPI that is half filled in.
        if chance.one_in(3) {
            line(
                text,
                format_args!(
                    "  - {{id: followers, name: {}, target: {}, baseline: 8400, by: {end}, cadence: weekly, owner: {}, teams: [marketing], set_by: marketing}}",
                    language.followers,
                    chance.between(90, 150) * 100,
                    chance.person()
                ),
            );
        }
        if chance.one_in(4) {
            line(
                text,
                format_args!(
                    "  - {{id: roas, name: ROAS, target: 4, baseline: 2.4, by: {end}, cadence: weekly, owner: {}, set_by: finance, agreed_with: []}}   # {}",
                    chance.person(),
                    language.comments[1]
                ),
            );
        }
        line(
            text,
            format_args!(
                "  # {}\n  - {{id: lead-rate, name: {}, role: guardrail, baseline: {}%, keep: 5%, owner: {}, teams: [sales, marketing], set_by: sales}}",
                language.comments[0],
                language.lead_rate,
                self.rates[0],
                chance.person()
            ),
        );
        line(
            text,
            format_args!(
                "  - {{id: win-rate, name: {}, role: guardrail, baseline: {}%, keep: 5%, owner: {}, teams: [sales], set_by: sales}}",
                language.win_rate,
                self.rates[2],
                chance.person()
            ),
        );
        line(
            text,
            format_args!(
                "  - {{id: gross-margin, name: {}, role: guardrail, baseline: 79%, keep: 2%, owner: david, teams: [finance], set_by: finance}}\n",
                language.margin
            ),
        );
    }

    fn products(&self, text: &mut String, chance: &mut Chance) {
        line(
            text,
            format_args!(
                "products:\n  - {{id: main, name: Planner, budget: {}k, new_customers: {}, cac: {}, cac_includes: [media, people, tools],\n     \
             revenue_from: finance, price: {}, billing: yearly, gross_margin: 80%, monthly_churn: 1.7%, customers: 260,\n     \
             channels: [paid-search], stage: grow, doubts: []}}",
                self.product_budget(),
                self.customers(),
                self.cac(),
                self.price
            ),
        );
        let (price, customers) = (self.price / 2, self.customers() / 3 + 8);
        let margin = chance.between(62, 82);
        line(
            text,
            format_args!(
                "  - {{id: second, name: Audit, budget: {}k, new_customers: {customers}, cac: {}, cac_includes: [media, people, tools],\n     \
             revenue_from: finance, price: {price}, billing: yearly, gross_margin: {margin}%, monthly_churn: 1.8%, customers: 90,\n     \
             channels: [partners, email], stage: grow, sold_after: main, sold_through: [in-product, lifecycle]}}\n",
                customers * price * 67 / 100 / 1000,
                price * 67 / 100
            ),
        );
    }

    fn funnel(&self, text: &mut String) {
        let (language, [first, second, third]) = (self.language, self.rates);
        line(
            text,
            format_args!(
                "funnels:\n  - goal: team-arr                   # {} x {first}% x {second}% x {third}% x {}\n    cycle: 5 days\n    stages:",
                self.leads, self.price
            ),
        );
        line(
            text,
            format_args!(
                "      - {{name: {}, kpi: leads, to_next: {}%..{}%, was: {first}%}}",
                language.leads,
                first - 2,
                first + 2
            ),
        );
        line(text, format_args!("      - {{name: {}, kpi: sql, to_next: {second}%, was: {second}%}}", language.sql));
        line(
            text,
            format_args!(
                "      - {{name: {}, to_next: {}%..{}%, was: {third}%}}",
                language.opportunity,
                third - 2,
                third + 2
            ),
        );
        line(text, format_args!("      - {{name: {}, value: {}}}\n", language.customer, self.price));
    }

    /// Marketing money in thousands: twice that of the main product.
    fn total(&self) -> usize {
        (self.product_budget() * 2).max(40)
    }

    fn budget(&self, text: &mut String) {
        let total = self.total();
        let (creation, capture, reserve) = (total * 3 / 10, total / 2, total / 15);
        line(
            text,
            format_args!(
                "budget: {{total: {total}k, last: {}k, creation: {creation}k, capture: {capture}k, retention: {}k, reserve: {reserve}k}}\n",
                total * 93 / 100,
                total - creation - capture - reserve
            ),
        );
        line(
            text,
            format_args!(
                "teams:\n  marketing: {{people: 5, members: [ines, marta, jonas, hugo, lena, tomas, inga], capacity: 260 days, budget: {total}k}}\n  \
             sales: {{people: 8, members: [paul, clara, rui, ada, kuba], budget: {}k}}\n  \
             customer-success: {{people: 4, members: [nadia, eva, pavel], capacity: 120 days}}\n",
                total * 2
            ),
        );
    }

    fn initiatives(&self, text: &mut String, chance: &mut Chance) {
        const WORK: [(&str, &str, &str, &str, usize); 6] = [
            ("campaign", "capture", "[leads]", "must", 27),
            ("lifecycle", "retention", "[churn]", "must", 10),
            ("event", "capture", "[sql]", "should", 20),
            ("content", "creation", "[leads]", "should", 15),
            ("website", "capture", "[lead-rate]", "could", 9),
            ("content", "creation", "[leads, sql]", "could", 12),
        ];
        let (language, (_, start, end)) = (self.language, self.period);
        line(text, format_args!("initiatives:"));
        for (at, ((kind, purpose, serves, priority, share), name)) in
            WORK.into_iter().zip(language.initiatives).enumerate()
        {
            let more = match kind {
                "campaign" => format!(
                    ", review: {end},\n     success: [{{measure: {}, at_least: 4%, of: 16k, hope: 4.5%}}], stop_if: {}",
                    language.leads, language.stop_if
                ),
                "website" => format!(",\n     problem: {}", language.problem),
                _ => String::new(),
            };
            line(
                text,
                format_args!(
                    "  - {{name: {name}, kind: {kind}, purpose: {purpose}, serves: {serves}, priority: {priority}, rank: {}, effort: {} days,\n     \
                 budget: {}k, channels: [{}], owner: {}, requested: 2026-11-20, confirmed: 2026-12-15, start: {start}, end: {end}{}}}",
                    at + 1,
                    chance.between(10, 35),
                    self.total() * share / 100,
                    ["paid-search", "email", "partners", "podcasts"][at % 4],
                    chance.person(),
                    more
                ),
            );
        }
        if chance.one_in(2) {
            line(
                text,
                format_args!(
                    "  - {{name: {} (2), kind: experiment, purpose: capture, serves: [leads], priority: could, rank: 7, effort: 12 days, budget: 3k,\n     \
                 owner: {}, start: {start}, end: {end}, review: {end}, status: planned,\n     \
                 success: [{{measure: {}, at_least: 5%, of: 240, hope: 8%}}], stop_if: {}}}",
                    language.initiatives[5],
                    chance.person(),
                    language.leads,
                    language.stop_if
                ),
            );
        }
        line(
            text,
            format_args!(
                "  - {{name: CRM, kind: upkeep, serves: [sql], priority: should, rank: 8, effort: 8 days, owner: hugo}}\n"
            ),
        );
    }

    fn agreements(&self, text: &mut String, chance: &mut Chance) {
        let language = self.language;
        line(
            text,
            format_args!(
                "handoffs:\n  - {{from: marketing, to: sales, leads: hand-raisers, stage: {}, volume: {}, every: monday, fit: 60%, respond_within: 1 hour,\n     \
             handling: 20 minutes, hours: {} hours, measured_by: lead-rate, feedback: weekly,\n     qualified: {}}}",
                language.leads,
                self.leads / 13,
                self.leads / 39 + 4,
                language.qualified
            ),
        );
        if text.contains("id: followers") && chance.one_in(2) {
            line(
                text,
                format_args!(
                    "\nwaivers:\n  - rule: vanity-metric             # {}\n    on: followers\n    because: {}\n    until: {}",
                    language.comments[1], language.problem, self.period.2
                ),
            );
        }
    }
}

/// Adds a line. Writing to a string cannot fail.
fn line(text: &mut String, line: std::fmt::Arguments<'_>) {
    let _ = writeln!(text, "{line}");
}

/// A small generator of numbers (SplitMix64), so that the plans need no crate.
struct Chance(u64);

impl Chance {
    fn new(seed: u64, stream: u64) -> Self {
        let mut mixed = Self(seed ^ stream.wrapping_mul(0xd134_2543_de82_ef95));
        mixed.next();
        mixed
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn between(&mut self, least: usize, most: usize) -> usize {
        least + (self.next() % (most - least + 1) as u64) as usize
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.between(1, n) == 1
    }

    fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.between(0, list.len() - 1)]
    }

    fn person(&mut self) -> &'static str {
        PEOPLE[self.between(0, PEOPLE.len() - 1)]
    }
}
