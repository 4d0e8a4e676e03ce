select zip, count(*) as sites, min(site_name) as example
from {{ ref('titled_sites') }}
group by zip
