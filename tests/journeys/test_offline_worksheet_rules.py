"""What the worksheet works out on the phone is what the site works out: the same arithmetic, the same codes."""

import json
import random
from pathlib import Path

import pytest

from consulta.worksheets.tracking import ALPHABET, check_character, read_code

CASES = json.loads((Path(__file__).parents[1] / "data/worksheet/checks.json").read_text(encoding="utf-8"))["cases"]
CHECK = """async ([checks, numbers, { session, attendances, results }]) => {
    const { disagreements } = await import(checks);
    const { sentence } = await import(numbers);
    return disagreements(session, attendances, results).map((each) => ({
        place: each.place, kind: each.kind, counted: each.counted, most: each.most, message: sentence(each),
        has_note: each.has_note,
    }));
}"""


@pytest.fixture
def script(browser, site):
    """Runs a function of the worksheet's modules in Chromium: `script("codes.js", "({ newCode }) => newCode()")`."""
    context = browser.new_context(base_url=site.url, service_workers="block")
    page = context.new_page()
    page.goto("/sesiones/hoja/es")
    links = page.locator("link[rel=modulepreload]").evaluate_all(
        "links => links.map(link => link.getAttribute('href'))"
    )
    modules = {address.rsplit("/", 1)[1]: address for address in links}

    def script(module, function, *arguments):
        return page.evaluate(
            f"async ([module, values]) => ({function})(await import(module), ...values)", [modules[module], arguments]
        )

    script.page, script.modules = page, modules
    yield script
    context.close()


def test_disagreements_are_found_on_the_phone_as_on_the_site(script):
    for case in CASES:
        given = [script.modules["checks.js"], script.modules["numbers.js"], case]
        assert script.page.evaluate(CHECK, given) == case["expected"], case["name"]


def test_a_code_made_on_the_phone_is_one_for_the_site(script):
    codes = script("codes.js", "({ newCode }) => Array.from({ length: 300 }, newCode)")
    assert len(set(codes)) == 300 and all(read_code(code) == code for code in codes)
    chance = random.Random(4)
    letters = ["".join(chance.choice(ALPHABET) for _each in range(10)) for _more in range(300)]
    checked = script("codes.js", "({ checkCharacter }, texts) => texts.map(checkCharacter)", letters)
    assert checked == [check_character(each) for each in letters]
