//! A line of a chat message about a tenant and its services. A message of several lines is one question and one change.

use super::service::{of_fields, pick};
use super::tenant::{Then, resolve};
use crate::domain::access::Act;
use crate::domain::id::{Id, Tenant};
use crate::domain::service::Service;
use crate::turn::words::name_and_services;
use crate::turn::{Fault, Fields, Malformed, Turn};

/// The line: `contoso exo, teams` and what is said of them.
#[derive(Debug, Clone)]
pub(super) struct ChatLine {
    /// The tenant's name as it was typed; its id once it is settled.
    pub name: String,
    /// Its services; empty: the only one, or one that is asked for.
    pub services: Vec<&'static Service>,
    /// What is said of them.
    pub said: String,
}

impl ChatLine {
    /// Reads the tenant and its services; `None`: no tenant is named.
    pub fn read(about: &str, said: &str) -> Option<Self> {
        let (name, services) = name_and_services(about);
        (!name.is_empty()).then(|| Self { name: name.to_owned(), services, said: said.to_owned() })
    }

    /// The tenant and its services, to be read again.
    pub fn about(&self) -> String {
        let codes: Vec<_> = self.services.iter().map(|service| service.code.as_str()).collect();
        format!("{} {}", self.name, codes.join(", "))
    }

    /// Finds out which tenant and services are meant. What is not clear is asked, and nothing is guessed; the answer
    /// comes back with `then`. A tenant whose services are named is not locked yet: its turn comes in the order of all.
    pub async fn settle(&mut self, turn: &mut Turn, act: Act, then: &Then) -> Result<Id<Tenant>, Fault> {
        let tenant = resolve(turn, &self.name, then).await?;
        if self.services.is_empty() {
            let desk = turn.desk(tenant, act).await?;
            self.services.push(pick(turn, &desk, &[], then).await?);
        }
        self.name = tenant.to_string();
        Ok(tenant)
    }

    /// Whether the tenant is given by its id.
    fn is_clear(&self) -> bool {
        self.name.parse::<uuid::Uuid>().is_ok()
    }
}

/// Takes over the tenant that was chosen, and the service if there is one: they are those of the first line whose own
/// are not clear yet.
pub(super) fn take_choice(lines: &mut [ChatLine], fields: &Fields) -> Result<(), Malformed> {
    let Some(tenant) = fields.optional_id::<Tenant>("tenant")? else { return Ok(()) };
    let service = if fields.text("service")?.is_empty() { None } else { Some(of_fields(fields)?) };
    let is_open = |line: &&mut ChatLine| !line.is_clear() || (service.is_some() && line.services.is_empty());
    if let Some(line) = lines.iter_mut().find(is_open) {
        line.name = tenant.to_string();
        if let Some(service) = service {
            line.services = vec![service];
        }
    }
    Ok(())
}
