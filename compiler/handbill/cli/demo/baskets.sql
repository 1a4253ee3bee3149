-- From basket lines to what each customer bought and keeps buying, after households.sql: the tables
-- `purchases`, `products` and `recommendations`. `shelf` holds the kinds of product that have a name
-- shoppers know, in four languages; a line of another kind has a department and no product.

CREATE TABLE shelved AS
SELECT row_number() OVER (ORDER BY kind) AS place, * FROM shelf;

CREATE TABLE shelved_products AS
SELECT p.product_id, 'p' || lpad(s.place::VARCHAR, 3, '0') AS product
FROM products AS p JOIN shelved AS s ON s.kind = p.product_type;

-- A year of lines, moved so that the last day is today; clocks are read as the retailer's morning.
CREATE TABLE purchases AS
SELECT d.tenant,
    'h' || lpad(d.household, 4, '0') AS customer_id,
    row_number() OVER (
        PARTITION BY l.household_id ORDER BY l.transaction_timestamp, l.basket_id, l.product_id, l.sales_value
    ) AS line,
    l.transaction_timestamp
        + to_days((getvariable('today') - (SELECT max(transaction_timestamp)::DATE FROM lines))::INTEGER)
        AS bought_at,
    sp.product, pd.department,
    l.quantity, round(l.sales_value * 100)::BIGINT / 100 AS total
FROM lines AS l
JOIN dealt AS d USING (household_id)
LEFT JOIN shelved_products AS sp USING (product_id)
LEFT JOIN product_departments AS pd USING (product_id)
WHERE l.quantity BETWEEN 1 AND 1000;

CREATE TABLE products_of AS
SELECT r.tenant, 'p' || lpad(s.place::VARCHAR, 3, '0') AS id,
    CASE r.names WHEN 'fr' THEN s.fr WHEN 'de' THEN s.de ELSE s.en END AS name,
    s.es AS name_es, s.picture, s.department,
    (199 + (md5_number_lower(r.tenant || s.kind) % 60)::INTEGER * 10) / 100 AS price
FROM retailers AS r, shelved AS s;

-- What the household bought on most days of the last half year, most often first, at most eight.
CREATE TABLE recommendations AS
SELECT tenant, customer_id, rank, product
FROM (
    SELECT tenant, customer_id, product,
        row_number() OVER (
            PARTITION BY tenant, customer_id ORDER BY count(DISTINCT bought_at::DATE) DESC, product
        ) AS rank
    FROM purchases
    WHERE product IS NOT NULL AND bought_at::DATE > getvariable('today') - 180
    GROUP BY tenant, customer_id, product
    HAVING count(DISTINCT bought_at::DATE) >= 2
)
WHERE rank <= 8;
