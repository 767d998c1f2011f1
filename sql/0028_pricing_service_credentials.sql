-- What a pricing service is asked with (decision page 0085): the id of a credential of the same account.
-- Locks: pricing_services for a moment; a column without a default is not written to the rows.

alter table pricing_services add column credential_id text collate "C";
