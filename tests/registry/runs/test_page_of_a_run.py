"""The page of a run, as a person with a browser meets it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from registry.browser_tab import Tab, tab
from registry.dirty_runs import report, run_here
from registry.served import PASSWORD, Served

ROWS = "name,age\n <i>ada</i> ,36\n alan ,41\neve,\n"
RECIPE = "name: people\nversion: 3\nsteps:\n  - op: clean_text\n"


def test_the_page_holds_nothing_of_a_run_and_may_do_little(served: Served) -> None:
    address = f"{served.address}/runs/0193a3c0-0000-7000-8000-000000000000"
    found = httpx.get(address)
    policy = found.headers["content-security-policy"]
    assert found.status_code == 200 and "default-src 'none'" in policy and "script-src 'sha256-" in policy
    assert "frame-ancestors 'none'" in policy and "http" not in policy
    assert httpx.get(f"{served.address}/runs/<script>").status_code == 422


def sign_in(page: Tab, email: str, password: str) -> None:
    page.until("!document.getElementById('login').hidden")
    page.look(
        f"(() => {{ const form = document.getElementById('login'); form.elements.email.value = {json.dumps(email)};"
        f" form.elements.password.value = {json.dumps(password)}; form.requestSubmit(); }})()"
    )


def cells(page: Tab, table: str) -> list[list[str]]:
    found: list[list[str]] = page.look(
        f"[...document.querySelectorAll('#{table} tr')].map(row => [...row.cells].map(cell => cell.textContent))"
    )
    return found


@pytest.mark.browser
@pytest.mark.slow
def test_a_person_signs_in_and_sees_what_a_run_did(join: Any, served: Served, folder: Path, tmp_path: Path) -> None:
    ada, eve = join(), join()
    path = report(ada, run_here(folder / "shared" / "page", ROWS, RECIPE))
    with tab(tmp_path / "browser") as page:
        page.go(served.address + path)
        sign_in(page, ada.email, "wrong " + PASSWORD)
        page.until("document.getElementById('status').textContent.includes('password is wrong')")
        sign_in(page, ada.email, PASSWORD)
        page.until("document.getElementById('status').textContent === '2 changed cells shown'")
        assert page.look("document.querySelector('h1').textContent").startswith("people, version 3, on ")
        assert cells(page, "scores")[0][0] == "overall" and float(cells(page, "scores")[0][2]) > 90
        assert [each[:3] for each in cells(page, "columns")] == [["name", "1 clean_text", "2"]]
        changed = [each[:5] for each in cells(page, "changes")]
        assert changed == [
            ["0", "name", " <i>ada</i> ", "<i>ada</i>", "1 clean_text"], ["1", "name", " alan ", "alan", "1 clean_text"]
        ]  # fmt: skip
        page.look(
            "(() => { const form = document.getElementById('filter'); form.elements.row.value = 1; form.requestSubmit(); })()"
        )
        page.until("document.getElementById('status').textContent === '1 changed cell shown'")
        page.go(served.address + path)  # The login's cookie lets in without a password.
        page.until("document.getElementById('status').textContent === '2 changed cells shown'")
        assert page.look("document.documentElement.scrollWidth <= innerWidth")
        many = "Promise.all([refresh(), refresh(), refresh()]).then(all => all.map(each => each.status))"
        assert page.look(many) == [200, 200, 200], "of tabs that ask at once, none is logged out"
        page.look("window.open = (address) => location.assign(address); document.querySelector('[data-open]').click()")
        page.until("location.protocol === 'blob:' && document.querySelector('iframe')?.srcdoc.includes('people')")
        apart = "(frame => frame.sandbox.length === 0 && frame.hasAttribute('sandbox') && !frame.contentDocument)"
        assert page.look(f"{apart}(document.querySelector('iframe'))"), "whoever wrote the report, it may do nothing"
        page.go(served.address + path)
        page.until("document.getElementById('status').textContent === '2 changed cells shown'")
        page.look("document.getElementById('leave').click()")
        sign_in(page, eve.email, PASSWORD)
        page.until("document.getElementById('status').textContent === 'there is no such run'")
        assert page.look("document.getElementById('shown').hidden")
