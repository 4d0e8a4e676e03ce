select id, site_name, zip, phone
from {{ source('clean', 'sites') }}
where phone is not null
