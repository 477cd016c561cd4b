//! How money is spread over products, what the best split of it would gain, and a split that people can work with.
//!
//! # Evenness
//! The effective number of products is 1/Σs² over budget shares s: Hill's diversity number of order
//! 2 (M. O. Hill, "Diversity and Evenness", Ecology 54, 1973), the inverse of the Herfindahl index.
//! Over the number n of funded products it is the evenness: 1 where all get the same, 1/n at worst.
//!
//! # Best split and regret
//! A convention, to be printed with its result: a product whose LTV:CAC is r at today's spend x₀
//! returns r·x₀·(x/x₀)^a of lifetime gross profit at spend x, with a = 0.5. Returns diminish, and at
//! today's spend the product returns what it does today. Measured elasticities of advertising are
//! mostly lower (on average 0.12 at short term and 0.24 at long term: Sethuraman, Tellis and Briesch,
//! Journal of Marketing Research 48, 2011); a lower a moves less money and shows less to gain. The
//! split of a fixed total that returns most is ∝ x₀·r^(1/(1−a)). Regret is what it would gain over today.
//!
//! # The proposal
//! Only products that have money, and are not to be held, take part; "the money" is theirs.
//!
//! 1. With LTV:CAC for two or more of them, it decides, and those without it are held too. Otherwise
//!    the order of preference that the caller gives decides.
//! 2. A step is chosen: 1, 2, 2.5 or 5 times a power of ten, the largest that is at most a twentieth
//!    of the money. All amounts are whole steps; what the money has beyond whole steps goes to the
//!    first door-opener.
//! 3. Door-openers are ready, not sold after another product, do not lose on a customer (LTV:CAC of
//!    1 or more, where known), hold at least half of an even share today, and can reach their viable
//!    minimum. The first is the one of highest LTV:CAC, else of first preference. There is a second:
//!    by LTV:CAC where the best split gives it no less than today and the first cannot take all; by
//!    preference where the first, doubled, would hold under 40%.
//! 4. No product gets over twice its money; one that is not ready or loses on each customer gets no more
//!    than today. Without LTV:CAC only door-openers get more.
//! 5. 10% of the money goes to the products that are not door-openers, to explore. The rest goes,
//!    without LTV:CAC, first to the door-openers. Each step goes where it returns most by the curve
//!    above (without LTV:CAC, as if all were alike), which is the best there is in whole steps.
//! 6. A product left with some money, but less than its viable minimum, gets none, and the rest is
//!    handed out again; where the others cannot take it, the product gets its minimum instead.
//! 7. If a guard is broken, nothing changes, or nothing is gained, the next smaller step is tried.
//!    Where none does, there is no proposal.

use super::economics::BREAK_EVEN_LTV_TO_CAC;
use crate::settings::{EXPLORE_SHARE, LEADING_SHARE, MOST_GROWTH, RETURNS_POWER, Settings};

/// A door-opener holds at least this part of an even share today: doubled, it still carries weight.
const LEAST_OF_AN_EVEN_SHARE: f64 = 0.5;

/// The money is at least this many of the first step tried: an amount is no rounder than 5%.
const FEWEST_STEPS: u64 = 20;

/// The money is at most this many of the last step tried: finer amounts are not of human size.
const MOST_STEPS: u64 = 2000;

/// What a product in doubt is taken to return beside one that is ready, where LTV:CAC is known of neither: by returns of
/// power 0.5 it then gets a quarter as much.
const WORTH_IN_DOUBT: f64 = 0.5;

/// A gain below this, as a share of today's gross profit, is rounding.
const LEAST_GAIN: f64 = 1e-9;

/// More products than this cannot be talked through one by one.
const MOST_PRODUCTS: usize = 100;

/// Above this many cents a number no longer tells one cent from the next (2^53).
const MOST_CENTS: f64 = 9_007_199_254_740_992.0;

const CENTS: f64 = 100.0;

/// The numbers that a split agrees on beforehand, all settable.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SplitConventions {
    /// The power of returns, over 0 and under 1: [`RETURNS_POWER`].
    pub returns_power: f64,
    /// The share kept to explore, 0 to 1: [`EXPLORE_SHARE`].
    pub explore_share: f64,
    /// The largest multiple of its money that a product is given: [`MOST_GROWTH`].
    pub most_growth: f64,
    /// The share at which one product leads: [`LEADING_SHARE`].
    pub leading_share: f64,
}

impl SplitConventions {
    /// As the settings have them.
    pub fn new(settings: &Settings) -> Self {
        Self {
            returns_power: settings.convention(&RETURNS_POWER),
            explore_share: settings.convention(&EXPLORE_SHARE),
            most_growth: settings.convention(&MOST_GROWTH),
            leading_share: settings.convention(&LEADING_SHARE),
        }
    }
}

impl Default for SplitConventions {
    fn default() -> Self {
        Self::new(&Settings::default())
    }
}

/// A product with money and, where known, what a unit of it brings back.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Funded {
    /// Money today.
    pub money: f64,
    /// LTV:CAC at that money; a product without it is held in every split.
    pub ltv_to_cac: Option<f64>,
}

/// A product as a proposal sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    /// Money today, in currency.
    pub money: f64,
    /// LTV:CAC at that money, where known on enough customers.
    pub ltv_to_cac: Option<f64>,
    /// The least money with which it can work, where known.
    pub minimum: Option<f64>,
    /// Its place among those that may open doors, the least first; `None` where it is sold after
    /// another product.
    pub opener_rank: Option<u32>,
    /// Whether nothing about it is in doubt.
    pub ready: bool,
    /// Whether its money must stay as it is.
    pub held: bool,
}

