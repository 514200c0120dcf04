"""The code on paper: read however it was copied, and a slip of the pen shows."""

import pytest

from consulta.worksheets.tracking import ALPHABET, check_character, new_code, read_code, spelled


@pytest.mark.parametrize(
    "written",
    ["ABCDE-FGHJK-C", "abcde fghjk c", "ABCDEFGHJKC", " abcde‑fghjk–c ", "AB CD EF-GH JK.C"],
)
def test_a_code_is_read_however_it_was_copied(written):
    assert read_code(written) == "ABCDE-FGHJK-C"


def test_letters_that_look_alike_are_read_as_the_same():
    assert read_code("o1234-56789-M") == read_code("0l234-56789-m") == read_code("OI234 56789 M") == "01234-56789-M"


@pytest.mark.parametrize(
    "written", [None, "", "ABCDE-FGHJK", "ABCDE-FGHJK-CC", "ABCDE-FGHJU-C", "ñ" * 11, "\ud800", "A" * 9000]
)
def test_what_is_no_code_is_none(written):
    assert read_code(written) is None


def test_every_wrong_character_shows_but_nought_for_z():
    right = "ABCDEFGHJKC"
    for place in range(10):
        for letter in set(ALPHABET) - {right[place]}:
            wrong = right[:place] + letter + right[place + 1 :]
            assert read_code(wrong) is None, wrong
    assert check_character("0000000000") == check_character("Z000000000")


def test_two_characters_that_changed_places_show():
    letters = "ABCDEFGHJK"
    for one in range(10):
        for other in range(one):
            swapped = list(letters)
            swapped[one], swapped[other] = swapped[other], swapped[one]
            assert check_character("".join(swapped)) != check_character(letters)


def test_new_codes_are_right_and_not_the_same():
    made = {new_code() for _each in range(200)}
    assert len(made) == 200
    assert all(read_code(each) == each for each in made)
    assert spelled("ABCDEFGHJKC") in {"ABCDE-FGHJK-C"}
