"""Fingerprints of a session's agreements, so that a second person is told instead of overwriting."""

import hashlib
import json


def of_agreements(agreements):
    """Return the fingerprint of a session's agreements (rows, in order); "" for none."""
    return _sha256([said(each) for each in agreements]) if agreements else ""


def said(agreement):
    """Return what a session said of one agreement as plain JSON values."""
    return {
        "uid": agreement.uid,
        "kind": agreement.kind,
        "text": agreement.text,
        "terms": agreement.terms,
        "owner": agreement.owner,
        "due_on": agreement.due_on and agreement.due_on.isoformat(),
        "due_note": agreement.due_note,
        "item": agreement.item,
    }


def _sha256(value):
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
