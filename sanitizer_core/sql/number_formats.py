"""How people write numbers: marks, signs, currencies and percent signs, as patterns that every engine reads alike."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from sanitizer_core.sql.white_space import WHITE_SPACE

_SPACES = f"[{WHITE_SPACE}]*"
_MINUS = "[-\u2212]"
_SIGN = "[-+\u2212]"

THOUSANDS = {",": ",", ".": ".", " ": " \u00a0\u2009\u202f", "'": "'\u2019", "_": "_"}
"""Each mark between thousands, and the characters it is written with."""

CURRENCY_CODES = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY"
    " COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR"
    " IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR"
    " MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD"
    " SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD"
    " XOF XPF YER ZAR ZMW ZWG"
).split()
"""ISO 4217, without funds and metals."""


_IDEOGRAPHS = 0x20000
"""From here on there are ideographs, tags and private use, and no signs; to look at them takes a tenth of a second."""


@cache
def currency_signs() -> str:
    """Every character of Unicode's category Sc: $, €, £, ¥, ₹, ..."""
    return "".join(sign for sign in map(chr, range(_IDEOGRAPHS)) if unicodedata.category(sign) == "Sc")


MARK = "\u00a4"
"""The sign of Unicode for any currency."""


@cache
def money() -> str:
    """A pattern of every currency: a sign, with a letter or two in front, or a code."""
    return f"(?:[A-Z]{{0,2}}[{currency_signs()}]|{'|'.join(CURRENCY_CODES)}|kr|z\u0142)"


@dataclass(frozen=True)
class NumberFormat:
    """What a number may look like.

    Args:
        decimal: the decimal mark.
        thousands: keys of ``THOUSANDS`` that may stand between thousands.
        currency: what may stand in front of it or behind it; ``None`` for any sign or code.
    """

    decimal: str = "."
    thousands: tuple[str, ...] = (",", " ", "'")
    currency: tuple[str, ...] | None = None

    @property
    def others(self) -> str:
        """A pattern of every character that is neither a digit nor the decimal mark."""
        return f"[^0-9{self.decimal}]"

    @property
    def run(self) -> str:
        """A pattern of the first run of digits and marks."""
        marks = "".join(THOUSANDS[mark] for mark in self.thousands)
        return f"[0-9{self.decimal}][0-9{self.decimal}{marks}]*"

    def number(self, digits: int | None = None) -> str:
        """A pattern of the number alone.

        Args:
            digits: how many may stand behind the mark, zeros at the end aside; any number when ``None``.
        """
        mark = f"[{self.decimal}]"
        behind = "[0-9]*" if digits is None else f"[0-9]{{0,{digits}}}0*"
        alone = "[0-9]+" if digits is None else f"(?:[0-9]{{1,{digits}}}0*)" if digits else "0+"
        return f"(?:{self._whole()}(?:{mark}{behind})?|{mark}{alone})"

    def _whole(self) -> str:
        forms = []
        for mark in self.thousands:
            sign = f"[{THOUSANDS[mark]}]"
            forms.append(f"[0-9]{{1,3}}(?:{sign}[0-9]{{3}})+")
            if mark == ",":  # as in India: 12,34,567
                forms.append(f"[0-9]{{1,2}}(?:{sign}[0-9]{{2}})+{sign}[0-9]{{3}}")
        # The first that fits is what is taken out of a longer text, so the shortest comes last.
        return f"(?:{'|'.join([*forms, '[0-9]+'])})"

    def pattern(self, digits: int | None = None, *, percent: str = "") -> str:
        """A pattern of the whole cell: blanks, a sign in front or a minus behind or parentheses, a currency.

        Args:
            percent: ``?`` when a percent sign may stand behind the number, ``!`` when it has to.
        """
        return self._cell(self.number(digits), percent, self._money())

    def marked_pattern(self, digits: int | None = None, *, percent: str = "") -> str:
        """The pattern of a cell in which ``MARK`` stands for every currency: a tenth as long, and much faster."""
        return self._cell(self.number(digits), percent, MARK)

    def exponent_pattern(self) -> str:
        """A pattern of a cell with an exponent."""
        plain = NumberFormat(self.decimal, ()).number()
        return f"{_SPACES}{_SIGN}?{plain}[eE][+-]?[0-9]{{1,3}}{_SPACES}"

    def _cell(self, number: str, percent: str, money: str) -> str:
        sign = {"": "", "?": f"(?:{_SPACES}[%])?", "!": f"{_SPACES}[%]"}[percent]
        front, back = f"(?:{money}{_SPACES})?", f"{sign}(?:{_SPACES}{money})?" if money else sign
        front = front if money else ""
        signed = f"(?:{_SIGN}{_SPACES})?{front}{number}{back}"
        between = f"{money}{_SPACES}{_SIGN}{_SPACES}{number}{back}" if money else ""
        trailing = f"{front}{number}{back}{_SPACES}{_MINUS}"
        brackets = f"{front}[(]{_SPACES}{front}{number}{back}{_SPACES}[)]"
        forms = [form for form in (signed, between, trailing, brackets) if form]
        return f"{_SPACES}(?:{'|'.join(forms)}){_SPACES}"

    def _money(self) -> str:
        if self.currency is None:
            return money()
        return f"(?:{'|'.join(map(_literal, self.currency))})" if self.currency else ""


def _literal(text: str) -> str:
    return "".join(char if char.isalnum() else f"[{char}]" if char not in "\\^]" else f"\\{char}" for char in text)


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern for use on shapes, in Python."""
    return re.compile(pattern)
