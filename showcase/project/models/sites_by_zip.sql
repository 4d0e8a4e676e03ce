select zip, count(*) as sites, min(site_name) as example
from {{ ref('callable_sites') }}
group by zip
