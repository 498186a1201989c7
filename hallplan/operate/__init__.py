"""Running the hall: figures of logs, openings, advice, drills (chapters 4, 6 and 10 of the guide)."""

from hallplan.operate.advice import advise, with_replay_note
from hallplan.operate.board import make_board
from hallplan.operate.figures import measure
from hallplan.operate.report import monitor_report

__all__ = ["advise", "make_board", "measure", "monitor_report", "with_replay_note"]
