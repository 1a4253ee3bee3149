"""How short and how long every text of a plan can become: abstract interpretation of its operations."""
