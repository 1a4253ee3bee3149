"""What a change of configuration does to customers: two releases compared as compiled plans."""
