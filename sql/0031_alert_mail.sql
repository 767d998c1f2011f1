-- Alerts of caps by e-mail, beside or instead of the webhook (decision page 0078).
-- Locks: both tables for a moment; no row is rewritten.

alter table cap_alert_settings add column emails text[] not null default '{}';
-- null: alerts go to the e-mail addresses alone.
alter table cap_alert_settings alter column url drop not null;

-- When each way has received the alert; the alert is sent when both have.
alter table cap_alerts add column posted_at timestamptz;
alter table cap_alerts add column mailed_at timestamptz;
