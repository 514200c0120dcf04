"""create_app: the one place that knows every part."""

import logging
from pathlib import Path

from flask import Flask, has_request_context, session
from flask.cli import FlaskGroup
from flask_bootstrap import Bootstrap5
from flask_login import current_user
from sqlalchemy.exc import DBAPIError
from werkzeug.middleware.proxy_fix import ProxyFix

from consulta import cli, config
from consulta.accounts.queries import person_of_session
from consulta.agreements import models as agreements_models
from consulta.core import database, pulse
from consulta.core import record as public_record
from consulta.core.extensions import LOCALES, babel, compress, csrf, db, limiter, login, migrate
from consulta.core.mail import FileMailer, SmtpMailer
from consulta.forum import models as forum_models
from consulta.jobs import commands
from consulta.jobs.bell import RqBell, SilentBell, ThreadBell
from consulta.merging import models as merging_models
from consulta.minutes import models as minutes_models
from consulta.monitoring import models as monitoring_models
from consulta.shortlist import models as shortlist_models
from consulta.similarity.meaning import Meaning
from consulta.suggestions.learning import learned_in_use
from consulta.suggestions.neighbours import Neighbours
from consulta.votes import models as votes_models
from consulta.web import (
    accounts,
    addresses,
    administration,
    agreements,
    assets,
    checking,
    consultations,
    convening,
    dashboard,
    devices,
    errors,
    filters,
    forum,
    headers,
    health,
    language,
    map,
    merging,
    minutes,
    navigation,
    offline,
    paper,
    plan,
    proposals,
    record,
    session_codes,
    session_entry,
    session_results,
    shortlist,
    similar,
    similarity_settings,
    tables,
    votes,
    workbench,
    worksheets,
)
from consulta.worksheets import models as worksheets_models

# Alembic and the foreign keys need every table; these modules and what they import hold all of them.
TABLES = (
    pulse,
    public_record,
    votes_models,
    agreements_models,
    worksheets_models,
    forum_models,
    merging_models,
    shortlist_models,
    monitoring_models,
    minutes_models,
)
# The pages of a session stand in several files, all of one blueprint (tables.tables).
PAGES_OF_SESSIONS = (convening, session_entry, session_results, checking, session_codes)
BLUEPRINTS = (
    consultations.consultations,
    accounts.accounts,
    proposals.proposals,
    similar.similar,
    votes.votes,
    tables.tables,
    offline.offline,
    worksheets.worksheets,
    paper.paper,
    devices.devices,
    agreements.agreements,
    forum.forum,
    dashboard.dashboard,
    workbench.workbench,
    merging.merging,
    minutes.minutes,
    map.maps,
    shortlist.shortlist,
    plan.plan,
    record.record,
    administration.administration,
    similarity_settings.similarity,
    language.language,
    health.health,
)


def create_app(overrides=None):
    """Return the site as a Flask application; `overrides` are settings that win over the environment.

    Raises consulta.config.BadSetting where a setting will not do.
    """
    app = Flask(
        "consulta",
        root_path=str(config.PACKAGE),
        template_folder=str(config.resource("templates")),
        static_folder=str(config.resource("static")),
    )
    app.config.from_mapping(config.load(overrides))
    Path(app.config["INSTANCE"]).mkdir(parents=True, exist_ok=True)
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    if not logging.getLogger().handlers:
        logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    headers.bind(app)
    _bind_extensions(app)
    _bind_services(app)
    _bind_web(app)
    cli.bind(app)
    commands.bind(app)
    return app


def main():
    """Run a command of the site without a checkout: `consulta db upgrade`, `consulta record verify` and the rest."""
    FlaskGroup(create_app=create_app)()


def _bind_extensions(app):
    db.init_app(app)
    app.teardown_appcontext(_let_go)
    with app.app_context():
        database.prepare(db.engine)
    migrate.init_app(app, db, directory=str(config.resource("migrations")))
    csrf.init_app(app)
    limiter.init_app(app)
    compress.init_app(app)
    Bootstrap5(app)
    babel.init_app(app, locale_selector=chosen_locale)
    login.init_app(app)
    login.user_loader(person_of_session)


def _let_go(_error):
    """End the session of a request, whose answer must not be lost should the database go away in just that moment."""
    try:
        db.session.remove()
    except DBAPIError as error:
        logging.getLogger(__name__).warning("the database went away after the answer: %s", error.orig)
        db.session.registry.clear()


def _bind_services(app):
    settings = app.config
    app.extensions["mailer"] = (
        SmtpMailer(settings["SMTP_URL"], settings["MAIL_FROM"])
        if settings["SMTP_URL"]
        else FileMailer(settings["MAIL_FOLDER"], settings["MAIL_FROM"])
    )
    app.extensions["similarity"] = Neighbours(
        Meaning(settings["MODEL"], settings["MODEL_FOLDER"]),
        learned=learned_in_use if settings["RERANKER"] else None,
    )
    if not app.testing:
        app.before_request(lambda: app.extensions["similarity"].warm(app))
    if settings.get("BELL") == "silent":
        app.extensions["bell"] = SilentBell(app)
    elif settings["REDIS_URL"]:
        app.extensions["bell"] = RqBell(app, settings["REDIS_URL"])
    else:
        app.extensions["bell"] = ThreadBell(app, settings["SWEEP_SECONDS"])


def _bind_web(app):
    filters.bind(app)
    assets.bind(app)
    addresses.bind(app)
    errors.bind(app)
    navigation.bind(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    if app.config["TRUSTED_PROXIES"]:
        hops = app.config["TRUSTED_PROXIES"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0, x_prefix=0)


def chosen_locale():
    """The language this request is answered in: chosen on the site, else the account's, else Spanish."""
    if not has_request_context():
        return "es"
    chosen = session.get("locale") or getattr(current_user, "locale", None)
    return chosen if chosen in LOCALES else LOCALES[0]
