-- What a unit takes over is among what a change did to it as well.

create index succession_recorded_to_idx on succession(recorded_rev, to_resh_id);
create index succession_superseded_to_idx on succession(superseded_rev, to_resh_id);
