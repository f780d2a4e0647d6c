//! One flow as a graph. Ways into other flows end in the name of the other flow's step, below the
//! step that they leave; what leads in from every question is a short arrow on the left.

use std::fmt::Write as _;

use super::chart::{Chart, Node, Shape};
use super::html::{anchor, class, escaped, told};
use super::layers::{Place, arrange};
use crate::engine::landmark::Landmark;
use crate::engine::trace::Way;

/// The size of a step and the room around it, in pixels.
const WIDTH: usize = 190;
const HEIGHT: usize = 36;
const GAP_X: usize = 30;
const GAP_Y: usize = 54;

/// Characters of a name that fit into a step.
const MAX_NAME: usize = 22;

/// The height of the name of another flow's step.
const STUB: usize = 13;

/// How often a landmark was touched; none where nobody counts it.
type Times<'t> = &'t dyn Fn(&Landmark) -> Option<usize>;

/// The ways between two steps, drawn as one arrow.
struct Arrow<'c> {
    from: &'c Node,
    to: &'c Node,
    ways: Vec<&'c Way>,
}

/// Where each step of a flow stands.
struct Layout<'c> {
    steps: Vec<(&'c Node, Place)>,
    /// The room below a layer.
    gap: usize,
}

/// Draws a flow, with a count for each step and way where `times` gives one.
pub(super) fn draw(page: &mut String, chart: &Chart, flow: &str, times: Times<'_>) {
    let arrows = arrows(chart, flow);
    let layout = Layout::new(chart, flow, &arrows);
    let (width, height) = layout.size();
    let _ = writeln!(
        page,
        "<div class=\"svg\" tabindex=\"0\"><svg xmlns=\"http://www.w3.org/2000/svg\" \
         width=\"{width}\" height=\"{height}\" role=\"group\" aria-label=\"{}\">",
        escaped(flow),
    );
    for Arrow { from, to, ways } in arrows.iter().filter(|arrow| arrow.to.flow == flow) {
        draw_arrow(page, &layout.path(from, to), ways, times);
    }
    for (node, _) in &layout.steps {
        let corner = layout.corner(node);
        draw_entry(page, chart, node, corner, times);
        draw_step(page, node, corner, times);
        let stubs = arrows.iter().filter(|arrow| arrow.from == *node && arrow.to.flow != flow);
        for (line, stub) in stubs.enumerate() {
            draw_stub(page, stub, corner, line, times);
        }
    }
    page.push_str("</svg></div>\n");
}

/// The ways that begin in a flow, those between the same two steps together.
fn arrows<'c>(chart: &'c Chart, flow: &str) -> Vec<Arrow<'c>> {
    let mut arrows: Vec<Arrow<'c>> = Vec::new();
    for way in &chart.ways {
        let from = way.from.as_deref().and_then(|name| chart.step(name));
        let from = from.filter(|from| from.flow == flow);
        let (Some(from), Some(to)) = (from, chart.step(&way.to)) else { continue };
        match arrows.iter_mut().find(|arrow| (arrow.from, arrow.to) == (from, to)) {
            Some(arrow) => arrow.ways.push(way),
            None => arrows.push(Arrow { from, to, ways: vec![way] }),
        }
    }
    arrows
}

impl<'c> Layout<'c> {
    fn new(chart: &'c Chart, flow: &str, arrows: &[Arrow<'c>]) -> Self {
        let steps: Vec<&Node> = chart.steps.iter().filter(|step| step.flow == flow).collect();
        let index = |node: &Node| steps.iter().position(|step| *step == node);
        let joined: Vec<(usize, usize)> = arrows
            .iter()
            .filter_map(|arrow| Some((index(arrow.from)?, index(arrow.to)?)))
            .collect();
        let stubs = |step: &Node| {
            let ways_out = arrows.iter().filter(|arrow| arrow.from == step);
            ways_out.filter(|arrow| arrow.to.flow != flow).count()
        };
        let most = steps.iter().map(|step| stubs(step)).max().unwrap_or_default();
        let places = arrange(steps.len(), &joined);
        Self { steps: steps.into_iter().zip(places).collect(), gap: GAP_Y + most * STUB }
    }

    /// Of the whole drawing; one more gap is for the ways that go round the last column.
    fn size(&self) -> (usize, usize) {
        let places = || self.steps.iter().map(|(_, place)| place);
        let columns = places().map(|place| place.column + 1).max().unwrap_or(1);
        let layers = places().map(|place| place.layer + 1).max().unwrap_or(1);
        (columns * (WIDTH + GAP_X) + 2 * GAP_X, layers * (HEIGHT + self.gap))
    }

    fn place(&self, node: &Node) -> Place {
        let found = self.steps.iter().find(|(step, _)| *step == node);
        found.map_or(Place { layer: 0, column: 0 }, |(_, place)| *place)
    }

    /// The upper left corner of a step.
    fn corner(&self, node: &Node) -> (usize, usize) {
        let place = self.place(node);
        let x = GAP_X + place.column * (WIDTH + GAP_X);
        (x, GAP_Y / 2 + place.layer * (HEIGHT + self.gap))
    }

    /// A way down leaves below and arrives above; one within a layer hangs below it; any other goes
    /// round on the right.
    fn path(&self, from: &Node, to: &Node) -> String {
        let ((x1, y1), (x2, y2)) = (self.corner(from), self.corner(to));
        let (below, middle) = (y1 + HEIGHT, WIDTH / 2);
        if y1 < y2 {
            let (x1, x2, bend) = (x1 + middle, x2 + middle, self.gap / 2);
            let (leaves, arrives) = (below + bend, y2 - bend);
            format!("M{x1} {below}C{x1} {leaves} {x2} {arrives} {x2} {y2}m-4 -6l4 6l4 -6")
        } else if y1 == y2 && x1 != x2 {
            let (x1, x2, hangs) = (x1 + middle, x2 + middle, below + self.gap / 2);
            format!("M{x1} {below}C{x1} {hangs} {x2} {hangs} {x2} {below}m-4 6l4 -6l4 6")
        } else {
            let (x1, x2) = (x1 + WIDTH, x2 + WIDTH);
            let (y1, y2, out) = (y1 + HEIGHT / 2, y2 + HEIGHT / 2 + 6, x1.max(x2) + GAP_X);
            format!("M{x1} {y1}C{out} {y1} {out} {y2} {x2} {y2}m6 -4l-6 4l6 4")
        }
    }
}

