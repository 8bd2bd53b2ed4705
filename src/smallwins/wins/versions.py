"""Which wins are versions of one, because two devices changed it. Pure."""

from collections.abc import Container, Mapping

MOST = 12  # together on one page; a file may claim a hundred thousand of one win


def versions_of_all(beside: Mapping[bytes, bytes], there: Container[bytes]) -> dict[bytes, list[bytes]]:
    """By record, all versions of the same win, itself included; what came first at the front. Nothing for the others.

    beside: what each stands beside. there: what can be shown.
    """
    together: dict[bytes, list[bytes]] = {}
    for record, first in _firsts(beside).items():
        versions = together.setdefault(first, [first] if first in there else [])
        if record != first and len(versions) < MOST:
            versions.append(record)
    return {record: versions for versions in together.values() if len(versions) > 1 for record in versions}


def _firsts(beside: Mapping[bytes, bytes]) -> dict[bytes, bytes]:
    """What each stands beside in the end, however long the chain. We write no chains, but a file may bring some in.

    Every link is looked at once: a chain can be as long as the file. Where it is a circle, one of it counts as first.
    """
    firsts: dict[bytes, bytes] = {}
    for start in sorted(beside):
        way, at = dict[bytes, None](), start
        while at in beside and at not in way and at not in firsts:
            way[at] = None
            at = beside[at]
        firsts |= dict.fromkeys(way, firsts.get(at, at))
    return firsts
