{{ sanitizer.clean(ref('raw_people'), recipe='people', version=2) }}
