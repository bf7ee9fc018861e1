-- Responses to repeated requests are shown from the database, so their warnings need the present names of codes.

update idempotency_key
set response = replace(
    replace(response::text, '"code": "NOTHING_CHANGES"', '"code": "NO_CHANGES"'),
    '"code": "IDENTIFIER_STANDS_TWICE"', '"code": "DUPLICATE_IDENTIFIER"'
  )::jsonb
where response::text ~ '"code": "(NOTHING_CHANGES|IDENTIFIER_STANDS_TWICE)"';
