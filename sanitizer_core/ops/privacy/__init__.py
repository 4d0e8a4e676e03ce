"""Operations: privacy."""
