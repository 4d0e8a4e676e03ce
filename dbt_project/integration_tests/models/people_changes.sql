{{ sanitizer.changes(ref('raw_people'), recipe='people') }}
