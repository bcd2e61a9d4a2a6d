//! The engagement scenario: which team is responsible for a service and its data (G1).

use super::finding::Rule;
use super::service::catalogue;

/// Led by the partner (G2): the firm is credited and paid (G3).
pub const PARTNER_LED: &str = "ftc_ftp_led";
/// Led by Microsoft's CSS team, which keeps the data of the service (G2, G7).
pub const CSS_LED: &str = "ftc_css_led";
/// Scenarios that are left by a ticket only (G5).
const LEFT_BY_TICKET: [&str; 3] = [PARTNER_LED, CSS_LED, "ftc_cxp_led"];

/// The scenario that was chosen, if one may go there from `present` in the portal: to FTC-FTP Led only, and
/// not away from CSS, FTP or CXP Led (G5, G6, DOMAIN section 10).
pub fn chosen(present: &str, typed: &str) -> Result<&'static str, Rule> {
    let known = catalogue().scenarios().iter().find(|item| item.code == typed.trim());
    let chosen = known.ok_or(Rule::UnknownChoice)?.code.as_str();
    if chosen == present {
        return Ok(chosen);
    }
    let by_ticket = chosen != PARTNER_LED || LEFT_BY_TICKET.contains(&present);
    if by_ticket { Err(Rule::ByTicket) } else { Ok(chosen) }
}

/// Whether the hint of G8 holds: the partner works on the service, and is not credited for it.
pub fn is_uncredited(scenario: &str, partner_assigned: bool) -> bool {
    partner_assigned && scenario != PARTNER_LED
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn g5_only_the_way_to_partner_led_is_open_in_chat() {
        assert_eq!(chosen("customer_led_ftp_assist", "ftc_ftp_led"), Ok("ftc_ftp_led"));
        assert_eq!(chosen("customer_led", "customer_led"), Ok("customer_led"));
        for (present, typed) in
            [("ftc_css_led", "ftc_ftp_led"), ("ftc_cxp_led", "ftc_ftp_led"), ("customer_led", "ftc_css_led")]
        {
            assert_eq!(chosen(present, typed), Err(Rule::ByTicket), "{present} to {typed}");
        }
        assert_eq!(chosen("customer_led", "led_by_nobody"), Err(Rule::UnknownChoice));
    }

    #[test]
    fn g8_partner_work_without_credit_is_worth_a_hint() {
        assert!(is_uncredited("customer_led_ftp_assist", true));
        assert!(!is_uncredited("ftc_ftp_led", true) && !is_uncredited("customer_led", false));
    }

    proptest! {
        #[test]
        fn nothing_typed_leaves_a_guarded_scenario(typed in "\\PC{0,30}") {
            for present in LEFT_BY_TICKET {
                prop_assert!(chosen(present, &typed).is_err() || typed.trim() == present);
            }
        }
    }
}
