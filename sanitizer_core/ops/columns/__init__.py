"""Operations: columns."""
