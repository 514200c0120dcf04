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
    if isinstance(entry, str):
        return entry
    says_who = entry["from"] == "Mesa" or entry["from"].lower() in entry["text"].lower()
    line = entry["text"] if says_who else f"{entry['from']}: {entry['text']}"
    return f"{line} ({entry['note']})" if entry.get("note") else line


def session_notes(entry):
    """Return what else is known of a session: what it was held with, and where its list of what comes first is from."""
    return paragraphs(
        entry["notes"],
        told("Programa conjunto con ", ", ".join(entry.get("shared_with") or ())),
        told("Sobre la propuesta de priorización: ", (entry.get("prioritisation") or {}).get("note")),
    )


def result_reasons(entry):
    """Return what the source gives as reasons for what a session said of a proposal, in its own words."""
    return paragraphs(*(each["text"] for each in entry["reasons"] if each["base"] == "literal"))


def result_requests(entry):
    """Return what a session asked for when it spoke of a proposal."""
    return paragraphs(*(_by_base(each) for each in entry["requests"]))


def result_statements(entry):
    """Return what was put on record of a proposal, how its list words it, and how that is to be read."""
    worded = f"«{entry['literal']}»" if entry["literal"] and entry["outcome"] == "none" else None
    return paragraphs(
        entry.get("statements"),
        told("En la lista de resultados: ", worded),
        *(_by_base(each) for each in entry["reasons"] if each["base"] == "inferred"),
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
