-- A merger passes the treatment sites of its sources on to the target, and looks them up by their legal entity.

create index treatment_site_version_legal_entity_idx on treatment_site_version (legal_entity_resh_id)
  where legal_entity_resh_id is not null;
