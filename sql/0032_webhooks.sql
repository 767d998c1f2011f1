-- Webhooks: channels of an account that its owner sets, beside those of firehoses (decision page 0084).
-- Locks: event_channels for moments; the columns are added without a rewrite.

alter table event_channels
  -- Of a webhook: only events of these flows. null: of every flow.
  add column flow_ids text[],
  -- The key that a webhook signs with, encrypted with SLUICE_SECRET_KEY.
  add column sealed_secret bytea,
  -- Why and when the receiver ended it; null: it did not.
  add column disabled_reason text,
  add column disabled_at timestamptz;
