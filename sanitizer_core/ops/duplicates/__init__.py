"""Operations: duplicates."""
