"""Registering, logging in, tokens, members."""

from __future__ import annotations

import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from registry.served import PASSWORD, Served, serving
from sanitizer_api.access import AccessTokens, Caller
from sanitizer_api.identity.words import hash_of
from sanitizer_api.permissions import Role
from sanitizer_api.problems import NotAuthenticatedError
from sanitizer_api.settings import Settings


def test_who_registers_founds_an_organisation_and_owns_it(join: Any) -> None:
    ada = join()
    assert ada.me["email"] == ada.email
    assert ada.me["role"] == "owner"
    assert ada.me["organisation"]["name"] == "Example"


def test_an_address_registers_once_whatever_its_capitals(join: Any, served: Served) -> None:
    ada = join()
    wanted = {"email": ada.email.upper(), "password": PASSWORD, "name": "Ada", "organisation": "Another"}
    answer = httpx.post(f"{served.address}/api/v1/auth/register", json=wanted)
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"password": "short"}, "password"),
        ({"email": "ada"}, "email"),
        ({"surprise": 1}, "surprise"),
        ({"name": " "}, "name"),
    ],
)
def test_a_registration_that_is_wrong_says_where(served: Served, change: dict[str, Any], field: str) -> None:
    wanted = {"email": "ada@example.com", "password": PASSWORD, "name": "Ada", "organisation": "X"} | change
    answer = httpx.post(f"{served.address}/api/v1/auth/register", json=wanted)
    assert answer.status_code == 422
    assert answer.json()["problems"][0]["where"]["field"] == f"body.{field}"
    assert "short" not in answer.text, "a password does not come back in an error"


def test_a_wrong_password_and_an_unknown_address_are_told_alike(join: Any, served: Served) -> None:
    ada = join()
    tried = [
        httpx.post(f"{served.address}/api/v1/auth/login", json={"email": email, "password": "wrong password"})
        for email in (ada.email, "nobody@example.com")
    ]
    assert [each.status_code for each in tried] == [401, 401]
    assert tried[0].json()["detail"] == tried[1].json()["detail"]


def test_too_many_wrong_passwords_lock_the_account(join: Any, served: Served) -> None:
    ada = join()
    login = f"{served.address}/api/v1/auth/login"
    for _ in range(served.settings.failed_logins):
        assert httpx.post(login, json={"email": ada.email, "password": "wrong"}).status_code == 401
    answer = httpx.post(login, json={"email": ada.email, "password": PASSWORD})
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0


def test_a_login_goes_on_by_its_cookie_and_each_cookie_is_good_once(join: Any, served: Served) -> None:
    ada = join()
    first = ada.http.cookies["sanitizer_refresh"]
    answer = ada.http.post("/auth/refresh")
    assert answer.status_code == 200
    second = ada.http.cookies["sanitizer_refresh"]
    assert second != first
    a_while_later(served, first)
    assert refreshed(served, first).status_code == 401
    assert ada.http.post("/auth/refresh").status_code == 401, "a spent cookie that comes back ends the login"


def test_two_tabs_that_refresh_at_once_stay_logged_in_and_a_thief_is_given_nothing(join: Any, served: Served) -> None:
    ada = join()
    first = ada.http.cookies["sanitizer_refresh"]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: refreshed(served, first), range(4)))
    assert sorted(each.status_code for each in found) == [200, 409, 409, 409]
    for each in found:
        assert each.status_code == 200 or ("set-cookie" not in each.headers and "access_token" not in each.text)
    following = next(each.cookies["sanitizer_refresh"] for each in found if each.status_code == 200)
    assert (third := refreshed(served, following)).status_code == 200, "the login goes on"
    a_while_later(served, following)
    assert refreshed(served, following).status_code == 401, "somebody kept a cookie that was spent"
    assert refreshed(served, third.cookies["sanitizer_refresh"]).status_code == 401


def test_who_logs_in_anew_ends_the_login_of_the_cookie_they_had(join: Any, served: Served) -> None:
    ada = join()
    before = ada.http.cookies["sanitizer_refresh"]
    stolen = refreshed(served, before).cookies["sanitizer_refresh"]
    assert ada.http.post("/auth/login", json={"email": ada.email, "password": PASSWORD}).status_code == 200
    assert refreshed(served, stolen).status_code == 401
    assert ada.http.post("/auth/refresh").status_code == 200


