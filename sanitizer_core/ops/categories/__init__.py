"""Operations: categories."""
