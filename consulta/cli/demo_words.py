"""The many small fields of the file of 2016 as texts that people read; readings are told from the source's words."""

VALUES = {
    "access_to_information": "transparencia y acceso a la información",
    "public_accountability": "rendición de cuentas pública",
    "civic_participation": "participación cívica",
    "technology": "tecnología e innovación",
}
READING = "El acta no lo dice con esas palabras: la decisión es una lectura."
GRADES = {"consensus": "consenso", "agreement": "acuerdo", "majority": "mayoría", "divided": "dividido"}


def proposal_body(entry):
    """Return a proposal's text, with what is said of its title where the source gives none."""
    return paragraphs(entry["body"], told("Sobre el título: ", entry.get("title_note")))


def statement(entry):
    """Return one line of what a room asked for or had put on record: who, what, what was answered."""
    says_who = entry["from"] == "Mesa" or entry["from"].lower() in entry["text"].lower()
    line = entry["text"] if says_who else f"{entry['from']}: {entry['text']}"
    return f"{line} ({entry['note']})" if entry.get("note") else line


def agreement(entry, institutions):
    """Return one agreement as a session keeps it: text, owner, due."""
    owner = institutions[entry["owner"]].name if entry["owner"] else entry.get("owner_note")
    return {"text": entry["text"], "owner": owner, "due": None}


def session_notes(entry, institutions):
    """Return what else is known of a session: what it worked with, what was put first, how its list is to be read."""
    return paragraphs(
        entry["notes"],
        told("Insumos: ", " ".join(entry.get("inputs") or ())),
        told("Junto con: ", ", ".join(entry.get("shared_with") or ())),
        entry.get("attendance_note"),
        _prioritisation(entry.get("prioritisation"), institutions),
        told("Quién preparó el acta: ", (entry.get("minutes") or {}).get("prepared_by")),
    )


def result_reasons(entry):
    """Return why a session said what it said of a proposal, what it asked for, and how that is to be read."""
    return paragraphs(
        told("En la lista de resultados: ", entry["literal"] and f"«{entry['literal']}»"),
        *(_by_base(each) for each in entry["reasons"]),
        *(told("Se pide: ", _by_base(each)) for each in entry["requests"]),
        told("Nota: ", entry["note"]),
    )


def merge_note(entry):
    """Return how a merge stands, and who proposed it."""
    return paragraphs(entry["note"], told("Quién la propuso: ", entry["proposed_by"]))


def decision_reason(entry):
    """Return why something was decided, what was offered instead, and what in it is a reading."""
    return paragraphs(
        entry["reason"],
        told("En cambio: ", entry["alternative"]),
        READING if entry["base"] == "inferred" else None,
        told("Nota: ", entry["note"]),
    )


def commitment_notes(entry):
    """Return what is odd about a commitment, and those fields of its template that have no place of their own."""
    values = [VALUES[each] for each in entry.get("ogp_values") or ()]
    notes = [
        *entry["notes"],
        "Qué institución lo lleva es una lectura." if entry["institution_base"] == "inferred" else None,
        told("Apoyo que recoge el acta: ", entry["support"]),
        *(f"{GRADES[each['grade']].capitalize()}: «{each['text']}»." for each in entry["agreements"]),
        told("Unidad responsable: ", entry.get("responsible_office")),
        entry.get("responsible_note"),
        told("Otros actores: ", (entry.get("other_actors") or {}).get("note")),
        told("Valores de gobierno abierto que nombra: ", ", ".join(values)),
        *(f"{each['title']}: {each['url']} {each['note']}" for each in entry.get("links") or ()),
    ]
    return [note for note in notes if note]


def report_notes(entry):
    """Return what is odd about a progress report."""
    about = [*entry["notes"], entry["as_of_note"], entry["completion_note"], entry["reformulation"]["note"]]
    return [note for note in about if note]


def component(entry):
    """Return one part of a milestone, with its term where it has one."""
    return f"{entry['title']} ({entry['term']})" if entry["term"] else entry["title"]


def told(lead, text):
    """Return `text` after `lead`, or None where there is none."""
    return f"{lead}{text}" if text else None


def paragraphs(*texts):
    """Return those of `texts` that there are, a blank line between."""
    return "\n\n".join(text for text in texts if text)


def _by_base(entry):
    return f"Lectura: {entry['text']}" if entry["base"] == "inferred" else entry["text"]


def _prioritisation(entry, institutions):
    if entry is None:
        return None
    order = "; ".join(f"{each['rank']}) {each['title']}{told(' · ', each['note']) or ''}" for each in entry["order"])
    return f"Propuesta de priorización de {institutions[entry['by']].name}: {order}. {entry['note']}"
