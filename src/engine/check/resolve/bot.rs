//! `bot.yaml`: what holds at every step.

use super::{Resolver, Site};
use crate::engine::document::Path;
use crate::engine::flow::{Bot, BotTexts, Choice, TextKey};
use crate::engine::threshold::Thresholds;

impl Resolver<'_> {
    pub(super) fn bot(&mut self) -> Bot {
        let loaded = &self.set.bot;
        let source = &loaded.source;
        let site = Site { document: &loaded.document, flow: None };
        let root = Path::root();
        let session = root.join("session");
        let media = root.join("inbound").join("media");
        let resume_at = site.at(&session.join("resume"));
        let choices = |resolver: &mut Self, key, list: Vec<(String, &_)>| {
            let path = root.join(key);
            list.into_iter()
                .map(|(name, choice)| resolver.choice(site, &path.join(name), choice))
                .collect()
        };
        let keyed = |choices: Vec<Choice>, names: Vec<&String>| {
            let named = choices.into_iter().zip(names);
            named.map(|(choice, name)| Choice { name: name.clone(), ..choice }).collect()
        };
        let named = |(name, choice)| (String::clone(name), choice);
        let commands = choices(self, "commands", source.commands.iter().map(named).collect());
        let answers = choices(self, "answers", source.answers.iter().map(named).collect());
        let rescue = source.rescue.iter().enumerate();
        Bot {
            start: self.target(site, site.at(&root.join("start")), &source.start),
            notice: self.text(site, site.at(&root.join("notice")), &source.notice),
            list_label: source
                .list_label
                .as_ref()
                .map(|key| self.text(site, site.at(&root.join("list_label")), key)),
            resume: self.target(site, resume_at, &source.session.resume),
            texts: self.bot_texts(site),
            media: source
                .inbound
                .media
                .iter()
                .map(|(kind, key)| {
                    (*kind, self.text(site, site.at(&media.join(kind.as_str())), key))
                })
                .collect(),
            thresholds: Thresholds {
                expires_after_hours: source.session.expires_after_hours,
                max_characters: source.inbound.max_characters,
                digression_limit: source.digressions.limit,
            },
            commands: keyed(commands, source.commands.keys().collect()),
            answers: keyed(answers, source.answers.keys().collect()),
            rescue: choices(
                self,
                "rescue",
                rescue.map(|(index, choice)| (index.to_string(), choice)).collect(),
            ),
        }
    }

    fn bot_texts(&mut self, site: Site<'_>) -> BotTexts {
        let source = &self.set.bot.source;
        let (session, inbound) = (&source.session, &source.inbound);
        let mut text = |keys: &[&str], key: &str| -> TextKey {
            let path = keys.iter().fold(Path::root(), |path, part| path.join(part));
            self.text(site, site.at(&path), key)
        };
        BotTexts {
            welcome_back: text(&["session", "welcome_back"], &session.welcome_back),
            moved: text(&["session", "moved"], &session.moved),
            unreadable: text(&["session", "unreadable"], &session.unreadable),
            undone: text(&["session", "undone"], &session.undone),
            nothing_to_undo: text(&["session", "nothing_to_undo"], &session.nothing_to_undo),
            no_more: text(&["session", "no_more"], &session.no_more),
            apology: text(&["session", "apology"], &session.apology),
            too_much: text(&["session", "too_much"], &session.too_much),
            empty: text(&["inbound", "empty"], &inbound.empty),
            too_long: text(&["inbound", "too_long"], &inbound.too_long),
            unanswered: text(&["unanswered"], &source.unanswered),
            digression_offer: text(&["digressions", "offer"], &source.digressions.offer),
        }
    }
}
