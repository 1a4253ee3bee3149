"""pydantic models of every document kind: the one source of the JSON Schemas and of typed access."""
