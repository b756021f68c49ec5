"""The list as the barest server would give it: Starlette, psycopg and Jinja2, the same query, the same rows.

Run as a process: `python -m majlis.cli.benches.bare PORT CONNINFO < {"sql": …, "values": […]}`. No sign-in, no
translation, no rights: what it costs is what nobody can do without.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

ROWS = """<section id="list"><header><h1>{{ title }}</h1></header><div>{{ rows|length }}</div><ul id="rows">
{% for row in rows %}<li id="row-{{ row[0] }}" data-number="{{ row[0] }}" data-seq="{{ row[6] }}">
<a class="crow{{ ' crow--new' if row[14] }}" id="open-{{ row[0] }}" href="/conversations/{{ row[0] }}?folder=all"
 hx-get="/conversations/{{ row[0] }}?folder=all" hx-target="#thread" hx-swap="outerHTML" hx-push-url="true">
<span class="crow__av"><span class="av" data-h="{{ row[10] % 6 + 1 }}" aria-hidden="true">{{ row[11][:1] }}</span></span>
<span class="crow__main">{% if row[14] %}<span class="vh crow__unread">Unread</span>{% endif %}
<span class="crow__top"><span class="crow__who trunc" dir="auto">{{ row[11] }}</span>
<time class="crow__time" datetime="{{ row[4].isoformat() }}">{{ row[4].strftime("%H:%M") }}</time></span>
<span class="crow__sub trunc" dir="auto">{{ row[1] }}</span>
<span class="crow__meta"><span class="crow__snip trunc grow" dir="auto">{{ row[2] }}</span>
{% if row[5] %}<span class="tag">waiting</span>{% elif row[3] != "open" %}<span class="tag">{{ row[3] }}</span>{% endif %}
{% if row[12] %}<span class="av av--xs">{{ row[13][:1] }}</span><span class="vh">{{ row[13] }}</span>{% endif %}
</span></span></a></li>
{% endfor %}</ul></section>"""


async def serve(port: int, conninfo: str, sql: str, values: list[Any]) -> None:
    """Answer `/list` until SIGTERM."""
    import jinja2
    import psycopg
    import uvicorn
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import HTMLResponse
    from starlette.routing import Route

    template = jinja2.Environment(autoescape=True).from_string(ROWS)
    connection = await psycopg.AsyncConnection.connect(conninfo, autocommit=True, prepare_threshold=0)

    async def listed(_request: Request) -> HTMLResponse:
        cursor = await connection.execute(sql.encode(), values)
        return HTMLResponse(template.render(title="All", rows=await cursor.fetchall()))

    app = Starlette(routes=[Route("/list", listed)])
    config = uvicorn.Config(
        app,
        host="127.0.0.1",
        port=port,
        loop="uvloop",
        http="httptools",
        log_level="warning",
        access_log=False,
    )
    await uvicorn.Server(config).serve()


if __name__ == "__main__":
    given = json.load(sys.stdin)
    asyncio.run(serve(int(sys.argv[1]), sys.argv[2], given["sql"], given["values"]))
