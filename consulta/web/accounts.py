"""Pages of an account: opening one, entering and leaving, and what belongs to it."""

import hashlib
from datetime import datetime
from urllib.parse import urlsplit

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import login_user, logout_user

from consulta.accounts import tokens
from consulta.accounts.actions import (
    ask_confirmation,
    ask_reset,
    change_password,
    confirm_address,
    reset_password,
    revise_person,
)
from consulta.accounts.actions import sign_up as open_account
from consulta.accounts.queries import person_by_email, person_by_uid
from consulta.accounts.rules import canonical_email, mailing_email, password_matches, prepare_password, why_no_letter
from consulta.consultations.queries import appointments_held
from consulta.core.clock import now
from consulta.core.errors import Invalid, Refused
from consulta.core.extensions import limiter
from consulta.proposals.queries import proposals_of
from consulta.territories.queries import places, territory_with_id
from consulta.votes.queries import supported_by
from consulta.web.demo_letters import find_letter, link_in
from consulta.web.forms.accounts import (
    ChangePasswordForm,
    DetailsForm,
    ForgotForm,
    NewPasswordForm,
    SignInForm,
    SignUpForm,
)
from consulta.web.forms.refusals import attach
from consulta.web.guards import person, signed_in, within_site

accounts = Blueprint("accounts", __name__)


def _failed(response):
    """Only what was refused counts against a limit."""
    return response.status_code == 422


def _names_no_account():
    """Whether what was typed is no address: nobody's account is tried, and nobody's turn is taken from anybody."""
    try:
        canonical_email(request.form.get("email", ""))
    except Invalid:
        return True
    return False


def _account_key():
    """Name the account that is being tried, in any spelling; a new password begins a new count.

    It is a hash: the limiter writes its keys into the log.
    """
    typed = request.form.get("email", "")
    owner = person_by_email(typed)
    key = f"{canonical_email(typed)}:{owner.epoch if owner else 0}:{current_app.secret_key}"
    return "account " + hashlib.sha256(key.encode()).hexdigest()[:32]


# A room full of people shares one address, so its limit is wide; an account belongs to one.
address_limit = limiter.limit("100 per hour", methods=["POST"], deduct_when=_failed)
account_limit = limiter.limit(
    "10 per hour", key_func=_account_key, methods=["POST"], deduct_when=_failed, exempt_when=_names_no_account
)
letters_by_address = limiter.limit("100 per hour", methods=["POST"])
letters_by_account = limiter.limit(
    "10 per hour", key_func=_account_key, methods=["POST"], exempt_when=_names_no_account
)


@accounts.errorhandler(429)
def slow_down(error):
    """Say that it was tried too often, and that a letter still opens the account to its owner."""
    return render_template("accounts/slow_down.html"), 429


@accounts.route("/cuenta/registro", methods=["GET", "POST"])
@letters_by_address
@letters_by_account
def sign_up():
    """Open an account. Whether the address has one already is told to its owner alone, by letter."""
    form = SignUpForm()
    if request.args.get("next"):
        # Who came to do something gets there at last, with a letter and a link in between.
        session["afterwards"] = within_site(request.args["next"][:500], "")
    if form.validate_on_submit():
        try:
            email, name = mailing_email(form.email.data), form.name.data
            hashed = prepare_password(form.password.data, name=name, email=email)
            open_account(name=name, email=email, password=hashed, locale=str(get_locale()), by=None)
            return _letter_announced("confirm", email)
        except Refused as refusal:
            attach(form, refusal)
    return render_template("accounts/sign_up.html", form=form), 422 if form.errors else 200


@accounts.get("/cuenta/carta")
def letter():
    """Say where the letter went that was just asked for; a demonstration shows where it lies."""
    if "letter" not in session:
        return redirect(url_for(".sign_in"))
    kind, address, since = session["letter"]["kind"], session["letter"]["to"], session["letter"]["at"]
    found = None
    if current_app.config["DEMO"]:
        found = find_letter(current_app.extensions["mailer"], address, datetime.fromisoformat(since))
    # The link for a new password is shown to nobody, not even here: it opens an account that exists.
    link = link_in(found[1], "/cuenta/confirmar/") if found and kind == "confirm" else None
    return render_template(
        "accounts/letter.html",
        kind=kind,
        address=address,
        path=found[0] if found else None,
        link=urlsplit(link).path if link else None,
        mailer=current_app.extensions["mailer"],
    )


@accounts.route("/cuenta/entrar", methods=["GET", "POST"])
@address_limit
@account_limit
def sign_in():
    """Enter. The answer to a wrong password and to an unknown address is the same, and takes the same time."""
    form = SignInForm(next=request.args.get("next") or session.get("afterwards", ""))
    if request.method == "GET" and person() is not None:
        return redirect(within_site(form.next.data, url_for(".show")))
    if form.validate_on_submit():
        owner = person_by_email(form.email.data)
        if password_matches(owner, form.password.data):
            _enter(owner)
            return redirect(within_site(form.next.data, url_for("consultations.index")))
        form.form_errors = [_("El correo o la contraseña no coinciden. Revísalos, o pide una contraseña nueva.")]
    return render_template("accounts/sign_in.html", form=form), 422 if form.errors else 200


@accounts.post("/cuenta/salir")
def sign_out():
    """Leave."""
    logout_user()
    session.clear()
    flash(_("Saliste de tu cuenta."), "success")
    return redirect(url_for("consultations.index"))


