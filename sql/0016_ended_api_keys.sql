-- Keys that ended long ago are deleted; the hashes of their texts stay, so that a text which was revoked is never valid again.
-- Locks: `api_keys` and `api_key_secrets` for a moment; an installation has a handful of keys.

alter table api_key_secrets drop constraint api_key_secrets_account_id_key_id_fkey;
