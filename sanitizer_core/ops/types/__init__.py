"""Operations: types."""
