"""A real S3 server for the tests of this folder."""

from __future__ import annotations

from s3_store import s3 as s3
from s3_store import s3_server as s3_server
