-- What a unit becomes is among what a change did to it, and so is read as the rest is: by revision, unit by unit.

drop index succession_recorded_idx;
create index succession_recorded_idx on succession(recorded_rev, from_resh_id);
drop index succession_superseded_idx;
create index succession_superseded_idx on succession(superseded_rev, from_resh_id);
