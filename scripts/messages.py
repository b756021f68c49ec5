"""The words of the interface: collects them from code and templates, checks that each has its Arabic, compiles them.

messages.py extract          bring majlis/locale/ar up to date with the code
messages.py merge FILE…      take translations for open messages from other .po files
messages.py compile          write the .mo files the server reads
messages.py check            fail on a message without its Arabic
messages.py pseudo FOLDER    write a locale "xx" that brackets every message, for tests
"""

from __future__ import annotations

import re
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "majlis"
ARABIC = PACKAGE / "locale" / "ar" / "LC_MESSAGES" / "django.po"
# CLDR's order, as Django and translators expect it; Babel's own rule for Arabic swaps the last two.
PLURALS = (
    "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);"
)
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)s|\{(\w*)\}")
METHODS: list[tuple[str, str]] = [
    ("jinja/**.html", "jinja2"),
    ("**/migrations/**.py", "ignore"),
    ("**.py", "python"),
]
OPTIONS: dict[str, Any] = {
    "jinja/**.html": {"extensions": "jinja2.ext.i18n,jinja2.ext.do", "trimmed": "true", "silent": "false"}
}


def collected(package: Path = PACKAGE) -> Catalog:
    """Every message of the code and the templates."""
    catalog = Catalog(charset="utf-8")
    for _file, _line, text, _comments, context in extract_from_dir(
        str(package),
        method_map=METHODS,
        options_map=OPTIONS,
        keywords=KEYWORDS,
    ):
        catalog.add(text, context=context)
    return catalog


def read(path: Path = ARABIC) -> Catalog:
    """The Arabic catalogue as it stands."""
    if not path.exists():
        return Catalog(locale="ar", charset="utf-8")
    return read_po(BytesIO(path.read_bytes()), locale="ar")


def write(catalog: Catalog, path: Path = ARABIC) -> None:
    """Write a catalogue as a .po file that changes little from one time to the next."""
    path.parent.mkdir(parents=True, exist_ok=True)
    out = BytesIO()
    write_po(
        out, catalog, width=110, no_location=True, omit_header=True, sort_output=True, ignore_obsolete=True
    )
    header = f'msgid ""\nmsgstr ""\n"Language: ar\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: {PLURALS}\\n"\n\n'
    path.write_text(header + out.getvalue().decode(), encoding="utf-8")


def _forms(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def _names(text: str) -> set[str]:
    return {one or other for one, other in PLACEHOLDER.findall(text)}


def wrong(asked: Catalog, known: Catalog) -> list[str]:
    """One line for every message that lacks its Arabic or has it wrongly; nothing when all is well."""
    problems = []
    for message in asked:
        if not message.id:
            continue
        label = message.id if isinstance(message.id, str) else message.id[0]
        found = known.get(message.id, message.context)
        if found is None or not any(_forms(found)):
            problems.append(f"not translated: {label}")
            continue
        forms = _forms(found)
        if found.fuzzy:
            problems.append(f"fuzzy: {label}")
        if not all(forms) or len(forms) != (1 if isinstance(message.id, str) else 6):
            problems.append(f"not every plural form: {label}")
        wanted = _names(label) | (_names(message.id[1]) if not isinstance(message.id, str) else set())
        for place, form in enumerate(forms):
            # The forms for none, one and two need not show the number.
            is_free = not isinstance(message.id, str) and place < 3
            if not _names(form) <= wanted or (not is_free and _names(form) != wanted):
                problems.append(f"placeholders differ: {label} → {form}")
    return problems


def extract() -> None:
    """Bring the Arabic catalogue up to date with the code; translations are kept, unused messages go."""
    known, fresh = read(), Catalog(locale="ar", charset="utf-8")
    for message in collected():
        if message.id:
            found = known.get(message.id, message.context)
            fresh.add(message.id, found.string if found else None, context=message.context)
    write(fresh)


def merge(files: list[str]) -> int:
    """Take translations for messages that have none yet; says how many stay open."""
    extract()
    known = read()
    for name in files:
        source = Path(name).read_text(encoding="utf-8")
        if "Plural-Forms" not in source:
            source = f'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: {PLURALS}\\n"\n\n{source}'
        for message in read_po(BytesIO(source.encode()), locale="ar"):
            found = known.get(message.id, message.context) if message.id else None
            if found is not None and not all(_forms(found)):
                found.string = message.string
    write(known)
    return len(wrong(collected(), read()))


def compiled(catalog: Catalog, folder: Path) -> None:
    """Write `catalog` as folder/LC_MESSAGES/django.mo."""
    target = folder / "LC_MESSAGES" / "django.mo"
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as out:
        write_mo(out, catalog)


def pseudo(folder: Path) -> None:
    """A locale `xx` under `folder` in which every message stands in brackets; what has none was not translatable."""
    catalog = Catalog(locale="en", charset="utf-8")
    for message in collected():
        if isinstance(message.id, str):
            if message.id:
                catalog.add(message.id, f"[{message.id}]", context=message.context)
        else:
            catalog.add(message.id, tuple(f"[{form}]" for form in message.id), context=message.context)
    compiled(catalog, folder / "xx")


def main(arguments: list[str]) -> int:
    """Run one command; the exit status."""
    match arguments:
        case ["extract"]:
            extract()
        case ["merge", *files]:
            print(f"{merge(files)} messages without their Arabic")
        case ["compile"]:
            for path in sorted(PACKAGE.glob("locale/*/LC_MESSAGES/django.po")):
                compiled(read(path), path.parent.parent)
        case ["pseudo", folder]:
            pseudo(Path(folder))
        case ["check"]:
            problems = wrong(collected(), read())
            print("\n".join(problems) if problems else "every message has its Arabic")
            return 1 if problems else 0
        case _:
            print(__doc__)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
