//! `kavak-bot knowledge fetch`: public pages joined into the context file.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use similar::TextDiff;
use url::Url;

use super::save::{SaveError, save};
use crate::cli::{Verdict, clock};
use crate::config::Settings;
use crate::engine::MEXICO_CITY_OFFSET_HOURS;
use crate::fetch::{AddressRule, FetchError, Fetcher, Limits, Page, SetupError};
use crate::https;
use crate::knowledge::update::{PageRead, slug, update};
use crate::knowledge::{ContextError, address};

/// The pages of one call.
const MAX_PAGES: usize = 20;

/// The lines that are shown around a change.
const LINES_AROUND: usize = 2;

/// Read public pages and show what they would change in the context file
#[derive(Debug, Args)]
pub(in crate::cli) struct Fetch {
    /// The pages
    #[arg(required = true, value_name = "URL", num_args = 1..=MAX_PAGES, value_parser = page_url)]
    urls: Vec<Url>,
    /// Write the changes; the previous version is kept beside the file
    #[arg(long)]
    write: bool,
    /// The theme that new passages come under; without it, the page's host
    #[arg(long, value_name = "NAME", value_parser = theme)]
    theme: Option<String>,
    /// Also read pages of this machine and of private networks
    #[arg(long)]
    allow_private: bool,
}

/// Nothing was read, or nothing was written.
#[derive(Debug, thiserror::Error)]
enum CommandError {
    #[error("cannot read the context file {} ({source})", path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("nothing is written; this machine says: {0}")]
    Machine(#[from] io::Error),
    #[error(transparent)]
    Setup(#[from] SetupError),
    #[error("nothing is written, as the context file {} could not be used then:\n{error}", path.display())]
    Context { path: PathBuf, error: ContextError },
    #[error(transparent)]
    Save(#[from] SaveError),
}

impl Fetch {
    pub(super) fn run(&self, settings: &Settings) -> Verdict {
        self.join(&settings.context_path).unwrap_or_else(|error| {
            eprintln!("{error}");
            Verdict::Wrong
        })
    }

    /// Reads the pages, shows what they change, and writes it where that is asked for.
    fn join(&self, path: &Path) -> Result<Verdict, CommandError> {
        let before = fs::read_to_string(path)
            .map_err(|source| CommandError::Read { path: path.to_owned(), source })?;
        let pages = self.pages()?;
        // Whoever stops reading what is shown (`| less`) has nothing written.
        let mut out = io::stdout().lock();
        let after = self.joined(path, &before, &pages, &mut out)?;
        show(&mut out, path, &before, &after)?;
        if pages.len() < self.urls.len() {
            let (read, all) = (pages.len(), self.urls.len());
            eprintln!("nothing is written: {read} of {all} pages could be read");
            return Ok(Verdict::Wrong);
        }
        if before == after {
            writeln!(out, "{}: nothing changes", path.display())?;
        } else if self.write {
            let kept = save(path, &before, &after, clock::now())?;
            writeln!(
                out,
                "{}: written; the previous version is {}",
                path.display(),
                kept.display()
            )?;
        } else {
            writeln!(out, "{}: not written; call again with --write", path.display())?;
        }
        Ok(Verdict::Fine)
    }

    /// The pages that could be read; why the others could not is told.
    fn pages(&self) -> Result<Vec<(&Url, Page)>, CommandError> {
        https::install();
        let rule =
            if self.allow_private { AddressRule::with_private() } else { AddressRule::public() };
        let mut fetcher = Fetcher::new(rule, Limits::default())?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let mut pages = Vec::new();
        for url in &self.urls {
            match runtime.block_on(fetcher.read(url)) {
                Ok(page) => pages.push((url, page)),
                Err(error) => eprintln!("{}", self.told(&error)),
            }
        }
        // A name that is still being looked up, a page still being read: nobody waits for them.
        runtime.shutdown_background();
        Ok(pages)
    }

    fn told(&self, error: &FetchError) -> String {
        if error.is_private() && !self.allow_private {
            return format!("{error} (for a page of your own add --allow-private)");
        }
        error.to_string()
    }

    /// The file with all pages joined in; what was read and what became of each passage is told.
    fn joined(
        &self,
        path: &Path,
        before: &str,
        pages: &[(&Url, Page)],
        out: &mut impl Write,
    ) -> Result<String, CommandError> {
        let offset = jiff::tz::offset(MEXICO_CITY_OFFSET_HOURS);
        let date = offset.to_datetime(clock::now()).date();
        let mut text = before.to_owned();
        for (asked, page) in pages {
            let sections = page.sections.iter();
            let read = PageRead {
                address: address(page.url.as_str()),
                asked: address(asked.as_str()),
                date,
                sections: sections
                    .map(|section| (section.heading.clone(), section.text.clone()))
                    .collect(),
            };
            tell(out, page)?;
            let updated = update(&text, &read, self.theme.as_deref())
                .map_err(|error| CommandError::Context { path: path.to_owned(), error })?;
            for note in updated.notes {
                writeln!(out, "  {note}")?;
            }
            text = updated.text;
        }
        Ok(text)
    }
}

/// What was read of a page.
fn tell(out: &mut impl Write, page: &Page) -> io::Result<()> {
    let Page { url, title, sections, left_out } = page;
    writeln!(out, "{url}: “{title}”, sections: {}", sections.len())?;
    if *left_out > 0 {
        writeln!(out, "  {left_out} more sections are left out")?;
    }
    Ok(())
}

fn show(out: &mut impl Write, path: &Path, before: &str, after: &str) -> io::Result<()> {
    let name = path.display().to_string();
    let diff = TextDiff::from_lines(before, after);
    write!(out, "{}", diff.unified_diff().context_radius(LINES_AROUND).header(&name, &name))
}

/// A page's address as it is typed.
fn page_url(typed: &str) -> Result<Url, String> {
    let url = Url::parse(typed)
        .map_err(|error| format!("{error}; write it whole, as in https://www.kavak.com/mx"))?;
    if matches!(url.scheme(), "http" | "https") {
        Ok(url)
    } else {
        Err("only http and https can be read".to_owned())
    }
}

/// A theme's name, of which the names of its passages are made.
fn theme(typed: &str) -> Result<String, String> {
    let name = typed.trim();
    if slug(name).is_empty() || name.chars().any(char::is_control) || name.starts_with('#') {
        return Err("a theme is one line with a letter or a digit in it".to_owned());
    }
    Ok(name.to_owned())
}
