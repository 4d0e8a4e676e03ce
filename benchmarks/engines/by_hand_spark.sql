-- The work of recipe.json as somebody who knows Spark writes it: no log, no removed rows, no undo.
CREATE OR REPLACE TEMP VIEW once AS
SELECT DISTINCT
  CAST(nullif(regexp_extract(id, r'^\s*([+-]?\d+)(?:\.0*)?\s*$', 1), '') AS BIGINT) AS id,
  CASE WHEN name RLIKE r'^\s|\s$|\s\s|[\t\n\r]' THEN trim(regexp_replace(name, r'\s+', ' ')) ELSE name END AS name,
  lower(trim(email)) AS email,
  CASE gender WHEN 'm' THEN 'male' WHEN 'f' THEN 'female' WHEN 'o' THEN 'other' ELSE gender END AS gender,
  initcap(trim(regexp_replace(city, r'\s+', ' '))) AS city,
  CAST(nullif(regexp_extract(age, r'^\s*([+-]?\d+)(?:\.0*)?\s*$', 1), '') AS BIGINT) AS age,
  TRY_CAST(salary AS DECIMAL(18, 2)) AS salary,
  CASE
    WHEN joined LIKE '____-__-__' THEN TRY_CAST(joined AS DATE)
    WHEN joined LIKE '__/__/____' THEN CAST(try_to_timestamp(joined, 'dd/MM/yyyy') AS DATE)
    WHEN joined LIKE '___ __, ____' THEN CAST(try_to_timestamp(joined, 'MMM dd, yyyy') AS DATE)
    WHEN joined LIKE '________' THEN CAST(try_to_timestamp(joined, 'yyyyMMdd') AS DATE)
  END AS date_joined,
  TRY_CAST(score AS DECIMAL(18, 1)) AS score,
  CASE WHEN notes RLIKE r'^\s|\s$|\s\s|[\t\n\r]' THEN trim(regexp_replace(notes, r'\s+', ' ')) ELSE notes END AS notes
FROM (
  SELECT
    id,
    CASE WHEN name NOT IN ('N/A', '-', '?', 'null') THEN name END AS name,
    CASE WHEN email NOT IN ('N/A', '-', '?', 'null') THEN email END AS email,
    CASE WHEN gender NOT IN ('N/A', '-', '?', 'null') THEN lower(trim(gender)) END AS gender,
    CASE WHEN city NOT IN ('N/A', '-', '?', 'null') THEN city END AS city,
    CASE WHEN age NOT IN ('N/A', '-', '?', 'null') THEN age END AS age,
    CASE WHEN salary NOT IN ('N/A', '-', '?', 'null') THEN translate(salary, '$,% ', '') END AS salary,
    CASE WHEN date_joined NOT IN ('N/A', '-', '?', 'null') THEN date_joined END AS joined,
    CASE WHEN score NOT IN ('N/A', '-', '?', 'null') THEN translate(score, '$,% ', '') END AS score,
    CASE WHEN notes NOT IN ('N/A', '-', '?', 'null') THEN notes END AS notes
  FROM raw_customers
);

CACHE TABLE once;

CREATE OR REPLACE TEMP VIEW medians_of AS
SELECT
  CAST(floor(percentile(age, 0.5) + 0.5) AS BIGINT) AS age,
  CAST(percentile(score, 0.5) AS DECIMAL(18, 1)) AS score
FROM once;

CACHE TABLE medians AS SELECT * FROM medians_of;

CACHE TABLE fences AS
SELECT
  CAST(ceil(round(CAST(a[0] - 1.5 * (a[1] - a[0]) AS DECIMAL(38, 8)), 4)) AS BIGINT) AS age_low,
  CAST(floor(round(CAST(a[1] + 1.5 * (a[1] - a[0]) AS DECIMAL(38, 8)), 4)) AS BIGINT) AS age_high,
  CAST(ceil(round(CAST(s[0] - 1.5 * (s[1] - s[0]) AS DECIMAL(30, 8)) * 100, 4)) / 100 AS DECIMAL(18, 2)) AS salary_low,
  CAST(floor(round(CAST(s[1] + 1.5 * (s[1] - s[0]) AS DECIMAL(30, 8)) * 100, 4)) / 100 AS DECIMAL(18, 2)) AS salary_high
FROM (
  SELECT
    percentile(coalesce(once.age, medians.age), array(0.25, 0.75)) AS a,
    percentile(salary, array(0.25, 0.75)) AS s
  FROM once CROSS JOIN medians
);

CREATE OR REPLACE TEMP VIEW clean AS
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
