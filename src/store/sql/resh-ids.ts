/** SQL for the greatest RESH-id ever assigned, 0 in an empty register. It is reliable only under the register lock. */
export const greatestReshIdSql = `(
    select greatest(
      coalesce(max(unit.resh_id), 0),
      (select case when is_called then last_value else 0 end from resh_id_seq)
    )
    from unit
  )`;
