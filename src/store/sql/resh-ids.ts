/** SQL for the greatest RESH-id that was ever given, 0 before the first; true only while the register's lock is held. */
export const greatestReshIdSql = `(
    select greatest(
      coalesce(max(unit.resh_id), 0),
      (select case when is_called then last_value else 0 end from resh_id_seq)
    )
    from unit
  )`;
