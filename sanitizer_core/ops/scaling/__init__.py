"""Operations: scaling."""
