"""Texts that would run a script or call elsewhere where a page forgot to escape, and every field they are put in."""

from consulta.accounts.actions import found_institution, revise_person
from consulta.agreements.actions import note_agreement
from consulta.merging.actions import annotate_merge, merge_proposals, undo_merge
from consulta.plan.actions import draft_into, publish_draft
from consulta.plan.queries import plan_of
from consulta.proposals.actions import revise_proposal, withdraw_proposal
from consulta.proposals.queries import find_proposal
from consulta.shortlist.actions import leave_out, refer_proposal, reopen_decision, shortlist_proposal
from consulta.shortlist.queries import live_decision
from consulta.tables.actions import (
    add_room_proposal,
    convene_session,
    enter_result,
    found_table,
    make_code,
    note_agenda,
    note_attendance,
    note_minutes,
    note_session,
    open_session,
    set_presence,
)
from tests.people import make_proposal, make_public

# PROBE is replaced by what the browser is watched for.
PAYLOADS = tuple(
    text.replace("PROBE", "alert(1)")
    for text in (
        "<script>PROBE</script>",
        '"><script>PROBE</script>',
        "'><svg/onload=PROBE>",
        "</textarea><img src=x onerror=PROBE>",
        "</title></option></select><body onload=PROBE>",
        '" autofocus onfocus=PROBE x="',
        "' onmouseover='PROBE",
        "<iframe srcdoc='<script>PROBE</script>'></iframe>",
        "<details open ontoggle=PROBE>x</details>",
        "<a href=javascript:PROBE>x</a>",
        "<math><mtext></mtext><mglyph><style><img src=x onerror=PROBE>",
        "<img src=//evil.example/x.png>",
        "<link rel=stylesheet href=//evil.example/x.css>",
        "<base href=//evil.example/>",
        "<meta http-equiv=refresh content='0;url=//evil.example'>",
        "<form action=//evil.example><button>x</button></form>",
        "&lt;script&gt;PROBE&lt;/script&gt;",
        "&#60;img src=x onerror=PROBE&#62;",
        "[x](javascript:PROBE)",
        "[x](JaVa&Tab;ScRiPt&colon;PROBE)",
        "![x](//evil.example/x.png)",
        "![x](x){onerror=PROBE}",
        "<javascript:PROBE>",
        "[x]: javascript:PROBE\n\n[x]",
        "`</code><script>PROBE</script>`",
        "```<script>\nPROBE\n```",
        "<!--><script>PROBE</script>-->",
        "<scr<script>ipt>PROBE</scr</script>ipt>",
        "{{constructor.constructor('PROBE')()}}",
        "{{7*7}}${7*7}<%=7*7%>",
        "\\x3cscript\\x3ePROBE\\x3c/script\\x3e",
        "＜script＞PROBE＜/script＞",
        "<svg><animate onbegin=PROBE attributeName=x dur=1s>",
        "<xss style='animation-name:x' onanimationstart=PROBE>",
        "<input type=image src=x onerror=PROBE>",
        "<video><source onerror=PROBE>",
        "<noscript><p title='</noscript><img src=x onerror=PROBE>'>",
        "<template><script>PROBE</script></template>",
        "<object data=javascript:PROBE>",
        "--></script><script>PROBE</script>",
    )
)
LINKS = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "java&#10;script:alert(1)",
    "javascript&colon;alert(1)",
    "&#106;avascript:alert(1)",
    "\x01javascript:alert(1)",
    "data:text/html;base64,PHNjcmlwdD4=",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "blob:https://a.example/x",
    "//evil.example/x",
    'https://a.example/" onmouseover="alert(1)',
    "https:javascript:alert(1)",
    "javascript://a.example/%0aalert(1)",
)


