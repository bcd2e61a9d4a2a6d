-- A person may say that a suggestion does not help (checklist 173); the firm's leads see how many were.

alter table suggestion add column reported_at timestamptz;
grant update (reported_at) on suggestion to tenantry_app;
