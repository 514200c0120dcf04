"""Two documents beside one another: every field that differs, and no other."""

from consulta.minutes.comparing import changes_between

OLD = {
    "form": 1,
    "place": "La Moneda",
    "statements": ["Una", "Dos"],
    "next": {"kind": "undefined"},
    "heads": {"government": {"attended": 2}},
    "attendance": [
        {"presence": "convened", "sector": "government", "lines": [{"name": "MOP", "heads": 3}, {"name": "CPLT"}]},
    ],
    "results": [{"code": "a", "title": "A", "outcome": "keep"}, {"code": "b", "title": "B", "outcome": "keep"}],
    "agreements": [{"text": "Uno"}, {"text": "Dos"}],
    "development": [{"title": "Punto", "markdown": "Antes"}],
}


def differing(**parts):
    """Return the changes from OLD to OLD with other parts, as tuples."""
    new = {name: value for name, value in {**OLD, **parts}.items() if value is not None}
    return [(each.part, each.field, each.before, each.after) for each in changes_between(OLD, new)]


def test_the_same_documents_differ_in_nothing():
    assert differing() == []


def test_a_fact_of_the_session_that_changed_came_or_went():
    assert differing(place="Ex Congreso", prepared_by="Secretaría", statements=None) == [
        ("place", "place", "La Moneda", "Ex Congreso"),
        ("prepared_by", "prepared_by", None, "Secretaría"),
        ("statements", "statements", ["Una", "Dos"], None),
    ]


def test_things_of_a_list_are_matched_by_what_they_are():
    results = [{"code": "b", "title": "B", "outcome": "modify", "dots": 3}, {"code": "c", "title": "C"}]
    assert differing(results=results) == [
        ("results", "outcome", "keep", "modify"),
        ("results", "dots", None, 3),
        ("results", None, None, {"code": "c", "title": "C"}),
        ("results", None, {"code": "a", "title": "A", "outcome": "keep"}, None),
    ]


def test_somebody_who_stands_under_another_heading_is_a_field_that_changed():
    attendance = [
        {"presence": "attended", "sector": "government", "lines": [{"name": "MOP", "heads": 3}]},
        {"presence": "convened", "sector": "government", "lines": [{"name": "CPLT"}]},
    ]
    assert differing(attendance=attendance) == [("attendance", "presence", "convened", "attended")]


def test_facts_within_a_fact_are_told_one_by_one():
    assert differing(next={"kind": "dated", "on": "2018-04-26"}) == [
        ("next", "kind", "undefined", "dated"),
        ("next", "on", None, "2018-04-26"),
    ]
    assert differing(heads={"government": {"attended": 3}}) == [
        ("heads", "government", {"attended": 2}, {"attended": 3})
    ]


def test_two_things_that_are_called_the_same_are_both_there():
    twice = [{"title": "Punto", "markdown": "Antes"}, {"title": "Punto", "markdown": "Después"}]
    assert differing(development=twice) == [("development", None, None, twice[1])]
