"""What a registry can be told, by environment variables."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Literal
from uuid import UUID

from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

KEY_BYTES = 48


def _home() -> Path:
    return Path.home() / ".local" / "share" / "sanitizer"


class Settings(BaseSettings):
    """The settings; each field is read from ``SANITIZER_`` and its name in capitals."""

    model_config = SettingsConfigDict(env_prefix="SANITIZER_", extra="ignore", frozen=True, populate_by_name=True)

    database_url: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("DATABASE_URL", "SANITIZER_DATABASE_URL", "database_url"),
        description="A PostgreSQL (15 or newer); without it, the embedded one is started in the home folder.",
    )
    home: Path = Field(default_factory=_home, description="Where the embedded database and the signing key are kept.")
    secret_key: SecretStr | None = Field(
        default=None,
        description="Signs access tokens, at least 32 characters; without it, one is made and kept in the home folder.",
    )
    access_minutes: int = Field(default=15, ge=1, le=24 * 60, description="How long an access token is good for.")
    refresh_days: int = Field(default=30, ge=1, description="How long a login lasts without being used.")
    registration: Literal["open", "invited", "first"] = Field(
        default="first",
        description="Who may register: anybody, only who was invited, or the first user and then who was invited.",
    )
    secure_cookies: bool = Field(
        default=False, description="Send the login's cookie over HTTPS only; set it behind a proxy."
    )
    failed_logins: int = Field(default=5, ge=1, description="Wrong passwords in a row until an account is locked.")
    lockout_minutes: int = Field(default=15, ge=1, description="How long it stays locked.")
    login_rate: str = Field(default="20/minute", description="Logins and registrations per address.")
    request_rate: str = Field(default="6000/minute", description="Requests per token, or per address without one.")
    rate_storage: str = Field(
        default="memory://", description="Where rates are counted: in this process, or redis:// for several."
    )
    oidc_issuer: str | None = Field(
        default=None,
        pattern=r"^(https://|http://(127\.0\.0\.1|localhost)(:|/|$))",
        description="A provider of OpenID Connect that lets people log in, such as https://login.example.com; none by default.",
    )
    oidc_client_id: str | None = Field(default=None, description="What the registry is called there.")
    oidc_client_secret: SecretStr | None = Field(
        default=None, description="The registry's secret there, if it has one."
    )
    oidc_redirect_url: str | None = Field(
        default=None,
        description="Where the provider sends people back to, `https://HOST/api/v1/auth/oidc/callback`; else as the "
        "request was addressed, which a proxy may change.",
    )
    oidc_scopes: str = Field(default="openid email profile", description="What is asked of the provider.")
    oidc_organisation: UUID | None = Field(
        default=None,
        description="The organisation that takes in whoever the provider knows; without it, only users that there are.",
    )
    oidc_role: Literal["viewer", "member", "admin"] = Field(default="viewer", description="As what it takes them in.")
    oidc_groups_claim: str = Field(default="groups", description="The claim that holds somebody's groups.")
    oidc_groups: str = Field(
        default="",
        pattern=r"^(\s*[^=,]+=\s*(viewer|member|admin)\s*(,|$))*$",
        description="Roles by group, such as `data=member,platform=admin`; the greatest counts, at every login.",
    )
    otlp_endpoint: str | None = Field(
        default=None,
        pattern=r"^https?://",
        description="A collector of OpenTelemetry (OTLP over HTTP), such as http://127.0.0.1:4318, that traces are sent "
        "to; none by default. Needs the extra `opentelemetry`.",
    )
    otlp_service: str = Field(default="sanitizer-registry", description="What the registry is called in traces.")
    otlp_sql: bool = Field(default=False, description="Trace statements too: their text, never their values.")
    pool_size: int = Field(default=10, ge=1, description="Connections that are kept open to the database.")
    store: str | None = Field(
        default=None,
        description="Where uploads and artifacts of runs are kept: a folder, or s3://bucket/prefix; without it, "
        "the folder `files` in the home folder.",
    )
    upload_limit: int = Field(default=5 << 30, ge=1, description="The largest file that may be uploaded, in bytes.")
    part_limit: int = Field(
        default=64 << 20, ge=5 << 20, description="The largest part of an upload, in bytes; S3 wants 5 MiB at least."
    )
    unpacked_limit: int = Field(
        default=50 << 30, ge=1, description="How large an upload may be once it is unpacked, in bytes."
    )
    url_minutes: int = Field(
        default=60, ge=1, le=7 * 24 * 60, description="How long a signed address of a file is good for."
    )
    deleted_days: int = Field(default=30, ge=0, description="How long the bytes of a deleted dataset are kept.")
    unfinished_days: int = Field(
        default=7,
        ge=0,
        description="How long an upload, or the sending of a run's files, may take until it is given up.",
    )
    uploads_days: int | None = Field(
        default=None, ge=0, description="How long uploads are kept, where an organisation does not say it; for ever."
    )
    artifacts_days: int | None = Field(default=None, ge=0, description="The same of the files of runs.")
    runs_days: int | None = Field(default=None, ge=0, description="The same of runs, with their scores and files.")
    dataset_folders: str = Field(
        default="",
        description="Folders of the server's own, parted by commas, whose files may be registered as datasets; none by default.",
    )
    dataset_networks: str = Field(
        default="",
        description="Networks such as 10.1.0.0/16, parted by commas, that addresses of datasets may lead into although "
        "they are private; none by default.",
    )
    storage_quota: int | None = Field(
        default=None, ge=0, description="Bytes that an organisation may keep; without it, as many as it likes."
    )
    jobs_quota: int | None = Field(default=None, ge=0, description="Jobs that an organisation may have at once.")
    rows_quota: int | None = Field(default=None, ge=0, description="Rows a day (UTC) that an organisation may clean.")
    asks_at_once: int = Field(default=2, ge=1, description="Questions to the files of runs that are answered at once.")
    ask_memory: str = Field(
        default="512MB", pattern=r"^\d+(\.\d+)? ?[KMGT]i?B$", description="The most memory that one of them takes."
    )
    ask_seconds: int = Field(default=30, ge=1, description="How long one of them may take.")
    webhook_networks: str = Field(
        default="",
        description="Networks such as 10.1.0.0/16, parted by commas, that webhooks may be in although they are private; "
        "none by default.",
    )
    worker_lost_seconds: float = Field(
        default=30, gt=0, description="How long a worker may show no sign of life until its jobs are given to others."
    )
    worker_grace_seconds: float = Field(
        default=30, ge=0, description="How long a worker that is told to stop goes on with its jobs; then others do."
    )
    job_attempts: int = Field(default=5, ge=1, description="How often a job is tried whose failure may pass.")
    job_retry_seconds: float = Field(
        default=10, gt=0, description="The wait after a first failure; it doubles with each, to ten minutes at most."
    )
    job_memory: str | None = Field(
        default=None, pattern=r"^\d+(\.\d+)?\s*[KMGT]?i?B$", description="The most memory of a job, such as 4GB."
    )
    job_threads: int | None = Field(default=None, ge=1, description="The most cores of a job; else all.")
    job_modules: str = Field(
        default="",
        description="Python modules, parted by commas, whose functions and schemas the recipes and contracts of jobs "
        "may name; none by default, for they run as the worker does.",
    )
    body_limit: int = Field(default=10_000_000, ge=1, description="The largest body of a request, in bytes.")

    def oidc_group_roles(self) -> dict[str, str]:
        """Roles by group."""
        pairs = (each.partition("=") for each in self.oidc_groups.split(",") if each.strip())
        return {group.strip(): role.strip() for group, _, role in pairs}

    def signing_key(self) -> str:
        """The key that signs access tokens; made at the first call when none was given.

        Raises:
            ValueError: the key that was given is too short to be safe.
        """
        if self.secret_key is not None:
            given = self.secret_key.get_secret_value()
            if len(given) < 32:
                raise ValueError(f"SANITIZER_SECRET_KEY has {len(given)} characters; at least 32 are needed")
            return given
        return _kept_key(self.home / "secret_key")


def _kept_key(path: Path) -> str:
    """The key in a file that only its owner can read; two processes that start at once agree on one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        path.touch(mode=0o600, exist_ok=False)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip() or _written_key(path)
    return _written_key(path)


def _written_key(path: Path) -> str:
    key = secrets.token_urlsafe(KEY_BYTES)
    path.write_text(key + "\n", encoding="ascii")
    return key
