"""Arithmetic on doubles, which PostgreSQL lets fail beyond their range, where IEEE 754 has infinity and zero.

Each template works out natively what is surely within the range, and else halves or scales its operands by powers of two,
which is exact, to see what the engine would fail at.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

_HALF = "CAST('8.98846567431157954e307' AS double precision)"  # 2 to the power of 1023
_SCALE = "CAST('1.3407807929942597e154' AS double precision)"  # 2 to the power of 512
_NAN = "CAST('NaN' AS double precision)"
_INFINITE = "CAST('Infinity' AS double precision)"
_MOST = "CAST('8e307' AS double precision)"
_LARGE, _SMALL = "CAST('1e150' AS double precision)", "CAST('1e-150' AS double precision)"


def _double(side: str) -> str:
    return f"CAST({side} AS double precision)"


def _sum(sign: str) -> str:
    left, right = _double(":left"), _double(":right")
    whole, halves = f"{left} {sign} {right}", f"{left} / 2 {sign} {right} / 2"
    return (
        f"CASE WHEN abs({left}) < {_MOST} AND abs({right}) < {_MOST} THEN {whole}"
        f" WHEN abs({left}) < 1 OR abs({right}) < 1 OR {left} = {_NAN} OR {right} = {_NAN}"
        f" OR abs({left}) = {_INFINITE} OR abs({right}) = {_INFINITE} THEN {whole}"
        f" WHEN {halves} >= {_HALF} THEN {_INFINITE} WHEN {halves} <= -{_HALF} THEN -{_INFINITE} ELSE {whole} END"
    )


def _signed(value: str, left: str, right: str) -> str:
    """A value that is 0 or infinite, with the sign that the two sides give it; a double's text keeps the sign of 0."""
    negative = f"(left(CAST({left} AS text), 1) = '-') <> (left(CAST({right} AS text), 1) = '-')"
    return f"CASE WHEN {negative} THEN -{value} ELSE {value} END"


def _plain(side: str) -> str:
    return f"abs({side}) < {_LARGE} AND abs({side}) > {_SMALL}"


def _usual(left: str, right: str) -> str:
    return f"{_plain(left)} AND {_plain(right)}"


def _special(side: str) -> str:
    return f"{side} = 0 OR {side} = {_NAN} OR abs({side}) = {_INFINITE}"


def _product() -> str:
    left, right = _double(":left"), _double(":right")
    scaled = f"abs(({left} / {_SCALE}) * ({right} / {_SCALE}))"
    grown = f"abs(({left} * {_SCALE}) * ({right} * {_SCALE}))"
    return (
        f"CASE WHEN {_usual(left, right)} THEN {left} * {right}"
        f" WHEN {_special(left)} OR {_special(right)} THEN {left} * {right}"
        f" WHEN abs({left}) >= 1 AND abs({right}) >= 1 THEN"
        f" CASE WHEN {scaled} >= 1 THEN {_signed(_INFINITE, left, right)} ELSE {left} * {right} END"
        f" WHEN abs({left}) < CAST('1e-170' AS double precision) AND abs({right}) < CAST('1e-170' AS double precision)"
        f" THEN {_signed('CAST(0 AS double precision)', left, right)}"
        f" WHEN abs({left}) < 1 AND abs({right}) < 1 THEN"
        # Below half of the least double, times 2 to the power of 1024, the product is 0.
        f" CASE WHEN {grown} <= CAST('4.440892098500626e-16' AS double precision) THEN {_signed('CAST(0 AS double precision)', left, right)}"
        f" ELSE {left} * {right} END ELSE {left} * {right} END"
    )


def quotient(right: str) -> str:
    """A template of the quotient by what stands to the right; by 0 it is infinite."""
    left, right = _double(":left"), _double(right)
    zero = "CAST(0 AS double precision)"
    return (
        f"CASE WHEN {_usual(left, right)} THEN {left} / {right}"
        f" WHEN {left} = {_NAN} OR {right} = {_NAN} OR ({left} = 0 AND {right} = 0) THEN {left} * {_NAN} + {right} * {_NAN}"
        f" WHEN {right} = 0 THEN {_signed(_INFINITE, left, right)}"
        f" WHEN {left} = 0 OR abs({left}) = {_INFINITE} OR abs({right}) = {_INFINITE} THEN {left} / {right}"
        f" WHEN abs({left}) >= 1 AND abs({right}) < 1 THEN"
        f" CASE WHEN abs({left}) > CAST('1e20' AS double precision) AND abs({right}) < CAST('1e-290' AS double precision)"
        f" THEN {_signed(_INFINITE, left, right)} WHEN abs(({left} / {_SCALE}) / ({right} * {_SCALE})) >= 1 THEN {_signed(_INFINITE, left, right)}"
        f" ELSE {left} / {right} END"
        f" WHEN abs({left}) < 1 AND abs({right}) >= 1 THEN"
        f" CASE WHEN abs(({left} * {_SCALE}) / ({right} / {_SCALE})) <= CAST('4.440892098500626e-16' AS double precision)"
        f" THEN {_signed(zero, left, right)} ELSE {left} / {right} END"
        f" WHEN abs({left}) < 1 AND abs({right}) < {_SMALL} THEN CASE WHEN abs({left} / ({right} * {_SCALE})) >= {_SCALE}"
        f" THEN {_signed(_INFINITE, left, right)} ELSE {left} / {right} END ELSE {left} / {right} END"
    )


NODES: Mapping[type[exp.Expr], str] = {
    exp.Add: _sum("+"),
    exp.Sub: _sum("-"),
    exp.Mul: _product(),
    exp.Div: quotient(":right"),
}
"""By the operator."""
