"""What is served of our own scripts."""

from __future__ import annotations

from pathlib import Path

from django.core.files.storage import FileSystemStorage

from majlis.lib.static import HashedStorage

WRITTEN = """// Says it.
import { say } from "./said.js";

/** Say `what`. */
export function start(what) {
  say(`// ${what}
    as it stands`, "http://a.test/*b*/"); // and no more
}
"""


def collected(folder: Path, files: dict[str, str]) -> dict[str, str]:
    """These files as they are served: their contents by the names they had."""
    source, target = FileSystemStorage(folder / "from"), FileSystemStorage(folder / "to")
    storage = HashedStorage(location=folder / "to", base_url="/static/")
    for name, text in files.items():
        for root in (source, target):
            path = Path(root.path(name))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    served = {}
    for name, hashed, problem in storage.post_process({name: (source, name) for name in files}):
        assert not isinstance(problem, Exception), problem
        if not hashed.endswith(".gz"):
            served[name] = (folder / "to" / hashed).read_text(encoding="utf-8")
    return served


def test_own_scripts_lose_their_comments_and_nothing_that_they_say(tmp_path: Path) -> None:
    files = {
        "majlis/js/main.js": WRITTEN,
        "majlis/js/said.js": "export const say = () => {}; // nothing\n",
        "majlis/widget/panel.js": "export const open = () => {}; // nothing\n",
        "other/lib.js": "// of others\n",
    }

    served = collected(tmp_path, files)

    main = served["majlis/js/main.js"]
    assert "Says it" not in main
    assert "Say `what`" not in main
    assert "and no more" not in main
    assert 'say(`// ${what}\n    as it stands`,"http://a.test/*b*/");' in main
    assert "./said." in main
    assert "./said.js" not in main
    assert served["majlis/js/said.js"].startswith("export const say=()=>{};")
    assert served["majlis/widget/panel.js"].startswith("export const open=()=>{};")
    assert served["other/lib.js"] == "// of others\n"
    assert (tmp_path / "to/majlis/js/main.js").read_text(encoding="utf-8") == WRITTEN
