//! What is said to a question when there is not one answer to it.

use super::button::Button;
use super::notice::Notice;
use crate::domain::help::Topic;

fn about(topic: &Topic) -> Button {
    Button::new(&topic.title, "help").with("topic", topic.name.as_str())
}

fn commands() -> Button {
    Button::new("What can I ask?", "help")
}

/// The question may be one of these, the likeliest first.
pub fn did_you_mean(topics: &[&Topic]) -> Notice {
    let notice = Notice::info("Did you mean one of these?")
        .text("Press it to read the answer, or ask again in other words. “help” lists the commands.");
    topics.iter().fold(notice, |notice, topic| notice.button(about(topic)))
}

/// Nothing is known of what was asked.
pub fn no_answer() -> Notice {
    Notice::info("I have no answer to that")
        .text("I know the work of a FastTrack partner and how to use Tenantry. Ask again in other words, such as:")
        .line("help who gets the survey")
        .button(commands())
}

/// How a command is written, and what there is to read about it.
pub fn command(usage: &str, says: &str, topics: &[&Topic]) -> Notice {
    let notice = Notice::info("This is how it is written").text(says).line(usage);
    topics.iter().take(2).fold(notice, |notice, topic| notice.button(about(topic))).button(commands())
}
