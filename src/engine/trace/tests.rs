use super::*;

#[test]
fn a_value_lies_on_one_side_of_its_bounds() {
    let sides: Vec<Side> = [9, 10, 15, 20, 21].iter().map(|n| Side::of(n, &10, &20)).collect();
    assert_eq!(sides, Side::ALL);
}

#[test]
fn a_trace_reads_in_one_line() {
    let way = Way { from: None, to: "a.b".to_owned(), why: "filled x".to_owned() };
    let events = vec![
        Event::Came { at: Some("a.a".to_owned()), kind: "words" },
        Event::Weighed {
            slot: "x".to_owned(),
            kind: "count".to_owned(),
            manner: Manner::Asked,
            side: Some(Side::AtMin),
            verdict: Weight::Taken,
        },
        Event::Went(way),
        Event::Said { key: "t".to_owned(), words: "Hola".to_owned() },
    ];
    let line = "at a.a, words; x read as count (asked for, at min): taken → a.b (filled x)";
    assert_eq!(Trace { events, ..Trace::default() }.to_string(), line);
}
