//! From a failing conversation to the shortest that fails in the same way.

use super::moves::Move;
use crate::message::Content;

/// Times that a conversation is played to shorten it, at most.
const MAX_TRIES: usize = 3_000;

/// A shorter list of moves that still `fails`, ideally one from which nothing can be left out.
pub(super) fn shrink(moves: Vec<Move>, mut fails: impl FnMut(&[Move]) -> bool) -> Vec<Move> {
    let mut tries = 0;
    let mut try_it = |moves: &[Move]| {
        tries += 1;
        tries <= MAX_TRIES && fails(moves)
    };
    let moves = without_moves(moves, &mut try_it);
    without_words(moves, &mut try_it)
}

/// Leaves out pieces, from halves down to single moves, for as long as that goes: delta debugging.
fn without_moves(mut moves: Vec<Move>, fails: &mut impl FnMut(&[Move]) -> bool) -> Vec<Move> {
    let mut size = moves.len().div_ceil(2);
    while size > 0 {
        let mut start = 0;
        let mut is_shorter = false;
        while start < moves.len() {
            let end = (start + size).min(moves.len());
            let rest: Vec<Move> = [&moves[..start], &moves[end..]].concat();
            if !rest.is_empty() && fails(&rest) {
                moves = rest;
                is_shorter = true;
            } else {
                start = end;
            }
        }
        // With single moves gone, others may be spared that were needed with them.
        if size == 1 && !is_shorter {
            break;
        }
        size = if size == 1 { 1 } else { size.div_ceil(2) };
    }
    moves
}

/// Leaves out words of each message, one at a time.
fn without_words(mut moves: Vec<Move>, fails: &mut impl FnMut(&[Move]) -> bool) -> Vec<Move> {
    for index in 0..moves.len() {
        let mut place = 0;
        while let Some(Move::Say(Content::Text(said))) = moves.get(index) {
            let words: Vec<&str> = said.split_whitespace().collect();
            if place >= words.len() || words.len() < 2 {
                break;
            }
            let rest = [&words[..place], &words[place + 1..]].concat().join(" ");
            let mut shorter = moves.clone();
            shorter[index] = Move::say(&rest);
            if fails(&shorter) {
                moves = shorter;
            } else {
                place += 1;
            }
        }
    }
    moves
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Content;

    fn said(lines: &[&str]) -> Vec<Move> {
        lines.iter().map(|line| Move::say(line)).collect()
    }

    #[test]
    fn what_does_not_matter_goes_moves_and_words() {
        let long = said(&["hola", "a", "busco un jetta rojo", "b", "c", "20% por favor", "d"]);
        let has = |moves: &[Move], word: &str| {
            let says = |words: &str| words.contains(word);
            moves
                .iter()
                .any(|happens| matches!(happens, Move::Say(Content::Text(words)) if says(words)))
        };
        let short = shrink(long, |moves| has(moves, "jetta") && has(moves, "20%"));
        assert_eq!(short, said(&["jetta", "20%"]));
    }

    #[test]
    fn it_ends_where_everything_matters() {
        let all = said(&["a", "b", "c", "d"]);
        assert_eq!(shrink(all.clone(), |moves| moves == all), all);
    }
}
