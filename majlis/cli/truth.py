"""Whether what lies in the database and the files folder hangs together: after a restore, and when asked.

Plain SQL over tables that may be of any release: what is not there yet is not looked at.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
from psycopg import errors, sql

from majlis.cli.findings import Finding
from majlis.cli.progress import counted
from majlis.config import Config

Session = psycopg.Connection[tuple[object, ...]]

SAMPLE = 200
_NEEDS_RESTORE = "Bring a whole backup back (`majlis restore FILE --force`), or ask for help with this line."
_COUNTERS = """
with truth as (
    select mailbox_id, coalesce(assignee_id, 0) as assignee_id, shelf, count(*) as number
    from conversations_conversation group by 1, 2, 3
)
select count(*) from truth t full join conversations_counter c
    on c.mailbox_id = t.mailbox_id and c.assignee_id = t.assignee_id and c.shelf = t.shelf
where coalesce(t.number, 0) <> coalesce(c.number, 0)
"""
_WORDLESS = """
select count(*) from conversations_entry e where not e.is_withdrawn
    and not exists (select from conversations_entrywords w where w.entry_id = e.id)
"""
_LINKS = """
select c.conrelid::regclass::text, c.confrelid::regclass::text, a.attname, f.attname
from pg_constraint c
    join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
    join pg_attribute f on f.attrelid = c.confrelid and f.attnum = c.confkey[1]
where c.contype = 'f' and cardinality(c.conkey) = 1 and c.connamespace = current_schema()::regnamespace
order by 1, 3
"""
_PASSWORDS = """
select b.address, c.in_password, c.smtp_password from channels_mailconnection c
    join people_mailbox b on b.id = c.mailbox_id order by 1
"""
_WITH_GRANTS = """
select b.address, c.in_password, c.smtp_password, g.refresh_token from channels_mailconnection c
    join people_mailbox b on b.id = c.mailbox_id
    left join channels_oauthgrant g on g.connection_id = c.id order by 1
"""
_SEQUENCES = """
select s.oid::regclass::text, t.relname, a.attname
from pg_class s
    join pg_depend d on d.objid = s.oid and d.classid = 'pg_class'::regclass and d.deptype in ('a', 'i')
    join pg_class t on t.oid = d.refobjid
    join pg_attribute a on a.attrelid = t.oid and a.attnum = d.refobjsubid
