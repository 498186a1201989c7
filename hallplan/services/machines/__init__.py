"""Machines and facilities: how many, which kinds cover which items, what their logs say."""
