"""What was written to run in a browser does not run in one: no dialog, no broken policy, no request elsewhere."""

from consulta.accounts.actions import found_institution
from consulta.consultations.actions import appoint
from consulta.territories.actions import load_territories
from consulta.territories.queries import find_territory
from tests.attacks.payloads import PAYLOADS, fill
from tests.people import PLACES, make_consultation, make_person, sign_in


class Filled:
    """Who and where `fill` needs, on a running site."""

    def __init__(self):
        load_territories(PLACES, by=None)
        administrator = make_person("Administración", administrator=True)
        consultation = make_consultation(administrator)
        region = find_territory("CL", "12")
        names = ("owner", "moderator", "facilitator")
        self.people = {name: make_person(name.title()) for name in names}
        self.people |= {"administrator": administrator, "consultation": consultation, "magallanes": region}
        self.people["institution"] = found_institution("ChileCompra", "government", by=None)
        appoint(self.people["moderator"], "moderator", consultation, by=administrator)
        appoint(self.people["facilitator"], "facilitator", consultation, region, by=administrator)


def _cookie(app, person):
    client = sign_in(app.test_client(), person)
    return client.get_cookie(app.config["SESSION_COOKIE_NAME"]).value


def test_no_text_runs_in_any_page_that_shows_it(live_server, open_page):
    with live_server.app() as app:
        world = Filled()
        # One page of each kind: what else there is differs in nothing but the payload in its title.
        addresses = app.url_map.bind("localhost")
        pages = {addresses.match(path.partition("?")[0])[0]: (actor, path) for actor, path in fill(world, PAYLOADS)}
        people = {actor: world.people[actor] for actor, _path in pages.values() if actor != "visitor"}
        cookies = {actor: _cookie(app, person) for actor, person in people.items()}
        name, slug = app.config["SESSION_COOKIE_NAME"], world.people["consultation"].slug
    search = f"/consultas/{slug}/propuestas?q="
    opened = {actor: open_page(360) for actor in (*cookies, "visitor")}
    for actor, value in cookies.items():
        opened[actor].context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
    searches = [("visitor", search + text) for text in ("<script>alert(1)</script>", '"autofocus onfocus=alert(1) ')]
    for actor, path in (*pages.values(), *searches):
        page = opened[actor]
        assert page.goto(path).status == 200, path
        assert page.url.startswith(live_server.url), path
