"""Contracts: what clean means for a table, held against it in one scan.

A contract wraps a Pandera schema with a name, a version, severities and thresholds. All of Pandera's built-in checks
become SQL; what cannot is done by Pandera itself. The failing rows are all kept, each with every reason it has.
"""

from sanitizer_core.contract.compiled import CompiledContract, compile_contract
from sanitizer_core.contract.contract import Contract
from sanitizer_core.contract.envelope import Threshold
from sanitizer_core.contract.evaluate import check_contract, check_relation
from sanitizer_core.contract.infer import infer_contract
from sanitizer_core.contract.statements import contract_counts_query, contract_query
from sanitizer_core.contract.verdict import CheckResult, Finding, Verdict

__all__ = [
    "CheckResult",
    "CompiledContract",
    "Contract",
    "Finding",
    "Threshold",
    "Verdict",
    "check_contract",
    "check_relation",
    "compile_contract",
    "contract_counts_query",
    "contract_query",
    "infer_contract",
]