/// A split of the same money that people can work with.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// One for each candidate, in their order.
    pub lines: Vec<Line>,
    /// What decided.
    pub basis: Basis,
    /// The step of which all amounts but the first door-opener's are multiples, in currency.
    pub step: f64,
    /// What it gains in lifetime gross profit over today, by the returns curve: 0.15 is 15%; absent
    /// where preference decided.
    pub gain: Option<f64>,
}

/// One product of a proposal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// Money today.
    pub today: f64,
    /// Money proposed.
    pub proposed: f64,
    /// What the product is there for.
    pub role: Role,
}

/// What decided a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// LTV:CAC by product.
    LtvToCac,
    /// The caller's order of preference, since LTV:CAC is not known for two products.
    Preference,
}

/// What a product is there for in a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It wins the new customers, and is named first.
    DoorOpener,
    /// It keeps some money, to learn what it can do.
    Explore,
    /// It has no money of its own: it is sold to the customers of the others.
    FollowOn,
    /// It stays as it is.
    Held,
}

/// Each amount as a share of all; `None` where one is negative or not finite, or all are zero.
pub fn shares(money: &[f64]) -> Option<Vec<f64>> {
    let valid = money.iter().all(|amount| amount.is_finite() && *amount >= 0.0);
    let largest = money.iter().copied().fold(0.0, f64::max);
    if !valid || largest == 0.0 {
        return None;
    }
    // Relative to the largest, the sum of any amounts stays finite.
    let total: f64 = money.iter().map(|amount| amount / largest).sum();
    Some(money.iter().map(|amount| amount / largest / total).collect())
}

/// The number of equally funded products that would be as concentrated: 1/Σs², between 1 and n.
///
/// `None` where no share is above zero.
pub fn effective_number(shares: &[f64]) -> Option<f64> {
    let concentration: f64 = shares.iter().map(|share| share * share).sum();
    (concentration > 0.0).then(|| 1.0 / concentration)
}

/// The effective number over the number of products with a share above zero: 1 where all are equal.
pub fn evenness(shares: &[f64]) -> Option<f64> {
    let funded = shares.iter().filter(|share| **share > 0.0).count();
    Some(effective_number(shares)? / funded as f64)
}

/// The split that returns most of the money of the products with a known LTV:CAC, under returns of
/// `power`; the others keep theirs.
///
/// Unchanged where `power` is not between 0 and 1, or nothing returns anything.
pub fn best_split(today: &[Funded], power: f64) -> Vec<f64> {
    let unchanged = || today.iter().map(|product| product.money).collect();
    if !(power > 0.0 && power < 1.0) {
        return unchanged();
    }
    let exponent = 1.0 / (1.0 - power);
    let best = today.iter().filter_map(Funded::worth).fold(0.0, f64::max);
    let pull = |product: &Funded, worth: f64| product.money * (worth / best).powf(exponent);
    let known = || today.iter().filter_map(|product| Some((product, product.worth()?)));
    let total: f64 = known().map(|(product, _)| product.money).sum();
    let pulls: f64 = known().map(|(product, worth)| pull(product, worth)).sum();
    if !(pulls > 0.0 && pulls.is_finite() && total.is_finite()) {
        return unchanged();
    }
    let share = |product: &Funded| match product.worth() {
        Some(worth) => total * (pull(product, worth) / pulls),
        None => product.money,
    };
    today.iter().map(share).collect()
}

/// What `split` gains in lifetime gross profit over today, as a share of today's: 0.176 is 17.6%.
///
/// Counts the products with a known LTV:CAC, under returns of `power`. `None` where they return
/// nothing today.
pub fn gain(today: &[Funded], split: &[f64], power: f64) -> Option<f64> {
    let now: f64 = today.iter().map(|product| product.returns(product.money, power)).sum();
    let then: f64 = today.iter().zip(split).map(|(product, money)| product.returns(*money, power)).sum();
    let gain = then / now - 1.0;
    (now > 0.0 && gain.is_finite()).then_some(gain)
}

/// What today's split forgoes: the gain of [`best_split`], never below zero.
pub fn regret(today: &[Funded], power: f64) -> Option<f64> {
    Some(gain(today, &best_split(today, power), power)?.max(0.0))
}

/// A split of the candidates' money that people can work with, by the steps in this file's head;
/// `None` where no split keeps every guard and betters today's.
pub fn proposal(candidates: &[Candidate], conventions: &SplitConventions) -> Option<Proposal> {
    let sound = |amount: f64| amount.is_finite() && amount >= 0.0;
    let amounts = candidates.iter().flat_map(|product| [Some(product.money), product.minimum]);
    if !amounts.flatten().all(sound) || !(0.0..=1.0).contains(&conventions.explore_share) {
        return None;
    }
    let split = Split::of(candidates, conventions)?;
    steps(split.total).find_map(|step| split.proposal(candidates, step))
}

impl Funded {
    /// A customer that costs more than nothing is worth nothing at worst.
    fn worth(&self) -> Option<f64> {
        let known = self.ltv_to_cac.filter(|ratio| ratio.is_finite());
        known.map(|ratio| ratio.max(0.0))
    }

    fn returns(&self, money: f64, power: f64) -> f64 {
        match self.worth() {
            Some(worth) if self.money > 0.0 => worth * self.money * (money / self.money).powf(power),
            _ => 0.0,
        }
    }
}

