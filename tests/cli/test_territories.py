"""flask territories load: Chile's official tree, as often as one likes."""

from sqlalchemy import func, select

from consulta.cli.territories import shipped_places
from consulta.core.extensions import db
from consulta.territories.models import Territory
from consulta.territories.queries import communes, find_territory, lies_in, named_places, regions


def test_the_whole_tree_of_chile_is_loaded_twice_as_once(app):
    for _again in range(2):
        done = app.test_cli_runner().invoke(args=["territories", "load"])
        assert done.exit_code == 0, done.output
        counts = dict(db.session.execute(select(Territory.kind, func.count()).group_by(Territory.kind)).all())
        assert counts == {"country": 1, "region": 16, "province": 56, "commune": 346}
    assert [region.name for region in regions()][::15] == ["Arica y Parinacota", "Magallanes"]
    assert len(communes()) == 346
    assert lies_in(find_territory("CL", "12101"), find_territory("CL", "12"))
    assert find_territory("CL", "11").full_name.startswith("Región de Aysén")


def test_places_are_named_alike_by_the_rows_and_by_the_file_they_come_from(app):
    assert app.test_cli_runner().invoke(args=["territories", "load"]).exit_code == 0
    assert named_places() == shipped_places()
    places = {key: (names, above) for key, names, above in named_places()}
    assert len(places) == 419
    assert places["CL-08"] == (("Biobío", "Región del Biobío"), ("CL-CL",))
