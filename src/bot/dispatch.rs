//! The one function that handles an activity.

use std::sync::Arc;
use std::time::{Duration, Instant};

use moka::sync::Cache;
use tokio::sync::{Mutex, Notify};

use super::address::{Address, day_order, zone};
use super::limit::{Limits, Verdict};
use super::messenger::{Messenger, errand};
use super::route::{Door, Route, route};
use super::{file, respond};
use crate::cards::{Card, RenderError, notices, render};
use crate::connector::files::Files;
use crate::connector::trust::ChannelIdentity;
use crate::domain::help::Topics;
use crate::domain::id::{Id, Turn as TurnMark};
use crate::domain::time::Clock;
use crate::intents::{amend, help, registry, smalltalk};
use crate::protocol::activity::{Activity, Kind, MICROSOFT_365};
use crate::protocol::answer::Answer;
use crate::telemetry::METRICS;
use crate::turn::words::{Heard, hear};
use crate::turn::{
    Call, Caller, Conductor, Conversation, Ended, Errand, Fault, Fields, PlaceKind, Ready, Reply, Sent,
};

/// A turn that takes longer gives up and saves nothing: Teams waits for five seconds.
const DEADLINE: Duration = Duration::from_secs(4);
/// After this the user is shown that an answer is being made (checklist 143).
const SHOW_TYPING_AFTER: Duration = Duration::from_secs(1);

/// What a bot is made of.
pub struct Parts {
    /// Runs turns.
    pub conductor: Conductor,
    /// Sends answers.
    pub messenger: Messenger,
    /// Puts files into drives.
    pub files: Files,
    /// What is answered to questions.
    pub topics: Arc<Topics>,
    /// Tells the outbox's worker that there is work.
    pub wake: Arc<Notify>,
    /// The present instant.
    pub clock: Arc<dyn Clock>,
    /// Who an activity comes from when it does not say: the demo's user (A11). None outside the demo.
    pub demo_caller: Option<Caller>,
}

/// The bot.
#[derive(Clone)]
pub struct Bot(Arc<Inner>);

struct Inner {
    parts: Parts,
    limits: Limits,
    /// Conversations whose stored address is the present one, by firm's directory (P10).
    known: Cache<Conversation, ()>,
    /// Messages that came in lately, and whether they are done. A copy waits for the first and is not
    /// answered again; what holds beyond this process is the receipt (R1).
    messages: Cache<String, Arc<Mutex<bool>>>,
}

impl Bot {
    /// A bot of these parts.
    pub fn new(parts: Parts) -> Self {
        let known = Cache::builder().max_capacity(100_000).time_to_live(Duration::from_hours(1)).build();
        let messages = Cache::builder().max_capacity(100_000).time_to_live(Duration::from_mins(10)).build();
        Self(Arc::new(Inner { parts, limits: Limits::default(), known, messages }))
    }

    /// Handles an activity that the channel vouches for.
    pub async fn handle(&self, identity: ChannelIdentity, activity: Activity) -> Answer {
        let (kind, begun) = (activity.kind.name(), Instant::now());
        let answer = self.answer(&identity, &activity).await;
        let (status, took) = (answer.status(), begun.elapsed());
        METRICS.answered(kind, status, took);
        tracing::info!(kind, status, ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX), "activity");
        answer
    }

    async fn answer(&self, identity: &ChannelIdentity, activity: &Activity) -> Answer {
        let mut visit = Visit {
            bot: &self.0,
            address: Address::of(activity, identity.service_url()),
            caller: self.0.caller(activity),
            activity,
        };
        match visit.key().filter(|_| activity.kind == Kind::Message) {
            None => visit.answer().await,
            Some(key) => {
                let message = self.0.messages.get_with(key, Arc::default);
                let mut is_done = message.lock().await;
                if *is_done {
                    return Answer::accepted();
                }
                let answer = visit.answer().await;
                *is_done = answer.status() == 200;
                answer
            }
        }
    }
}

