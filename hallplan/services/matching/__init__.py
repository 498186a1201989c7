"""Matching item names and codes through spelling variants, near neighbours kept apart."""

from hallplan.services.matching.match import Answer, Asked, Guess, Matcher

__all__ = ["Answer", "Asked", "Guess", "Matcher"]
