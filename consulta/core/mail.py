"""Mail on its way out: to a folder (what a demo and a test read) or to an SMTP server."""

import re
import smtplib
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from urllib.parse import unquote, urlsplit

from consulta.core.clock import now


class FileMailer:
    """Writes each message as an .eml file into `folder`."""

    kind = "file"

    def __init__(self, folder, sender):
        self.folder, self.sender = Path(folder), sender

    def send(self, to, subject, text):
        """Write one message of plain `text` to the address `to`."""
        self.folder.mkdir(parents=True, exist_ok=True)
        name = f"{now():%Y%m%dT%H%M%S%f}-{re.sub('[^a-z0-9@.+-]', '_', to.lower())[:80]}.eml"
        # A person opens this file to copy the link: quoted-printable would break it in the middle.
        (self.folder / name).write_bytes(_message(self.sender, to, subject, text, cte="8bit").as_bytes())

    def why_unwell(self):
        """Return what keeps mail from being written, or None."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            return str(error)
        return None


class SmtpMailer:
    """Hands each message to the server at `url`: smtp://user:password@host:587 or smtps://…:465."""

    kind = "smtp"

    def __init__(self, url, sender, timeout=10):
        self.url, self.sender, self.timeout = urlsplit(url), sender, timeout

    def send(self, to, subject, text):
        """Send one message of plain `text` to the address `to`; raises OSError or SMTPException."""
        with self._connected() as server:
            server.send_message(_message(self.sender, to, subject, text))

    def why_unwell(self):
        """Return what keeps the server from taking mail, or None."""
        try:
            with self._connected() as server:
                server.noop()
        except (OSError, smtplib.SMTPException) as error:
            return str(error)
        return None

    def _connected(self):
        secure = self.url.scheme == "smtps"
        kind = smtplib.SMTP_SSL if secure else smtplib.SMTP
        server = kind(self.url.hostname, self.url.port or (465 if secure else 587), timeout=self.timeout)
        if not secure and server.ehlo() and server.has_extn("starttls"):
            server.starttls()
        if self.url.username:
            server.login(unquote(self.url.username), unquote(self.url.password or ""))
        return server


def _message(sender, to, subject, text, cte=None):
    # The policy refuses line breaks in a header, so a name with CRLF and "Bcc:" in it adds nobody.
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = sender, to
    message["Subject"] = " ".join(subject.split())
    message.set_content(text, cte=cte)
    return message
