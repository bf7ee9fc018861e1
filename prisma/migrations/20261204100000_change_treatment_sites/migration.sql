-- Treatment sites change, close and reopen, and code sets are loaded, each by an operation of its own.
alter type operation add value 'UPDATE_TREATMENT_SITE' after 'REGISTER_TREATMENT_SITE';
alter type operation add value 'CLOSE_TREATMENT_SITE' after 'UPDATE_TREATMENT_SITE';
alter type operation add value 'REOPEN_TREATMENT_SITE' after 'CLOSE_TREATMENT_SITE';
alter type operation add value 'LOAD_CODES' after 'SYNCHRONIZE';
