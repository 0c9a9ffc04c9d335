"""Pages and forms, thin: every write is an act handed to the clerk."""
