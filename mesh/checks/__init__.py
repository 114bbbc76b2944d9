"""What `mesh check` and `mesh doctor` look at: named checks, a module per family. They read, and mend nothing."""