/// The products among which money moves, with what bounds them, in cents.
#[derive(Debug, Clone)]
struct Split {
    lanes: Vec<Lane>,
    basis: Basis,
    power: f64,
    total: u64,
    explore: u64,
}

#[derive(Debug, Clone)]
struct Lane {
    candidate: usize,
    money_today: f64,
    /// The same in cents, rounded.
    today: u64,
    /// Absent for all where preference decides, which makes them alike.
    ltv_to_cac: Option<f64>,
    ready: bool,
    rank: Option<u32>,
    minimum: u64,
    cap: u64,
    opener: Opener,
    fate: Fate,
    money: u64,
    /// What the next step would bring, by the returns curve.
    next: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Opener {
    First,
    Second,
    No,
}

/// What becomes of a product that its share would leave under its viable minimum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Free,
    Unfunded,
    AtLeastItsMinimum,
}

impl Split {
    fn of(candidates: &[Candidate], conventions: &SplitConventions) -> Option<Self> {
        let movable = |product: &&Candidate| !product.held && product.money > 0.0;
        let known = candidates.iter().filter(movable).filter(|product| product.worth().is_some());
        let basis = if known.count() >= 2 { Basis::LtvToCac } else { Basis::Preference };
        let lanes: Vec<Lane> = candidates
            .iter()
            .enumerate()
            .filter(|(_, product)| movable(product))
            .filter(|(_, product)| basis == Basis::Preference || product.worth().is_some())
            .map(|(candidate, product)| Lane::of(candidate, product, basis, conventions))
            .collect();
        let money: f64 = lanes.iter().map(|lane| lane.money_today).sum();
        let cents = (money * CENTS).round();
        if lanes.len() > MOST_PRODUCTS || !(1.0..=MOST_CENTS).contains(&cents) {
            return None;
        }
        let mut split = Self {
            lanes,
            basis,
            power: conventions.returns_power,
            total: cents as u64,
            explore: (cents * conventions.explore_share).ceil() as u64,
        };
        split.name_openers(conventions.leading_share)?;
        split.bound_the_rest();
        Some(split)
    }

    /// Marks one or two door-openers; `None` where no product can be one.
    fn name_openers(&mut self, leading_share: f64) -> Option<()> {
        let least = LEAST_OF_AN_EVEN_SHARE * self.total as f64 / self.lanes.len() as f64;
        let basis = self.basis;
        let mut able: Vec<&mut Lane> = self.lanes.iter_mut().filter(|lane| lane.can_open(least)).collect();
        able.sort_by(|one, other| one.before(other, basis));
        let mut able = able.into_iter().map(|lane| lane.candidate);
        let first = able.next()?;
        let second = able.next();
        let first_cap = self.lane(first)?.cap;
        let wanted = match (basis, second) {
            (_, None) => false,
            // One product beside the door-openers is needed to explore.
            _ if self.lanes.len() < 3 => false,
            (Basis::Preference, Some(_)) => (first_cap as f64) < leading_share * self.total as f64,
            (Basis::LtvToCac, Some(second)) => {
                first_cap < self.total.saturating_sub(self.explore) && self.grows_in_the_best_split(second)
            }
        };
        for lane in &mut self.lanes {
            if lane.candidate == first {
                lane.opener = Opener::First;
            } else if wanted && Some(lane.candidate) == second {
                lane.opener = Opener::Second;
            }
            if lane.opener != Opener::No {
                lane.fate = Fate::AtLeastItsMinimum;
            }
        }
        Some(())
    }

    fn lane(&self, candidate: usize) -> Option<&Lane> {
        self.lanes.iter().find(|lane| lane.candidate == candidate)
    }

    fn grows_in_the_best_split(&self, candidate: usize) -> bool {
        let best = best_split(&self.funded(), self.power);
        let mut with_best = self.lanes.iter().zip(best);
        with_best.any(|(lane, best)| lane.candidate == candidate && best >= lane.money_today)
    }

    fn bound_the_rest(&mut self) {
        for lane in &mut self.lanes {
            if self.basis == Basis::Preference && lane.opener == Opener::No {
                lane.cap = lane.cap.min(cents_down(lane.money_today));
            }
            if lane.cap < lane.minimum {
                lane.fate = Fate::Unfunded;
            }
        }
    }

    fn funded(&self) -> Vec<Funded> {
        let funded = |lane: &Lane| Funded { money: lane.money_today, ltv_to_cac: lane.ltv_to_cac };
        self.lanes.iter().map(funded).collect()
    }

    fn proposal(&self, candidates: &[Candidate], step: u64) -> Option<Proposal> {
        let mut split = self.clone();
        split.hand_out_until_viable(step)?;
        let gain = match split.basis {
            Basis::LtvToCac => Some(split.gain().filter(|gain| *gain > LEAST_GAIN)?),
            Basis::Preference => None,
        };
        let grown = split.lanes.iter().any(|lane| lane.opener != Opener::No && lane.money > lane.today);
        if !grown || !split.keeps_every_guard() {
            return None;
        }
        let line = |(index, product): (usize, &Candidate)| match split.lane(index) {
            Some(lane) => Line { today: product.money, proposed: lane.money as f64 / CENTS, role: lane.role() },
            None => Line { today: product.money, proposed: product.money, role: product.role_aside() },
        };
        Some(Proposal {
            lines: candidates.iter().enumerate().map(line).collect(),
            basis: split.basis,
            step: step as f64 / CENTS,
            gain,
        })
    }