impl Inner {
    fn caller(&self, activity: &Activity) -> Option<Caller> {
        let vouched = activity.caller().ok().map(|c| Caller { directory: c.directory, object: c.person });
        // The Playground's own ids are no GUIDs; whoever it is, they play the demo's user.
        vouched.or(self.parts.demo_caller)
    }
}

/// One activity on its way through the bot.
pub(super) struct Visit<'a> {
    bot: &'a Inner,
    address: Address,
    caller: Option<Caller>,
    activity: &'a Activity,
}

pub(super) type Read<'a> = &'a (dyn Fn() -> Box<dyn Ready> + Send + Sync);

impl Visit<'_> {
    pub(super) fn parts(&self) -> &Parts {
        &self.bot.parts
    }

    async fn answer(&mut self) -> Answer {
        match route(self.activity) {
            Route::Answered(answer) => answer,
            Route::Words(words) => self.words(&words).await,
            Route::Verb(door, verb, fields) => self.verb(door, &verb, &fields).await,
            Route::OnMessage(action) => self.on_message(action).await,
            Route::Linked(link) => self.linked(&link).await,
            Route::Query(query) => self.query(&query).await,
            Route::Typed(search) => self.typed(&search).await,
            Route::Amended(words) => self.amended(&words).await,
            Route::Added => self.added().await,
            Route::Removed => self.removed().await,
            Route::File(consent) => file::take(&self.bot.parts, &self.address, self.caller, consent).await,
        }
    }

    async fn words(&mut self, words: &str) -> Answer {
        if let Some(card) = smalltalk::answer(words) {
            return self.say(card).await;
        }
        if let Some(card) = help::answer(&self.bot.parts.topics, words) {
            return self.say(card).await;
        }
        match hear(words, registry::COMMANDS) {
            Heard::Unknown(_) if registry::uncalled(words).is_some() => {
                self.turn(Door::Chat, &|| registry::uncalled(words).unwrap_or_else(smalltalk::nothing)).await
            }
            Heard::Unknown(meant) => self.say(render(&notices::unknown(words, meant.map(|c| c.usage)))).await,
            Heard::Command(command, rest) => {
                if (command.hear)(rest).is_err() {
                    return self.say(render(&notices::usage(command.usage, command.says))).await;
                }
                self.turn(Door::Chat, &|| (command.hear)(rest).unwrap_or_else(|_| smalltalk::nothing())).await
            }
        }
    }

    async fn verb(&mut self, door: Door, verb: &str, fields: &Fields) -> Answer {
        if verb == smalltalk::HELP {
            return self.show(door, help::show(&self.bot.parts.topics, fields), Sent::NotYet).await;
        }
        if verb == help::DO {
            return self.act(door, fields).await;
        }
        let read = registry::intent(verb).map(|entry| entry.read);
        match read {
            Some(read) if read(fields).is_ok() => {
                self.turn(door, &|| read(fields).unwrap_or_else(|_| smalltalk::nothing())).await
            }
            _ => self.show(door, render(&notices::outdated_card()), Sent::NotYet).await,
        }
    }

    /// Does what an answer ends with.
    async fn act(&mut self, door: Door, fields: &Fields) -> Answer {
        let bot = self.bot;
        match help::act(&bot.parts.topics, fields) {
            help::Act::Shown(card) => self.show(door, card, Sent::NotYet).await,
            help::Act::Done(_) => {
                let again = || match help::act(&bot.parts.topics, fields) {
                    help::Act::Done(ready) => ready,
                    help::Act::Shown(_) => smalltalk::nothing(),
                };
                self.turn(door, &again).await
            }
        }
    }

    async fn amended(&mut self, words: &str) -> Answer {
        match self.activity.id.as_deref() {
            Some(_) => self.turn(Door::Chat, &|| Box::new(amend::Amend { words: words.to_owned() })).await,
            None => Answer::accepted(),
        }
    }

    /// Runs a turn and answers through the door that it came in by.
    pub(super) async fn turn(&mut self, door: Door, read: Read<'_>) -> Answer {
        let Some(caller) = self.caller else {
            return self.show(door, render(&notices::nobody()), Sent::NotYet).await;
        };
        match self.bot.limits.take(caller, self.bot.parts.clock.now()) {
            Verdict::Pass => {}
            Verdict::RefuseSilently if door == Door::Chat => return Answer::accepted(),
            _ => return self.show(door, render(&notices::too_fast()), Sent::NotYet).await,
        }
        // Of a chat that the bot is no part of no address is kept.
        let known = if door.is_elsewhere() { Ok(()) } else { self.known(caller).await };
        let ended = match known {
            Ok(()) => self.conduct(door, caller, read).await,
            Err(fault) => Err(fault),
        };
        self.ended(door, ended).await
    }

    async fn conduct(&self, door: Door, caller: Caller, read: Read<'_>) -> Result<Ended, Fault> {
        // An edit carries the id of its message. It needs no receipt: the same words again change nothing.
        let key = self.key().filter(|_| self.activity.kind != Kind::MessageUpdate);
        let is_chat = matches!(door, Door::Chat | Door::Submit);
        let errands = |card: &Card| self.errands(door, card);
        let mut place = self.address.place(self.activity.id.as_deref().filter(|_| door == Door::Chat));
        if door.is_elsewhere() {
            place.kind = PlaceKind::Shared;
        }
        let call = Call {
            caller,
            place,
            zone: zone(self.activity),
            day_order: day_order(self.activity),
            activity: key.as_deref(),
            intent: read,
            errands: &errands,
        };
        let work = tokio::time::timeout(DEADLINE, self.bot.parts.conductor.conduct(&call));
        tokio::pin!(work);
        if !is_chat {
            return work.await.unwrap_or(Err(Fault::Unavailable));
        }
        let soon = tokio::time::timeout(SHOW_TYPING_AFTER, &mut work).await;
        let ended = if let Ok(ended) = soon {
            ended
        } else {
            self.bot.parts.messenger.typing(&self.address, Some(caller)).await;
            work.await
        };
        ended.unwrap_or(Err(Fault::Unavailable))
    }

    /// What leaves with the commit: the answer to a message, or the new face of the message whose card was
    /// used, so that a reload does not bring the old one back (checklist 106).
    fn errands(&self, door: Door, card: &Card) -> Vec<Errand> {
        match (door, &self.address.card_message) {
            (Door::Chat | Door::Submit, _) => vec![errand(&self.address, self.address.message(card))],
            (Door::Card, Some(id)) if self.address.is_personal() => {
                vec![Errand::Update { activity_id: id.clone(), activity: self.address.message(card) }]
            }
            _ => Vec::new(),
        }
    }

    async fn ended(&mut self, door: Door, ended: Result<Ended, Fault>) -> Answer {
        match ended {
            Ok(Ended::Answered(Reply::Card(card), sent)) => {
                if sent == Sent::WithTheCommit {
                    self.bot.parts.wake.notify_one();
                }
                self.show(door, Ok(card), sent).await
            }
            Ok(Ended::Answered(reply, _)) if self.activity.base_channel() == MICROSOFT_365 => {
                match respond::without_buttons(reply) {
                    Ok(reply) => respond::reply(door, reply),
                    Err(error) => self.broken(door, &error.into()).await,
                }
            }
            Ok(Ended::Answered(reply, _)) => respond::reply(door, reply),
            Ok(Ended::InWork) => respond::nothing(door),
            Ok(Ended::Repeat(answer)) => respond::repeat(door, answer),
            Ok(Ended::NoFirm) => self.show(door, render(&notices::no_firm()), Sent::NotYet).await,
            Ok(Ended::NotListed) => self.show(door, render(&notices::not_listed()), Sent::NotYet).await,
            Err(Fault::Shown(card)) => self.show(door, Ok(*card), Sent::NotYet).await,
            Err(Fault::Again | Fault::Unavailable) => {
                tracing::error!(reason = "unavailable", "a turn could not run");
                respond::unavailable(door)
            }
            Err(Fault::Broken(error)) => self.broken(door, &error).await,
        }
    }

    async fn broken(&mut self, door: Door, error: &anyhow::Error) -> Answer {
        let reference = Id::<TurnMark>::new(self.bot.parts.clock.now()).to_string();
        tracing::error!(reference, error = format!("{error:#}"), "a turn broke");
        self.show(door, render(&notices::broken(&reference)), Sent::NotYet).await
    }

    async fn say(&mut self, card: Result<Card, RenderError>) -> Answer {
        self.show(Door::Chat, card, Sent::NotYet).await
    }

    /// Hands the card over through the door that the question came in by.
    pub(super) async fn show(&mut self, door: Door, card: Result<Card, RenderError>, sent: Sent) -> Answer {
        let card = match card {
            Ok(card) => card,
            Err(error) => {
                tracing::error!(%error, "a card could not be made");
                return respond::apology(door);
            }
        };
        if matches!(door, Door::Chat | Door::Submit) && sent == Sent::NotYet {
            let message = self.address.message(&card);
            self.bot.parts.messenger.answer(&self.address, self.caller, message).await;
        }
        respond::card(door, card)
    }

    async fn added(&mut self) -> Answer {
        let Some(caller) = self.caller else { return Answer::accepted() };
        let conversation = self.address.conversation(caller);
        let greeted = match self.greeting() {
            Ok(greeting) => self.bot.parts.conductor.welcome(caller, &conversation, &greeting).await,
            Err(error) => Err(error.into()),
        };
        match greeted {
            Ok(true) => {
                self.bot.parts.wake.notify_one();
                Answer::accepted()
            }
            // The firm is not set up yet: whom to ask is all that can be said (checklist 46).
            Ok(false) => self.say(render(&notices::no_firm())).await,
            Err(fault) => {
                tracing::error!(fault = fault.reason(), "nobody could be welcomed");
                Answer::busy(5)
            }
        }
    }

    fn greeting(&self) -> Result<Errand, RenderError> {
        let activity = if self.address.is_personal() {
            let name = self.activity.from.name.as_deref().unwrap_or_default();
            self.address.message(&render(&smalltalk::welcome(name))?)
        } else {
            let name = self.activity.from.name.as_deref().unwrap_or_default();
            self.address.mentioning(self.address.message(&render(&smalltalk::team_welcome(name))?), name)
        };
        Ok(Errand::Send { activity })
    }

    async fn removed(&self) -> Answer {
        let Some(caller) = self.caller else { return Answer::accepted() };
        self.bot.known.invalidate(&self.address.conversation(caller));
        match self.bot.parts.conductor.forget(caller, &self.address.conversation).await {
            Ok(()) => Answer::accepted(),
            Err(_) => Answer::busy(5),
        }
    }

    /// Makes sure that the conversation's stored address is the present one.
    async fn known(&self, caller: Caller) -> Result<(), Fault> {
        let conversation = self.address.conversation(caller);
        if self.bot.known.contains_key(&conversation) {
            return Ok(());
        }
        if self.bot.parts.conductor.remember(caller, &conversation).await? {
            self.bot.known.insert(conversation, ());
        }
        Ok(())
    }

    /// By what a repeat of this activity is known (R1). It names the directory, so that nobody can claim another
    /// firm's messages as done (P10).
    fn key(&self) -> Option<String> {
        let id = self.activity.id.as_deref()?;
        let directory = self.caller.map(|caller| caller.directory).unwrap_or_default();
        let channel = self.activity.base_channel();
        Some(format!("{directory}/{channel}/{}/{id}", self.address.conversation))
    }
}
