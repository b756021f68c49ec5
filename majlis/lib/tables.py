"""Tables that people save from spreadsheets: which charset, which separator, and what the columns may hold. Pure."""

from __future__ import annotations

import codecs
import csv
import io

from majlis.lib.arabic import normalise

SEPARATORS = ",;\t"
# What the head of a column is called, folded by lib.arabic.normalise without spaces and marks -> what it holds.
_CALLED: dict[str, str] = {
    "address": "email|e-mail|mail|email address|mail address|address email|البريد|بريد|الايميل|ايميل|الإيميل|البريد الإلكتروني"
    "|عنوان البريد|عنوان البريد الإلكتروني|بريد إلكتروني",
    "name": "name|full name|customer|customer name|client|contact|contact name|display name|الاسم|اسم|الاسم الكامل|اسم العميل"
    "|العميل|اسم الزبون|الزبون",
    "job": "job|title|job title|role|position|الوظيفة|وظيفة|المسمى الوظيفي|المنصب|العمل",
    "company": "company|organisation|organization|account|company name|employer|الشركة|شركة|اسم الشركة|المؤسسة|الجهة|المنشأة",
    "plan": "plan|subscription|tier|package|الباقة|باقة|الخطة|خطة|الاشتراك|اشتراك",
    "pays": "pays|price|mrr|revenue|monthly|amount|يدفع|المبلغ|القيمة|السعر|الاشتراك الشهري|ما يدفعه",
    "customer_since_on": "customer since|since|created|created at|signup|signup date|sign up date|joined|start date|عميل منذ"
    "|منذ|تاريخ الاشتراك|تاريخ التسجيل|تاريخ الإنشاء|تاريخ الانضمام",
    "language": "language|lang|locale|اللغة|لغة",
    "time_zone": "time zone|timezone|tz|المنطقة الزمنية|التوقيت",
    "note": "note|notes|comment|comments|remark|remarks|ملاحظة|ملاحظات|الملاحظات|تعليق",
}


def _folded(text: str) -> str:
    return "".join(char for char in normalise(text) if char.isalnum())


_FIELDS = {_folded(called): field for field, names in _CALLED.items() for called in names.split("|")}


def decoded(content: bytes) -> str:
    """The text of a saved table: by its byte order mark, as UTF-16 without one, as UTF-8, else as Windows-1256."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    for start, charset in ((1, "utf-16-le"), (0, "utf-16-be")):
        halves = content[start:2000:2]
        # The upper halves of Latin and Arabic letters; as letters of their own they stand in no text.
        if halves and (halves.count(0x00) + halves.count(0x06)) * 4 > len(halves) * 3:
            return content.decode(charset, errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1256", errors="replace")


def rows_of(content: bytes) -> list[list[str]]:
    """The rows of a table, the empty ones left out, all as wide as the first.

    Raises ValueError when there is no table of at least a head and a row.
    """
    text = decoded(content).replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    head = text.partition("\n")[0]
    separator = max(SEPARATORS, key=head.count)
    try:
        read = list(csv.reader(io.StringIO(text), delimiter=separator))
    except csv.Error as problem:
        raise ValueError("no table") from problem
    rows = [[_cell(cell) for cell in row] for row in read if any(cell.strip() for cell in row)]
    if len(rows) < 2:
        raise ValueError("no table")
    width = len(rows[0])
    return [(row + [""] * width)[:width] for row in rows]


def fields_of(headers: list[str]) -> list[str]:
    """What each column seems to hold; a head that says nothing known names an attribute, none leaves the column out."""
    found: list[str] = []
    for header in headers:
        field = _FIELDS.get(_folded(header), "")
        if field and field not in found:
            found.append(field)
        else:
            name = " ".join(header.split())[:60]
            found.append(f"attribute:{name}" if name and f"attribute:{name}" not in found else "")
    return found


def _cell(cell: str) -> str:
    """A cell without the mark that keeps a spreadsheet from taking it for a formula."""
    cell = cell.strip()
    return cell[1:] if len(cell) > 1 and cell[0] == "'" and cell[1] in "=+-@" else cell