def fill(world, payloads):
    """Write `payloads` into every field that is shown, through the actions; return (actor, path) of what shows them."""
    people, consultation = world.people, world.people["consultation"]
    owner, moderator, facilitator = people["owner"], people["moderator"], people["facilitator"]
    many = "\n\n".join(payloads)[:5900]
    nasty = payloads[1]
    revise_person(owner, name=payloads[2], territory=None, by=owner)
    revise_person(moderator, name=payloads[3], territory=None, by=moderator)
    written = [make_proposal(consultation, owner, title=text[:200], body=many) for text in payloads[:12]]
    revise_proposal(written[0], title=payloads[4], body=many, theme=None, territory=None, by=owner)
    body = found_institution(payloads[5], "government", by=None)
    table = found_table(consultation, title=nasty, kind="regional", territory=people["magallanes"], by=moderator)
    session = convene_session(
        table,
        title=nasty,
        place=payloads[6],
        objective=many[:900],
        product=nasty,
        agenda=[{"starts": "15:00", "ends": None, "title": nasty, "id": "first"}],
        number=payloads[10][:20],
        date_note=nasty,
        convened_by=nasty,
        inputs=[nasty],
        venues=[nasty],
        attendance_note=nasty,
        by=moderator,
    )
    open_session(session, by=facilitator)
    row = {"sector": "government", "institution": body, "convened": False, "attended": True, "spoke": True}
    note_attendance(session, [row | {"heads": 3, "note": nasty}], by=facilitator)
    _speak(session, written[5], payloads, by=facilitator)
    room = add_room_proposal(session, title=nasty, body=many, institution=(payloads[8], "academia"), by=facilitator)
    for each in (room, written[0]):
        enter_result(session, each, outcome="modify", reasons=many[:1500], dissent=nasty, by=facilitator)
    waiting = convene_session(table, title=payloads[9], agenda=[{"id": "first", "title": nasty}], by=moderator)
    open_session(waiting, by=facilitator)
    _speak(waiting, written[3], payloads, by=facilitator)
    make_public(session, by=facilitator, second=moderator)
    merge = merge_proposals(written[0:2], title=nasty, body=many, reason=many[:1500], session=session, by=moderator)
    annotate_merge(merge, note=many[:900], by=moderator)
    undone = merge_proposals(written[2:4], title=nasty, body=many, reason=nasty, by=moderator)
    undo_merge(undone, reason=many[:1500], by=moderator)
    shortlist_proposal(merge.joint, reason=many[:1500], counterpart=body, session=session, by=moderator)
    leave_out(written[4], ground="other", reason=many[:1500], referred_to=body, by=moderator)
    refer_proposal(written[5], to=body, reason=nasty, by=moderator)
    reopen_decision(live_decision(written[5]), reason=many[:1500], by=moderator)
    withdraw_proposal(written[6], reason=many[:1500], by=owner)
    commitment = dict.fromkeys(("title", "subject", "problem", "objective", "description", "relevance"), nasty)
    commitment |= {"ambition": nasty, "institution": body, "origins": [(merge.joint, "inferred", nasty)]}
    commitment |= {"milestones": [{"title": nasty}], "notes": [nasty], "origin_note": None}
    draft_into(consultation, opening={"title": nasty, "period": nasty}, commitment=commitment, by=moderator)
    publish_draft(plan_of(consultation, to=moderator), by=moderator)
    last = plan_of(consultation, to=None).commitments[-1]
    slug, codes = consultation.slug, [each.code for each in written[:7]]
    public = [
        "/",
        f"/consultas/{slug}",
        f"/consultas/{slug}/propuestas",
        f"/consultas/{slug}/mesas",
        f"/consultas/{slug}/plan",
        f"/consultas/{slug}/preseleccion",
        f"/consultas/{slug}/preseleccion?ver=fuera",
        f"/consultas/{slug}/mesas/tablero",
        f"/consultas/{slug}/acuerdos",
        f"/sesiones/{session.id}",
        f"/sesiones/{session.id}/acta-publicada",
        f"/fusiones/{merge.id}",
        f"/fusiones/{undone.id}",
        f"/compromisos/{last.id}",
        f"/propuestas/{find_proposal(merge.joint.code, to=None).code}",
        *(f"/propuestas/{code}" for code in codes),
        *(f"/propuestas/{code}/que-paso" for code in (codes[0], codes[4], codes[5], codes[6])),
        f"/propuestas/{codes[0]}/versiones",
        "/registro",
        "/registro?suceso=merge",
    ]
    staff = [
        f"/consultas/{slug}/moderacion",
        f"/consultas/{slug}/grupos",
        f"/consultas/{slug}/fusionar?codes={codes[2]},{codes[3]}",
        f"/consultas/{slug}/plan/compromisos/nuevo",
        f"/consultas/{slug}/mesas/nueva",
        f"/propuestas/{codes[5]}/decidir",
        f"/propuestas/{codes[4]}/decidir",
    ]
    entering = ("registro", "asistencia", "acta", "resultados", "desarrollo", "cierre", "acuerdos", "entregar", "papel")
    one_by_one = ("asistencia/line", "desarrollo/first", f"resultados/{codes[3]}")
    room_pages = [f"/sesiones/{waiting.id}/{page}" for page in (*entering, *one_by_one, "codigos")]
    return [
        *(("visitor", path) for path in public),
        ("owner", "/cuenta"),
        *(("moderator", path) for path in staff),
        *(("facilitator", path) for path in room_pages),
        ("administrator", f"/administracion/consultas/{slug}/nombramientos"),
    ]


def _speak(session, proposal, payloads, *, by):
    """Write `payloads` into every field of an open session whose agenda has an item "first"."""
    nasty, many = payloads[1], "\n\n".join(payloads)[:1500]
    line = {"sector": "academia", "named": payloads[11][:160], "network": nasty, "note": nasty}
    set_presence(session, "line", **line, quality="member", excused=True, by=by)
    note_minutes(session, statements=[nasty], notes=many, by=by)
    note_agenda(session, "first", development=many, is_closed=True, closed_note=nasty, by=by)
    note_agenda(session, "second", title=nasty, development=many, by=by)
    closing = dict.fromkeys(("count_note", "attendance_note", "prepared_by", "distributed_to"), nasty)
    note_session(session, **closing, open_points=[nasty], by=by)
    agreed = {"kind": "task", "text": nasty, "owner": payloads[7], "due_note": nasty, "terms": [nasty]}
    note_agreement(session, "agreed", **agreed, by=by)
    make_code(session, label=nasty, hours=2, by=by)
    texts = ("reasons_against", "dissent", "requests", "statements", "missing_actors", "count_note")
    enter_result(session, proposal, outcome="modify", reasons=many, **dict.fromkeys(texts, nasty), by=by)
