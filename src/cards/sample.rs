//! What the samples of the views are made of. Invented, and chosen to be hard on a card.

use chrono::NaiveDate;
use uuid::Uuid;

use crate::domain::id::Id;

/// Everything that some renderer, somewhere, would act on.
pub(super) const HOSTILE: &str = "**bold** _it_ [click](https://evil.example) ${x} ${$root} \
    {{DATE(2020-01-01T00:00:00Z,SHORT)}} <at>x</at> <script>1</script> # h\u{202E}gnp.exe\u{200B}";

/// The end of a note that was taken over from a message.
pub(super) const FROM_CHAT: &str = "\n\nFrom a Teams message of 20 Nov 2026: \
    https://teams.microsoft.com/l/message/19:a1b2@thread.tacv2/1785312345678?groupId=5f1c1b0e";

/// Japanese: three bytes a character and no spaces to break at.
pub(super) const JAPANESE: &str = "株式会社日本硝子製作所";

/// Hebrew with a Latin name and a number in it.
pub(super) const HEBREW: &str = "קבוצת הגליל (Galil 2026) בע״מ";

/// The day of the samples.
pub(super) fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 21).unwrap_or_default()
}

/// The day so many days before [`today`].
pub(super) fn days_ago(days: u64) -> NaiveDate {
    today().checked_sub_days(chrono::Days::new(days)).unwrap_or_default()
}

/// An id that looks like one and is always the same.
pub(super) fn id<T>(number: u128) -> Id<T> {
    Id::from(Uuid::from_u128(0x019a_6e2c_41d0_7000_8a51_0000_0000_0000 + number))
}
