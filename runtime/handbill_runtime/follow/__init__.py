"""From a signed pointer in a store to the release that this process runs."""
