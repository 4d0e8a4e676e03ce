"""Every table, so that migrations can be held against them."""

from __future__ import annotations

from sanitizer_api.audit import models as audit
from sanitizer_api.datasets import models as datasets
from sanitizer_api.db.base import Base
from sanitizer_api.definitions import models as definitions
from sanitizer_api.identity import models as identity
from sanitizer_api.lineage import models as lineage
from sanitizer_api.queue import models as queue
from sanitizer_api.quotas import models as quotas
from sanitizer_api.review import models as review
from sanitizer_api.runs import models as runs
from sanitizer_api.uploads import models as uploads
from sanitizer_api.webhooks import models as webhooks

METADATA = Base.metadata

TABLES = (
    identity.User, identity.Organisation, identity.Membership, identity.Invitation, identity.Login, identity.ApiToken,
    identity.OidcIdentity,
    definitions.Definition, definitions.Version, definitions.Label, definitions.LabelMove,
    runs.Run, runs.RunScore, runs.Anomaly, review.ReviewDecision, webhooks.Webhook, webhooks.Delivery, audit.AuditEntry, datasets.Dataset,
    quotas.Quota, quotas.QuotaUse,
    lineage.LineageEvent, lineage.LineageNamespace, lineage.LineageJob, lineage.LineageDataset, lineage.LineageRun,
    lineage.LineageUse, lineage.LineageVersion, lineage.LineageLink, lineage.LineageColumn, lineage.LineageTag,
    lineage.LineageTagged,
    uploads.Upload, queue.Job,
)  # fmt: skip
"""In the order in which they build on each other."""