def refreshed(served: Served, word: str) -> httpx.Response:
    """The answer to a cookie, in a browser of its own."""
    return httpx.post(f"{served.address}/api/v1/auth/refresh", headers={"Cookie": f"sanitizer_refresh={word}"})


def a_while_later(served: Served, spent: str) -> None:
    """Has it that a cookie was spent a minute earlier."""
    with psycopg.connect(served.database) as connection:
        done = connection.execute(
            "UPDATE logins SET rotated_at = rotated_at - interval '1 minute' WHERE spent_hash = %s", [hash_of(spent)]
        )
        assert done.rowcount == 1


def test_the_cookie_is_kept_from_pages(join: Any, served: Served) -> None:
    ada = join()
    answer = httpx.post(f"{served.address}/api/v1/auth/login", json={"email": ada.email, "password": PASSWORD})
    said = answer.headers["set-cookie"].lower()
    assert "httponly" in said and "samesite=strict" in said and "path=/api/v1/auth" in said


def test_logging_out_ends_the_login(join: Any) -> None:
    ada = join()
    word = ada.http.cookies["sanitizer_refresh"]
    assert ada.http.post("/auth/logout").status_code == 204
    ada.http.cookies.set("sanitizer_refresh", word)
    assert ada.http.post("/auth/refresh").status_code == 401


@pytest.mark.parametrize("token", ["", "nonsense", "dst_nonsense", "e30.e30.e30"])
def test_a_token_that_is_none_lets_nobody_in(served: Served, token: str) -> None:
    answer = httpx.get(f"{served.address}/api/v1/me", headers={"Authorization": f"Bearer {token}"} if token else {})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


def test_an_api_token_does_what_its_scopes_say_and_no_more(join: Any) -> None:
    ada = join()
    made = ada.http.post("/tokens", json={"name": "airflow", "scopes": ["read"]}).json()
    assert made["token"].startswith(made["start"])
    program = {"Authorization": f"Bearer {made['token']}"}
    assert ada.http.get("/recipes", headers=program).status_code == 200
    assert ada.http.post("/recipes", headers=program, json={"text": "name: x\nsteps: []"}).status_code == 403
    assert "token" not in ada.http.get("/tokens").json()["items"][0], "a token's word is shown once"
    assert ada.http.delete(f"/tokens/{made['id']}").status_code == 204
    assert ada.http.get("/recipes", headers=program).status_code == 401


def test_an_api_token_does_no_more_than_its_user_may_by_now(join: Any) -> None:
    ada = join()
    bob = join(ada, "admin")
    word = bob.http.post("/tokens", json={"name": "x", "scopes": ["read", "publish", "administer"]}).json()["token"]
    program = {"Authorization": f"Bearer {word}"}
    assert bob.http.get("/audit", headers=program).status_code == 200
    assert ada.http.put(f"/members/{bob.me['id']}/role", json={"role": "viewer"}).status_code == 200
    assert bob.http.get("/audit", headers=program).status_code == 403
    assert bob.http.get("/recipes", headers=program).status_code == 200
    ada.http.delete(f"/members/{bob.me['id']}")
    assert bob.http.get("/recipes", headers=program).status_code == 401


@pytest.mark.parametrize("how", ["removed", "demoted", "logged out"])
def test_an_access_token_of_who_is_it_no_more_makes_nothing_that_lasts(join: Any, how: str) -> None:
    ada = join()
    bob = join(ada, "admin")
    if how == "removed":
        ada.http.delete(f"/members/{bob.me['id']}")
    elif how == "demoted":
        ada.http.put(f"/members/{bob.me['id']}/role", json={"role": "viewer"})
    else:
        bob.http.post("/auth/logout")
    tried = [
        bob.http.post("/invitations", json={"email": "eve@example.com", "role": "admin"}),
        bob.http.post("/tokens", json={"name": "x", "scopes": ["read"]}),
        bob.http.put(f"/members/{ada.me['id']}/role", json={"role": "viewer"}),
        bob.http.get("/audit"),
        bob.http.post("/erasures/rows", json={"column": "a", "values": ["b"]}),
    ]
    assert [each.status_code for each in tried] == [401] * 5


def test_nobody_gives_a_token_what_they_have_not(join: Any) -> None:
    viewer = join(join(), "viewer")
    assert viewer.http.post("/tokens", json={"name": "x", "scopes": ["publish"]}).status_code == 403


