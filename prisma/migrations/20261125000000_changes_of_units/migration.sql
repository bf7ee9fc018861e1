-- What a change did is read unit by unit, a page at a time, and digested by revision: so the rows of a revision lie in the order of their units.

drop index unit_version_recorded_idx;
create index unit_version_recorded_idx on unit_version(recorded_rev, resh_id);
drop index unit_version_superseded_idx;
create index unit_version_superseded_idx on unit_version(superseded_rev, resh_id);
drop index unit_code_recorded_idx;
create index unit_code_recorded_idx on unit_code(recorded_rev, resh_id);
drop index unit_code_superseded_idx;
create index unit_code_superseded_idx on unit_code(superseded_rev, resh_id);
drop index unit_identifier_recorded_idx;
create index unit_identifier_recorded_idx on unit_identifier(recorded_rev, resh_id);
drop index unit_identifier_superseded_idx;
create index unit_identifier_superseded_idx on unit_identifier(superseded_rev, resh_id);
drop index unit_name_recorded_idx;
create index unit_name_recorded_idx on unit_name(recorded_rev, resh_id);
drop index unit_name_superseded_idx;
create index unit_name_superseded_idx on unit_name(superseded_rev, resh_id);
drop index unit_address_recorded_idx;
create index unit_address_recorded_idx on unit_address(recorded_rev, resh_id);
drop index unit_address_superseded_idx;
create index unit_address_superseded_idx on unit_address(superseded_rev, resh_id);
drop index unit_contact_point_recorded_idx;
create index unit_contact_point_recorded_idx on unit_contact_point(recorded_rev, resh_id);
drop index unit_contact_point_superseded_idx;
create index unit_contact_point_superseded_idx on unit_contact_point(superseded_rev, resh_id);

create index unit_registered_idx on unit(registered_rev);
create index treatment_site_registered_idx on treatment_site(registered_rev);
create index code_registered_idx on code(registered_rev);
