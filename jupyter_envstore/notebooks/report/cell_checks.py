"""Do the cells reach for what only this machine has: files by their absolute path, packages installed by hand?"""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator

from jupyter_envstore.notebooks.report.calls import commands_started
from jupyter_envstore.notebooks.report.reading import CodeCell
from jupyter_envstore.notebooks.report.sources import Command
from jupyter_envstore.notebooks.report.subject import Subject
from jupyter_envstore.notebooks.report.words import MOST_PLACES, in_cells, shown
from jupyter_envstore.schemas import NotebookCheck, NotebookPlace, NotebookRepair, UndoneCheck

_ROOTS = (
    "Applications|content|data|dbfs|gpfs|home|kaggle|lustre|media|mnt|net|nfs|opt|private|projects?|root|scratch"
    "|shared?|srv|storage|Users|var|Volumes|work|workspaces?"
)
_FILE = re.compile(
    # Below a folder that machines have for people's files, or a file of data anywhere; not an address of the web.
    rf"(?:file://)?/(?:{_ROOTS})/[^\0\n]+"
    r"|/(?!/)[^\0\n?&:]*\.(?:csv|tsv|parquet|feather|arrow|xlsx?|jsonl?|h5|hdf5|nc|zarr|npy|npz|pkl|pickle|db|sqlite|txt"
    r"|png|jpe?g|tiff?|gz|zip)"
    r"|[A-Za-z]:[\\/][^\0\n]+"
    r"|~[A-Za-z0-9_.-]*[\\/][^\0\n]*"
    r"|\\\\[A-Za-z0-9_.-]+\\[^\0\n]+"
)
_EVERYWHERE = re.compile(r"/(?:tmp|dev|proc|sys|etc|usr|bin)/")
_LONGEST = 1000

_INSTALLERS: dict[str, tuple[str, ...]] = {
    "pip": ("install", "uninstall"),
    "pip3": ("install", "uninstall"),
    "conda": ("install", "update", "remove", "uninstall", "upgrade"),
    "mamba": ("install", "update", "remove", "uninstall"),
    "micromamba": ("install", "update", "remove"),
}
_SYSTEM: dict[str, tuple[str, ...]] = dict.fromkeys(("apt", "apt-get", "brew", "dnf", "npm", "yum"), ("install",))
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(?:\[[A-Za-z0-9,._-]*\])?")
_VALUED = (
    "-c --channel -i --index-url --extra-index-url -n --name -p --prefix -r --requirement -f --file -e --editable "
    "--constraint --find-links -t --target --root --src -C --config-settings --global-option --upgrade-strategy "
    "--no-binary --only-binary --progress-bar --report --proxy --timeout --retries --exists-action --trusted-host "
    "--cert --client-cert --cache-dir --log --keyring-provider --use-feature --use-deprecated --root-user-action "
    "--platform --python --python-platform --python-version --implementation --abi --index --default-index "
    "--solver --repodata-fn --subdir --rc-file"
)
"""Options of pip, uv and conda behind which something stands that is no package."""
_TAKES_VALUE = frozenset(_VALUED.split())
_SEPARATOR = re.compile(r"&&|\|\||[;|&]")


def check_paths(subject: Subject) -> NotebookCheck | UndoneCheck:
    """Do cells name files by a path that only this machine has?"""
    code = "paths"
    if subject.notebook.language != "python":
        return UndoneCheck(code=code, reason="Paths are looked for in Python notebooks only.")
    places = [place for cell in subject.notebook.cells for place in _paths(cell)]
    if not places:
        return NotebookCheck(code=code, grade="pass", title="No file of this machine is named")
    count = len({place.what for place in places})
    return NotebookCheck(
        code=code,
        grade="look",
        title="A file lies outside the folder" if count == 1 else f"{count} files lie outside the folder",
        detail=f"{in_cells(places)}.",
        places=places[:MOST_PLACES],
        repair=NotebookRepair(action="show_cell", arguments={"cell": places[0].cell}),
    )


