"""Every reaction on one page: which jobs follow which event. A job takes the ids that its event brings."""

REACTIONS = {
    "record.written": ("seal_record",),
    "person.confirmation_asked": ("send_confirmation",),
    "person.reset_asked": ("send_reset",),
    "proposal.submitted": ("encode_wordings", "suggest_groups", "draw_map"),
    "proposal.entered": ("encode_wordings", "suggest_groups", "draw_map"),
    "proposal.revised": ("encode_wordings", "suggest_groups"),
    "proposal.withdrawn": ("suggest_groups", "draw_map"),
    "proposal.hidden": ("suggest_groups", "draw_map"),
    "proposal.unhidden": ("suggest_groups", "draw_map"),
    "merge.made": ("suggest_groups", "learn", "draw_map"),
    "merge.part_taken_out": ("suggest_groups", "learn", "draw_map"),
    "merge.undone": ("suggest_groups", "learn", "draw_map"),
    "vectors.kept": ("suggest_groups", "draw_map"),
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
