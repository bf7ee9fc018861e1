-- The children of every node of a tree are asked for at once: each is found by its parent, not by reading the whole tree for each.

create index mapping_node_parent_idx on mapping_node(system_id, parent_node_id);
