"""Operations: rows."""
