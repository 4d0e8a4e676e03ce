"""Operations: extension."""
