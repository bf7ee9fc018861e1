-- A move of thousands of units adds rows to every index: rows without a value, which nothing looks up by it, stay out.

drop index unit_version_organization_number_idx;
create index unit_version_organization_number_idx on unit_version(organization_number) where organization_number is not null;
drop index unit_version_treatment_site_idx;
create index unit_version_treatment_site_idx on unit_version(treatment_site_number) where treatment_site_number is not null;
drop index unit_version_valid_to_idx;
create index unit_version_valid_to_idx on unit_version(valid_to) where valid_to is not null;
drop index unit_code_valid_to_idx;
create index unit_code_valid_to_idx on unit_code(valid_to) where valid_to is not null;
drop index unit_identifier_valid_to_idx;
create index unit_identifier_valid_to_idx on unit_identifier(valid_to) where valid_to is not null;
drop index unit_name_valid_to_idx;
create index unit_name_valid_to_idx on unit_name(valid_to) where valid_to is not null;
drop index unit_address_valid_to_idx;
create index unit_address_valid_to_idx on unit_address(valid_to) where valid_to is not null;
drop index unit_contact_point_valid_to_idx;
create index unit_contact_point_valid_to_idx on unit_contact_point(valid_to) where valid_to is not null;
