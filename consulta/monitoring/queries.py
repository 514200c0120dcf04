"""Reading how far things are: reports and milestones, and what became of a proposal. Each has a file of its own."""

from consulta.monitoring.fate import fate_of
from consulta.monitoring.progress import progress_among, progress_of, reports_on

__all__ = ["fate_of", "progress_among", "progress_of", "reports_on"]