    fn gain(&self) -> Option<f64> {
        let money: Vec<f64> = self.lanes.iter().map(|lane| lane.money as f64 / CENTS).collect();
        gain(&self.funded(), &money, self.power)
    }

    /// Ends, since every round decides the fate of one more product.
    fn hand_out_until_viable(&mut self, step: u64) -> Option<()> {
        loop {
            self.hand_out(step)?;
            let basis = self.basis;
            let short = |lane: &&mut Lane| lane.money > 0 && lane.money < lane.minimum;
            let last = self.lanes.iter_mut().filter(short).max_by(|one, other| one.before(other, basis));
            let Some(lane) = last.map(|lane| lane.candidate) else {
                return Some(());
            };
            let fate = if self.others_can_take_all(lane, step) { Fate::Unfunded } else { Fate::AtLeastItsMinimum };
            for short in self.lanes.iter_mut().filter(|other| other.candidate == lane) {
                short.fate = fate;
            }
        }
    }

    fn others_can_take_all(&self, without: usize, step: u64) -> bool {
        let others = || {
            let open = |lane: &&Lane| lane.candidate != without && lane.fate != Fate::Unfunded;
            self.lanes.iter().filter(open)
        };
        let room = |lane: &Lane| lane.cap / step * step;
        let all: u64 = others().map(room).sum();
        let beside: u64 = others().filter(|lane| lane.opener == Opener::No).map(room).sum();
        all >= self.total / step * step && beside >= self.explore.div_ceil(step) * step
    }

    fn hand_out(&mut self, step: u64) -> Option<()> {
        let beyond_whole_steps = self.total % step;
        for lane in &mut self.lanes {
            lane.begin(beyond_whole_steps, step)?;
        }
        let began: u64 = self.lanes.iter().map(|lane| lane.money).sum();
        let exploring: u64 = self.lanes.iter().filter(|lane| lane.opener == Opener::No).map(|lane| lane.money).sum();
        let left = self.total.checked_sub(began)? / step;
        let to_explore = self.explore.saturating_sub(exploring).div_ceil(step);
        let to_all = left.checked_sub(to_explore)?;
        if self.hand_steps(to_explore, step, |lane| lane.opener == Opener::No) > 0 {
            return None;
        }
        let untaken = match self.basis {
            Basis::LtvToCac => self.hand_steps(to_all, step, |_| true),
            Basis::Preference => {
                let rest = self.hand_steps(to_all, step, |lane| lane.opener != Opener::No);
                self.hand_steps(rest, step, |lane| lane.opener == Opener::No)
            }
        };
        (untaken == 0).then_some(())
    }

    /// Gives each step to the one that it returns most from, and says how many nobody could take.
    ///
    /// Returns diminish, so that taking the best step each time is the best split in whole steps.
    fn hand_steps(&mut self, count: u64, step: u64, who: impl Fn(&Lane) -> bool) -> u64 {
        for lane in &mut self.lanes {
            lane.weigh(step, self.total, self.power);
        }
        for given in 0..count {
            let able = self.lanes.iter_mut().filter(|lane| who(lane) && lane.can_take(step));
            // The earlier product takes the step where two would return the same.
            let Some(best) = able.rev().max_by(|one, other| one.next.total_cmp(&other.next)) else {
                return count - given;
            };
            best.money += step;
            best.weigh(step, self.total, self.power);
        }
        0
    }

    fn keeps_every_guard(&self) -> bool {
        let spent: u64 = self.lanes.iter().map(|lane| lane.money).sum();
        let exploring: u64 = self.lanes.iter().filter(|lane| lane.opener == Opener::No).map(|lane| lane.money).sum();
        let bounded = |lane: &Lane| lane.money <= lane.cap && (lane.money == 0 || lane.money >= lane.minimum);
        spent == self.total && exploring >= self.explore && self.lanes.iter().all(bounded)
    }
}

impl Lane {
    fn of(candidate: usize, product: &Candidate, basis: Basis, conventions: &SplitConventions) -> Self {
        let loses = product.worth().is_some_and(|worth| worth < BREAK_EVEN_LTV_TO_CAC);
        let known = basis == Basis::LtvToCac;
        let may_gain = product.ready && (known || product.opener_rank.is_some()) && !loses;
        let growth = if may_gain { conventions.most_growth } else { conventions.most_growth.min(1.0) };
        Self {
            candidate,
            money_today: product.money,
            today: (product.money * CENTS).round() as u64,
            ltv_to_cac: product.worth().filter(|_| basis == Basis::LtvToCac),
            ready: product.ready,
            rank: product.opener_rank.filter(|_| may_gain),
            minimum: cents_up(product.minimum.unwrap_or(0.0)),
            cap: cents_down(product.money * growth),
            opener: Opener::No,
            fate: Fate::Free,
            money: 0,
            next: 0.0,
        }
    }

    fn can_open(&self, least: f64) -> bool {
        self.rank.is_some() && self.today as f64 >= least && self.cap >= self.minimum
    }

    /// Whether it comes before another as a door-opener; the later of two is the first to go unfunded.
    fn before(&self, other: &Self, basis: Basis) -> std::cmp::Ordering {
        let rank = |lane: &Self| lane.rank.unwrap_or(u32::MAX);
        let worth = |lane: &Self| match basis {
            Basis::LtvToCac => lane.ltv_to_cac.unwrap_or(0.0),
            Basis::Preference => 0.0,
        };
        worth(other)
            .total_cmp(&worth(self))
            .then(rank(self).cmp(&rank(other)))
            .then(other.today.cmp(&self.today))
            .then(self.candidate.cmp(&other.candidate))
    }

