"""What a facilitator is told before handing in; never a reason to keep her from it."""

from types import SimpleNamespace

from consulta.tables.checks import notes_on


def present(name="UMAG", *, attended=True, spoke=False, heads=1):
    """One line of a list."""
    return SimpleNamespace(name=name, attended=attended, spoke=spoke, heads=heads)


def said(outcome="keep", **more):
    """What a session said of a proposal."""
    facts = {"group_number": None, "grade": None, "dots": None, "reasons": "", "dissent": ""} | more
    return SimpleNamespace(outcome=outcome, proposal=SimpleNamespace(title="Un muelle"), **facts)


def words(notes):
    """All notes as one text."""
    return " ".join(str(note) for note in [*notes.missing, *notes.odd])


def test_a_full_session_has_nothing_missing():
    notes = notes_on([present(heads=10)], [said(dots=7), said("leave_out", reasons="Requiere ley")])
    assert (notes.missing, notes.odd) == ([], [])


def test_an_empty_session_misses_its_list_and_its_results(app):
    assert words(notes_on([], [])) == "No hay lista de asistencia. No hay resultados sobre ninguna propuesta."


def test_each_gap_is_named(app):
    gaps = words(notes_on([present(heads=None)], [said("none"), said("refer"), said(grade="divided")]))
    assert "UMAG: asistió, pero no se anotó cuántas" in gaps
    assert "falta qué decidió la sala" in gaps
    assert "falta la razón" in gaps
    assert "posición de la minoría" in gaps


def test_numbers_that_disagree_are_pointed_out(app):
    odd = words(notes_on([present(heads=3), present("CPLT", attended=False, spoke=True)], [said(dots=9)]))
    assert "tiene 9 puntos y había 3 personas" in odd
    assert "CPLT intervino, pero no figura como asistente" in odd
    assert "ninguna persona contada" in words(notes_on([], [said(dots=2)]))
    assert "El grupo 4 tiene una sola propuesta" in words(notes_on([], [said("group", group_number=4)]))
