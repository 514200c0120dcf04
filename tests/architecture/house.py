"""The rules of the house (design.md section 5), each a function from sources to violations.

sources: a dictionary of module name ("consulta.votes.rules") to its text. A violation is a sentence.
"""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOMAINS = (
    *"territories accounts consultations similarity proposals votes tables agreements worksheets forum".split(),
    *"suggestions merging shortlist plan monitoring minutes".split(),
)
ENTRANCES = ("web", "jobs", "cli")
FILES = ("models", "rules", "queries", "actions")
# Libraries that take seconds to import: read when first needed, with a comment that says so.
HEAVY = {"torch", "sentence_transformers", "transformers", "safetensors", "huggingface_hub", "sklearn", "scipy"}
# What would let a domain know of a request, a signed-in person or an address.
WEB_ONLY = {"request", "session", "g", "url_for", "current_app", "redirect", "render_template", "abort", "flash"}
WRITERS = {"add", "add_all", "delete", "merge", "flush", "bulk_save_objects"}


def sources(root=ROOT):
    """Return every module of the package with its text."""
    found = {}
    for path in sorted((root / "consulta").rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path.read_text(encoding="utf-8")
    return found


def imports_that_point_up(modules):
    """Imports point down a band or left within the domains; entrances never import one another; nobody imports app."""
    for name, target, _node in _all_imports(modules):
        ours, theirs = _place(name), _place(target)
        if ours == "app":
            continue
        if theirs == "app":
            yield f"{name} imports {target}: only wsgi may know the application"
        elif theirs in ENTRANCES and theirs != ours:
            yield f"{name} imports {target}: entrances are imported by app alone"
        elif ours == "core" and theirs != "core":
            yield f"{name} imports {target}: core stands below everything"
        elif ours in DOMAINS and theirs in DOMAINS and DOMAINS.index(theirs) > DOMAINS.index(ours):
            yield f"{name} imports {target}: within the domains imports point left"
        elif ours in DOMAINS and theirs == "config":
            yield f"{name} imports {target}: a domain is told what it needs"
        elif ours == "similarity" and theirs != "similarity":
            yield f"{name} imports {target}: similarity knows texts alone"


def package_that_imports(modules):
    """consulta/__init__.py imports nothing."""
    if any(name == "consulta" for name, _target, _node in _all_imports(modules, ours_only=False)):
        yield "consulta/__init__.py imports something"


def hidden_imports(modules):
    """No import hides in a function or behind TYPE_CHECKING, but for a heavy library, with a comment."""
    for name, text in modules.items():
        tree, lines = ast.parse(text), text.splitlines()
        top = set(map(id, tree.body))
        for node in ast.walk(tree):
            if not isinstance(node, ast.Import | ast.ImportFrom) or id(node) in top:
                continue
            roots = {alias.name.split(".")[0] for alias in node.names}
            if isinstance(node, ast.ImportFrom):
                roots = {(node.module or "").split(".")[0]}
            around = "".join(lines[max(0, node.lineno - 3) : node.lineno])
            if not roots <= HEAVY or "#" not in around:
                yield f"{name}:{node.lineno} hides an import"


def domain_files_out_of_order(modules):
    """Inside a domain: models <- rules <- queries <- actions."""
    for name, target, _node in _all_imports(modules):
        ours, theirs = name.split("."), target.split(".")
        if len(ours) == 3 and len(theirs) >= 3 and ours[1] == theirs[1] in DOMAINS:
            if ours[2] in FILES and theirs[2] in FILES and FILES.index(theirs[2]) >= FILES.index(ours[2]):
                yield f"{name} imports {target}: models <- rules <- queries <- actions"


def import_circles(modules):
    """No module is imported, however far round, by what it imports."""
    graph = {name: set() for name in modules}
    for name, target, _node in _all_imports(modules):
        module = target
        while module not in modules and "." in module:
            module = module.rsplit(".", 1)[0]
        if module in modules and module != name and not name.startswith(module + "."):
            graph[name].add(module)
    done, path = set(), []

    def visit(name):
        if name in path:
            yield " -> ".join([*path[path.index(name) :], name])
        elif name not in done:
            path.append(name)
            for target in sorted(graph[name]):
                yield from visit(target)
            path.pop()
            done.add(name)

    for name in sorted(graph):
        yield from visit(name)


def domains_that_know_the_web(modules):
    """The domain knows no request, no signed-in person, no address."""
    for name, text in modules.items():
        if _place(name) not in DOMAINS:
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ImportFrom) and node.module == "flask":
                known = WEB_ONLY & {alias.name for alias in node.names}
                if known:
                    yield f"{name} imports {', '.join(sorted(known))} from flask"
            roots = {getattr(node, "module", None) or ""} if isinstance(node, ast.ImportFrom) else set()
            if isinstance(node, ast.Import):
                roots = {alias.name for alias in node.names}
            if any(root.split(".")[0] in {"flask_login", "flask_wtf", "wtforms", "flask_limiter"} for root in roots):
                yield f"{name} imports {', '.join(roots)}"
            if _place(name) == "similarity" and any(
                root.split(".")[0] in {"flask", "flask_babel", "sqlalchemy", "flask_sqlalchemy"} for root in roots
            ):
                yield f"{name} imports {', '.join(roots)}: similarity has no Flask and no database"


