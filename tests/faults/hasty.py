"""A site with a planted error: it thanks for a support before it is stored. Tests of durability must see that."""

import threading
import time

from consulta import web
from consulta.app import create_app
from consulta.core.extensions import db
from consulta.proposals.models import Proposal
from consulta.votes.actions import cast_vote

app = create_app()
HASTE = 0.5  # seconds between the answer and the vote


def cast_later(proposal, *, by):
    """Take the vote, store it a little later, and answer now."""
    proposal_id, person_id = proposal.id, by.id

    def cast():
        time.sleep(HASTE)
        with app.app_context():
            cast_vote(db.session.get(Proposal, proposal_id), by=db.session.get(type(by), person_id))

    threading.Thread(target=cast, daemon=True).start()
    return proposal


web.votes.cast_vote = cast_later
