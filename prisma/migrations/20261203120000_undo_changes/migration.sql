-- Changes can be undone: undoing is an operation of its own in the ledger.
alter type operation add value 'UNDO_CHANGE';