def commits_outside_of_work(modules):
    """`@action` in core/work.py holds the only commit."""
    for name, text in modules.items():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit":
                if name != "consulta.core.work":
                    yield f"{name}:{node.lineno} commits"


def writes_outside_of_actions(modules):
    """Rows are added, changed and removed in actions.py, and in core's own small tables."""
    for name, text in modules.items():
        if name.endswith(".actions") or name.startswith("consulta.core."):
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITERS:
                if ast.unparse(node.func.value).endswith("db.session"):
                    yield f"{name}:{node.lineno} writes: {ast.unparse(node)}"


def actions_without_actor_or_record(modules):
    """Every public function of an actions.py is an @action with keyword-only `by`, and records or says why not."""
    for name, text in modules.items():
        if not name.endswith(".actions"):
            continue
        for node in ast.parse(text).body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            mark = next((m for m in node.decorator_list if "action" in ast.unparse(m).split("(")[0]), None)
            if mark is None:
                yield f"{name}.{node.name} is public and no @action"
                continue
            if "by" not in {argument.arg for argument in node.args.kwonlyargs}:
                yield f"{name}.{node.name} does not take `by` as a keyword"
            calls = {ast.unparse(n.func) for n in ast.walk(node) if isinstance(n, ast.Call)}
            says_why = isinstance(mark, ast.Call) and any(
                keyword.arg == "unrecorded" and ast.unparse(keyword.value) not in {"''", "None"}
                for keyword in mark.keywords
            )
            if not says_why and "record" not in calls and not _records_through(node, text):
                yield f"{name}.{node.name} neither records nor says why not"


def rows_written_by_strangers(modules):
    """A table has one writer: its own actions.py. No other module makes its rows."""
    for name, text in modules.items():
        strangers = {}
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").endswith(".models"):
                domain = node.module.split(".")[1]
                if name != f"consulta.{domain}.actions":
                    strangers |= {alias.asname or alias.name: node.module for alias in node.names}
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in strangers:
                if node.func.id[0].isupper() and not node.func.id.isupper():
                    yield f"{name}:{node.lineno} makes a row of {strangers[node.func.id]}: {node.func.id}"


RULES = (
    imports_that_point_up,
    package_that_imports,
    hidden_imports,
    domain_files_out_of_order,
    import_circles,
    domains_that_know_the_web,
    commits_outside_of_work,
    writes_outside_of_actions,
    actions_without_actor_or_record,
    rows_written_by_strangers,
)


def _records_through(node, text):
    """Whether the action calls a private function of its own module, or another action of it, that records."""
    functions = {each.name: each for each in ast.parse(text).body if isinstance(each, ast.FunctionDef)}
    calls = {ast.unparse(n.func) for n in ast.walk(node) if isinstance(n, ast.Call)} & functions.keys() - {node.name}
    return any(
        "record" in {ast.unparse(n.func) for n in ast.walk(functions[call]) if isinstance(n, ast.Call)}
        for call in calls
    )


def _place(module):
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


def _all_imports(modules, ours_only=True):
    for name, text in modules.items():
        for node in ast.walk(ast.parse(text)):
            targets = []
            if isinstance(node, ast.Import):
                targets = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                base = node.module or ""
                targets = [f"{base}.{alias.name}" if base.startswith("consulta") else base for alias in node.names]
            for target in targets:
                if not ours_only or target.split(".")[0] == "consulta":
                    yield name, target, node
