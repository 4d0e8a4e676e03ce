"""The parts of a record that are read, held to their shapes: whoever reports a run may have written it by hand."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sanitizer_api.problems import ApiError
from sanitizer_core.record import RunRecord

Number = Annotated[float | None, Field(allow_inf_nan=False)]


class _Read(BaseModel):
    model_config = ConfigDict(extra="allow", strict=True)


class _Dimensions(_Read):
    overall: Number = None
    completeness: Number = None
    uniqueness: Number = None
    consistency: Number = None
    integrity: Number = None


class _Moment(_Dimensions):
    columns: dict[str, _Dimensions] = {}


class _Check(_Read):
    id: str
    passed: bool = True


class _Contract(_Read):
    checks: list[_Check] = []


class _Parts(_Read):
    score: dict[str, _Moment]
    contract: _Contract | None


class OddRecordError(ApiError):
    """A part of the record is not as a run writes it."""

    status, name, title = 422, "odd-record", "The record is not as a run writes it"


def refuse_odd(record: RunRecord) -> None:
    """Makes sure that the scores and the checks of a record can be read.

    Raises:
        OddRecordError: one cannot, with the first that are wrong.
    """
    try:
        _Parts.model_validate({"score": record.score, "contract": record.contract})
    except ValidationError as error:
        told = [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()[:5]]
        raise OddRecordError("; ".join(told), hint="Send the content of run.json as it was written.") from None
