select
  id,
  {{ sanitizer.clean_text('content') }} as cleaned,
  {{ sanitizer.nullify('content') }} as nothing,
  {{ sanitizer.to_boolean('content') }} as truth,
  {{ sanitizer.to_integer('content') }} as whole,
  {{ sanitizer.parse_date('content') }} as day,
  {{ sanitizer.mask('content') }} as masked,
  {{ sanitizer.replace_pattern('content', '^ *(M[a-z]+ *|Y)', '#') }} as part,
  {{ sanitizer.clip_outliers('number_', low=0, high=100, type='integer') }} as clipped,
  {{ sanitizer.bucket('number_', [0, 50, none], ['low', 'high']) }} as range_
from {{ ref('raw_cells') }}
