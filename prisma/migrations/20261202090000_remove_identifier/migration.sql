-- Identifiers are removed by an operation of their own; setting one to nothing was the way before.

alter type operation add value 'REMOVE_IDENTIFIER' after 'SET_IDENTIFIER';