@accounts.route("/cuenta/confirmar/<token>", methods=["GET", "POST"])
def confirm(token):
    """Confirm an address by the link in its letter: opening it changes nothing, the button does."""
    facts = tokens.read_confirmation(token, current_app.secret_key)
    owner = person_by_uid(facts[0]) if facts else None
    if not tokens.confirms(facts, owner):
        return render_template("accounts/dead_link.html", kind="confirm"), 410
    if request.method == "POST":
        confirm_address(owner, by=owner)
        flash(_("Tu correo quedó confirmado. Ya puedes proponer y apoyar."), "success")
        return redirect(url_for("consultations.index") if person() else url_for(".sign_in"))
    return render_template("accounts/confirm.html", owner=owner)


@accounts.post("/cuenta/confirmacion")
@signed_in
@limiter.limit("10 per hour", key_func=lambda: person().uid if person() else "nobody")
def resend():
    """Have the letter that confirms the address written again."""
    ask_confirmation(person(), by=person())
    return _letter_announced("confirm", person().email)


@accounts.route("/cuenta/clave", methods=["GET", "POST"])
@letters_by_address
@letters_by_account
def forgot():
    """Ask for a letter with a link to choose a new password; the answer is the same for an unknown address."""
    form = ForgotForm()
    if form.validate_on_submit():
        try:
            email = mailing_email(form.email.data)
            ask_reset(person_by_email(email), by=None)
            return _letter_announced("reset", email)
        except Refused as refusal:
            attach(form, refusal)
    return render_template("accounts/forgot.html", form=form), 422 if form.errors else 200


@accounts.route("/cuenta/clave/<token>", methods=["GET", "POST"])
def reset(token):
    """Choose a new password by the link in a letter, once, and enter."""
    facts = tokens.read_reset(token, current_app.secret_key)
    owner = person_by_uid(facts[0]) if facts else None
    if not tokens.resets(facts, owner):
        return render_template("accounts/dead_link.html", kind="reset"), 410
    form = NewPasswordForm()
    if form.validate_on_submit():
        try:
            hashed = prepare_password(form.password.data, name=owner.name, email=owner.email)
            reset_password(owner, hashed, epoch=owner.epoch, by=owner)
            _enter(owner)
            flash(_("Tu contraseña cambió, y las sesiones abiertas con la anterior se cerraron."), "success")
            return redirect(url_for(".show"))
        except Refused as refusal:
            attach(form, refusal)
    return render_template("accounts/reset.html", form=form, owner=owner), 422 if form.errors else 200


@accounts.get("/cuenta")
@signed_in
def show():
    """What the account says, the roles it holds, and what its owner proposed and supports."""
    return _account_page(_details_form())


@accounts.post("/cuenta/datos")
@signed_in
def revise():
    """Change the name and the place."""
    form = _details_form()
    if form.validate_on_submit():
        try:
            place = territory_with_id(int(form.territory.data)) if form.territory.data else None
            revise_person(person(), name=form.name.data, territory=place, by=person())
            flash(_("Tus datos quedaron guardados."), "success")
            return redirect(url_for(".show"))
        except Refused as refusal:
            attach(form, refusal)
    return _account_page(form), 422


@accounts.route("/cuenta/contrasena", methods=["GET", "POST"])
@signed_in
@limiter.limit(
    "10 per hour",
    key_func=lambda: person().get_id() if person() else "nobody",
    methods=["POST"],
    deduct_when=_failed,
)
def new_password():
    """Change the password, knowing the one in force; every other session ends."""
    form = ChangePasswordForm()
    if form.validate_on_submit():
        try:
            owner = person()
            if not password_matches(owner, form.current.data):
                raise Invalid("current", _("Esa no es tu contraseña actual."))
            hashed = prepare_password(form.password.data, name=owner.name, email=owner.email)
            change_password(owner, hashed, by=owner)
            _enter(owner)
            flash(_("Tu contraseña cambió, y tus demás sesiones se cerraron."), "success")
            return redirect(url_for(".show"))
        except Refused as refusal:
            attach(form, refusal)
    return render_template("accounts/new_password.html", form=form), 422 if form.errors else 200


def _account_page(form):
    owner = person()
    return render_template(
        "accounts/show.html",
        form=form,
        owner=owner,
        roles=appointments_held(owner),
        proposals=proposals_of(owner),
        supports=supported_by(owner),
        why_no_letter=why_no_letter(owner.confirmation_asked_at),
    )


def _details_form():
    owner = person()
    form = DetailsForm(name=owner.name, territory=str(owner.territory_id or ""))
    form.territory.choices = {_("Sin indicar"): [("", _("Prefiero no decirlo"))]}
    for region, communes in places():
        whole = (str(region.id), _("%(region)s (toda la región)", region=region.name))
        form.territory.choices[region.name] = [whole, *((str(each.id), each.name) for each in communes)]
    return form


def _enter(owner):
    """Begin a session of `owner`; whatever the browser brought along is forgotten, but for its language."""
    locale = session.get("locale")
    session.clear()
    if locale:
        session["locale"] = locale
    login_user(owner)
    session.permanent = True


def _letter_announced(kind, address):
    session["letter"] = {"kind": kind, "to": address, "at": now().replace(microsecond=0).isoformat()}
    return redirect(url_for(".letter"))
