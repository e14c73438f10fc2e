"""How pages are written: `make format` wraps them all alike, `make lint` names those that are not.

Paragraphs and list items of Markdown are filled to 120 characters; code, tables, headings and
HTML stay as they are. Of templates, lines are only not to be longer. With --check nothing is
written.
"""

import re
import sys
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).parents[1]
WIDTH = 120
PAGES = sorted({*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("[!.]*/README.md")})
TEMPLATES = sorted({
    *ROOT.glob("docs/*.j2"),
    *ROOT.glob("workflow/report/**/*.j2"),
    *ROOT.glob("workflow/report/**/*.rst"),
})  # fmt: skip

AS_IT_IS = re.compile(r" *([#|<]|$)")
ITEM = re.compile(r" *([-*+]|\d+[.)]) +")
WORD = re.compile(r"(?:`[^`]*`|\S)+")  # code is one word
# What would begin a list, a heading, a table or HTML at the start of a line.
BEGINS = re.compile(r"([-+*]|\d+[.)])$|[#>|<]")


def wrapped(text: str) -> str:
    """Fill the paragraphs and list items of a page of Markdown to `WIDTH` characters."""
    lines: list[str] = []
    paragraph: list[str] = []
    code = False
    for line in [*text.splitlines(), ""]:
        fence = line.lstrip().startswith("```")
        apart = code or fence or AS_IT_IS.match(line) is not None
        if paragraph and (apart or ITEM.match(line)):
            lines += filled(paragraph)
            paragraph = []
        (lines if apart else paragraph).append(line)
        code ^= fence
    return "\n".join(lines)


def filled(paragraph: list[str]) -> list[str]:
    """Fill one paragraph, or an item that begins with its marker."""
    marker = ITEM.match(paragraph[0])
    start = marker[0] if marker else " " * (len(paragraph[0]) - len(paragraph[0].lstrip()))
    words = WORD.findall(" ".join(paragraph)[len(start) :])
    lines = [start + words[0]]
    for word, following in pairwise([*words[1:], ""]):
        # A word that must not begin a line takes the one before it along.
        needed = len(word) + (len(following) + 1 if BEGINS.match(following) else 0)
        if len(lines[-1]) + 1 + needed <= WIDTH or BEGINS.match(word):
            lines[-1] += " " + word
        else:
            lines.append(" " * len(start) + word)
    return lines


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


def too_long(file: Path) -> list[str]:
    """Name the lines of a file that are longer than `WIDTH`."""
    return [
        f"{file.relative_to(ROOT)}:{number}: found {len(line)} characters, expected at most {WIDTH}"
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > WIDTH
    ]


def main() -> None:
    """Wrap all pages, or check them; name lines that cannot be wrapped."""
    check = sys.argv[1:] == ["--check"]
    if sys.argv[1:] and not check:
        sys.exit(f"pages.py: found {' '.join(sys.argv[1:])}, expected --check or nothing")
    wrong = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        if check and drifted(page, wrapped(text)):
            wrong.append(f"{page.relative_to(ROOT)}: not wrapped as pages are; run: make format")
        if not check:
            page.write_text(wrapped(text), encoding="utf-8")
    wrong += [line for file in [*PAGES, *TEMPLATES] for line in too_long(file)]
    if wrong:
        sys.exit("\n".join(wrong))


if __name__ == "__main__":
    main()
