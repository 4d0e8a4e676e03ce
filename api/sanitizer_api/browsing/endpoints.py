"""The page of a run: the same for every run and everybody; what it shows, it asks the API for as whoever signs in."""

from __future__ import annotations

import base64
import hashlib
import uuid
from functools import cache
from importlib.resources import files

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from sanitizer_api.state import StateOf

router = APIRouter(tags=["pages"], include_in_schema=False)

PROVIDER = (
    '<a class="button" id="provider" href="/api/v1/auth/oidc/login?next=/runs/{run_id}">'
    "Sign in with your organisation's account</a>"
)


@router.get("/runs/{run_id}", response_class=HTMLResponse)
async def run(run_id: uuid.UUID, state: StateOf) -> HTMLResponse:
    """The page, without anything of the run in it."""
    text, policy = page()
    if state.settings.oidc_issuer is not None:
        text = text.replace("<!-- provider -->", PROVIDER.format(run_id=run_id))
    headers = {
        "Content-Security-Policy": policy,
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-cache",
    }
    return HTMLResponse(text, headers=headers)


@cache
def page() -> tuple[str, str]:
    """One document that needs nothing else, and the policy under which only its own script runs."""
    html, style, script = (
        files("sanitizer_api.browsing").joinpath(f"run.{kind}").read_text("utf-8") for kind in ("html", "css", "js")
    )
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; img-src data:; connect-src 'self';"
        " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    return html.replace("/* style */", style).replace("/* script */", script), policy
