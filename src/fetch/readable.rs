//! The words of a page, without the frame around them.

use scraper::node::Element;
use scraper::{ElementRef, Html, Node, Selector};
use url::Url;

use super::page::{MAX_SECTIONS, Page, Section};

/// Elements that hold no words of the page's own.
const FRAME: [&str; 16] = [
    "nav", "footer", "aside", "script", "style", "noscript", "template", "form", "select", "svg",
    "iframe", "dialog", "video", "audio", "canvas", "head",
];

/// The same said by a role.
const FRAME_ROLES: [&str; 7] =
    ["navigation", "banner", "contentinfo", "complementary", "search", "dialog", "alertdialog"];

/// Parts of the classes and names of banners that ask for consent.
const BANNERS: [&str; 3] = ["cookie", "consent", "gdpr"];

/// Elements that begin and end a line.
const BLOCKS: [&str; 33] = [
    "address",
    "article",
    "blockquote",
    "body",
    "br",
    "caption",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "li",
    "main",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "tbody",
    "tfoot",
    "thead",
    "tr",
    "ul",
    "center",
];

/// Elements that name what follows; `summary` does in lists of questions.
const HEADINGS: [&str; 4] = ["h1", "h2", "h3", "summary"];

/// The page in `source`, which was found at `url`. It has no sections where there are no words.
pub(super) fn html(url: Url, source: &str) -> Page {
    let document = Html::parse_document(source);
    let title =
        select(&document, "title").first().map(|title| line(&title.text().collect::<String>()));
    let title = title.unwrap_or_default();
    let main = select(&document, "main, [role=main]").into_iter().take(1);
    // Several articles are a list of them: there the whole page is read.
    let articles = select(&document, "article");
    let article = articles.first().copied().filter(|_| articles.len() == 1);
    let sections = main.chain(article).map(|root| sections(root, true));
    // A page's main part can be there and wait for a script to fill it.
    let found = sections.into_iter().find(|sections| !sections.is_empty());
    let found = found.unwrap_or_else(|| sections_of_body(&document));
    page(url, title, found)
}

/// The page in `source`, which is text without markup: its first line is its title.
pub(super) fn plain(url: Url, source: &str) -> Page {
    let mut lines = source.lines().map(line).filter(|line| !line.is_empty());
    let title = lines.next().unwrap_or_default();
    let text = lines.collect::<Vec<_>>().join("\n");
    let text = if text.is_empty() { title.clone() } else { text };
    page(url, title.clone(), vec![Section { heading: title, text }])
}

fn page(url: Url, title: String, mut sections: Vec<Section>) -> Page {
    sections.retain(|section| !section.text.is_empty());
    let nameless = sections.iter_mut().filter(|section| section.heading.is_empty());
    for section in nameless {
        let host = url.host_str().unwrap_or_default();
        section.heading = if title.is_empty() { host.to_owned() } else { title.clone() };
    }
    let left_out = sections.len().saturating_sub(MAX_SECTIONS);
    sections.truncate(MAX_SECTIONS);
    Page { url, title, sections, left_out }
}

fn select<'a>(document: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    let selector = Selector::parse(selector).expect("a good selector");
    document.select(&selector).collect()
}

fn sections_of_body(document: &Html) -> Vec<Section> {
    sections(document.root_element(), false)
}

/// The sections under `root`. Within the `main` part a header is the text's own.
fn sections(root: ElementRef<'_>, main: bool) -> Vec<Section> {
    let mut writer = Writer::default();
    let mut node = *root;
    // Without recursion: a page may be nested as deep as it likes.
    loop {
        let skipped = match node.value() {
            Node::Element(element) if node.id() != root.id() => {
                is_frame(element, main, writer.in_heading > 0)
            }
            _ => false,
        };
        if !skipped {
            writer.open(node.value());
            if let Some(child) = node.first_child() {
                node = child;
                continue;
            }
            writer.close(node.value());
        }
        while node.next_sibling().is_none() || node.id() == root.id() {
            match node.parent() {
                Some(parent) if node.id() != root.id() => node = parent,
                _ => return writer.finish(),
            }
            writer.close(node.value());
        }
        match node.next_sibling() {
            Some(next) => node = next,
            None => return writer.finish(),
        }
    }
}

/// Whether `element` is part of the frame around the words, or not to be seen.
fn is_frame(element: &Element, main: bool, in_heading: bool) -> bool {
    let name = element.name();
    // A heading that opens and closes its text is a button.
    let is_frame = FRAME.contains(&name)
        || (name == "header" && !main)
        || (name == "button" && !in_heading)
        || element.attr("role").is_some_and(|role| FRAME_ROLES.contains(&role));
    let is_hidden = element.attr("hidden").is_some()
        || element.attr("aria-hidden") == Some("true")
        || element.attr("style").is_some_and(|style| {
            let style = style.replace(' ', "").to_ascii_lowercase();
            style.contains("display:none") || style.contains("visibility:hidden")
        });
    let names = [element.attr("class"), element.attr("id")].into_iter().flatten();
    let is_banner = name != "body"
        && names
            .map(str::to_ascii_lowercase)
            .any(|names| BANNERS.iter().any(|banner| names.contains(banner)));
    is_frame || is_hidden || is_banner
}

/// Writes sections from elements that open and close.
#[derive(Default)]
struct Writer {
    sections: Vec<Section>,
    /// What stands in the line so far, blanks as they come.
    line: String,
    /// Whether the line is an item of a list.
    is_item: bool,
    /// How many headings are open, one within the other.
    in_heading: usize,
}