/// The class and the title of ways that are drawn as one, which count as covered where all of them
/// are, and how often they were taken together.
fn told_together(ways: &[&Way], times: Times<'_>) -> (&'static str, String, usize) {
    let counts: Vec<Option<usize>> =
        ways.iter().map(|way| times(&Landmark::Way((*way).clone()))).collect();
    let counted = || counts.iter().copied().flatten();
    let lines: Vec<String> =
        ways.iter().zip(&counts).map(|(way, times)| told(&way.to_string(), *times)).collect();
    (class(counted().min()), escaped(&lines.join("\n")), counted().sum())
}

fn draw_arrow(page: &mut String, path: &str, ways: &[&Way], times: Times<'_>) {
    let (class, title, sum) = told_together(ways, times);
    // One more pixel for each time ten times as often.
    let thickness = 1 + sum.checked_ilog10().map_or(0, |tens| tens + 1);
    let _ = writeln!(
        page,
        "<path class=\"{class}\" d=\"{path}\" stroke-width=\"{thickness}\"><title>{title}</title>\
         </path>",
    );
}

/// The name of another flow's step, below the one that leads to it.
fn draw_stub(
    page: &mut String,
    stub: &Arrow<'_>,
    (x, y): (usize, usize),
    line: usize,
    times: Times<'_>,
) {
    let (class, title, _) = told_together(&stub.ways, times);
    let (target, name) = (anchor(&stub.to.name), escaped(&stub.to.name));
    let (x, y) = (x + 6, y + HEIGHT + (line + 1) * STUB);
    let _ = writeln!(
        page,
        "<a class=\"stub {class}\" href=\"#{target}\"><title>{title}</title>\
         <text x=\"{x}\" y=\"{y}\">↳ {name}</text></a>",
    );
}

/// The short arrow from every question, and the dot where a new customer begins.
fn draw_entry(
    page: &mut String,
    chart: &Chart,
    node: &Node,
    (x, y): (usize, usize),
    times: Times<'_>,
) {
    let is_common = |way: &&Way| way.from.is_none() && way.to == node.name;
    let ways: Vec<&Way> = chart.ways.iter().filter(is_common).collect();
    if !ways.is_empty() {
        let (x1, y1) = (x - GAP_X / 2 - 5, y + HEIGHT / 2 - 8);
        draw_arrow(page, &format!("M{x1} {y1}h{}m-6 -4l6 4l-6 4", x - x1), &ways, times);
    }
    if chart.start == node.name {
        let (x, y) = (x + WIDTH / 2, y - GAP_Y / 4);
        let _ =
            writeln!(page, "<circle cx=\"{x}\" cy=\"{y}\" r=\"5\"><title>inicio</title></circle>");
    }
}

fn draw_step(page: &mut String, node: &Node, (x, y): (usize, usize), times: Times<'_>) {
    let round = match node.shape {
        Shape::Question => HEIGHT / 2,
        Shape::Text => 0,
        Shape::Branch | Shape::Action => 6,
    };
    let mark = match node.shape {
        Shape::Question => "",
        Shape::Text => "“ ",
        Shape::Branch => "◇ ",
        Shape::Action => "⚙ ",
    };
    let times = times(&Landmark::Step(node.name.clone()));
    let label = times.map_or(String::new(), |times| format!(" · {times}"));
    let label = format!("{mark}{}{label}", shortened(node.short_name()));
    let mut title = format!("{} ({})", node.name, node.shape.in_spanish());
    for key in &node.texts {
        title.push('\n');
        title.push_str(key);
    }
    let _ = writeln!(
        page,
        "<g id=\"{}\" class=\"{}\"><title>{}</title><rect x=\"{x}\" y=\"{y}\" \
         width=\"{WIDTH}\" height=\"{HEIGHT}\" rx=\"{round}\"/>\
         <text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text></g>",
        anchor(&node.name),
        class(times),
        escaped(&title),
        x + WIDTH / 2,
        y + HEIGHT / 2 + 4,
        escaped(&label),
    );
}

/// A name as far as it fits.
fn shortened(name: &str) -> String {
    if name.chars().count() <= MAX_NAME {
        return name.to_owned();
    }
    let kept: String = name.chars().take(MAX_NAME - 1).collect();
    format!("{kept}…")
}
