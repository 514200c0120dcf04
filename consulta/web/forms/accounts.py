"""The forms of an account: opening one, entering, and what belongs to it."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField, SelectField, StringField
from wtforms.validators import InputRequired


class SignUpForm(FlaskForm):
    """Name, address and password: all that an account needs."""

    name = StringField(_("Nombre"), [InputRequired(_("Escribe tu nombre."))])
    email = EmailField(_("Correo electrónico"), [InputRequired(_("Escribe tu correo electrónico."))])
    password = PasswordField(_("Contraseña"), [InputRequired(_("Elige una contraseña."))])


class SignInForm(FlaskForm):
    """Address and password, and where to go afterwards."""

    email = EmailField(_("Correo electrónico"), [InputRequired(_("Escribe tu correo electrónico."))])
    password = PasswordField(_("Contraseña"), [InputRequired(_("Escribe tu contraseña."))])
    next = HiddenField()


class ForgotForm(FlaskForm):
    """The address that a link for a new password goes to."""

    email = EmailField(_("Correo electrónico"), [InputRequired(_("Escribe tu correo electrónico."))])


class NewPasswordForm(FlaskForm):
    """A new password, by the link in a letter."""

    password = PasswordField(_("Contraseña nueva"), [InputRequired(_("Elige una contraseña."))])


class ChangePasswordForm(FlaskForm):
    """A new password, by whoever knows the one in force."""

    current = PasswordField(_("Contraseña actual"), [InputRequired(_("Escribe tu contraseña actual."))])
    password = PasswordField(_("Contraseña nueva"), [InputRequired(_("Elige una contraseña nueva."))])


class DetailsForm(FlaskForm):
    """The name shown beside what one writes, and where one lives."""

    name = StringField(_("Nombre"), [InputRequired(_("Escribe tu nombre."))])
    territory = SelectField(_("Región o comuna donde vives"), validate_choice=True)
