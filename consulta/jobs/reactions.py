"""Every reaction on one page: which jobs follow which event. A job takes the ids that its event brings."""

REACTIONS = {
    "record.written": ("seal_record",),
    "person.confirmation_asked": ("send_confirmation",),
    "person.reset_asked": ("send_reset",),
    "proposal.submitted": ("encode_wordings", "suggest_groups"),
    "proposal.entered": ("encode_wordings", "suggest_groups"),
    "proposal.revised": ("encode_wordings", "suggest_groups"),
    "proposal.withdrawn": ("suggest_groups",),
    "proposal.hidden": ("suggest_groups",),
    "proposal.unhidden": ("suggest_groups",),
    "merge.made": ("suggest_groups", "learn"),
    "merge.part_taken_out": ("suggest_groups", "learn"),
    "merge.undone": ("suggest_groups", "learn"),
    "vectors.kept": ("suggest_groups",),
    "similar.told_apart": ("suggest_groups", "learn"),
    "similar.pulled_in": ("suggest_groups", "learn"),
    "similar.reconsidered": ("suggest_groups", "learn"),
    "similarity.tuned": ("suggest_groups",),
    "reranker.kept": ("suggest_groups",),
    "preview.asked": ("preview_thresholds",),
}


def jobs_for(event):
    """Return the names of the jobs that follow `event`, in order; most events have none."""
    return REACTIONS.get(event, ())
