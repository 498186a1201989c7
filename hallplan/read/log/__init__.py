"""Reads queue logs."""

from hallplan.read.log.read import read_log

__all__ = ["read_log"]
