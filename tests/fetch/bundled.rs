//! The context file that is shipped, and a page that it draws on.

use std::fs;
use std::path::Path;

use kavak_bot::knowledge::Knowledge;
use kavak_bot::knowledge::update::{Note, PageRead, update};

const ADDRESS: &str = "kavak.com/mx/blog/sedes-de-kavak-en-mexico";

#[test]
fn words_written_by_hand_are_never_overwritten_by_a_page_without_their_title() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("kavak_context.txt");
    let file = fs::read_to_string(path).unwrap();
    let new = "Desde este año hay una sede más, en una ciudad que aún no estaba en la lista.";
    let page = PageRead {
        address: ADDRESS.to_owned(),
        asked: ADDRESS.to_owned(),
        date: jiff::civil::date(2026, 11, 29),
        sections: vec![("Sede que abre".to_owned(), new.to_owned())],
    };
    let updated = update(&file, &page, None).unwrap();
    let added = updated.text.strip_prefix(&file).expect("all that stood there stands");
    assert!(added.contains(new), "{added}");

    let passages = Knowledge::parse(&file).unwrap();
    let drawing =
        passages.passages().iter().filter(|passage| passage.source.contains(ADDRESS)).count();
    let left = updated.notes.iter().filter(|note| matches!(note, Note::Unmatched { .. })).count();
    assert!(drawing > 20, "{drawing}");
    assert_eq!((left, updated.notes.len()), (drawing, drawing + 1));
}
