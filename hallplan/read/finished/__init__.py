"""A finished hall drawn by any office -> what stands in it."""

from hallplan.read.finished.hall import read_hall

__all__ = ["read_hall"]
