"""Operations: missing."""
