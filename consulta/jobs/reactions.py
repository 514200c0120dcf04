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
    "merge.made": ("suggest_groups",),
    "merge.part_taken_out": ("suggest_groups",),
    "merge.undone": ("suggest_groups",),
    "vectors.kept": ("suggest_groups",),
    "similar.told_apart": ("suggest_groups",),
    "similar.pulled_in": ("suggest_groups",),
    "similar.reconsidered": ("suggest_groups",),
    "similarity.tuned": ("suggest_groups",),
}


def jobs_for(event):
    """Return the names of the jobs that follow `event`, in order; most events have none."""
    return REACTIONS.get(event, ())
