"""Does a statement name its tenant for every tenant table that it touches?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence

_NOISE = re.compile(r"--[^\n]*|'(?:[^']|'')*'")
_NO_ALIAS = (
    "ON|WHERE|SET|USING|JOIN|LEFT|RIGHT|INNER|CROSS|FULL|ORDER|GROUP|LIMIT|FOR|RETURNING|UNION|VALUES|SELECT|DEFAULT"
)
ACROSS = re.compile(r"across chains: \S+")


def untenanted(text: str, params: Sequence[str], tables: Collection[str]) -> list[str]:
    """The tenant tables that a statement reads or writes without `chain_id = :chain_id`, as often as it does.

    Each mention needs its own comparison with a parameter: a join on `chain_id` alone fans out over all shards, and a
    forgotten one shows a tenant the rows of another. An INSERT must fill `chain_id`.
    """
    text = _NOISE.sub(" ", text)
    if text.lstrip().upper().startswith("ANALYZE"):
        return []
    mention = re.compile(
        rf"\b(FROM|JOIN|UPDATE|INTO|USING|,)\s+({'|'.join(sorted(tables))})\b(?!\s*\.)"
        rf"(?:\s+(?:AS\s+)?(?!(?:{_NO_ALIAS})\b)([a-z]\w*))?(\s*\([^)]*\))?",
        re.I,
    )
    wanted: Counter[str] = Counter()
    missing: list[str] = []
    for verb, table, alias, columns in mention.findall(text):
        if verb == "," and not alias:
            continue  # a column of that name
        if verb.upper() == "INTO":
            if not re.search(r"\bchain_id\b", columns):
                missing.append(table)
        else:
            wanted[alias or table] += 1
    for name, times in wanted.items():
        found = len(re.findall(rf"\b{name}\.chain_id\s*=\s*\$(\d+)", text))
        if found < times:
            found += sum("chain" in params[int(n) - 1] for n in re.findall(r"(?<![\w.])chain_id\s*=\s*\$(\d+)", text))
        if found < times:
            missing.append(name)
    return missing