def test_words_and_passwords_are_kept_as_hashes_only(join: Any, served: Served) -> None:
    ada = join()
    token = ada.http.post("/tokens", json={"name": "x", "scopes": ["read"]}).json()["token"]
    secrets = [PASSWORD, token, ada.http.cookies["sanitizer_refresh"]]
    with psycopg.connect(served.database) as connection:
        for table in ("users", "api_tokens", "logins", "audit_entries"):
            kept = str(connection.execute(f"SELECT * FROM {table}").fetchall())
            assert not [each for each in secrets if each in kept], table


def test_an_invitation_is_good_once_and_for_its_address_only(join: Any, served: Served) -> None:
    ada = join()
    word = ada.http.post("/invitations", json={"email": "eve@example.com", "role": "admin"}).json()["word"]
    register = f"{served.address}/api/v1/auth/register"
    wanted = {"email": "mallory@example.com", "password": PASSWORD, "name": "M", "invitation": word}
    assert httpx.post(register, json=wanted).status_code == 403
    assert httpx.post(register, json=wanted | {"email": "eve@example.com"}).status_code == 201
    assert httpx.post(register, json=wanted | {"email": "eve@example.com"}).status_code == 403


def test_roles_change_but_an_owner_stays(join: Any) -> None:
    ada = join()
    bob = join(ada, "admin")
    assert bob.http.put(f"/members/{ada.me['id']}/role", json={"role": "viewer"}).status_code == 403
    assert ada.http.put(f"/members/{ada.me['id']}/role", json={"role": "viewer"}).status_code == 409
    assert ada.http.put(f"/members/{bob.me['id']}/role", json={"role": "owner"}).json()["role"] == "owner"
    assert ada.http.delete(f"/members/{bob.me['id']}").status_code == 204
    assert [each["role"] for each in ada.http.get("/members").json()["items"]] == ["owner"]


def test_registration_closes_after_the_first_user(postgres: str, api_database: str, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, registration="first")
    with serving(settings, api_database) as address:
        for number in range(2):
            wanted = {"email": f"u{number}@first.example", "password": PASSWORD, "name": "U", "organisation": "O"}
            answer = httpx.post(f"{address}/api/v1/auth/register", json=wanted)
    assert answer.status_code == 403


def test_logins_of_an_address_are_counted(api_database: str, tmp_path: Path) -> None:
    with serving(Settings(home=tmp_path, login_rate="2/minute"), api_database) as address:
        body = {"email": "nobody@example.com", "password": "wrong"}
        found = [httpx.post(f"{address}/api/v1/auth/login", json=body) for _ in range(3)]
    assert [each.status_code for each in found] == [401, 401, 429]
    assert int(found[2].headers["retry-after"]) >= 1


def test_requests_of_a_login_are_counted_and_those_of_others_are_not_theirs(api_database: str, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, registration="open", request_rate="3/hour")
    with serving(settings, api_database) as address:
        found = []
        for number in range(2):
            wanted = {"email": f"u{number}@rates.example", "password": PASSWORD, "name": "U", "organisation": "O"}
            token = httpx.post(f"{address}/api/v1/auth/register", json=wanted).json()["access_token"]
            headers = {"Authorization": f"Bearer {token}"}
            found.append([httpx.get(f"{address}/api/v1/me", headers=headers) for _ in range(8)])
    for each in found:
        codes = [answer.status_code for answer in each]
        assert codes[:3] == [200] * 3 and codes[-1] == 429, codes
        assert int(each[-1].headers["retry-after"]) >= 1


def test_a_token_that_was_good_is_good_no_more_once_its_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = AccessTokens("k" * 32, minutes=1)
    ada = Caller(uuid.uuid4(), uuid.uuid4(), Role.MEMBER, uuid.uuid4(), Role.MEMBER.permissions)
    word, now = tokens.write(ada), time.time()
    assert tokens.read(word) == tokens.read(word) == ada
    with pytest.raises(NotAuthenticatedError, match="not good"):
        AccessTokens("l" * 32, minutes=1).read(word)
    monkeypatch.setattr("sanitizer_api.access.time.time", lambda: now + 61)
    with pytest.raises(NotAuthenticatedError, match="expired"):
        tokens.read(word)
