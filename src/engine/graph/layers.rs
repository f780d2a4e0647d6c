//! Where the steps of a flow stand when it is drawn: in layers, by how many ways they are away from
//! the first, and within a layer near those that lead to them.

use std::collections::VecDeque;

/// Where a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) layer: usize,
    pub(super) column: usize,
}

/// The places of `count` steps, of which the first begins, joined by `ways`.
pub(super) fn arrange(count: usize, ways: &[(usize, usize)]) -> Vec<Place> {
    let layers = layers(count, ways);
    let depth = layers.iter().max().map_or(0, |last| last + 1);
    let mut places = vec![Place { layer: 0, column: 0 }; count];
    for layer in 0..depth {
        let mut here: Vec<usize> = (0..count).filter(|step| layers[*step] == layer).collect();
        // Twice the mean column of those that lead here, as a whole number.
        let pull = |step: usize| {
            let before = ways.iter().filter(|(from, to)| *to == step && layers[*from] < layer);
            let columns: Vec<usize> = before.map(|(from, _)| places[*from].column).collect();
            columns.iter().sum::<usize>() * 2 / columns.len().max(1)
        };
        here.sort_by_key(|step| (pull(*step), *step));
        for (column, step) in here.into_iter().enumerate() {
            places[step] = Place { layer, column };
        }
    }
    places
}

/// How many ways each step is away from the first; one that no way of the flow itself leads to
/// begins anew at the top.
fn layers(count: usize, ways: &[(usize, usize)]) -> Vec<usize> {
    let mut layers = vec![None; count];
    let has_way_in = |step: usize| ways.iter().any(|(from, to)| *to == step && from != to);
    let begins = (0..count).filter(|step| *step == 0 || !has_way_in(*step));
    let mut waiting: VecDeque<(usize, usize)> = begins.map(|step| (step, 0)).collect();
    loop {
        while let Some((step, layer)) = waiting.pop_front() {
            if layers[step].is_some() {
                continue;
            }
            layers[step] = Some(layer);
            let next = ways.iter().filter(|(from, _)| *from == step);
            waiting.extend(next.map(|(_, to)| (*to, layer + 1)));
        }
        // A circle that only another flow leads into.
        let Some(left) = layers.iter().position(Option::is_none) else { break };
        waiting.push_back((left, 0));
    }
    layers.into_iter().map(Option::unwrap_or_default).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_stand_below_those_that_lead_to_them() {
        let places = arrange(4, &[(0, 1), (0, 2), (1, 3), (3, 0)]);
        let layers: Vec<usize> = places.iter().map(|place| place.layer).collect();
        assert_eq!(layers, [0, 1, 1, 2]);
    }

    #[test]
    fn a_circle_that_nothing_leads_into_has_its_place() {
        let places = arrange(3, &[(1, 2), (2, 1)]);
        assert_eq!(places[1].layer, 0);
        assert_eq!(places[2].layer, 1);
    }

    #[test]
    fn no_two_steps_share_a_place() {
        let places = arrange(6, &[(0, 1), (0, 2), (0, 3), (2, 4), (1, 5), (5, 5)]);
        for (index, place) in places.iter().enumerate() {
            assert!(!places[..index].contains(place));
        }
    }
}