    /// Sets what it has before the steps are handed out; `None` where that is already too much.
    fn begin(&mut self, beyond_whole_steps: u64, step: u64) -> Option<()> {
        let base = if self.opener == Opener::First { beyond_whole_steps } else { 0 };
        self.money = match self.fate {
            Fate::Free => base,
            Fate::Unfunded => 0,
            Fate::AtLeastItsMinimum => base + self.minimum.saturating_sub(base).div_ceil(step) * step,
        };
        (self.money <= self.cap).then_some(())
    }

    fn can_take(&self, step: u64) -> bool {
        self.fate != Fate::Unfunded && self.money + step <= self.cap
    }

    fn weigh(&mut self, step: u64, total: u64, power: f64) {
        let share = |cents: u64| cents as f64 / total as f64;
        let curve = |cents: u64| share(cents).powf(power);
        // Where nothing else tells products apart, one in doubt comes after the others.
        let worth = self.ltv_to_cac.unwrap_or(if self.ready { 1.0 } else { WORTH_IN_DOUBT });
        let rise = curve(self.money + step) - curve(self.money);
        self.next = worth * share(self.today).powf(1.0 - power) * rise;
    }

    fn role(&self) -> Role {
        match self.opener {
            Opener::First | Opener::Second => Role::DoorOpener,
            Opener::No if self.money > 0 => Role::Explore,
            Opener::No => Role::FollowOn,
        }
    }
}

impl Candidate {
    fn worth(&self) -> Option<f64> {
        Funded { money: self.money, ltv_to_cac: self.ltv_to_cac }.worth()
    }

    /// The role of a product among which no money moves.
    fn role_aside(&self) -> Role {
        if self.held || self.money > 0.0 { Role::Held } else { Role::FollowOn }
    }
}

/// Round steps in cents, from large to small: whole 1, 2, 2.5 and 5 times powers of ten.
fn steps(total: u64) -> impl Iterator<Item = u64> {
    let largest = (total / FEWEST_STEPS).max(1);
    let smallest = (total / MOST_STEPS).max(1);
    let powers = (0..=17).rev().map(|exponent| 10_u64.pow(exponent));
    let round = powers.flat_map(|power| {
        let quarter = (power >= 10).then_some(power / 10 * 25);
        [Some(power * 5), quarter, Some(power * 2), Some(power)]
    });
    round.flatten().filter(move |step| (smallest..=largest).contains(step))
}

/// Whole cents, a fraction of one left out unless it is only rounding.
fn cents_down(money: f64) -> u64 {
    let cents = money * CENTS;
    if is_whole(cents) { cents.round() as u64 } else { cents.floor() as u64 }
}

fn cents_up(money: f64) -> u64 {
    let cents = money * CENTS;
    if is_whole(cents) { cents.round() as u64 } else { cents.ceil() as u64 }
}

fn is_whole(cents: f64) -> bool {
    let rounding = (2.0 * f64::EPSILON * cents).max(1e-6);
    (cents - cents.round()).abs() <= rounding
}

#[cfg(test)]
mod tests {
    use super::{
        Basis, Candidate, Funded, Proposal, Role, SplitConventions, best_split, effective_number, evenness, gain,
        proposal, regret, shares, steps,
    };
    use proptest::prelude::{Strategy, prop_assert, prop_assert_eq, prop_assume, proptest};
    use proptest::{collection, option};

    const HALF: f64 = 0.5;

    fn worked() -> Vec<Funded> {
        let product = |ratio| Funded { money: 25_000.0, ltv_to_cac: Some(ratio) };
        [5.0, 3.2, 1.5, 0.8].map(product).to_vec()
    }

    fn candidate(money: f64, ltv_to_cac: Option<f64>) -> Candidate {
        Candidate { money, ltv_to_cac, minimum: None, opener_rank: Some(0), ready: true, held: false }
    }

    fn even(count: usize, money: f64) -> Vec<Candidate> {
        vec![candidate(money, None); count]
    }

    fn of_worth(worth: &[(f64, f64)]) -> Vec<Candidate> {
        worth.iter().map(|(money, ratio)| candidate(*money, Some(*ratio))).collect()
    }

    fn propose(candidates: &[Candidate]) -> Option<Proposal> {
        proposal(candidates, &SplitConventions::default())
    }

    fn proposed(candidates: &[Candidate]) -> Vec<f64> {
        propose(candidates).unwrap().lines.iter().map(|line| line.proposed).collect()
    }

    fn roles(candidates: &[Candidate]) -> Vec<Role> {
        propose(candidates).unwrap().lines.iter().map(|line| line.role).collect()
    }

    #[test]
    fn the_worked_example_comes_out_to_the_digit() {
        let today = worked();
        let money: Vec<f64> = today.iter().map(|product| product.money).collect();
        let evenness = evenness(&shares(&money).unwrap()).unwrap();
        assert_eq!(format!("{evenness:.2}"), "1.00");
        let best: Vec<String> = best_split(&today, HALF).iter().map(|money| format!("{:.1}", money / 1000.0)).collect();
        assert_eq!(best, ["65.6", "26.9", "5.9", "1.7"]);
        let regret = regret(&today, HALF).unwrap();
        assert_eq!(format!("{:.1}", regret * 100.0), "17.6");
    }

