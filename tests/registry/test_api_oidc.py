"""Logging in by a provider of OpenID Connect: a real one, over real HTTP."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc.jwk import RSAKey
from pydantic import SecretStr

from registry.oidc_provider import CLIENT, SECRET, OidcProvider, providing
from registry.served import PASSWORD, serving
from sanitizer_api.settings import Settings

LOGIN, BACK = "/api/v1/auth/oidc/login", "/api/v1/auth/oidc/callback"
Opened = Callable[..., httpx.Client]


@pytest.fixture
def provider() -> Iterator[OidcProvider]:
    with providing() as made:
        yield made


@pytest.fixture
def opened(provider: OidcProvider, api_database: str, tmp_path: Path) -> Iterator[Opened]:
    """Serves a registry with these settings, and gives a browser that points at it."""
    with ExitStack() as stack:

        def open_one(**settings: Any) -> httpx.Client:
            known: dict[str, Any] = {
                "oidc_issuer": provider.address,
                "oidc_client_id": CLIENT,
                "oidc_client_secret": SecretStr(SECRET),
            }
            made = Settings(home=tmp_path, registration="open", login_rate="1000/minute", **(known | settings))
            address = stack.enter_context(serving(made, api_database))
            return stack.enter_context(httpx.Client(base_url=address, timeout=30))

        yield open_one


def registered(browser: httpx.Client, email: str) -> Any:
    wanted = {"email": email, "password": PASSWORD, "name": "Ada", "organisation": "Example"}
    access = browser.post("/api/v1/auth/register", json=wanted).json()["access_token"]
    browser.cookies.clear()
    return me(browser, access)


def me(browser: httpx.Client, access: str) -> Any:
    return browser.get("/api/v1/me", headers={"Authorization": f"Bearer {access}"}).json()


def logged_in(browser: httpx.Client) -> httpx.Response:
    """What the browser sees: to the provider, and back."""
    return browser.get(LOGIN, follow_redirects=True)


def address() -> str:
    return f"{uuid.uuid4().hex}@example.com"


def test_a_user_comes_in_by_their_verified_address_and_then_by_their_subject(
    provider: OidcProvider, opened: Opened
) -> None:
    browser, email = opened(), address()
    ada = registered(browser, email)
    provider.claims = {"email": email.upper(), "email_verified": True, "sub": email}
    first = logged_in(browser)
    assert first.status_code == 200, first.text
    assert me(browser, first.json()["access_token"])["id"] == ada["id"]
    assert browser.post("/api/v1/auth/refresh").status_code == 200, "the login goes on as others do"
    provider.claims = {"sub": email, "email": "other@example.com"}
    assert me(browser, logged_in(browser).json()["access_token"])["id"] == ada["id"]
    wrong = browser.post("/api/v1/auth/login", json={"email": email, "password": PASSWORD})
    assert wrong.status_code == 401, "whoever registered the address proved nothing"


def test_an_address_that_is_not_verified_is_nobodys(provider: OidcProvider, opened: Opened) -> None:
    browser, email = opened(), address()
    registered(browser, email)
    for verified in ({"email_verified": False}, {}, {"email_verified": "true"}):
        provider.claims = {"email": email, "sub": email, **verified}
        assert logged_in(browser).status_code == 403, verified


def test_nobody_new_comes_in_unless_an_organisation_takes_them(provider: OidcProvider, opened: Opened) -> None:
    browser, email = opened(), address()
    provider.claims = {"email": email, "email_verified": True, "sub": email}
    assert logged_in(browser).status_code == 403
    host = registered(browser, address())
    taking = opened(oidc_organisation=host["organisation"]["id"], oidc_groups="data = member, platform=admin")
    told = me(taking, logged_in(taking).json()["access_token"])
    assert (told["organisation"]["id"], told["role"], told["email"]) == (host["organisation"]["id"], "viewer", email)
    provider.claims |= {"groups": ["data", "platform", "other"]}
    assert me(taking, logged_in(taking).json()["access_token"])["role"] == "admin"


WRONG: list[dict[str, Any]] = [
    {"nonce": "other"}, {"aud": "other"}, {"iss": "https://other.example"}, {"exp": 1}, {"aud": [CLIENT, "b"], "azp": "b"},
]  # fmt: skip


def test_a_token_that_is_not_for_this_login_lets_nobody_in(provider: OidcProvider, opened: Opened) -> None:
    browser, email = opened(), address()
    registered(browser, email)
    good = {"email": email, "email_verified": True, "sub": email}
    for claims in WRONG:
        provider.claims = good | claims
        assert logged_in(browser).status_code == 401, claims
    provider.claims, own = good, provider.key
    provider.published, provider.key = own, RSAKey.generate_key(2048, {"kid": "k1"})
    assert logged_in(browser).status_code == 401, "another signed it"
    provider.key = own
    assert logged_in(browser).status_code == 200


def test_only_the_browser_that_began_comes_back(provider: OidcProvider, opened: Opened) -> None:
    browser, email = opened(), address()
    registered(browser, email)
    provider.claims = {"email": email, "email_verified": True, "sub": email}
    begun = browser.get(LOGIN)
    assert "httponly" in begun.headers["set-cookie"].lower()
    back = httpx.get(begun.headers["location"]).headers["location"]
    assert httpx.get(back).status_code == 401, "without the cookie"
    assert browser.get(back.replace("state=", "state=x")).status_code == 401
    assert (
        browser.get(BACK, params={"error": "access_denied", "state": back.rpartition("state=")[2]}).status_code == 401
    )
    stolen = browser.cookies["sanitizer_oidc"]
    assert browser.get(back).status_code == 200
    browser.cookies.set("sanitizer_oidc", stolen)
    assert browser.get(back).status_code == 401, "a code is good once"


def test_it_goes_on_to_a_path_of_its_own_host_only(provider: OidcProvider, opened: Opened) -> None:
    browser, email = opened(), address()
    registered(browser, email)
    provider.claims = {"email": email, "email_verified": True, "sub": email}
    begun = browser.get(LOGIN, params={"next": "/runs?x=1"})
    back = httpx.get(begun.headers["location"]).headers["location"]
    assert browser.get(back).headers["location"] == "/runs?x=1"
    page = f"/runs/{uuid.uuid4()}"
    assert f'href="{LOGIN}?next={page}"' in browser.get(page).text, "the page of a run offers it"
    assert LOGIN not in opened(oidc_issuer=None).get(page).text
    for wrong in ("https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example", "/é", "/\n"):
        assert browser.get(LOGIN, params={"next": wrong}).status_code == 400


def test_without_a_provider_or_with_one_that_is_away_it_says_so(opened: Opened) -> None:
    assert opened(oidc_issuer=None).get(LOGIN).status_code == 404
    away = opened(oidc_issuer="http://127.0.0.1:9").get(LOGIN)
    assert (away.status_code, away.json()["title"]) == (502, "The provider of logins failed")


@pytest.mark.parametrize("wrong", [{"oidc_issuer": "http://login.example"}, {"oidc_groups": "data=owner"}])
def test_settings_that_are_not_safe_are_refused(wrong: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="pattern"):
        Settings(home=tmp_path, **wrong)  # type: ignore[arg-type]
