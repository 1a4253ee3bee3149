-- From basket lines to one row per customer. Before this runs there are: the views `lines`,
-- `products`, `demographics`, `redemptions`; the tables `retailers`, `shops`, `names`; and the
-- variable `today`. Everything made up is drawn by MD5 from the household's number, so the same
-- inputs give the same rows everywhere.

-- A number from 0 to 9999 that depends on the household and on what it decides.
CREATE MACRO draw(household, what) AS
    (md5_number_lower(household || chr(31) || what) % 10000)::INTEGER;
CREATE MACRO pick(choices, household, what) AS
    choices[1 + (md5_number_lower(household || chr(31) || what) % len(choices))::INTEGER];

CREATE TABLE product_departments AS
SELECT product_id, CASE
    WHEN department = 'FUEL' THEN 'fuel'
    WHEN department IN ('PRODUCE', 'SALAD BAR') THEN 'produce'
    WHEN department IN ('MEAT', 'MEAT-PCKGD') THEN 'meat'
    WHEN department IN ('SEAFOOD', 'SEAFOOD-PCKGD') THEN 'seafood'
    WHEN department IN ('DELI', 'CHEF SHOPPE', 'RESTAURANT') THEN 'deli'
    WHEN department IN ('FLORAL', 'GARDEN CENTER') THEN 'floral'
    WHEN department = 'SPIRITS' OR regexp_matches(category, 'WINE|BEERS') THEN 'wine'
    WHEN department = 'COSMETICS'
        OR regexp_matches(category, 'HAIR|ORAL|SOAP|MAKEUP|COLD AND|DEOD|SHAV|VITAMIN') THEN 'beauty'
    WHEN department = 'PASTRY' OR regexp_matches(category, '^BAKED|^BREAD') THEN 'bakery'
    WHEN regexp_matches(category, 'FRZN|FROZEN|^ICE CREAM') THEN 'frozen'
    WHEN regexp_matches(category, 'MILK|CHEESE|YOGURT|EGGS|MARGARIN|DAIRY') THEN 'dairy'
    WHEN regexp_matches(category, 'DRINKS|DRNK|JUICE|WATER|COFFEE|^TEA') THEN 'drinks'
    WHEN regexp_matches(category, 'SNACK|CANDY|CRACKER|COOKIE|POPCORN|NUTS') THEN 'snacks'
    WHEN regexp_matches(category, 'TISSUE|TOWEL|PAPER|DETERGENT|CLEAN|WRAPS|CAT |DOG |CANDLES')
        THEN 'household'
    WHEN department IN ('GROCERY', 'NUTRITION', 'FROZEN GROCERY') THEN 'pantry'
    END AS department
FROM (SELECT product_id, department, coalesce(product_category, '') AS category FROM products);

-- Households are dealt by weight: `lowest` up to `highest` of the retailers share 0 to 9999.
CREATE TABLE dealt AS
SELECT h.household_id, h.household_id::VARCHAR AS household, r.*
FROM (SELECT DISTINCT household_id FROM lines) AS h
JOIN retailers AS r ON draw(h.household_id::VARCHAR, 'retailer') BETWEEN r.lowest AND r.highest;

-- The last day of the data becomes today.
CREATE TABLE baskets AS
SELECT household_id, basket_id, any_value(store_id) AS store_id,
    min(transaction_timestamp)::DATE
        + (getvariable('today') - (SELECT max(transaction_timestamp)::DATE FROM lines))::INTEGER
        AS ordered_on,
    sum(round(sales_value * 100)::BIGINT) AS cents
FROM lines GROUP BY household_id, basket_id;

CREATE TABLE orders AS
SELECT household_id,
    count(*) AS lifetime_orders,
    count(*) FILTER (ordered_on > getvariable('today') - 90) AS orders_90d,
    sum(cents) AS lifetime_cents,
    coalesce(sum(cents) FILTER (ordered_on > getvariable('today') - 90), 0) AS cents_90d,
    min(ordered_on) AS first_order_on,
    max(ordered_on) AS last_order_on,
    mode(store_id ORDER BY store_id) AS usual_store
FROM baskets GROUP BY household_id;

