"""What people read. Every page works without scripts and changes nothing."""
