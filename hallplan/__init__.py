"""hallplan plans government service halls: from a floor plan and a demand workbook to a furnished, checked layout."""

__version__ = "0.1.0"
__all__ = ["__version__"]
