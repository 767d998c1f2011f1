-- Jobs that a person pauses, and jobs that wait for one (decision page 0096). Locks: `jobs` for a moment.

alter table jobs add column pause_asked_at timestamptz;