    #[test]
    fn shares_of_nothing_or_of_less_than_nothing_do_not_exist() {
        assert_eq!(shares(&[]), None);
        assert_eq!(shares(&[0.0, 0.0]), None);
        assert_eq!(shares(&[1.0, -1.0]), None);
        assert_eq!(shares(&[1.0, f64::NAN]), None);
        assert_eq!(shares(&[f64::MAX, f64::MAX]), Some(vec![0.5, 0.5]));
        assert_eq!(effective_number(&[]), None);
    }

    #[test]
    fn evenness_counts_funded_products_only() {
        let shares = shares(&[50.0, 50.0, 0.0]).unwrap();
        assert_eq!(effective_number(&shares), Some(2.0));
        assert_eq!(evenness(&shares), Some(1.0));
        let one_leads = super::shares(&[97.0, 1.0, 1.0, 1.0]).unwrap();
        assert!(evenness(&one_leads).unwrap() < 0.27);
    }

    #[test]
    fn a_product_of_unknown_worth_keeps_its_money_in_the_best_split() {
        let mut today = worked();
        today.push(Funded { money: 40_000.0, ltv_to_cac: None });
        let best = best_split(&today, HALF);
        assert_eq!(best[4], 40_000.0);
        assert_eq!(format!("{:.1}", best[0] / 1000.0), "65.6");
        assert_eq!(format!("{:.3}", regret(&today, HALF).unwrap()), "0.176");
    }

    #[test]
    fn where_nothing_returns_anything_nothing_moves() {
        let today = [Funded { money: 10.0, ltv_to_cac: Some(0.0) }, Funded { money: 20.0, ltv_to_cac: None }];
        assert_eq!(best_split(&today, HALF), [10.0, 20.0]);
        assert_eq!(regret(&today, HALF), None);
        assert_eq!(best_split(&worked(), 1.0), [25_000.0; 4]);
        assert_eq!(best_split(&worked(), f64::NAN), [25_000.0; 4]);
    }

    #[test]
    fn the_worked_example_becomes_a_human_size_split() {
        let candidates = of_worth(&[(25e3, 5.0), (25e3, 3.2), (25e3, 1.5), (25e3, 0.8)]);
        let proposal = propose(&candidates).unwrap();
        assert_eq!(proposed(&candidates), [50_000.0, 35_000.0, 10_000.0, 5_000.0]);
        assert_eq!(roles(&candidates), [Role::DoorOpener, Role::DoorOpener, Role::Explore, Role::Explore]);
        assert_eq!(proposal.basis, Basis::LtvToCac);
        assert_eq!(proposal.step, 5_000.0);
        assert_eq!(format!("{:.1}", proposal.gain.unwrap() * 100.0), "15.8");
    }

    #[test]
    fn without_ltv_to_cac_the_preferred_product_leads() {
        let mut candidates = even(3, 60_000.0);
        candidates[1].opener_rank = None;
        candidates[0].opener_rank = Some(1);
        assert_eq!(proposed(&candidates), [30_000.0, 30_000.0, 120_000.0]);
        assert_eq!(roles(&candidates), [Role::Explore, Role::Explore, Role::DoorOpener]);
        let proposal = propose(&candidates).unwrap();
        assert_eq!((proposal.basis, proposal.gain), (Basis::Preference, None));
    }

    #[test]
    fn a_second_door_opener_is_named_where_one_doubled_does_not_lead() {
        let openers = |count| {
            let roles = roles(&even(count, 10_000.0));
            roles.iter().filter(|role| **role == Role::DoorOpener).count()
        };
        assert_eq!([openers(3), openers(5), openers(6)], [1, 1, 2]);
    }

    #[test]
    fn cents_beyond_round_numbers_stay_with_the_door_opener() {
        let candidates = of_worth(&[(33_334.01, 1.2), (33_333.5, 4.0), (33_333.5, 1.1)]);
        let proposed = proposed(&candidates);
        assert_eq!(proposed[0] % 5_000.0, 0.0);
        assert_eq!(proposed[2] % 5_000.0, 0.0);
        assert_eq!(format!("{:.2}", proposed[1] % 5_000.0), "1.01");
        assert_eq!(format!("{:.2}", proposed.iter().sum::<f64>()), "100001.01");
    }

    #[test]
    fn a_product_that_would_fall_under_its_minimum_goes_unfunded() {
        let mut candidates = of_worth(&[(25e3, 5.0), (25e3, 3.2), (25e3, 1.5), (25e3, 0.8)]);
        candidates[3].minimum = Some(8_000.0);
        assert_eq!(proposed(&candidates), [50_000.0, 40_000.0, 10_000.0, 0.0]);
        assert_eq!(roles(&candidates)[3], Role::FollowOn);
    }

    #[test]
    fn the_last_product_to_explore_with_gets_its_minimum() {
        let mut candidates = of_worth(&[(25e3, 5.0), (25e3, 3.2), (25e3, 1.5), (25e3, 0.8)]);
        for candidate in &mut candidates {
            candidate.minimum = Some(20_000.0);
        }
        assert_eq!(proposed(&candidates), [50_000.0, 30_000.0, 20_000.0, 0.0]);
    }

    #[test]
    fn a_product_that_cannot_reach_its_minimum_by_doubling_is_no_door_opener() {
        let mut candidates = even(3, 60_000.0);
        candidates[0].minimum = Some(130_000.0);
        assert_eq!(proposed(&candidates), [0.0, 120_000.0, 60_000.0]);
    }

