// The edits of a tenant, each as a person does them: from the card and from one line, with findings, receipt,
// undo and conflict, and counted.
import { assignments } from './assignments.mjs';
import { contacts } from './contacts.mjs';
import { forecast } from './forecast.mjs';
import { migration } from './migration.mjs';
import { privacy } from './privacy.mjs';
import { services } from './services.mjs';
import { status } from './status.mjs';

export const edits = [...services, ...status, ...forecast, ...migration, ...contacts, ...assignments, ...privacy];
