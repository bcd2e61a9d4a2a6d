//! What the message extension is asked for, in Teams and in Outlook: an action on a message, a link that was pasted, and
//! searches.

use super::dispatch::Visit;
use super::route::Door;
use super::{manifest, respond};
use crate::cards::{notices, render};
use crate::intents::{lookup, message_note, search};
use crate::protocol::answer::Answer;
use crate::protocol::extension::{Action, Link, Quoted};
use crate::protocol::invoke::{Query, Search};
use crate::turn::Sent;

impl Visit<'_> {
    pub(super) async fn on_message(&mut self, action: Action) -> Answer {
        match action.message.filter(|_| action.command == manifest::SAVE_AS_NOTE) {
            Some(Quoted { text, link, written }) => {
                let message = message_note::Message { text, link, written };
                let open = || message_note::Open::on(message.clone());
                self.turn(Door::MessageDialog, &|| Box::new(open())).await
            }
            None => self.show(Door::MessageDialog, render(&notices::outdated_card()), Sent::NotYet).await,
        }
    }

    /// What is ours of the links that somebody pasted: as `find` posts it, or a card without data for whoever may not
    /// see it and for nobody in particular (checklist 129).
    pub(super) async fn linked(&mut self, link: &Link) -> Answer {
        let Some(place) = self.parts().conductor.links().read(&link.url) else {
            return Answer::results([]);
        };
        if link.anonymous {
            return respond::closed_link();
        }
        self.turn(Door::Link, &|| Box::new(lookup::Linked::at(place))).await
    }

    pub(super) async fn query(&mut self, query: &Query) -> Answer {
        let typed = query.parameters.iter().find(|(name, _)| name == manifest::TYPED);
        let typed = typed.map_or("", |(_, typed)| typed.as_str());
        self.turn(Door::Search, &|| Box::new(lookup::Find::new(typed, query.skip, query.count))).await
    }

    pub(super) async fn typed(&mut self, search: &Search) -> Answer {
        let asked = search::Ask::new(&search.dataset, &search.query, search.skip, search.top);
        match asked.of_everybody() {
            Some(choices) => respond::reply(Door::Typing, choices),
            None => self.turn(Door::Typing, &|| Box::new(asked.clone())).await,
        }
    }
}
