"""Operations: text."""
