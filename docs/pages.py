"""What the scripts that make pages share: comparing a page with what they would write."""

from pathlib import Path


def drifted(page: Path, made: str) -> list[str]:
    """Say in which lines a page differs from what it is made as."""
    here, there = page.read_text(encoding="utf-8").splitlines(), made.splitlines()
    wrong = [
        f"{page.name}:{number}: found {ours!r:.90}, expected {line!r:.90}"
        for number, (ours, line) in enumerate(zip(here, there, strict=False), 1)
        if ours != line
    ]
    if len(here) != len(there):
        wrong.append(f"{page.name}: found {len(here)} lines, expected {len(there)}")
    return wrong
