"""What a run did to every cell and row, and how to take it back."""
