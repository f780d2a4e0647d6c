use proptest::prelude::*;

use super::*;
use crate::message::Channel;

fn any_user() -> impl Strategy<Value = UserId> {
    let channels = prop_oneof![
        Just(Channel::Chat),
        Just(Channel::Web),
        Just(Channel::Twilio),
        Just(Channel::Meta),
        Just(Channel::Terminal),
    ];
    // Short keys out of few characters, so that prefixes of one another are common.
    (channels, "[a:\u{0}\u{1}st ñ]{0,5}")
        .prop_filter_map("an empty key is no user", |(channel, key)| {
            UserId::new(channel, &key).ok()
        })
}

proptest! {
    #[test]
    fn no_key_of_one_user_is_under_another(left in any_user(), right in any_user()) {
        let (mine, other) = (UserKeys::of(&left), UserKeys::of(&right));
        for key in [mine.session(), mine.turn(7), mine.messages(), mine.aside(7)] {
            prop_assert_eq!(key.starts_with(other.all()), left == right);
        }
    }

    #[test]
    fn an_index_entry_names_its_day_and_its_user(user in any_user(), day: u32) {
        let keys = UserKeys::of(&user);
        let expected = Some((Day(day), keys.clone()));
        prop_assert_eq!(UserKeys::from_index(&keys.last_turn(Day(day))), expected.clone());
        prop_assert_eq!(UserKeys::from_index(&keys.message_day(Day(day))), expected);
        prop_assert_eq!(last_writer(&keys.last_turn(Day(day))), Some(user));
    }

    #[test]
    fn a_gap_leads_to_its_turn(user in any_user(), day: u32, version: u64) {
        let keys = UserKeys::of(&user);
        let index = keys.gap_day(Day(day), version);
        prop_assert_eq!(UserKeys::turn_of_gap(&index), Some(keys.turn(version)));
    }

    #[test]
    fn the_mail_s_indexes_lead_back(user in any_user(), version: u64, part: u8) {
        let keys = UserKeys::of(&user);
        prop_assert_eq!(keys.letter_of(&keys.letter(version, part)), Some((version, part)));
        let id = Some(LetterId { user, version, part });
        prop_assert_eq!(letter_id(&keys.pending(version, part)), id.clone());
        prop_assert_eq!(letter_id(&keys.dead(version, part)), id);
        let index = keys.waiting_place(version);
        prop_assert_eq!(place(&index), Some(version));
        prop_assert_eq!(UserKeys::from_place(&index), Some((version, keys.clone())));
        prop_assert_eq!(keys.place_of(&keys.waiting(version)), Some(version));
    }

    #[test]
    fn versions_sort_as_numbers(user in any_user(), left: u64, right: u64) {
        let keys = UserKeys::of(&user);
        prop_assert_eq!(keys.turn(left).cmp(&keys.turn(right)), left.cmp(&right));
        prop_assert_eq!(keys.version_of(&keys.turn(left)), Some(left));
    }
}

#[test]
fn a_day_begins_at_midnight_in_utc() {
    let day = |text: &str| Day::of(text.parse().unwrap());
    assert_eq!(day("1970-01-01T23:59:59.999Z"), Day(0));
    assert_eq!(day("1970-01-02T00:00:00Z"), Day(1));
    assert_eq!(day("1969-06-01T00:00:00Z"), Day(0));
}
