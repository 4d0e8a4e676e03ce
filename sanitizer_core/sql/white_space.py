"""What counts as white space, and what cannot be seen at all; engines' own ideas of it all differ."""

from __future__ import annotations

WHITE_SPACE = (
    "\t\n\v\f\r \x85\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
"""The characters with Unicode's White_Space property."""
