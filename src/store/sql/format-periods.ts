/** Returns SQL that formats a multirange as text such as `from 2020-01-01 to 2022-01-01 (exclusive)`. */
export function formatPeriodsSql(multirange: string): string {
  return `(
    select string_agg(
      case
        when lower_inf(d.period) and upper_inf(d.period) then 'on all days'
        when lower_inf(d.period) then 'before ' || upper(d.period)
        when upper_inf(d.period) then 'from ' || lower(d.period) || ' on'
        else 'from ' || lower(d.period) || ' to ' || upper(d.period) || ' (exclusive)'
      end,
      ' and ' order by d.period
    )
    from unnest(${multirange}) as d (period)
  )`;
}
