"""Every setting, read from the environment, with a line of why."""

import os
from dataclasses import dataclass
from pathlib import Path

from redis.backoff import NoBackoff
from redis.retry import Retry

from consulta.core.database import engine_options

PACKAGE = Path(__file__).resolve().parent
# Everybody can read this one here: its processes must agree on a key, and a demonstration keeps no secret. A real site
# that was given it refuses to start.
DEMO_KEY = "a demonstration that keeps no secret: never set DEMO on a real site"
SHORTEST_KEY = 32
# How long a request waits for Redis, in seconds; redis-py would otherwise try again three times, for ten and more.
IMPATIENT = {"socket_connect_timeout": 0.3, "socket_timeout": 1, "retry": Retry(NoBackoff(), 0)}


class BadSetting(RuntimeError):
    """The site refuses to start; the message says which setting and what to do."""


@dataclass(frozen=True)
class Setting:
    """A variable of the environment: its kind, what it is unless set, and why it exists."""

    name: str
    default: object
    why: str
    kind: type = str


SETTINGS = (
    Setting(
        "SECRET_KEY",
        "",
        "Signs sessions and the links in letters: a random text of 32 characters or more, yours alone.",
    ),
    Setting(
        "DATABASE_URL",
        "",
        "Where everything is kept; SQLite in the instance folder unless set, demo.sqlite3 in a demonstration (postgresql+psycopg://…).",
    ),
    Setting("DATABASE_POOL", 10, "Connections to PostgreSQL that each process may hold.", int),
    Setting(
        "REDIS_URL",
        "",
        "With it jobs go to RQ workers and limits are shared by all processes; without it a thread does the jobs.",
    ),
    Setting(
        "PUBLIC_URL",
        "http://127.0.0.1:8000",
        "The site's own address: what links in letters begin with and, where it is https, the only host answered.",
    ),
    Setting("SITE_NAME", "consulta", "What the site calls itself in its header and its letters."),
    Setting(
        "SOURCE_URL", "", "Where the source of this very version can be had: the licence asks that the footer says so."
    ),
    Setting("DEMO", False, "A site to try: may start without a key of its own, and says where its letters lie.", bool),
    Setting(
        "MAIL_FOLDER", "", "Letters are written here while no SMTP_URL is set; mail/ in the instance folder unless set."
    ),
    Setting("SMTP_URL", "", "The server that sends letters: smtp://user:password@host:587 or smtps://…:465."),
    Setting("MAIL_FROM", "consulta@localhost", "The sender of the site's letters."),
    Setting(
        "MODEL", "intfloat/multilingual-e5-small", "The sentence-transformers model that gives texts their meaning."
    ),
    Setting("MODEL_FOLDER", "", "Where that model lies; models/ in the instance folder unless set."),
    Setting(
        "RERANKER",
        True,
        "Whether what moderators decided may correct the scores, where that was seen to do better.",
        bool,
    ),
    Setting(
        "SWEEP_SECONDS",
        30,
        "How often work that a lost bell left behind is looked for; 0 leaves it to `flask sweep`.",
        int,
    ),
    Setting(
        "TRUSTED_PROXIES",
        0,
        "How many reverse proxies stand before the site; only their word on the client's address is taken.",
        int,
    ),
    Setting(
        "RATE_LIMITS", True, "Whether signing in, signing up and letters are limited by account and address.", bool
    ),
    Setting("ALLOW_INDEXING", True, "Whether search engines may list the public pages.", bool),
)


def load(overrides=None, environment=os.environ):
    """Return the configuration of Flask and its extensions as a dictionary.

    overrides: settings that win over the environment (tests, benchmarks). Raises BadSetting for a value that cannot
    be read, and for a start without a secret key of its own outside of a demonstration.
    """
    values = {setting.name: _read(setting, environment) for setting in SETTINGS}
    values.update(overrides or {})
    instance = Path(values.get("INSTANCE") or environment.get("INSTANCE") or Path.cwd() / "instance")
    file = "demo.sqlite3" if values["DEMO"] else "consulta.sqlite3"
    url = values["DATABASE_URL"] or f"sqlite:///{instance / file}"
    if url.startswith("postgres"):
        url = "postgresql+psycopg://" + url.split("://", 1)[1]
    secure = values["PUBLIC_URL"].startswith("https://")
    return {
        **values,
        "SECRET_KEY": _key(values),
        "INSTANCE": str(instance),
        "MAIL_FOLDER": values["MAIL_FOLDER"] or str(instance / "mail"),
        "MODEL_FOLDER": values["MODEL_FOLDER"] or str(instance / "models"),
        "SQLALCHEMY_DATABASE_URI": url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(url, values["DATABASE_POOL"]),
        "BABEL_DEFAULT_LOCALE": "es",
        "BABEL_TRANSLATION_DIRECTORIES": str(PACKAGE / "translations"),
        "SESSION_COOKIE_NAME": "__Host-consulta" if secure else "consulta",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": 60 * 60 * 24 * 14,
        "WTF_CSRF_TIME_LIMIT": None,  # a form may lie open for a day on a bad line; the token dies with the session
        "WTF_CSRF_SSL_STRICT": True,
        "MAX_CONTENT_LENGTH": 2 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 1024 * 1024,
        "MAX_FORM_PARTS": 1000,
        "RATELIMIT_ENABLED": values["RATE_LIMITS"],
        "RATELIMIT_STORAGE_URI": values["REDIS_URL"] or "memory://",
        "RATELIMIT_STORAGE_OPTIONS": IMPATIENT if values["REDIS_URL"] else {},
        "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": bool(values["REDIS_URL"]),
        "RATELIMIT_SWALLOW_ERRORS": True,
        "RATELIMIT_HEADERS_ENABLED": True,
        "COMPRESS_MIMETYPES": [
            "text/html",
            "text/css",
            "text/javascript",
            "text/plain",
            "application/json",
            "image/svg+xml",
        ],
        "COMPRESS_ALGORITHM": ["br", "gzip"],
        "COMPRESS_BR_LEVEL": 3,
        "COMPRESS_LEVEL": 5,
        "BOOTSTRAP_SERVE_LOCAL": True,
    }


def resource(name):
    """Return the folder `name` (templates, static, migrations): inside the installed package, else beside it."""
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent / name


def _read(setting, environment):
    text = environment.get(setting.name)
    if text is None or text == "":
        return setting.default
    if setting.kind is bool:
        if text.lower() not in {"0", "1", "true", "false", "yes", "no", "on", "off"}:
            raise BadSetting(f"{setting.name} must be 1 or 0, not {text!r}")
        return text.lower() in {"1", "true", "yes", "on"}
    try:
        return setting.kind(text)
    except ValueError:
        raise BadSetting(f"{setting.name} must be a number, not {text!r}") from None


def _key(values):
    key = values["SECRET_KEY"]
    if values["DEMO"] and not key:
        return DEMO_KEY
    if len(key) < SHORTEST_KEY or key == DEMO_KEY or len(set(key)) < 8:
        raise BadSetting(
            "SECRET_KEY is missing, too short or an example. Set it to a random text of your own, such as the output "
            "of: python -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
    return key
