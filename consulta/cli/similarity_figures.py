"""The figures of `flask similarity evaluate` for people."""


def lines_of(figures):
    """Yield `figures`, as `evaluate` returns them with `file`, `encoder` and `notes`, as aligned lines."""
    encoder = figures["encoder"]
    without = f"; no meaning: {encoder['reason']}" if encoder["reason"] else ""
    yield figures["file"]
    yield f"{figures['texts']} texts, {figures['with_twin']} of them with a twin, in {figures['groups']} groups"
    yield f"encoder: {encoder['used']} ({encoder['version']}){without}"
    for note in figures["notes"]:
        yield f"note: {note}"
    yield ""
    for name, value in _table(figures):
        yield f"{name:<58}{value}".rstrip()


def _table(figures):
    groups, single, cubed, citizen = (
        figures[part] for part in ("suggested_groups", "best_threshold", "b_cubed", "citizen")
    )
    yield "hit@1", _number(figures["hit_at_1"])
    yield "hit@5", _number(figures["hit_at_5"])
    yield "MRR", _number(figures["mrr"])
    yield f"pair recall@5, of {figures['true_pairs']} pairs", _number(figures["pair_recall_at_5"])
    yield f"suggested groups: {groups['groups']} of {groups['texts']} texts, floor {groups['floor']}", ""
    yield "  pairwise precision", _number(groups["precision"])
    yield "  pairwise recall", _number(groups["recall"])
    interval = groups["f1_interval"]
    yield "  pairwise F1", _number(groups["f1"]) + (f"  ({interval[0]:.3f} to {interval[1]:.3f})" if interval else "")
    yield "  B-cubed precision", _number(cubed["precision"])
    yield "  B-cubed recall", _number(cubed["recall"])
    yield "  B-cubed F1", _number(cubed["f1"])
    yield f"best single threshold: {_number(single['threshold'])}", ""
    yield "  pairwise precision", _number(single["precision"])
    yield "  pairwise recall", _number(single["recall"])
    yield "  pairwise F1", _number(single["f1"])
    yield f"something is shown to a citizen, of {figures['twinless']} twinless (floor {citizen['floor']})", ""
    yield "  while typing the title", _share(citizen["twinless_shown_typing_title"])
    yield "  with title and body", _share(citizen["twinless_shown_with_body"])
    yield f"a twin is shown to a citizen, of {figures['with_twin']} with one", ""
    yield "  while typing the title", _share(citizen["twin_shown_typing_title"])
    yield "  with title and body", _share(citizen["twin_shown_with_body"])
    if figures["negatives"]:
        yield from _negatives(figures["negatives"])
    yield "seconds: " + ", ".join(f"{name} {value:.2f}" for name, value in figures["seconds"].items()), ""
    yield f"peak memory: {figures['peak_memory_mb']:.0f} MB", ""


def _negatives(negatives):
    yield f"negatives suggested, of {negatives['pairs']}", _share(negatives["suggested_share"])
    yield "  shown to a citizen, while typing the title", _share(negatives["shown_typing_title_share"])
    yield "  shown to a citizen, with title and body", _share(negatives["shown_with_body_share"])
    for kind, counted in negatives["kinds"].items():
        told = f"{_share(counted['suggested_share'])}, shown {_share(counted['shown_typing_title_share'])}"
        yield f"  {kind}, of {counted['pairs']}", f"{told} and {_share(counted['shown_with_body_share'])}"
    for one, other in negatives["suggested_pairs"]:
        yield f"  suggested: {one} and {other}", ""


def _number(value):
    return "nothing to measure" if value is None else f"{value:.3f}"


def _share(value):
    return "nothing to measure" if value is None else f"{100 * value:.1f} %"
