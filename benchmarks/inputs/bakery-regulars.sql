-- bakery-regulars.yaml, as somebody who knows the files writes it for DuckDB: one pass over the lines.
-- $customers and $purchases are Parquet files, $today the date of the run, in the shop's time zone
-- $midnight(n) the instant at which the day n days before it began.
WITH bought AS (
    SELECT customer_id,
        count(*) FILTER (department = 'bakery' AND bought_at >= $midnight(59)) AS bakery,
        sum(total) FILTER (bought_at >= $midnight(29)) AS spent,
        count(*) FILTER (total > 20) AS large,
        count(*) FILTER (bought_at >= $midnight(1)) AS lately
    FROM read_parquet($purchases)
    GROUP BY customer_id
)
SELECT id
FROM read_parquet($customers) AS c JOIN bought AS b ON b.customer_id = c.id
WHERE bakery >= 3 AND coalesce(spent, 0) < 400 AND large > 2 AND lately = 0 AND NOT is_employee
ORDER BY id
