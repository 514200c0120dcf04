"""Learn from what people decided of pairs, once there is enough of it."""

import time

from flask import current_app

from consulta.core.pulse import pulse_of
from consulta.jobs.encode_wordings import PATIENCE
from consulta.similarity.reranking import FEWEST
from consulta.suggestions.actions import keep_reranker
from consulta.suggestions.learning import encoder_to_learn_for, lesson_of, what_there_is_to_learn
from consulta.suggestions.queries import count_verdicts

# Seconds between two lessons: a few verdicts more teach little, and every lesson has all pairs judged anew. Learning
# may take this share of a processor.
REST, SHARE = 900, 0.1


def waiting():
    """One thing, where there are enough verdicts and they are not those that were learned from last."""
    if not current_app.config["RERANKER"] or min(count_verdicts()) < FEWEST:
        return []
    meaning = current_app.extensions["similarity"].meaning
    if meaning is not None:
        meaning.wait(PATIENCE)  # else a process that has just begun would learn for letters alone
    pulse = pulse_of("learn")
    return [""] if pulse is None or pulse.seen != _seen() else []


def run(_thing):
    """Learn outside of any write, and store what came of it in one."""
    seen, began = _seen(), time.thread_time()
    lesson = lesson_of(current_app.extensions["similarity"])
    if lesson is not None:
        losses = lesson.losses
        keep_reranker(
            lesson.encoder,
            weights=lesson.learned.to_json() | {"tried": losses.tried},
            pairs=lesson.pairs,
            losses=(losses.plain, losses.learned),
            learned_from=lesson.learned_from,
            by=None,
        )
    return {"seen": seen, "rest": max(REST, (time.thread_time() - began) / SHARE)}


def _seen():
    return f"{what_there_is_to_learn()} {encoder_to_learn_for(current_app.extensions['similarity'])}"[:200]
