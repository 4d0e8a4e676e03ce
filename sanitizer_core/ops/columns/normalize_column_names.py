"""The operation ``normalize_column_names``."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from sanitizer_core.ops.base import AnyCase, ColumnsOperation
from sanitizer_core.ops.columns.names import NameStyle, Style, normal_names
from sanitizer_core.ops.effects import Effect, RenameColumn
from sanitizer_core.ops.stat import Fitted
from sanitizer_core.schema import Schema


class NormalizeColumnNames(ColumnsOperation):
    """Writes the names of columns in one style.

    ```yaml
    - op: normalize_column_names
    - op: normalize_column_names
      params: {style: camel, max_length: 30}
    ```

    | style | `Date Joined (UTC)` | `customerID` |
    |---|---|---|
    | `snake` | `date_joined_utc` | `customer_id` |
    | `upper` | `DATE_JOINED_UTC` | `CUSTOMER_ID` |
    | `kebab` | `date-joined-utc` | `customer-id` |
    | `camel` | `dateJoinedUtc` | `customerId` |
    | `pascal` | `DateJoinedUtc` | `CustomerId` |
    | `title` | `Date Joined Utc` | `Customer Id` |

    Words are parted by blanks and signs, and where a capital follows a small letter or ends a row of capitals. `%` is
    *percent* and `#` is *number*. Latin letters lose their marks (`Größe` is `grosse`); letters of other scripts stay. A
    name that would begin with a digit gets `digit_prefix` in front; one without any letter or digit becomes `column`.

    **Collisions.** Names that would be the same, also in another case, get a number: `_2`, `_3`, ... in the order of the
    table. A column that has the name already keeps it.

    No cell is changed. The change log and undo name columns as they are called in the input.
    """

    op: ClassVar[str] = "normalize_column_names"
    family: ClassVar[str] = "columns"

    style: Annotated[Style, AnyCase] = Field(default="snake", description="How words are written and joined.")
    max_length: int | None = Field(
        default=None, ge=8, description="The most characters of a name, its number included."
    )
    strip_accents: bool = Field(default=True, description="Write Latin letters without their marks.")
    digit_prefix: str = Field(default="_", description="What is put in front of a name that begins with a digit.")

    def effects(self, schema: Schema, fitted: Fitted) -> tuple[Effect, ...]:
        chosen = frozenset(cell.name for cell in self.chosen(schema))
        style = NameStyle(self.style, self.max_length, self.strip_accents, self.digit_prefix)
        made = normal_names(schema.names, chosen, style)
        return tuple(RenameColumn(old, new) for old, new in made.items() if old != new)