    #[test]
    fn one_known_ltv_to_cac_does_not_decide_but_a_losing_product_is_no_door_opener() {
        let mut candidates = even(3, 60_000.0);
        candidates[0].ltv_to_cac = Some(0.4);
        candidates[2].opener_rank = Some(7);
        assert_eq!(proposed(&candidates), [30_000.0, 120_000.0, 30_000.0]);
    }

    #[test]
    fn the_larger_of_two_equally_preferred_products_leads() {
        let candidates = [50e3, 60e3, 40e3].map(|money| candidate(money, None));
        assert_eq!(proposed(&candidates), [15_000.0, 120_000.0, 15_000.0]);
    }

    #[test]
    fn a_product_that_the_best_split_shrinks_is_no_second_door_opener() {
        let candidates = of_worth(&[(25e3, 5.0), (25e3, 1.5), (25e3, 1.4), (25e3, 0.8)]);
        let expected = [Role::DoorOpener, Role::Explore, Role::Explore, Role::Explore];
        assert_eq!(roles(&candidates), expected);
    }

    #[test]
    fn of_two_that_return_the_same_the_earlier_gets_the_odd_step() {
        assert_eq!(proposed(&even(4, 75e3)), [150e3, 50e3, 50e3, 50e3]);
        assert_eq!(proposed(&even(5, 60e3)), [120e3, 50e3, 50e3, 40e3, 40e3]);
    }

    #[test]
    fn held_and_unfunded_products_stay_as_they_are() {
        let mut candidates = of_worth(&[(25e3, 5.0), (25e3, 1.2), (25e3, 0.8), (25e3, 4.0)]);
        candidates[3].held = true;
        candidates.push(candidate(12_345.67, None));
        candidates.push(candidate(0.0, None));
        let roles = roles(&candidates);
        let proposed = proposed(&candidates);
        assert_eq!(proposed[3..], [25_000.0, 12_345.67, 0.0]);
        assert_eq!(roles[3..], [Role::Held, Role::Held, Role::FollowOn]);
        assert_eq!(proposed[0], 50_000.0 - 50_000.0 % 2_500.0);
    }

    #[test]
    fn there_is_no_proposal_where_no_product_can_open_doors() {
        assert_eq!(propose(&of_worth(&[(10.0, 0.9), (10.0, 0.5), (10.0, 0.1)])), None);
        let unready = Candidate { ready: false, ..candidate(10.0, None) };
        assert_eq!(propose(&[unready; 3]), None);
        let sold_after = Candidate { opener_rank: None, ..candidate(10.0, None) };
        assert_eq!(propose(&[sold_after; 3]), None);
        assert_eq!(propose(&[]), None);
        assert_eq!(propose(&even(1, 100.0)), None);
    }

    #[test]
    fn there_is_no_proposal_where_all_are_worth_the_same() {
        assert_eq!(propose(&of_worth(&[(20.0, 3.0), (20.0, 3.0), (20.0, 3.0), (20.0, 3.0), (20.0, 3.0)])), None);
    }

    #[test]
    fn there_is_no_proposal_where_too_little_could_explore() {
        assert_eq!(propose(&of_worth(&[(980.0, 5.0), (10.0, 0.5), (10.0, 0.5)])), None);
    }

    #[test]
    fn tiny_and_huge_totals_are_split_to_the_cent() {
        assert_eq!(proposed(&even(3, 1.0)), [2.0, 0.5, 0.5]);
        assert_eq!(proposed(&even(4, 2.5e11)), [5e11, 2e11, 1.5e11, 1.5e11]);
        assert_eq!(propose(&even(3, 1e300)), None);
        assert_eq!(propose(&even(3, 0.001)), None);
        assert_eq!(propose(&even(3, f64::NAN)), None);
        assert_eq!(propose(&even(101, 10.0)), None);
    }

    #[test]
    fn steps_are_numbers_that_people_round_to() {
        let of = |total| steps(total).collect::<Vec<_>>();
        assert_eq!(of(10_000_000)[..4], [500_000, 250_000, 200_000, 100_000]);
        assert_eq!(of(300), [10, 5, 2, 1]);
        assert_eq!(of(3), [1]);
        assert_eq!(of(1_000), [50, 25, 20, 10, 5, 2, 1]);
    }

    fn funded() -> impl Strategy<Value = Vec<Funded>> {
        let product = (0.0..1e6_f64, option::weighted(0.8, 0.0..20.0_f64));
        let product = product.prop_map(|(money, ltv_to_cac)| Funded { money, ltv_to_cac });
        collection::vec(product, 1..12)
    }

    fn candidates() -> impl Strategy<Value = Vec<Candidate>> {
        let cents = proptest::prop_oneof![0..1_000_u64, 0..100_000_000_u64, 1_000_000..1_500_000_u64];
        let product = (
            cents.prop_map(|cents| cents as f64 / 100.0),
            option::weighted(0.6, 0.0..10.0_f64),
            option::weighted(0.2, 0.0..20_000.0_f64),
            option::weighted(0.8, 0..5_u32),
            proptest::bool::weighted(0.8),
            proptest::bool::weighted(0.1),
        );
        let product = product.prop_map(|(money, ltv_to_cac, minimum, opener_rank, ready, held)| Candidate {
            money,
            ltv_to_cac,
            minimum,
            opener_rank,
            ready,
            held,
        });
        collection::vec(product, 1..10)
    }

    fn cents(money: f64) -> u64 {
        (money * 100.0).round() as u64
    }

