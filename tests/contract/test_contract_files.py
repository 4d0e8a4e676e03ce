"""Contracts as files: reading, every problem at once, writing, digests, and files that mean harm."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from contract.generated import pandera_schema
from sanitizer_core.contract import Contract
from sanitizer_core.errors import ContractError

GOOD = """\
contract: customers
version: 2
owner: data team
on_violation: fail
severities: {email: warning}
thresholds: {email.str_matches: {max_fraction: 0.01}, age.ge: {max_count: 3}}
schema:
  columns:
    email: {dtype: str, nullable: true, str_matches: '^\\S+@\\S+$'}
    age: {dtype: int64, coerce: true, ge: 18, checks: null}
    joined: {dtype: 'datetime64[ns]', ge: 2020-01-01}
  unique: [email]
"""

BAD = """\
contract: customers
verson: 2
on_violation: quarantin
thresholds: {age.ge: {max_cout: 1}}
schema:
  columns:
    email:
      dtype: strng
      nulable: true
      str_matches: "(a"
      isn: [a]
    age: {dtype: int64, nullable: yes, ge: {min_valu: 1}, in_range: {min_value: 5, max_value: 1}}
    1: {dtype: int64}
  strickt: true
"""

EXPECTED = [
    "unknown key 'verson' in contract.yaml:2. Did you mean 'version'?",
    "'on_violation': input should be 'quarantine', 'fail' or 'warn', got 'quarantin' in contract.yaml:3",
    "unknown key 'max_cout' in contract.yaml:4. Did you mean 'max_count'?",
    "unknown type 'strng' in column 'email' (contract.yaml:8). Did you mean 'string'?",
    "unknown check 'nulable' in column 'email' (contract.yaml:9). Did you mean 'nullable'?",
    "'str_matches' has no valid regular expression: missing ), unterminated subpattern at position 0 in column 'email' (contract.yaml:10). Got '(a'.",
    "unknown check 'isn' in column 'email' (contract.yaml:11). Did you mean 'isin'?",
    "'nullable': input should be a valid boolean, got 'yes' in column 'age' (contract.yaml:12)",
    "'ge' has no parameter 'min_valu' in column 'age' (contract.yaml:12). Did you mean 'min_value'?",
    "'in_range' from 5 to 1 holds nothing in column 'age' (contract.yaml:12). Swap 'min_value' and 'max_value'.",
    "the name of a column has to be text, got 1 in contract.yaml:13. Put it in quotes.",
    "a schema has no key 'strickt' in contract.yaml:14. Did you mean 'strict'?",
]


def test_every_problem_is_told_at_once_with_its_line() -> None:
    with pytest.raises(ContractError) as caught:
        Contract.loads(BAD)
    told = [str(problem) for problem in caught.value.problems]
    assert [line for line in EXPECTED if line not in told] == []
    lines = [problem.where.line or 0 for problem in caught.value.problems]
    assert lines == sorted(lines)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "a contract is a mapping"),
        ("contract: c", "either 'schema' or 'python', this one has neither"),
        ("contract: c\npython: a:B\nschema: {columns: {}}", "this one has both"),
        ("contract: c\npython: os", "'python' cannot be 'os'"),
        ("contract: c\npython: 3", "'python'"),
        ("schema: {columns: {}}", "'contract' is missing"),
        ("contract: c\nschema: 3", "valid dictionary"),
        ("contract: c\nschema: {columns: {a: 3}}", "'a': input should be a mapping"),
        ("contract: c\nschema: {columns: [a]}", "each column needs a 'name'"),
        ("contract: c\nschema: {columns: {}}\nthresholds: {a: {}}", "needs 'max_fraction' or 'max_count'"),
        ("contract: c\nschema: {columns: {}}\nthresholds: {a: {max_fraction: 2}}", "less than or equal to 1"),
        ("contract: c\nschema: {columns: {a: {}}}\nseverities: {b: error}", "names the check 'b'"),
        ("contract: c\nschema: {columns: {a: {str_length: {}}}}", "'str_length' needs"),
        ("contract: c\nschema: {columns: {a: {str_length: {min_value: a}}}}", "whole numbers"),
        ("contract: c\nschema: {columns: {a: {isin: 3}}}", "a list of values"),
        ("contract: c\nschema: {columns: {a: {gt: }}}", "needs 'min_value'"),
        ("contract: c\nschema: {columns: {a: {in_range: {min_value: 1, max_value: b}}}}", "can be compared"),
        ("contract: c\nschema: {columns: {a: {checks: 3}}}", "list of mappings"),
        ("contract: c\nschema: {columns: {'(': {regex: true}}}", "no valid regular expression"),
        ("contract: c\nschema: {unique: 3}", "the name of a column"),
        ("contract: c\nschema: {columns: {a: {register_backend: 1}}}", "unknown check 'register_backend'"),
        ("contract: c\nschema: {strict: 1}", "true, false or 'filter'"),
        ("contract: c\nschema: [1]", "valid dictionary"),
        ("contract: {", "not valid YAML"),
    ],
)
def test_a_problem_is_told(text: str, told: str) -> None:
    with pytest.raises(ContractError, match=re.escape(told)):
        Contract.loads(text)


@pytest.mark.parametrize("name", ["c.yaml", "c.json"])
def test_a_contract_is_written_as_it_was_read(tmp_path: Path, name: str) -> None:
    contract = Contract.loads(GOOD)
    contract.dump(tmp_path / name)
    again = Contract.load(tmp_path / name)
    assert again == contract
    assert again.digest() == contract.digest()
    assert contract.table is not None
    assert contract.table["columns"]["joined"]["ge"] == "2020-01-01"


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("owner: data team", "description: of clients", True),
        ("contract: customers\nversion: 2", "contract: clients\nversion: 7", True),
        ("age.ge", "age.greater_than_or_equal_to", True),
        ("ge: 18", "greater_than_or_equal_to: {min_value: 18}", True),
        ("nullable: true", "nullable: true, required: true, title: e-mail", True),
        ("ge: 18", "ge: 19", False),
        ("max_count: 3", "max_count: 4", False),
        ("email: warning", "email: error", False),
        ("on_violation: fail", "on_violation: warn", False),
        ("unique: [email]", "strict: true", False),
    ],
)
def test_the_digest_follows_what_affects_the_verdict(old: str, new: str, same: bool) -> None:
    assert old in GOOD
    changed = Contract.loads(GOOD.replace(old, new))
    assert (changed.digest() == Contract.loads(GOOD).digest()) == same


def test_the_order_of_columns_counts_where_it_is_asked() -> None:
    def digest(first: str, second: str, ordered: bool) -> str:
        schema = {"columns": {first: {}, second: {}}, "ordered": ordered}
        return Contract.from_data({"contract": "c", "schema": schema}).digest()

    assert digest("a", "b", False) == digest("b", "a", False)
    assert digest("a", "b", True) != digest("b", "a", True)


def test_what_pandera_writes_is_a_contract(tmp_path: Path) -> None:
    import pandera.pandas as pandera
    from pandera.io.pandas_io import to_yaml

    schema = pandera.DataFrameSchema(
        {
            "a": pandera.Column(
                int, [pandera.Check.ge(1), pandera.Check.isin([1, 2], raise_warning=True)], unique=True
            ),
            "b": pandera.Column(str, [pandera.Check.gt("a"), pandera.Check.gt("b")], nullable=True, coerce=True),
        },
        checks=pandera.Check.ne(7),
        strict="filter",
        unique=["a", "b"],
    )
    for minimal in (True, False):
        to_yaml(schema, tmp_path / "orders.yaml", minimal=minimal)
        contract = Contract.load(tmp_path / "orders.yaml")
        assert contract.name == "orders"
        contract.dump(tmp_path / "again.yaml")
        assert Contract.load(tmp_path / "again.yaml").digest() == contract.digest()
    assert pandera_schema(contract.table) == schema


BOMB = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))


@pytest.mark.parametrize(
    "text",
    [
        BOMB,
        "contract: &a [*a]",
        "[" * 5_000,
        "a: !!python/object/apply:os.system ['true']",
        "a: !!python/name:os.system",
    ],
    ids=["unfolds", "endless", "deep", "calls", "names"],
)
def test_a_file_that_means_harm_is_refused(text: str) -> None:
    with pytest.raises(ContractError):
        Contract.loads(text)


def test_a_shared_part_is_no_harm() -> None:
    text = "contract: c\nschema: {columns: {a: &same {dtype: int64, ge: 1}, b: *same}}"
    assert Contract.loads(text).table == {
        "columns": {"a": {"dtype": "int64", "ge": 1}, "b": {"dtype": "int64", "ge": 1}}
    }


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="no such file"):
        Contract.load(tmp_path / "nowhere.yaml")
    with pytest.raises(ContractError, match="cannot be read"):
        Contract.load(tmp_path)


def test_reading_a_contract_imports_neither_pandera_nor_what_it_names() -> None:
    code = (
        "import sys; from sanitizer_core.contract import Contract; "
        "Contract.loads('contract: c\\npython: antigravity:Schema'); "
        f"Contract.loads({GOOD!r}); "
        "print(sorted({'pandera', 'pandas', 'antigravity'} & set(sys.modules)))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
