//! Values that are dear to make: each is made once, by the first who asks for it, and then shared.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// What was made, by what it was made of.
#[derive(Debug)]
pub struct Shelf<K, V> {
    places: Mutex<Places<K, V>>,
}

/// Filled by the first who asks; others who ask for the same wait, others for others do not.
type Places<K, V> = HashMap<K, Arc<OnceLock<V>>>;

impl<K, V> Default for Shelf<K, V> {
    fn default() -> Self {
        Self { places: Mutex::default() }
    }
}

impl<K: Clone + Eq + Hash, V: Clone> Shelf<K, V> {
    /// What `make` makes of `key`, where it was not made before.
    pub fn get(&self, key: &K, make: impl FnOnce(&K) -> V) -> V {
        let place = {
            let mut places = self.places();
            match places.get(key) {
                Some(place) => Arc::clone(place),
                None => Arc::clone(places.entry(key.clone()).or_default()),
            }
        };
        place.get_or_init(|| make(key)).clone()
    }

    /// Forgets what was made of the keys that are `outdated`: it is made anew when it is asked for.
    pub fn forget(&self, outdated: impl Fn(&K) -> bool) {
        self.places().retain(|key, _| !outdated(key));
    }

    fn places(&self) -> MutexGuard<'_, Places<K, V>> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::sync::Barrier;
    use std::thread;

    use super::*;

    #[test]
    fn a_value_is_made_once_and_again_after_it_was_forgotten() {
        let (shelf, made) = (Shelf::default(), Cell::new(0));
        let get = |key: &u8| {
            shelf.get(key, |key| {
                made.set(made.get() + 1);
                key + 1
            })
        };
        assert_eq!([get(&1), get(&1), get(&2)], [2, 2, 3]);
        assert_eq!(made.get(), 2);
        shelf.forget(|key| *key == 1);
        assert_eq!([get(&1), get(&2)], [2, 3]);
        assert_eq!(made.get(), 3);
    }

    #[test]
    fn who_asks_for_another_value_does_not_wait() {
        let (shelf, both) = (Shelf::default(), Barrier::new(2));
        thread::scope(|scope| {
            for key in [1_u8, 2] {
                let (shelf, both) = (&shelf, &both);
                scope.spawn(move || {
                    shelf.get(&key, |_| {
                        both.wait();
                    });
                });
            }
        });
    }
}
