"""Tables of customers with known dirt: what is clean, what was broken, and how."""
