{{ sanitizer.clean(ref('callable_sites'), recipe='titles', version=1) }}
