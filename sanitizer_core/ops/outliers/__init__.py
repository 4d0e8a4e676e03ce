"""Operations: outliers."""
