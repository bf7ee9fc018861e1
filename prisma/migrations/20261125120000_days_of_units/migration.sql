-- What differs between two days is found by the rows that begin or end between them, not by reading every row: so rows lie in the order of their days.

create index unit_version_valid_from_idx on unit_version(valid_from);
create index unit_version_valid_to_idx on unit_version(valid_to);
create index unit_code_valid_from_idx on unit_code(valid_from);
create index unit_code_valid_to_idx on unit_code(valid_to);
create index unit_identifier_valid_from_idx on unit_identifier(valid_from);
create index unit_identifier_valid_to_idx on unit_identifier(valid_to);
create index unit_name_valid_from_idx on unit_name(valid_from);
create index unit_name_valid_to_idx on unit_name(valid_to);
create index unit_address_valid_from_idx on unit_address(valid_from);
create index unit_address_valid_to_idx on unit_address(valid_to);
create index unit_contact_point_valid_from_idx on unit_contact_point(valid_from);
create index unit_contact_point_valid_to_idx on unit_contact_point(valid_to);
