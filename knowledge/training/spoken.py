"""`python -m knowledge.training.spoken`: counts the neighbours of syllables in our own questions, and writes them."""

import argparse
import hashlib
from pathlib import Path

from knowledge import aliases, spoken
from knowledge.training import asked, turning

CARELESS = frozenset({"typo", "teencode"})
"""Ways of typing that would teach the slips themselves."""


def texts() -> list[str]:
    """What people ask, and their words for procedures, typed with care."""
    single = [question.text for question in asked.every() if question.style not in CARELESS]
    said = {phrase for phrases in aliases.load().values() for phrase in phrases}
    return [*single, *(turn.text for talk in turning.talks() for turn in talk), *sorted(said)]


def material() -> str:
    """A fingerprint of what is counted."""
    return hashlib.blake2b("\n".join(texts()).encode(), digest_size=16).hexdigest()


def main() -> None:
    """Runs the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=spoken.FILE)
    spoken.save(spoken.counted(texts()), material(), parser.parse_args().out)


if __name__ == "__main__":
    main()
