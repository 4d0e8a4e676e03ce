"""Every table, so that migrations can be held against them."""

from __future__ import annotations

from sanitizer_api.audit import models as audit
from sanitizer_api.datasets import models as datasets
from sanitizer_api.db.base import Base
from sanitizer_api.definitions import models as definitions
from sanitizer_api.identity import models as identity
from sanitizer_api.queue import models as queue
from sanitizer_api.quotas import models as quotas
from sanitizer_api.runs import models as runs

METADATA = Base.metadata

TABLES = (
    identity.User, identity.Organisation, identity.Membership, identity.Invitation, identity.Login, identity.ApiToken,
    definitions.Definition, definitions.Version, definitions.Label, definitions.LabelMove,
    runs.Run, runs.RunScore, audit.AuditEntry, datasets.Dataset,
    quotas.Quota, quotas.QuotaUse, queue.Job,
)  # fmt: skip
"""In the order in which they build on each other."""
