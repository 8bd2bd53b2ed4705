"""In a new process over the home the environment names: opens the book from cold, then searches it. Prints JSON."""

import json
import os
import random
from collections import Counter
from collections.abc import Callable
from itertools import islice
from typing import Any

from bench.ground import seconds

EACH = 9  # queries of a kind


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "smallwins.web.settings"
    import django

    django.setup()
    from smallwins.book.memory import open_book
    from smallwins.cli.ground import reader
    from smallwins.wins.queries import all_wins, index_of, search

    who = reader()
    found: dict[str, Any] = {"open": seconds(lambda: open_book(who))}
    texts = [win.text for win in all_wins(who)]
    asked = queries(texts, random.Random(7))
    found["first"] = seconds(lambda: search(who, "water", 0))
    found["pages"] = _timed(asked, lambda query: search(who, query, 0))
    found["everything"] = _timed(asked, lambda query: list(index_of(who).find(query)))
    folded = [text.casefold() for text in texts]
    found["scan"] = seconds(lambda: list(islice((text for text in folded if "zyzzyva" in text), 31)))
    print(json.dumps(found))


def _timed(asked: dict[str, list[str]], find: Callable[[str], object]) -> dict[str, list[float]]:
    return {kind: [seconds(lambda query=query: find(query)) for query in found] for kind, found in asked.items()}


def queries(texts: list[str], chance: random.Random) -> dict[str, list[str]]:
    """Queries of every kind, made from what is there."""
    words = Counter(word for text in texts for word in text.lower().split() if word.isalpha() and word.isascii())
    rare = sorted(word for word, count in words.items() if count <= 3 and len(word) > 4)
    common = [word for word, _ in words.most_common(60) if len(word) > 2]
    long = sorted(word for word, count in words.items() if count > 3 and len(word) > 6)
    several = [text.split() for text in chance.sample(texts, 200) if len(text.split()) > 5]
    return {
        "a rare word": chance.sample(rare, EACH),
        "a common word": common[:EACH],
        "two words": [" ".join(chance.sample(parts, 2)) for parts in several[:EACH]],
        "a phrase": [f'"{" ".join(parts[1:4])}"' for parts in several[:EACH]],
        "the start of a word": [word[:4] for word in chance.sample(long, EACH)],
        "a misspelt word": [_misspelt(word, words, chance) for word in chance.sample(long, EACH)],
        "nothing found": ["".join(chance.choices("qxzjkvw", k=9)) for _ in range(EACH)],
    }


def _misspelt(word: str, words: Counter[str], chance: random.Random) -> str:
    while True:
        at = chance.randrange(1, len(word) - 1)
        slip = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        if slip not in words:
            return slip
        word += chance.choice("aeiou")


if __name__ == "__main__":
    main()
