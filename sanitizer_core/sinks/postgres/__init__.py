"""Tables in PostgreSQL as outputs: replaced in one transaction."""

from sanitizer_core.sinks.postgres.publishing import Filling as Filling
from sanitizer_core.sinks.postgres.publishing import prepare as prepare
from sanitizer_core.sinks.postgres.publishing import publication as publication
