"""What masking hid in a run on Spark, sealed by Spark itself: no value of it comes to the driver, and no plan holds the key.

Each value is sealed by AES-256-GCM, whose tag also covers the place of its cell; the key is derived from the secret as in
``audit.sealing``, with a salt that stands beside the values.
"""

from __future__ import annotations

import os

from sqlglot import exp

from sanitizer_core.audit.sealing import key_of, secret_of
from sanitizer_core.chain import Relation
from sanitizer_core.engines.spark import SparkEngine
from sanitizer_core.errors import RestoreError, Where
from sanitizer_core.pipeline.session import Session
from sanitizer_core.pipeline.writing import to_seal
from sanitizer_core.sql import column, literal
from sanitizer_core.sql.lower import fill

SEALED, PLACE = "sealed.values", ("row", "line", "column")

_KEY = "(SELECT MAX(UNHEX(secret)) FROM sanitizer_seal)"
_CELL = "CONCAT_WS(':', CAST(:row AS STRING), CAST(:line AS STRING), :column)"
_SEAL = f"AES_ENCRYPT(CAST(:value AS BINARY), {_KEY}, 'GCM', 'DEFAULT', UNHEX(''), CAST({_CELL} AS BINARY))"
_OPEN = f"CAST(TRY_AES_DECRYPT(:value, {_KEY}, 'GCM', 'DEFAULT', CAST({_CELL} AS BINARY)) AS STRING)"


def sealed_rows(session: Session, engine: SparkEngine) -> exp.Select | None:
    """What masking hid, sealed; ``None`` where nothing is hidden."""
    query, secret = to_seal(session)
    if query is None:
        return None
    salt = os.urandom(16)
    _hand_over(engine, secret, salt)
    cells = [column(name) for name in PLACE]
    sealed = (exp.alias_(_said(_SEAL), "value"), exp.alias_(literal(salt.hex()), "salt"))
    return exp.select(*cells, *sealed).from_(query.subquery("hidden"))


def open_sealed(engine: SparkEngine, relation: str, variable: str, shown: str) -> str:
    """Makes sealed values a relation again; gives its name.

    Args:
        relation: what was written of ``sealed_rows``.
        variable: the environment variable with the key.

    Raises:
        RestoreError: the key is another one, or the values were changed.
    """
    sealed = exp.to_identifier(relation, quoted=True)
    secret = secret_of(variable, RestoreError)
    for (salt,) in engine.fetch(exp.select(column("salt")).distinct().from_(sealed)):
        _hand_over(engine, secret, bytes.fromhex(salt))
    items = [column(name) for name in PLACE]
    engine.create(Relation(SEALED, exp.select(*items, exp.alias_(_said(_OPEN), "value")).from_(sealed.copy())))
    shut = exp.Is(this=column("value"), expression=exp.Null())
    wrong = exp.select(exp.Count(this=exp.Star())).from_(exp.to_identifier(SEALED, quoted=True)).where(shut)
    if engine.fetch(wrong)[0][0]:
        raise RestoreError(
            "the sealed values cannot be opened: the key is another one, or they were changed",
            where=Where(file=shown),
            hint="Set the key of the run.",
        )
    return SEALED


def _said(template: str) -> exp.Expr:
    return fill(template, "spark", {name: column(name) for name in (*PLACE, "value")})


def _hand_over(engine: SparkEngine, secret: str, salt: bytes) -> None:
    """Puts the key into a view, as data."""
    rows = engine.session.createDataFrame([(key_of(secret, salt).hex(),)], "secret string")
    rows.createOrReplaceTempView("sanitizer_seal")