-- A favorite takes at least 3% of the household's spending; first comes the department of which this
-- household buys most beside all others (else everyone's favorite would be the pantry).
CREATE TABLE favorites AS
WITH spending AS (
    SELECT l.household_id, p.department, sum(round(l.sales_value * 100)::BIGINT) AS cents
    FROM lines AS l JOIN product_departments AS p USING (product_id) JOIN dealt AS d USING (household_id)
    WHERE p.department IS NOT NULL AND (p.department <> 'fuel' OR d.sells_fuel)
    GROUP BY l.household_id, p.department
)
SELECT household_id, list(department ORDER BY lift DESC, department)[:5] AS departments
FROM (
    SELECT household_id, department, cents,
        cents::HUGEINT * 1000000 // sum(cents) OVER (PARTITION BY department) AS lift,
        sum(cents) OVER (PARTITION BY household_id) AS all_cents
    FROM spending WHERE cents > 0
)
WHERE cents * 33 >= all_cents
GROUP BY household_id;

CREATE TABLE sizes AS
SELECT household_id, left(household_size, 1)::INTEGER AS household_size FROM demographics;

CREATE TABLE coupons AS
SELECT household_id, count(*) AS redeemed FROM redemptions GROUP BY household_id;

-- One in forty accounts is not linked to a card yet: the person is known, the orders are not.
-- `oddity` numbers a few households of each retailer whose row gets a flaw, as real exports have.
CREATE TABLE people AS
SELECT d.*, o.*, f.departments, s.household_size, coalesce(c.redeemed, 0) AS redeemed,
    shop.id AS store, shop.state, shop.timezone, shop.near,
    pick(n.first, d.household, 'first') AS given_name,
    pick(n.last, d.household, 'last') AS family_name,
    pick(n.mail_domains, d.household, 'domain') AS mail_domain,
    draw(d.household, 'linked') >= 250 AS linked,
    row_number() OVER (PARTITION BY d.tenant ORDER BY md5('oddity' || d.household)) AS oddity
FROM dealt AS d
JOIN orders AS o USING (household_id)
JOIN names AS n ON n.language = d.names
JOIN shops AS shop ON shop.tenant = d.tenant
    AND shop.place = md5_number_lower('store' || o.usual_store::VARCHAR) % d.shop_count
LEFT JOIN favorites AS f USING (household_id)
LEFT JOIN sizes AS s USING (household_id)
LEFT JOIN coupons AS c USING (household_id);

CREATE TABLE reachable AS
SELECT *,
    CASE WHEN draw(household, 'email') >= 500 THEN
        regexp_replace(lower(strip_accents(given_name || '.' || family_name)), '[^a-z.]', '', 'g')
        || household || '@' || mail_domain END AS email,
    CASE WHEN draw(household, 'phone') >= 3500 THEN
        phone_prefix || lpad((md5_number_lower('phone' || household) % 10000)::VARCHAR, 4, '0')
        END AS phone,
    CASE WHEN has_app AND draw(household, 'push') >= 4500 THEN
        'fcm-' || md5('push' || household) END AS push_token,
    CASE WHEN has_cards AND draw(household, 'card') >= 800 THEN
        '7000' || lpad(household, 8, '0') END AS card_number
FROM people;

CREATE TABLE customers AS
SELECT tenant,
    'h' || lpad(household, 4, '0') AS id,
    CASE WHEN oddity = 5 THEN repeat(given_name || ' ', 12)
        WHEN draw(household, 'nameless') >= 600 THEN given_name END AS first_name,
    CASE WHEN oddity = 2 THEN repeat(family_name || '-', 20) ELSE family_name END AS last_name,
    CASE WHEN oddity IN (8, 9) THEN 'family@' || tenant || '.example' ELSE email END AS email,
    phone, push_token, card_number,
    CASE WHEN draw(household, 'locale known') < 400 THEN NULL
        WHEN draw(household, 'locale') < second_share * 100 THEN second_locale ELSE locale END AS locale,
    CASE WHEN draw(household, 'zone known') >= 300 THEN timezone END AS timezone,
    list_filter([
        CASE WHEN email IS NOT NULL AND draw(household, 'mails') < 8400 THEN 'email.promotions' END,
        CASE WHEN email IS NOT NULL AND draw(household, 'ads') < 7600 THEN 'email.weekly-ad' END,
        CASE WHEN push_token IS NOT NULL AND draw(household, 'app') < 8800 THEN 'push.promotions' END,
        CASE WHEN phone IS NOT NULL AND draw(household, 'texts') < 5800 THEN 'sms.promotions' END
    ], lambda grant: grant IS NOT NULL)::VARCHAR[] AS consent,
    list_filter([
        CASE WHEN draw(household, 'mails') >= 9700 THEN 'email.promotions' END,
        CASE WHEN draw(household, 'ads') >= 9500 THEN 'email.weekly-ad' END,
        CASE WHEN draw(household, 'greetings') >= 9600 THEN 'webhook.clienteling' END
    ], lambda refusal: refusal IS NOT NULL)::VARCHAR[] AS declined,
    CASE WHEN oddity <> 3 THEN state END AS state,
    first_order_on - (draw(household, 'joined') // 4)::INTEGER AS joined_on,
    CASE WHEN linked THEN lifetime_orders ELSE 0 END AS lifetime_orders,
    CASE WHEN linked THEN orders_90d ELSE 0 END AS orders_90d,
    CASE WHEN linked THEN last_order_on END AS last_order_on,
    CASE WHEN linked THEN getvariable('today') - last_order_on END AS days_since_last_order,
    CASE WHEN linked THEN cents_90d / 100 ELSE 0 END::DOUBLE AS spend_90d,
    CASE WHEN linked THEN lifetime_cents / 100 ELSE 0 END::DOUBLE AS lifetime_spend,
    CASE WHEN oddity = 1 THEN 'NaN'::DOUBLE
        WHEN linked THEN (lifetime_cents // lifetime_orders) / 100 ELSE 0 END::DOUBLE AS average_basket,
    CASE WHEN linked THEN departments[1] END AS favorite_department,
    CASE WHEN linked THEN coalesce(departments, []) ELSE [] END::VARCHAR[] AS favorite_departments,
    CASE WHEN linked THEN redeemed ELSE 0 END AS coupons_redeemed,
    CASE WHEN NOT linked OR lifetime_cents < 100000 THEN 'basic'
        WHEN lifetime_cents < 250000 THEN 'silver' ELSE 'gold' END AS loyalty_tier,
    CASE WHEN oddity = 4 THEN -120
        WHEN linked THEN greatest(0, lifetime_cents // 100 - 100 * redeemed) ELSE 0 END::BIGINT AS points,
    draw(household, 'employee') < 150 AS is_employee,
    household_size,
    CASE WHEN oddity = 6 THEN 'closed-store' WHEN draw(household, 'store known') >= 400 THEN store END AS store,
    CASE WHEN draw(household, 'store known') >= 400 THEN list_prepend(store, near) ELSE [] END::VARCHAR[]
        AS near_stores
FROM reachable;
