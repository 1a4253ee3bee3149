-- lapsed-gold.yaml, as somebody who knows the file writes it for DuckDB.
-- $file is the Parquet file, $today the date of the run.
SELECT id
FROM read_parquet($file)
WHERE lifetime_orders >= 3
  AND coalesce(days_since_last_order, 9999) > 28
  AND spend_90d >= 0  -- a few are negative, which the rules must not see
  AND spend_90d / (orders_90d + 1) < 24.50  -- NaN is larger than any number
  AND joined_on + 90 < $today
  AND (list_contains(favorite_departments, 'bakery') OR loyalty_tier = 'gold')
  AND loyalty_tier IN ('basic', 'silver', 'gold')
  AND state IN ('NY', 'VT', 'MA', 'CT')
  AND NOT is_employee
  AND NOT coalesce(last_order_on + 14 > $today, FALSE)
  AND NOT (average_basket < 8 AND coalesce(household_size, 1) = 1)
ORDER BY id
