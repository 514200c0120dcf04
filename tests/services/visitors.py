"""The site inside the test's own process, on a database of its own, and those who visit it."""

import pytest
from flask import Flask, has_app_context
from flask.testing import FlaskClient
from jinja2 import BytecodeCache
from werkzeug.routing import Rule

from consulta.app import create_app
from consulta.core.extensions import db
from tests.services.databases import settings_for


class Visitor(FlaskClient):
    """A client whose requests share nothing with the test around them.

    Within an application context Flask would lend it to the request, and with it the session of the database and
    the person who was signed in. What the test has not committed is given up, as no request could see it.
    """

    def open(self, *args, **kwargs):
        """Send one request in a context of its own; the test then reads its rows anew."""
        if has_app_context():
            db.session.rollback()
        with self.application.app_context():
            return super().open(*args, **kwargs)


class CompiledOnce(BytecodeCache):
    """Keeps compiled templates: every test makes a site, and compiling a page anew takes longer than most tests."""

    def __init__(self):
        self._compiled = {}

    def load_bytecode(self, bucket):
        """Give back what was compiled from the same source."""
        if bucket.key in self._compiled:
            bucket.bytecode_from_string(self._compiled[bucket.key])

    def dump_bytecode(self, bucket):
        """Keep what was compiled."""
        self._compiled[bucket.key] = bucket.bytecode_to_string()


_templates = CompiledOnce()


class RuleOnce(Rule):
    """A rule of addresses whose builder is compiled once for all sites: that was a third of what a quick test took."""

    _builders = {}

    def _compile_builder(self, append_unknown=True):
        key = self.rule, tuple(self._trace), repr(self.defaults), append_unknown
        if key not in self._builders:
            self._builders[key] = super()._compile_builder(append_unknown)
        return self._builders[key]


Flask.url_rule_class = RuleOnce


class Statements(dict):
    """Compiled statements of every engine of a kind: each test has its own engine, and would compile them all again."""

    def get(self, key):
        """Return what was compiled for a dialect of this name."""
        return super().get((key[0].name, *key[1:]))

    def __setitem__(self, key, compiled):
        super().__setitem__((key[0].name, *key[1:]), compiled)


_statements = Statements()


@pytest.fixture
def app(request, database_url, tmp_path):
    """The site on a fresh database, in its application context; `@pytest.mark.settings(NAME=value)` adds settings."""
    more = {}
    for marker in reversed(list(request.node.iter_markers("settings"))):
        more |= marker.kwargs
    site = create_app(settings_for(database_url, tmp_path, **more))
    site.test_client_class = Visitor
    site.jinja_env.bytecode_cache = _templates
    with site.app_context():
        db.engine.update_execution_options(compiled_cache=_statements)
        yield site
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def session(app):
    """The database session of the test."""
    return db.session


@pytest.fixture
def client(app):
    """A visitor who is not signed in, with cookies of her own."""
    return app.test_client()


@pytest.fixture
def new_client(app):
    """Makes further visitors: `new_client()`."""
    return app.test_client
