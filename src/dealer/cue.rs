//! Words that tell what a number or a name is for: the section `[cues]` of the word lists.

use serde::Deserialize;

use super::words::Run;

/// Declares the lists: the key of each in the file, and its name here.
macro_rules! cues {
    ($($key:ident: $cue:ident,)*) => {
        /// Words that tell what a number or a name is for; see the file's own notes.
        #[derive(Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(super) struct Cues {
            $($key: Vec<Run>,)*
        }

        /// A list of [`Cues`].
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Cue {
            $($cue,)*
        }

        impl Cues {
            /// Each list with its name.
            pub(super) fn lists(&self) -> impl Iterator<Item = (Cue, &[Run])> {
                [$((Cue::$cue, self.$key.as_slice()),)*].into_iter()
            }
        }
    };
}

cues! {
    judging: Judging,
    which: Which,
    search: Search,
    fresh: Fresh,
    refine: Refine,
    not: Not,
    monthly_before: MonthlyBefore,
    monthly_after: MonthlyAfter,
    down_payment_before: DownPaymentBefore,
    down_payment_after: DownPaymentAfter,
    quote_price: QuotePrice,
    quote: Quote,
    term: Term,
    longest: Longest,
    shortest: Shortest,
    minimum_down: MinimumDown,
    no_down: NoDown,
    pointing: Pointing,
    list: List,
    cheapest_of_list: CheapestOfList,
    newest_of_list: NewestOfList,
    least_km_of_list: LeastKmOfList,
    plate: Plate,
    not_through: NotThrough,
    lead: Lead,
    correction: Correction,
    everything: Everything,
    as_percent: AsPercent,
    as_amount: AsAmount,
    maximum_down: MaximumDown,
    discount: Discount,
    dont_know: DontKnow,
    folio: Folio,
    that_one: ThatOne,
    topic: Topic,
    confirming: Confirming,
    any_name: AnyName,
    whatever: Whatever,
    selling: Selling,
    presenting: Presenting,
    traded_for: TradedFor,
    vehicle: Vehicle,
    monthly_word: MonthlyWord,
    months_in_short: MonthsInShort,
    metres: Metres,
    term_joining: TermJoining,
    comparing: Comparing,
    preferring: Preferring,
    neuter: Neuter,
    owned_after: OwnedAfter,
    owned_before: OwnedBefore,
    no_car_after: NoCarAfter,
    not_paid: NotPaid,
    reversed: Reversed,
    older_than: OlderThan,
    newer_than: NewerThan,
    otherwise: Otherwise,
    supposing: Supposing,
    alike: Alike,
    centimetres: Centimetres,
    and_a_half: AndAHalf,
    order_end: OrderEnd,
    forget: Forget,
    connecting: Connecting,
    article: Article,
    term_length: TermLength,
    with: With,
    weekly_after: WeeklyAfter,
    fortnightly_after: FortnightlyAfter,
    other_one: OtherOne,
    another: Another,
    comparative: Comparative,
    superlative: Superlative,
    retraction: Retraction,
    joining: Joining,
    not_after: NotAfter,
    spending: Spending,
    popular: Popular,
    other_advice: OtherAdvice,
    recommend: Recommend,
    elsewhere: Elsewhere,
    swap: Swap,
    also: Also,
    exchanging: Exchanging,
    exchanged_for: ExchangedFor,
    not_negating: NotNegating,
    not_a_kind: NotAKind,
    counted: Counted,
    term_to: TermTo,
    term_of: TermOf,
    up_to: UpTo,
    something: Something,
    in_hand: InHand,
    raising_before: RaisingBefore,
    lowering_before: LoweringBefore,
    moving_to: MovingTo,
    more_after: MoreAfter,
    less_after: LessAfter,
}
