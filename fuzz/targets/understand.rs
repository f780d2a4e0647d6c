//! `kavak-bot understand` over anything: no message breaks it, and whatever it recognises stands
//! where it says.

#![no_main]

use std::sync::LazyLock;

use kavak_bot::dealer::Dealer;
use kavak_bot::engine::vocabulary::Vocabulary as _;
use libfuzzer_sys::fuzz_target;

static DEALER: LazyLock<Dealer> = LazyLock::new(kavak_bot_fuzz::dealer);

fuzz_target!(|bytes: &[u8]| {
    let message = String::from_utf8_lossy(bytes);
    let characters: Vec<char> = message.chars().collect();
    let entities = DEALER.understand(&message).entities();
    assert!(entities.is_sorted_by_key(|entity| entity.start), "in order");
    for entity in &entities {
        assert!(entity.start < entity.end && entity.end <= characters.len(), "{entity:?}");
        let there: String = characters[entity.start..entity.end].iter().collect();
        assert_eq!(entity.text, there, "what is told stands there");
        assert!(!entity.value.is_null(), "a value is told: {entity:?}");
    }
    serde_json::to_string(&entities).expect("what is recognised is JSON");
});
