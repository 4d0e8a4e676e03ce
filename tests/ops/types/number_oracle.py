"""Reads numbers character by character, as the page of fix_dtypes has it; written apart from the patterns it judges."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

SPACES = {",": ",", ".": ".", " ": " \u00a0\u2009\u202f", "'": "'\u2019", "_": "_"}
MONEY = ("$", "€", "US$", "USD", "EUR", "kr")
DIGITS = "0123456789"


@dataclass(frozen=True)
class Oracle:
    decimal: str = "."
    thousands: tuple[str, ...] = (",", " ", "'", "_")
    percent: str = "keep"

    def read(self, cell: str) -> Decimal | None:
        """The number, or ``None``."""
        text = cell.strip()
        exponent = re.fullmatch(r"([-+\u2212]?[0-9.,]+)[eE]([-+]?[0-9]{1,3})", text)
        if exponent:
            mantissa = Oracle(self.decimal, ()).bare(exponent[1].lstrip("-+\u2212"))
            sign = -1 if exponent[1][0] in "-\u2212" else 1
            return None if mantissa is None else sign * mantissa.scaleb(int(exponent[2]))
        return self.signed(text)

    def signed(self, text: str) -> Decimal | None:
        front = self.without_money(text, front=True)
        if front.startswith("(") and front.endswith(")"):
            return negative(self.amount(front[1:-1].strip()))
        if text[:1] in ("-", "\u2212"):
            return negative(self.amount(text[1:].strip()))
        if text[:1] == "+":
            return self.amount(text[1:].strip())
        if text[-1:] in ("-", "\u2212"):
            return negative(self.amount(text[:-1].strip()))
        if front != text and front[:1] in ("-", "\u2212", "+"):
            found = self.unmoneyed(self.without_money(front[1:].strip(), front=False))
            return negative(found) if front[0] != "+" else found
        return self.amount(text)

    def amount(self, text: str) -> Decimal | None:
        return self.unmoneyed(self.without_money(self.without_money(text, front=True), front=False))

    def unmoneyed(self, text: str) -> Decimal | None:
        if not text.endswith("%"):
            return self.bare(text)
        found = self.bare(text[:-1].strip())
        if found is None or self.percent == "refuse":
            return None
        return found if self.percent == "keep" else found.scaleb(-2)

    def without_money(self, text: str, *, front: bool) -> str:
        for sign in sorted(MONEY, key=len, reverse=True):
            if front and text.startswith(sign):
                return text[len(sign) :].strip()
            if not front and text.endswith(sign):
                return text[: -len(sign)].strip()
        return text

    def bare(self, text: str) -> Decimal | None:
        whole, _, behind = text.partition(self.decimal)
        if not all(char in DIGITS for char in behind) or (not whole and not behind):
            return None
        digits = self.grouped(whole) if whole else "0"
        return None if digits is None else Decimal(digits + "." + (behind or "0"))

    def grouped(self, whole: str) -> str | None:
        if all(char in DIGITS for char in whole):
            return whole
        for mark in self.thousands:
            parts = re.split(f"[{re.escape(SPACES[mark])}]", whole)
            if not all(part and all(char in DIGITS for char in part) for part in parts) or len(parts) < 2:
                continue
            sizes = [len(part) for part in parts]
            western = sizes[0] <= 3 and all(size == 3 for size in sizes[1:])
            indian = (
                mark == ","
                and len(sizes) > 2
                and sizes[0] <= 2
                and sizes[-1] == 3
                and all(size == 2 for size in sizes[1:-1])
            )
            return "".join(parts) if western or indian else None
        return None


def negative(number: Decimal | None) -> Decimal | None:
    return None if number is None else -number
