select id, site_name, {{ sanitizer.nullify('zip', also=['00000']) }} as zip, phone
from {{ source('clean', 'sites') }}
where phone is not null