    proptest! {
        #[test]
        fn shares_sum_to_one_and_the_effective_number_lies_between_one_and_n(
            money in collection::vec(0.0..1e15_f64, 1..30),
        ) {
            prop_assume!(money.iter().any(|amount| *amount > 0.0));
            let shares = shares(&money).unwrap();
            prop_assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-12);
            let number = effective_number(&shares).unwrap();
            prop_assert!(number >= 1.0 - 1e-12 && number <= money.len() as f64 + 1e-9);
            let evenness = evenness(&shares).unwrap();
            prop_assert!(evenness > 0.0 && evenness <= 1.0 + 1e-12);
        }

        #[test]
        fn the_best_split_keeps_the_total_and_never_returns_less(today in funded(), power in 0.05..0.95_f64) {
            let best = best_split(&today, power);
            let total: f64 = today.iter().map(|product| product.money).sum();
            prop_assert!((best.iter().sum::<f64>() - total).abs() <= 1e-9 * total);
            if let Some(gain) = gain(&today, &best, power) {
                prop_assert!(gain >= -1e-9);
            }
        }

        #[test]
        fn no_other_split_of_the_money_returns_more(
            today in funded(), other in collection::vec(0.01..1.0_f64, 12), power in 0.05..0.95_f64,
        ) {
            let known: Vec<Funded> = today.into_iter().filter(|product| product.ltv_to_cac.is_some()).collect();
            let total: f64 = known.iter().map(|product| product.money).sum();
            let weights: f64 = other.iter().take(known.len()).sum();
            let split: Vec<f64> = other.iter().take(known.len()).map(|weight| total * weight / weights).collect();
            if let (Some(regret), Some(gain)) = (regret(&known, power), gain(&known, &split, power)) {
                prop_assert!(gain <= regret + 1e-9);
            }
        }

        #[test]
        fn a_proposal_that_no_guard_binds_is_the_best_in_whole_steps(
            parts in (1..=8_u32, 1..=8_u32), worth in (1.0..9.0_f64, 1.0..9.0_f64, 1.0..9.0_f64),
        ) {
            let (one, two) = (f64::from(parts.0), f64::from(parts.1));
            let of = [(one, worth.0), (two, worth.1), (20.0 - one - two, worth.2)];
            let free = SplitConventions { explore_share: 0.0, most_growth: 100.0, ..SplitConventions::default() };
            let Some(proposal) = proposal(&of_worth(&of), &free) else { return Ok(()); };
            prop_assume!(proposal.step == 1.0);
            let today = of.map(|(money, ratio)| Funded { money, ltv_to_cac: Some(ratio) });
            let all = (0..=20_u32).flat_map(|one| (0..=20 - one).map(move |two| [one, two, 20 - one - two]));
            let gains = all.map(|split| gain(&today, &split.map(f64::from), HALF).unwrap());
            let best = gains.fold(f64::MIN, f64::max);
            prop_assert!((proposal.gain.unwrap() - best).abs() < 1e-9);
        }

        #[test]
        fn a_proposal_keeps_every_guard(candidates in candidates()) {
            let Some(proposal) = propose(&candidates) else { return Ok(()); };
            prop_assert_eq!(proposal.lines.len(), candidates.len());
            let today: u64 = candidates.iter().map(|product| cents(product.money)).sum();
            let spent: u64 = proposal.lines.iter().map(|line| cents(line.proposed)).sum();
            prop_assert_eq!(spent, today);
            for (product, line) in candidates.iter().zip(&proposal.lines) {
                prop_assert_eq!(line.today, product.money);
                prop_assert!(line.proposed <= 2.0 * product.money + 1e-6);
                if product.held || line.role == Role::Held {
                    prop_assert_eq!(line.proposed, product.money);
                    continue;
                }
                let loses = product.ltv_to_cac.is_some_and(|ratio| ratio < 1.0);
                let unknown = proposal.basis == Basis::Preference;
                if !product.ready || loses || (unknown && product.opener_rank.is_none()) {
                    prop_assert!(line.proposed <= product.money);
                }
                if !product.ready || loses || product.opener_rank.is_none() {
                    prop_assert!(line.role != Role::DoorOpener);
                }
                let minimum = product.minimum.unwrap_or(0.0);
                prop_assert!(line.proposed == 0.0 || line.proposed >= minimum);
            }
        }

        #[test]
        fn a_proposal_names_one_or_two_door_openers_and_keeps_a_tenth_to_explore(candidates in candidates()) {
            let Some(proposal) = propose(&candidates) else { return Ok(()); };
            let holding = |role| proposal.lines.iter().filter(move |line| line.role == role);
            prop_assert!((1..=2).contains(&holding(Role::DoorOpener).count()));
            let moved: f64 = proposal.lines.iter().filter(|line| line.role != Role::Held).map(|line| line.today).sum();
            let exploring: f64 = holding(Role::Explore).map(|line| line.proposed).sum();
            prop_assert!(exploring >= 0.1 * moved - 0.01);
        }

        #[test]
        fn a_proposal_is_in_round_numbers_and_betters_today(candidates in candidates()) {
            let Some(proposal) = propose(&candidates) else { return Ok(()); };
            let step = cents(proposal.step);
            let uneven = proposal.lines.iter()
                .filter(|line| line.role != Role::Held && !cents(line.proposed).is_multiple_of(step));
            let uneven: Vec<Role> = uneven.map(|line| line.role).collect();
            prop_assert!(uneven.is_empty() || uneven == [Role::DoorOpener]);
            prop_assert!(proposal.lines.iter().any(|line| line.proposed > line.today));
            if let Some(gain) = proposal.gain {
                prop_assert!(gain > 0.0);
            }
        }
    }
}
