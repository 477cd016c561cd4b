//! What a word does in a name. The build script reads the data's words for these; nothing else of the crate is here.

macro_rules! classes {
    ($($(#[doc = $words:literal])+ $class:ident = $word:literal,)+) => {
        /// What a word does in a name; the head of the grammar's data says what each is for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Class {
            $($(#[doc = $words])+ $class,)+
        }

        /// The classes by their words in the data.
        #[allow(dead_code, reason = "the build script reads the data with it")]
        pub(crate) const CLASSES: &[(&str, Class)] = &[$(($word, Class::$class),)+];
    };
}

classes! {
    /// Articles and the like.
    Determiner = "determiner",
    /// Says nothing of the kind.
    Neutral = "neutral",
    /// Makes a rate of what it counts.
    Share = "share",
    /// Makes a cost of what it is for.
    Cost = "cost",
    /// Makes a length of time of what it is until.
    Time = "time",
    /// Ends a phrase.
    Stop = "stop",
    /// Links a neutral head to what it counts.
    Of = "of",
    /// Before a denominator.
    Per = "per",
    /// Between two stages.
    To = "to",
    /// Joins two things.
    And = "and",
    /// May bring the measure of something delivered.
    With = "with",
    /// Turns what follows into something else.
    Negation = "negation",
    /// Moves what follows.
    Verb = "verb",
    /// A verb only before a number or determiner.
    Either = "either",
    /// A verb of delivery.
    Deliver = "deliver",
    /// The same, only before a number or determiner.
    DeliverEither = "deliver-either",
    /// A stretch of time, as a denominator.
    Period = "period",
    /// Money, as a denominator.
    Currency = "currency",
    /// A step of a funnel.
    Stage = "stage",
    /// A verb upwards.
    Up = "up",
    /// A verb downwards.
    Down = "down",
    /// Before a baseline.
    From = "from",
    /// Before a target.
    Goal = "goal",
    /// Before a change.
    By = "by",
    /// Before a deadline.
    Ends = "ends",
    /// Points at the plan's own period.
    This = "this",
    /// A unit behind a number.
    Unit = "unit",
    /// A word that scales a number.
    Scale = "scale",
    /// A month's name.
    Month = "month",
    /// A quarter's name.
    Quarter = "quarter",
    /// The word "year".
    Year = "year",
    /// A number behind it is part of a name.
    Reject = "reject",
    /// Behind a metric, narrows it.
    Scope = "scope",
    /// Behind a metric, makes something else of it.
    Thing = "thing",
    /// Picks out attention that may mean business.
    Selective = "selective",
    /// Before a target, behind a verb up or down.
    Moved = "moved",
    /// Before a change, where it is in percent.
    ByShare = "by-share",
    /// Before a target, behind its metric.
    Value = "value",
    /// Occurs inside German compounds, and says nothing of the kind.
    Part = "part",
    /// Means something only where it is written in capitals ("SAL").
    Capitals = "capitals",
    /// Says that something was put out ("sent", "published").
    Done = "done",
    /// Of another trade: attention or leads in whose company it stands are none ("traffic of lorries").
    Elsewhere = "elsewhere",
    /// Says that all of something is meant, as the denominator of a share.
    Whole = "whole",
    /// A metric's abbreviation; seen by its capitals.
    Abbreviation = "abbreviation",
}

impl Class {
    /// The class as one bit of a set.
    pub(crate) const fn bit(self) -> u64 {
        1 << self as u64
    }
}
