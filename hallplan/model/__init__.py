"""What a run knows and decides, as frozen values; one module per group of words in the design."""