impl Writer {
    fn open(&mut self, node: &Node) {
        match node {
            Node::Text(text) => self.line.push_str(text),
            Node::Element(element) => {
                let name = element.name();
                if HEADINGS.contains(&name) {
                    self.end_line();
                    if self.in_heading == 0 {
                        self.sections.push(Section { heading: String::new(), text: String::new() });
                    }
                    self.in_heading += 1;
                } else if BLOCKS.contains(&name) {
                    self.end_line();
                    self.is_item |= name == "li";
                } else if matches!(name, "td" | "th") {
                    self.line.push(' ');
                }
            }
            _ => {}
        }
    }

    fn close(&mut self, node: &Node) {
        let Node::Element(element) = node else { return };
        if HEADINGS.contains(&element.name()) {
            self.end_line();
            self.in_heading = self.in_heading.saturating_sub(1);
            self.drop_nameless();
        } else if BLOCKS.contains(&element.name()) {
            self.end_line();
            self.is_item &= element.name() != "li";
        }
    }

    /// A heading without words begins nothing: what follows goes on with the section before.
    fn drop_nameless(&mut self) {
        let last = self.sections.last();
        if self.in_heading == 0 && last.is_some_and(|section| section.heading.is_empty()) {
            self.sections.pop();
        }
    }

    fn end_line(&mut self) {
        let written = line(&std::mem::take(&mut self.line));
        if written.is_empty() {
            return;
        }
        if self.sections.is_empty() {
            self.sections.push(Section { heading: String::new(), text: String::new() });
        }
        let Some(section) = self.sections.last_mut() else { return };
        let (target, separator) = if self.in_heading > 0 {
            (&mut section.heading, ' ')
        } else {
            (&mut section.text, '\n')
        };
        if !target.is_empty() {
            target.push(separator);
        }
        if self.is_item && self.in_heading == 0 {
            target.push_str("- ");
            self.is_item = false;
        }
        target.push_str(&written);
    }

    fn finish(mut self) -> Vec<Section> {
        self.end_line();
        self.sections.retain(|section| !section.text.is_empty());
        self.sections
    }
}

/// `text` as one line: blanks collapsed, and nothing in it that a terminal would obey or that
/// nobody sees.
fn line(text: &str) -> String {
    let seen: String = text
        .chars()
        .filter(|sign| !is_invisible(*sign))
        .map(|sign| if sign.is_control() { ' ' } else { sign })
        .collect();
    seen.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Soft hyphens, joiners, marks of order and direction, tags.
fn is_invisible(sign: char) -> bool {
    matches!(sign,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(source: &str) -> Page {
        html(Url::parse("https://example.mx/a").expect("a URL"), source)
    }

    fn told(source: &str) -> Vec<String> {
        let sections = read(source).sections.into_iter();
        sections.map(|section| format!("{}|{}", section.heading, section.text)).collect()
    }

    #[test]
    fn headings_name_what_stands_under_them() {
        let page = "<title> La  página </title><body><p>Antes.</p><h1>Uno</h1><p>a <b>b</b>\n c</p>\
                    <ul><li>x<li><p>y</p></ul>z<h4>d</h4><h2></h2><p>e<br>f</p><h3>Vacío</h3>";
        assert_eq!(told(page), ["La página|Antes.", "Uno|a b c\n- x\n- y\nz\nd\ne\nf"]);
    }

    #[test]
    fn the_frame_is_left_out() {
        let page = "<body><header>H</header><nav>N</nav><p>Texto.</p><aside>A</aside>\
            <div class='Cookie-Banner'>C</div><div hidden>h</div><p style='display: NONE'>d</p>\
            <form>F</form><button>B</button><script>s</script><style>t</style><footer>P</footer>";
        assert_eq!(told(page), ["example.mx|Texto."]);
    }

    #[test]
    fn the_main_part_is_taken_where_there_is_one() {
        let page = "<body><p>fuera</p><main><header><h1>T</h1></header><p>dentro</p></main>";
        assert_eq!(told(page), ["T|dentro"]);
        let empty = "<body><p>fuera</p><main></main><article>uno</article><article>dos</article>";
        assert_eq!(told(empty), ["example.mx|fuera\nuno\ndos"]);
        assert_eq!(told("<p>fuera<article>uno</article>"), ["example.mx|uno"]);
    }

    #[test]
    fn questions_that_open_are_headings() {
        let page = "<details><summary><h3>¿Qué?</h3></summary><p>Esto.</p></details>\
                    <h3><button>¿Y?</button></h3><p>Aquello.</p>";
        assert_eq!(told(page), ["¿Qué?|Esto.", "¿Y?|Aquello."]);
    }

    #[test]
    fn nothing_invisible_comes_through() {
        let page = "<p>a\u{202e}b\u{200b}c&#27;[31m\u{ad}d\u{e0041}\u{a0}e";
        assert_eq!(told(page), ["example.mx|abc [31md e"]);
    }

    #[test]
    fn a_page_of_too_many_sections_is_cut_and_says_so() {
        let page = read(&"<h2>T</h2><p>x</p>".repeat(MAX_SECTIONS + 3));
        assert_eq!((page.sections.len(), page.left_out), (MAX_SECTIONS, 3));
    }

    #[test]
    fn text_without_markup_has_its_first_line_for_a_title() {
        let url = Url::parse("https://example.mx/a").expect("a URL");
        let page = plain(url, "\u{feff}Horario\r\n\r\nDe 9  a 6.\n<b>no</b>\n");
        assert_eq!(page.title, "Horario");
        assert_eq!(page.sections[0].text, "De 9 a 6.\n<b>no</b>");
    }
}
