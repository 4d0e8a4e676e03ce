-- The work of recipe.json as somebody who knows PostgreSQL writes it: no log, no removed rows, no undo.
BEGIN;

CREATE TEMP TABLE cells ON COMMIT DROP AS
SELECT
  CAST(substring(id FROM '^\s*([+-]?\d+)(?:\.0*)?\s*$') AS bigint) AS id,
  CASE WHEN name ~ '^\s|\s$|\s\s|[\t\n\r]' THEN btrim(regexp_replace(name, '\s+', ' ', 'g')) ELSE name END AS name,
  lower(btrim(email)) AS email,
  CASE gender WHEN 'm' THEN 'male' WHEN 'f' THEN 'female' WHEN 'o' THEN 'other' ELSE gender END AS gender,
  initcap(btrim(regexp_replace(city, '\s+', ' ', 'g'))) AS city,
  CAST(substring(age FROM '^\s*([+-]?\d+)(?:\.0*)?\s*$') AS bigint) AS age,
  CASE WHEN salary ~ '^[+-]?\d+(\.\d*)?$' THEN CAST(salary AS numeric(18, 2)) END AS salary,
  CASE
    WHEN joined ~ '^\d{4}-\d\d-\d\d$' THEN CASE WHEN pg_input_is_valid(joined, 'date') THEN CAST(joined AS date) END
    WHEN joined ~ '^\d\d/\d\d/\d{4}$' THEN to_date(joined, 'DD/MM/YYYY')
    WHEN joined ~ '^[A-Z][a-z][a-z] \d\d, \d{4}$' THEN to_date(joined, 'Mon DD, YYYY')
    WHEN joined ~ '^\d{8}$' THEN to_date(joined, 'YYYYMMDD')
  END AS date_joined,
  CASE WHEN score ~ '^[+-]?\d+(\.\d*)?$' THEN CAST(score AS numeric(18, 1)) END AS score,
  CASE WHEN notes ~ '^\s|\s$|\s\s|[\t\n\r]' THEN btrim(regexp_replace(notes, '\s+', ' ', 'g')) ELSE notes END AS notes
FROM (
  SELECT
    id,
    CASE WHEN name NOT IN ('N/A', '-', '?', 'null') THEN name END AS name,
    CASE WHEN email NOT IN ('N/A', '-', '?', 'null') THEN email END AS email,
    CASE WHEN gender NOT IN ('N/A', '-', '?', 'null') THEN lower(btrim(gender)) END AS gender,
    CASE WHEN city NOT IN ('N/A', '-', '?', 'null') THEN city END AS city,
    CASE WHEN age NOT IN ('N/A', '-', '?', 'null') THEN age END AS age,
    CASE WHEN salary NOT IN ('N/A', '-', '?', 'null') THEN translate(salary, '$,% ', '') END AS salary,
    CASE WHEN date_joined NOT IN ('N/A', '-', '?', 'null') THEN date_joined END AS joined,
    CASE WHEN score NOT IN ('N/A', '-', '?', 'null') THEN translate(score, '$,% ', '') END AS score,
    CASE WHEN notes NOT IN ('N/A', '-', '?', 'null') THEN notes END AS notes
  FROM raw.customers
  OFFSET 0  -- or the planner works each of these out wherever it is named
) AS kept;

CREATE TEMP TABLE once ON COMMIT DROP AS SELECT DISTINCT * FROM cells;

CREATE TEMP TABLE medians ON COMMIT DROP AS
SELECT
  CAST(floor(percentile_cont(0.5) WITHIN GROUP (ORDER BY age) + 0.5) AS bigint) AS age,
  CAST(percentile_cont(0.5) WITHIN GROUP (ORDER BY score) AS numeric(18, 1)) AS score
FROM once;

CREATE TEMP TABLE fences ON COMMIT DROP AS
SELECT
  CAST(ceil(round(CAST(a1 - 1.5 * (a3 - a1) AS numeric), 4)) AS bigint) AS age_low,
  CAST(floor(round(CAST(a3 + 1.5 * (a3 - a1) AS numeric), 4)) AS bigint) AS age_high,
  CAST(ceil(round(CAST(s1 - 1.5 * (s3 - s1) AS numeric) * 100, 4)) / 100 AS numeric(18, 2)) AS salary_low,
  CAST(floor(round(CAST(s3 + 1.5 * (s3 - s1) AS numeric) * 100, 4)) / 100 AS numeric(18, 2)) AS salary_high
FROM (
  SELECT
    percentile_cont(0.25) WITHIN GROUP (ORDER BY coalesce(once.age, medians.age)) AS a1,
    percentile_cont(0.75) WITHIN GROUP (ORDER BY coalesce(once.age, medians.age)) AS a3,
    percentile_cont(0.25) WITHIN GROUP (ORDER BY salary) AS s1,
    percentile_cont(0.75) WITHIN GROUP (ORDER BY salary) AS s3
  FROM once CROSS JOIN medians
) AS quartiles;

DROP TABLE IF EXISTS clean.by_hand;

CREATE TABLE clean.by_hand AS
SELECT
  id,
  name,
  email,
  gender,
  coalesce(city, 'unknown') AS city,
  least(greatest(coalesce(once.age, medians.age), age_low), age_high) AS age,
  CASE WHEN salary < salary_low THEN salary_low WHEN salary > salary_high THEN salary_high ELSE salary END AS salary,
  date_joined,
  coalesce(once.score, medians.score) AS score,
  notes
FROM once CROSS JOIN medians CROSS JOIN fences;

COMMIT;
