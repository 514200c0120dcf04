"""What every answer says to the browser, and which requests are not listened to at all."""

from urllib.parse import urlsplit

from flask import abort, current_app, request, session

from consulta.web.assets import is_asset

# Nothing inline, nothing from elsewhere; Bootstrap's style sheet draws its marks as data: images.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def taking(*types, most=None):
    """Let a view take these kinds of content in place of a form, and nothing else; most: bytes, where it is more."""

    def mark(view):
        view.takes, view.most = types, most
        return view

    return mark


def bind(app):
    """Guard the way in and mark the way out of every request of `app`; bound first, it is asked first."""
    public = urlsplit(app.config["PUBLIC_URL"])
    secure = public.scheme == "https"
    methods = {"GET", "HEAD", "POST", "OPTIONS"}

    @app.before_request
    def _refuse_the_malformed():
        if request.method not in methods:
            abort(405)
        if secure and request.host != public.netloc and request.endpoint != "health.check":
            abort(400)  # a forged host must not find its way into a page or a letter
        if request.method == "POST":
            _refuse_what_no_form_sends(public.netloc)
        texts = [request.path, *request.args.keys(), *request.args.values(), *request.cookies.values()]
        texts += [*request.form.keys()]
        if any("\x00" in text for text in texts):
            abort(400)

    @app.after_request
    def _marked(response):
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if secure:
            response.headers.setdefault("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
        if not app.config["ALLOW_INDEXING"]:
            response.headers["X-Robots-Tag"] = "noindex"
        if request.endpoint and not is_asset(response):
            # A page may hold what is one person's alone: nobody between keeps it, nor the browser after signing out.
            response.headers.setdefault("Cache-Control", "no-store" if _is_personal() else "private, no-cache")
            response.vary.add("Cookie")
        return response


def _refuse_what_no_form_sends(own):
    """Refuse anything but a form, of a size that a form has, sent from a page of this site. own: PUBLIC_URL's host.

    A view that is `taking` other content takes that alone: such a request no form of another site can send.
    """
    view = current_app.view_functions.get(request.endpoint)
    takes = getattr(view, "takes", None)
    if getattr(view, "most", None) is not None:
        request.max_content_length = view.most
    if request.mimetype not in (takes or ("", *FORMS)):
        abort(415)
    origin, _referrer = _host(request.headers.get("Origin")), _host(request.referrer)
    # A second lock beside the token: browsers say which site a form stood on ("null" where they hide it).
    if origin is not None and origin not in (own, request.host):
        abort(400)
    # MAX_FORM_PARTS counts the parts of multipart forms alone.
    if sum(map(len, request.form.listvalues())) > current_app.config["MAX_FORM_PARTS"]:
        abort(413)


def _host(address):
    try:
        return None if address is None else urlsplit(address).netloc
    except ValueError:
        return abort(400)


def _is_personal():
    # Read from the cookie: asking for the account could fail here, where no error page comes any more.
    return request.method == "POST" or "_user_id" in session or "room" in session
