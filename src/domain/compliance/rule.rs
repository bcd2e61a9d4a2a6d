//! The rules that a tenant's data can break.

/// What the programme asks for: the four data elements (DOMAIN section 7), and what costs money besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Element {
    /// L1, L2 and L3 of all entitlements.
    EntitlementStatus,
    /// The fortnightly status note.
    OverallStatus,
    /// When the milestones will be reached.
    Forecast,
    /// Somebody at the customer who gets surveys.
    SurveyContact,
    /// Not asked for, but without it the firm is not credited.
    Money,
}

impl Element {
    /// All of them, in the order of the programme.
    pub const ALL: [Self; 5] =
        [Self::EntitlementStatus, Self::OverallStatus, Self::Forecast, Self::SurveyContact, Self::Money];

    /// The name that people read.
    pub fn name(self) -> &'static str {
        match self {
            Self::EntitlementStatus => "Entitlement status",
            Self::OverallStatus => "Overall status",
            Self::Forecast => "Forecast dates",
            Self::SurveyContact => "Survey contact",
            Self::Money => "Money alerts",
        }
    }

    /// Stable code, for records: its own word.
    pub fn code(self) -> &'static str {
        self.words().first().copied().unwrap_or_default()
    }

    /// How people call it in a filter, its own word first.
    pub fn words(self) -> &'static [&'static str] {
        match self {
            Self::EntitlementStatus => &["status", "ent", "entitlements", "l1"],
            Self::OverallStatus => &["note", "notes", "overall"],
            Self::Forecast => &["forecast", "dates"],
            Self::SurveyContact => &["contact", "contacts", "survey"],
            Self::Money => &["money", "credit", "payment"],
        }
    }
}

/// A rule that can be broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// The rows of a service do not add up to its total.
    RowsDoNotAddUp,
    /// Entitlements have been Status Unknown for too long.
    StatusUnknown,
    /// New entitlements have waited for too long.
    NewEntitlements,
    /// A row lacks its reason, or the engineering reason below it.
    ReasonMissing,
    /// A row lacks its note.
    RowNoteMissing,
    /// The target date of entitlements In Progress has passed.
    TargetPassed,
    /// There is no status note, or the last is too old.
    StatusNote,
    /// There is no date for the last milestone.
    MaximumMissing,
    /// There is no date for the first milestone, nor the word that it will not be reached.
    FirstMilestoneMissing,
    /// A forecast date has passed, and the milestone is not known to be reached.
    ForecastPassed,
    /// No contact is complete for surveys.
    SurveyContactMissing,
    /// The firm works on a service that is not FTC-FTP Led.
    NotPartnerLed,
    /// The tenant has no P-RM.
    NoRegionalManager,
    /// Everybody who is P-RM has left the firm.
    RegionalManagerLeft,
    /// No P-RM is primary for the tenant.
    NoPrimary,
}

impl Rule {
    /// All of them, in the order of the elements.
    pub const ALL: [Self; 15] = [
        Self::RowsDoNotAddUp,
        Self::StatusUnknown,
        Self::NewEntitlements,
        Self::ReasonMissing,
        Self::RowNoteMissing,
        Self::TargetPassed,
        Self::StatusNote,
        Self::MaximumMissing,
        Self::FirstMilestoneMissing,
        Self::ForecastPassed,
        Self::SurveyContactMissing,
        Self::NotPartnerLed,
        Self::NoRegionalManager,
        Self::RegionalManagerLeft,
        Self::NoPrimary,
    ];

    /// Stable code, for filters and records.
    pub fn code(self) -> &'static str {
        match self {
            Self::RowsDoNotAddUp => "sum",
            Self::StatusUnknown => "unknown",
            Self::NewEntitlements => "new",
            Self::ReasonMissing => "reason",
            Self::RowNoteMissing => "row-note",
            Self::TargetPassed => "target",
            Self::StatusNote => "status-note",
            Self::MaximumMissing => "max",
            Self::FirstMilestoneMissing => "milestone",
            Self::ForecastPassed => "passed",
            Self::SurveyContactMissing => "survey-contact",
            Self::NotPartnerLed => "scenario",
            Self::NoRegionalManager => "p-rm",
            Self::RegionalManagerLeft => "p-rm-left",
            Self::NoPrimary => "primary",
        }
    }

    /// The name that people read.
    pub fn name(self) -> &'static str {
        match self {
            Self::RowsDoNotAddUp => "Status does not add up",
            Self::StatusUnknown => "Status Unknown for too long",
            Self::NewEntitlements => "New entitlements still unknown",
            Self::ReasonMissing => "Reason missing",
            Self::RowNoteMissing => "Note of a status row missing",
            Self::TargetPassed => "Target date passed",
            Self::StatusNote => "Status note",
            Self::MaximumMissing => "No date for Max AU",
            Self::FirstMilestoneMissing => "No date for the first milestone",
            Self::ForecastPassed => "Forecast date passed",
            Self::SurveyContactMissing => "No survey contact",
            Self::NotPartnerLed => "Not FTC-FTP Led",
            Self::NoRegionalManager => "No P-RM",
            Self::RegionalManagerLeft => "P-RM has left",
            Self::NoPrimary => "No primary P-RM",
        }
    }

    /// Where it comes from: the rule's number in the requirements.
    pub fn source(self) -> &'static str {
        match self {
            Self::RowsDoNotAddUp => "N1",
            Self::StatusUnknown => "N4",
            Self::NewEntitlements => "N3, N4",
            Self::ReasonMissing | Self::RowNoteMissing => "N7",
            Self::TargetPassed => "N11",
            Self::StatusNote => "E4",
            Self::MaximumMissing | Self::FirstMilestoneMissing => "F5",
            Self::ForecastPassed => "F9",
            Self::SurveyContactMissing => "C3",
            Self::NotPartnerLed => "G8",
            Self::NoRegionalManager | Self::RegionalManagerLeft => "A7",
            Self::NoPrimary => "A14",
        }
    }

    /// The data element that it belongs to.
    pub fn element(self) -> Element {
        match self {
            Self::RowsDoNotAddUp
            | Self::StatusUnknown
            | Self::NewEntitlements
            | Self::ReasonMissing
            | Self::RowNoteMissing
            | Self::TargetPassed => Element::EntitlementStatus,
            Self::StatusNote => Element::OverallStatus,
            Self::MaximumMissing | Self::FirstMilestoneMissing | Self::ForecastPassed => Element::Forecast,
            Self::SurveyContactMissing => Element::SurveyContact,
            Self::NotPartnerLed | Self::NoRegionalManager | Self::RegionalManagerLeft | Self::NoPrimary => {
                Element::Money
            }
        }
    }

    /// Whether it costs the firm money at once: credit that goes elsewhere, or entitlements that nobody works on.
    pub fn is_money(self) -> bool {
        self == Self::NewEntitlements || self.element() == Element::Money
    }

    /// The rule of this code.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.code() == code)
    }

    /// The rules that people mean by `word`: those of an element, those that cost money, or the one of this code.
    pub fn called(word: &str) -> Vec<Self> {
        let of_element = |rule: &Self| rule.element().words().contains(&word);
        let rules: Vec<Self> = match word {
            "money" => Self::ALL.into_iter().filter(|rule| rule.is_money()).collect(),
            _ => Self::ALL.into_iter().filter(of_element).collect(),
        };
        if rules.is_empty() { Self::of(word).into_iter().collect() } else { rules }
    }
}