def check_installs(subject: Subject) -> NotebookCheck | UndoneCheck:
    """Do cells install packages?"""
    code = "installs"
    if subject.notebook.language != "python":
        return UndoneCheck(code=code, reason="Commands that install packages are looked for in Python notebooks only.")
    found = [
        (NotebookPlace(cell=cell.number, line=command.line, what=shown(_short(words))), _packages(words))
        for cell in subject.notebook.cells
        for command in _commands(cell)
        for words in _installs(command)
    ]
    if not found:
        detail = "No pip or conda command in a cell."
        return NotebookCheck(code=code, grade="pass", title="No package is installed by hand", detail=detail)
    places = [place for place, _ in found]
    names = sorted({name for _, names in found for name in names})
    repair = NotebookRepair(action="show_cell", arguments={"cell": places[0].cell})
    if subject.environment and names:
        arguments = {"environment": subject.environment, "packages": names}
        repair = NotebookRepair(action="add_packages", arguments=arguments)
    # The files of an environment of ours are write-protected.
    effect = "pip and conda cannot change this environment" if subject.environment else "each run may bring others"
    return NotebookCheck(
        code=code,
        grade="fail",
        title="A cell installs packages" if len({place.cell for place in places}) == 1 else "Cells install packages",
        detail=f"{in_cells(places)}. No lock holds them, and {effect}.",
        places=places[:MOST_PLACES],
        repair=repair,
    )


def _paths(cell: CodeCell) -> Iterator[NotebookPlace]:
    source = cell.source
    for command in source.commands:
        for word in _words(command.text):
            if _is_path(word):
                yield NotebookPlace(cell=cell.number, line=command.line, what=shown(word))
    if source.tree is None:
        return
    prose = {id(node.value) for node in ast.walk(source.tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in prose:
            continue
        if _is_path(node.value):
            yield NotebookPlace(cell=cell.number, line=node.lineno, what=shown(node.value))


def _is_path(text: str) -> bool:
    return 2 < len(text) <= _LONGEST and _FILE.fullmatch(text) is not None and _EVERYWHERE.match(text) is None


def _commands(cell: CodeCell) -> Iterator[Command]:
    yield from cell.source.commands
    if cell.source.tree is not None:
        yield from commands_started(cell.source.tree)


def _installs(command: Command) -> Iterator[list[str]]:
    """Yield the commands of a line that install something, in words, from the installer on."""
    for part in _SEPARATOR.split(command.text[:4000]):
        words = _words(part)
        while words and (words[0] in ("sudo", "time", "yes", "!", "env") or "=" in words[0]):
            words = words[1:]
        if not words:
            continue
        program = words[0].rpartition("/")[2].strip("{}")
        if program.startswith("python") or program in ("sys.executable", "py"):
            words = words[2:] if words[1:2] == ["-m"] else []
        elif program == "uv" and words[1:2] in (["pip"], ["add"]):
            words = ["pip", "install", *words[2:]] if words[1] == "add" else words[1:]
        if not words:
            continue
        program = words[0].rpartition("/")[2]
        verbs = _INSTALLERS.get(program, ()) if command.magic else (_INSTALLERS | _SYSTEM).get(program, ())
        verb = next((word for word in words[1:] if not word.startswith("-")), "")
        if verb in verbs:
            yield [program, *words[1:]]


def _packages(words: list[str]) -> list[str]:
    """Return the names of packages that a command of pip or conda asks for."""
    if words[0] in _SYSTEM or "uninstall" in words or "remove" in words:
        return []
    names = []
    skip = False
    for word in words[2:]:
        if skip:
            skip = False
        elif word in _TAKES_VALUE:
            skip = True
        elif not word.startswith("-") and "/" not in word and "\\" not in word:
            found = _WORD.match(word)
            if found and not word.startswith(("git+", "http")):
                names.append(found[0].partition("[")[0].lower())
    return names


def _short(words: list[str]) -> str:
    return " ".join(words)


def _words(text: str) -> list[str]:
    try:
        return shlex.split(text[:4000], comments=True)
    except ValueError:
        return text[:4000].split()