where s.relkind = 'S' and s.relnamespace = current_schema()::regnamespace
order by 1
"""


def findings(
    config: Config,
    session: Session,
    *,
    with_files: bool = True,
    with_words: bool = True,
    is_deep: bool = True,
) -> Iterator[Finding]:
    """Look at all of it; of the files only a sample unless `is_deep`."""
    looks: list[Callable[[], Finding]] = [lambda: _secrets(config, session)]
    if is_deep:
        looks = [lambda: _links(session), lambda: _sequences(session), lambda: _counters(session), *looks]
        if with_words:
            looks.insert(3, lambda: _words(session))
    if with_files:
        looks.append(lambda: _files(config, session, is_deep=is_deep))
    for look in looks:
        with suppress(errors.UndefinedTable, errors.UndefinedColumn):  # a database of an older release
            yield look()


def _links(session: Session) -> Finding:
    """Rows whose foreign key points to nothing: a damaged disk, or rows changed by hand."""
    links = session.execute(_LINKS).fetchall()
    broken = []
    for table, other, column, key in links:
        missing = _number(
            session,
            sql.SQL(
                "select count(*) from {} r where r.{} is not null"
                " and not exists (select from {} o where o.{} = r.{})"
            ).format(_name(table), _name(column), _name(other), _name(key), _name(column)),
        )
        if missing:
            broken.append(f"{table}.{column} ({counted(missing, 'row')})")
    if broken:
        return Finding("links between rows", f"lead nowhere: {', '.join(broken[:5])}", _NEEDS_RESTORE)
    return Finding("links between rows", f"all {len(links)} kinds hold")


def _sequences(session: Session) -> Finding:
    """Numbers that would be given a second time: new rows would be refused."""
    behind = []
    found = session.execute(_SEQUENCES).fetchall()
    for sequence, table, column in found:
        row = session.execute(
            sql.SQL("select coalesce(max({}), 0) > (select last_value from {}) from {}").format(
                _name(column), _name(sequence), _name(table)
            )
        ).fetchone()
        if row and row[0]:
            behind.append(f"{table}.{column}")
    if behind:
        step = (
            "For each of them: psql … -c \"select setval(pg_get_serial_sequence('TABLE', 'COLUMN'), "
            '(select max(COLUMN) from TABLE))"'
        )
        return Finding("numbering", f"would give numbers again: {', '.join(behind[:5])}", step)
    return Finding("numbering", f"all {len(found)} sequences stand above what was given")


def _counters(session: Session) -> Finding:
    off = _number(session, sql.SQL(_COUNTERS))
    if off:
        step = "`majlis manage check_counters --mend` counts anew."
        return Finding("counters", f"{off} of the folders' counters differ from the conversations", step)
    return Finding("counters", "agree with the conversations")


def _words(session: Session) -> Finding:
    without = _number(session, sql.SQL(_WORDLESS))
    if without:
        step = "`majlis manage rebuild_words` writes them; the worker does so too, by and by."
        return Finding("search", f"{without} messages and notes cannot be found by words", step)
    return Finding("search", "every message and note can be found")


def _secrets(config: Config, session: Session) -> Finding:
    """Stored passwords, and the value that was kept when the key was made."""
    from majlis.channels.secrets import is_readable

    has_grants = _has(session, "channels_oauthgrant")
    rows = session.execute(_WITH_GRANTS if has_grants else _PASSWORDS).fetchall()
    closed = [
        str(address)
        for address, *tokens in rows
        if not all(is_readable(str(token or ""), config) for token in tokens)
    ]
    kept = ""
    if _has(session, "channels_keycheck"):
        row = session.execute("select token from channels_keycheck").fetchone()
        kept = str(row[0]) if row else ""
    is_other = bool(kept) and not is_readable(kept, config)
    if not closed and not is_other:
        return Finding("stored secrets", "the key reads all of them")
    said = "the secret key is not the one that this database was made with"
    if closed:
        said += (
            f": the passwords of {', '.join(closed[:5])} cannot be read, so no mail is fetched or sent there"
        )
    step = (
        f"Put the old key back into {config.secret_file} (or MAJLIS_SECRET_KEY). If it is lost for good: "
        "`majlis manage take_new_key`, and enter the passwords again."
    )
    if not is_other and kept:
        said = f"the passwords of {', '.join(closed[:5])} cannot be read: they were stored with another key"
        step = "Enter them again in the settings of these mailboxes."
    return Finding("stored secrets", said, step)


def _files(config: Config, session: Session, *, is_deep: bool) -> Finding:
    """Whether the bytes of each row are there: their length, and when `is_deep` their name, made of them by the key."""
    if is_deep:
        rows = session.execute("select digest, size from files_file order by id").fetchall()
    else:
        rows = session.execute(
            "(select digest, size from files_file order by id desc limit %(some)s)"
            " union (select digest, size from files_file order by random() limit %(some)s)",
            {"some": SAMPLE // 2},
        ).fetchall()
    total = _number(session, sql.SQL("select count(*) from files_file"))
    wrong = [
        why for digest, size in rows if (why := _wrong(config, str(digest), int(str(size)), is_deep=is_deep))
    ]
    looked = "all" if is_deep else f"{len(rows)} of"
    if not wrong:
        return Finding("files", f"{looked} {counted(total, 'file')} are there")
    step = (
        f"Bring them back from a backup into {config.files} (`tar -xf BACKUP files/`, same names), "
        "then look again with `majlis doctor --deep`."
    )
    return Finding("files", f"{len(wrong)} of {len(rows)} are not right: {', '.join(wrong[:3])}", step)


def _wrong(config: Config, digest: str, size: int, *, is_deep: bool) -> str:
    path = Path(config.files, digest[:2], digest[2:])
    shown = f"{digest[:2]}/{digest[2:10]}…"
    try:
        if path.stat().st_size != size:
            return f"{shown} has another length"
        if is_deep and config.secret is not None:
            total = hmac.new(config.derived_key("files"), digestmod=hashlib.sha256)
            with path.open("rb") as file:
                while block := file.read(1024 * 1024):
                    total.update(block)
            # Files that came with an older key keep the names that it gave.
            if total.hexdigest() != digest:
                return f"{shown} has other bytes, or was named by another key"
    except OSError as error:
        return f"{shown} is missing" if isinstance(error, FileNotFoundError) else f"{shown}: {error.strerror}"
    return ""


def _has(session: Session, table: str) -> bool:
    row = session.execute("select to_regclass(%s) is not null", [table]).fetchone()
    return bool(row and row[0])


def _number(session: Session, question: sql.SQL | sql.Composed) -> int:
    row = session.execute(question).fetchone()
    return int(str(row[0])) if row else 0


def _name(text: object) -> sql.Identifier:
    return sql.Identifier(str(text).strip('"'))
